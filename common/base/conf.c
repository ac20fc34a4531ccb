/* conf.c -- see conf.h. inih splits the lines; this file hands them over one by one, so that it knows each line's
 * number, and refuses everything that no row declares. Neighbours: file.h reads, num.h turns text into numbers. */
#include "common/base/conf.h"

#include <ini.h>
#include <inttypes.h>
#include <libgen.h>
#include <limits.h>
#include <stdarg.h>
#include <string.h>
#include <strings.h>

#include "common/base/buf.h"
#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/base/num.h"

enum { CONF_FILE_MAX = 64 * 1024, CONF_SAYS = 256, CONF_ROWS_MAX = 256 };
/* Each setting takes at least two bytes of the file ("k="), and at most its key, its section's name and line ends here.
 */
enum { CONF_NAMED_MAX = CONF_FILE_MAX / 2 * (64 + 4) + CONF_FILE_MAX };

#define CONF_NOT_A_LINE "the line is neither a [section] nor a setting = value"

struct conf_reading {
    const char *path;
    const char *left; /* what inih has not been given yet */
    int line;
    char *says;
    enum err err;
    char section[64];
    /* for conf_load */
    const struct conf_row *rows;
    char *settings;
    uint8_t seen[CONF_ROWS_MAX];
    /* for conf_each */
    const char *prefix;
    struct buf named; /* every section and key so far, each after a line end */
    conf_each_fn *each;
    void *room;
};

/* ---- sentences ---- */

static const char *conf_file_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* The first fault is the one told: later ones often follow from it. */
__attribute__((format(printf, 2, 3))) static void conf_fault(struct conf_reading *r, const char *format, ...)
{
    if (r->err != ERR_OK)
        return;
    r->err = ERR_MALFORMED;
    int at = r->line ? snprintf(r->says, CONF_SAYS, "%.60s:%d: ", conf_file_name(r->path), r->line)
                     : snprintf(r->says, CONF_SAYS, "%.60s: ", conf_file_name(r->path));
    va_list args;
    va_start(args, format);
    vsnprintf(r->says + at, (size_t)(CONF_SAYS - at), format, args);
    va_end(args);
}

/* ---- one value ---- */

static int conf_parse_number(const char *text, int64_t min, int64_t max, int64_t *out)
{
    uint64_t value;
    int minus = *text == '-';
    if (num_parse(text + minus, strlen(text + minus), 0, INT64_MAX, &value) != ERR_OK)
        return 0;
    *out = minus ? -(int64_t)value : (int64_t)value;
    return *out >= min && *out <= max;
}

static int conf_parse_bool(const char *text, int *out)
{
    static const struct {
        const char *text;
        int value;
    } words[] = {{"yes", 1}, {"no", 0}, {"true", 1}, {"false", 0}, {"1", 1}, {"0", 0}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcasecmp(text, words[i].text) == 0) {
            *out = words[i].value;
            return 1;
        }
    return 0;
}

static char *conf_resolve(const char *config_path, const char *value)
{
    if (*value == '/' || *value == 0)
        return mem_copy_text(value);
    char *copy = mem_copy_text(config_path);
    struct buf whole = BUF_INIT(PATH_MAX * 2);
    need(buf_addf(&whole, "%s/%s", dirname(copy), value) == ERR_OK);
    char *resolved = mem_copy_text(buf_text(&whole));
    buf_free(&whole);
    mem_free(copy);
    return resolved;
}

static void conf_set_text(char **at, char *value)
{
    mem_free(*at);
    *at = value;
}

static void conf_set(struct conf_reading *r, const struct conf_row *row, const char *value)
{
    char *at = r->settings + row->offset;
    switch (row->kind) {
    case CONF_NUMBER:
        if (!conf_parse_number(value, row->min, row->max, (int64_t *)(void *)at))
            conf_fault(r, "[%s] %s must be %" PRId64 " to %" PRId64, row->section, row->key, row->min, row->max);
        break;
    case CONF_BOOL:
        if (!conf_parse_bool(value, (int *)(void *)at))
            conf_fault(r, "[%s] %s must be yes or no", row->section, row->key);
        break;
    case CONF_TEXT:
        if (row->max && strlen(value) > (size_t)row->max)
            conf_fault(r, "[%s] %s must have at most %" PRId64 " bytes", row->section, row->key, row->max);
        else
            conf_set_text((char **)(void *)at, mem_copy_text(value));
        break;
    case CONF_PATH:
        conf_set_text((char **)(void *)at, conf_resolve(r->path, value));
        break;
    }
}

/* ---- lines and settings ---- */

/* "[channel kannel-1]" belongs to the prefix "channel"; returns "kannel-1", or NULL. */
static const char *conf_name_in(const char *section, const char *prefix)
{
    size_t len = strlen(prefix);
    return strncmp(section, prefix, len) == 0 && section[len] == ' ' ? section + len + 1 : NULL;
}

static int conf_row_repeats(const struct conf_row *row)
{
    return strcmp(row->key, "*") == 0;
}

