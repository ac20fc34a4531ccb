/* log.h -- log lines of key=value that cannot carry content.
 *
 * A field is a number, a literal in our own source, an `enum err`, or a short identifier (letters, digits, _ - . :);
 * there is no way to hand it a text from outside: what a person wrote, a number, an address or a receipt does not
 * compile, or comes out as "-". No time of day either: whoever keeps the log may stamp its lines.
 *
 *   log_info("connection_end", LOG_WORD("cause", "too_slow"), LOG_NUM("open", 12)); */
#ifndef COMMON_BASE_LOG_H
#define COMMON_BASE_LOG_H

#include <stdint.h>

#include "common/base/err.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

struct log_field {
    const char *key, *name;
    int64_t number;
};

#define LOG_NUM(key, value)    ((struct log_field){"" key "", 0, (int64_t)(value)})
#define LOG_WORD(key, literal) ((struct log_field){"" key "", "" literal "", 0})
#define LOG_ERR(value)         ((struct log_field){"err", err_name(value), 0})
/* For our own names that are data: desk codes, statement names, SQLSTATE, channel names. Filtered and cut at 48. */
#define LOG_NAME(key, value) ((struct log_field){"" key "", log_identifier(value), 0})

#define log_at(level, what, ...)                                                                                       \
    log_write((level), "" what "", (const struct log_field[]){{0}, ##__VA_ARGS__},                                     \
              sizeof((const struct log_field[]){{0}, ##__VA_ARGS__}) / sizeof(struct log_field))
#define log_debug(what, ...) log_at(LOG_DEBUG, what, ##__VA_ARGS__)
#define log_info(what, ...)  log_at(LOG_INFO, what, ##__VA_ARGS__)
#define log_warn(what, ...)  log_at(LOG_WARN, what, ##__VA_ARGS__)
#define log_error(what, ...) log_at(LOG_ERROR, what, ##__VA_ARGS__)

/* Once at start: who speaks ("intake"), the least level shown; libevent's own messages are sent the same way. */
void log_open(const char *room, enum log_level least);
void log_write(enum log_level level, const char *what, const struct log_field *fields, unsigned count);
/* The value itself if it is a short identifier of ours, else "-". An identifier has at most 48 of letters, digits and
 * _ - . : ; it begins with a letter (or is an SQLSTATE, five letters and digits) and holds at most five digits and one
 * colon, so that no phone number, receipt, network address or id of a report passes for one. */
const char *log_identifier(const char *value);

#endif
