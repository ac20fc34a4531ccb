/* tally.c -- see tally.h. What counts a case is a line; what is shown is counted from all lines at once. */
#include "triage/vault/tally.h"

#include <string.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "triage/vault/case_state.h"

enum { DAY_S = 86400, HOUR_S = 3600, HOURS_NEVER = UINT16_MAX, HOURS_MAX = TALLY_SPAN_DAYS * 24 };

/* Codes of the columns; what is none of these is counted as the last. */
static const char *const kinds[] = {"grievance", "flag", "question", "suggestion", "thanks", "consultation", "other"};
static const char *const channels[] = {"web", "sms", "in_person", "phone", "partner", "api", "rule", "other"};
/* States in which a case waits for somebody: the others are endings, and nobody waits there. */
static const enum life open_states[] = {LIFE_RECEIVED,  LIFE_FIRST_LOOK,      LIFE_ACKNOWLEDGED,   LIFE_ASSESSED,
                                        LIFE_IN_ACTION, LIFE_WAITING_FOR_YOU, LIFE_REMEDY_OFFERED, LIFE_DECLINED,
                                        LIFE_DELIVERED, LIFE_UNDER_REVIEW,    LIFE_REOPENED};

#define COUNT(list) (sizeof(list) / sizeof *(list))
enum { KINDS = COUNT(kinds), CHANNELS = COUNT(channels), OPEN_STATES = COUNT(open_states) };

struct line {
    uint32_t since;
    uint16_t arrived, ended; /* days since 1970; 0: not counted, not ended */
    uint16_t stages;         /* two bits each */
    uint8_t kind, channel, life;
    uint16_t hours[OPEN_STATES]; /* in those that it has left */
};

struct tally {
    struct line *lines;
    size_t count, room;
};

struct tally *tally_new(void)
{
    return mem_new(sizeof(struct tally));
}

void tally_free(struct tally *tally)
{
    if (!tally)
        return;
    mem_free(tally->lines);
    mem_free(tally);
}

/* ---- one case ---- */

int tally_read(const json_t *state, struct tally_facts *out)
{
    size_t i;
    const json_t *step;
    enum life life = LIFE_RECEIVED;
    *out = (struct tally_facts){.kind = state_text(state, "kind"), .channel = state_text(state, "channel")};
    for (i = 0; i < LIFE_COUNT; i++)
        out->seconds[i] = -1;
    out->life = life_now(state);
    out->arrived = out->since = clock_parse(state_text(state, "arrived"));
    json_array_foreach(json_object_get(state, "history"), i, step)
    {
        enum life to = life_of(state_text(step, "state"));
        int64_t at = clock_parse(state_text(step, "at"));
        if (to == LIFE_COUNT || at < out->since)
            continue;
        out->seconds[life] = (out->seconds[life] < 0 ? 0 : out->seconds[life]) + at - out->since;
        out->since = at;
        life = to;
    }
    if (life != out->life) /* earlier versions wrote no moves down */
        out->since = 0;
    return out->arrived > 0 && !json_is_true(json_object_get(state, "synthetic"));
}

static uint16_t day_of(int64_t wall, int32_t ahead_s)
{
    int64_t day = (wall + ahead_s) / DAY_S;
    return (uint16_t)(day <= 0 ? 0 : day > UINT16_MAX ? UINT16_MAX : day);
}

static uint16_t hours_of(int64_t seconds)
{
    int64_t hours = seconds < 0 ? HOURS_NEVER : seconds / HOUR_S;
    return (uint16_t)(seconds >= 0 && hours >= HOURS_NEVER ? HOURS_NEVER - 1 : hours);
}

static uint8_t code_of(const char *const *list, size_t count, const char *code)
{
    size_t i = 0;
    while (i + 1 < count && strcmp(list[i], code) != 0)
        i++;
    return (uint8_t)i;
}

static struct line *line_at(struct tally *tally, uint32_t number)
{
    while (number >= tally->count) {
        if (tally->count == tally->room) {
            tally->room = tally->room ? tally->room * 2 : 256;
            tally->lines = mem_grow(tally->lines, tally->room * sizeof *tally->lines);
        }
        tally->lines[tally->count++] = (struct line){0};
    }
    return &tally->lines[number];
}

void tally_note(struct tally *tally, uint32_t number, const struct tally_facts *facts, int32_t ahead_s)
{
    struct line *line = line_at(tally, number);
    *line = (struct line){0};
    if (!facts)
        return;
    *line = (struct line){.since = facts->since > 0 ? (uint32_t)facts->since : 0,
                          .arrived = day_of(facts->arrived, ahead_s),
                          .ended = life_is_ending(facts->life) && facts->since > 0 ? day_of(facts->since, ahead_s) : 0,
                          .kind = code_of(kinds, KINDS, facts->kind),
                          .channel = code_of(channels, CHANNELS, facts->channel),
                          .life = (uint8_t)facts->life};
    for (int stage = 0; stage < DEADLINE_STAGES; stage++)
        line->stages |= (uint16_t)((unsigned)facts->stages[stage] << 2 * stage);
    for (size_t i = 0; i < OPEN_STATES; i++)
        line->hours[i] = hours_of(facts->seconds[open_states[i]]);
}

