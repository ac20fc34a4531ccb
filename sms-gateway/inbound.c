/* inbound.c -- see inbound.h. The number lives from the webhook's first byte to the answer's last: in the request, in
 * the JSON that is sealed, and in the slot that waits for COMMIT so that the acknowledgement can be given. */
#include "sms-gateway/inbound.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/http/metrics.h"
#include "common/seal/sign.h"
#include "common/text/mustache.h"
#include "common/text/smswords.h"
#include "common/text/utf8.h"
#include "sms-gateway/acknowledged.h"
#include "sms-gateway/provider.h"
#include "sms-gateway/seen_key.h"
#include "sms-gateway/text_seal.h"
#include "store/row_counter.h"

enum {
    STORE_DEADLINE_MS = 10000,
    REPLY_MAX = 1024,
    BEAT_MS = 60000,
    ROTATE_MS = 3600 * 1000,
    SEEN_DAYS = 30,
    DAY_S = 86400
};

const struct metric_row inbound_metrics[METRIC_INBOUND_COUNT] = {
    [METRIC_TEXTS] = {"recourse_texts_stored_total", "counter", "Texts sealed and stored."},
    [METRIC_REPEATED] = {"recourse_texts_repeated_total", "counter", "Deliveries recognised as repeats."},
    [METRIC_REFUSED] = {"recourse_texts_refused_total", "counter", "Webhooks without a valid secret or form."},
    [METRIC_UNSTORED] = {"recourse_texts_unstored_total", "counter", "Texts answered 503: the provider tries again."},
    [METRIC_SENT] = {"recourse_texts_sent_total", "counter", "Texts that a provider took."},
    [METRIC_UNSENT] = {"recourse_texts_unsent_total", "counter", "Texts given up."},
    [METRIC_SPOOLED] = {"recourse_sms_spooled_total", "counter",
                        "Texts kept on this machine's disk because the database was away."},
    [METRIC_SPOOL_FULL] = {"recourse_sms_spool_full_total", "counter",
                           "Texts refused because the spool had no room for them."},
    [METRIC_SPOOL_FAULTS] = {"recourse_sms_spool_faults_total", "counter",
                             "Spool files broken, damaged or kept aside."},
    [METRIC_SPOOL_BYTES] = {"recourse_sms_spool_bytes", "gauge", "Bytes that wait on disk for the database."},
    [METRIC_SPOOL_ROWS] = {"recourse_sms_spool_rows", "gauge", "Texts that wait on disk for the database."},
    [METRIC_SPOOL_AGE] = {"recourse_sms_spool_age_seconds", "gauge_max",
                          "How long something has waited on disk for the database."},
};

/* What is remembered while PostgreSQL works. */
struct waiting {
    struct http_server *server;
    uint64_t request;
    const struct channel *channel;
    char from[SMS_NUMBER_MAX + 1];
    enum sms_word word;
    struct inbound *inbound;
    struct row_counter_number number;
};

struct inbound {
    struct loop *loop;
    const struct settings *settings;
    struct door_sms *door;
    struct sign_key *signer;
    struct row_counter counter;
    struct spool *spool;
    struct spool_stats counted; /* what the metrics have been told of it */
    void (*broken)(void *room);
    void *room;
    int64_t beat_at, rotate_at;
    int rotates;
};

/* ---- the spool ---- */

static void spool_changed(void *room)
{
    struct inbound *inbound = room;
    struct spool_stats now, *was = &inbound->counted;
    spool_stats(inbound->spool, &now);
    metrics_set(METRIC_SPOOL_BYTES, (int64_t)now.bytes);
    metrics_set(METRIC_SPOOL_ROWS, (int64_t)now.rows);
    metrics_set(METRIC_SPOOL_AGE, now.age_ms / 1000);
    metrics_add(METRIC_SPOOLED, (int64_t)(now.put - was->put));
    metrics_add(METRIC_SPOOL_FULL, (int64_t)(now.full - was->full));
    metrics_add(METRIC_SPOOL_FAULTS, (int64_t)(now.faults - was->faults));
    *was = now;
}

static void row_drained(void *room, const struct envelope_place *place, enum err err, enum append_outcome outcome)
{
    struct inbound *inbound = room;
    struct row_counter_number number = {place->incarnation, place->n};
    row_counter_end(&inbound->counter, &number, row_counter_fate_of(err, outcome));
}

static void spool_broken(void *room)
{
    struct inbound *inbound = room;
    log_error("worker_begins_again", LOG_WORD("cause", "spool"));
    inbound->broken(inbound->room);
}

