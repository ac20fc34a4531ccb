/* log.c -- see log.h. One write(2) a line to stderr, so that lines of several workers never mix. */
#include "common/base/log.h"

#include <event2/event.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LOG_LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define LOG_DIGITS  "0123456789"

static const char *log_room = "recourse";
static enum log_level log_least = LOG_INFO;
static const char *const level_names[] = {"debug", "info", "warn", "error"};

const char *log_identifier(const char *value)
{
    size_t len = value ? strlen(value) : 0;
    unsigned digits = 0, colons = 0;
    if (len == 0 || len > 48)
        return "-";
    for (const char *c = value; *c; c++) {
        if (!strchr(LOG_LETTERS LOG_DIGITS "_-.:", *c))
            return "-";
        digits += *c >= '0' && *c <= '9';
        colons += *c == ':';
    }
    int is_sqlstate = len == 5 && strspn(value, LOG_LETTERS LOG_DIGITS) == 5;
    if (digits > 5 || colons > 1 || (!is_sqlstate && !strchr(LOG_LETTERS, *value)))
        return "-";
    return value;
}

void log_write(enum log_level level, const char *what, const struct log_field *fields, unsigned count)
{
    if (level < log_least)
        return;
    char line[512];
    size_t at = 0;
    int put = snprintf(line, sizeof line, "level=%s room=%s what=%s", level_names[level], log_room, what);
    at = (size_t)put;
    for (unsigned i = 0; i < count && at < sizeof line - 2; i++) {
        if (!fields[i].key)
            continue;
        if (fields[i].name)
            put = snprintf(line + at, sizeof line - at - 1, " %s=%s", fields[i].key, fields[i].name);
        else
            put = snprintf(line + at, sizeof line - at - 1, " %s=%lld", fields[i].key, (long long)fields[i].number);
        at += (size_t)put;
    }
    if (at > sizeof line - 2)
        at = sizeof line - 2;
    line[at++] = '\n';
    ssize_t ignored = write(STDERR_FILENO, line, at);
    (void)ignored;
}

/* libevent's texts name files and errors of its own, never content; but none is needed, so only their level is kept. */
static void log_from_libevent(int severity, const char *text)
{
    (void)text;
    if (severity >= EVENT_LOG_WARN)
        log_warn("libevent", LOG_NUM("severity", severity));
}

void log_open(const char *room, enum log_level least)
{
    log_room = log_identifier(room);
    log_least = least;
    event_set_log_callback(log_from_libevent);
}
