/* restore_keys.c -- see restore_keys.h. recourse keys restore, for a copy that was restored without keys, or where a
 * file was lost; and recourse backup verify. */
#include "operator/restore_keys.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/file.h"
#include "operator/args.h"
#include "operator/audit_findings.h"
#include "operator/backup_check.h"
#include "operator/backup_marker.h"
#include "operator/commands.h"
#include "operator/progress.h"
#include "operator/say.h"

void restore_keys_put(const struct house *house, struct restore_read *secrets, struct restore_filled *filled)
{
    char id[BACKUP_MARKER_ID] = "", day[16] = "";
    struct buf marker = BUF_INIT(BACKUP_MARKER_MAX);
    restore_fill_keys(house, secrets, filled);
    /* What was left alone may be newer. */
    if (filled->keys_left_alone == 0 && backup_fact(buf_text(&secrets->facts), "keys", id, sizeof id) &&
        backup_fact(buf_text(&secrets->facts), "made", day, sizeof day) && clock_parse(day) > 0) {
        backup_marker_take(house, id, clock_parse(day), &marker);
        backup_marker_keep(house, &marker);
    }
    buf_free(&marker);
    say("%" PRIu64 " files of keys are back, each for the process that needs it.", filled->files);
    if (filled->left_alone)
        say("%" PRIu64 " were there already and stay as they are.", filled->left_alone);
    if (filled->unknown)
        say("%" PRIu64 " are of desks that recourse.ini does not know, and were left out.", filled->unknown);
}

static void need_same_root(const struct house *house, const struct restore_read *secrets)
{
    char path[HOUSE_PATH];
    struct buf root = BUF_INIT(256);
    house_path(house, path, "keys/root.public");
    if (file_read(path, &root) != ERR_OK || root.len != secrets->root.len ||
        memcmp(buf_text(&root), buf_text(&secrets->root), root.len) != 0)
        err_die("%s is not of this installation.", secrets->path);
    buf_free(&root);
}

int command_keys_restore(struct house *house, int argc, char *const *argv, const char *usage)
{
    const char *path = NULL;
    const struct args_row rows[] = {{"FILE", ARGS_PLACE, &path, 1}, {0}};
    struct restore_read secrets;
    struct restore_filled filled;
    struct audit_findings found = {0};
    args_read(rows, argc, argv, usage);
    restore_read_begin(&secrets, BACKUP_KEYS, path, NULL);
    need_same_root(house, &secrets);
    restore_keys_put(house, &secrets, &filled);
    restore_read_end(&secrets);
    backup_check_keys(house, NULL, &found);
    for (size_t i = 0; i < found.kept; i++)
        say("WRONG: %s", found.sentences[i]);
    int code = found.count != 0;
    audit_findings_free(&found);
    return code;
}

/* The size in a checkpoint's text: its second line. */
static void say_checkpoint(const struct restore_read *read)
{
    char entries[24] = "0";
    const char *text = buf_text(&read->checkpoint), *second = strchr(text, '\n');
    (void)backup_fact(buf_text(&read->ending), "table-audit_seq", entries, sizeof entries);
    if (second)
        say("Log entries: %s. The checkpoint in it was signed for %.*s.", entries, (int)strcspn(second + 1, "\n"),
            second + 1);
}

int command_backup_verify(struct house *house, int argc, char *const *argv, const char *usage)
{
    const char *path = NULL, *key = NULL;
    const struct args_row rows[] = {{"FILE", ARGS_PLACE, &path, 1}, {"--key", ARGS_TEXT, &key, 0}, {0}};
    struct restore_read read;
    char made[16] = "?", build[32] = "?", office[16] = "?", size[PROGRESS_SIZE], cases[24] = "0";
    (void)house;
    args_read(rows, argc, argv, usage);
    restore_read_begin(&read, key ? BACKUP_ROWS : BACKUP_KEYS, path, key);
    (void)backup_fact(buf_text(&read.facts), "made", made, sizeof made);
    (void)backup_fact(buf_text(&read.facts), "build", build, sizeof build);
    (void)backup_fact(buf_text(&read.facts), "office", office, sizeof office);
    (void)backup_fact(buf_text(&read.ending), "table-sealed_case", cases, sizeof cases);
    progress_size(read.bytes, size);
    say("%s is whole: %s of office %s, made on %s by version %s, %s.", path, key ? "rows" : "keys", office, made, build,
        size);
    if (key) {
        say("%" PRIu64 " rows in %" PRIu64 " tables, %s cases among them, and %" PRIu64 " files.", read.rows,
            read.tables, cases, read.files);
        say_checkpoint(&read);
        (void)restore_migrations(&read);
        say("This version can restore it.");
    } else {
        say("%" PRIu64 " files.", read.files);
    }
    restore_read_end(&read);
    return 0;
}
