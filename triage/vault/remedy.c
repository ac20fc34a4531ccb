/* remedy.c -- see remedy.h. */
#include "triage/vault/remedy.h"

#include <string.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "common/text/utf8.h"
#include "triage/vault/case_state.h"

static json_t *list_of(const json_t *state)
{
    return json_object_get(state, "remedies");
}

static json_t *newest(const json_t *state)
{
    size_t count = json_array_size(list_of(state));
    return count ? json_array_get(list_of(state), count - 1) : NULL;
}

static json_t *by_and_at(const char *who)
{
    json_t *json = json_pack("{s:s,s:o}", "by", who, "at", state_now());
    need(json != NULL);
    return json;
}

static int is_refused(const json_t *remedy)
{
    return json_is_false(json_object_get(json_object_get(remedy, "answer"), "accepted"));
}

static int is_delivered(const json_t *remedy)
{
    return json_object_get(remedy, "delivered") != NULL;
}

/* The offer that waits for an answer: an older one is answered, or the office went on without. */
static json_t *open_offer(const json_t *state)
{
    json_t *remedy = newest(state);
    int is_open = remedy && !json_object_get(remedy, "answer") && !is_delivered(remedy);
    return is_open && life_now(state) == LIFE_REMEDY_OFFERED ? remedy : NULL;
}

/* What the person is asked about: the one that was delivered last. */
static json_t *last_delivered(const json_t *state)
{
    json_t *last = NULL, *one;
    size_t i;
    json_array_foreach(list_of(state), i, one)
    {
        const char *at = state_text(json_object_get(one, "delivered"), "at");
        if (is_delivered(one) && (!last || strcmp(at, state_text(json_object_get(last, "delivered"), "at")) >= 0))
            last = one;
    }
    return last;
}

/* ---- staff ---- */

int remedy_has_room(const json_t *state)
{
    return json_array_size(list_of(state)) < REMEDY_MAX;
}

enum life_end remedy_offer(json_t *state, const json_t *offer, const char *who)
{
    static const char *const said[] = {"types", "what", "by"};
    struct life_step step = {.to = LIFE_REMEDY_OFFERED, .mover = LIFE_BY_OFFICER, .who = who};
    enum life_end end = life_move(state, &step);
    if (end != LIFE_MOVED)
        return end;
    json_t *list = state_list(state, "remedies");
    json_t *remedy = json_pack("{s:I,s:o}", "number", (json_int_t)json_array_size(list) + 1, "offered", by_and_at(who));
    need(remedy != NULL && json_array_append_new(list, remedy) == 0);
    for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
        json_t *value = json_object_get(offer, said[i]);
        if (value && !json_is_null(value))
            need(json_object_set(remedy, said[i], value) == 0);
    }
    return LIFE_MOVED;
}

json_t *remedy_to_deliver(const json_t *state, int64_t number)
{
    json_t *found = NULL, *one;
    size_t i;
    json_array_foreach(list_of(state), i,
                       one) if (!is_refused(one) && !is_delivered(one) &&
                                (!number || json_integer_value(json_object_get(one, "number")) == number)) found = one;
    return found;
}

void remedy_delivered(json_t *remedy, const char *who, const char *evidence)
{
    json_t *delivered = by_and_at(who);
    state_set_text(delivered, "evidence", evidence);
    need(json_object_set_new(remedy, "delivered", delivered) == 0);
}

/* ---- what somebody says ---- */

/* As much of the person's words as stands with the answer; all of them are in the conversation. */
static json_t *beginning(const char *words)
{
    size_t len = strlen(words), end = len;
    if (len > REMEDY_WORDS_MAX) {
        uint32_t point;
        size_t took = 0;
        for (end = 0; (took = utf8_next(words + end, len - end, &point)) && end + took <= REMEDY_WORDS_MAX;)
            end += took;
    }
    return json_stringn(words, end);
}

static void write_down(json_t *remedy, const char *key, const char *what, int is_so, const struct remedy_voice *voice)
{
    json_t *said = json_pack("{s:b,s:o,s:s}", what, is_so, "at", state_now(), "via", voice->via);
    need(said != NULL && json_object_set_new(remedy, key, said) == 0);
    if (*voice->who)
        state_set_text(said, "by", voice->who);
    if (voice->words && *voice->words)
        need(json_object_set_new(said, "words", beginning(voice->words)) == 0);
}

/* Where each may be said, and where it leads. LIFE_COUNT: nowhere by itself. */
static const struct says {
    const char *act;
    enum life from, to;
    int by_rule, is_so;
    const char *history;
} acts[] = {
    {"accept", LIFE_REMEDY_OFFERED, LIFE_IN_ACTION, 0, 1, "The person accepts what was offered"},
    {"refuse", LIFE_REMEDY_OFFERED, LIFE_DECLINED, 0, 0, "The person does not accept what was offered"},
    {"helped", LIFE_DELIVERED, LIFE_COUNT, 0, 1, NULL},
    {"not_helped", LIFE_DELIVERED, LIFE_IN_ACTION, 0, 0, "The person says that it did not help"},
    /* From a page that was opened before it ended: as if they wrote. */
    {"not_helped", LIFE_VERIFIED, LIFE_REOPENED, 1, 0, "The person says that it did not help"},
    {"partly", LIFE_DELIVERED, LIFE_IN_ACTION, 0, 0, "The person says that it is solved in part"},
    {"partly", LIFE_VERIFIED, LIFE_REOPENED, 1, 0, "The person says that it is solved in part"},
    {"not_solved", LIFE_DELIVERED, LIFE_IN_ACTION, 0, 0, "The person says that it is not solved"},
    {"not_solved", LIFE_VERIFIED, LIFE_REOPENED, 1, 0, "The person says that it is not solved"},
};
enum { ACT_COUNT = sizeof acts / sizeof *acts };

