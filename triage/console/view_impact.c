/* view_impact.c -- impacts and actions as pages show them (view.h). */
#include <stdio.h>
#include <string.h>

#include "common/base/buf.h"
#include "common/base/mem.h"
#include "triage/console/fields.h"
#include "triage/console/view.h"

enum { LINE_BYTES = 4096 };

void view_put(json_t *to, const char *key, json_t *value)
{
    need(json_object_set_new(to, key, value ? value : json_null()) == 0);
}

void view_put_list(json_t *to, const char *key, json_t *list)
{
    char has[48];
    need((size_t)snprintf(has, sizeof has, "has_%s", key) < sizeof has);
    view_put(to, has, json_boolean(json_array_size(list) > 0));
    view_put(to, key, list);
}

void view_put_texts(json_t *to, const json_t *from, const char *const *keys)
{
    for (; *keys; keys++)
        view_put(to, *keys, *view_text(from, *keys) ? json_string(view_text(from, *keys)) : NULL);
}

int64_t view_number(const json_t *from, const char *key)
{
    return (int64_t)json_integer_value(json_object_get(from, key));
}

void view_put_number(json_t *to, const char *key, const json_t *from)
{
    const json_t *number = json_object_get(from, key);
    view_put(to, key, json_is_integer(number) ? json_sprintf("%lld", json_integer_value(number)) : NULL);
}

void view_put_counted(const struct reader *reader, json_t *to, const char *key, const char *one, const char *many,
                      int64_t n)
{
    char *text = n > 0 ? words_count(reader, one, many, (uint64_t)n) : NULL;
    view_put(to, key, text ? json_string(text) : NULL);
    mem_free(text);
}

json_t *view_day(const struct reader *reader, const char *time, int64_t now)
{
    json_t *day = words_time(reader, time, now);
    if (day)
        view_put(day, "text", json_stringn(time, strnlen(time, 10)));
    return day;
}

json_t *view_codes(const struct reader *reader, enum words_group group, const json_t *codes)
{
    json_t *list = json_array();
    for (size_t i = 0; i < json_array_size(codes); i++) {
        const char *code = json_string_value(json_array_get(codes, i));
        const struct codes_row *row = code ? words_code(group, code) : NULL;
        json_t *one = json_pack("{s:s, s:s}", "label", code ? words_label(reader, group, code) : "", "term",
                                row ? row->term : "");
        need(one && json_array_append_new(list, one) == 0);
    }
    return list;
}

/* ---- history ---- */

static const struct {
    const char *field, *english;
} field_names[] = {
    {"title", T("Title")},
    {"what", T("What is to be done")},
    {"rights", T("Rights")},
    {"stage", T("Stage of the technology's life")},
    {"technology", T("Technology")},
    {"technologies", T("Technology")},
    {"groups", T("Groups")},
    {"state", T("State")},
    {"likelihood", T("How likely")},
    {"scale", T("Scale")},
    {"scope", T("Scope")},
    {"irremediability", T("Irremediability")},
    {"grave", T("Grave violation")},
    {"people_low", T("People affected, at least")},
    {"people_high", T("People affected, at most")},
    {"whole_group", T("All of a small group are affected")},
    {"owner", T("Owner")},
    {"due", T("Deadline")},
    {"indicator", T("How one sees that it works")},
    {"consulted", T("Were the people affected asked?")},
    {"consultation", T("Whom, and what they said; or why not")},
    {"outcome", T("What came of it")},
    {"reason", T("Why")},
    {"entity", T("Entity")},
    {"name", T("Name")},
    {"mechanism", T("Kind")},
    {"jurisdiction", T("Jurisdiction")},
    {"takes", T("What it takes")},
    {"contact", T("How to reach it")},
    {"certificate", T("Certificate")},
};

static const char *field_name(const struct reader *reader, const char *field)
{
    for (size_t i = 0; i < sizeof field_names / sizeof *field_names; i++)
        if (strcmp(field_names[i].field, field) == 0)
            return words_text(reader, field_names[i].english);
    return field; /* the name of an entity */
}

