/* view_assess.c -- severity on the case page: what the rules propose, what a person said, by affected group, and the
 * form to change it (view.h). */
#include "triage/console/view.h"

#include <string.h>

#include "common/base/mem.h"
#include "triage/console/fields.h"

/* Room for more groups than there are: without scripts a form cannot grow. */
enum { GROUPS_MORE = 2, GROUPS_MOST = 16 };

static int64_t number_of(const json_t *from, const char *key)
{
    const json_t *number = json_object_get(from, key);
    return json_is_integer(number) ? json_integer_value(number) : 0;
}

/* ---- the first look ---- */

json_t *view_look(const struct reader *reader, const json_t *look)
{
    if (!json_is_object(look))
        return NULL;
    json_t *to = json_pack("{s:s}", "by_name", view_text(look, "by_name"));
    need(to != NULL);
    view_put_label(reader, to, "danger", WORDS_YES_NO, look, "danger");
    view_put_label(reader, to, "urgency", WORDS_URGENCY, look, "urgency");
    view_put(to, "at", words_time(reader, view_text(look, "at"), 0));
    return to;
}

/* "and 37 that say nearly the same"; NULL: nobody does. */
json_t *view_alike(const struct reader *reader, const json_t *item)
{
    json_int_t n = json_integer_value(json_object_get(item, "alike"));
    if (n <= 0)
        return NULL;
    char *text = words_count(reader, TN("and {{n}} that says nearly the same", "and {{n}} that say nearly the same"),
                             (uint64_t)n);
    json_t *says = json_string(text);
    mem_free(text);
    return says;
}

void view_look_choices(const struct reader *reader, const json_t *look, json_t *to)
{
    view_put(to, "dangers", words_options(reader, WORDS_YES_NO, YES_NO, view_text(look, "danger")));
    view_put(to, "urgencies", words_options(reader, WORDS_URGENCY, URGENCIES, view_text(look, "urgency")));
}

/* ---- the form ---- */

static void put_axes(const struct reader *reader, const json_t *from, json_t *form)
{
    const char *by = view_text(from, "by");
    view_put(form, "scale", words_levels(reader, WORDS_SCALE, number_of(from, "scale")));
    view_put(form, "scope", words_levels(reader, WORDS_SCOPE, number_of(from, "scope")));
    view_put(form, "irremediability", words_levels(reader, WORDS_IRREMEDIABILITY, number_of(from, "irremediability")));
    /* As <input type="datetime-local"> wants it. */
    view_put(form, "by", strlen(by) >= 16 ? json_stringn(by, 16) : NULL);
    for (const char *const *key = (const char *const[]){"people_low", "people_high", NULL}; *key; key++)
        view_put(form, *key, number_of(from, *key) ? json_integer(number_of(from, *key)) : NULL);
    view_put(form, "whole", json_boolean(json_is_true(json_object_get(from, "whole"))));
}

static json_t *group_options(const struct reader *reader, const json_t *group)
{
    json_t *chosen = json_pack("[s]", view_text(group, "group"));
    json_t *options = words_codes(reader, WORDS_PEOPLE, chosen);
    json_decref(chosen);
    return options;
}

static json_t *group_forms(const struct reader *reader, const json_t *groups)
{
    json_t *list = json_array();
    size_t most = json_array_size(groups) + GROUPS_MORE;
    for (size_t i = 0; i < most && i < GROUPS_MOST; i++) {
        const json_t *group = json_array_get(groups, i);
        json_t *form = json_pack("{s:I, s:s}", "n", (json_int_t)i, "reason", view_text(group, "reason"));
        need(form != NULL);
        view_put(form, "group", group_options(reader, group));
        put_axes(reader, group, form);
        need(json_array_append_new(list, form) == 0);
    }
    return list;
}

json_t *view_assess_form(const struct reader *reader, const json_t *from)
{
    static const char *const flags[] = {"danger_now", "grave", "ongoing"};
    const json_t *groups = json_object_get(from, "groups");
    json_t *form = json_object();
    put_axes(reader, from, form);
    view_put(form, "likelihood", words_options(reader, WORDS_LIKELIHOOD, LIKELIHOODS, view_text(from, "likelihood")));
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        view_put(form, flags[i], json_boolean(json_is_true(json_object_get(from, flags[i]))));
    view_put(form, "has_groups", json_boolean(json_array_size(groups) > 0));
    view_put(form, "groups", group_forms(reader, groups));
    return form;
}

/* ---- what was said ---- */

/* "3 to 5 people", "about 5 people", "all of a small group"; NULL: nobody counted. */
static json_t *people_says(const struct reader *reader, const json_t *group)
{
    int64_t low = number_of(group, "people_low"), high = number_of(group, "people_high");
    if (json_is_true(json_object_get(group, "whole")))
        return json_string(words_text(reader, T("all of a small group")));
    if (!low && !high)
        return NULL;
    char *text = low && high && low != high
                     ? words_fill(reader, T("{{low}} to {{high}} people"),
                                  json_pack("{s:I, s:I}", "low", (json_int_t)low, "high", (json_int_t)high))
                     : words_count(reader, TN("{{n}} person", "{{n}} people"), (uint64_t)(high ? high : low));
    json_t *says = json_string(text);
    mem_free(text);
    return says;
}

static json_t *view_groups(const struct reader *reader, const json_t *judgement)
{
    const json_t *groups = json_object_get(judgement, "groups");
    json_t *list = json_array();
    for (size_t i = 0; i < json_array_size(groups); i++) {
        const json_t *group = json_array_get(groups, i);
        json_t *to =
            json_pack("{s:s, s:b, s:s}", "group", words_label(reader, WORDS_PEOPLE, view_text(group, "group")),
                      "gravest", number_of(judgement, "gravest") == (int64_t)i, "reason", view_text(group, "reason"));
        need(to != NULL);
        view_put(to, "rank", view_rank(reader, group));
        view_put(to, "people", people_says(reader, group));
        view_put(to, "by", words_time(reader, view_text(group, "by"), 0));
        need(json_array_append_new(list, to) == 0);
    }
    return list;
}

json_t *view_judgement(const struct reader *reader, const json_t *judgement)
{
    if (!json_is_object(judgement))
        return NULL;
    const json_t *fired = json_object_get(judgement, "fired");
    json_t *to = json_pack("{s:o, s:s, s:s}", "reasons",
                           view_reasons(reader, fired ? fired : json_object_get(judgement, "reasons")), "reason",
                           view_text(judgement, "reason"), "by_name", view_text(judgement, "by_name"));
    need(to != NULL);
    view_put(to, "rank", view_rank(reader, judgement));
    view_put(to, "people", people_says(reader, judgement));
    view_put(to, "by", words_time(reader, view_text(judgement, "by"), 0));
    view_put(to, "at", words_time(reader, view_text(judgement, "at"), 0));
    view_put(to, "has_groups", json_boolean(json_array_size(json_object_get(judgement, "groups")) > 0));
    view_put(to, "groups", view_groups(reader, judgement));
    return to;
}

json_t *view_wish(const struct reader *reader, const json_t *wish)
{
    if (!json_is_object(wish))
        return NULL;
    json_t *to = json_pack("{s:s, s:s}", "by_name", view_text(wish, "by"), "reason", view_text(wish, "reason"));
    need(to != NULL);
    view_put(to, "rank", view_rank(reader, json_object_get(wish, "to")));
    view_put(to, "may", json_boolean(json_is_true(json_object_get(wish, "may"))));
    view_put(to, "at", words_time(reader, view_text(wish, "at"), 0));
    return to;
}
