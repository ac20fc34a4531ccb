/* sending.c -- see sending.h.
 *
 * A receipt that is on the screen lies sealed under the page's key for an hour: who loses it on the last page can have
 * it shown once more. It takes the place of the answers, which lie nowhere but sealed to the desk from then on. */
#include "intake/sending.h"

#include <string.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "intake/limits.h"
#include "intake/page_busy.h"
#include "intake/pages.h"
#include "intake/report_inside.h"
#include "intake/submit.h"

struct sending {
    struct waiter waiter;
    struct receipt receipt;
    sending_failed_fn *failed;
};

void sending_show(struct intake *intake, struct http_req *req, const char *language, const char *digits,
                  const char *key)
{
    json_t *groups = json_array();
    for (size_t at = 0; at < RECEIPT_DIGITS; at += 4)
        need(json_array_append_new(groups, json_stringn(digits + at, 4)) == 0);
    /* Shown once: a link to another language would lead away from it for good. */
    json_t *context = json_pack("{s:o, s:b, s:s*}", "groups", groups, "stays", 1, "slip",
                                office_says(&intake->settings->office_says->texts[OFFICE_SLIP], language, NULL));
    if (key)
        pages_put_key(context, key);
    pages_answer(intake, req, 201, "stored", "/report", language, context);
}

static void show_receipt(struct intake *intake, struct http_req *req, const char *language,
                         const struct receipt *receipt, const char *key)
{
    int is_kept = intake->drafts && pages_is_key(key) &&
                  drafts_put(intake->drafts, key, DRAFT_RECEIPT, receipt->digits, RECEIPT_DIGITS) == ERR_OK;
    sending_show(intake, req, language, receipt->digits, is_kept ? key : NULL);
}

static void sent(void *room, uint64_t tag, enum err err, enum append_outcome outcome)
{
    struct sending *sending = room;
    struct intake *intake = sending->waiter.intake;
    struct http_req *req = intake_waiter_req(&sending->waiter);
    int stored = err == ERR_OK && append_is_kept(outcome);
    (void)tag;
    if (stored)
        metrics_add(outcome == APPEND_ALREADY ? COUNT_REPORTS_AGAIN : COUNT_REPORTS, 1);
    (void)intake_store_is_away(err);
    if (req) {
        struct form form;
        const struct buf *body = http_req_body(req);
        need(form_read(&form, buf_text(body), body->len) == ERR_OK); /* it was read before */
        const char *language = intake_language(intake, req, &form);
        int is_other = err == ERR_OK && outcome == APPEND_OTHER_BODY;
        if (stored)
            show_receipt(intake, req, language, &sending->receipt, form_get(&form, "key"));
        else
            sending->failed(intake, req, &form, language, is_other ? SENDING_OTHER : SENDING_AWAY);
        form_free(&form);
    }
    receipt_wipe(&sending->receipt);
    mem_free(sending);
}

static void name_rows(const struct intake *intake, const char *key, const struct report *report, struct once *once)
{
    uint8_t digest[32];
    if (!pages_is_key(key)) {
        once_random(once);
        return;
    }
    report_inside_digest(report, digest);
    once_derive(intake->once_secret, key, strlen(key), digest, once);
}

static enum err seal_and_send(struct intake *intake, struct http_req *req, const char *key, const struct report *report,
                              const char *aside, sending_failed_fn *failed)
{
    const struct report_origin web = {.channel = "web", .aside = aside};
    struct submit_case what = {
        .desk = report->desk, .read_back = report->read_back, .author = AUTHOR_REPORTER, .is_once = pages_is_key(key)};
    struct sending *sending = mem_new(sizeof *sending);
    struct buf inside = BUF_INIT(LIMIT_INSIDE);
    struct once once;
    *sending = (struct sending){.waiter = intake_waiter(intake, req), .failed = failed};
    name_rows(intake, key, report, &once);
    receipt_from_bytes(once.receipt_seed, &sending->receipt);
    what.once = &once;
    what.receipt = &sending->receipt;
    what.inside = &inside;
    enum err err = report_inside(report, &web, clock_wall(), &inside);
    if (err == ERR_OK)
        err = submit_case(intake, &what, sent, sending, 0);
    if (err != ERR_OK) {
        receipt_wipe(&sending->receipt);
        mem_free(sending);
    }
    mem_wipe(&once, sizeof once);
    buf_free(&inside);
    return err;
}

void sending_begin(struct intake *intake, struct http_req *req, const struct form *posted, const struct report *report,
                   const char *language, sending_failed_fn *failed)
{
    const char *aside;
    if (page_busy_stops(intake, req, posted, language, &aside))
        return;
    enum err err = seal_and_send(intake, req, form_get(posted, "key"), report, aside, failed);
    if (err == ERR_OK)
        return;
    (void)intake_store_is_away(err);
    failed(intake, req, posted, language, SENDING_AWAY);
}

/* ---- once more ---- */

static enum err read_receipt(struct intake *intake, const char *key, enum draft_kind *kind, struct buf *digits)
{
    if (!intake->drafts || !pages_is_key(key))
        return ERR_NOT_FOUND;
    enum err err = drafts_get(intake->drafts, key, kind, digits);
    if (err == ERR_OK && (*kind == DRAFT_ANSWERS || digits->len != RECEIPT_DIGITS))
        err = ERR_NOT_FOUND;
    return err;
}

int sending_show_again(struct intake *intake, struct http_req *req, const char *language, const char *key, int is_last)
{
    struct buf digits = BUF_INIT(DRAFT_MAX);
    enum draft_kind kind;
    int shows = read_receipt(intake, key, &kind, &digits) == ERR_OK && (is_last || kind == DRAFT_RECEIPT);
    if (shows && is_last)
        drafts_end(intake->drafts, key);
    if (shows)
        sending_show(intake, req, language, buf_text(&digits), is_last ? NULL : key);
    buf_free(&digits);
    return shows;
}

int sending_written(struct intake *intake, const char *key)
{
    struct buf digits = BUF_INIT(DRAFT_MAX);
    enum draft_kind kind;
    int is_there = read_receipt(intake, key, &kind, &digits) == ERR_OK &&
                   drafts_put(intake->drafts, key, DRAFT_WRITTEN, buf_text(&digits), digits.len) == ERR_OK;
    buf_free(&digits);
    return is_there;
}