static json_t *fields_line(const struct reader *reader, const json_t *fields)
{
    struct buf line = BUF_INIT(LINE_BYTES);
    for (size_t i = 0; i < json_array_size(fields); i++) {
        const char *field = json_string_value(json_array_get(fields, i));
        if (field && buf_addf(&line, "%s%s", line.len ? " · " : "", field_name(reader, field)) != ERR_OK)
            break;
    }
    json_t *says = line.len ? json_string(buf_text(&line)) : NULL;
    buf_free(&line);
    return says;
}

json_t *view_history(const struct reader *reader, const json_t *history)
{
    json_t *list = json_array();
    for (size_t i = json_array_size(history); i-- > 0;) {
        const json_t *line = json_array_get(history, i);
        json_t *one =
            json_pack("{s:s, s:s}", "by", view_text(line, "by"), "what", words_text(reader, view_text(line, "what")));
        need(one && json_array_append_new(list, one) == 0);
        view_put(one, "at", words_time(reader, view_text(line, "at"), 0));
        view_put(one, "fields", fields_line(reader, json_object_get(line, "fields")));
    }
    return list;
}

json_t *view_drift(const struct reader *reader, int64_t days)
{
    if (days <= 0)
        return NULL;
    char *text = words_count(reader,
                             TN("Linked and without action for {{n}} day: this drifts towards contribution.",
                                "Linked and without action for {{n}} days: this drifts towards contribution."),
                             (uint64_t)days);
    json_t *says = json_string(text);
    mem_free(text);
    return says;
}

/* ---- entities ---- */

static json_t *view_involvement(const struct reader *reader, const json_t *entry)
{
    static const char *const texts[] = {"said_by", "evidence", "by", NULL};
    json_t *to = json_object();
    view_put_texts(to, entry, texts);
    view_put_label(reader, to, "involvement", WORDS_INVOLVEMENT, entry, "value");
    view_put(to, "from", view_day(reader, view_text(entry, "from"), 0));
    return to;
}

static json_t *view_expected(const struct reader *reader, const json_t *expects)
{
    json_t *list = json_array();
    for (size_t i = 0; i < json_array_size(expects); i++) {
        const json_t *one = json_array_get(expects, i);
        need(json_array_append_new(list, json_pack("{s:s, s:b}", "label",
                                                   words_label(reader, WORDS_ACTION, view_text(one, "type")),
                                                   "is_there", json_is_true(json_object_get(one, "is_there")))) == 0);
    }
    return list;
}

static json_t *view_entity(const struct reader *reader, const json_t *entity)
{
    static const char *const texts[] = {"entity", "name", "about", "identifier", NULL};
    json_t *to = json_object(), *past = json_array();
    const json_t *history = json_object_get(entity, "history");
    view_put_texts(to, entity, texts);
    view_put_label(reader, to, "involvement", WORDS_INVOLVEMENT, entity, "involvement");
    view_put(to, "since", view_day(reader, view_text(entity, "since"), 0));
    view_put(to, "drift", view_drift(reader, view_number(entity, "drift_days")));
    view_put_list(to, "expects", view_expected(reader, json_object_get(entity, "expects")));
    for (size_t i = json_array_size(history); i-- > 0;)
        need(json_array_append_new(past, view_involvement(reader, json_array_get(history, i))) == 0);
    view_put_list(to, "past", past);
    view_put(to, "involvements", words_codes(reader, WORDS_INVOLVEMENT, NULL));
    return to;
}

/* ---- impacts ---- */

static json_t *people_says(const struct reader *reader, const json_t *impact)
{
    char low[24], high[24];
    int64_t least = view_number(impact, "people_low"), most = view_number(impact, "people_high");
    char *text = NULL;
    snprintf(low, sizeof low, "%lld", (long long)least);
    snprintf(high, sizeof high, "%lld", (long long)most);
    if (least > 0 && most > least)
        text = words_fill(reader, T("{{low}} to {{high}} people"), json_pack("{s:s, s:s}", "low", low, "high", high));
    else if (least > 0 || most > 0)
        text = words_count(reader, TN("{{n}} person", "{{n}} people"), (uint64_t)(least > 0 ? least : most));
    json_t *says = text ? json_string(text) : NULL;
    mem_free(text);
    return says;
}

