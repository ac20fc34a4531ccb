/* api.c -- see api.h. */
#include "intake/api.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "common/base/clock.h"
#include "common/base/code.h"
#include "common/base/mem.h"
#include "common/seal/sign.h"
#include "intake/add.h"
#include "intake/evidence.h"
#include "intake/flood.h"
#include "intake/limits.h"
#include "intake/report_inside.h"
#include "intake/states.h"
#include "intake/submit.h"
#include "intake/thread.h"

enum { FAULT_TEXT = 160 };

struct reporting {
    struct waiter waiter;
    struct receipt receipt;
};

/* ---- shared ---- */

void api_fault(struct http_req *req, const struct json_fault *fault)
{
    char detail[FAULT_TEXT];
    if (fault->field)
        snprintf(detail, sizeof detail, "%s %s.", fault->field, fault->says);
    else
        snprintf(detail, sizeof detail, "The body %s (line %u, column %u).", fault->says, fault->line, fault->column);
    http_problem(req, 400, "malformed", detail, fault->field);
}

void api_away(struct http_req *req)
{
    char seconds[16];
    snprintf(seconds, sizeof seconds, "%d", LIMIT_RETRY_S);
    http_set(req, "Retry-After", seconds);
    http_problem(req, 503, "busy", "This cannot be stored or read now. Nothing was lost; send it again later.", NULL);
}

int api_is_type(const struct http_req *req, const char *wanted)
{
    const char *type = http_req_header(req, "Content-Type");
    size_t len = strlen(wanted);
    return type && strncasecmp(type, wanted, len) == 0 && strchr("; \t", type[len]) != NULL;
}

enum err api_body(struct http_req *req, json_t **out)
{
    struct json_fault fault;
    const struct buf *body = http_req_body(req);
    *out = NULL;
    if (!api_is_type(req, "application/json")) {
        http_problem(req, 415, "media-type", "The body must be application/json.", NULL);
        return ERR_MALFORMED;
    }
    enum err err = json_read_object(buf_text(body), body->len, out, &fault);
    if (err != ERR_OK)
        api_fault(req, &fault);
    return err;
}

void api_answer(struct http_req *req, unsigned status, json_t *answer)
{
    need(answer != NULL);
    char *text = json_dumps(answer, JSON_COMPACT);
    need(text != NULL);
    http_answer(req, status, "application/json", text, strlen(text));
    mem_free(text);
    json_decref(answer);
}

static void other_body(struct http_req *req)
{
    http_problem(req, 422, "key-reused", "This Idempotency-Key was used with another body.", "Idempotency-Key");
}

/* *out is NULL when there is none. On error the request has been answered. */
static enum err read_key(struct http_req *req, const char **out)
{
    const char *key = http_req_header(req, "Idempotency-Key");
    *out = NULL;
    if (key && once_key_check(key, strlen(key)) != ERR_OK) {
        http_problem(req, 400, "weak-key",
                     "Idempotency-Key must be a random UUID (version 4) or 22 to 128 base64url characters.",
                     "Idempotency-Key");
        return ERR_MALFORMED;
    }
    *out = key;
    return ERR_OK;
}

/* ---- reports ---- */

static void report_ended(void *room, uint64_t tag, enum err err, enum append_outcome outcome)
{
    struct reporting *reporting = room;
    struct http_req *req = intake_waiter_req(&reporting->waiter);
    int stored = err == ERR_OK && append_is_kept(outcome);
    (void)tag;
    if (stored)
        metrics_add(outcome == APPEND_ALREADY ? COUNT_REPORTS_AGAIN : COUNT_REPORTS, 1);
    (void)intake_store_is_away(err);
    if (req && stored) {
        char text[RECEIPT_TEXT];
        receipt_text(&reporting->receipt, text);
        api_answer(req, 201, json_pack("{s:s}", "receipt", text));
        mem_wipe(text, sizeof text);
    } else if (req && err == ERR_OK && outcome == APPEND_OTHER_BODY) {
        other_body(req);
    } else if (req) {
        api_away(req);
    }
    receipt_wipe(&reporting->receipt);
    mem_free(reporting);
}

static enum err send_report(struct intake *intake, struct http_req *req, const char *key, const struct report *report,
                            const char *aside)
{
    const struct report_origin api = {.channel = "api", .aside = aside};
    const struct buf *body = http_req_body(req);
    struct reporting *reporting = mem_new(sizeof *reporting);
    struct buf inside = BUF_INIT(LIMIT_INSIDE);
    struct once once;
    reporting->waiter = intake_waiter(intake, req);
    if (key) {
        uint8_t digest[32];
        sign_sha256(buf_text(body), body->len, digest);
        once_derive(intake->once_secret, key, strlen(key), digest, &once);
    } else {
        once_random(&once);
    }
    receipt_from_bytes(once.receipt_seed, &reporting->receipt);
    struct submit_case what = {.desk = report->desk,
                               .once = &once,
                               .is_once = key != NULL,
                               .receipt = &reporting->receipt,
                               .read_back = report->read_back,
                               .author = AUTHOR_REPORTER,
                               .inside = &inside};
    enum err err = report_inside(report, &api, clock_wall(), &inside);
    if (err == ERR_OK)
        err = submit_case(intake, &what, report_ended, reporting, 0);
    if (err != ERR_OK) {
        receipt_wipe(&reporting->receipt);
        mem_free(reporting);
    }
    mem_wipe(&once, sizeof once);
    buf_free(&inside);
    return err;
}

