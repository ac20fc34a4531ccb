/* outbox.c -- see outbox.h. Waiting texts: state "outbox" [{"id","text","key"}]; `key` is the id of the gateway key it
 * was last sealed to, "" when there was none yet. */
#include "triage/vault/outbox.h"

#include <string.h>

#include "common/base/clock.h"
#include "common/base/code.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/base/rng.h"
#include "common/text/mustache.h"
#include "triage/vault/audit.h"
#include "triage/vault/case_state.h"
#include "triage/vault/endings.h"
#include "triage/vault/participants.h"
#include "triage/vault/texting.h"

enum { LOOK_MS = 5000, BODY_MAX = 64 * 1024, TEXT_MAX = 4096, RESEAL_MAX = 50 };

static const char key_name[] = "recourse outbox key";

struct outbox {
    struct vault *vault;
    int has_key, is_asking;
    uint8_t key_id[8], key[32];
    int64_t look_at;
    int is_resealing;
    uint32_t *cases;          /* numbers of the cases with texts under way */
    size_t count, room, next; /* next: where resealing goes on */
    uint64_t rebuilds;        /* of the book that `cases` speaks of */
    struct endings *endings;
};

int outbox_key(const struct outbox *o, uint8_t key_id[static 8], uint8_t key[static 32])
{
    if (!o->has_key)
        return 0;
    memcpy(key_id, o->key_id, sizeof o->key_id);
    memcpy(key, o->key, sizeof o->key);
    return 1;
}

/* ---- whose texts are under way ---- */

/* Those before `next` have been sealed again: they stay before it. */
static void take_out(struct outbox *o, uint32_t number)
{
    size_t at = 0;
    while (o->cases[at] != number)
        at++;
    if (at < o->next) {
        o->cases[at] = o->cases[--o->next];
        at = o->next;
    }
    o->cases[at] = o->cases[--o->count];
}

void outbox_know(struct outbox *o, const json_t *state, struct case_file *file)
{
    if (o->rebuilds != o->vault->rebuilds) { /* another book with other numbers */
        o->rebuilds = o->vault->rebuilds;
        o->count = o->next = 0;
        o->is_resealing = o->has_key;
    }
    int has_texts = json_array_size(json_object_get(state, "outbox")) > 0;
    if (file->has_texts == has_texts)
        return;
    file->has_texts = has_texts;
    if (!has_texts) {
        take_out(o, file->number);
        return;
    }
    if (o->count == o->room) {
        o->room = o->room ? o->room * 2 : 64;
        o->cases = mem_grow(o->cases, o->room * sizeof *o->cases);
    }
    o->cases[o->count++] = file->number;
}

/* ---- sealing ---- */

/* `mark`: "urgent", the gateway gives up soon, because we say it again; "taken_back", it sends nothing; or NULL. */
static enum err seal(const struct outbox *o, const uint8_t id[static 16], const char *to, const char *channel,
                     const char *text, const char *mark, struct buf *out)
{
    json_t *json = json_pack("{s:s,s:s,s:s}", "to", to, "text", text, "from_channel", channel);
    need(json != NULL && (!mark || json_object_set_new(json, mark, json_true()) == 0));
    char *inside = json_dumps(json, JSON_COMPACT);
    need(inside != NULL);
    enum err err = envelope_box(o->key, "outbox", id, 16, inside, strlen(inside), out);
    mem_free(inside);
    json_decref(json);
    return err;
}

