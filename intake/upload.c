/* upload.c -- see upload.h.
 *
 * One thing is asked of the store at a time: look, begin, a piece. What is known of the file (how much of it has come)
 * lies sealed in its head, which is written with each piece in one transaction; so whoever goes on with it, on whatever
 * worker, begins where the last stored piece ends. */
#include "intake/upload.h"

#include <string.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "intake/limits.h"

/* A piece that is under way, another one that is whole, and what comes before the sender hears of it. */
enum { TAKE_MOST = 64 * 1024, GATHER = 2 * PIECE_TEXT + TAKE_MOST };

enum upload_state {
    UPLOAD_LOOKING, /* for its head */
    UPLOAD_BEGINNING,
    UPLOAD_OPEN,
    UPLOAD_STORING, /* a piece is on its way */
    UPLOAD_BROKEN,  /* nothing more is taken */
};

struct upload {
    struct intake *intake;
    upload_step_fn *step; /* NULL: the sender has left */
    void *room;
    enum upload_state state;
    uint8_t id[PIECE_ID], key[PIECE_KEY];
    struct file_head head;
    int64_t stored;   /* bytes of the file */
    uint64_t padding; /* that still has to follow the end */
    uint32_t pieces;
    int may_begin, is_whole;
    int wants_flush, wants_end; /* asked for, not done yet */
    int is_ending;              /* size and padding are known, the end is being written */
    int owes_step;              /* the sender waits */
    int pump_asked, is_dead;    /* who is dead while a pump is asked for goes with it */
    enum err broke;             /* why nothing more is taken */
    struct buf gathered;
    size_t on_the_way; /* of `gathered`, in the piece that is being stored */
    int was_last;
};

static void upload_pump(struct upload *upload);

static void upload_free(struct upload *upload)
{
    if (!upload->is_dead)
        upload->intake->files--;
    upload->is_dead = 1;
    if (upload->pump_asked)
        return;
    buf_free(&upload->gathered);
    mem_free(upload);
}

static void pump_asked(void *arg)
{
    struct upload *upload = arg;
    upload->pump_asked = 0;
    if (upload->is_dead)
        upload_free(upload);
    else
        upload_pump(upload);
}

static void upload_ask_pump(struct upload *upload)
{
    if (!upload->pump_asked)
        loop_later(upload->intake->loop, pump_asked, upload);
    upload->pump_asked = 1;
}

/* The last thing that is done with it: the sender may let it go. */
static void upload_step(struct upload *upload, enum err err)
{
    upload->owes_step = upload->wants_flush = upload->wants_end = 0;
    upload->step(upload->room, err);
}

/* The sender hears of it in a turn of its own, or, when it has left, the hold ends. */
static void upload_break(struct upload *upload, enum err err)
{
    upload->state = UPLOAD_BROKEN;
    upload->broke = err;
    upload->owes_step = 1;
    (void)intake_store_is_away(err);
    upload_ask_pump(upload);
}

/* ---- the head ---- */

static struct piece_place place_of(const struct upload *upload, uint32_t n, int is_last)
{
    struct piece_place place = {.office = (uint32_t)upload->intake->settings->office, .n = n, .is_last = is_last};
    memcpy(place.file, upload->id, PIECE_ID);
    return place;
}

static enum err head_seal(const struct upload *upload, int64_t got, struct buf *out)
{
    struct file_head head = upload->head;
    head.got = got;
    return file_head_seal(upload->key, upload->id, (uint32_t)upload->intake->settings->office, &head, out);
}

static enum err head_open(struct upload *upload, const struct upload_found *found)
{
    enum err err = file_head_open(upload->key, upload->id, (uint32_t)upload->intake->settings->office, found->head,
                                  found->head_len, &upload->head);
    if (err == ERR_OK) {
        upload->stored = upload->head.got;
        upload->pieces = (uint32_t)found->pieces;
        upload->is_whole = found->is_whole;
    }
    return err;
}

/* ---- pieces ---- */

