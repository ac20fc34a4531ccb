/* sender.c -- see sender.h.
 *
 * A key lives a day and is kept one day more for what was sealed to it late; both halves are gone after that, and with
 * a restart. What can no longer be opened is given up here and sealed again by the vault, which waits for
 * confirmations. A text is tried at once, then after the waits of its kind, and given up after the last; an urgent one
 * after the third. What waits for its next try is remembered by its id alone (retries.h), what is under way has a place
 * (letters.h). Webhooks of the office's own systems go the same way. What is long goes out piece by piece, in order.
 * Who stops the sender waits for the answers to what has been handed over: it would else go out once more. */
#include "sms-gateway/sender.h"

#include <jansson.h>
#include <string.h>

#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/http/metrics.h"
#include "common/seal/envelope_open.h"
#include "common/seal/hpke.h"
#include "common/text/json.h"
#include "sms-gateway/fetch.h"
#include "sms-gateway/inbound.h"
#include "sms-gateway/letters.h"
#include "sms-gateway/pieces.h"
#include "sms-gateway/provider.h"
#include "sms-gateway/retries.h"
#include "store/door_sms.h"

enum {
    KEYS_MAX = 2,
    TAKE_MAX = 128,
    SEND_DEADLINE_MS = 20000,
    STORE_DEADLINE_MS = 10000,
    LOOK_EVERY_MS = 10000,
    LOOK_SOON_MS = 1000, /* at the earliest, for those whose time has come */
    KEY_RETRY_MS = 2000,
    HOUR_MS = 3600 * 1000,
    TRIES_URGENT = 3,
    LETTER_MAX = 128 * 1024,
    TEXT_MAX = 64 * 1024
};
static const int64_t KEY_LIFE_MS = 24LL * HOUR_MS;

/* Those of webhooks are the standard's, as far as a key lives: seventeen hours in all. */
enum { TRIES_MAX = 6 };
static const int64_t text_waits_ms[TRIES_MAX] = {5000, 30000, 120000, 600000, HOUR_MS, 6LL * HOUR_MS};
static const int64_t webhook_waits_ms[TRIES_MAX] = {5000,          300000,        1800000,
                                                    2LL * HOUR_MS, 5LL * HOUR_MS, 10LL * HOUR_MS};

struct outbox_key {
    uint8_t private_key[32], public_key[32], id[8];
    int64_t born_ms;
};

struct sender {
    struct loop *loop;
    const struct settings *settings;
    struct door_sms *door;
    struct fetch *fetch;
    struct sign_key *signer;
    struct outbox_key keys[KEYS_MAX]; /* newest first */
    size_t key_count;
    int key_published, publishing, looking, bell;
    int64_t publish_at, look_at, looked_at;
    struct letters letters;
    struct retries retries;
    uint8_t in_hand[LETTERS_MAX + RETRIES_MAX][16]; /* what the last look was told to leave where it is */
    void (*stopped)(void *arg);                     /* NULL: nobody stops it, or has been told already */
    void *stopped_arg;
    int stopping;
    int64_t stop_by;
};

static void key_draw(struct sender *sender)
{
    if (sender->key_count == KEYS_MAX)
        mem_wipe(&sender->keys[KEYS_MAX - 1], sizeof *sender->keys);
    memmove(&sender->keys[1], &sender->keys[0], sizeof *sender->keys * (KEYS_MAX - 1));
    struct outbox_key *key = &sender->keys[0];
    uint8_t hash[32];
    hpke_key_new(key->private_key, key->public_key);
    sign_sha256(key->public_key, 32, hash);
    memcpy(key->id, hash, sizeof key->id);
    key->born_ms = loop_now(sender->loop);
    if (sender->key_count < KEYS_MAX)
        sender->key_count++;
    sender->key_published = 0;
    sender->publish_at = 0;
}

static void key_was_published(void *room, uint64_t tag, enum err err)
{
    (void)tag;
    struct sender *sender = room;
    sender->publishing = 0;
    sender->key_published = err == ERR_OK;
    sender->publish_at = loop_now(sender->loop) + KEY_RETRY_MS;
    if (err != ERR_OK)
        log_warn("outbox_key_unpublished", LOG_ERR(err));
}

