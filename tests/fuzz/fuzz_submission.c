/* fuzz_submission.c -- any upload of a partner (intake/ndjson.h, submission.h): the same lines however the body was
 * cut, none over its limit; a submission that is accepted is read by the vault with the same words. */
#include "intake/limits.h"
#include "intake/ndjson.h"
#include "intake/report_inside.h"
#include "intake/submission.h"
#include "tests/fuzz/fuzz.h"
#include "triage/vault/message.h"

enum { LINE_MAX_HERE = 600 };

static void line_is_good(const char *line, size_t len)
{
    json_t *body;
    struct report report;
    struct json_fault fault = {0};
    struct message message;
    struct buf inside = BUF_INIT(LIMIT_INSIDE);
    const char *id;
    if (json_read_object(line, len, &body, &fault) != ERR_OK)
        return;
    enum err err = submission_read(body, JSON_MAY_MISS, &report, &id, &fault);
    need(err == ERR_OK || ((err == ERR_MALFORMED || err == ERR_TOO_BIG) && fault.field && fault.says));
    if (err == ERR_OK) {
        struct report_origin origin = {.channel = "partner", .organisation = "p", .round = "r", .id = id};
        need(!id || (*id && strlen(id) <= LIMIT_PARTNER_ID));
        need(report_inside(&report, &origin, 1700000000, &inside) == ERR_OK);
        need(message_read(buf_text(&inside), inside.len, &message) == ERR_OK);
        need(strcmp(message.text, report.text) == 0 && strcmp(message.kind, "consultation") == 0);
        need(json_equal(message.answers, report.answers));
        message_free(&message);
        report_free(&report);
    }
    buf_free(&inside);
    json_decref(body);
}

static void take_lines(struct ndjson *lines, struct buf *told)
{
    const char *line;
    size_t len;
    enum err err;
    while ((err = ndjson_next(lines, &line, &len)) == ERR_OK || err == ERR_TOO_BIG) {
        need(buf_addf(told, "%u ", lines->lines) == ERR_OK);
        if (err == ERR_OK) {
            need(len <= LINE_MAX_HERE && !memchr(line, '\n', len) && buf_add(told, line, len) == ERR_OK);
            line_is_good(line, len);
        }
        need(buf_add_text(told, "\n") == ERR_OK);
    }
    need(err == (lines->ended ? ERR_NOT_FOUND : ERR_AGAIN));
}

static struct buf read_in_pieces(const uint8_t *data, size_t size, unsigned most)
{
    struct buf told = BUF_INIT(1 << 20);
    struct ndjson lines;
    struct fuzz_cuts cuts = fuzz_cuts(data, size);
    ndjson_init(&lines, 1 << 20, LINE_MAX_HERE);
    for (size_t at = 0; at < size;) {
        size_t len = most == 0 ? size : fuzz_cut(&cuts, size - at);
        need(ndjson_feed(&lines, data + at, len) == ERR_OK);
        take_lines(&lines, &told);
        at += len;
    }
    ndjson_end(&lines);
    take_lines(&lines, &told);
    ndjson_free(&lines);
    return told;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buf whole = read_in_pieces(data, size, 0), other = read_in_pieces(data, size, 1);
    need(whole.len == other.len && memcmp(buf_text(&whole), buf_text(&other), whole.len) == 0);
    buf_free(&whole);
    buf_free(&other);
    return 0;
}
