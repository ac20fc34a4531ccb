/* by_text.c -- see by_text.h. What goes back names no subject: phones are shared. */
#include "triage/vault/by_text.h"

#include <stdio.h>
#include <string.h>

#include "common/base/buf.h"
#include "common/base/mem.h"
#include "common/text/mustache.h"
#include "triage/vault/case_state.h"
#include "triage/vault/consent.h"
#include "triage/vault/outbox.h"
#include "triage/vault/remedy.h"
#include "triage/vault/texting.h"

enum { TEXT_BYTES = 64 * 1024 };

static const char *const agreed = T("Thank you. Noted: YES {{n}}. You can take it back at any time: send NO {{n}}.");
static const char *const refused = T("Thank you. Noted: NO {{n}}. It will not be done.");
static const char *const taken_back = T("Thank you. Noted: NO {{n}}. Your YES is taken back.");
static const char *const which =
    T("We asked you more than one thing. Send the number too, as in YES {{n}} or NO {{n}}, or write what you mean.");

/* ---- reading ---- */

static void put(struct by_text *out, const char *verb, unsigned n, const char *says)
{
    *out = (struct by_text){.says = says, .number = n};
    if (*verb)
        snprintf(out->act, sizeof out->act, "%s:%u", verb, n);
}

/* The question is known. What is so already is said again: the text that said it may have been lost. */
static void answer(const json_t *consent, int is_yes, struct by_text *out)
{
    unsigned n = (unsigned)json_integer_value(json_object_get(consent, "n"));
    int said_no = strcmp(state_text(consent, "answer"), "no") == 0, holds = consent_holds(consent);
    if (is_yes && (consent_is_open(consent) || said_no || (holds && !consent_may_go(consent))))
        put(out, "agree", n, agreed);
    else if (is_yes && holds)
        put(out, "", n, agreed);
    else if (!is_yes && consent_is_open(consent))
        put(out, "disagree", n, refused);
    else if (!is_yes && holds)
        put(out, "revoke", n, taken_back);
    else if (!is_yes)
        put(out, "", n, said_no ? refused : taken_back);
}

/* Of those that were asked by text. */
struct asked {
    const json_t *open, *held; /* the newest */
    size_t opens, helds, all;
};

static struct asked look(const json_t *state)
{
    struct asked asked = {0};
    size_t i;
    const json_t *one;
    json_array_foreach(json_object_get(state, "consents"), i, one)
    {
        if (!consent_is_texted(one))
            continue;
        asked.all++;
        if (consent_is_open(one)) {
            asked.opens++;
            asked.open = one;
        } else if (consent_holds(one)) {
            asked.helds++;
            asked.held = one;
        }
    }
    return asked;
}

static unsigned number_of(const json_t *consent)
{
    return (unsigned)json_integer_value(json_object_get(consent, "n"));
}

static void answer_bare(const json_t *state, int is_yes, struct by_text *out)
{
    const char *remedy = remedy_act_of_text(state, is_yes);
    struct asked asked = look(state);
    int others = asked.all > 1 || remedy_was_texted(state);
    if (asked.opens && (remedy || asked.opens > 1 || (is_yes && others))) {
        put(out, "", number_of(asked.open), which);
    } else if (asked.opens) {
        answer(asked.open, is_yes, out);
    } else if (remedy) {
        snprintf(out->act, sizeof out->act, "%s", remedy);
        out->says = is_yes ? T("Thank you. Noted: YES. If that is wrong, write to us.")
                           : T("Thank you. Noted: NO. Someone will look for another way.");
    } else if (!is_yes && asked.helds == 1) {
        answer(asked.held, 0, out);
    } else if (!is_yes && asked.helds > 1) {
        put(out, "", number_of(asked.held), which);
    }
}

void by_text_read(const json_t *state, enum sms_word word, unsigned number, struct by_text *out)
{
    const json_t *consent = number ? consent_at(state, number) : NULL;
    int is_yes = word == SMS_WORD_YES;
    *out = (struct by_text){0};
    if (!is_yes && word != SMS_WORD_NO)
        return;
    if (consent && consent_is_texted(consent))
        answer(consent, is_yes, out);
    else if (!number)
        answer_bare(state, is_yes, out);
}

/* ---- telling ---- */

static void add_sentence(struct case_change *cc, const char *english, unsigned n, struct buf *out)
{
    json_t *values = json_pack("{s:o}", "n", json_sprintf("%u", n));
    need(values != NULL);
    need(mustache_fill(outbox_sentence(cc->vault, state_text(cc->state, "language"), english), values, out) == ERR_OK);
    json_decref(values);
}

void by_text_ask(struct case_change *cc, const char *words, int n)
{
    struct buf all = BUF_INIT(TEXT_BYTES);
    need(buf_addf(&all, "%s\n\n", words) == ERR_OK); /* its length was checked where it came in */
    add_sentence(cc, T("Reply YES {{n}} or NO {{n}}."), (unsigned)n, &all);
    outbox_text(cc, buf_text(&all));
    if (texting_may_send(cc->state))
        consent_texted(cc->state, n);
    buf_free(&all);
}

void by_text_tell(struct case_change *cc, const struct by_text *answer, int is_done)
{
    struct buf all = BUF_INIT(TEXT_BYTES);
    if (!answer->says || (*answer->act && !is_done))
        return;
    add_sentence(cc, answer->says, answer->number, &all);
    outbox_text(cc, buf_text(&all));
    buf_free(&all);
}
