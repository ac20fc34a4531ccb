/* report_form.c -- see report_form.h. One table of fields serves all three directions. */
#include "intake/report_form.h"

#include <stdio.h>
#include <string.h>

#include "common/base/digits.h"
#include "common/base/mem.h"
#include "common/base/num.h"
#include "common/text/catalogue.h"
#include "common/text/utf8.h"
#include "intake/file_list.h"
#include "intake/own.h"
#include "intake/report.h"

struct form_row {
    const char *name, *section, *key; /* section NULL: the top of the body */
    const char *const *words;         /* of a choice; NULL: a text */
    int is_number, is_flag, is_list;
    int is_files; /* of file_list.h */
};

static const char *const form_yes[] = {"yes", NULL};
static const char *const form_desks[] = {"usual", "safeguarding", "oversight", NULL};
/* The codes of the list "group" (docs/register.md): what the form offers; programs may send others. */
static const char *const form_groups[] = {"child",
                                          "older",
                                          "woman",
                                          "lgbtiq",
                                          "disability",
                                          "minority",
                                          "religious_minority",
                                          "indigenous",
                                          "detainee",
                                          "refugee",
                                          "migrant_worker",
                                          "defender",
                                          "gbv_survivor",
                                          "informal_worker",
                                          "conflict",
                                          "poverty",
                                          "low_literacy",
                                          "platform_worker",
                                          "undisclosed",
                                          NULL};

static const struct form_row form_rows[] = {
    {"kind", NULL, "kind", report_kinds, 0, 0, 0, 0},
    {"text", NULL, "text", NULL, 0, 0, 0, 0},
    {"desk", NULL, "desk", form_desks, 0, 0, 0, 0},
    {"read_back", NULL, "read_back", form_yes, 0, 1, 0, 0},
    {"danger_now", "answers", "danger_now", report_yes_no, 0, 0, 0, 0},
    {"ongoing", "answers", "ongoing", report_ongoing, 0, 0, 0, 0},
    {"likelihood", "answers", "likelihood", report_levels, 0, 0, 0, 0},
    {"retaliation", "answers", "retaliation", report_yes_no, 0, 0, 0, 0},
    {"under_18", "answers", "under_18", form_yes, 0, 1, 0, 0},
    {"speaking_as", "answers", "speaking_as", report_speaking, 0, 0, 0, 0},
    {"when", "answers", "when", NULL, 0, 0, 0, 0},
    {"where", "answers", "where", NULL, 0, 0, 0, 0},
    {"who", "answers", "who", NULL, 0, 0, 0, 0},
    {"people_low", "answers", "people_low", NULL, 1, 0, 0, 0},
    {"people_high", "answers", "people_high", NULL, 1, 0, 0, 0},
    {"wish", "answers", "wish", NULL, 0, 0, 0, 0},
    {"service", "answers", "service", NULL, 0, 0, 0, 0},
    {"service_words", "answers", "service_words", NULL, 0, 0, 0, 0},
    {"groups", "answers", "groups", form_groups, 0, 0, 1, 0},
    {"how", "contact", "how", report_ways, 0, 0, 0, 0},
    {"number", "contact", "number", NULL, 0, 0, 0, 0},
    {"email", "contact", "email", NULL, 0, 0, 0, 0},
    {"times", "contact", "times", NULL, 0, 0, 0, 0},
    {"words", "contact", "words", NULL, 0, 0, 0, 0},
    {"behalf_who", "on_behalf_of", "who", NULL, 0, 0, 0, 0},
    {"behalf_consent", "on_behalf_of", "consent", report_consents, 0, 0, 0, 0},
    {"behalf_why", "on_behalf_of", "why", NULL, 0, 0, 0, 0},
    {"behalf_people", "on_behalf_of", "people", NULL, 1, 0, 0, 0},
    {FILE_LIST_FIELD, NULL, "files", NULL, 0, 0, 0, 1},
    {0},
};

/* Which field of the page a fault belongs to, and what to tell the person. */
static const struct {
    const char *path, *name, *says;
} form_faults[] = {
    {"text", "text", T("Tell us what happened. The text cannot be empty or longer than 20,000 characters.")},
    {"answers.people_low", "people_low", T("Write the number of people in digits only, or leave it empty.")},
    {"answers.people_high", "people_high",
     T("Write the larger number of people in digits only, not smaller than the first, or leave it empty.")},
    {"answers.when", "when", T("The answer about when it happened is too long.")},
    {"answers.where", "where", T("The answer about where it happened is too long.")},
    {"answers.who", "who", T("The answer about who is affected is too long.")},
    {"answers.wish", "wish", T("The answer about what would help is too long.")},
    {"contact.number", "number", T("Write a telephone number that can receive texts.")},
    {"contact.email", "email", T("Write an e-mail address such as name@example.org.")},
    {"contact.times", "times", T("The answer about safe times is too long.")},
    {"contact.words", "words", T("The answer about safe words is too long.")},
    {"answers.service", "service", T("The answer about the service is too long.")},
    {"answers.service_words", "service_words", T("The answer about the service is too long.")},
    {"on_behalf_of.why", "behalf_why", T("The answer about why they were not asked is too long.")},
    {"on_behalf_of.people", "behalf_people", T("Write the number of people in digits only, or leave it empty.")},
    {"on_behalf_of.who", "behalf_who", T("The answer about whom you speak for is too long.")},
    {"desk", "desk", T("Choose again who should read it.")},
    {OWN_PATH, NULL, T("This answer is too long: 500 characters at most.")}, /* a form brings no other fault of it */
    {NULL, "text", T("Something in the form was not as expected. Check it and send it again.")},
};

