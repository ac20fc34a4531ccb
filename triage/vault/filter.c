/* filter.c -- see filter.h. Codes become numbers when they are first seen; there are a handful of each. */
#include "triage/vault/filter.h"

#include <string.h>

#include "common/base/code.h"
#include "common/base/mem.h"

/* ---- what is asked ---- */

static enum err read_code(const json_t *object, const char *key, char out[static FILTER_CODE_MAX + 1],
                          struct json_fault *fault)
{
    const char *text = "";
    enum err err = json_text(object, key, JSON_MAY_MISS, FILTER_CODE_MAX, &text, fault);
    if (err == ERR_OK)
        memcpy(out, text, strlen(text) + 1); /* json_text() has measured it */
    return err;
}

static enum err at_fault(struct json_fault *fault, const char *field, const char *says)
{
    *fault = (struct json_fault){.field = field, .says = says};
    return ERR_MALFORMED;
}

static enum err read_lane(const json_t *object, struct filter *out, struct json_fault *fault)
{
    char name[FILTER_CODE_MAX + 1] = "";
    enum err err = read_code(object, "lane", name, fault);
    if (err != ERR_OK || !*name)
        return err;
    out->lane = queue_lane_of(name);
    return out->lane == LANE_COUNT ? at_fault(fault, "lane", "is no lane") : ERR_OK;
}

static enum err read_impact(const json_t *object, struct filter *out, struct json_fault *fault)
{
    uint8_t id[16];
    enum err err = read_code(object, "impact", out->impact, fault);
    if (err != ERR_OK || !*out->impact)
        return err;
    return code_unid(out->impact, strlen(out->impact), id) == ERR_OK ? ERR_OK : at_fault(fault, "impact", "is no id");
}

static int is_member(const char *key)
{
    static const char *const members[] = {"state", "kind", "channel", "language", "lane", "impact", "overdue", "mine"};
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        if (strcmp(members[i], key) == 0)
            return 1;
    return 0;
}

enum err filter_read(const json_t *object, struct filter *out, struct json_fault *fault)
{
    const char *key;
    json_t *value;
    *out = (struct filter){.lane = LANE_NONE};
    if (!object || json_is_null(object))
        return ERR_OK;
    if (!json_is_object(object))
        return at_fault(fault, "filter", "is no object");
    json_object_foreach((json_t *)(uintptr_t)object, key, value) if (!is_member(key)) return at_fault(
        fault, "filter", "has a member that is none of a filter");
    enum err err = read_code(object, "state", out->state, fault);
    if (err == ERR_OK)
        err = read_code(object, "kind", out->kind, fault);
    if (err == ERR_OK)
        err = read_code(object, "channel", out->channel, fault);
    if (err == ERR_OK)
        err = read_code(object, "language", out->language, fault);
    if (err == ERR_OK)
        err = read_lane(object, out, fault);
    if (err == ERR_OK)
        err = read_impact(object, out, fault);
    if (err == ERR_OK)
        err = json_flag(object, "overdue", JSON_MAY_MISS, &out->overdue, fault);
    if (err == ERR_OK)
        err = json_flag(object, "mine", JSON_MAY_MISS, &out->mine, fault);
    return err;
}

int filter_is_empty(const struct filter *f)
{
    return !*f->state && !*f->kind && !*f->channel && !*f->language && f->lane == LANE_NONE && !f->overdue &&
           !f->mine && !*f->impact;
}

/* ---- words and their numbers ---- */

enum { STATES, KINDS, CHANNELS, LANGUAGES, HOLDERS, COLUMNS };

/* What a message says of its language is a stranger's: beyond this many all are one, "other" than what anybody asks. */
static const size_t most[COLUMNS] = {
    [STATES] = 250, [KINDS] = 250, [CHANNELS] = 250, [LANGUAGES] = 4000, [HOLDERS] = 60000};

struct column {
    char (*words)[FILTER_CODE_MAX + 1]; /* number - 1 */
    size_t count, room;
};

struct filter_roll {
    struct filter_line *lines;
    size_t count, room;
    struct column columns[COLUMNS];
};

struct filter_roll *filter_roll_new(void)
{
    return mem_new(sizeof(struct filter_roll));
}

