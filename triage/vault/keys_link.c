/* keys_link.c -- see keys_link.h. One struct an ask, freed when it was answered. */
#include "triage/vault/keys_link.h"

#include <string.h>

#include "common/base/frame.h"
#include "common/base/mem.h"
#include "common/base/rw.h"

enum { PAYLOAD_MAX = 64 * 1024, DEADLINE_MS = 10000, OP_STATUS = 1, OP_UNLOCK = 2, OP_SECRETS = 3, OP_UNWRAP = 4 };

struct keys_link {
    struct loop *loop;
    struct frame_client *client;
    uint32_t epoch; /* the newest, as the keys said last */
};

struct asking {
    struct keys_link *link;
    enum err at_once; /* when it could not even be asked */
    void (*read)(struct asking *asking, enum err err, struct rd *r);
    keys_done_fn *done;
    keys_secrets_fn *secrets;
    keys_unwrap_fn *unwrap;
    void *room;
    size_t count;
    char desk[17];
};

struct keys_link *keys_link_new(struct loop *loop, const char *path, uid_t keys_uid)
{
    struct keys_link *link = mem_new(sizeof *link);
    link->loop = loop;
    link->client = frame_client_new(loop, path, keys_uid, 1, PAYLOAD_MAX);
    return link;
}

void keys_link_free(struct keys_link *link)
{
    if (!link)
        return;
    frame_client_free(link->client);
    mem_free(link);
}

int keys_link_is_up(const struct keys_link *link)
{
    return frame_client_is_up(link->client);
}

/* ---- asking ---- */

static void told(void *room, uint64_t tag, enum err err, const uint8_t *payload, size_t len)
{
    static const enum err results[] = {ERR_OK, ERR_LOCKED, ERR_DENIED, ERR_MALFORMED};
    (void)tag;
    struct asking *asking = room;
    struct rd r = rd_from(payload, len);
    if (err == ERR_OK) {
        uint8_t result = rd_u8(&r);
        err = r.bad || result >= sizeof results / sizeof *results ? ERR_MALFORMED : results[result];
    }
    asking->read(asking, err, &r);
    mem_free(asking);
}

static void told_at_once(void *arg)
{
    struct asking *asking = arg;
    told(asking, 0, asking->at_once, NULL, 0);
}

/* Takes `asking`; wipes `message`. */
static void ask(struct asking *asking, struct buf *message)
{
    enum err err = frame_ask(asking->link->client, message->bytes, message->len, DEADLINE_MS, told, asking, 0);
    buf_free(message);
    if (err == ERR_OK)
        return;
    asking->at_once = err;
    loop_later(asking->link->loop, told_at_once, asking);
}

static struct asking *asking_new(struct keys_link *link, void *room)
{
    struct asking *asking = mem_new(sizeof *asking);
    asking->link = link;
    asking->room = room;
    return asking;
}

/* Sizes are counted beforehand: PAYLOAD_MAX holds the longest message. */
static void put(enum err err)
{
    need(err == ERR_OK);
}

/* ---- the operations ---- */

static void read_status(struct asking *asking, enum err err, struct rd *r)
{
    if (err == ERR_OK) {
        size_t len;
        uint8_t locked = rd_u8(r);
        const uint8_t *desk = rd_bytes(r, sizeof asking->desk, &len);
        uint32_t epoch = rd_u32(r);
        if (rd_end(r) != ERR_OK)
            err = ERR_MALFORMED;
        else if (len != strlen(asking->desk) || memcmp(desk, asking->desk, len) != 0)
            err = ERR_DENIED;
        else if (locked)
            err = ERR_LOCKED;
        if (err == ERR_OK || err == ERR_LOCKED)
            asking->link->epoch = epoch;
    }
    asking->done(asking->room, err);
}

