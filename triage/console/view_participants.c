/* view_participants.c -- who takes part in a case beside this one, on its page (view.h). */
#include <string.h>

#include "common/base/mem.h"
#include "triage/console/fields.h"
#include "triage/console/view.h"

/* Who wrote it down, when, and how or why; null where it is not there. */
static void put_said(const struct reader *reader, const json_t *from, const char *key, json_t *to)
{
    static const char *const texts[] = {"by", "how", "reason", NULL};
    const json_t *said = json_object_get(from, key);
    json_t *one = json_is_object(said) ? json_object() : NULL;
    if (one) {
        view_put_texts(one, said, texts);
        if (!*view_text(said, "by"))
            view_put(one, "by", NULL);
        view_put(one, "at", words_time(reader, view_text(said, "at"), 0));
    }
    view_put(to, key, one);
}

static json_t *view_part(const struct reader *reader, const json_t *from)
{
    static const char *const texts[] = {"case", NULL}, *const saids[] = {"mandate", "ended", "alone"};
    json_t *to = json_object();
    view_put_texts(to, from, texts);
    view_put(to, "language", json_string(words_language(reader, view_text(from, "language"))));
    view_put(to, "reason", *view_text(from, "reason") ? json_string(view_text(from, "reason")) : NULL);
    view_put_label(reader, to, "role", WORDS_PARTICIPANT, from, "role");
    view_put_label(reader, to, "say", WORDS_SAY, from, "say");
    view_put_label(reader, to, "channel", WORDS_CHANNEL, from, "channel");
    view_put_label(reader, to, "state", WORDS_STATE, from, "state");
    view_put_label(reader, to, "remedy", WORDS_SAY, from, "remedy");
    for (size_t i = 0; i < sizeof saids / sizeof *saids; i++)
        put_said(reader, from, saids[i], to);
    return to;
}

static json_t *view_noted(const struct reader *reader, const json_t *noted)
{
    json_t *list = json_array();
    for (size_t i = 0; i < json_array_size(noted); i++) {
        const json_t *from = json_array_get(noted, i);
        const char *act = view_text(from, "act");
        char word[20] = "";
        size_t len = strcspn(act, ":"); /* "agree:2" is about the second question */
        if (len < sizeof word)
            memcpy(word, act, len);
        json_t *one = json_pack("{s:s}", "act", words_label(reader, WORDS_ACT, word));
        need(one && json_array_append_new(list, one) == 0);
        view_put(one, "words", *view_text(from, "words") ? json_string(view_text(from, "words")) : NULL);
        view_put(one, "at", words_time(reader, view_text(from, "at"), 0));
    }
    return list;
}

void view_put_participants(const struct reader *reader, const json_t *answer, json_t *to)
{
    const json_t *from = json_object_get(answer, "participant"), *beside = json_object_get(from, "others");
    json_t *part = json_is_object(from) ? view_part(reader, from) : NULL, *others = json_array();
    for (size_t i = 0; i < json_array_size(beside); i++)
        need(json_array_append_new(others, view_part(reader, json_array_get(beside, i))) == 0);
    view_put(to, "has_participants", json_boolean(json_array_size(others) > 0));
    if (part) {
        int is_ended = strcmp(view_text(from, "say"), "ended") == 0;
        int represents = strcmp(view_text(from, "role"), "representative") == 0;
        view_put(part, "others", json_incref(others));
        view_put_list(part, "noted", view_noted(reader, json_object_get(from, "noted")));
        view_put(part, "roles", words_options(reader, WORDS_PARTICIPANT, PARTICIPANTS, NULL));
        view_put(part, "own_roles", words_options(reader, WORDS_PARTICIPANT, PARTICIPANTS, view_text(from, "role")));
        view_put(part, "may_end", json_boolean(represents && !is_ended));
    }
    json_decref(others);
    view_put(to, "participant", part);
}
