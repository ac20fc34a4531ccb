/* consent.c -- see consent.h. */
#include "triage/vault/consent.h"

#include <string.h>

#include "common/base/mem.h"
#include "triage/vault/case_state.h"
#include "triage/vault/entry.h"

/* What may be said, by the word of the person's act and by the word that staff use. */
static const struct {
    const char *act, *answer, *history;
} sayings[] = {
    {"agree:", "yes", "The person agreed to what they were asked"},
    {"disagree:", "no", "The person did not agree to what they were asked"},
    {"revoke:", "revoked", "The person took back what they had agreed to"},
};
enum { AGREE, REFUSE, REVOKE, SAYINGS };

int consent_ask(json_t *state, json_t *asked, const char *who, int64_t now)
{
    json_t *list = state_list(state, "consents");
    size_t count = json_array_size(list);
    if (count >= CONSENTS_MAX) {
        json_decref(asked);
        return 0;
    }
    need(json_object_set_new(asked, "n", json_integer((json_int_t)count + 1)) == 0);
    state_set_text(asked, "by", who);
    need(json_object_set_new(asked, "at", entry_time(now)) == 0);
    state_set_text(asked, "answer", "");
    need(json_array_append_new(list, asked) == 0);
    return (int)count + 1;
}

json_t *consent_at(const json_t *state, int64_t n)
{
    return n < 1 ? NULL : json_array_get(json_object_get(state, "consents"), (size_t)n - 1);
}

int consent_holds(const json_t *consent)
{
    return strcmp(state_text(consent, "answer"), "yes") == 0 && !json_object_get(consent, "revoked");
}

int consent_is_open(const json_t *consent)
{
    return json_is_object(consent) && !*state_text(consent, "answer");
}

int consent_may_go(const json_t *consent)
{
    return consent_holds(consent) && !json_object_get(consent, "stopped");
}

int consent_is_texted(const json_t *consent)
{
    return json_is_true(json_object_get(consent, "texted"));
}

void consent_texted(json_t *state, int64_t n)
{
    json_t *consent = consent_at(state, n);
    if (consent)
        need(json_object_set_new(consent, "texted", json_true()) == 0);
}

void consent_stopped(json_t *state, int64_t now)
{
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(state, "consents"), i, one)
    {
        if (consent_holds(one) && strcmp(state_text(json_object_get(one, "answered"), "via"), "text") == 0)
            need(json_object_set_new(one, "stopped", entry_time(now)) == 0);
    }
}

/* Who said no may come to say yes; a yes is taken back, not turned into a no: what was done on it stays explained. */
static int is_possible(const json_t *consent, size_t saying)
{
    if (saying == REVOKE)
        return consent_holds(consent);
    if (consent_is_open(consent))
        return 1;
    return saying == AGREE &&
           (strcmp(state_text(consent, "answer"), "no") == 0 || (consent_holds(consent) && !consent_may_go(consent)));
}

static int say(json_t *state, int64_t n, size_t saying, json_t *said)
{
    json_t *consent = consent_at(state, n);
    if (saying >= SAYINGS || !is_possible(consent, saying)) {
        json_decref(said);
        return 0;
    }
    if (saying != REVOKE)
        state_set_text(consent, "answer", sayings[saying].answer);
    json_object_del(consent, "stopped");
    need(json_object_set_new(consent, saying == REVOKE ? "revoked" : "answered", said) == 0);
    state_history(state, state_text(said, "by"), sayings[saying].history);
    return 1;
}

int consent_do(json_t *state, const char *act, const char *via, int64_t now)
{
    size_t saying = 0;
    while (saying < SAYINGS && strncmp(act, sayings[saying].act, strlen(sayings[saying].act)) != 0)
        saying++;
    if (saying == SAYINGS)
        return 0;
    int64_t n = 0;
    for (const char *digit = act + strlen(sayings[saying].act); *digit >= '0' && *digit <= '9' && n <= CONSENTS_MAX;
         digit++)
        n = n * 10 + (*digit - '0');
    if (!say(state, n, saying, json_pack("{s:o,s:s}", "at", entry_time(now), "via", via)))
        return 0;
    state_heard(state);
    return 1;
}

int consent_said(json_t *state, int64_t n, const char *answer, const char *who, const char *how, int64_t now)
{
    size_t saying = 0;
    while (saying < SAYINGS && strcmp(answer, sayings[saying].answer) != 0)
        saying++;
    return say(state, n, saying,
               json_pack("{s:o,s:s,s:s,s:s}", "at", entry_time(now), "via", "staff", "by", who, "how", how));
}

/* ---- what the person is told ---- */

static json_t *told(const json_t *consent)
{
    static const char *const texts[] = {"to", "purpose"};
    json_t *one = json_pack("{s:O,s:s,s:s}", "n", json_object_get(consent, "n"), "at", state_text(consent, "at"),
                            "answer", json_object_get(consent, "revoked") ? "revoked" : state_text(consent, "answer"));
    need(one != NULL);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        state_set_text(one, texts[i], state_text(consent, texts[i]));
    /* What is over is told without its words: a notice is written again with each change of the case. */
    if (consent_is_open(consent) || consent_holds(consent))
        state_set_text(one, "what", state_text(consent, "what"));
    const json_t *answered = json_object_get(consent, "answered");
    if (strcmp(state_text(answered, "via"), "staff") == 0) { /* they see what was written down in their name */
        state_set_text(one, "how", state_text(answered, "how"));
        state_set_text(one, "written", state_text(answered, "at"));
    }
    return one;
}

json_t *consent_notice(const json_t *state)
{
    const json_t *consents = json_object_get(state, "consents");
    json_t *list = json_array();
    for (size_t i = 0; i < json_array_size(consents); i++)
        need(json_array_append_new(list, told(json_array_get(consents, i))) == 0);
    if (json_array_size(list))
        return list;
    json_decref(list);
    return NULL;
}
