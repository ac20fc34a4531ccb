/* hooks.c -- see hooks.h. */
#include "triage/vault/hooks.h"

#include <stdio.h>
#include <string.h>

#include "common/base/code.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/base/rng.h"
#include "triage/vault/audit.h"
#include "triage/vault/case_state.h"
#include "triage/vault/life.h"
#include "triage/vault/outbox.h"

enum {
    NAME_SIZE = 17,
    CHANNEL_SIZE = NAME_SIZE + 8,
    TEXT_SIZE = 256,
    AT_ONCE = 50, /* sealed in one change */
    BODY_MAX = 4096,
    OPAQUE = 16
};

static const struct {
    const char *name;
    unsigned bit;
} events[] = {{"case.arrived", 1}, {"case.state_changed", 2}};
enum { EVENTS = sizeof events / sizeof *events };
static const char lost_event[] = "desk.events_lost"; /* whoever is told anything is told this */

struct hook {
    char name[NAME_SIZE];
    unsigned events;
    int is_ours, has_lost;
};

/* Waits until the gateway has sent it, or given it up. */
struct pending {
    uint8_t id[16], key_id[8]; /* zeroes: sealed to none yet */
    uint8_t hook, is_lost_event, is_in_flight;
    char text[TEXT_SIZE];
};

struct hooks {
    const char *desk;
    struct hook list[HOOKS_MAX];
    size_t count;
    struct pending *pending; /* oldest first */
    size_t pending_count;
    int is_writing;
};

/* ---- settings ---- */

/* One of the words of `text`, which are separated by spaces. */
static int has_word(const char *text, const char *word)
{
    size_t len = strlen(word);
    for (const char *at = text; (at = strstr(at, word)); at += len)
        if ((at == text || at[-1] == ' ') && (at[len] == ' ' || !at[len]))
            return 1;
    return 0;
}

static const char *read_events(struct hook *hook, const char *value)
{
    size_t known = 0;
    for (size_t i = 0; i < EVENTS; i++)
        if (has_word(value, events[i].name)) {
            hook->events |= events[i].bit;
            known += strlen(events[i].name);
        }
    size_t said = 0;
    for (const char *at = value; *at; at++)
        said += *at != ' ';
    return known == said && known > 0 ? NULL : "must be case.arrived, case.state_changed or both";
}

static const char *set(void *room, const char *name, const char *key, const char *value)
{
    struct hooks *h = room;
    size_t i = 0;
    while (i < h->count && strcmp(h->list[i].name, name) != 0)
        i++;
    if (i == HOOKS_MAX || strlen(name) >= NAME_SIZE)
        return "is one webhook too many, or its name is longer than 16 bytes";
    if (i == h->count)
        snprintf(h->list[h->count++].name, NAME_SIZE, "%s", name);
    if (strcmp(key, "desks") == 0) {
        h->list[i].is_ours = has_word(value, h->desk);
        return NULL;
    }
    return strcmp(key, "events") == 0 ? read_events(&h->list[i], value) : NULL;
}

enum err hooks_load(const char *path, const char *desk, struct hooks **out, char says[static 256])
{
    struct hooks *h = mem_new(sizeof *h);
    h->desk = desk;
    size_t ours = 0;
    enum err err = conf_each(path, "webhook", set, h, says);
    for (size_t i = 0; err == ERR_OK && i < h->count; i++)
        if (h->list[i].is_ours)
            h->list[ours++] = h->list[i];
    h->count = ours;
    *out = NULL;
    if (err != ERR_OK || ours == 0) {
        mem_free(h);
        return err;
    }
    h->pending = mem_new_array(HOOKS_PENDING_MAX, sizeof *h->pending);
    *out = h;
    return ERR_OK;
}

/* ---- what waits ---- */

static void pending_remove(struct hooks *h, size_t at)
{
    memmove(&h->pending[at], &h->pending[at + 1], (--h->pending_count - at) * sizeof *h->pending);
}

/* The oldest gives way, and its receiver is told that something was lost as soon as it listens again. */
static struct pending *pending_add(struct hooks *h, size_t hook)
{
    if (h->pending_count == HOOKS_PENDING_MAX) {
        h->list[h->pending[0].hook].has_lost = 1;
        pending_remove(h, 0);
    }
    struct pending *p = &h->pending[h->pending_count++];
    *p = (struct pending){.hook = (uint8_t)hook};
    rng_bytes(p->id, sizeof p->id);
    return p;
}

static void add_lost(struct hooks *h, size_t hook)
{
    for (size_t i = 0; i < h->pending_count; i++)
        if (h->pending[i].hook == hook && h->pending[i].is_lost_event)
            return;
    struct pending *p = pending_add(h, hook);
    p->is_lost_event = 1;
    snprintf(p->text, sizeof p->text, "{\"type\":\"%s\",\"data\":{\"desk\":\"%s\"}}", lost_event, h->desk);
}

/* The same case has the same name in all events of one webhook, and another in every other: it leads nowhere. */
static void opaque_name(const struct vault *vault, const struct hook *hook, const uint8_t case_id[static 16],
                        char out[static CODE_HEX_SIZE(OPAQUE)])
{
    static const char label[] = "recourse webhook case";
    uint8_t bytes[sizeof label + NAME_SIZE + 16] = {0}, mac[32];
    memcpy(bytes, label, sizeof label);
    memcpy(bytes + sizeof label, hook->name, strlen(hook->name));
    memcpy(bytes + sizeof label + NAME_SIZE, case_id, 16);
    sign_hmac(vault->record_key, sizeof vault->record_key, bytes, sizeof bytes, mac);
    code_hex(mac, OPAQUE, out);
}