void filter_roll_free(struct filter_roll *roll)
{
    if (!roll)
        return;
    for (size_t i = 0; i < COLUMNS; i++)
        mem_free(roll->columns[i].words);
    mem_free(roll->lines);
    mem_free(roll);
}

/* 0: none of it yet. */
static size_t number_of(const struct column *column, const char *word)
{
    for (size_t i = 0; i < column->count; i++)
        if (strncmp(column->words[i], word, FILTER_CODE_MAX) == 0)
            return i + 1;
    return 0;
}

static size_t number_for(struct filter_roll *roll, int of, const char *word)
{
    struct column *column = &roll->columns[of];
    size_t number = *word ? number_of(column, word) : 0;
    if (number || !*word)
        return number;
    if (column->count >= most[of])
        return most[of] + 1;
    if (column->count == column->room) {
        column->room = column->room ? column->room * 2 : 16;
        column->words = mem_grow(column->words, column->room * sizeof *column->words);
    }
    char *to = column->words[column->count++];
    memset(to, 0, FILTER_CODE_MAX + 1);
    memcpy(to, word, strnlen(word, FILTER_CODE_MAX));
    return column->count;
}

static uint32_t as_due(int64_t due)
{
    return due <= 0 ? 0 : due > UINT32_MAX ? UINT32_MAX : (uint32_t)due;
}

void filter_roll_note(struct filter_roll *roll, uint32_t number, const struct filter_facts *facts)
{
    while (number >= roll->count) {
        if (roll->count == roll->room) {
            roll->room = roll->room ? roll->room * 2 : 256;
            roll->lines = mem_grow(roll->lines, roll->room * sizeof *roll->lines);
        }
        roll->lines[roll->count++] = (struct filter_line){0};
    }
    if (!facts) {
        roll->lines[number] = (struct filter_line){0};
        return;
    }
    roll->lines[number] = (struct filter_line){.holder = (uint16_t)number_for(roll, HOLDERS, facts->holder),
                                               .language = (uint16_t)number_for(roll, LANGUAGES, facts->language),
                                               .state = (uint8_t)number_for(roll, STATES, facts->state),
                                               .kind = (uint8_t)number_for(roll, KINDS, facts->kind),
                                               .channel = (uint8_t)number_for(roll, CHANNELS, facts->channel),
                                               .lane = (uint8_t)facts->lane,
                                               .due = as_due(facts->due),
                                               .known = 1,
                                               .hidden = facts->is_hidden != 0};
}

const struct filter_line *filter_roll_lines(const struct filter_roll *roll, size_t *out_count)
{
    *out_count = roll->count;
    return roll->lines;
}

/* ---- the sieve ---- */

static size_t wanted(const struct filter_roll *roll, int of, const char *word, int *hopeless)
{
    size_t number = *word ? number_of(&roll->columns[of], word) : 0;
    *hopeless |= *word && !number;
    return number;
}

void filter_sieve_make(const struct filter *f, const struct filter_roll *roll, const char *who, int64_t now,
                       struct filter_sieve *out)
{
    int hopeless = 0, mine = f->mine || f->lane == LANE_HELD;
    out->wanted = (struct filter_line){.state = (uint8_t)wanted(roll, STATES, f->state, &hopeless),
                                       .kind = (uint8_t)wanted(roll, KINDS, f->kind, &hopeless),
                                       .channel = (uint8_t)wanted(roll, CHANNELS, f->channel, &hopeless),
                                       .language = (uint16_t)wanted(roll, LANGUAGES, f->language, &hopeless),
                                       .holder = (uint16_t)(mine ? wanted(roll, HOLDERS, who, &hopeless) : 0),
                                       .lane = (uint8_t)f->lane,
                                       .known = 1};
    out->is_hopeless = hopeless || (mine && !*who);
    out->overdue_at = f->overdue ? as_due(now) : 0;
}

int filter_lets_through(const struct filter_sieve *s, const struct filter_line *line)
{
    const struct filter_line *w = &s->wanted;
    if (s->is_hopeless || !line->known)
        return 0;
    if (s->overdue_at && (!line->due || line->due > s->overdue_at))
        return 0;
    return (!w->state || w->state == line->state) && (!w->kind || w->kind == line->kind) &&
           (!w->channel || w->channel == line->channel) && (!w->language || w->language == line->language) &&
           (!w->holder || w->holder == line->holder) && (!w->lane || w->lane == line->lane);
}
