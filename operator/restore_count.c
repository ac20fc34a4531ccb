/* restore_count.c -- see restore_count.h. The checks are those of `recourse audit verify`. */
#include "operator/restore_count.h"

#include <inttypes.h>
#include <string.h>

#include "common/base/mem.h"
#include "operator/audit_read.h"
#include "operator/house_public.h"
#include "operator/say.h"

static void say_log(const struct audit_tree_counts *log)
{
    if (!log->signed_day[0]) {
        say("Log entries: %" PRIu64 ". There is no checkpoint to hold them against.", log->leaves);
        return;
    }
    uint64_t there = log->leaves < log->signed_size ? log->leaves : log->signed_size;
    say("Log entries: %" PRIu64 " of the %" PRIu64 " that the last checkpoint, of %s, was signed for; %" PRIu64
        " newer ones, %" PRIu64 " waiting for a place.",
        there, log->signed_size, log->signed_day, log->leaves - there, log->waiting);
    if (log->leaves < log->signed_size)
        say("MISSING: %" PRIu64 " entries after entry %" PRIu64 " are not in this copy. It is older than that "
            "checkpoint: what was reported, answered and decided since then is not here.",
            log->signed_size - log->leaves, log->leaves);
}

int restore_count(const struct house *house, const struct args_list *more)
{
    struct audit_reading reading;
    struct audit_report report;
    struct manifest *manifest = mem_new(sizeof *manifest);
    house_public_manifest(house, manifest);
    audit_read_open(&reading, house, more);
    struct audit_source source = audit_read_source(&reading);
    if (audit_verify(manifest, &source, &report) != ERR_OK)
        err_die("The list of keys names none for checkpoints.");
    audit_read_close(&reading);
    say_log(&report.log);
    audit_verify_say_cases(&report);
    say("Staff records: %" PRIu64 ". Versions of impacts: %" PRIu64
        ". Signed counts of rows, with as many rows: %" PRIu64 ".",
        report.records, report.impacts, report.counts);
    for (size_t i = 0; i < report.found.kept; i++)
        say("WRONG: %s", report.found.sentences[i]);
    if (report.found.count > report.found.kept)
        say("WRONG: and %" PRIu64 " more.", report.found.count - report.found.kept);
    int is_whole = report.found.count == 0;
    audit_findings_free(&report.found);
    mem_free(manifest);
    return is_whole;
}