/* ---- counted ---- */

struct period {
    size_t came, ended;
    size_t kinds[KINDS], channels[CHANNELS], endings[LIFE_COUNT];
};

struct counts {
    int64_t now;
    unsigned today, settled; /* days; from `settled` on nothing is broken down for those who are guarded from it */
    struct period days[TALLY_DAYS], months[TALLY_MONTHS];
    uint8_t month_of[TALLY_MONTHS * 31]; /* by days before today; TALLY_MONTHS: longer ago */
    size_t stages[DEADLINE_STAGES][STAGE_STANDINGS];
    uint32_t hours[OPEN_STATES][HOURS_MAX + 1]; /* how many were so long in it */
};

static void day_text(unsigned day, char out[static 11])
{
    clock_day((int64_t)day * DAY_S, out);
}

/* Which of the last months each day before today lies in, the newest last. */
static void find_months(struct counts *c)
{
    char day[11], last[8] = "";
    unsigned month = TALLY_MONTHS;
    for (unsigned ago = 0; ago < sizeof c->month_of; ago++) {
        day_text(c->today - ago, day);
        if (strncmp(day, last, 7) != 0 && month > 0) {
            memcpy(last, day, 7);
            month--;
        } else if (strncmp(day, last, 7) != 0) {
            memset(c->month_of + ago, TALLY_MONTHS, sizeof c->month_of - ago);
            return;
        }
        c->month_of[ago] = (uint8_t)month;
    }
}

/* What has a time to come (a clock that was put right) counts as of today. */
static unsigned ago(const struct counts *c, unsigned day)
{
    return day < c->today ? c->today - day : 0;
}

static struct period *month_of(struct counts *c, unsigned day)
{
    unsigned before = ago(c, day);
    unsigned month = before < sizeof c->month_of ? c->month_of[before] : TALLY_MONTHS;
    return month < TALLY_MONTHS ? &c->months[month] : NULL;
}

static void count_in(struct period *period, const struct line *line, int is_broken_down)
{
    period->came++;
    period->kinds[line->kind] += (size_t)is_broken_down;
    period->channels[line->channel] += (size_t)is_broken_down;
}

static void count_out(struct period *period, const struct line *line, int is_broken_down)
{
    period->ended++;
    period->endings[line->life] += (size_t)is_broken_down;
}

/* The state that it is in now counts with the time so far: leaving it out would hide those that wait longest. */
static void count_times(struct counts *c, const struct line *line)
{
    for (size_t i = 0; i < OPEN_STATES; i++) {
        int64_t hours = line->hours[i] == HOURS_NEVER ? -1 : line->hours[i];
        if (open_states[i] == line->life && line->since && line->since <= c->now)
            hours = (hours < 0 ? 0 : hours) + (c->now - line->since) / HOUR_S;
        if (hours >= 0)
            c->hours[i][hours > HOURS_MAX ? HOURS_MAX : hours]++;
    }
    for (int stage = 0; stage < DEADLINE_STAGES; stage++)
        c->stages[stage][line->stages >> 2 * stage & 3]++;
}

static void count_line(struct counts *c, const struct line *line)
{
    struct period *month = month_of(c, line->arrived);
    if (ago(c, line->arrived) < TALLY_DAYS)
        count_in(&c->days[TALLY_DAYS - 1 - ago(c, line->arrived)], line, 1);
    if (month)
        count_in(month, line, line->arrived < c->settled);
    if (ago(c, line->arrived) < TALLY_SPAN_DAYS)
        count_times(c, line);
    if (!line->ended)
        return;
    month = month_of(c, line->ended);
    if (ago(c, line->ended) < TALLY_DAYS)
        count_out(&c->days[TALLY_DAYS - 1 - ago(c, line->ended)], line, 1);
    if (month)
        count_out(month, line, line->ended < c->settled);
}

/* ---- shown ---- */

/* null where it could point to a person. */
static json_t *number(size_t n, int is_guarded)
{
    return is_guarded && n < TALLY_FEW ? json_null() : json_integer((json_int_t)n);
}

/* A single number that is missing could be found from the others and their sum: then the smallest of these goes too. */
static void hide_another(json_t *row)
{
    const char *key, *smallest = NULL;
    json_t *value;
    size_t hidden = 0;
    json_int_t least = 0;
    json_object_foreach(row, key, value)
    {
        if (json_is_null(value))
            hidden++;
        else if (!smallest || json_integer_value(value) < least) {
            smallest = key;
            least = json_integer_value(value);
        }
    }
    if (hidden == 1 && smallest)
        need(json_object_set_new(row, smallest, json_null()) == 0);
}

static json_t *row_of(const char *const *names, const size_t *counts, size_t count, int is_guarded)
{
    json_t *row = json_object();
    for (size_t i = 0; i < count; i++)
        need(json_object_set_new(row, names[i], number(counts[i], is_guarded)) == 0);
    if (is_guarded)
        hide_another(row);
    return row;
}