static void piece_stored(void *room, uint64_t tag, enum err err)
{
    struct upload *upload = room;
    (void)tag;
    if (err != ERR_OK) {
        upload_break(upload, err);
        return;
    }
    upload->state = UPLOAD_OPEN;
    upload->pieces++;
    upload->stored += (int64_t)upload->on_the_way;
    buf_drop(&upload->gathered, upload->on_the_way);
    upload->on_the_way = 0;
    upload->is_whole = upload->was_last;
    upload_pump(upload);
}

/* The next `len` gathered bytes, with `padding` zeroes behind them. */
static void piece_send(struct upload *upload, size_t len, size_t padding, int is_last)
{
    struct buf body = BUF_INIT(PIECE_SEALED_MAX), head = BUF_INIT(4096);
    struct piece_place place = place_of(upload, upload->pieces, is_last);
    enum err err = piece_seal(upload->key, &place, buf_text(&upload->gathered), len, len + padding, &body);
    if (err == ERR_OK)
        err = head_seal(upload, upload->stored + (int64_t)len, &head);
    if (err == ERR_OK) {
        upload->state = UPLOAD_STORING;
        upload->on_the_way = len;
        upload->was_last = is_last;
        struct upload_piece piece = {.id = upload->id,
                                     .n = (int32_t)upload->pieces,
                                     .body = &body,
                                     .head = &head,
                                     .is_whole = is_last,
                                     .slot = clock_slot(clock_wall(), 3600)};
        door_intake_upload_piece(upload->intake->store, &piece, LIMIT_STORE_MS, piece_stored, upload, 0);
    }
    buf_free(&body);
    buf_free(&head);
    if (err != ERR_OK)
        upload_break(upload, err);
}

/* What is left of the file, and zeroes behind it in as many pieces as they need; the last one is marked. */
static void end_send(struct upload *upload)
{
    size_t len = upload->gathered.len, room = PIECE_TEXT - len;
    if (!upload->is_ending) {
        upload->head.size = upload->stored + (int64_t)len;
        upload->padding = piece_padding((uint64_t)upload->head.size);
        upload->is_ending = 1;
    }
    size_t padding = upload->padding < room ? (size_t)upload->padding : room;
    upload->padding -= padding;
    piece_send(upload, len, padding, upload->padding == 0);
}

/* A piece goes off when it is full, or when there will be no more for now. 0: there is nothing to do. */
static int upload_send(struct upload *upload)
{
    size_t len = upload->gathered.len;
    if (upload->is_whole)
        return 0;
    if (len > PIECE_TEXT || (len == PIECE_TEXT && !upload->wants_end))
        piece_send(upload, PIECE_TEXT, 0, 0);
    else if (upload->wants_end)
        end_send(upload);
    else if (upload->wants_flush && len)
        piece_send(upload, len, 0, 0);
    else
        return 0;
    return 1;
}

static int upload_has_room(const struct upload *upload)
{
    return upload->gathered.len - upload->on_the_way < PIECE_TEXT;
}

static void upload_pump(struct upload *upload)
{
    int is_idle = upload->state == UPLOAD_BROKEN || (upload->state == UPLOAD_OPEN && !upload_send(upload));
    int waits_for_all = upload->wants_flush && upload->state != UPLOAD_BROKEN;
    if (is_idle && !upload->step)
        upload_free(upload);
    else if (upload->step && upload->owes_step && (is_idle || (!waits_for_all && upload_has_room(upload))))
        upload_step(upload, upload->broke);
}

/* ---- opening ---- */

static void upload_opened(struct upload *upload)
{
    upload->state = UPLOAD_OPEN;
    if (!upload->step) { /* nobody has said where that belongs which came */
        upload_free(upload);
        return;
    }
    upload->owes_step = 1;
    /* Everything came, and whoever stored it did not get as far as the mark of the end. */
    if (!upload->is_whole && upload->head.size >= 0 && upload->stored >= upload->head.size) {
        buf_clear(&upload->gathered);
        upload->wants_flush = upload->wants_end = 1;
    }
    upload_pump(upload);
}

static void upload_look(struct upload *upload);

