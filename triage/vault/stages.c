/* stages.c -- see stages.h. */
#include "triage/vault/stages.h"

#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "triage/vault/case_state.h"
#include "triage/vault/escalation.h"
#include "triage/vault/pauses.h"
#include "triage/vault/referral.h"

#define BIT(number) (1U << (number))
enum {
    ANSWERED = BIT(DEADLINE_CONTACT) | BIT(DEADLINE_ACKNOWLEDGE),
    ALL_STAGES = BIT(DEADLINE_RECEIVER) - 1, /* that one is reached by somebody else */
};

/* What staff have done by bringing a case there. To have taken it is not to have looked; an answer says nothing of how
 * urgent it is, and neither does what a rule moves. */
static const unsigned reached_by[LIFE_COUNT] = {
    [LIFE_ACKNOWLEDGED] = ANSWERED,    [LIFE_ASSESSED] = BIT(DEADLINE_LOOK), [LIFE_IN_ACTION] = ANSWERED,
    [LIFE_WAITING_FOR_YOU] = ANSWERED, [LIFE_REMEDY_OFFERED] = ALL_STAGES,   [LIFE_DECLINED] = ALL_STAGES,
    [LIFE_DELIVERED] = ALL_STAGES,     [LIFE_VERIFIED] = ALL_STAGES,         [LIFE_REFERRED] = ALL_STAGES,
    [LIFE_OUT_OF_SCOPE] = ALL_STAGES,  [LIFE_UNFOUNDED] = ALL_STAGES,        [LIFE_WITHDRAWN] = ALL_STAGES,
    [LIFE_UNANSWERED] = ALL_STAGES,
};

/* ---- the office ---- */

static enum err add_profile(struct stages_office *office, const char *id, char says[static SAYS_SIZE])
{
    uint32_t profile = deadlines_profile(office->deadlines, id);
    office->profiles |= profile;
    return profile ? ERR_OK : says_fail(says, ERR_NOT_FOUND, "there is no profile of deadlines called %.40s", id);
}

/* Each word of a list that is divided by spaces or commas. */
typedef enum err word_fn(struct stages_office *office, const char *word, char says[static SAYS_SIZE]);

static enum err each_word(struct stages_office *office, const char *list, word_fn *fn, char says[static SAYS_SIZE])
{
    static const char between[] = " ,\t";
    char word[64];
    enum err err = ERR_OK;
    for (list += strspn(list, between); *list && err == ERR_OK; list += strspn(list, between)) {
        size_t len = strcspn(list, between);
        if (len >= sizeof word)
            return says_fail(says, ERR_MALFORMED, "a word of the deadlines' settings is too long");
        memcpy(word, list, len);
        word[len] = '\0';
        list += len;
        err = fn(office, word, says);
    }
    return err;
}

enum err stages_office_begin(struct stages_office *office, const char *folder, const char *profiles,
                             char says[static SAYS_SIZE])
{
    *office = (struct stages_office){0};
    enum err err = deadlines_load(folder, &office->deadlines, says);
    if (err == ERR_OK)
        err = each_word(office, profiles, add_profile, says);
    if (err == ERR_OK && !office->profiles)
        err = says_fail(says, ERR_MALFORMED, "no profile of deadlines is named");
    return err;
}

