/* alarm.c -- see alarm.h. */
#include "triage/vault/alarm.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "common/base/mem.h"
#include "common/base/rng.h"

enum { CODES = 1000000 };

int alarm_is_due(struct alarm *alarm, const struct alarm_waiting *waiting, const struct alarm_rhythm *rhythm,
                 int64_t now)
{
    if (waiting->unknown == 0) {
        alarm->sent = 0;
        return 0;
    }
    if (alarm->sent == 0)
        return 1;
    int64_t least =
        waiting->newest > alarm->told && rhythm->gather_s < rhythm->repeat_s ? rhythm->gather_s : rhythm->repeat_s;
    /* A clock that was set back is no reason for silence. */
    return now - alarm->sent_at >= least || now < alarm->sent_at;
}

void alarm_begin(struct alarm *alarm)
{
    if (alarm->sent > 0)
        return;
    memcpy(alarm->before, alarm->code, sizeof alarm->before);
    snprintf(alarm->code, sizeof alarm->code, "%06u", (unsigned)rng_below(CODES) % CODES);
    alarm->wrong = 0;
}

void alarm_sent(struct alarm *alarm, const struct alarm_waiting *waiting, int64_t now)
{
    if (alarm->sent == 0) {
        alarm->began_at = now;
        alarm->pushed = 0;
    }
    alarm->sent++;
    alarm->sent_at = now;
    alarm->told = waiting->newest;
}

void alarm_failed(struct alarm *alarm, const struct alarm_rhythm *rhythm, int64_t now, int64_t after_s)
{
    alarm->sent_at = now - rhythm->repeat_s + after_s;
    if (alarm->sent_at > now)
        alarm->sent_at = now;
}

size_t alarm_reach(const struct alarm *alarm, const struct alarm_rhythm *rhythm, size_t people, int64_t now)
{
    uint64_t reach = 1;
    if (alarm->sent > 0)
        reach += alarm->pushed;
    if (alarm->sent > 0 && rhythm->next_s > 0 && now > alarm->began_at)
        reach += (uint64_t)((now - alarm->began_at) / rhythm->next_s);
    return reach < people ? (size_t)reach : people;
}

void alarm_push(struct alarm *alarm)
{
    alarm->pushed++;
}

void alarm_anew(struct alarm *alarm)
{
    alarm->sent = 0;
}

void alarm_acknowledge(struct alarm *alarm, uint64_t newest)
{
    alarm->known = newest;
    alarm->sent = 0;
}

int alarm_code_fits(struct alarm *alarm, const char *code)
{
    if (alarm->wrong >= ALARM_WRONG_MAX)
        return 0;
    int fits = strlen(code) == ALARM_CODE && ((*alarm->code && mem_same(alarm->code, code, ALARM_CODE)) ||
                                              (*alarm->before && mem_same(alarm->before, code, ALARM_CODE)));
    alarm->wrong += !fits;
    return fits;
}

static const char *past_blanks(const char *text)
{
    return text + strspn(text, " \t\r\n.,:");
}

const char *alarm_code_in(const char *text, char out[static ALARM_CODE + 1])
{
    text = past_blanks(text);
    if (strncasecmp(text, "ok", 2) != 0)
        return NULL;
    text = past_blanks(text + 2);
    if (strspn(text, "0123456789") != ALARM_CODE || *past_blanks(text + ALARM_CODE))
        return NULL;
    memcpy(out, text, ALARM_CODE);
    out[ALARM_CODE] = '\0';
    return out;
}