/* Write the row of one waiting text into the change, if there is a key to seal it to. */
static void send_one(struct case_change *cc, json_t *waiting, const char *mark)
{
    const struct outbox *o = cc->vault->outbox;
    const json_t *sms = json_object_get(cc->state, "sms");
    uint8_t id[16];
    char key_text[CODE_HEX_SIZE(8)];
    struct buf body = BUF_INIT(BODY_MAX);
    const char *id_text = state_text(waiting, "id");
    if (!o->has_key)
        return;
    need(code_unid(id_text, strlen(id_text), id) == ERR_OK);
    need(seal(o, id, state_text(sms, "from"), state_text(sms, "channel"), mark ? "-" : state_text(waiting, "text"),
              mark, &body) == ERR_OK);
    code_hex(o->key_id, sizeof o->key_id, key_text);
    state_set_text(waiting, "key", key_text);
    change_outbox(cc->change, id, state_text(sms, "channel"), o->key_id, &body);
}

void outbox_text(struct case_change *cc, const char *text)
{
    uint8_t id[16];
    char id_text[CODE_ID_SIZE];
    if (!texting_may_send(cc->state) || participant_is_ended(cc->state))
        return;
    rng_bytes(id, sizeof id);
    code_id(id, id_text);
    json_t *waiting = json_pack("{s:s,s:s,s:s}", "id", id_text, "text", text, "key", "");
    need(waiting != NULL);
    json_array_append_new(state_list(cc->state, "outbox"), waiting);
    send_one(cc, waiting, NULL);
}

int outbox_can_send(const struct outbox *o)
{
    return o->has_key;
}

void outbox_page(const struct outbox *o, struct change *change, const uint8_t id[static 16], const char *to,
                 const char *channel, const char *text)
{
    struct buf body = BUF_INIT(BODY_MAX);
    need(o->has_key && seal(o, id, to, channel, text, "urgent", &body) == ERR_OK);
    change_outbox(change, id, channel, o->key_id, &body);
}

void outbox_take_back(struct case_change *cc)
{
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(cc->state, "outbox"), i, one) if (*state_text(one, "key"))
        send_one(cc, one, "taken_back");
    json_object_del(cc->state, "outbox");
}

const char *outbox_sentence(const struct vault *vault, const char *language, const char *english)
{
    return vault->texts ? catalogue_text(vault->texts, language, english) : english;
}

void outbox_receipt(struct case_change *cc)
{
    static const char *const says = T("Your receipt for the web page: {{receipt}}. Keep it secret: whoever has it "
                                      "can read the answers.");
    struct vault *vault = cc->vault;
    const uint8_t *thread = book_key(cc->file, ROOT_THREAD, 1);
    struct receipt receipt;
    struct envelope_wrap wrap;
    uint8_t handle[32], key[32];
    char digits[RECEIPT_TEXT];
    struct buf text = BUF_INIT(TEXT_MAX);
    if (vault->peppers.count == 0 || !thread || participant_is_ended(cc->state))
        return;
    receipt_new(&receipt);
    receipt_text(&receipt, digits);
    receipt_derive(&receipt, &vault->peppers.list[0], handle, key);
    json_t *values = json_pack("{s:s}", "receipt", digits);
    if (envelope_wrap_receipt(vault_office(vault), key, handle, vault->peppers.list[0].epoch, cc->file->id, ROOT_THREAD,
                              1, thread, &wrap) == ERR_OK &&
        mustache_fill(outbox_sentence(vault, state_text(cc->state, "language"), says), values, &text) == ERR_OK) {
        change_wrap(cc->change, &wrap);
        outbox_text(cc, buf_text(&text));
        state_history(cc->state, "", "The person asked by text for a web receipt");
    }
    json_decref(values);
    buf_free(&text);
    receipt_wipe(&receipt);
    mem_wipe(digits, sizeof digits);
    mem_wipe(key, sizeof key);
}

/* ---- what became of texts ---- */

struct case_file *outbox_case_of(const struct outbox *o, const char *id)
{
    for (size_t i = 0; i < o->count; i++) {
        struct case_file *file = book_at(o->vault->book, o->cases[i]);
        if (file && file->state && strstr(file->state, id))
            return file;
    }
    return NULL;
}