static enum err add_rest(struct stages_office *office, const char *word, char says[static SAYS_SIZE])
{
    static const char *const days[] = {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
    for (size_t i = 0; i < sizeof days / sizeof *days; i++)
        if (strcmp(days[i], word) == 0) {
            office->calendar.rest |= (uint8_t)BIT(i);
            return ERR_OK;
        }
    return says_fail(says, ERR_MALFORMED, "%.40s is no day of the week in English", word);
}

/* Kept rising, whatever the order in which they were written. */
static enum err add_holiday(struct stages_office *office, const char *word, char says[static SAYS_SIZE])
{
    char whole[CLOCK_TEXT_SIZE + 64];
    struct workdays *calendar = &office->calendar;
    snprintf(whole, sizeof whole, "%sT00:00:00Z", word);
    int64_t at = clock_parse(whole);
    if (at < 0)
        return says_fail(says, ERR_MALFORMED, "%.40s is no day like 2026-12-25", word);
    if (calendar->holiday_count == WORKDAYS_HOLIDAYS_MAX)
        return says_fail(says, ERR_TOO_BIG, "there are more than %d holidays", WORKDAYS_HOLIDAYS_MAX);
    int32_t day = (int32_t)(at / WORKDAYS_DAY_S);
    size_t i = calendar->holiday_count++;
    for (; i > 0 && calendar->holidays[i - 1] > day; i--)
        calendar->holidays[i] = calendar->holidays[i - 1];
    calendar->holidays[i] = day;
    return ERR_OK;
}

enum err stages_office_days(struct stages_office *office, const char *rest, const char *holidays, int64_t ahead_minutes,
                            char says[static SAYS_SIZE])
{
    enum { ALL_DAYS = 0x7f };
    office->calendar = (struct workdays){.ahead_s = (int32_t)(ahead_minutes * 60)};
    enum err err = each_word(office, rest, add_rest, says);
    if (err == ERR_OK)
        err = each_word(office, holidays, add_holiday, says);
    if (err == ERR_OK && office->calendar.rest == ALL_DAYS)
        err = says_fail(says, ERR_MALFORMED, "no day of the week is left to work on");
    return err;
}

void stages_office_end(struct stages_office *office)
{
    deadlines_free(office->deadlines);
    *office = (struct stages_office){0};
}

/* ---- what was done ---- */

static json_t *object_in(json_t *of, const char *key)
{
    json_t *object = json_object_get(of, key);
    if (!json_is_object(object)) {
        object = json_object();
        need(json_object_set_new(of, key, object) == 0);
    }
    return object;
}

static json_t *stages_of(json_t *state)
{
    return object_in(state, "stages");
}

void stages_did(json_t *state, enum deadline_stage stage)
{
    json_t *stages = stages_of(state);
    const char *name = deadlines_stage_name(stage);
    if (!json_object_get(stages, name))
        need(json_object_set_new(stages, name, state_now()) == 0);
}

static void begin_again(json_t *state, unsigned which)
{
    escalation_over(state, which);
    json_t *stages = stages_of(state), *anew = object_in(stages, "anew");
    for (int stage = 0; stage < DEADLINE_STAGES; stage++) {
        const char *name = deadlines_stage_name((enum deadline_stage)stage);
        if (!(which & BIT(stage)))
            continue;
        json_object_del(stages, name);
        need(json_object_set_new(anew, name, state_now()) == 0);
    }
}

void stages_moved(json_t *state, enum life to, enum life_mover mover)
{
    /* Opened again by what the person wrote, they wait for an answer; by staff, for another outcome. */
    if (to == LIFE_REOPENED)
        begin_again(state, mover == LIFE_BY_RULE ? ANSWERED | BIT(DEADLINE_OUTCOME) : BIT(DEADLINE_OUTCOME));
    int is_staff = mover == LIFE_BY_OFFICER || mover == LIFE_BY_SECOND;
    for (int stage = 0; is_staff && stage < DEADLINE_STAGES; stage++)
        if (reached_by[to] & BIT(stage))
            stages_did(state, (enum deadline_stage)stage);
}

void stages_look_again(json_t *state)
{
    begin_again(state, BIT(DEADLINE_LOOK) | BIT(DEADLINE_CONTACT));
}

/* Versions before this one kept nothing about it: what they had reached counts as in time. */
static int64_t of_earlier(const json_t *state, enum deadline_stage stage)
{
    enum life life = life_now(state);
    if (stage == DEADLINE_LOOK &&
        (json_is_object(json_object_get(state, "look")) || json_is_object(json_object_get(state, "assessment"))))
        return clock_parse(state_text(state, "arrived"));
    return reached_by[life] & BIT(stage) ? clock_parse(state_text(state, "arrived")) : 0;
}

static int64_t reached(const json_t *state, enum deadline_stage stage)
{
    const json_t *stages = json_object_get(state, "stages");
    if (!json_is_object(stages))
        return of_earlier(state, stage);
    int64_t at = clock_parse(state_text(stages, deadlines_stage_name(stage)));
    return at > 0 ? at : 0;
}

int stages_is_reached(const json_t *state, enum deadline_stage stage)
{
    return reached(state, stage) > 0;
}

/* ---- what is due ---- */

static uint32_t classes_of(const struct deadlines *deadlines, const json_t *state, const struct severity *severity,
                           int64_t now)
{
    static const char *const said[] = {"proposal", "since"};
    uint32_t classes = 0;
    for (size_t i = 0; i < sizeof said / sizeof *said; i++)
        classes |= deadlines_classes(deadlines, json_object_get(json_object_get(state, said[i]), "fired"), severity,
                                     state_text(state, "kind"), now);
    return classes;
}

/* The rules have a time of their own for a first look: whichever is earlier holds. */
static int64_t by_rules(const json_t *state, int64_t from)
{
    json_int_t least = json_integer_value(json_object_get(json_object_get(state, "proposal"), "due_s"));
    json_int_t since = json_integer_value(json_object_get(json_object_get(state, "since"), "due_s"));
    if (since > 0 && (least <= 0 || since < least))
        least = since;
    return least > 0 ? from + least : STAGES_NEVER;
}

struct due_list {
    int64_t due[DEADLINE_STAGES], reached[DEADLINE_STAGES];
    int is_paused[DEADLINE_STAGES]; /* it would be due, but for a pause that goes on */
};

static int64_t due_of(const struct stages_office *office, const struct deadline_case *c, enum deadline_stage stage)
{
    int64_t due = deadlines_due(office->deadlines, c, &office->calendar, stage);
    return due && due < STAGES_NEVER ? due : STAGES_NEVER;
}

int64_t stages_receiver_due(const struct stages_office *office, const json_t *state, const struct severity *severity,
                            int64_t now, int64_t sent)
{
    struct deadline_case c = {
        .classes = classes_of(office->deadlines, state, severity, now), .profiles = office->profiles, .arrived = sent};
    return due_of(office, &c, DEADLINE_RECEIVER); /* no pause: to ask them nobody needs the person */
}

/* Of several the one that waits and is due first; where none waits, the one that was answered latest after its time. */
static void look_up_receivers(const struct stages_office *office, const json_t *state, const struct severity *severity,
                              int64_t now, struct due_list *out)
{
    size_t i;
    const json_t *one;
    out->due[DEADLINE_RECEIVER] = STAGES_NEVER;
    out->reached[DEADLINE_RECEIVER] = 0;
    out->is_paused[DEADLINE_RECEIVER] = 0;
    json_array_foreach(json_object_get(state, "referrals"), i, one)
    {
        int64_t answered, sent = referral_sent_at(one, &answered);
        int64_t due = sent ? stages_receiver_due(office, state, severity, now, sent) : STAGES_NEVER;
        int64_t kept = out->due[DEADLINE_RECEIVER], at = out->reached[DEADLINE_RECEIVER];
        if (due == STAGES_NEVER)
            continue;
        int takes = kept == STAGES_NEVER || (answered ? at && answered - due > at - kept : at || due < kept);
        if (takes) {
            out->due[DEADLINE_RECEIVER] = due;
            out->reached[DEADLINE_RECEIVER] = answered;
        }
    }
}

/* Where the clock of a stage began. Versions before this one kept one time for all ("from"). */
static int64_t began(const json_t *state, enum deadline_stage stage, int64_t arrived)
{
    const json_t *stages = json_object_get(state, "stages");
    int64_t anew = clock_parse(state_text(json_object_get(stages, "anew"), deadlines_stage_name(stage)));
    int64_t from = clock_parse(state_text(stages, "from"));
    if (anew > 0)
        return anew;
    return from > 0 ? from : arrived;
}

static void look_up(const struct stages_office *office, const json_t *state, const struct severity *severity,
                    int64_t now, struct due_list *out)
{
    struct deadline_case c = {.classes = classes_of(office->deadlines, state, severity, now),
                              .profiles = office->profiles,
                              .by = severity->by,
                              .known = severity->looked};
    look_up_receivers(office, state, severity, now, out);
    for (int stage = 0; stage < DEADLINE_RECEIVER; stage++)
        out->reached[stage] = reached(state, (enum deadline_stage)stage);
    c.acknowledged = out->reached[DEADLINE_ACKNOWLEDGE];
    struct deadline_pause pauses[PAUSES_MAX];
    for (int stage = 0; stage < DEADLINE_RECEIVER; stage++) {
        c.arrived = began(state, (enum deadline_stage)stage, severity->arrived);
        size_t pause_count = pauses_read(state, c.arrived, pauses);
        c.pause_count = 0;
        out->is_paused[stage] = 0;
        int64_t whole = out->due[stage] = due_of(office, &c, (enum deadline_stage)stage);
        if (stage == DEADLINE_LOOK || pause_count == 0)
            continue; /* to look at what is written nobody needs the person */
        c.pauses = pauses;
        c.pause_count = pause_count;
        out->due[stage] = due_of(office, &c, (enum deadline_stage)stage);
        out->is_paused[stage] = whole != STAGES_NEVER && out->due[stage] == STAGES_NEVER;
    }
    int64_t rules = by_rules(state, began(state, DEADLINE_LOOK, severity->arrived));
    if (rules < out->due[DEADLINE_LOOK])
        out->due[DEADLINE_LOOK] = rules;
}

/* Who was sent somewhere else waits for an answer from there, though the case is over here. */
static int is_over(const json_t *state, int stage)
{
    enum life life = life_now(state);
    return life_is_ending(life) && !(stage == DEADLINE_RECEIVER && life == LIFE_REFERRED);
}

/* When an ending came about; 0: not known. */
static int64_t ended_at(const json_t *state)
{
    const json_t *history = json_object_get(state, "history");
    for (size_t i = json_array_size(history); i-- > 0;) {
        const json_t *line = json_array_get(history, i);
        int64_t at = *state_text(line, "state") ? clock_parse(state_text(line, "at")) : -1;
        if (at > 0)
            return at;
    }
    return 0;
}

void stages_facts(const struct stages_office *office, const json_t *state, const struct severity *severity, int64_t now,
                  struct stage_fact out[static DEADLINE_STAGES])
{
    struct due_list list;
    int64_t ended = life_is_ending(life_now(state)) ? ended_at(state) : -1;
    look_up(office, state, severity, now, &list);
    for (int stage = 0; stage < DEADLINE_STAGES; stage++) {
        int64_t due = list.due[stage], at = list.reached[stage];
        enum stage_standing standing = STAGE_OPEN;
        if (due == STAGES_NEVER)
            standing = STAGE_NONE;
        else if (at)
            standing = at > due ? STAGE_LATE : STAGE_IN_TIME;
        else if (ended >= 0 && is_over(state, stage)) /* the person ended it: what was missed until then was missed */
            standing = due < ended ? STAGE_LATE : STAGE_NONE;
        out[stage] = (struct stage_fact){.due = due, .standing = standing, .is_reached = at > 0};
    }
}

int64_t stages_next(const struct stage_fact facts[static DEADLINE_STAGES], enum deadline_stage *next)
{
    int64_t due = STAGES_NEVER;
    enum deadline_stage first = DEADLINE_STAGES;
    for (int stage = 0; stage < DEADLINE_STAGES; stage++)
        if (!facts[stage].is_reached && facts[stage].due < due) {
            due = facts[stage].due;
            first = (enum deadline_stage)stage;
        }
    if (next)
        *next = first;
    return due;
}

int64_t stages_due(const struct stages_office *office, const json_t *state, const struct severity *severity,
                   int64_t now, enum deadline_stage *next)
{
    struct stage_fact facts[DEADLINE_STAGES];
    stages_facts(office, state, severity, now, facts);
    return stages_next(facts, next);
}

static json_t *time_or_null(int64_t wall)
{
    char text[CLOCK_TEXT_SIZE];
    if (wall <= 0 || wall >= STAGES_NEVER)
        return json_null();
    clock_text(wall, text);
    return json_string(text);
}

json_t *stages_json(const struct stages_office *office, const json_t *state, const struct severity *severity,
                    int64_t now)
{
    struct due_list list;
    json_t *all = json_array();
    look_up(office, state, severity, now, &list);
    for (int stage = 0; stage < DEADLINE_STAGES; stage++) {
        int64_t at = list.reached[stage], due = list.due[stage];
        if (!at && (is_over(state, stage) || (due == STAGES_NEVER && !list.is_paused[stage])))
            continue; /* nobody has to any more, or ever had to */
        json_t *one = json_pack("{s:s,s:o,s:o,s:b,s:b}", "stage", deadlines_stage_name((enum deadline_stage)stage),
                                "due", time_or_null(due), "reached", time_or_null(at), "late", (at ? at : now) > due,
                                "paused", list.is_paused[stage] && !at);
        need(one != NULL && json_array_append_new(all, one) == 0);
    }
    return all;
}
