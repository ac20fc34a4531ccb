/* form_words.c -- see form_words.h. */
#include "intake/form_words.h"

#include <stdio.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/text/language.h"
#include "intake/file_list.h"
#include "intake/own.h"
#include "intake/report.h"
#include "intake/steps.h"

static const struct office *office_of(const struct pages_words *words)
{
    return words->intake->settings->office_says;
}

/* ---- words, the office's or ours ---- */

/* {says, in, dir}: `in` is false where the page's own language says it. Each name is there, also where it says nothing:
 * else one further out would be found. */
static json_t *spoken(const char *says, const char *in, const char *reader)
{
    const struct language *language = in && strcmp(in, reader) != 0 ? language_find(in) : NULL;
    json_t *text = json_pack("{s:s, s:b, s:b}", "says", says, "in", 0, "dir", 0);
    need(text != NULL);
    if (language)
        need(json_object_update_new(text, json_pack("{s:s, s:s}", "in", in, "dir", language->direction)) == 0);
    return text;
}

/* NULL: neither says anything. */
static json_t *words_of(const struct office_words *theirs, const char *ours, struct pages_words *words)
{
    const char *in = NULL, *says = theirs ? office_says(theirs, words->language, &in) : NULL;
    if (says)
        return spoken(says, in, words->language);
    return ours ? spoken(pages_says(words, ours), NULL, words->language) : NULL;
}

static json_t *asks_of(const struct form_question *question, struct pages_words *words)
{
    const struct office_field *field = office_field(office_of(words), question->field);
    return words_of(field ? &field->asks : NULL, question->asks, words);
}

/* ---- choices ---- */

static int is_chosen(const struct form *told, const char *field, const char *value)
{
    for (const struct form_field *at = NULL; (at = form_next(told, field, at)) != NULL;)
        if (strcmp(at->value, value) == 0)
            return 1;
    return 0;
}

/* Takes `says`. */
static void add_option(json_t *list, const char *field, const char *value, json_t *says, const struct form *told)
{
    need(says != NULL);
    need(json_object_update_new(says, json_pack("{s:s, s:s, s:b}", "name", field, "value", value, "on",
                                                is_chosen(told, field, value))) == 0);
    need(json_array_append_new(list, says) == 0);
}

/* What the office offers of a question whose choices it sets. */
static json_t *own_options(const char *field, const struct office_choice *choices, size_t count,
                           const struct form *told, struct pages_words *words)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        add_option(list, field, choices[i].code, words_of(&choices[i].says, NULL, words), told);
    return list;
}

/* A list that is folded shows its first choice as if it were chosen. Which one it is must not hang on the office's
 * order. */
static int is_usual(const struct form_question *question, const char *value, const struct form *told)
{
    return strcmp(question->field, "kind") == 0 && !form_get(told, "kind") && strcmp(value, report_kinds[0]) == 0;
}

static void add_ours(json_t *list, const struct form_question *question, const struct form_option *option,
                     const struct form *told, struct pages_words *words)
{
    int is_desk = strcmp(question->field, "desk") == 0;
    if (!option || (is_desk && !intake_offers(words->intake, option->value)))
        return;
    json_t *says = words_of(NULL, option->says, words);
    add_option(list, question->field, option->value, says, told);
    if (is_usual(question, option->value, told))
        need(json_object_set_new(says, "on", json_true()) == 0); /* it is in the list now */
}

/* All of ours, or those that the office offers in its order. */
static json_t *options_of(const struct form_question *question, const struct form *told, struct pages_words *words)
{
    const struct office *office = office_of(words);
    const struct office_field *field = office_field(office, question->field);
    if (strcmp(question->field, "service") == 0)
        return own_options(question->field, office->services, office->service_count, told, words);
    json_t *list = json_array();
    for (size_t i = 0; field && i < field->only_count; i++)
        add_ours(list, question, form_question_option(question, field->only[i]), told, words);
    for (const struct form_option *at = question->options; at && at->value && !(field && field->only_count); at++)
        add_ours(list, question, at, told, words);
    return list;
}