static void ends_read(void *room, uint64_t tag, enum err err, const struct outbox_end *ends, size_t count)
{
    (void)tag;
    struct outbox *o = room;
    o->is_asking = 0;
    endings_take(o->endings, ends, err == ERR_OK ? count : 0);
}

/* ---- the gateway's key ---- */

static void resealed(void *room, enum err err)
{
    (void)room;
    (void)err;
}

/* Seal again what was sealed to another key, or to none. */
static void reseal_case(struct outbox *o, struct case_file *file, const char *key_text)
{
    struct case_change *cc = case_change_begin(o->vault, file, NULL);
    int again = 0;
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(cc->state, "outbox"), i, one)
    {
        if (strcmp(state_text(one, "key"), key_text) == 0)
            continue;
        send_one(cc, one, NULL);
        again = 1;
    }
    if (again) {
        audit_leaf(o->vault, cc->change, "", "sms.sealed_again", file->id, NULL);
        case_change_submit(cc, resealed, NULL);
    } else {
        case_change_drop(cc);
    }
}

/* A few cases a tick. */
static void reseal_some(struct outbox *o)
{
    char key_text[CODE_HEX_SIZE(8)];
    code_hex(o->key_id, sizeof o->key_id, key_text);
    for (unsigned looked = 0; looked < RESEAL_MAX && o->next < o->count; looked++) {
        struct case_file *file = book_at(o->vault->book, o->cases[o->next]);
        if (file->writing)
            return; /* the next tick goes on with it */
        o->next++;
        reseal_case(o, file, key_text);
    }
    o->is_resealing = o->next < o->count;
}

static void key_read(void *room, uint64_t tag, enum err err, const uint8_t *key_id, const uint8_t *public_key,
                     const uint8_t *signature)
{
    (void)tag;
    struct outbox *o = room;
    const uint8_t *gateway;
    uint8_t bytes[sizeof key_name - 1 + 32];
    o->is_asking = 0;
    if (err != ERR_OK || (o->has_key && memcmp(o->key_id, key_id, sizeof o->key_id) == 0))
        return;
    memcpy(bytes, key_name, sizeof key_name - 1);
    memcpy(bytes + sizeof key_name - 1, public_key, 32);
    if (manifest_key(&o->vault->manifest, "gateway", "sms", &gateway) != ERR_OK ||
        sign_check(gateway, bytes, sizeof bytes, signature) != ERR_OK) {
        log_warn("gateway_key_refused");
        return;
    }
    memcpy(o->key_id, key_id, sizeof o->key_id);
    memcpy(o->key, public_key, sizeof o->key);
    o->has_key = 1;
    o->next = 0;
    o->is_resealing = 1;
}

static void ends_then_key(struct outbox *o)
{
    if (o->is_asking || o->vault->phase != PHASE_OPEN)
        return;
    o->look_at = loop_now(o->vault->loop) + LOOK_MS;
    o->is_asking = 1;
    door_vault_outbox_ends(o->vault->door, VAULT_DEADLINE_MS, ends_read, o, 0);
    door_vault_gateway_key(o->vault->door, VAULT_DEADLINE_MS, key_read, o, 0);
}

void outbox_bell(struct outbox *o)
{
    ends_then_key(o);
}

static void tick(void *room, int64_t now)
{
    struct outbox *o = room;
    if (o->is_resealing && o->vault->phase == PHASE_OPEN && o->rebuilds == o->vault->rebuilds)
        reseal_some(o);
    if (now >= o->look_at)
        ends_then_key(o);
}

struct outbox *outbox_new(struct vault *vault)
{
    struct outbox *o = mem_new(sizeof *o);
    o->vault = vault;
    o->endings = endings_new(vault);
    loop_on_tick(vault->loop, tick, o);
    return o;
}

void outbox_free(struct outbox *o)
{
    if (!o)
        return;
    loop_off_tick(o->vault->loop, tick, o);
    endings_free(o->endings);
    mem_free(o->cases);
    mem_free(o);
}