static void upload_began(void *room, uint64_t tag, enum err err)
{
    struct upload *upload = room;
    (void)tag;
    if (err == ERR_CONFLICT) { /* another copy of this request was quicker */
        upload->may_begin = 0;
        upload_look(upload);
    } else if (err == ERR_OK) {
        upload_opened(upload);
    } else {
        upload_break(upload, err);
    }
}

static void upload_begin(struct upload *upload)
{
    struct buf head = BUF_INIT(4096);
    enum err err = head_seal(upload, 0, &head);
    upload->state = UPLOAD_BEGINNING;
    if (err == ERR_OK)
        door_intake_upload_begin(upload->intake->store, upload->id, (uint32_t)upload->intake->settings->office,
                                 clock_slot(clock_wall(), 3600), &head, LIMIT_STORE_MS, upload_began, upload, 0);
    else
        upload_break(upload, err);
    buf_free(&head);
}

static void upload_looked(void *room, uint64_t tag, enum err err, const struct upload_found *found)
{
    struct upload *upload = room;
    int64_t size = upload->head.size;
    (void)tag;
    if (err == ERR_NOT_FOUND && upload->may_begin && upload->step) {
        upload_begin(upload);
        return;
    }
    if (err == ERR_OK)
        err = head_open(upload, found);
    if (err == ERR_OK && upload->may_begin && size != upload->head.size)
        err = ERR_CONFLICT;
    if (err == ERR_OK)
        upload_opened(upload);
    else
        upload_break(upload, err);
}

static void upload_look(struct upload *upload)
{
    upload->state = UPLOAD_LOOKING;
    door_intake_upload(upload->intake->store, upload->id, LIMIT_STORE_MS, upload_looked, upload, 0);
}

struct upload *upload_open(struct intake *intake, const char *key, const struct upload_about *about,
                           upload_step_fn *step, void *room)
{
    if (intake->files >= LIMIT_FILES_AT_ONCE)
        return NULL;
    intake->files++;
    struct upload *upload = mem_new(sizeof *upload);
    *upload =
        (struct upload){.intake = intake, .step = step, .room = room, .head.size = -1, .may_begin = about != NULL};
    buf_init(&upload->gathered, GATHER);
    piece_id(intake->once_secret, key, strlen(key), upload->id);
    piece_key(key, strlen(key), upload->key);
    if (about) {
        upload->head.size = about->size;
        file_head_text(about->name, about->name_len, upload->head.name, sizeof upload->head.name);
        file_head_text(about->type, about->type_len, upload->head.type, sizeof upload->head.type);
    }
    upload_look(upload);
    return upload;
}

/* ---- for the sender ---- */

int64_t upload_size(const struct upload *upload)
{
    return upload->head.size;
}

int64_t upload_got(const struct upload *upload)
{
    return upload->stored + (int64_t)upload->gathered.len;
}

int64_t upload_stored(const struct upload *upload)
{
    return upload->stored;
}

int upload_is_whole(const struct upload *upload)
{
    return upload->is_whole;
}

void upload_name(const struct upload *upload, char out[static UPLOAD_NAME])
{
    memcpy(out, upload->head.name, UPLOAD_NAME);
}

const uint8_t *upload_id(const struct upload *upload)
{
    return upload->id;
}

int upload_take(struct upload *upload, const uint8_t *bytes, size_t len)
{
    if (upload->state == UPLOAD_BROKEN)
        return 1;
    need(len <= TAKE_MOST && buf_add(&upload->gathered, bytes, len) == ERR_OK);
    if (upload->state == UPLOAD_OPEN)
        (void)upload_send(upload);
    upload->owes_step |= !upload_has_room(upload);
    return !upload_has_room(upload);
}

void upload_flush(struct upload *upload, int is_end)
{
    upload->wants_flush = upload->owes_step = 1;
    upload->wants_end |= is_end;
    upload_ask_pump(upload);
}

void upload_leave(struct upload *upload, int keeps)
{
    upload->step = NULL;
    upload->wants_flush = keeps;
    if (!keeps)
        buf_cut(&upload->gathered, upload->on_the_way);
    upload_ask_pump(upload);
}
