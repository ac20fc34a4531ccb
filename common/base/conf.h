/* conf.h -- configuration: one table per process, read from an INI file.
 *
 * A room declares its settings as rows (section, key, kind, where to put it, default, range, reloadable, one line of
 * help) and gets a filled struct, or a sentence that names file, line and setting. An unknown setting is an error.
 * Values that are secrets are never in the file: the setting names a file (kind CONF_PATH). */
#ifndef COMMON_BASE_CONF_H
#define COMMON_BASE_CONF_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "common/base/err.h"

enum conf_kind {
    CONF_NUMBER, /* int64_t, within min..max */
    CONF_BOOL,   /* int; yes/no/true/false/1/0 */
    CONF_TEXT,   /* char *, owned, never NULL; at most max bytes (0: only the line's limit) */
    CONF_PATH,   /* char *, owned, never NULL; relative ones are taken from the file's folder; "" stays "" */
};

struct conf_row {
    const char *section, *key;
    enum conf_kind kind;
    size_t offset;       /* offsetof() in the room's struct */
    const char *initial; /* default as text, within the row's own limits; NULL: the setting is required */
    int64_t min, max;
    int reloadable; /* may change at SIGHUP; others need a restart and a change of them is refused at reload */
    const char *help;
};

/* Fill `settings` (zeroed by the caller) from `path`. `rows` ends with a row whose key is NULL. On error `says` holds a
 * sentence for the operator ("recourse-intake.ini:12: [http] port must be 1 to 65535") that never repeats a value, and
 * nothing is left to free. ERR_NOT_FOUND, ERR_SYSTEM when it cannot be read, ERR_MALFORMED. A file has at most 64 KiB,
 * a line 197 bytes; blanks in front of a line mean nothing; " ;" begins a comment; a setting stands once. */
MUST_CHECK enum err conf_load(const struct conf_row *rows, const char *path, void *settings, char says[static 256]);
/* At SIGHUP: read again. The reloadable settings change, all of them or, on any error, none; ERR_CONFLICT names a
 * setting that differs and needs a restart. Texts of reloadable settings are freed: borrow them no longer than a turn.
 */
MUST_CHECK enum err conf_reload(const struct conf_row *rows, const char *path, void *settings, char says[static 256]);
/* Sections that repeat under free names, such as [channel kannel-1]: call `each` for every key of sections whose name
 * begins with `prefix` and a space, a key that its section has had already is a fault. `each` returns NULL or why the
 * value is wrong. Such sections are skipped by
 * conf_load when the prefix is listed in a row {prefix, "*", ...}. */
typedef const char *conf_each_fn(void *room, const char *name, const char *key, const char *value);
MUST_CHECK enum err conf_each(const char *path, const char *prefix, conf_each_fn *each, void *room,
                              char says[static 256]);
/* Free the owned texts; zero the struct's fields. */
void conf_free(const struct conf_row *rows, void *settings);
/* The table as a commented INI file with defaults: what --print-config shows. */
void conf_print(const struct conf_row *rows, FILE *to);

#endif
