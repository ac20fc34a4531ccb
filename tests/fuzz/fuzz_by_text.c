/* fuzz_by_text.c -- any text of a person who was asked something by text (triage/vault/by_text.h, consent.h, remedy.h):
 * it does something only where it is nothing but a yes or a no; a yes never agrees to what was not asked by text, nor,
 * without a number, where anything else ever was; a no with a number always ends what was agreed to under it; what it
 * is read as can be done, and changes no other question.
 *
 * Each line is a turn: with ">" in front the name of what the office does or what the person does on their page, else
 * what they send. */
#include <stdio.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "tests/fuzz/fuzz.h"
#include "triage/vault/acts.h"
#include "triage/vault/by_text.h"
#include "triage/vault/case_state.h"
#include "triage/vault/consent.h"

enum { TURNS = 60, WEEK = 7 * 24 * 3600 };

/* ---- what the office does ---- */

static void ask(json_t *state)
{
    json_t *asked = json_pack("{s:s,s:s,s:s,s:s}", "receiver", "r", "to", "t", "purpose", "p", "what", "w");
    (void)!consent_ask(state, asked, "amina", clock_wall());
}

static void ask_by_text(json_t *state)
{
    size_t before = json_array_size(json_object_get(state, "consents"));
    ask(state);
    if (json_array_size(json_object_get(state, "consents")) > before)
        consent_texted(state, (int64_t)before + 1);
}

static void offer(json_t *state)
{
    json_t *remedy = json_pack("{s:s}", "what", "A new pump");
    if (remedy_has_room(state) && remedy_offer(state, remedy, "amina") == LIFE_MOVED)
        remedy_offer_texted(state);
    json_decref(remedy);
}

static void deliver(json_t *state)
{
    json_t *remedy = remedy_to_deliver(state, 0);
    if (remedy && life_follow(state, LIFE_DELIVERED, LIFE_BY_OFFICER, "amina")) {
        remedy_delivered(remedy, "amina", "");
        remedy_ask(state, 1);
    }
}

static void stop(json_t *state)
{
    consent_stopped(state, clock_wall());
}

static int act(json_t *state, const char *what, const char *via, const char *words)
{
    const struct act act = {
        .act = what, .voice = {.via = via, .who = "", .words = words}, .now = clock_wall(), .wait_s = WEEK};
    return acts_do(state, &act);
}

static void office(json_t *state, const char *line)
{
    static const struct {
        const char *name;
        void (*does)(json_t *state);
    } rows[] = {{"ask", ask}, {"text", ask_by_text}, {"offer", offer}, {"deliver", deliver}, {"stop", stop}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(line, rows[i].name) == 0) {
            rows[i].does(state);
            return;
        }
    (void)!act(state, line, "page", "");
}

/* ---- what a text may do ---- */

/* Of the questions that were asked by text. */
struct asked {
    size_t all, open, held, only; /* only: the number of the last that is open or held */
};

static struct asked asked_in(const json_t *state)
{
    struct asked asked = {0};
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(state, "consents"), i, one)
    {
        int is_open = consent_is_open(one), holds = consent_holds(one);
        need(!is_open || !holds);
        if (!consent_is_texted(one))
            continue;
        asked.all++;
        asked.open += (size_t)is_open;
        asked.held += (size_t)holds;
        asked.only = is_open || holds ? i + 1 : asked.only;
    }
    return asked;
}

/* "agree:2" for this word, or "": what it says of a question; *n is its number. */
static const char *about_question(const char *said, unsigned *n)
{
    static const char *const verbs[] = {"agree", "disagree", "revoke"};
    char again[BY_TEXT_ACT_MAX];
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        size_t len = strlen(verbs[i]);
        if (strncmp(said, verbs[i], len) == 0 && said[len] == ':') {
            *n = (unsigned)strtoul(said + len + 1, NULL, 10);
            snprintf(again, sizeof again, "%s:%u", verbs[i], *n);
            need(strcmp(said, again) == 0);
            return verbs[i];
        }
    }
    return "";
}

static void bare_is_good(const json_t *state, const char *verb, unsigned n, int is_yes)
{
    const struct asked asked = asked_in(state);
    const char *remedy = remedy_act_of_text(state, is_yes);
    if (strcmp(verb, "agree") == 0)
        need(asked.all == 1 && asked.open == 1 && !remedy_was_texted(state) && n == asked.only);
    else if (strcmp(verb, "disagree") == 0)
        need(asked.open == 1 && !remedy && consent_is_open(consent_at(state, n)));
    else if (strcmp(verb, "revoke") == 0)
        need(asked.open == 0 && asked.held == 1 && !remedy && n == asked.only);
}

static void is_allowed(const json_t *state, enum sms_word word, unsigned number, const struct by_text *answer)
{
    const int is_yes = word == SMS_WORD_YES;
    const char *remedy = remedy_act_of_text(state, is_yes);
    unsigned n = 0;
    const char *verb = about_question(answer->act, &n);
    need(strnlen(answer->act, sizeof answer->act) < sizeof answer->act && (!*answer->act || answer->says));
    if ((!is_yes && word != SMS_WORD_NO) || (number && !consent_is_texted(consent_at(state, number)))) {
        need(!*answer->act && !answer->says);
        return;
    }
    if (*answer->act)
        need(is_yes ==
             (strcmp(answer->act, "accept") == 0 || strcmp(answer->act, "helped") == 0 || strcmp(verb, "agree") == 0));
    if (*verb)
        need(consent_is_texted(consent_at(state, n)) && answer->number == n && (!number || n == number));
    if (*answer->act && !*verb)
        need(!number && remedy && strcmp(remedy, answer->act) == 0 && asked_in(state).open == 0);
    if (!number)
        bare_is_good(state, verb, n, is_yes);
}

/* ---- what it did ---- */

static void other_questions_are_as_before(const json_t *before, const json_t *state, unsigned n)
{
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(before, "consents"), i, one)
        need(i + 1 == n || json_equal(one, consent_at(state, (int64_t)i + 1)));
}

static void send(json_t *state, const char *text)
{
    struct by_text answer;
    unsigned number = 0, n = 0;
    enum sms_word word = sms_answer_of(text, strlen(text), &number);
    json_t *before = json_deep_copy(state);
    need(before != NULL);
    by_text_read(state, word, number, &answer);
    need(json_equal(before, state));
    is_allowed(state, word, number, &answer);
    const char *verb = about_question(answer.act, &n);
    if (*answer.act)
        need(act(state, answer.act, "text", text) == 1);
    other_questions_are_as_before(before, state, n);
    if (*verb)
        need(strcmp(verb, "agree") == 0 ? consent_may_go(consent_at(state, n)) : !consent_holds(consent_at(state, n)));
    const json_t *asked = consent_at(before, number);
    if (number && consent_is_texted(asked) && word == SMS_WORD_NO)
        need(!consent_holds(consent_at(state, number)) && !consent_is_open(consent_at(state, number)) && answer.says);
    if (number && consent_is_texted(asked) && word == SMS_WORD_YES)
        need(consent_may_go(consent_at(state, number)) || json_object_get(asked, "revoked"));
    json_decref(before);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    json_t *state = json_pack("{s:s,s:s,s:{s:i}}", "life", life_name(LIFE_IN_ACTION), "arrived", "2026-11-22T08:00:00Z",
                              "proposal", "scale", 2);
    need(state != NULL);
    for (int turn = 0; size > 0 && turn < TURNS; turn++) {
        char *line = fuzz_line(&data, &size);
        if (*line == '>')
            office(state, line + 1);
        else
            send(state, line);
        free(line);
    }
    json_decref(state);
    return 0;
}