json_t *view_impact(const struct reader *reader, const json_t *impact)
{
    static const char *const texts[] = {"impact", "title", "what", "technology", NULL};
    json_t *to = json_object();
    const json_t *cases = json_object_get(impact, "cases"), *count = json_object_get(impact, "count");
    view_put_texts(to, impact, texts);
    view_put_number(to, "version", impact);
    view_put_label(reader, to, "state", WORDS_STATE, impact, "state");
    view_put_label(reader, to, "likelihood", WORDS_LIKELIHOOD, impact, "likelihood");
    view_put_label(reader, to, "stage", WORDS_STAGE, impact, "stage");
    view_put(to, "rank", view_rank(reader, json_object_get(impact, "severity")));
    count = json_is_integer(cases) ? cases : count;
    view_put(to, "cases", json_is_integer(count) ? json_sprintf("%lld", json_integer_value(count)) : NULL);
    view_put_list(to, "rights", view_codes(reader, WORDS_RIGHT, json_object_get(impact, "rights")));
    view_put_list(to, "technologies", view_codes(reader, WORDS_TECHNOLOGY, json_object_get(impact, "technologies")));
    view_put_list(to, "groups", view_codes(reader, WORDS_PEOPLE, json_object_get(impact, "groups")));
    view_put(to, "people", people_says(reader, impact));
    view_put(to, "whole_group", json_boolean(json_is_true(json_object_get(impact, "whole_group"))));
    view_put_counted(reader, to, "open", TN("{{n}} open action", "{{n}} open actions"), view_number(impact, "open"));
    view_put_counted(reader, to, "overdue", TN("{{n}} overdue", "{{n}} overdue"), view_number(impact, "overdue"));
    view_put_counted(reader, to, "drifting",
                     TN("{{n}} drifts towards contribution", "{{n}} drift towards contribution"),
                     view_number(impact, "drifting"));
    return to;
}

/* Own and rolled up side by side, a row for each part. */
static json_t *view_levels(const struct reader *reader, const json_t *own, const json_t *rolled)
{
    static const struct {
        const char *part, *english;
        enum words_group group;
    } rows[] = {{"scale", T("Scale"), WORDS_SCALE},
                {"scope", T("Scope"), WORDS_SCOPE},
                {"irremediability", T("Irremediability"), WORDS_IRREMEDIABILITY}};
    const json_t *const sides[] = {own, rolled};
    static const char *const names[] = {"own", "rolled"};
    json_t *list = json_array();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        json_t *row = json_pack("{s:s}", "label", words_text(reader, rows[i].english));
        for (size_t s = 0; s < 2; s++) {
            char code[2] = {(char)('0' + view_number(sides[s], rows[i].part)), 0};
            view_put(row, names[s], code[0] > '0' ? json_string(words_label(reader, rows[i].group, code)) : NULL);
        }
        need(json_array_append_new(list, row) == 0);
    }
    json_t *row = json_pack("{s:s}", "label", words_text(reader, T("Grave violation")));
    for (size_t s = 0; s < 2; s++)
        view_put(row, names[s],
                 json_is_true(json_object_get(sides[s], "grave")) ? json_string(words_text(reader, T("Yes"))) : NULL);
    need(json_array_append_new(list, row) == 0);
    return list;
}

static json_t *view_joined(const json_t *joined)
{
    json_t *list = json_array();
    for (size_t i = 0; i < json_array_size(joined); i++) {
        const json_t *one = json_array_get(joined, i);
        need(json_array_append_new(list, json_pack("{s:s, s:o}", "month", view_text(one, "month"), "cases",
                                                   json_sprintf("%lld", (long long)view_number(one, "cases")))) == 0);
    }
    return list;
}

static json_t *entity_choices(const json_t *entities)
{
    json_t *list = json_array();
    for (size_t i = 0; i < json_array_size(entities); i++) {
        const json_t *one = json_array_get(entities, i);
        need(json_array_append_new(list, json_pack("{s:s, s:s}", "code", view_text(one, "entity"), "label",
                                                   view_text(one, "name"))) == 0);
    }
    return list;
}

