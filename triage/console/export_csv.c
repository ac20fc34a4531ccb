/* export_csv.c -- see export_csv.h. */
#include "triage/console/export_csv.h"

#include <string.h>

#include "common/base/mem.h"

static const char *const cases[] = {"case",
                                    "desk",
                                    "state",
                                    "lane",
                                    "kind",
                                    "channel",
                                    "language",
                                    "arrived",
                                    "held",
                                    "assessed",
                                    "floor",
                                    "danger_now",
                                    "grave",
                                    "ongoing",
                                    "scale",
                                    "scope",
                                    "irremediability",
                                    "likelihood",
                                    "by",
                                    "look_due",
                                    "look_reached",
                                    "look_late",
                                    "contact_due",
                                    "contact_reached",
                                    "contact_late",
                                    "acknowledge_due",
                                    "acknowledge_reached",
                                    "acknowledge_late",
                                    "outcome_due",
                                    "outcome_reached",
                                    "outcome_late",
                                    "receiver_due",
                                    "receiver_reached",
                                    "receiver_late",
                                    "decided",
                                    "impacts",
                                    "messages",
                                    "round",
                                    "synthetic",
                                    NULL};
static const char *const messages[] = {"case", "n", "from", "day", "language", "text", "answers", "unopened", NULL};
static const char *const impacts[] = {
    "impact", "title",   "state",    "likelihood",      "stage", "rights",     "technologies", "technology",  "groups",
    "what",   "scale",   "scope",    "irremediability", "grave", "danger_now", "people_low",   "people_high", "cases",
    "open",   "overdue", "drifting", "assessed",        NULL};
static const char *const actions[] = {"action",    "impact",  "title",  "entity",  "name", "type",      "what",
                                      "owner",     "due",     "state",  "overdue", "open", "consulted", "consultation",
                                      "indicator", "outcome", "reason", "tried",   NULL};

static const struct {
    const char *what;
    const char *const *columns;
} lists[] = {{"cases", cases}, {"messages", messages}, {"impacts", impacts}, {"actions", actions}};

const char *const *export_columns(const char *what)
{
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        if (strcmp(lists[i].what, what) == 0)
            return lists[i].columns;
    return NULL;
}

/* ---- a cell ---- */

enum { CELL_MAX = 4 * 1024 * 1024 }; /* a message is smaller */

/* Bytes of a sign at `text` with which spreadsheets begin a formula; 0: none. The wide forms of East Asia count too. */
static size_t formula_sign(const char *text)
{
    static const char *const wide[] = {"\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d", "\xef\xbc\xa0"};
    if (*text && strchr("=+-@\t\r", *text))
        return 1;
    for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
        if (strncmp(text, wide[i], 3) == 0)
            return 3;
    return 0;
}

/* A program may cut at any of these, whatever stands in quotation marks for RFC 4180. */
static int may_part(char c)
{
    return c != 0 && strchr(",;|\t\r\n\"", c) != NULL;
}

/* In quotation marks, with an apostrophe in front of what could be taken for a formula. */
static enum err add_text(const char *text, struct buf *out)
{
    int begins = 1;
    enum err err = buf_add_text(out, "\"");
    for (const char *at = text; *at && err == ERR_OK; at++) {
        if (begins && formula_sign(at))
            err = buf_add_text(out, "'");
        if (err == ERR_OK && *at == '"')
            err = buf_add_text(out, "\"");
        if (err == ERR_OK)
            err = buf_add(out, at, 1);
        begins = may_part(*at) || (begins && *at == ' ');
    }
    return err == ERR_OK ? buf_add_text(out, "\"") : err;
}

/* Codes and ids beside each other in one cell. */
static enum err add_list(const json_t *list, struct buf *out)
{
    struct buf joined = BUF_INIT(64 * 1024);
    enum err err = ERR_OK;
    for (size_t i = 0; i < json_array_size(list) && err == ERR_OK; i++) {
        const char *one = json_string_value(json_array_get(list, i));
        err = buf_addf(&joined, "%s%s", i ? " " : "", one ? one : "");
    }
    if (err == ERR_OK && joined.len > 0)
        err = add_text(buf_text(&joined), out);
    buf_free(&joined);
    return err;
}

static enum err add_one(const json_t *said, struct buf *out)
{
    if (json_is_string(said))
        return buf_add_text(out, json_string_value(said));
    if (json_is_boolean(said))
        return buf_add_text(out, json_is_true(said) ? "yes" : "no");
    return json_is_number(said) ? buf_addf(out, "%.15g", json_number_value(said)) : ERR_OK;
}