static void spool_begin(struct inbound *inbound)
{
    spool_changed(inbound);
    door_sms_spool(inbound->door, &(struct append_spool){.spool = inbound->spool,
                                                         .drained = row_drained,
                                                         .changed = spool_changed,
                                                         .broken = spool_broken,
                                                         .room = inbound});
}

/* ---- once a minute ---- */

/* The signed count of rows, and the purge of deduplication tags older than 30 days. */
static void inbound_tick(void *room, int64_t now_ms)
{
    struct inbound *inbound = room;
    if (inbound->spool)
        spool_changed(inbound);
    if (inbound->rotates && now_ms >= inbound->rotate_at) {
        inbound->rotate_at = now_ms + ROTATE_MS;
        enum err err = seen_key_rotate(inbound->settings->seen_path, clock_wall());
        if (err != ERR_OK)
            log_error("seen_key_unrotated", LOG_ERR(err));
    }
    if (now_ms < inbound->beat_at)
        return;
    inbound->beat_at = now_ms + BEAT_MS;
    const struct row_counter *counter = &inbound->counter;
    uint32_t version = inbound->settings->manifest.version;
    uint8_t signature[SIGN_SIZE];
    if (row_counter_sign(counter, DOOR_SMS, version, inbound->signer, signature) != ERR_OK) {
        log_error("count_unsigned");
        return;
    }
    int64_t wall = clock_wall();
    door_sms_beat(inbound->door, counter->incarnation, counter->all_stored, signature, version,
                  clock_slot(wall - SEEN_DAYS * DAY_S, DAY_S), clock_slot(wall, DAY_S));
}

struct inbound *inbound_new(struct loop *loop, const struct settings *settings, struct door_sms *door,
                            struct spool *spool, int rotates, void (*broken)(void *room), void *room)
{
    struct inbound *inbound = mem_new(sizeof *inbound);
    *inbound = (struct inbound){.loop = loop,
                                .settings = settings,
                                .door = door,
                                .spool = spool,
                                .broken = broken,
                                .room = room,
                                .rotates = rotates};
    row_counter_start(&inbound->counter);
    need(sign_key_new(settings->seed, &inbound->signer) == ERR_OK);
    inbound->beat_at = loop_now(loop) + BEAT_MS;
    loop_on_tick(loop, inbound_tick, inbound);
    if (spool)
        spool_begin(inbound);
    return inbound;
}

void inbound_free(struct inbound *inbound)
{
    if (!inbound)
        return;
    loop_off_tick(inbound->loop, inbound_tick, inbound);
    sign_key_free(inbound->signer);
    mem_free(inbound);
}

static struct webhook webhook_of(struct http_req *req, const char *suffix)
{
    const struct buf *body = http_req_body(req);
    return (struct webhook){
        .query = http_req_query(req),
        .suffix = suffix,
        .content_type = http_req_header(req, "Content-Type"),
        .authorization = http_req_header(req, "Authorization"),
        .signature = http_req_header(req, "X-Twilio-Signature"),
        .header_from = http_req_header(req, "X-Kannel-From"),
        .header_to = http_req_header(req, "X-Kannel-To"),
        .header_charset = http_req_header(req, "X-Kannel-Charset"),
        .body = body->bytes,
        .body_len = body->len,
        .is_get = http_req_method(req) == HTTP_GET,
    };
}

/* "Received", one neutral line of local emergency help, and how to stop: nothing about what it is. */
static void reply_write(struct inbound *inbound, const struct channel *channel, struct buf *out)
{
    const struct settings *settings = inbound->settings;
    const char *emergency = settings_emergency(settings, channel->language);
    const char *text =
        emergency[0]
            ? catalogue_text(settings->catalogues, channel->language,
                             /* TRANSLATORS: The first answer to a text message. Says nothing of its subject: phones are
 shared. Best within 160 characters, 70 where the GSM alphabet is not enough */
                             T("Your message has arrived. In danger now? {{emergency}} Reply STOP for no more texts."))
            : catalogue_text(settings->catalogues, channel->language,
                             T("Your message has arrived. Reply STOP for no more texts."));
    json_t *values = json_pack("{s:s}", "emergency", emergency);
    need(values != NULL);
    if (mustache_fill(text, values, out) != ERR_OK)
        buf_clear(out);
    json_decref(values);
}

