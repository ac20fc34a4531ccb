/* view_remedy.c -- remedies on the page of a case, with who said what when; and in the list of what is promised
 * (view.h). */
#include <string.h>

#include "triage/console/view.h"

static const struct {
    const char *key, *what, *so, *not_so;
} voices[] = {
    {"answer", "accepted", T("Accepted"), T("Refused by the person")},
    {"verified", "helped", T("It helped"), T("It did not help")},
};

static const struct {
    const char *via, *says;
} ways[] = {{"page", T("On their page")}, {"text", T("By text message")}};

/* Who wrote down something, and when. */
static json_t *signed_by(const struct reader *reader, const json_t *from)
{
    static const char *const texts[] = {"words", "evidence", NULL};
    json_t *to = json_object();
    view_put_texts(to, from, texts);
    view_put(to, "who", *view_text(from, "by") ? json_string(view_text(from, "by")) : NULL);
    view_put(to, "at", words_time(reader, view_text(from, "at"), 0));
    return to;
}

static void put_voice(const struct reader *reader, const json_t *remedy, size_t which, json_t *to)
{
    const json_t *from = json_object_get(remedy, voices[which].key);
    if (!json_is_object(from)) {
        view_put(to, voices[which].key, NULL);
        return;
    }
    int is_so = json_is_true(json_object_get(from, voices[which].what));
    json_t *voice = signed_by(reader, from);
    view_put(voice, "says", json_string(words_text(reader, is_so ? voices[which].so : voices[which].not_so)));
    view_put(voice, "way", NULL);
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        if (strcmp(ways[i].via, view_text(from, "via")) == 0)
            view_put(voice, "way", json_string(words_text(reader, ways[i].says)));
    view_put(to, voices[which].key, voice);
}

static int is_accepted(const json_t *remedy)
{
    return json_is_true(json_object_get(json_object_get(remedy, "answer"), "accepted"));
}

/* The day counts down while it is owed. */
static json_t *view_remedy(const struct reader *reader, const json_t *remedy, int64_t now)
{
    const json_t *offered = json_object_get(remedy, "offered"), *delivered = json_object_get(remedy, "delivered");
    int is_owed = is_accepted(remedy) && !delivered, is_asked = *view_text(remedy, "asked") != 0;
    json_t *to = json_pack("{s:s, s:s}", "what", view_text(remedy, "what"), "offered_by", view_text(offered, "by"));
    need(to != NULL);
    view_put(to, "types", view_codes(reader, WORDS_REMEDY, json_object_get(remedy, "types")));
    view_put(to, "due", view_day(reader, view_text(remedy, "by"), is_owed ? now : 0));
    view_put(to, "offered_at", words_time(reader, view_text(offered, "at"), 0));
    view_put(to, "delivered", json_is_object(delivered) ? signed_by(reader, delivered) : NULL);
    view_put(to, "asked", words_time(reader, view_text(remedy, "asked"), 0));
    view_put(to, "ask_on",
             is_asked || json_object_get(remedy, "verified") ? NULL
                                                             : words_time(reader, view_text(remedy, "ask_on"), 0));
    for (size_t i = 0; i < sizeof voices / sizeof *voices; i++)
        put_voice(reader, remedy, i, to);
    return to;
}

/* ---- the choices of the forms ---- */

/* Those that say that there was none are not offered. */
static json_t *kinds(const struct reader *reader)
{
    json_t *all = words_codes(reader, WORDS_REMEDY, NULL);
    for (size_t i = json_array_size(all); i-- > 0;) {
        const char *code = view_text(json_array_get(all, i), "code");
        if (strcmp(code, "none_offered") == 0 || strcmp(code, "refused") == 0)
            need(json_array_remove(all, i) == 0);
    }
    return all;
}

/* The newest first: that is mostly the one. */
static json_t *to_deliver(const struct reader *reader, const json_t *remedies)
{
    json_t *list = json_array();
    for (size_t i = json_array_size(remedies); i-- > 0;) {
        const json_t *one = json_array_get(remedies, i), *answer = json_object_get(one, "answer");
        if (json_object_get(one, "delivered") || (answer && !is_accepted(one)))
            continue;
        json_t *types = view_codes(reader, WORDS_REMEDY, json_object_get(one, "types"));
        json_t *choice = json_pack(
            "{s:o, s:o}", "number", json_sprintf("%lld", (long long)view_number(one, "number")), "label",
            json_sprintf("%lld · %s%s", (long long)view_number(one, "number"),
                         view_text(json_array_get(types, 0), "label"), json_array_size(types) > 1 ? " …" : ""));
        need(choice != NULL && json_array_append_new(list, choice) == 0);
        json_decref(types);
    }
    return list;
}

/* What staff may have heard in this state. */
static json_t *heard(const struct reader *reader, const char *state)
{
    static const char *const answers[] = {"accept", "refuse", NULL}, *const verdicts[] = {"not_helped", NULL};
    return words_options(reader, WORDS_ACT, strcmp(state, "delivered") == 0 ? verdicts : answers, NULL);
}

void view_put_remedies(const struct reader *reader, const json_t *answer, json_t *to, int64_t now)
{
    const json_t *remedies = json_object_get(answer, "remedies");
    json_t *list = json_array();
    for (size_t i = 0; i < json_array_size(remedies); i++)
        need(json_array_append_new(list, view_remedy(reader, json_array_get(remedies, i), now)) == 0);
    view_put_list(to, "remedies", list);
    view_put_list(to, "to_deliver", to_deliver(reader, remedies));
    view_put(to, "remedy_types", kinds(reader));
    view_put(to, "heard", heard(reader, view_text(json_object_get(answer, "item"), "state")));
}

/* ---- the list ---- */

json_t *view_promise(const struct reader *reader, const json_t *item, int64_t now)
{
    const json_t *promised = json_object_get(item, "promised");
    json_t *to = view_item(reader, item, "/cases", now), *list = json_array();
    for (size_t i = 0; i < json_array_size(promised); i++) {
        const json_t *one = json_array_get(promised, i);
        json_t *row = json_object();
        view_put(row, "types", view_codes(reader, WORDS_REMEDY, json_object_get(one, "types")));
        view_put(row, "due", view_day(reader, view_text(one, "by"), now));
        need(json_array_append_new(list, row) == 0);
    }
    view_put(to, "promised", list);
    return to;
}
