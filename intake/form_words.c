/* form_words.c -- see form_words.h. */
#include "intake/form_words.h"

#include <stdio.h>
#include <string.h>

#include "common/base/mem.h"
#include "intake/file_list.h"
#include "intake/steps.h"

#define OPTIONS(...)                                                                                                   \
    (const struct form_option[])                                                                                       \
    {                                                                                                                  \
        __VA_ARGS__,                                                                                                   \
        {                                                                                                              \
            NULL, NULL                                                                                                 \
        }                                                                                                              \
    }
#define YES_NO OPTIONS({"yes", T("Yes")}, {"no", T("No")}, {"unsure", T("I am not sure")})

const struct form_question form_questions[] = {
    {"danger_now", T("Is anyone in danger right now?"), YES_NO},
    {"under_18", T("Are you under 18?"), OPTIONS({"yes", T("Yes")})},
    {"text", T("What happened?"), NULL},
    {"kind", T("What is it?"),
     OPTIONS({"grievance", T("Harm that should be put right")}, {"flag", T("Something is wrong, and you should know")},
             {"question", T("A question")}, {"suggestion", T("A suggestion")}, {"thanks", T("Thanks")})},
    {"ongoing", T("Has it happened?"),
     OPTIONS({"no", T("Yes, and it is over")}, {"yes", T("Yes, and it still goes on")},
             {"not_yet", T("Not yet, but I fear that it will")}, {"unsure", T("I am not sure")})},
    {"when", T("When was it?"), NULL},
    {"where", T("Where was it? As roughly as you like."), NULL},
    {"who", T("Who is affected? No names needed."), NULL},
    {"people_low", T("About how many people, at least?"), NULL},
    {"people_high", T("About how many people, at most?"), NULL},
    {"likelihood", T("How likely is it that it will happen?"),
     OPTIONS({"high", T("Very likely")}, {"medium", T("It may well happen")},
             {"low", T("It could, but I do not think so")})},
    {"speaking_as", T("For whom do you speak?"),
     OPTIONS({"self", T("For myself")}, {"representative", T("For someone who asked me to, or agreed to it")},
             {"proxy", T("For someone who could not be asked")}, {"witness", T("I saw or heard it")},
             {"group", T("For a group of people, perhaps with me")})},
    {"behalf_who", T("Who is that? A few words, no names needed."), NULL},
    {"behalf_people", T("How many people are in the group, about?"), NULL},
    {"behalf_consent", T("Did they agree that you speak for them?"),
     OPTIONS({"given", T("Yes, they agreed")}, {"not_asked", T("They could not be asked")})},
    {"behalf_why", T("If they could not be asked: why not?"), NULL},
    {"service", T("Which service or technology is it about?"), NULL},
    {"service_words", T("Which one is it, in your words?"), NULL},
    {"groups", T("Does one of these apply to those who are harmed?"),
     OPTIONS({"child", T("Under 18")}, {"older", T("An older person")}, {"woman", T("A woman or a girl")},
             {"lgbtiq", T("Gay, lesbian, bisexual, trans, intersex or queer")},
             {"disability", T("A person with a disability")},
             {"minority", T("Of an ethnic minority, or treated worse for skin, origin or caste")},
             {"religious_minority", T("Of a religious minority")}, {"indigenous", T("Of an indigenous people")},
             {"migrant_worker", T("A migrant worker")},
             {"refugee", T("A refugee, displaced, or without a nationality")}, {"detainee", T("In prison or detained")},
             {"defender", T("Defends rights, writes as a journalist, or is in a trade union")},
             {"informal_worker", T("Works without a contract, for a short time, or is bound by a debt")},
             {"gbv_survivor", T("Has lived through sexual violence, or violence because of gender")},
             {"conflict", T("Lives where there is war or fighting")}, {"poverty", T("Very poor, or without a home")},
             {"low_literacy", T("Cannot read, or does not share the language")},
             {"platform_worker", T("Gets work and orders from an app")}, {"undisclosed", T("I prefer not to say")})},
    {"retaliation", T("Could someone hurt you because you tell us?"), YES_NO},
    {"wish", T("What would help, or put it right?"), NULL},
    {"files", T("Which photos or files?"), NULL},
    {"how", T("How can we reach you safely?"),
     OPTIONS({"none", T("Do not answer me")}, {"page", T("Only on this page, with my number")},
             {"sms", T("By text message")}, {"email", T("By e-mail")})},
    {"number", T("Telephone number"), NULL},
    {"email", T("E-mail address"), NULL},
    {"times", T("Which times are safe?"), NULL},
    {"words", T("Which words should we use, or avoid?"), NULL},
    {"desk", T("Who should read it?"),
     OPTIONS({"usual", T("The usual team")},
             {"safeguarding", T("The protection team: about sexual exploitation or abuse, or harm to a child")},
             {"oversight", T("The oversight team: about the people who run this")})},
    {"read_back", T("Do you want to see your own words here later?"),
     OPTIONS({"no", T("No, hide my words")}, {"yes", T("Yes, show them with my number")})},
    {0},
};