void keys_link_status(struct keys_link *link, const char *desk, keys_done_fn *done, void *room)
{
    struct buf message = BUF_INIT(PAYLOAD_MAX);
    struct asking *asking = asking_new(link, room);
    asking->read = read_status;
    asking->done = done;
    memcpy(asking->desk, desk, strnlen(desk, sizeof asking->desk - 1));
    put(wr_u8(&message, OP_STATUS));
    ask(asking, &message);
}

uint32_t keys_link_epoch(const struct keys_link *link)
{
    return link->epoch;
}

static void read_done(struct asking *asking, enum err err, struct rd *r)
{
    if (err == ERR_OK)
        err = rd_end(r);
    asking->done(asking->room, err);
}

void keys_link_unlock(struct keys_link *link, const char *passphrase, size_t len, keys_done_fn *done, void *room)
{
    struct buf message = BUF_INIT(PAYLOAD_MAX);
    struct asking *asking = asking_new(link, room);
    asking->read = read_done;
    asking->done = done;
    put(wr_u8(&message, OP_UNLOCK));
    put(wr_bytes(&message, passphrase, len));
    ask(asking, &message);
}

static void read_secrets(struct asking *asking, enum err err, struct rd *r)
{
    struct keys_secrets s = {0};
    if (err == ERR_OK) {
        rd_raw(r, s.state_seed, sizeof s.state_seed);
        rd_raw(r, s.record_key, sizeof s.record_key);
        rd_raw(r, s.register_key, sizeof s.register_key);
        s.has_checkpoint = rd_u8(r);
        rd_raw(r, s.checkpoint_seed, sizeof s.checkpoint_seed);
        err = rd_end(r);
    }
    asking->secrets(asking->room, err, err == ERR_OK ? &s : NULL);
    mem_wipe(&s, sizeof s);
}

void keys_link_secrets(struct keys_link *link, keys_secrets_fn *done, void *room)
{
    struct buf message = BUF_INIT(PAYLOAD_MAX);
    struct asking *asking = asking_new(link, room);
    asking->read = read_secrets;
    asking->secrets = done;
    put(wr_u8(&message, OP_SECRETS));
    ask(asking, &message);
}

static void read_unwrap(struct asking *asking, enum err err, struct rd *r)
{
    uint8_t keys[KEYS_LINK_UNWRAP_MAX][32], ok[KEYS_LINK_UNWRAP_MAX];
    if (err == ERR_OK && rd_u16(r) != asking->count)
        err = ERR_MALFORMED;
    for (size_t i = 0; err == ERR_OK && i < asking->count; i++) {
        ok[i] = rd_u8(r);
        rd_raw(r, keys[i], sizeof keys[i]);
    }
    if (err == ERR_OK)
        err = rd_end(r);
    if (err == ERR_OK)
        asking->unwrap(asking->room, ERR_OK, (const uint8_t(*)[32])keys, ok, asking->count);
    else
        asking->unwrap(asking->room, err, NULL, NULL, 0);
    mem_wipe(keys, sizeof keys);
}

void keys_link_unwrap(struct keys_link *link, uint32_t office, const struct envelope_wrap *wraps, size_t count,
                      keys_unwrap_fn *done, void *room)
{
    struct buf message = BUF_INIT(PAYLOAD_MAX);
    struct asking *asking = asking_new(link, room);
    need(count <= KEYS_LINK_UNWRAP_MAX);
    asking->read = read_unwrap;
    asking->unwrap = done;
    asking->count = count;
    put(wr_u8(&message, OP_UNWRAP));
    put(wr_u32(&message, office));
    put(wr_u16(&message, (uint16_t)count));
    for (size_t i = 0; i < count; i++) {
        put(buf_add(&message, wraps[i].case_id, sizeof wraps[i].case_id));
        put(wr_u8(&message, wraps[i].root));
        put(wr_u64(&message, wraps[i].generation));
        put(wr_u32(&message, wraps[i].epoch));
        put(buf_add(&message, wraps[i].commitment, sizeof wraps[i].commitment));
        put(wr_bytes(&message, wraps[i].wrap, wraps[i].wrap_len));
    }
    ask(asking, &message);
}
