/* export_csv.h -- rows of an export as a file: CSV for spreadsheets, NDJSON for programs (docs/export.md).
 *
 * Pure. CSV is RFC 4180 in UTF-8 with the names of the columns first. Spreadsheets take a cell that begins with = + - @
 * for a formula and run it: in every text an apostrophe goes in front of what could become one, also behind the
 * separators of other countries. Numbers of ours stay numbers. Both forms end with a line that says how many rows there
 * are: a file without it was cut off. */
#ifndef TRIAGE_CONSOLE_EXPORT_CSV_H
#define TRIAGE_CONSOLE_EXPORT_CSV_H

#include <jansson.h>

#include "common/base/buf.h"

/* Names of the columns of that list ("cases", "messages", "impacts", "actions"), ends with NULL; NULL: no such list. */
const char *const *export_columns(const char *what);

/* The parts of a file, appended to `out`; errors of buf_add(). `items` is a list of flat objects. */
MUST_CHECK enum err export_csv_head(const char *what, struct buf *out);
MUST_CHECK enum err export_csv_rows(const char *what, const json_t *items, struct buf *out);
MUST_CHECK enum err export_csv_end(const char *what, int64_t rows, int64_t left_out, struct buf *out);
MUST_CHECK enum err export_ndjson_rows(const json_t *items, struct buf *out);
MUST_CHECK enum err export_ndjson_end(int64_t rows, int64_t left_out, struct buf *out);

#endif
