/* view_refer.c -- consent and referral on the page of a case (view.h). */
#include <string.h>

#include "triage/console/view.h"

/* ---- what the person was asked ---- */

static const char *state_of(const json_t *consent)
{
    const char *answer = view_text(consent, "answer");
    if (json_is_object(json_object_get(consent, "revoked")))
        return "revoked";
    return *answer ? answer : "open";
}

/* Who said it, when, and how it became known: by the page, or written down by staff. */
static json_t *said(const struct reader *reader, const json_t *from)
{
    static const char *const texts[] = {"by", "how", NULL};
    if (!json_is_object(from))
        return NULL;
    json_t *to = json_object();
    view_put_texts(to, from, texts);
    view_put(to, "at", words_time(reader, view_text(from, "at"), 0));
    view_put(to, "on_page", json_boolean(strcmp(view_text(from, "via"), "page") == 0));
    return to;
}

static json_t *consent_of(const struct reader *reader, const json_t *consent)
{
    static const char *const texts[] = {"to", "purpose", "what", "by", NULL};
    const char *state = state_of(consent);
    json_t *to = json_object();
    view_put_texts(to, consent, texts);
    view_put_number(to, "n", consent);
    view_put(to, "at", words_time(reader, view_text(consent, "at"), 0));
    view_put(to, "state", json_string(words_label(reader, WORDS_CONSENT, state)));
    view_put(to, "is_open", json_boolean(strcmp(state, "open") == 0 || strcmp(state, "no") == 0));
    view_put(to, "holds", json_boolean(strcmp(state, "yes") == 0));
    view_put(to, "answered", said(reader, json_object_get(consent, "answered")));
    view_put(to, "revoked", said(reader, json_object_get(consent, "revoked")));
    return to;
}

/* [{"receiver","name"}] */
static json_t *places(const json_t *receivers)
{
    json_t *list = json_array();
    for (size_t i = 0; i < json_array_size(receivers); i++) {
        const json_t *one = json_array_get(receivers, i);
        need(json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "receiver", view_text(one, "receiver"), "name",
                                                   view_text(one, "name"), "jurisdiction",
                                                   view_text(one, "jurisdiction"))) == 0);
    }
    return list;
}

void view_put_consents(const struct reader *reader, const json_t *answer, const json_t *receivers, json_t *to)
{
    const json_t *consents = json_object_get(answer, "consents");
    json_t *list = json_array();
    for (size_t i = 0; i < json_array_size(consents); i++)
        need(json_array_append_new(list, consent_of(reader, json_array_get(consents, i))) == 0);
    view_put_list(to, "consents", list);
    view_put_list(to, "places", places(receivers));
    view_put(to, "is_sms", json_boolean(strcmp(view_text(answer, "channel"), "sms") == 0));
}