static void answer(struct http_req *req, const struct channel *channel, const char *reply)
{
    struct buf body = BUF_INIT(REPLY_MAX * 4);
    const char *coding = NULL;
    const char *type = channel->provider->answer(reply, &body, &coding);
    if (coding)
        http_set(req, "X-Kannel-Coding", coding);
    http_answer(req, 200, type, body.bytes, body.len);
    buf_free(&body);
}

static void inbound_stored(void *room, uint64_t tag, enum err err, enum append_outcome outcome)
{
    (void)tag;
    struct waiting *waiting = room;
    struct http_req *req = http_find(waiting->server, waiting->request);
    struct buf reply = BUF_INIT(REPLY_MAX);
    row_counter_end(&waiting->inbound->counter, &waiting->number, row_counter_fate_of(err, outcome));
    if (err != ERR_OK) {
        metrics_add(METRIC_UNSTORED, 1);
        log_warn("text_unstored", LOG_ERR(err));
        if (req)
            http_busy(req, 10);
    } else {
        metrics_add(outcome == APPEND_ALREADY ? METRIC_REPEATED : METRIC_TEXTS, 1);
        if (req) {
            int acknowledge =
                waiting->word != SMS_WORD_STOP &&
                acknowledged_first(waiting->channel->name, waiting->from, loop_now(waiting->inbound->loop));
            if (acknowledge)
                reply_write(waiting->inbound, waiting->channel, &reply);
            answer(req, waiting->channel, reply.len ? buf_text(&reply) : NULL);
        }
    }
    buf_free(&reply);
    mem_free(waiting);
}

/* Refusals carry no body: Kannel would text an error page to the person. */
static void refuse(struct http_req *req, unsigned status)
{
    metrics_add(METRIC_REFUSED, 1);
    http_answer(req, status, "text/plain; charset=UTF-8", "", 0);
}

/* A NUL cannot stand in JSON as we read it; a phone that sends one means nothing by it. */
static void without_nul(struct buf *text)
{
    for (size_t i = 0; i < text->len; i++)
        if (text->bytes[i] == 0)
            text->bytes[i] = ' ';
}

/* To the database, or to the disk; the provider is answered when it is there. */
static void store(struct inbound *inbound, struct http_req *req, const struct channel *channel,
                  const struct text_in *in, struct append_unit *unit)
{
    struct waiting *waiting = mem_new(sizeof *waiting);
    *waiting = (struct waiting){.server = http_req_server(req),
                                .request = http_req_id(req),
                                .channel = channel,
                                .word = sms_word_of(buf_text(&in->text), in->text.len),
                                .inbound = inbound,
                                .number = {unit->place.incarnation, unit->place.n}};
    memcpy(waiting->from, in->from, sizeof waiting->from);
    door_sms_append(inbound->door, unit, STORE_DEADLINE_MS, inbound_stored, waiting, 0);
}

void inbound_text(struct http_req *req, void *room)
{
    struct inbound *inbound = room;
    const struct channel *channel = channels_find(&inbound->settings->channels, http_req_param(req, 0));
    if (!channel) {
        refuse(req, 404);
        return;
    }
    struct webhook hook = webhook_of(req, "");
    if (channel->provider->verify(channel, &hook) != ERR_OK) {
        refuse(req, 403);
        return;
    }
    struct text_in in;
    struct append_unit unit = {0};
    text_in_init(&in);
    enum err err = channel->provider->read(channel, &hook, &in);
    if (err == ERR_NOT_FOUND) {
        answer(req, channel, NULL);
        goto out;
    }
    if (err != ERR_OK || !utf8_valid(in.text.bytes, in.text.len)) {
        refuse(req, err == ERR_TOO_BIG ? 413 : 400);
        goto out;
    }
    without_nul(&in.text);
    err = text_seal(inbound->settings, &inbound->counter, channel, &in, &unit);
    if (err != ERR_OK) {
        log_warn("text_unsealed", LOG_ERR(err), LOG_NAME("channel", channel->name));
        metrics_add(METRIC_UNSTORED, 1);
        http_busy(req, 60);
        goto out;
    }
    store(inbound, req, channel, &in, &unit);
out:
    text_in_wipe(&in);
}

/* Delivery reports are verified and let go: who got which text is nobody's business here. */
void inbound_status(struct http_req *req, void *room)
{
    struct inbound *inbound = room;
    const struct channel *channel = channels_find(&inbound->settings->channels, http_req_param(req, 0));
    struct webhook hook = webhook_of(req, "/status");
    if (!channel)
        refuse(req, 404);
    else if (channel->provider->verify(channel, &hook) != ERR_OK)
        refuse(req, 403);
    else
        answer(req, channel, NULL);
}