static void key_publish(struct sender *sender)
{
    const struct outbox_key *key = &sender->keys[0];
    uint8_t said[19 + 32], signature[64];
    memcpy(said, "recourse outbox key", 19);
    memcpy(said + 19, key->public_key, 32);
    need(sign_make(sender->signer, said, sizeof said, signature) == ERR_OK);
    sender->publishing = 1;
    door_sms_key(sender->door, key->id, key->public_key, signature, STORE_DEADLINE_MS, key_was_published, sender, 0);
}

static void letter_ended(void *room, uint64_t tag, enum err err)
{
    struct sender *sender = room;
    struct letter *letter = &sender->letters.list[tag];
    if (err != ERR_OK) {
        /* Written again at the next turn of the clock; the text itself is not sent twice. */
        letter->next_ms = loop_now(sender->loop) + KEY_RETRY_MS;
        return;
    }
    letters_free(letter);
    sender->bell = 1;
}

static void letter_end(struct sender *sender, struct letter *letter)
{
    letter->state = LETTER_ENDING;
    letter->next_ms = loop_now(sender->loop) + STORE_DEADLINE_MS * 2;
    door_sms_outbox_end(sender->door, letter->id, letter->outcome, STORE_DEADLINE_MS, letter_ended, sender,
                        (uint64_t)(letter - sender->letters.list));
}

static void letter_verdict(struct sender *sender, struct letter *letter, enum send_verdict verdict)
{
    const int64_t *waits_ms = letters_is_webhook(letter->channel) ? webhook_waits_ms : text_waits_ms;
    size_t most = letter->is_urgent ? TRIES_URGENT : TRIES_MAX;
    if (verdict == SEND_LATER && letter->tries <= most) {
        struct retry retry = {.tries = letter->tries, .sent = letter->sent};
        memcpy(retry.id, letter->id, sizeof retry.id);
        retry.next_ms = loop_now(sender->loop) + waits_ms[letter->tries - 1];
        retries_add(&sender->retries, &retry);
        letters_free(letter);
        sender->bell = 1; /* there is a place for another one */
        return;
    }
    letter->outcome = (int16_t)(verdict == SEND_LATER ? SEND_NEVER : verdict);
    metrics_add(letter->outcome == SEND_DONE ? METRIC_SENT : METRIC_UNSENT, 1);
    if (letter->outcome != SEND_DONE)
        log_warn("text_given_up", LOG_NAME("channel", letter->channel), LOG_NUM("tries", letter->tries));
    letter_end(sender, letter);
}

static void letter_send(struct sender *sender, struct letter *letter);

static void letter_answered(void *room, uint64_t tag, long status, const uint8_t *body, size_t len)
{
    struct sender *sender = room;
    struct letter *letter = &sender->letters.list[tag];
    const struct channel *channel = channels_find(&sender->settings->channels, letter->channel);
    enum send_verdict verdict = status == 0 ? SEND_LATER : channel->provider->sent(status, body, len);
    if (verdict == SEND_DONE && !letter->is_last) {
        letter->sent = letter->next;
        letter->tries = 0;
        letter_send(sender, letter);
        return;
    }
    letter_verdict(sender, letter, verdict);
}

static enum err letter_open(struct sender *sender, const struct letter *letter, struct buf *out)
{
    for (size_t i = 0; i < sender->key_count; i++)
        if (memcmp(sender->keys[i].id, letter->key_id, 8) == 0)
            return envelope_open_box(sender->keys[i].private_key, "outbox", letter->id, 16, letter->sealed.bytes,
                                     letter->sealed.len, out);
    return ERR_NOT_FOUND;
}

/* What the vault has sealed: borrowed from `json`, which the caller lets go. */
struct words {
    json_t *json;
    const char *to, *text;
    int is_taken_back; /* the person wants no more: nobody is sent anything */
};