/* Too many come: what is to be computed, and when to come back without. Nothing of the report is kept. */
static void ask_for_proof(struct intake *intake, struct http_req *req, const char *key)
{
    char challenge[PROOF_STAMP], seconds[24];
    snprintf(seconds, sizeof seconds, "%" PRId64, intake->settings->wait_s);
    flood_work(intake, req, key, challenge);
    http_set(req, "Retry-After", seconds);
    json_t *problem = json_pack(
        "{s:s, s:s, s:i, s:s, s:s, s:i}", "type", "/problems/busy", "title", "Service Unavailable", "status", 503,
        "detail", "Many reports come in just now. Nothing was stored; send it again with the header Proof.",
        "challenge", challenge, "bits", LIMIT_PROOF_BITS);
    need(problem != NULL);
    char *text = json_dumps(problem, JSON_COMPACT);
    need(text != NULL);
    http_answer(req, 503, "application/problem+json", text, strlen(text));
    mem_free(text);
    json_decref(problem);
}

/* 1: it may be sent on, under the mark *aside. Else the request has been answered. */
static int is_taken(struct intake *intake, struct http_req *req, const char *key, const char **aside)
{
    const struct buf *body = http_req_body(req);
    uint8_t digest[32];
    char hex[2 * sizeof digest + 1];
    if (!key) { /* the same words are the same report */
        sign_sha256(buf_text(body), body->len, digest);
        code_hex(digest, sizeof digest, hex);
    }
    const struct flood_ask ask = {.key = key ? key : hex, .proof = http_req_header(req, "Proof")};
    enum budget_says says = flood_take(intake, req, &ask);
    *aside = says == BUDGET_ASIDE ? "flood" : NULL;
    if (says == BUDGET_ASKS)
        ask_for_proof(intake, req, ask.key);
    return says != BUDGET_ASKS;
}

static void refuse_files(struct http_req *req)
{
    http_problem(req, 422, "files", "A file is not there, not whole, or they are too much together.", "files");
}

static void report_again(struct http_req *req, struct intake *intake, json_t *kept);

static void report_files_kept(void *room, enum err err, json_t *inside)
{
    struct waiter *waiter = room;
    struct http_req *req = intake_waiter_req(waiter);
    if (req && err == ERR_OK)
        report_again(req, waiter->intake, inside);
    else if (req)
        refuse_files(req);
    mem_free(waiter);
}

/* Files are kept first; then the same body is read once more and sent, with `kept` in it. */
static void take_report(struct intake *intake, struct http_req *req, const char *key, const json_t *body, json_t *kept)
{
    struct json_fault fault;
    struct report report;
    const json_t *files = NULL;
    const char *aside;
    enum err err = report_read(intake->settings->office_says, body, &report, &fault);
    if (err == ERR_OK) {
        err = evidence_read(intake, body, &files, &fault);
        if (err != ERR_OK)
            report_free(&report);
    }
    if (err != ERR_OK) {
        metrics_add(COUNT_REPORTS_REFUSED, 1);
        api_fault(req, &fault);
        return;
    }
    if (!intake_offers(intake, report.desk)) {
        metrics_add(COUNT_REPORTS_REFUSED, 1);
        api_fault(req, &(struct json_fault){.field = "desk", .says = "is not one that can be chosen"});
    } else if (files && !kept) {
        struct waiter *waiter = mem_new(sizeof *waiter);
        *waiter = intake_waiter(intake, req);
        evidence_keep(intake, files, report_files_kept, waiter);
    } else if (is_taken(intake, req, key, &aside)) {
        report.files = json_incref(kept);
        err = send_report(intake, req, key, &report, aside);
        if (err != ERR_OK) {
            (void)intake_store_is_away(err);
            api_away(req);
        }
    }
    report_free(&report);
}

static void read_and_take(struct http_req *req, struct intake *intake, json_t *kept)
{
    json_t *body;
    const char *key;
    if (api_body(req, &body) != ERR_OK) {
        metrics_add(COUNT_REPORTS_REFUSED, 1);
        return;
    }
    if (read_key(req, &key) == ERR_OK)
        take_report(intake, req, key, body, kept);
    json_decref(body);
}

static void report_again(struct http_req *req, struct intake *intake, json_t *kept)
{
    read_and_take(req, intake, kept);
}

void api_reports(struct http_req *req, void *room)
{
    read_and_take(req, room, NULL);
}

