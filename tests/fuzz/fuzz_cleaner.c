/* fuzz_cleaner.c -- any message to the process that cleans files, and any report that a tool which a file has taken
 * over could leave: what is read keeps within its limits, and what is said of it is JSON of our own words. */
#include "common/text/json.h"
#include "tests/fuzz/fuzz.h"
#include "triage/cleaner/ask.h"
#include "triage/cleaner/report.h"
#include "triage/cleaner/trade.h"

static void ask_holds(const uint8_t *data, size_t size)
{
    struct ask ask;
    if (ask_read(data, size, &ask) != ERR_OK)
        return;
    need(strchr("BPEGX", ask.op) && ask.op);
    need(strlen(ask.extension) <= CLEANER_EXTENSION_MAX && !strchr(ask.extension, '/') && !strchr(ask.extension, '.'));
    if (ask.op == 'B')
        need(ask.size > 0 && (ask.want == ASK_CLEAN || ask.want == ASK_PIXELS));
    if (ask.op == 'P')
        need(ask.len > 0 && ask.len <= CLEANER_PIECE_MAX && ask.bytes == data + 5 && ask.len == size - 5);
}

static void report_holds(const uint8_t *data, size_t size)
{
    struct report report;
    struct json_fault fault;
    json_t *said;
    struct buf out = BUF_INIT(512);
    uint8_t again[REPORT_BYTES];
    if (report_read(data, size, &report) != ERR_OK)
        return;
    (void)trade_find(report.type, "docx");
    report_put(&report, again);
    struct report same;
    need(report_read(again, sizeof again, &same) == ERR_OK && strcmp(same.type, report.type) == 0);
    report_say(&report, size, &out);
    need(json_read_object(out.bytes, out.len, &said, &fault) == ERR_OK);
    need(strcmp(json_string_value(json_object_get(said, "type")), report.type) == 0);
    json_decref(said);
    buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ask_holds(data, size);
    report_holds(data, size);
    return 0;
}