static void tell(struct vault *vault, const struct case_file *file, size_t event, enum life life)
{
    struct hooks *h = vault->hooks;
    char name[CODE_HEX_SIZE(OPAQUE)];
    for (size_t i = 0; i < h->count; i++) {
        if (!(h->list[i].events & events[event].bit))
            continue;
        opaque_name(vault, &h->list[i], file->id, name);
        struct pending *p = pending_add(h, i);
        int len = snprintf(p->text, sizeof p->text,
                           "{\"type\":\"%s\",\"data\":{\"case\":\"%s\",\"desk\":\"%s\",\"state\":\"%s\"}}",
                           events[event].name, name, h->desk, life_name(life));
        need(len > 0 && (size_t)len < sizeof p->text);
    }
}

void hooks_case(struct vault *vault, const struct case_file *file, const json_t *state)
{
    if (!vault->hooks || json_is_true(json_object_get(state, "synthetic")))
        return;
    enum life now = life_now(state);
    if (file->version == 0) {
        tell(vault, file, 0, now);
        return;
    }
    json_t *before = state_draft(file);
    if (life_now(before) != now)
        tell(vault, file, 1, now);
    json_decref(before);
}

void hooks_opened(struct vault *vault)
{
    for (size_t i = 0; vault->hooks && i < vault->hooks->count; i++)
        add_lost(vault->hooks, i);
}

int hooks_ended(struct vault *vault, const uint8_t id[static 16], int sent)
{
    struct hooks *h = vault->hooks;
    size_t at = 0;
    while (h && at < h->pending_count && memcmp(h->pending[at].id, id, 16) != 0)
        at++;
    if (!h || at == h->pending_count)
        return 0;
    size_t which = h->pending[at].hook;
    struct hook *hook = &h->list[which];
    pending_remove(h, at);
    if (!sent) {
        hook->has_lost = 1;
        audit_alone(vault, "", "webhook.not_sent", NULL, json_pack("{s:s}", "webhook", hook->name), NULL, NULL);
    } else if (hook->has_lost) {
        hook->has_lost = 0;
        add_lost(h, which);
    }
    return 1;
}

/* ---- into the outbox ---- */

static void written(void *room, enum err err)
{
    struct vault *vault = room;
    struct hooks *h = vault->hooks;
    h->is_writing = 0;
    for (size_t i = 0; i < h->pending_count; i++) {
        struct pending *p = &h->pending[i];
        if (p->is_in_flight && err != ERR_OK)
            memset(p->key_id, 0, sizeof p->key_id); /* once more */
        p->is_in_flight = 0;
    }
}

static enum err seal(const struct pending *p, const uint8_t key[static 32], struct buf *out)
{
    char id[CODE_HEX_SIZE(16)];
    code_hex(p->id, sizeof p->id, id);
    json_t *json = json_pack("{s:o,s:s}", "to", json_sprintf("msg_%s", id), "text", p->text);
    need(json != NULL);
    char *inside = json_dumps(json, JSON_COMPACT);
    need(inside != NULL);
    enum err err = envelope_box(key, "outbox", p->id, sizeof p->id, inside, strlen(inside), out);
    mem_free(inside);
    json_decref(json);
    return err;
}

/* What is sealed to no key, or to one that is no longer the gateway's. */
static void tick(void *room, int64_t now_ms)
{
    (void)now_ms;
    struct vault *vault = room;
    struct hooks *h = vault->hooks;
    uint8_t key_id[8], key[32];
    struct change *change = NULL;
    json_int_t count = 0;
    if (vault->phase != PHASE_OPEN || h->is_writing || !outbox_key(vault->outbox, key_id, key))
        return;
    for (size_t i = 0; i < h->pending_count && count < AT_ONCE; i++) {
        struct pending *p = &h->pending[i];
        char channel[CHANNEL_SIZE];
        struct buf body = BUF_INIT(BODY_MAX);
        if (memcmp(p->key_id, key_id, sizeof key_id) == 0)
            continue;
        need(seal(p, key, &body) == ERR_OK);
        snprintf(channel, sizeof channel, "webhook:%s", h->list[p->hook].name);
        if (!change)
            change = change_new(vault);
        change_outbox(change, p->id, channel, key_id, &body);
        memcpy(p->key_id, key_id, sizeof key_id);
        p->is_in_flight = 1;
        count++;
    }
    if (!change)
        return;
    h->is_writing = 1;
    audit_leaf(vault, change, "", "webhook.queued", NULL, json_pack("{s:I}", "count", count));
    change_submit(change, written, vault);
}

void hooks_start(struct vault *vault)
{
    if (vault->hooks)
        loop_on_tick(vault->loop, tick, vault);
}

void hooks_free(struct vault *vault)
{
    struct hooks *h = vault->hooks;
    if (!h)
        return;
    loop_off_tick(vault->loop, tick, vault);
    mem_free(h->pending);
    mem_free(h);
    vault->hooks = NULL;
}
