/* view_decide.c -- the life of a case on its page: what was decided, what waits for a second person, what the person
 * wished, who skipped it, why its deadlines stand still, and the choices of the forms (view.h). */
#include <string.h>

#include "common/base/mem.h"
#include "triage/console/fields.h"
#include "triage/console/view.h"

/* Texts as they are, codes as labels, times as sentences: what a record about the case holds. */
static json_t *record(const struct reader *reader, const json_t *from)
{
    static const char *const texts[] = {"by",     "to",           "name", "who", "reason", "text", "open_remedies",
                                        "second", "second_reason"};
    static const char *const times[] = {"at", "second_at", "until", "copies_until"};
    json_t *to = json_object();
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const char *text = view_text(from, texts[i]);
        view_put(to, texts[i], *text ? json_string(text) : NULL);
    }
    for (size_t i = 0; i < sizeof times / sizeof *times; i++)
        view_put(to, times[i], words_time(reader, view_text(from, times[i]), 0));
    view_put_label(reader, to, "state", WORDS_STATE, from, "state");
    view_put_label(reader, to, "act", WORDS_ACT, from, "act");
    view_put_label(reader, to, "what", WORDS_ACT, from, "what");
    view_put_label(reader, to, "said", WORDS_ACT, from, "said");
    view_put(to, "asked", json_boolean(json_is_true(json_object_get(from, "asked"))));
    view_put(to, "final", json_boolean(json_is_true(json_object_get(from, "final"))));
    view_put(to, "may", json_boolean(json_is_true(json_object_get(from, "may"))));
    view_put(to, "confirmed", json_boolean(json_is_true(json_object_get(from, "confirmed"))));
    /* The reason for a wish is a sentence of the vault's. */
    if (!*view_text(from, "by"))
        view_put(to, "reason", json_string(words_text(reader, view_text(from, "reason"))));
    return to;
}

static json_t *records(const struct reader *reader, const json_t *list)
{
    json_t *to = json_array();
    for (size_t i = 0; i < json_array_size(list); i++)
        need(json_array_append_new(to, record(reader, json_array_get(list, i))) == 0);
    return to;
}

/* [{"code","label"}] of the states that a decision may bring it into. */
static json_t *choices(const struct reader *reader, const json_t *moves)
{
    json_t *list = json_array();
    for (size_t i = 0; i < json_array_size(moves); i++) {
        const char *state = view_text(json_array_get(moves, i), "state");
        json_t *one = json_pack("{s:s, s:s}", "code", state, "label", words_label(reader, WORDS_STATE, state));
        need(one && json_array_append_new(list, one) == 0);
    }
    return list;
}

/* The same for an answer; what waits for the person is chosen where it is open, else the case stays as it is. */
static json_t *answer_choices(const struct reader *reader, const json_t *states)
{
    static const char usual[] = "waiting_for_you";
    json_t *list = json_array();
    size_t chosen = 0;
    for (size_t i = 0; i < json_array_size(states); i++) {
        const char *state = json_string_value(json_array_get(states, i));
        if (!state)
            continue;
        if (strcmp(state, usual) == 0)
            chosen = json_array_size(list);
        json_t *one = json_pack("{s:s, s:s}", "code", state, "label", words_label(reader, WORDS_STATE, state));
        need(one && json_array_append_new(list, one) == 0);
    }
    if (json_array_size(list))
        view_put(json_array_get(list, chosen), "chosen", json_true());
    return list;
}

/* Who of our own staff it is about, for whom it is not there; and whom it may be about. */
static void view_put_named(const struct reader *reader, const json_t *answer, json_t *to)
{
    json_t *named = records(reader, json_object_get(answer, "named"));
    size_t i;
    json_t *one;
    json_array_foreach(named, i, one) view_put(one, "by_rule", json_boolean(strcmp(view_text(one, "by"), "rule") == 0));
    view_put_list(to, "named", named);
    view_put_list(to, "hinted", records(reader, json_object_get(answer, "hinted")));
    const json_t *staff = json_object_get(answer, "staff");
    view_put_list(to, "staff", json_is_array(staff) ? json_deep_copy(staff) : json_array());
}

/* The pause that goes on, those before it, and what the form offers. */
static void put_pauses(const struct reader *reader, const json_t *pauses, json_t *to)
{
    json_t *before = json_array(), *choices = json_array();
    view_put(to, "pause", NULL);
    for (size_t i = 0; i < json_array_size(pauses); i++) {
        const json_t *from = json_array_get(pauses, i);
        json_t *one = record(reader, from);
        view_put_label(reader, one, "why", WORDS_PAUSE, from, "code");
        view_put(one, "says", json_string(view_text(from, "says")));
        if (!*view_text(from, "by")) /* a vault's own */
            view_put(one, "reason", json_string(words_text(reader, view_text(from, "reason"))));
        view_put(one, "from", words_time(reader, view_text(from, "from"), 0));
        view_put(one, "to", words_time(reader, view_text(from, "to"), 0));
        if (*view_text(from, "to"))
            need(json_array_append_new(before, one) == 0);
        else
            view_put(to, "pause", one);
    }
    for (size_t i = 0; PAUSES[i]; i++)
        need(json_array_append_new(choices, json_pack("{s:s, s:s}", "code", PAUSES[i], "label",
                                                      words_label(reader, WORDS_PAUSE, PAUSES[i]))) == 0);
    view_put_list(to, "pauses", before);
    view_put(to, "pause_choices", choices);
}

void view_put_life(const struct reader *reader, const json_t *answer, json_t *to)
{
    static const char *const one[] = {"closing", "wish", "handed", "erase", "erasure", "solved"};
    for (size_t i = 0; i < sizeof one / sizeof *one; i++) {
        const json_t *from = json_object_get(answer, one[i]);
        view_put(to, one[i], json_is_object(from) ? record(reader, from) : NULL);
    }
    view_put_list(to, "decisions", records(reader, json_object_get(answer, "decisions")));
    view_put_list(to, "seconds", records(reader, json_object_get(answer, "seconds")));
    view_put_list(to, "skips", records(reader, json_object_get(answer, "skips")));
    put_pauses(reader, json_object_get(answer, "pauses"), to);
    view_put_list(to, "moves", choices(reader, json_object_get(answer, "moves")));
    view_put(to, "states", answer_choices(reader, json_object_get(answer, "answer_states")));
    const json_t *colleagues = json_object_get(answer, "colleagues");
    view_put_list(to, "colleagues", json_is_array(colleagues) ? json_deep_copy(colleagues) : json_array());
    view_put_named(reader, answer, to);
    view_put(to, "review_due", words_time(reader, view_text(answer, "review_due"), 0));
    view_put(to, "is_review", json_boolean(*view_text(answer, "review_due") != 0));
    view_put(to, "watched", json_boolean(json_is_true(json_object_get(answer, "watched"))));
}