/* ---- a page that asks ---- */

/* Takes `asks`, `help` (NULL: none) and `options`. */
static json_t *asked(const char *name, json_t *asks, json_t *help, json_t *options, const struct form *told)
{
    const struct form_field *field = form_find(told, name);
    int is_text = json_array_size(options) == 0;
    need(asks != NULL);
    need(json_object_update_new(asks, json_pack("{s:s, s:o, s:o, s:s, s:b, s:b, s:b}", "field", name, "help",
                                                help ? help : json_false(), "options", options, "value",
                                                is_text && field ? field->value : "", "is_text", is_text, "many", 0,
                                                "error", 0)) == 0);
    return asks;
}

static void put_ours(json_t *context, const struct form_question *question, const struct form *told,
                     struct pages_words *words)
{
    const struct office_field *theirs = office_field(office_of(words), question->field);
    char name[64];
    json_t *asks =
        asked(question->field, asks_of(question, words), words_of(theirs ? &theirs->help : NULL, question->help, words),
              options_of(question, told, words), told);
    if (strcmp(question->field, "groups") == 0)
        need(json_object_set_new(asks, "many", json_true()) == 0);
    need(json_object_set_new(asks, "is_new", json_boolean(theirs && theirs->asks.line)) == 0);
    snprintf(name, sizeof name, "%s_asks", question->field);
    need(json_object_set_new(context, name, asks) == 0);
}

static void put_own(json_t *context, const struct step *step, const struct form *told, struct pages_words *words)
{
    const struct office *office = office_of(words);
    char name[64];
    json_t *list = json_array();
    for (size_t i = 0; i < office->own_count; i++) {
        const struct office_own *own = &office->own[i];
        if (strcmp(own->step, step->name) != 0)
            continue;
        json_t *asks = asked(own->field, words_of(&own->asks, NULL, words), words_of(&own->help, NULL, words),
                             own_options(own->field, own->choices, own->choice_count, told, words), told);
        need(json_object_set_new(asks, "many", json_boolean(own->answer == OFFICE_ANSWER_SEVERAL)) == 0);
        need(json_array_append_new(list, asks) == 0);
    }
    snprintf(name, sizeof name, "own_%s", step->name);
    need(json_object_set_new(context, name, list) == 0);
}

void form_words_put(json_t *context, const struct step *step, const struct form *told, struct pages_words *words)
{
    const struct office *office = office_of(words);
    char name[64];
    for (const struct step *at = steps; at->name; at++) {
        if ((step && at != step) || !steps_is_there(office, at))
            continue;
        snprintf(name, sizeof name, "title_%s", at->name);
        need(json_object_set_new(context, name, json_string(pages_says(words, at->title))) == 0);
        for (const char *const *field = at->fields; *field; field++)
            if (steps_asks(office, *field))
                put_ours(context, form_question_find(*field), told, words);
        put_own(context, at, told, words);
    }
}

static json_t *asked_in(json_t *list, const char *field)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        if (strcmp(json_string_value(json_object_get(json_array_get(list, i), "field")), field) == 0)
            return json_array_get(list, i);
    return NULL;
}

void form_words_mark(json_t *context)
{
    const json_t *error = json_array_get(json_object_get(context, "errors"), 0);
    const char *field = json_string_value(json_object_get(error, "field"));
    char name[128];
    if (!field)
        return;
    snprintf(name, sizeof name, "%s_asks", field);
    json_t *asks = json_object_get(context, name);
    for (const struct step *step = steps; !asks && step->name; step++) {
        snprintf(name, sizeof name, "own_%s", step->name);
        asks = asked_in(json_object_get(context, name), field);
    }
    if (asks)
        need(json_object_set(asks, "error", json_object_get(error, "says")) == 0);
}

/* ---- a page that shows what was answered ---- */