static json_t *endings_of(const struct period *period, int is_guarded)
{
    const char *names[LIFE_COUNT];
    size_t counts[LIFE_COUNT], count = 0;
    for (enum life life = 0; life < LIFE_COUNT; life++)
        if (life_is_ending(life)) {
            names[count] = life_name(life);
            counts[count++] = period->endings[life];
        }
    return row_of(names, counts, count, is_guarded);
}

static json_t *period_json(const struct period *period, const char *name, const char *text, int is_guarded)
{
    json_t *shown = json_pack("{s:s,s:o,s:o}", name, text, "came", number(period->came, is_guarded), "ended",
                              number(period->ended, is_guarded));
    need(shown != NULL);
    return shown;
}

static void put_broken_down(json_t *shown, const struct period *period, int is_guarded)
{
    need(json_object_set_new(shown, "channels", row_of(channels, period->channels, CHANNELS, is_guarded)) == 0);
    need(json_object_set_new(shown, "kinds", row_of(kinds, period->kinds, KINDS, is_guarded)) == 0);
    need(json_object_set_new(shown, "endings", endings_of(period, is_guarded)) == 0);
}

/* A day is so short that whoever is guarded sees its sums alone. */
static json_t *days_json(const struct counts *c, int is_guarded)
{
    char text[11];
    json_t *list = json_array();
    for (unsigned i = 0; i < TALLY_DAYS; i++) {
        day_text(c->today - (TALLY_DAYS - 1 - i), text);
        json_t *day = period_json(&c->days[i], "day", text, is_guarded);
        if (!is_guarded)
            put_broken_down(day, &c->days[i], 0);
        need(json_array_append_new(list, day) == 0);
    }
    return list;
}

static json_t *months_json(const struct counts *c, int is_guarded)
{
    char text[11];
    json_t *list = json_array();
    for (unsigned i = 0; i < TALLY_MONTHS; i++) {
        clock_month((int64_t)c->today * DAY_S, (int)i - (TALLY_MONTHS - 1), text);
        text[7] = '\0';
        json_t *month = period_json(&c->months[i], "month", text, is_guarded);
        put_broken_down(month, &c->months[i], is_guarded);
        need(json_array_append_new(list, month) == 0);
    }
    return list;
}

/* The least number of hours within which so many in a hundred of the cases had left. */
static size_t centile(const uint32_t *hours, size_t cases, unsigned hundredths)
{
    size_t seen = 0, at = (cases * hundredths + 99) / 100, i = 0;
    while (i < HOURS_MAX && (seen += hours[i]) < at)
        i++;
    return i;
}

static json_t *states_json(const struct counts *c, int is_guarded)
{
    json_t *list = json_array();
    for (size_t i = 0; i < OPEN_STATES; i++) {
        size_t cases = 0;
        for (size_t h = 0; h <= HOURS_MAX; h++)
            cases += c->hours[i][h];
        int is_told = cases > 0 && (!is_guarded || cases >= TALLY_FEW);
        json_t *state =
            json_pack("{s:s,s:o,s:o,s:o}", "state", life_name(open_states[i]), "cases", number(cases, is_guarded),
                      "median", is_told ? json_integer((json_int_t)centile(c->hours[i], cases, 50)) : json_null(),
                      "most", is_told ? json_integer((json_int_t)centile(c->hours[i], cases, 90)) : json_null());
        need(state && json_array_append_new(list, state) == 0);
    }
    return list;
}

static json_t *stages_list(const struct counts *c)
{
    json_t *list = json_array();
    for (int stage = 0; stage < DEADLINE_STAGES; stage++)
        need(json_array_append_new(list, json_pack("{s:s,s:I,s:I,s:I}", "stage",
                                                   deadlines_stage_name((enum deadline_stage)stage), "kept",
                                                   (json_int_t)c->stages[stage][STAGE_IN_TIME], "missed",
                                                   (json_int_t)c->stages[stage][STAGE_LATE], "open",
                                                   (json_int_t)c->stages[stage][STAGE_OPEN])) == 0);
    return list;
}

json_t *tally_json(const struct tally *tally, int64_t now, int32_t ahead_s, int is_guarded, const struct hidden *hidden)
{
    enum { WEEK = 7, THURSDAY = 3 /* 1 January 1970, counted from Monday */ };
    struct counts *c = mem_new(sizeof *c);
    c->now = now;
    c->today = day_of(now, ahead_s);
    c->settled = is_guarded ? c->today - (c->today + THURSDAY) % WEEK : UINT16_MAX + 1;
    find_months(c);
    for (size_t i = 0, next = 0; i < tally->count; i++)
        if (hidden && next < hidden->count && hidden->numbers[next] == i)
            next++;
        else if (tally->lines[i].arrived)
            count_line(c, &tally->lines[i]);
    json_t *shown =
        json_pack("{s:o,s:o,s:o,s:o,s:b}", "days", days_json(c, is_guarded), "months", months_json(c, is_guarded),
                  "states", states_json(c, is_guarded), "stages", stages_list(c), "guarded", is_guarded);
    need(shown != NULL);
    mem_free(c);
    return shown;
}
