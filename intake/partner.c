/* partner.c -- see partner.h.
 *
 * An upload lives until its request has ended and nothing of it is on its way to the store any more, whichever is
 * later. Token and round are looked up while the body is still arriving; lines are stored as soon as both are known to
 * be good. The answer waits for the last line. */
#include "intake/partner.h"

#include <string.h>
#include <strings.h>

#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/seal/sign.h"
#include "intake/api.h"
#include "intake/limits.h"
#include "intake/ndjson.h"
#include "intake/submission.h"
#include "intake/verdict.h"

#define SCOPE     "consultation"
#define TOKEN_MAX 512

enum upload_state { UPLOAD_LOOKING, UPLOAD_OPEN, UPLOAD_REFUSED };

struct refusal {
    unsigned status;
    const char *type, *detail;
};

struct upload {
    struct waiter waiter;
    enum upload_state state;
    const struct refusal *refusal;
    struct submission_round round;
    int is_lines;
    struct ndjson lines;
    struct verdicts verdicts;
    unsigned on_the_way;
    int is_counted;      /* holds one of the worker's few places */
    int waits_for_store; /* a look-up is under way */
    int complete;        /* the handler was called: the whole body is here */
    int gone;            /* the request has ended */
};

static const struct refusal refusals[] = {
    {401, "token", "This needs the header Authorization: Bearer and a valid partner token."},
    {403, "scope", "This token may not submit to consultations."},
    {404, "not-found", "There is no such consultation round."},
    {409, "round-closed", "This consultation round is not open."},
    {415, "media-type", "The body must be application/json or application/x-ndjson."},
    {503, "busy", NULL},
};

static void upload_pump(struct upload *upload);

/* ---- life and death ---- */

static void upload_give_place(struct upload *upload)
{
    upload->waiter.intake->uploads -= (unsigned)upload->is_counted;
    upload->is_counted = 0;
}

static void upload_free(struct upload *upload)
{
    upload_give_place(upload);
    ndjson_free(&upload->lines);
    verdicts_free(&upload->verdicts);
    mem_free(upload);
}

static void upload_leave(struct upload *upload)
{
    if (upload->gone && !upload->on_the_way && !upload->waits_for_store)
        upload_free(upload);
}

static void upload_gone(void *state)
{
    struct upload *upload = state;
    upload->gone = 1;
    upload_leave(upload);
}

static void upload_refuse(struct upload *upload, unsigned status)
{
    size_t i = 0;
    while (i < sizeof refusals / sizeof *refusals - 1 && refusals[i].status != status)
        i++;
    upload->state = UPLOAD_REFUSED;
    upload->refusal = &refusals[i];
    ndjson_free(&upload->lines); /* what came is not for us, and strangers keep no partner out */
    upload_give_place(upload);
    if (status != 503)
        metrics_add(COUNT_PARTNERS_REFUSED, 1);
}

/* ---- who, and to which round ---- */

static void round_found(void *room, uint64_t tag, enum err err, const struct round_found *found)
{
    struct upload *upload = room;
    int64_t now = clock_wall();
    (void)tag;
    upload->waits_for_store = 0;
    if (err == ERR_NOT_FOUND)
        upload_refuse(upload, 404);
    else if (intake_store_is_away(err) || err != ERR_OK)
        upload_refuse(upload, 503);
    else if (now < found->opens || now >= found->closes)
        upload_refuse(upload, 409);
    else {
        memcpy(upload->round.code, found->code, sizeof upload->round.code);
        memcpy(upload->round.desk, found->desk, sizeof upload->round.desk);
        upload->state = UPLOAD_OPEN;
    }
    upload_pump(upload);
}

static int has_scope(const char *scopes)
{
    size_t len = strlen(SCOPE);
    for (const char *at = scopes; (at = strstr(at, SCOPE)) != NULL; at += len)
        if ((at == scopes || at[-1] == ' ') && (at[len] == ' ' || at[len] == 0))
            return 1;
    return 0;
}

static void partner_found(void *room, uint64_t tag, enum err err, const struct partner_found *found)
{
    struct upload *upload = room;
    struct intake *intake = upload->waiter.intake;
    (void)tag;
    upload->waits_for_store = 0;
    if (err == ERR_NOT_FOUND)
        upload_refuse(upload, 401);
    else if (intake_store_is_away(err) || err != ERR_OK)
        upload_refuse(upload, 503);
    else if (!has_scope(found->scopes))
        upload_refuse(upload, 403);
    else {
        memcpy(upload->round.partner, found->partner, sizeof upload->round.partner);
        memcpy(upload->round.partner_id, found->partner_id, sizeof upload->round.partner_id);
        upload->waits_for_store = 1;
        door_intake_round(intake->store, upload->round.code, LIMIT_STORE_MS, round_found, upload, 0);
    }
    upload_pump(upload);
}

