/* sequencer_child.c -- see sequencer.h. State: waiting for the seed, loading what is placed, then placing and signing.
 *
 * Its tree is rebuilt from the database at every start; what was placed before must hash to what stands there, or the
 * log says so and nothing more is signed. */
#include "triage/vault/sequencer_child.h"

#include <event2/event.h>
#include <fcntl.h>
#include <libgen.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/file.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/base/sandbox.h"
#include "common/seal/hpke.h"
#include "common/seal/note.h"
#include "triage/vault/sequencer.h"

enum { PAGE = 1000, DEADLINE_MS = 10000, PLACE_MS = 1000, SIGN_MS = 60000, NOTE_MAX = 4096, PATH_MAX_BYTES = 4096 };

enum stage { STAGE_WAITING, STAGE_LOADING, STAGE_READY, STAGE_STOPPED };

struct child {
    const struct settings *settings;
    struct loop *loop;
    struct door_audit *door;
    struct event *event;
    int fd;
    uint8_t seed[32];
    size_t seed_len;
    struct sign_key *key;
    enum stage stage;
    struct merkle tree;
    int is_busy;
    int64_t place_at, sign_at;
    uint8_t ids[PAGE][16], hashes[PAGE][MERKLE_HASH];
    size_t count;
};

/* ---- loading ---- */

static void load(struct child *c);

static void placed_read(void *room, uint64_t tag, enum err err, const struct audit_leaf *leaves, size_t count)
{
    (void)tag;
    struct child *c = room;
    c->is_busy = 0;
    for (size_t i = 0; err == ERR_OK && i < count; i++) {
        uint8_t hash[MERKLE_HASH];
        sequencer_leaf_hash(&leaves[i], hash);
        if (memcmp(hash, leaves[i].leaf_hash, sizeof hash) != 0 || leaves[i].seq != (int64_t)c->tree.size + 1) {
            log_error("audit_log_changed");
            c->stage = STAGE_STOPPED;
            return;
        }
        merkle_add(&c->tree, hash);
    }
    if (err == ERR_OK && count < PAGE)
        c->stage = STAGE_READY;
    else if (err == ERR_OK)
        load(c);
    else
        c->place_at = loop_now(c->loop) + PLACE_MS;
}

static void load(struct child *c)
{
    c->is_busy = 1;
    door_audit_placed(c->door, (int64_t)c->tree.size + 1, PAGE, DEADLINE_MS, placed_read, c, 0);
}

/* ---- placing ---- */

static void leaves_placed(void *room, uint64_t tag, enum err err)
{
    (void)tag;
    struct child *c = room;
    c->is_busy = 0;
    if (err == ERR_OK) {
        for (size_t i = 0; i < c->count; i++)
            merkle_add(&c->tree, c->hashes[i]);
        if (c->count == PAGE)
            c->place_at = 0;
        return;
    }
    /* Whether it was kept or somebody else was faster: what stands in the database is the truth. */
    merkle_init(&c->tree);
    c->stage = STAGE_LOADING;
}

static void pending_read(void *room, uint64_t tag, enum err err, const struct audit_leaf *leaves, size_t count)
{
    (void)tag;
    struct child *c = room;
    c->is_busy = 0;
    if (err != ERR_OK || count == 0)
        return;
    c->count = count < PAGE ? count : PAGE;
    for (size_t i = 0; i < c->count; i++) {
        memcpy(c->ids[i], leaves[i].leaf_id, 16);
        sequencer_leaf_hash(&leaves[i], c->hashes[i]);
    }
    c->is_busy = 1;
    door_audit_place(c->door, (int64_t)c->tree.size + 1, (const uint8_t(*)[16])c->ids, (const uint8_t(*)[32])c->hashes,
                     c->count, DEADLINE_MS, leaves_placed, c, 0);
}

/* ---- signing ---- */

static void write_files(const struct child *c, const struct buf *note)
{
    char folder[PATH_MAX_BYTES], log[PATH_MAX_BYTES];
    const char *path = c->settings->checkpoint;
    if (!*path)
        return;
    if (file_write_public(path, note->bytes, note->len) != ERR_OK)
        log_error("checkpoint_not_written");
    snprintf(folder, sizeof folder, "%s", path);
    if ((size_t)snprintf(log, sizeof log, "%s/checkpoints.log", dirname(folder)) >= sizeof log)
        return;
    int fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (fd < 0 || write(fd, note->bytes, note->len) != (ssize_t)note->len || write(fd, "\n", 1) != 1)
        log_error("checkpoint_not_logged");
    if (fd >= 0)
        close(fd);
}

