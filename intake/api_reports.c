/* api_reports.c -- see api_reports.h. */
#include "intake/api_reports.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/code.h"
#include "common/base/mem.h"
#include "common/seal/sign.h"
#include "intake/api.h"
#include "intake/evidence.h"
#include "intake/flood.h"
#include "intake/limits.h"
#include "intake/report_inside.h"
#include "intake/submit.h"

struct reporting {
    struct waiter waiter;
    struct receipt receipt;
};

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
        api_other_body(req);
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
    api_answer(req, 503,
               json_pack("{s:s, s:s, s:i, s:s, s:s, s:i}", "type", "/problems/busy", "title", "Service Unavailable",
                         "status", 503, "detail",
                         "Many reports come in just now. Nothing was stored; send it again with the header Proof.",
                         "challenge", challenge, "bits", LIMIT_PROOF_BITS));
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

static void read_and_take(struct http_req *req, struct intake *intake, json_t *kept);

static void report_files_kept(void *room, enum err err, json_t *inside)
{
    struct waiter *waiter = room;
    struct http_req *req = intake_waiter_req(waiter);
    if (req && err == ERR_OK)
        read_and_take(req, waiter->intake, inside);
    else if (req)
        api_refuse_files(req);
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
    if (api_key(req, &key) == ERR_OK)
        take_report(intake, req, key, body, kept);
    json_decref(body);
}

void api_reports(struct http_req *req, void *room)
{
    read_and_take(req, room, NULL);
}