static const char *bearer(const struct http_req *req)
{
    static const char scheme[] = "Bearer ";
    const char *header = http_req_header(req, "Authorization");
    if (!header || strncasecmp(header, scheme, sizeof scheme - 1) != 0)
        return NULL;
    header += sizeof scheme - 1;
    return *header && strlen(header) <= TOKEN_MAX ? header : NULL;
}

static struct upload *upload_new(struct intake *intake, struct http_req *req)
{
    struct upload *upload = mem_new(sizeof *upload);
    const char *token = bearer(req), *code = http_req_param(req, 0);
    uint8_t digest[32];
    intake->uploads++;
    upload->is_counted = 1;
    upload->waiter = intake_waiter(intake, req);
    upload->is_lines = api_is_type(req, "application/x-ndjson") || api_is_type(req, "application/ndjson");
    ndjson_init(&upload->lines, LIMIT_UPLOAD, LIMIT_LINE);
    http_req_keep(req, upload, upload_gone);
    if (!token)
        upload_refuse(upload, 401);
    else if (!upload->is_lines && !api_is_type(req, "application/json"))
        upload_refuse(upload, 415);
    else if (strlen(code) >= sizeof upload->round.code)
        upload_refuse(upload, 404);
    if (upload->state == UPLOAD_REFUSED)
        return upload;
    need(token != NULL);
    memcpy(upload->round.code, code, strlen(code) + 1);
    sign_sha256(token, strlen(token), digest);
    upload->waits_for_store = 1;
    door_intake_partner(intake->store, digest, LIMIT_STORE_MS, partner_found, upload, 0);
    return upload;
}

/* ---- lines ---- */

static void line_stored(void *room, uint64_t tag, enum err err, enum append_outcome outcome)
{
    struct upload *upload = room;
    struct verdict *verdict = verdicts_at(&upload->verdicts, (size_t)tag);
    int kept = err == ERR_OK && append_is_kept(outcome), already = kept && outcome == APPEND_ALREADY;
    upload->on_the_way--;
    if (kept && !already)
        metrics_add(COUNT_SUBMISSIONS, 1);
    (void)intake_store_is_away(err);
    if (kept)
        verdict_end(verdict, already ? 200 : 201, NULL, NULL);
    else
        verdict_end(verdict, 503, NULL, "could not be stored now; send this line again");
    upload_pump(upload);
}

static void refuse_line(struct verdict *verdict, unsigned status, const struct json_fault *fault)
{
    metrics_add(COUNT_SUBMISSIONS_REFUSED, 1);
    verdict_end(verdict, status, fault->field, fault->says);
}

static void take_line(struct upload *upload, const char *line, size_t len)
{
    struct json_fault fault;
    struct report report;
    json_t *body;
    const char *id;
    size_t which = verdicts_add(&upload->verdicts, upload->lines.lines);
    struct verdict *verdict = verdicts_at(&upload->verdicts, which);
    enum json_presence id_presence = upload->is_lines ? JSON_REQUIRED : JSON_MAY_MISS;
    if (json_read_object(line, len, &body, &fault) != ERR_OK) {
        refuse_line(verdict, 400, &fault);
        return;
    }
    if (submission_read(body, id_presence, &report, &id, &fault) != ERR_OK) {
        verdict_set_id(verdict, json_string_value(json_object_get(body, "id")));
        refuse_line(verdict, 400, &fault);
    } else {
        verdict_set_id(verdict, id);
        if (submission_send(upload->waiter.intake, &upload->round, &report, id, line_stored, upload, which) == ERR_OK)
            upload->on_the_way++;
        else
            verdict_end(verdict, 503, NULL, "could not be stored now; send this line again");
        report_free(&report);
    }
    json_decref(body);
}

static void take_too_long(struct upload *upload)
{
    struct verdict *verdict = verdicts_at(&upload->verdicts, verdicts_add(&upload->verdicts, upload->lines.lines));
    refuse_line(verdict, 413, &(struct json_fault){.says = "is longer than 64 KiB"});
}

/* What is beyond the last line allowed is answered once and not read. */
static void take_too_many(struct upload *upload)
{
    struct verdict *verdict = verdicts_at(&upload->verdicts, verdicts_add(&upload->verdicts, upload->lines.lines));
    refuse_line(verdict, 413, &(struct json_fault){.says = "and all behind it were not read: 10,000 lines at a time"});
    ndjson_free(&upload->lines);
    ndjson_end(&upload->lines);
    upload->lines.at = 0;
}

