/* fuzz_report.c -- any JSON as a report (intake/report.h): what is accepted keeps its limits and can be sealed; the
 * vault then reads the same words out of it. */
#include "common/base/clock.h"
#include "common/text/utf8.h"
#include "intake/limits.h"
#include "intake/report_inside.h"
#include "tests/fuzz/fuzz.h"
#include "triage/vault/message.h"

static struct office office;

/* One question of each kind, so that answers to them are looked at too. */
void fuzz_start(void)
{
    static const char own[] =
        "own_questions:\n"
        "  - {code: words, step: story, answer: text, asks: {en: Words?, sw: Maneno?}}\n"
        "  - {code: one, step: when, answer: one, asks: {en: Which?}, choices: [{code: a, says: {en: A}}, "
        "{code: b, says: {en: B, sw: Be}}]}\n"
        "  - {code: many, step: groups, answer: several, asks: {en: Which ones?}, choices: [{code: a, says: {en: A}}, "
        "{code: b, says: {en: B}}]}\n";
    need(office_read(&office, own, sizeof own - 1, NULL, NULL) == ERR_OK);
}

static void keeps_its_limits(const struct report *report)
{
    need(report->text_len == strlen(report->text) && report_text_fits(report->text, report->text_len, LIMIT_TEXT));
    need(report_is_language(report->language) && strlen(report->desk) <= 16 && *report->desk);
    need(json_is_object(report->answers) && json_is_object(report->contact) && json_is_object(report->on_behalf_of));
}

static void is_read_by_the_vault(const struct report *report)
{
    static const struct report_origin origin = {.channel = "api"};
    struct buf inside = BUF_INIT(LIMIT_INSIDE);
    struct message message;
    uint8_t digest[32], same[32];
    need(report_inside(report, &origin, 1700000000, &inside) == ERR_OK);
    need(message_read(buf_text(&inside), inside.len, &message) == ERR_OK);
    need(strcmp(message.text, report->text) == 0 && strcmp(message.kind, report->kind) == 0);
    need(strcmp(message.language, report->language) == 0 && strcmp(message.channel, "api") == 0);
    need(message.at == 1700000000 && message.read_back == (report->read_back != 0) && !message.is_sms);
    need(json_equal(message.answers, report->answers) && json_equal(message.contact, report->contact));
    report_inside_digest(report, digest);
    report_inside_digest(report, same);
    need(memcmp(digest, same, sizeof same) == 0);
    message_free(&message);
    buf_free(&inside);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    json_t *body;
    struct report report;
    struct json_fault fault = {0};
    if (size > LIMIT_REPORT_BODY || json_read_object(data, size, &body, &fault) != ERR_OK)
        return 0;
    enum err err = report_read(&office, body, &report, &fault);
    need(err == ERR_OK || ((err == ERR_MALFORMED || err == ERR_TOO_BIG) && fault.field && fault.says));
    if (err == ERR_OK) {
        keeps_its_limits(&report);
        is_read_by_the_vault(&report);
        report_free(&report);
    }
    json_decref(body);
    return 0;
}