static enum err letter_read(struct letter *letter, const struct buf *inside, struct words *out)
{
    struct json_fault fault;
    enum err err = json_read_object(inside->bytes, inside->len, &out->json, &fault);
    if (err == ERR_OK)
        err = json_text(out->json, "to", JSON_REQUIRED, MAIL_ADDRESS_MAX, &out->to, &fault);
    if (err == ERR_OK)
        err = json_text(out->json, "text", JSON_REQUIRED, TEXT_MAX, &out->text, &fault);
    if (err == ERR_OK)
        err = json_flag(out->json, "urgent", JSON_MAY_MISS, &letter->is_urgent, &fault);
    if (err == ERR_OK)
        err = json_flag(out->json, "taken_back", JSON_MAY_MISS, &out->is_taken_back, &fault);
    return err == ERR_OK && strpbrk(out->to, "\r\n") ? ERR_MALFORMED : err;
}

/* What of the text goes out now: in *piece, which is wiped when it is freed. A row that was replaced meanwhile may hold
 * less than has gone out: it is another text. */
static enum err letter_piece(struct letter *letter, const struct channel *channel, const char *text, struct buf *piece)
{
    size_t rest = strlen(text);
    if (letter->sent >= rest)
        letter->sent = 0;
    size_t len = channel->provider->to_phones ? pieces_first(text + letter->sent, &rest) : rest;
    letter->next = letter->sent + rest;
    letter->is_last = text[letter->next] == '\0';
    return buf_add(piece, text + letter->sent, len);
}

/* Open, hand to the provider, forget: the number is in memory from here to the end of this function and in curl's
 * request until it is answered. */
static void letter_send(struct sender *sender, struct letter *letter)
{
    const struct channel *channel = channels_find(&sender->settings->channels, letter->channel);
    struct buf inside = BUF_INIT(LETTER_MAX), piece = BUF_INIT(TEXT_MAX);
    struct words words = {0};
    struct send_out out;
    send_out_init(&out);
    letter->tries++;
    enum err err = channel ? letter_open(sender, letter, &inside) : ERR_NOT_FOUND;
    if (err == ERR_OK)
        err = letter_read(letter, &inside, &words);
    if (err == ERR_OK)
        err = letter_piece(letter, channel, words.text, &piece);
    if (err == ERR_OK)
        err = channel->provider->send(channel, words.to, buf_text(&piece), &out);
    if (err == ERR_OK && words.is_taken_back) {
        letter->outcome = SEND_NEVER;
        letter_end(sender, letter);
    } else if (err == ERR_OK) {
        letter->state = LETTER_SENDING;
        fetch_post(sender->fetch, &out, SEND_DEADLINE_MS, letter_answered, sender,
                   (uint64_t)(letter - sender->letters.list));
    } else {
        log_warn("text_unsendable", LOG_ERR(err), LOG_NAME("channel", letter->channel));
        letter_verdict(sender, letter, SEND_NEVER);
    }
    json_decref(words.json);
    buf_free(&inside);
    buf_free(&piece);
    send_out_wipe(&out);
}

static void sender_found(void *room, uint64_t tag, enum err err, const struct outbox_row *rows, size_t count)
{
    (void)tag;
    struct sender *sender = room;
    sender->looking = 0;
    sender->look_at = loop_now(sender->loop) + LOOK_EVERY_MS;
    for (size_t i = 0; err == ERR_OK && !sender->stopping && i < count; i++) {
        struct letter *letter = letters_place(&sender->letters, rows[i].channel);
        if (!letter || letters_find(&sender->letters, rows[i].id))
            continue;
        const struct retry before = retries_take(&sender->retries, rows[i].id);
        *letter = (struct letter){.state = LETTER_SENDING, .tries = before.tries, .sent = before.sent};
        memcpy(letter->id, rows[i].id, 16);
        memcpy(letter->key_id, rows[i].key_id, 8);
        memcpy(letter->channel, rows[i].channel, sizeof letter->channel);
        buf_init(&letter->sealed, LETTER_MAX);
        if (buf_add(&letter->sealed, rows[i].body, rows[i].body_len) == ERR_OK)
            letter_send(sender, letter);
        else
            letter_verdict(sender, letter, SEND_NEVER);
    }
}