json_t *view_impact_page(const struct reader *reader, const json_t *answer, int64_t now)
{
    json_t *to = view_impact(reader, answer), *entities = json_array();
    const json_t *all = json_object_get(answer, "entities"), *assessed = json_object_get(answer, "assessed");
    for (size_t i = 0; i < json_array_size(all); i++)
        need(json_array_append_new(entities, view_entity(reader, json_array_get(all, i))) == 0);
    view_put_list(to, "entities", entities);
    view_put(to, "choices", entity_choices(all));
    view_put_list(to, "actions", view_actions(reader, json_object_get(answer, "actions"), now));
    view_put_list(to, "items", view_items(reader, json_object_get(answer, "cases"), "/cases", now));
    view_put(to, "levels", view_levels(reader, json_object_get(answer, "own"), json_object_get(answer, "rolled")));
    view_put_list(to, "joined", view_joined(json_object_get(answer, "joined")));
    view_put_list(to, "history", view_history(reader, json_object_get(answer, "history")));
    view_put(to, "types", words_codes(reader, WORDS_ACTION, NULL));
    view_put(to, "involvements", words_codes(reader, WORDS_INVOLVEMENT, NULL));
    view_put(to, "asked", words_options(reader, WORDS_YES_NO, ASKED_OR_NOT, NULL));
    if (json_is_object(assessed)) {
        view_put(to, "assessed_reason", json_string(view_text(assessed, "reason")));
        view_put(to, "assessed_by", json_string(view_text(assessed, "by")));
        view_put(to, "assessed_at", words_time(reader, view_text(assessed, "at"), 0));
    }
    return to;
}

/* ---- the form ---- */

static json_t *one_code(const json_t *impact, const char *key)
{
    return json_pack("[s]", view_text(impact, key));
}

/* Which rights are often at stake at which stage: for those who look for words, not ticked by themselves. */
static json_t *view_suggestions(const struct reader *reader, const json_t *stages)
{
    json_t *list = json_array();
    for (size_t i = 0; i < json_array_size(stages); i++) {
        const json_t *stage = json_array_get(stages, i);
        const struct codes_row *row = words_code(WORDS_STAGE, view_text(stage, "code"));
        struct buf rights = BUF_INIT(LINE_BYTES);
        for (size_t r = 0; row && r < row->to_count; r++)
            need(buf_addf(&rights, "%s%s", rights.len ? " · " : "", words_label(reader, WORDS_RIGHT, row->to[r])) ==
                 ERR_OK);
        json_t *one = json_pack("{s:s, s:s}", "label", view_text(stage, "label"), "rights", buf_text(&rights));
        need(one && json_array_append_new(list, one) == 0);
        buf_free(&rights);
    }
    return list;
}

json_t *view_impact_form(const struct reader *reader, const json_t *impact)
{
    static const char *const texts[] = {"impact", "what", "technology", NULL};
    static const char *const flags[] = {"grave", "whole_group"};
    json_t *to = json_object(), *stage = one_code(impact, "stage");
    view_put_texts(to, impact, texts);
    view_put_number(to, "version", impact);
    view_put_number(to, "people_low", impact);
    view_put_number(to, "people_high", impact);
    view_put(to, "rights", words_codes(reader, WORDS_RIGHT, json_object_get(impact, "rights")));
    view_put(to, "technologies", words_codes(reader, WORDS_TECHNOLOGY, json_object_get(impact, "technologies")));
    view_put(to, "groups", words_codes(reader, WORDS_PEOPLE, json_object_get(impact, "groups")));
    view_put(to, "title_field", json_string(view_text(impact, "title"))); /* "title" is the window's */
    json_t *stages = words_codes(reader, WORDS_STAGE, stage);
    view_put(to, "suggestions", view_suggestions(reader, stages));
    view_put(to, "stages", stages);
    const char *state = view_text(impact, "state");
    view_put(to, "states", words_options(reader, WORDS_STATE, IMPACT_STATES, *state ? state : "actual"));
    view_put(to, "likelihoods", words_options(reader, WORDS_LIKELIHOOD, LIKELIHOODS, view_text(impact, "likelihood")));
    view_put(to, "scale", words_levels(reader, WORDS_SCALE, view_number(impact, "scale")));
    view_put(to, "scope", words_levels(reader, WORDS_SCOPE, view_number(impact, "scope")));
    view_put(to, "irremediability",
             words_levels(reader, WORDS_IRREMEDIABILITY, view_number(impact, "irremediability")));
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        view_put(to, flags[i], json_boolean(json_is_true(json_object_get(impact, flags[i]))));
    json_decref(stage);
    return to;
}