static void checkpoint_kept(void *room, uint64_t tag, enum err err)
{
    (void)tag;
    struct child *c = room;
    c->is_busy = 0;
    if (err != ERR_OK)
        log_warn("checkpoint_not_kept", LOG_ERR(err));
}

static void sign_checkpoint(struct child *c)
{
    struct buf text = BUF_INIT(NOTE_MAX), note = BUF_INIT(NOTE_MAX);
    if (sequencer_checkpoint_text(c->settings->origin, &c->tree, clock_wall(), &text) == ERR_OK &&
        note_sign(c->settings->origin, c->key, buf_text(&text), &note) == ERR_OK) {
        write_files(c, &note);
        c->is_busy = 1;
        door_audit_checkpoint(c->door, (int64_t)c->tree.size, buf_text(&note), DEADLINE_MS, checkpoint_kept, c, 0);
    } else {
        log_error("checkpoint_not_signed");
    }
    buf_free(&text);
    buf_free(&note);
}

/* ---- its life ---- */

static void tick(void *room, int64_t now)
{
    struct child *c = room;
    if (c->is_busy)
        return;
    if (c->stage == STAGE_LOADING && now >= c->place_at) {
        load(c);
    } else if (c->stage == STAGE_READY && now >= c->sign_at) {
        c->sign_at = now + SIGN_MS;
        sign_checkpoint(c);
    } else if (c->stage == STAGE_READY && now >= c->place_at) {
        c->place_at = now + PLACE_MS;
        c->is_busy = 1;
        door_audit_pending(c->door, PAGE, DEADLINE_MS, pending_read, c, 0);
    }
}

static void parent_said(evutil_socket_t fd, short what, void *arg)
{
    (void)what;
    struct child *c = arg;
    uint8_t more[32];
    ssize_t got = read(fd, c->seed_len < 32 ? c->seed + c->seed_len : more, 32 - c->seed_len % 32);
    if (got <= 0) {
        loop_stop(c->loop);
        return;
    }
    if (c->stage != STAGE_WAITING || (c->seed_len += (size_t)got) < 32)
        return;
    need(sign_key_new(c->seed, &c->key) == ERR_OK);
    mem_wipe(c->seed, sizeof c->seed);
    merkle_init(&c->tree);
    c->stage = STAGE_LOADING;
}

static void ignore(void *room, int signal_number)
{
    (void)room;
    (void)signal_number; /* the parent ends us by closing its end, after its own last leaves */
}

static void shut_doors(const struct settings *settings)
{
    char checkpoints[PATH_MAX_BYTES], passwords[PATH_MAX_BYTES];
    snprintf(checkpoints, sizeof checkpoints, "%s", settings->checkpoint);
    snprintf(passwords, sizeof passwords, "%s", settings->audit_password);
    const char *writes[] = {*settings->checkpoint ? dirname(checkpoints) : NULL, NULL};
    const char *reads[] = {*settings->audit_password ? dirname(passwords) : NULL, NULL};
    struct sandbox plan = {.calls = SANDBOX_CALLS_SEQUENCER,
                           .lock_memory = 1,
                           .read_paths = reads,
                           .write_paths = writes,
                           .room = "sequencer"};
    sandbox_enter(&plan, *settings->user ? settings->user : NULL);
}

int sequencer_child(const struct settings *settings, int fd)
{
    struct child *c = mem_new(sizeof *c);
    log_open("sequencer", LOG_INFO);
    hpke_start();
    c->settings = settings;
    c->fd = fd;
    c->loop = loop_new();
    loop_on_signal(c->loop, SIGTERM, ignore, c);
    loop_on_signal(c->loop, SIGINT, ignore, c);
    loop_on_signal(c->loop, SIGHUP, ignore, c);
    c->door =
        door_audit_new(c->loop, settings->audit_conninfo, *settings->audit_password ? settings->audit_password : NULL);
    c->event = event_new(loop_base(c->loop), fd, EV_READ | EV_PERSIST, parent_said, c);
    need(c->event && event_add(c->event, NULL) == 0);
    loop_on_tick(c->loop, tick, c);
    shut_doors(settings);
    loop_run(c->loop);

    loop_off_tick(c->loop, tick, c);
    event_free(c->event);
    door_audit_free(c->door);
    sign_key_free(c->key);
    loop_free(c->loop);
    close(fd);
    mem_free(c);
    return 0;
}