int remedy_is_act(const char *act)
{
    size_t i = 0;
    while (i < ACT_COUNT && strcmp(acts[i].act, act) != 0)
        i++;
    return i < ACT_COUNT;
}

/* A person who writes it moves the case; staff who heard it move it in their own name, with what they heard as the
 * reason. */
static int move(json_t *state, const struct says *says, const struct remedy_voice *voice)
{
    enum life_mover mover = says->by_rule ? LIFE_BY_RULE : *voice->who ? LIFE_BY_OFFICER : LIFE_BY_PERSON;
    json_t *reason = beginning(voice->words ? voice->words : "");
    struct life_step step = {.to = says->to, .mover = mover, .who = voice->who, .reason = json_string_value(reason)};
    int moved = says->to == LIFE_COUNT || life_move(state, &step) == LIFE_MOVED;
    if (moved && says->history)
        state_history(state, voice->who, says->history);
    json_decref(reason);
    return moved;
}

int remedy_said(json_t *state, const char *act, const struct remedy_voice *voice)
{
    enum life life = life_now(state);
    size_t i = 0;
    while (i < ACT_COUNT && (strcmp(acts[i].act, act) != 0 || acts[i].from != life))
        i++;
    if (i == ACT_COUNT)
        return 0;
    int is_answer = acts[i].from == LIFE_REMEDY_OFFERED;
    json_t *remedy = is_answer ? open_offer(state) : last_delivered(state);
    if (!move(state, &acts[i], voice))
        return 0;
    if (remedy) /* an earlier version kept the state alone */
        write_down(remedy, is_answer ? "answer" : "verified", is_answer ? "accepted" : "helped", acts[i].is_so, voice);
    return 1;
}

/* Only that: what they said did not help stays said. */
void remedy_unsaid(json_t *state)
{
    json_t *last = last_delivered(state);
    const json_t *said = json_object_get(last, "verified");
    if (json_is_true(json_object_get(said, "helped")) && !*state_text(said, "by"))
        json_object_del(last, "verified");
}

void remedy_decided(json_t *state, enum life to, const char *who, const char *reason)
{
    const struct remedy_voice heard = {.via = "staff", .who = who, .words = reason};
    json_t *offer = newest(state), *ready = remedy_to_deliver(state, 0), *last = last_delivered(state);
    if (to == LIFE_DECLINED && offer && !json_object_get(offer, "answer") && !is_delivered(offer))
        write_down(offer, "answer", "accepted", 0, &heard);
    if (to == LIFE_DELIVERED && ready)
        remedy_delivered(ready, who, reason);
    if (to == LIFE_VERIFIED && *who && last && !json_object_get(last, "verified"))
        write_down(last, "verified", "helped", 1, &heard);
}

/* ---- by text ---- */

const char *remedy_act_of_text(const json_t *state, int is_yes)
{
    const json_t *offer = open_offer(state), *last = last_delivered(state);
    if (offer && strcmp(state_text(offer, "texted"), "offer") == 0)
        return is_yes ? "accept" : "refuse";
    if (!last || life_now(state) != LIFE_DELIVERED || strcmp(state_text(last, "texted"), "question") != 0)
        return NULL;
    const json_t *verified = json_object_get(last, "verified");
    if (!verified)
        return is_yes ? "helped" : "not_helped";
    /* Until the wait is over they can think better of it; a text has no other way to take it back. */
    return is_yes ? NULL : "not_helped";
}

int remedy_was_texted(const json_t *state)
{
    json_t *one;
    size_t i;
    json_array_foreach(list_of(state), i, one) if (*state_text(one, "texted")) return 1;
    return 0;
}

void remedy_offer_texted(json_t *state)
{
    json_t *offer = open_offer(state);
    if (offer)
        state_set_text(offer, "texted", "offer");
}

/* ---- asking ---- */

int64_t remedy_ask_due(const json_t *state)
{
    const json_t *last = life_now(state) == LIFE_DELIVERED ? last_delivered(state) : NULL;
    if (!last || json_object_get(last, "asked") || json_object_get(last, "verified"))
        return 0;
    int64_t at = clock_parse(state_text(last, "ask_on"));
    return at > 0 ? at : 1; /* no day: it was due at once */
}

void remedy_ask(json_t *state, int by_text)
{
    json_t *last = last_delivered(state);
    if (!last)
        return;
    need(json_object_set_new(last, "asked", state_now()) == 0);
    if (by_text)
        state_set_text(last, "texted", "question");
}

/* ---- promised ---- */

int remedy_is_promised(const json_t *remedy)
{
    return json_is_true(json_object_get(json_object_get(remedy, "answer"), "accepted")) && !is_delivered(remedy);
}

int64_t remedy_due(const json_t *state)
{
    int64_t due = 0;
    json_t *one;
    size_t i;
    if (life_is_ending(life_now(state)))
        return 0;
    json_array_foreach(list_of(state), i, one)
    {
        int64_t by = clock_parse(state_text(one, "by"));
        if (!remedy_is_promised(one))
            continue;
        by = by > 0 ? by : REMEDY_SOME_DAY;
        if (!due || by < due)
            due = by;
    }
    return due;
}

int remedy_compare(const void *a, const void *b)
{
    const struct remedy_owed *x = a, *y = b;
    if (x->is_over != y->is_over)
        return y->is_over - x->is_over;
    if (x->weight != y->weight)
        return x->weight < y->weight ? 1 : -1;
    if (x->due != y->due)
        return x->due > y->due ? 1 : -1;
    return (x->number > y->number) - (x->number < y->number);
}