int report_form_knows(const char *name)
{
    for (const struct form_row *row = form_rows; row->name; row++)
        if (strcmp(row->name, name) == 0)
            return 1;
    return 0;
}

static int is_word(const struct form_row *row, const char *value)
{
    for (size_t i = 0; row->words && row->words[i]; i++)
        if (strcmp(row->words[i], value) == 0)
            return 1;
    return 0;
}

/* Digits of any script; what is not a number stays a text, so that the check says what is wrong with it. */
static json_t *number_of(const char *text)
{
    char digits[16];
    size_t count = 0, left = strlen(text), step;
    uint32_t point;
    uint64_t number;
    for (; (step = utf8_next(text, left, &point)) > 0 && count < sizeof digits - 1; text += step, left -= step) {
        int digit = digits_value(point);
        if (point == ' ')
            continue;
        digits[count] = '?';
        if (digit >= 0)
            digits[count] = (char)('0' + digit);
        count++;
    }
    digits[count] = 0;
    if (left == 0 && count && num_parse(digits, count, 0, INT64_MAX, &number) == ERR_OK)
        return json_integer((json_int_t)number);
    return json_string("?");
}

static json_t *section_of(json_t *body, const char *section)
{
    if (!section)
        return body;
    json_t *object = json_object_get(body, section);
    if (!object) {
        object = json_object();
        need(json_object_set_new(body, section, object) == 0);
    }
    return object;
}

static json_t *list_of(const struct form *form, const struct form_row *row)
{
    json_t *list = json_array();
    for (const struct form_field *at = NULL; (at = form_next(form, row->name, at)) != NULL;)
        if (is_word(row, at->value))
            need(json_array_append_new(list, json_string(at->value)) == 0);
    return list;
}

static json_t *files_of(const struct form *form)
{
    json_t *list = file_list_read(form, FILE_LIST_FIELD), *keys = file_list_keys(list);
    json_decref(list);
    return keys;
}

static int has_nul(const struct office *office, const struct form *form)
{
    for (unsigned i = 0; i < form->count; i++)
        if (memchr(form->fields[i].value, 0, form->fields[i].value_len) &&
            (report_form_knows(form->fields[i].name) || own_of(office, form->fields[i].name)))
            return 1;
    return 0;
}

json_t *report_form_body(const struct office *office, const struct form *form, const char *language)
{
    if (has_nul(office, form))
        return NULL;
    json_t *body = json_pack("{s:s}", "language", language);
    for (const struct form_row *row = form_rows; row->name; row++) {
        const struct form_field *field = form_find(form, row->name);
        json_t *value;
        if (!field || field->value_len == 0)
            continue;
        if (row->is_files)
            value = files_of(form);
        else if (row->is_flag)
            value = json_boolean(is_word(row, field->value));
        else if (row->is_list)
            value = list_of(form, row);
        else if (row->is_number)
            value = number_of(field->value);
        else
            value = json_stringn(field->value, field->value_len);
        need(value && json_object_set_new(section_of(body, row->section), row->key, value) == 0);
    }
    json_t *own = own_body(office, form);
    if (json_array_size(own))
        need(json_object_set(section_of(body, "answers"), "own", own) == 0);
    json_decref(own);
    return body;
}

static void show_field(json_t *context, const struct form_row *row, const struct form_field *field)
{
    char name[64];
    if (row->words && is_word(row, field->value)) {
        need((size_t)snprintf(name, sizeof name, "%s_%s", row->name, field->value) < sizeof name);
        need(json_object_set_new(context, name, json_true()) == 0);
    } else if (row->is_files) {
        json_t *text = json_string(field->value);
        need(text && json_object_set_new(context, row->name, text) == 0);
    }
}

json_t *report_form_context(const struct form *form)
{
    json_t *context = json_object();
    for (const struct form_row *row = form_rows; row->name; row++) {
        for (const struct form_field *at = NULL; (at = form_next(form, row->name, at)) != NULL;)
            show_field(context, row, at);
    }
    return context;
}

static size_t fault_row(const struct json_fault *fault)
{
    size_t i = 0;
    while (form_faults[i].path && (!fault->field || strcmp(form_faults[i].path, fault->field) != 0))
        i++;
    return i;
}

const char *report_form_field(const struct json_fault *fault)
{
    const char *name = form_faults[fault_row(fault)].name;
    return name ? name : fault->item;
}

void report_form_explain(json_t *context, const struct json_fault *fault,
                         const char *(*says)(void *arg, const char *english), void *arg)
{
    const char *sentence = says(arg, form_faults[fault_row(fault)].says);
    need(json_object_set_new(context, "errors",
                             json_pack("[{s:s, s:s}]", "field", report_form_field(fault), "says", sentence)) == 0);
}