/* ---- conversations ---- */

static void unknown_receipt(struct http_req *req)
{
    http_problem(req, 404, "unknown-receipt", "There is nothing under this receipt.", "receipt");
}

/* On error the request has been answered. */
static enum err read_receipt(struct http_req *req, const json_t *body, struct receipt *out)
{
    struct json_fault fault;
    const char *text = NULL;
    enum err err = json_text(body, "receipt", JSON_REQUIRED, 1024, &text, &fault);
    if (err == ERR_OK) {
        err = receipt_parse(text, strlen(text), out);
        fault = (struct json_fault){.field = "receipt",
                                    .says = err == ERR_CONFLICT ? "has one digit mistyped" : "must have 28 digits"};
    }
    if (err != ERR_OK)
        api_fault(req, &fault);
    return err;
}

static void thread_ended(void *room, enum err err, const struct thread *thread)
{
    struct waiter *waiter = room;
    struct http_req *req = intake_waiter_req(waiter);
    if (req && err == ERR_OK)
        api_answer(req, 200, json_incref(thread->shown));
    else if (req && err == ERR_NOT_FOUND)
        unknown_receipt(req);
    else if (req)
        api_away(req);
    if (err != ERR_NOT_FOUND)
        (void)intake_store_is_away(err);
    mem_free(waiter);
}

void api_thread(struct http_req *req, void *room)
{
    struct intake *intake = room;
    struct receipt receipt = {0};
    json_t *body;
    if (api_body(req, &body) != ERR_OK)
        return;
    if (read_receipt(req, body, &receipt) == ERR_OK) {
        struct waiter *waiter = mem_new(sizeof *waiter);
        *waiter = intake_waiter(intake, req);
        thread_open(intake, &receipt, LIMIT_STORE_MS, thread_ended, waiter);
    }
    receipt_wipe(&receipt);
    json_decref(body);
}

static void message_ended(void *room, enum add_end end)
{
    struct waiter *waiter = room;
    struct http_req *req = intake_waiter_req(waiter);
    if (req && end == ADD_STORED)
        api_answer(req, 201, json_pack("{s:b}", "stored", 1));
    else if (req && end == ADD_UNKNOWN)
        unknown_receipt(req);
    else if (req && end == ADD_FILES)
        refuse_files(req);
    else if (req && end == ADD_OTHER_BODY)
        other_body(req);
    else if (req)
        api_away(req);
    mem_free(waiter);
}

static void take_message(struct intake *intake, struct http_req *req, const char *key, const json_t *body)
{
    struct add_message what = {.key = key, .channel = "api", .language = "und"};
    struct json_fault fault;
    struct receipt receipt = {0};
    if (read_receipt(req, body, &receipt) != ERR_OK)
        return;
    enum err err = json_text(body, "act", JSON_MAY_MISS, LIMIT_LANGUAGE, &what.act, &fault);
    if (err == ERR_OK && what.act && !states_is_act(what.act)) {
        fault = (struct json_fault){.field = "act", .says = "must be one of those that can lists"};
        err = ERR_MALFORMED;
    }
    what.text = ""; /* an act may come without words */
    if (err == ERR_OK)
        err = json_text(body, "text", what.act ? JSON_MAY_MISS : JSON_REQUIRED, (size_t)LIMIT_TEXT * 4, &what.text,
                        &fault);
    if (err == ERR_OK)
        err = json_text(body, "language", JSON_MAY_MISS, LIMIT_LANGUAGE, &what.language, &fault);
    if (err == ERR_OK && (!what.act || *what.text) && !report_text_fits(what.text, strlen(what.text), LIMIT_TEXT)) {
        fault = (struct json_fault){.field = "text", .says = "must have 1 to 20,000 characters"};
        err = ERR_TOO_BIG;
    }
    if (err == ERR_OK && !report_is_language(what.language)) {
        fault = (struct json_fault){.field = "language", .says = "must be a language tag"};
        err = ERR_MALFORMED;
    }
    if (err == ERR_OK)
        err = evidence_read(intake, body, &what.files, &fault);
    if (err == ERR_OK) {
        struct waiter *waiter = mem_new(sizeof *waiter);
        *waiter = intake_waiter(intake, req);
        what.receipt = &receipt;
        what.text_len = strlen(what.text);
        add_message(intake, &what, message_ended, waiter);
    } else {
        api_fault(req, &fault);
    }
    receipt_wipe(&receipt);
}

void api_messages(struct http_req *req, void *room)
{
    json_t *body;
    const char *key;
    if (api_body(req, &body) != ERR_OK)
        return;
    if (read_key(req, &key) == ERR_OK)
        take_message(room, req, key, body);
    json_decref(body);
}

void api_openapi(struct http_req *req, void *room)
{
    const struct intake *intake = room;
    http_answer(req, 200, "application/json", intake->openapi.bytes, intake->openapi.len);
}
