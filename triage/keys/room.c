/* room.c -- see room.h. A table of operations; each reads its part of the message and writes its answer.
 *
 * A wrong passphrase is answered a second late, and the connection can wait for one such answer only, so guessing goes
 * at one try a second whatever the other side does. */
#include "triage/keys/room.h"

#include <string.h>

#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/base/rw.h"
#include "common/seal/envelope_open.h"
#include "triage/keys/keyfile.h"

enum { WRONG_COSTS_MS = 1000 };

struct keys_room {
    struct loop *loop;
    struct frame_server *server;
    struct buf file; /* empty once opened */
    struct keyfile keys;
    int is_open;
    char desk[17];
    uint32_t office;
    int has_secrets; /* the peer of now */
    struct {
        uint64_t peer;
        uint32_t request;
        int64_t at; /* 0: none waits */
    } late;
};

/* ---- the key file ---- */

static enum err room_unlock(struct keys_room *room, const char *passphrase, size_t len)
{
    enum err err = keyfile_open(room->file.bytes, room->file.len, passphrase, len, &room->keys);
    if (err != ERR_OK)
        return err;
    if (room->keys.office != room->office || strcmp(room->keys.desk, room->desk) != 0)
        err_die("The key file belongs to another desk or office.");
    room->is_open = 1;
    buf_free(&room->file);
    return ERR_OK;
}

struct keys_room *keys_room_new(struct loop *loop, const char *desk, uint32_t office, struct buf *file)
{
    struct keys_room *room = mem_new(sizeof *room);
    room->loop = loop;
    room->office = office;
    room->file = *file;
    buf_init(file, 0);
    memcpy(room->desk, desk, strnlen(desk, sizeof room->desk - 1));
    if (keyfile_is_locked(room->file.bytes, room->file.len))
        return room;
    enum err err = room_unlock(room, NULL, 0);
    if (err != ERR_OK)
        err_die("The key file %s.", err_says(err));
    log_warn("demonstration_mode", LOG_NAME("desk", desk), LOG_WORD("cause", "key_file_without_passphrase"));
    return room;
}

int keys_room_is_locked(const struct keys_room *room)
{
    return !room->is_open;
}

/* ---- operations ---- */

typedef enum keys_result keys_op_fn(struct keys_room *room, int *has_secrets, struct rd *r, struct buf *out);

/* The answer's room was counted beforehand: KEYS_PAYLOAD_MAX holds the longest. */
static void put(enum err err)
{
    need(err == ERR_OK);
}

static enum keys_result op_status(struct keys_room *room, int *has_secrets, struct rd *r, struct buf *out)
{
    (void)has_secrets;
    if (rd_end(r) != ERR_OK)
        return KEYS_MALFORMED;
    put(wr_u8(out, (uint8_t)!room->is_open));
    put(wr_bytes(out, room->desk, strlen(room->desk)));
    put(wr_u32(out, room->is_open ? room->keys.epochs[0].epoch : 0));
    return KEYS_OK;
}

static enum keys_result op_unlock(struct keys_room *room, int *has_secrets, struct rd *r, struct buf *out)
{
    (void)has_secrets;
    (void)out;
    size_t len;
    const uint8_t *passphrase = rd_bytes(r, KEYFILE_PASSPHRASE_MAX, &len);
    if (rd_end(r) != ERR_OK)
        return KEYS_MALFORMED;
    if (room->is_open)
        return KEYS_OK;
    if (room_unlock(room, (const char *)passphrase, len) != ERR_OK)
        return KEYS_DENIED;
    log_info("keys_unlocked", LOG_NAME("desk", room->desk));
    return KEYS_OK;
}

static enum keys_result op_secrets(struct keys_room *room, int *has_secrets, struct rd *r, struct buf *out)
{
    if (rd_end(r) != ERR_OK)
        return KEYS_MALFORMED;
    if (!room->is_open)
        return KEYS_LOCKED;
    if (*has_secrets)
        return KEYS_DENIED;
    *has_secrets = 1;
    const struct keyfile *k = &room->keys;
    put(buf_add(out, k->state_seed, sizeof k->state_seed));
    put(buf_add(out, k->record_key, sizeof k->record_key));
    put(buf_add(out, k->register_key, sizeof k->register_key));
    put(wr_u8(out, (uint8_t)(k->has_checkpoint != 0)));
    put(buf_add(out, k->checkpoint_seed, sizeof k->checkpoint_seed));
    return KEYS_OK;
}