static void sender_look(struct sender *sender, int64_t now_ms)
{
    uint8_t ids[KEYS_MAX][8];
    struct outbox_wanted wanted = {.key_ids = (const uint8_t(*)[8])ids,
                                   .count = sender->key_count,
                                   .without = (const uint8_t(*)[16])sender->in_hand,
                                   .limit = TAKE_MAX,
                                   .of_one = LETTERS_OF_ONE_MAX};
    for (size_t i = 0; i < sender->key_count; i++)
        memcpy(ids[i], sender->keys[i].id, 8);
    wanted.without_count = letters_under_way(&sender->letters, sender->in_hand);
    wanted.without_count +=
        retries_waiting(&sender->retries, now_ms, sender->in_hand + wanted.without_count, RETRIES_MAX);
    sender->looking = 1;
    sender->bell = 0;
    sender->looked_at = now_ms;
    door_sms_outbox(sender->door, &wanted, STORE_DEADLINE_MS, sender_found, sender, 0);
}

/* Written down, or the time is over. */
static void sender_winds_up(struct sender *sender, int64_t now_ms)
{
    if (!sender->stopped || (letters_under_way(&sender->letters, sender->in_hand) && now_ms < sender->stop_by))
        return;
    void (*stopped)(void *arg) = sender->stopped;
    sender->stopped = NULL;
    stopped(sender->stopped_arg);
}

static void sender_bell(void *room)
{
    ((struct sender *)room)->bell = 1;
}

static void sender_tick(void *room, int64_t now_ms)
{
    struct sender *sender = room;
    if (now_ms - sender->keys[0].born_ms > KEY_LIFE_MS)
        key_draw(sender);
    if (!sender->key_published && !sender->publishing && now_ms >= sender->publish_at)
        key_publish(sender);
    for (size_t i = 0; i < LETTERS_MAX; i++) {
        struct letter *letter = &sender->letters.list[i];
        if (letter->state == LETTER_ENDING && letter->next_ms <= now_ms)
            letter_end(sender, letter);
    }
    if (sender->stopping)
        sender_winds_up(sender, now_ms);
    else if (!sender->looking &&
             (sender->bell || now_ms >= sender->look_at ||
              (now_ms >= sender->looked_at + LOOK_SOON_MS && retries_are_due(&sender->retries, now_ms))))
        sender_look(sender, now_ms);
}

struct sender *sender_new(struct loop *loop, const struct settings *settings)
{
    struct sender *sender = mem_new(sizeof *sender);
    sender->loop = loop;
    sender->settings = settings;
    need(sign_key_new(settings->seed, &sender->signer) == ERR_OK);
    sender->fetch = fetch_new(loop);
    sender->door = door_sms_new(loop, settings->conninfo, settings->password, 1, sender_bell, sender);
    key_draw(sender);
    loop_on_tick(loop, sender_tick, sender);
    return sender;
}

void sender_stop(struct sender *sender, int grace_ms, void (*stopped)(void *arg), void *arg)
{
    if (sender->stopping)
        return;
    sender->stopping = 1;
    sender->stop_by = loop_now(sender->loop) + grace_ms;
    sender->stopped = stopped;
    sender->stopped_arg = arg;
}

static void sender_bury(void *arg)
{
    struct sender *sender = arg;
    sign_key_free(sender->signer);
    for (size_t i = 0; i < LETTERS_MAX; i++)
        letters_free(&sender->letters.list[i]);
    mem_free(sender);
}

/* What the door was asked is answered ERR_CANCELLED behind this: the sender must be there to hear it. */
void sender_free(struct sender *sender)
{
    if (!sender)
        return;
    loop_off_tick(sender->loop, sender_tick, sender);
    door_sms_free(sender->door);
    fetch_free(sender->fetch);
    loop_bury(sender->loop, sender, sender_bury);
}