/* What a person said or chose, in words. */
static enum err add_said(const json_t *said, struct buf *out)
{
    enum err err = add_one(said, out);
    for (size_t i = 0; i < json_array_size(said) && err == ERR_OK; i++) {
        err = i ? buf_add_text(out, ", ") : ERR_OK;
        if (err == ERR_OK)
            err = add_one(json_array_get(said, i), out);
    }
    return err;
}

static enum err add_answer(const char *asked, const json_t *said, struct buf *out)
{
    enum err err = buf_addf(out, "%s%s: ", out->len ? "\n" : "", asked);
    return err == ERR_OK ? add_said(said, out) : err;
}

/* The office's own questions, and not a question of a round that is called so. */
static int is_own(const char *asked, const json_t *said)
{
    return strcmp(asked, "own") == 0 && json_is_object(json_array_get(said, 0));
}

/* What was asked stands beside what was answered. */
static enum err add_own(const json_t *own, struct buf *out)
{
    enum err err = ERR_OK;
    for (size_t i = 0; i < json_array_size(own) && err == ERR_OK; i++) {
        const json_t *one = json_array_get(own, i);
        const char *asks = json_string_value(json_object_get(one, "asks"));
        err = add_answer(asks ? asks : "", json_object_get(one, "says"), out);
    }
    return err;
}

/* What was answered in one cell, a line each. */
static enum err add_answers(json_t *answers, struct buf *out)
{
    struct buf lines = BUF_INIT(CELL_MAX);
    const char *asked;
    json_t *said;
    enum err err = ERR_OK;
    json_object_foreach(answers, asked, said) if (err == ERR_OK) err =
        is_own(asked, said) ? add_own(said, &lines) : add_answer(asked, said, &lines);
    if (err == ERR_OK && lines.len > 0)
        err = add_text(buf_text(&lines), out);
    buf_free(&lines);
    return err;
}

static enum err add_cell(json_t *value, struct buf *out)
{
    if (json_is_object(value))
        return add_answers(value, out);
    if (json_is_integer(value))
        return buf_addf(out, "%lld", (long long)json_integer_value(value));
    if (json_is_boolean(value))
        return buf_add_text(out, json_is_true(value) ? "yes" : "no");
    if (json_is_array(value))
        return add_list(value, out);
    const char *text = json_string_value(value);
    return text && *text ? add_text(text, out) : ERR_OK;
}

/* ---- the file ---- */

enum err export_csv_head(const char *what, struct buf *out)
{
    const char *const *columns = export_columns(what);
    enum err err = ERR_OK;
    need(columns != NULL); /* the form took it */
    for (size_t i = 0; columns[i] && err == ERR_OK; i++)
        err = buf_addf(out, "%s%s", i ? "," : "", columns[i]);
    return err == ERR_OK ? buf_add_text(out, "\r\n") : err;
}

enum err export_csv_rows(const char *what, const json_t *items, struct buf *out)
{
    const char *const *columns = export_columns(what);
    enum err err = ERR_OK;
    need(columns != NULL); /* the form took it */
    for (size_t row = 0; row < json_array_size(items) && err == ERR_OK; row++) {
        const json_t *item = json_array_get(items, row);
        for (size_t i = 0; columns[i] && err == ERR_OK; i++) {
            err = i ? buf_add_text(out, ",") : ERR_OK;
            if (err == ERR_OK)
                err = add_cell(json_object_get(item, columns[i]), out);
        }
        if (err == ERR_OK)
            err = buf_add_text(out, "\r\n");
    }
    return err;
}

/* As many cells as the others: RFC 4180 wants it so. */
enum err export_csv_end(const char *what, int64_t rows, int64_t left_out, struct buf *out)
{
    const char *const *columns = export_columns(what);
    enum err err = buf_addf(out, "end,%lld,%lld", (long long)rows, (long long)left_out);
    need(columns != NULL);
    for (size_t i = 3; columns[i] && err == ERR_OK; i++)
        err = buf_add_text(out, ",");
    return err == ERR_OK ? buf_add_text(out, "\r\n") : err;
}

enum err export_ndjson_rows(const json_t *items, struct buf *out)
{
    enum err err = ERR_OK;
    for (size_t i = 0; i < json_array_size(items) && err == ERR_OK; i++) {
        char *text = json_dumps(json_array_get(items, i), JSON_COMPACT);
        need(text != NULL);
        err = buf_add_text(out, text);
        if (err == ERR_OK)
            err = buf_add_text(out, "\n");
        mem_free(text);
    }
    return err;
}

enum err export_ndjson_end(int64_t rows, int64_t left_out, struct buf *out)
{
    return buf_addf(out, "{\"end\":true,\"rows\":%lld,\"left_out\":%lld}\n", (long long)rows, (long long)left_out);
}
