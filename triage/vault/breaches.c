/* breaches.c -- see breaches.h. A case's line has each stage's deadline in minutes and two bits of how it stands. */
#include "triage/vault/breaches.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "common/base/mem.h"

/* A hundred years from 1970; what is due later is not counted before it comes. */
enum { MONTHS = 1200, MINUTE = 60, MONTH_TEXT = 8 };

struct line {
    uint32_t due[DEADLINE_STAGES]; /* minutes since 1970 */
    uint16_t standing;             /* two bits for each stage */
    uint8_t escalated;             /* one */
};

struct month {
    uint32_t due[DEADLINE_STAGES], late[DEADLINE_STAGES];
};

struct breaches {
    struct line *lines; /* by case number */
    size_t count, room;
    struct month settled[MONTHS];
};

struct breaches *breaches_new(void)
{
    return mem_new(sizeof(struct breaches));
}

void breaches_free(struct breaches *b)
{
    if (!b)
        return;
    mem_free(b->lines);
    mem_free(b);
}

/* Months since 1970; MONTHS for what is out of reach. */
static unsigned month_of(uint32_t minutes)
{
    time_t at = (time_t)minutes * MINUTE;
    struct tm tm;
    if (!gmtime_r(&at, &tm) || tm.tm_year < 70 || tm.tm_year >= 70 + MONTHS / 12)
        return MONTHS;
    return (unsigned)((tm.tm_year - 70) * 12 + tm.tm_mon);
}

static enum stage_standing standing_of(const struct line *line, int stage)
{
    return (enum stage_standing)(line->standing >> (2 * stage) & 3);
}

/* What is settled into these months (`by` 1) or out of them (-1). */
static void count(struct month months[static MONTHS], const struct line *line, int by)
{
    for (int stage = 0; stage < DEADLINE_STAGES; stage++) {
        enum stage_standing standing = standing_of(line, stage);
        unsigned month = standing >= STAGE_IN_TIME ? month_of(line->due[stage]) : MONTHS;
        if (month == MONTHS)
            continue;
        months[month].due[stage] += (uint32_t)by;
        if (standing == STAGE_LATE)
            months[month].late[stage] += (uint32_t)by;
    }
}

void breaches_know(struct breaches *b, uint32_t number, const struct stage_fact *facts, unsigned escalated)
{
    struct line line = {.escalated = (uint8_t)escalated};
    for (int stage = 0; facts && stage < DEADLINE_STAGES; stage++) {
        if (facts[stage].standing == STAGE_NONE || facts[stage].due < 0 || facts[stage].due >= STAGES_NEVER)
            continue;
        line.due[stage] = (uint32_t)(facts[stage].due / MINUTE);
        line.standing = (uint16_t)(line.standing | facts[stage].standing << (2 * stage));
    }
    if (number >= b->room) {
        size_t room = b->room ? b->room : 64;
        while (room <= number)
            room *= 2;
        b->lines = mem_grow(b->lines, room * sizeof *b->lines);
        memset(b->lines + b->room, 0, (room - b->room) * sizeof *b->lines);
        b->room = room;
    }
    if (number >= b->count)
        b->count = (size_t)number + 1;
    count(b->settled, &b->lines[number], -1);
    b->lines[number] = line;
    count(b->settled, &line, 1);
}

/* Calls `fn` for what is open and late at `now`. */
typedef void late_fn(void *room, int stage, uint32_t due);

static void each_late(const struct breaches *b, int64_t now, const struct hidden *hidden, late_fn *fn, void *room)
{
    uint32_t minute = now < 0 ? 0 : (uint32_t)(now / MINUTE);
    for (size_t i = 0, next = 0; i < b->count; i++) {
        if (hidden && next < hidden->count && hidden->numbers[next] == i) {
            next++;
            continue;
        }
        for (int stage = 0; stage < DEADLINE_STAGES; stage++)
            if (b->lines[i].due[stage] < minute && standing_of(&b->lines[i], stage) == STAGE_OPEN)
                fn(room, stage, b->lines[i].due[stage]);
    }
}

static void add_late(void *room, int stage, uint32_t due)
{
    (void)due;
    ((size_t *)room)[stage]++;
}

void breaches_now(const struct breaches *b, int64_t now, size_t late[static DEADLINE_STAGES])
{
    memset(late, 0, DEADLINE_STAGES * sizeof *late);
    each_late(b, now, NULL, add_late, late);
}

static void add_to_month(void *room, int stage, uint32_t due)
{
    struct month *months = room;
    unsigned month = month_of(due);
    if (month == MONTHS)
        return;
    months[month].due[stage]++;
    months[month].late[stage]++;
}

static int is_empty(const struct month *month)
{
    for (int stage = 0; stage < DEADLINE_STAGES; stage++)
        if (month->due[stage])
            return 0;
    return 1;
}

static json_t *month_json(unsigned number, const struct month *month)
{
    char name[MONTH_TEXT + 1];
    snprintf(name, sizeof name, "%04u-%02u", 1970 + number / 12 % 8000, number % 12 + 1);
    json_t *stages = json_array(), *json = json_pack("{s:s,s:o}", "month", name, "stages", stages);
    need(json != NULL);
    for (int stage = 0; stage < DEADLINE_STAGES; stage++)
        need(json_array_append_new(
                 stages, json_pack("{s:s,s:I,s:I}", "stage", deadlines_stage_name((enum deadline_stage)stage), "due",
                                   (json_int_t)month->due[stage], "late", (json_int_t)month->late[stage])) == 0);
    return json;
}

json_t *breaches_list(const struct breaches *b, int64_t now, const struct hidden *hidden)
{
    struct month *months = mem_new_array(MONTHS, sizeof *months);
    json_t *list = json_array();
    memcpy(months, b->settled, sizeof b->settled);
    for (size_t i = 0; hidden && i < hidden->count; i++)
        if (hidden->numbers[i] < b->count)
            count(months, &b->lines[hidden->numbers[i]], -1);
    each_late(b, now, hidden, add_to_month, months);
    for (unsigned i = MONTHS; i-- > 0 && json_array_size(list) < BREACHES_SHOWN;)
        if (!is_empty(&months[i]))
            need(json_array_append_new(list, month_json(i, &months[i])) == 0);
    mem_free(months);
    return list;
}

static int is_overdue(const struct line *line, const uint32_t before[static DEADLINE_STAGES])
{
    for (int stage = 0; stage < DEADLINE_STAGES; stage++)
        if (line->due[stage] < before[stage] && standing_of(line, stage) == STAGE_OPEN &&
            !(line->escalated >> stage & 1))
            return 1;
    return 0;
}

size_t breaches_overdue(const struct breaches *b, size_t from, size_t most, int64_t now,
                        const int64_t after_s[static DEADLINE_STAGES], breaches_fn *fn, void *room)
{
    uint32_t before[DEADLINE_STAGES];
    for (int stage = 0; stage < DEADLINE_STAGES; stage++)
        before[stage] = after_s[stage] > 0 && now > after_s[stage] ? (uint32_t)((now - after_s[stage]) / MINUTE) : 0;
    for (size_t i = from; i < b->count; i++) {
        if (i - from == most)
            return i;
        if (is_overdue(&b->lines[i], before) && !fn(room, (uint32_t)i))
            return i + 1 < b->count ? i + 1 : 0;
    }
    return 0;
}