/* The words of a choice; of free words the words themselves. NULL: none of that code. */
static json_t *answer_to(const struct form_question *question, const char *value, struct pages_words *words)
{
    if (strcmp(question->field, "service") == 0) {
        const struct office_choice *service = office_service(office_of(words), value);
        return service ? words_of(&service->says, NULL, words) : NULL;
    }
    if (!question->options)
        return spoken(value, NULL, words->language);
    const struct form_option *option = form_question_option(question, value);
    return option ? words_of(NULL, option->says, words) : NULL;
}

static json_t *own_answer_to(const struct office_own *own, const char *value, struct pages_words *words)
{
    if (own->answer == OFFICE_ANSWER_TEXT)
        return spoken(value, NULL, words->language);
    const struct office_choice *choice = own_choice(own, value);
    return choice ? words_of(&choice->says, NULL, words) : NULL;
}

static json_t *files_in(const struct form *told)
{
    json_t *files = file_list_read(told, FILE_LIST_FIELD), *rows = file_list_rows(files);
    json_decref(files);
    return rows;
}

/* Takes `asks`. Nothing where nothing was answered. */
static void add_row(json_t *rows, const struct step *step, const char *field, json_t *asks, json_t *answers)
{
    need(asks != NULL);
    if (json_array_size(answers)) {
        need(json_object_update_new(
                 asks, json_pack("{s:s, s:s, s:O}", "step", step->name, "field", field, "answers", answers)) == 0);
        need(json_array_append(rows, asks) == 0);
    }
    json_decref(asks);
    json_decref(answers);
}

static void add_answer(json_t *list, json_t *answer)
{
    if (answer)
        need(json_array_append_new(list, answer) == 0);
}

static void rows_of_ours(json_t *rows, const struct step *step, const struct form *told, struct pages_words *words)
{
    for (const char *const *field = step->fields; *field; field++) {
        const struct form_question *question = form_question_find(*field);
        int is_files = strcmp(*field, FILE_LIST_FIELD) == 0;
        json_t *answers = is_files ? files_in(told) : json_array();
        for (const struct form_field *at = NULL; !is_files && (at = form_next(told, *field, at)) != NULL;)
            add_answer(answers, at->value_len ? answer_to(question, at->value, words) : NULL);
        add_row(rows, step, *field, asks_of(question, words), answers);
    }
}

static void rows_of_own(json_t *rows, const struct step *step, const struct form *told, struct pages_words *words)
{
    const struct office *office = office_of(words);
    for (size_t i = 0; i < office->own_count; i++) {
        const struct office_own *own = &office->own[i];
        if (strcmp(own->step, step->name) != 0)
            continue;
        json_t *answers = json_array();
        for (const struct form_field *at = NULL; (at = form_next(told, own->field, at)) != NULL;)
            add_answer(answers, at->value_len ? own_answer_to(own, at->value, words) : NULL);
        add_row(rows, step, own->field, words_of(&own->asks, NULL, words), answers);
    }
}

json_t *form_words_answers(const struct form *told, struct pages_words *words)
{
    json_t *rows = json_array();
    for (const struct step *step = steps; step->name; step++) {
        rows_of_ours(rows, step, told, words);
        rows_of_own(rows, step, told, words);
    }
    return rows;
}

static int is_answered(const struct office *office, const struct step *step, const struct form *told)
{
    for (unsigned i = 0; i < told->count; i++)
        if (told->fields[i].value_len && steps_has(office, step, told->fields[i].name))
            return 1;
    return 0;
}

json_t *form_words_open(const struct form *told, struct pages_words *words)
{
    const struct office *office = office_of(words);
    json_t *rows = json_array();
    for (const struct step *step = steps; step[1].name; step++) {
        if (!steps_is_asked(office, step, told) || is_answered(office, step, told))
            continue;
        json_t *row = json_pack("{s:s, s:s}", "step", step->name, "title", pages_says(words, step->title));
        need(row && json_array_append_new(rows, row) == 0);
    }
    return rows;
}