/* inih cuts names of sections silently; this keeps the whole one, and refuses what does not fit. */
static void conf_note_section(struct conf_reading *r, const char *line)
{
    const char *end = strchr(line, ']');
    if (!end) {
        conf_fault(r, CONF_NOT_A_LINE);
        return;
    }
    size_t len = (size_t)(end - line - 1);
    if (len > 48) {
        conf_fault(r, "the name of a section must have at most 48 bytes");
        return;
    }
    memcpy(r->section, line + 1, len);
    r->section[len] = 0;
    int known = r->rows == NULL;
    for (const struct conf_row *row = r->rows; !known && row->key; row++)
        known = conf_row_repeats(row) ? conf_name_in(r->section, row->section) != NULL
                                      : strcmp(row->section, r->section) == 0;
    if (!known)
        conf_fault(r, "there is no section [%s]", r->section);
}

/* An ini_reader: one whole line without the blanks in front (to inih they would mean a continued value). */
static char *conf_next_line(char *to, int room, void *stream)
{
    struct conf_reading *r = stream;
    if (r->err != ERR_OK || *r->left == 0)
        return NULL;
    r->line++;
    size_t len = strcspn(r->left, "\n");
    const char *line = r->left;
    r->left += len + (r->left[len] == '\n');
    if (len && line[len - 1] == '\r')
        len--;
    while (len && (*line == ' ' || *line == '\t')) {
        line++;
        len--;
    }
    if (len + 2 > (size_t)room) {
        conf_fault(r, "the line is longer than %d bytes", room - 2);
        return NULL;
    }
    memcpy(to, line, len);
    memcpy(to + len, "\n", 2);
    if (*to == '[')
        conf_note_section(r, to);
    return to;
}

/* To inih "= value" is a setting without a name. */
static int conf_has_key(struct conf_reading *r, const char *key)
{
    if (*key == 0)
        conf_fault(r, CONF_NOT_A_LINE);
    return *key != 0;
}

static int conf_load_setting(void *user, const char *section, const char *key, const char *value)
{
    struct conf_reading *r = user;
    (void)section;
    if (!conf_has_key(r, key))
        return 0;
    for (const struct conf_row *row = r->rows; row->key; row++) {
        if (conf_row_repeats(row)) {
            if (conf_name_in(r->section, row->section))
                return 1;
            continue;
        }
        if (strcmp(row->section, r->section) != 0 || strcmp(row->key, key) != 0)
            continue;
        if (r->seen[row - r->rows]++)
            conf_fault(r, "[%s] %s is set twice", row->section, row->key);
        else
            conf_set(r, row, value);
        return r->err == ERR_OK;
    }
    conf_fault(r, "there is no setting %.48s in [%s]", key, r->section);
    return 0;
}

/* 1 if this section had this key before; it is known from now on. */
static int conf_is_named_again(struct conf_reading *r, const char *key)
{
    struct buf one = BUF_INIT(CONF_FILE_MAX);
    need(buf_addf(&one, "\n%s\n%s\n", r->section, key) == ERR_OK);
    int again = r->named.len && memmem(r->named.bytes, r->named.len, one.bytes, one.len) != NULL;
    need(again || buf_add(&r->named, one.bytes, one.len) == ERR_OK);
    buf_free(&one);
    return again;
}

static int conf_each_setting(void *user, const char *section, const char *key, const char *value)
{
    struct conf_reading *r = user;
    (void)section;
    if (!conf_has_key(r, key))
        return 0;
    const char *name = conf_name_in(r->section, r->prefix);
    if (!name)
        return 1;
    const char *why = conf_is_named_again(r, key) ? "is set twice" : r->each(r->room, name, key, value);
    if (why)
        conf_fault(r, "[%s] %.48s %.80s", r->section, key, why);
    return r->err == ERR_OK;
}

static void conf_read(struct conf_reading *r, ini_handler handler)
{
    struct buf whole = BUF_INIT(CONF_FILE_MAX);
    enum err err = file_read(r->path, &whole);
    r->says[0] = 0;
    if (err == ERR_OK && memchr(buf_text(&whole), 0, whole.len))
        err = ERR_MALFORMED;
    if (err != ERR_OK) {
        conf_fault(r, "cannot be read: %s", err_says(err));
        r->err = err == ERR_TOO_BIG ? ERR_MALFORMED : err;
    }
    static const char mark[] = "\xef\xbb\xbf"; /* some editors put it in front */
    r->left = buf_text(&whole);
    if (strncmp(r->left, mark, 3) == 0)
        r->left += 3;
    int bad_line = ini_parse_stream(conf_next_line, r, handler, r);
    if (bad_line > 0 && r->err == ERR_OK) {
        r->line = bad_line;
        conf_fault(r, CONF_NOT_A_LINE);
    }
    buf_free(&whole);
}

/* ---- public ---- */