static json_t *text_of(const struct form_field *field)
{
    json_t *text = json_string(field->value);
    need(text != NULL);
    return text;
}

static int is_chosen(const struct form *told, const char *field, const char *value)
{
    for (const struct form_field *at = NULL; (at = form_next(told, field, at)) != NULL;)
        if (strcmp(at->value, value) == 0)
            return 1;
    return 0;
}

/* What the office offers of a question whose choices it sets (settings.h). */
static json_t *services(const struct form *told, const struct pages_words *words)
{
    const struct office *office = words->intake->settings->office_says;
    json_t *list = json_array();
    for (size_t i = 0; i < office->service_count; i++) {
        const struct office_choice *service = &office->services[i];
        json_t *one = json_pack("{s:s, s:s, s:s, s:b}", "name", "service", "value", service->code, "says",
                                office_says(&service->says, words->language, NULL), "on",
                                is_chosen(told, "service", service->code));
        need(one && json_array_append_new(list, one) == 0);
    }
    return list;
}

static json_t *options_of(const struct form_question *question, const struct form *told, struct pages_words *words)
{
    if (strcmp(question->field, "service") == 0)
        return services(told, words);
    json_t *list = json_array();
    for (const struct form_option *option = question->options; option->value; option++) {
        if (strcmp(question->field, "desk") == 0 && !intake_offers(words->intake, option->value))
            continue;
        json_t *one = json_pack("{s:s, s:s, s:s, s:b}", "name", question->field, "value", option->value, "says",
                                pages_says(words, option->says), "on", is_chosen(told, question->field, option->value));
        need(one && json_array_append_new(list, one) == 0);
    }
    return list;
}

void form_words_put(json_t *context, const struct step *step, const struct form *told, struct pages_words *words)
{
    char name[64];
    for (const struct form_question *question = form_questions; question->field; question++) {
        if (step && !steps_has(step, question->field))
            continue;
        snprintf(name, sizeof name, "%s_asks", question->field);
        need(json_object_set_new(context, name, json_string(pages_says(words, question->asks))) == 0);
        if (!question->options && strcmp(question->field, "service") != 0)
            continue;
        snprintf(name, sizeof name, "%s_options", question->field);
        need(json_object_set_new(context, name, options_of(question, told, words)) == 0);
    }
    for (const struct step *at = steps; at->name; at++) {
        if (step && at != step)
            continue;
        snprintf(name, sizeof name, "title_%s", at->name);
        need(json_object_set_new(context, name, json_string(pages_says(words, at->title))) == 0);
    }
}

/* The words of a choice; of free words the words themselves. */
static json_t *answer_in_words(const struct form_question *question, const struct form_field *field,
                               struct pages_words *words)
{
    if (strcmp(question->field, "service") == 0) {
        const char *name = settings_service(words->intake->settings, field->value, words->language);
        return *name ? json_string(name) : NULL;
    }
    if (!question->options)
        return text_of(field);
    for (const struct form_option *option = question->options; option->value; option++)
        if (strcmp(option->value, field->value) == 0)
            return json_string(pages_says(words, option->says));
    return NULL;
}

static json_t *answers_to(const struct form_question *question, const struct form *told, struct pages_words *words)
{
    json_t *list = json_array();
    if (strcmp(question->field, FILE_LIST_FIELD) == 0) {
        json_t *files = file_list_read(told, FILE_LIST_FIELD), *rows = file_list_rows(files), *row;
        size_t i;
        json_array_foreach(rows, i, row) need(json_array_append(list, json_object_get(row, "says")) == 0);
        json_decref(rows);
        json_decref(files);
        return list;
    }
    for (const struct form_field *at = NULL; (at = form_next(told, question->field, at)) != NULL;) {
        json_t *answer = at->value_len ? answer_in_words(question, at, words) : NULL;
        if (answer)
            need(json_array_append_new(list, answer) == 0);
    }
    return list;
}

json_t *form_words_answers(const struct form *told, struct pages_words *words)
{
    json_t *rows = json_array();
    for (const struct form_question *question = form_questions; question->field; question++) {
        json_t *answers = answers_to(question, told, words);
        if (json_array_size(answers) == 0) {
            json_decref(answers);
            continue;
        }
        json_t *row = json_pack("{s:s, s:s, s:s, s:o}", "step", steps_asking(question->field)->name, "field",
                                question->field, "asks", pages_says(words, question->asks), "answers", answers);
        need(row && json_array_append_new(rows, row) == 0);
    }
    return rows;
}

static int is_answered(const struct step *step, const struct form *told)
{
    for (const char *const *field = step->fields; *field; field++) {
        const struct form_field *has = form_find(told, *field);
        if (has && has->value_len)
            return 1;
    }
    return 0;
}

json_t *form_words_open(const struct form *told, struct pages_words *words)
{
    json_t *rows = json_array();
    for (const struct step *step = steps; step[1].name; step++) {
        if (!steps_is_asked(step, told) || is_answered(step, told))
            continue;
        json_t *row = json_pack("{s:s, s:s}", "step", step->name, "title", pages_says(words, step->title));
        need(row && json_array_append_new(rows, row) == 0);
    }
    return rows;
}