/* ERR_AGAIN: wait for more of the body. ERR_NOT_FOUND: all lines were taken. ERR_BUSY: enough for this turn. */
static enum err take_lines(struct upload *upload)
{
    const char *line;
    size_t len;
    for (unsigned taken = 0; upload->on_the_way < LIMIT_LINES_ON_THE_WAY; taken++) {
        if (taken >= LIMIT_LINES_A_TURN && upload->on_the_way)
            return ERR_BUSY; /* the next answer of the store brings us back */
        enum err err = ndjson_next(&upload->lines, &line, &len);
        if (err == ERR_AGAIN || err == ERR_NOT_FOUND)
            return err;
        if (upload->lines.lines > LIMIT_LINES)
            take_too_many(upload);
        else if (err == ERR_TOO_BIG)
            take_too_long(upload);
        else
            take_line(upload, line, len);
    }
    return ERR_BUSY;
}

/* One submission is the whole body, line ends and all. */
static enum err take_single(struct upload *upload)
{
    if (!upload->complete)
        return ERR_AGAIN;
    if (!upload->verdicts.count) {
        upload->lines.lines = 1;
        take_line(upload, buf_text(&upload->lines.held), upload->lines.held.len);
    }
    return ERR_NOT_FOUND;
}

/* ---- the answer ---- */

static void answer_refusal(struct http_req *req, const struct refusal *refusal)
{
    if (refusal->status == 503) {
        api_away(req);
        return;
    }
    if (refusal->status == 401)
        http_set(req, "WWW-Authenticate", "Bearer");
    http_problem(req, refusal->status, refusal->type, refusal->detail, NULL);
}

static void answer_single(struct http_req *req, struct upload *upload)
{
    const struct verdict *verdict = verdicts_at(&upload->verdicts, 0);
    if (verdict->status == 503)
        api_away(req);
    else if (verdict->status >= 400)
        http_problem(req, verdict->status, "malformed", verdict->error, verdict->field);
    else
        api_answer(req, verdict->status, json_pack("{s:s?, s:i}", "id", verdict->id, "status", (int)verdict->status));
}

static void answer_lines(struct http_req *req, struct upload *upload)
{
    struct buf out = BUF_INIT(LIMIT_UPLOAD);
    if (verdicts_write(&upload->verdicts, &out) == ERR_OK)
        http_answer(req, 207, "application/x-ndjson", buf_text(&out), out.len);
    else
        http_problem(req, 500, "fault", "The verdicts are longer than an answer may be.", NULL);
    buf_free(&out);
}

/* Move on: called when something came from the client or from the store. Frees `upload` when nobody needs it. */
static void upload_pump(struct upload *upload)
{
    enum err err = ERR_AGAIN;
    if (upload->state == UPLOAD_OPEN)
        err = upload->is_lines ? take_lines(upload) : take_single(upload);
    else if (upload->state == UPLOAD_REFUSED)
        err = ERR_NOT_FOUND;
    struct http_req *req = upload->gone ? NULL : intake_waiter_req(&upload->waiter);
    if (req && upload->complete && err == ERR_NOT_FOUND && !upload->on_the_way && !upload->waits_for_store) {
        if (upload->state == UPLOAD_REFUSED)
            answer_refusal(req, upload->refusal);
        else if (upload->is_lines)
            answer_lines(req, upload);
        else
            answer_single(req, upload);
        return; /* the end of the request calls upload_gone(), perhaps already */
    }
    upload_leave(upload);
}

enum err partner_piece(struct http_req *req, void *room, const uint8_t *piece, size_t len)
{
    struct intake *intake = room;
    struct upload *upload = http_req_kept(req);
    if (!upload && intake->uploads >= LIMIT_UPLOADS)
        return ERR_BUSY;
    if (!upload)
        upload = upload_new(intake, req);
    if (upload->state == UPLOAD_REFUSED || upload->lines.ended)
        return ERR_OK; /* the answer comes when all is here */
    enum err err = ndjson_feed(&upload->lines, piece, len);
    if (err == ERR_OK && upload->is_lines && upload->state == UPLOAD_OPEN)
        upload_pump(upload);
    return err;
}

void partner_handle(struct http_req *req, void *room)
{
    struct intake *intake = room;
    struct upload *upload = http_req_kept(req);
    if (!upload)
        upload = upload_new(intake, req);
    upload->complete = 1;
    if (upload->state != UPLOAD_REFUSED)
        ndjson_end(&upload->lines);
    upload_pump(upload);
}