enum err conf_load(const struct conf_row *rows, const char *path, void *settings, char says[static 256])
{
    struct conf_reading r = {.path = path, .says = says, .rows = rows, .settings = settings};
    for (const struct conf_row *row = rows; row->key; row++)
        need(row - rows < CONF_ROWS_MAX);
    conf_read(&r, conf_load_setting);
    r.line = 0;
    for (const struct conf_row *row = rows; row->key && r.err == ERR_OK; row++) {
        if (r.seen[row - rows] || conf_row_repeats(row))
            continue;
        if (row->initial)
            conf_set(&r, row, row->initial);
        else
            conf_fault(&r, "[%s] %s must be set", row->section, row->key);
    }
    if (r.err != ERR_OK)
        conf_free(rows, settings);
    return r.err;
}

static size_t conf_size_of(const struct conf_row *row)
{
    static const size_t sizes[] = {[CONF_NUMBER] = sizeof(int64_t),
                                   [CONF_BOOL] = sizeof(int),
                                   [CONF_TEXT] = sizeof(char *),
                                   [CONF_PATH] = sizeof(char *)};
    return sizes[row->kind];
}

static int conf_is_text(const struct conf_row *row)
{
    return row->kind == CONF_TEXT || row->kind == CONF_PATH;
}

static char **conf_text_at(const struct conf_row *row, void *settings)
{
    return (char **)(void *)((char *)settings + row->offset);
}

static int conf_is_same(const struct conf_row *row, void *a, void *b)
{
    if (conf_is_text(row))
        return strcmp(*conf_text_at(row, a), *conf_text_at(row, b)) == 0;
    return memcmp((char *)a + row->offset, (char *)b + row->offset, conf_size_of(row)) == 0;
}

enum err conf_reload(const struct conf_row *rows, const char *path, void *settings, char says[static 256])
{
    size_t size = 0;
    for (const struct conf_row *row = rows; row->key; row++)
        if (!conf_row_repeats(row) && row->offset + conf_size_of(row) > size)
            size = row->offset + conf_size_of(row);
    char *fresh = mem_new(size);
    enum err err = conf_load(rows, path, fresh, says);
    for (const struct conf_row *row = rows; row->key && err == ERR_OK; row++)
        if (!conf_row_repeats(row) && !row->reloadable && !conf_is_same(row, settings, fresh)) {
            snprintf(says, CONF_SAYS, "%.60s: [%s] %s changes only with a restart", conf_file_name(path), row->section,
                     row->key);
            err = ERR_CONFLICT;
        }
    for (const struct conf_row *row = rows; row->key && err == ERR_OK; row++) {
        if (conf_row_repeats(row) || !row->reloadable)
            continue;
        /* Swap: conf_free() below then lets the old text go. */
        uint8_t old[sizeof(int64_t)];
        char *ours = (char *)settings + row->offset, *theirs = fresh + row->offset;
        memcpy(old, ours, conf_size_of(row));
        memcpy(ours, theirs, conf_size_of(row));
        memcpy(theirs, old, conf_size_of(row));
    }
    conf_free(rows, fresh);
    mem_free(fresh);
    return err;
}

enum err conf_each(const char *path, const char *prefix, conf_each_fn *each, void *room, char says[static 256])
{
    struct conf_reading r = {.path = path, .says = says, .prefix = prefix, .each = each, .room = room};
    r.named = (struct buf)BUF_INIT(CONF_NAMED_MAX);
    conf_read(&r, conf_each_setting);
    buf_free(&r.named);
    return r.err;
}

void conf_free(const struct conf_row *rows, void *settings)
{
    for (const struct conf_row *row = rows; row->key; row++) {
        if (conf_row_repeats(row))
            continue;
        if (conf_is_text(row))
            mem_free(*conf_text_at(row, settings));
        memset((char *)settings + row->offset, 0, conf_size_of(row));
    }
}

static void conf_print_range(const struct conf_row *row, FILE *to)
{
    if (row->kind == CONF_NUMBER)
        fprintf(to, " (%" PRId64 " to %" PRId64 ")", row->min, row->max);
    if (row->kind == CONF_BOOL)
        fputs(" (yes or no)", to);
    if (row->reloadable)
        fputs(" (may change at SIGHUP)", to);
    fputc('\n', to);
}

void conf_print(const struct conf_row *rows, FILE *to)
{
    const char *section = "";
    for (const struct conf_row *row = rows; row->key; row++) {
        const char *help = row->help ? row->help : row->key;
        if (conf_row_repeats(row)) {
            fprintf(to, "\n; [%s NAME] as often as needed: %s\n", row->section, help);
            continue;
        }
        if (strcmp(section, row->section) != 0)
            fprintf(to, "\n[%s]\n", row->section);
        section = row->section;
        fprintf(to, "; %s", help);
        conf_print_range(row, to);
        if (row->initial)
            fprintf(to, "%s = %s\n", row->key, row->initial);
        else
            fprintf(to, "; required:\n;%s =\n", row->key);
    }
}