/* Reads one wrap; `key` is zeroes unless it opened. */
static int unwrap_one(const struct keys_room *room, uint32_t office, struct rd *r, struct envelope_agreed *agreed,
                      uint8_t key[static 32])
{
    struct envelope_wrap wrap = {.recipient_kind = RECIPIENT_DESK};
    struct envelope_desk desk = {.office = office};
    memset(key, 0, 32);
    rd_raw(r, wrap.case_id, sizeof wrap.case_id);
    wrap.root = rd_u8(r);
    wrap.generation = rd_u64(r);
    wrap.epoch = rd_u32(r);
    rd_raw(r, wrap.commitment, sizeof wrap.commitment);
    const uint8_t *bytes = rd_bytes(r, sizeof wrap.wrap, &wrap.wrap_len);
    if (r->bad)
        return 0;
    memcpy(wrap.wrap, bytes, wrap.wrap_len);
    memcpy(wrap.recipient_id, room->desk, strlen(room->desk));
    memcpy(desk.code, room->desk, sizeof desk.code);
    desk.epoch = wrap.epoch;
    const uint8_t *private_key = keyfile_epoch(&room->keys, wrap.epoch);
    return private_key && envelope_open_next_wrap(agreed, &desk, private_key, &wrap, key) == ERR_OK;
}

static enum keys_result op_unwrap(struct keys_room *room, int *has_secrets, struct rd *r, struct buf *out)
{
    (void)has_secrets;
    if (!room->is_open)
        return KEYS_LOCKED;
    uint32_t office = rd_u32(r);
    uint16_t count = rd_u16(r);
    if (r->bad || count > KEYS_UNWRAP_MAX)
        return KEYS_MALFORMED;
    if (office != room->office)
        return KEYS_DENIED;
    put(wr_u16(out, count));
    struct envelope_agreed agreed = {0};
    for (uint16_t i = 0; i < count; i++) {
        uint8_t key[32];
        int ok = unwrap_one(room, office, r, &agreed, key);
        put(wr_u8(out, (uint8_t)ok));
        put(buf_add(out, key, sizeof key));
        mem_wipe(key, sizeof key);
    }
    envelope_agreed_wipe(&agreed);
    return rd_end(r) == ERR_OK ? KEYS_OK : KEYS_MALFORMED;
}

static keys_op_fn *const ops[] = {
    [KEYS_STATUS] = op_status,
    [KEYS_UNLOCK] = op_unlock,
    [KEYS_SECRETS] = op_secrets,
    [KEYS_UNWRAP] = op_unwrap,
};

void keys_room_answer(struct keys_room *room, int *has_secrets, const uint8_t *asked, size_t len, struct buf *out)
{
    struct rd r = rd_from(asked, len);
    uint8_t op = rd_u8(&r);
    put(wr_u8(out, KEYS_OK));
    keys_op_fn *fn = op < sizeof ops / sizeof *ops ? ops[op] : NULL;
    enum keys_result result = fn ? fn(room, has_secrets, &r, out) : KEYS_MALFORMED;
    if (result != KEYS_OK)
        buf_cut(out, 1);
    out->bytes[0] = (uint8_t)result;
}

/* ---- frames ---- */

static void room_send(struct keys_room *room, uint64_t peer, uint32_t request, const void *payload, size_t len)
{
    /* A peer that is gone, or reads nothing, wants no answer. */
    if (frame_answer(room->server, peer, request, payload, len) != ERR_OK)
        log_warn("keys_answer_lost");
}

static void room_asked(void *arg, uint64_t peer, uint32_t request, uid_t uid, const uint8_t *payload, size_t len)
{
    (void)uid;
    struct keys_room *room = arg;
    struct buf out = BUF_INIT(KEYS_PAYLOAD_MAX);
    if (len > 0 && payload[0] == KEYS_UNLOCK && room->late.at) {
        const uint8_t denied = KEYS_DENIED;
        room_send(room, peer, request, &denied, 1);
        return;
    }
    keys_room_answer(room, &room->has_secrets, payload, len, &out);
    if (payload && len > 0 && payload[0] == KEYS_UNLOCK && out.bytes[0] == KEYS_DENIED) {
        log_warn("keys_wrong_passphrase", LOG_NAME("desk", room->desk));
        room->late.peer = peer;
        room->late.request = request;
        room->late.at = loop_now(room->loop) + WRONG_COSTS_MS;
    } else {
        room_send(room, peer, request, out.bytes, out.len);
    }
    buf_free(&out);
}

static void room_gone(void *arg, uint64_t peer)
{
    (void)peer;
    struct keys_room *room = arg;
    room->has_secrets = 0;
}

static void room_tick(void *arg, int64_t now)
{
    struct keys_room *room = arg;
    if (!room->late.at || now < room->late.at)
        return;
    const uint8_t denied = KEYS_DENIED;
    room->late.at = 0;
    room_send(room, room->late.peer, room->late.request, &denied, 1);
}

enum err keys_room_open(struct keys_room *room, const struct frame_listen *listen)
{
    enum err err = frame_server_new(room->loop, listen, room_asked, room_gone, room, &room->server);
    if (err == ERR_OK)
        loop_on_tick(room->loop, room_tick, room);
    return err;
}

void keys_room_free(struct keys_room *room)
{
    if (!room)
        return;
    loop_off_tick(room->loop, room_tick, room);
    if (room->server)
        frame_server_free(room->server);
    buf_free(&room->file);
    keyfile_wipe(&room->keys);
    mem_free(room);
}
