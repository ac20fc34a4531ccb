/* report.c -- see report.h. */
#include "intake/report.h"

#include <ctype.h>
#include <string.h>

#include "common/base/digits.h"
#include "common/base/mem.h"
#include "common/text/utf8.h"
#include "intake/limits.h"
#include "intake/own.h"

#define PEOPLE_MOST 10000000000 /* more than there are */

const char *const report_kinds[] = {"grievance", "flag", "question", "suggestion", "thanks", NULL};
const char *const report_yes_no[] = {"yes", "no", "unsure", NULL};
const char *const report_ongoing[] = {"yes", "no", "unsure", "not_yet", NULL};
const char *const report_speaking[] = {"self", "representative", "proxy", "witness", "group", NULL};
const char *const report_ways[] = {"none", "page", "sms", "email", NULL};
const char *const report_consents[] = {"given", "not_asked", NULL};
const char *const report_levels[] = {"low", "medium", "high", NULL};

enum field_kind { FIELD_TEXT, FIELD_CHOICE, FIELD_PEOPLE, FIELD_FLAG, FIELD_CODES };

struct field {
    const char *key, *path; /* path: as a fault names it */
    enum field_kind kind;
    size_t most;              /* characters */
    const char *const *words; /* of a choice */
};

static const struct field answer_fields[] = {
    {"danger_now", "answers.danger_now", FIELD_CHOICE, 0, report_yes_no},
    {"ongoing", "answers.ongoing", FIELD_CHOICE, 0, report_ongoing},
    {"retaliation", "answers.retaliation", FIELD_CHOICE, 0, report_yes_no},
    {"likelihood", "answers.likelihood", FIELD_CHOICE, 0, report_levels},
    {"speaking_as", "answers.speaking_as", FIELD_CHOICE, 0, report_speaking},
    {"people_low", "answers.people_low", FIELD_PEOPLE, 0, NULL},
    {"people_high", "answers.people_high", FIELD_PEOPLE, 0, NULL},
    {"when", "answers.when", FIELD_TEXT, LIMIT_SHORT_ANSWER, NULL},
    {"where", "answers.where", FIELD_TEXT, LIMIT_SHORT_ANSWER, NULL},
    {"who", "answers.who", FIELD_TEXT, LIMIT_SHORT_ANSWER, NULL},
    {"wish", "answers.wish", FIELD_TEXT, LIMIT_LONG_ANSWER, NULL},
    {"service", "answers.service", FIELD_TEXT, LIMIT_SHORT_ANSWER, NULL},
    {"service_words", "answers.service_words", FIELD_TEXT, LIMIT_SHORT_ANSWER, NULL},
    {"under_18", "answers.under_18", FIELD_FLAG, 0, NULL},
    {"groups", "answers.groups", FIELD_CODES, 0, NULL},
    {0},
};
static const struct field contact_fields[] = {
    {"how", "contact.how", FIELD_CHOICE, 0, report_ways},
    {"number", "contact.number", FIELD_TEXT, LIMIT_NUMBER, NULL},
    {"email", "contact.email", FIELD_TEXT, LIMIT_EMAIL, NULL},
    {"times", "contact.times", FIELD_TEXT, LIMIT_SHORT_ANSWER, NULL},
    {"words", "contact.words", FIELD_TEXT, LIMIT_SHORT_ANSWER, NULL},
    {0},
};
static const struct field behalf_fields[] = {
    {"who", "on_behalf_of.who", FIELD_TEXT, LIMIT_SHORT_ANSWER, NULL},
    {"consent", "on_behalf_of.consent", FIELD_CHOICE, 0, report_consents},
    {"why", "on_behalf_of.why", FIELD_TEXT, LIMIT_SHORT_ANSWER, NULL},
    {"people", "on_behalf_of.people", FIELD_PEOPLE, 0, NULL},
    {0},
};

static enum err report_fails(struct json_fault *fault, enum err err, const char *field, const char *says)
{
    *fault = (struct json_fault){.field = field, .says = says};
    return err;
}

int report_text_fits(const char *text, size_t len, size_t most)
{
    return len > 0 && !memchr(text, 0, len) && utf8_valid(text, len) && utf8_count(text, len) <= most;
}

/* ---- one field ---- */

static enum err check_text(const json_t *from, const struct field *field, json_t *to, struct json_fault *fault)
{
    const char *text = NULL;
    enum err err = json_text(from, field->key, JSON_MAY_MISS, field->most * 4, &text, fault);
    if (err != ERR_OK || !text || !*text)
        return err;
    if (utf8_count(text, strlen(text)) > field->most)
        return report_fails(fault, ERR_TOO_BIG, field->path, "is too long");
    need(json_object_set_new(to, field->key, json_string(text)) == 0);
    return ERR_OK;
}

static enum err check_choice(const json_t *from, const struct field *field, json_t *to, struct json_fault *fault)
{
    size_t which = SIZE_MAX;
    enum err err = json_choice(from, field->key, JSON_MAY_MISS, field->words, &which, fault);
    if (err == ERR_OK && which != SIZE_MAX)
        need(json_object_set_new(to, field->key, json_string(field->words[which])) == 0);
    return err;
}

static enum err check_people(const json_t *from, const struct field *field, json_t *to, struct json_fault *fault)
{
    int64_t count = -1;
    enum err err = json_int(from, field->key, JSON_MAY_MISS, 0, PEOPLE_MOST, &count, fault);
    if (err == ERR_OK && count >= 0)
        need(json_object_set_new(to, field->key, json_integer(count)) == 0);
    return err;
}

static enum err check_flag(const json_t *from, const struct field *field, json_t *to, struct json_fault *fault)
{
    int flag = -1;
    enum err err = json_flag(from, field->key, JSON_MAY_MISS, &flag, fault);
    if (err == ERR_OK && flag >= 0)
        need(json_object_set_new(to, field->key, json_boolean(flag)) == 0);
    return err;
}

static int is_code(const char *text)
{
    size_t len = strlen(text);
    return len >= 1 && len <= 40 && strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_-") == len;
}

static enum err check_codes(const json_t *from, const struct field *field, json_t *to, struct json_fault *fault)
{
    const json_t *list = json_object_get(from, field->key);
    if (!list || json_is_null(list))
        return ERR_OK;
    if (!json_is_array(list) || json_array_size(list) > LIMIT_GROUPS)
        return report_fails(fault, ERR_MALFORMED, field->path, "must be a short list of codes");
    json_t *codes = json_array();
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *code = json_string_value(json_array_get(list, i));
        if (!code || !is_code(code)) {
            json_decref(codes);
            return report_fails(fault, ERR_MALFORMED, field->path, "must be a short list of codes");
        }
        need(json_array_append_new(codes, json_string(code)) == 0);
    }
    need(json_object_set_new(to, field->key, codes) == 0);
    return ERR_OK;
}

typedef enum err check_fn(const json_t *from, const struct field *field, json_t *to, struct json_fault *fault);
static check_fn *const checks[] = {
    [FIELD_TEXT] = check_text, [FIELD_CHOICE] = check_choice, [FIELD_PEOPLE] = check_people,
    [FIELD_FLAG] = check_flag, [FIELD_CODES] = check_codes,
};

/* ---- groups of fields ---- */

static enum err check_fields(const json_t *body, const char *key, const struct field *fields, json_t *to,
                             struct json_fault *fault)
{
    const json_t *from = json_object_get(body, key);
    if (!from || json_is_null(from))
        return ERR_OK;
    if (!json_is_object(from))
        return report_fails(fault, ERR_MALFORMED, key, "must be an object");
    for (const struct field *field = fields; field->key; field++) {
        enum err err = checks[field->kind](from, field, to, fault);
        if (err != ERR_OK) {
            fault->field = field->path; /* the JSON reader knows only the last part */
            return err;
        }
    }
    return ERR_OK;
}

static enum err check_answers(const json_t *answers, struct json_fault *fault)
{
    const json_t *low = json_object_get(answers, "people_low"), *high = json_object_get(answers, "people_high");
    if (low && high && json_integer_value(low) > json_integer_value(high))
        return report_fails(fault, ERR_MALFORMED, "answers.people_high", "is smaller than people_low");
    return ERR_OK;
}

static int count_digits(const char *text)
{
    int digits = 0;
    size_t left = strlen(text), step;
    uint32_t point;
    for (; (step = utf8_next(text, left, &point)) > 0; text += step, left -= step)
        digits += digits_value(point) >= 0;
    return digits;
}

/* A way to be reached that cannot work is worse than none: the person would wait for an answer. */
static enum err check_contact(const json_t *contact, struct json_fault *fault)
{
    const char *how = json_string_value(json_object_get(contact, "how"));
    const char *number = json_string_value(json_object_get(contact, "number"));
    const char *email = json_string_value(json_object_get(contact, "email"));
    if ((number && count_digits(number) < 5) || (how && !number && strcmp(how, "sms") == 0))
        return report_fails(fault, ERR_MALFORMED, "contact.number", "must be a telephone number");
    if ((email && (!strchr(email, '@') || strpbrk(email, " \t\r\n"))) || (how && !email && strcmp(how, "email") == 0))
        return report_fails(fault, ERR_MALFORMED, "contact.email", "must be an e-mail address");
    return ERR_OK;
}

/* ---- the whole ---- */

int report_is_language(const char *tag)
{
    size_t part = 0, parts = 0;
    if (strlen(tag) > LIMIT_LANGUAGE)
        return 0;
    for (const char *c = tag;; c++) {
        if (*c && *c != '-') {
            if (!isalnum((unsigned char)*c) || (parts == 0 && isdigit((unsigned char)*c)))
                return 0;
            part++;
            continue;
        }
        if (part < (parts == 0 ? 2 : 1) || part > (parts == 0 ? 3 : 8))
            return 0;
        parts++;
        part = 0;
        if (!*c)
            return 1;
    }
}

static enum err read_top(const json_t *body, struct report *out, struct json_fault *fault)
{
    size_t kind = 0;
    const char *text = NULL;
    enum err err = json_choice(body, "kind", JSON_MAY_MISS, report_kinds, &kind, fault);
    if (err == ERR_OK)
        err = json_text(body, "language", JSON_MAY_MISS, LIMIT_LANGUAGE, &out->language, fault);
    if (err == ERR_OK && *out->language && !report_is_language(out->language))
        err = report_fails(fault, ERR_MALFORMED, "language", "must be a language tag");
    if (err == ERR_OK)
        err = json_text(body, "desk", JSON_MAY_MISS, 16, &out->desk, fault);
    if (err == ERR_OK)
        err = json_flag(body, "read_back", JSON_MAY_MISS, &out->read_back, fault);
    if (err == ERR_OK)
        err = json_flag(body, "synthetic", JSON_MAY_MISS, &out->synthetic, fault);
    if (err == ERR_OK)
        err = json_text(body, "text", JSON_REQUIRED, (size_t)LIMIT_TEXT * 4, &text, fault);
    if (err != ERR_OK)
        return err;
    if (!*out->language)
        out->language = "und";
    if (!*out->desk)
        out->desk = "usual";
    out->kind = report_kinds[kind];
    out->text = text;
    out->text_len = strlen(text);
    if (!report_text_fits(text, out->text_len, LIMIT_TEXT))
        return report_fails(fault, ERR_TOO_BIG, "text", "must have 1 to 20,000 characters");
    return ERR_OK;
}

enum err report_read(const struct office *office, const json_t *body, struct report *out, struct json_fault *fault)
{
    *out = (struct report){.language = "", .desk = ""};
    out->answers = json_object();
    out->contact = json_object();
    out->on_behalf_of = json_object();
    enum err err = read_top(body, out, fault);
    if (err == ERR_OK)
        err = check_fields(body, "answers", answer_fields, out->answers, fault);
    if (err == ERR_OK)
        err = check_answers(out->answers, fault);
    if (err == ERR_OK)
        err = own_read(office, json_object_get(json_object_get(body, "answers"), "own"), out->language, out->answers,
                       fault);
    if (err == ERR_OK)
        err = check_fields(body, "contact", contact_fields, out->contact, fault);
    if (err == ERR_OK)
        err = check_contact(out->contact, fault);
    if (err == ERR_OK)
        err = check_fields(body, "on_behalf_of", behalf_fields, out->on_behalf_of, fault);
    if (err != ERR_OK)
        report_free(out);
    return err;
}

void report_free(struct report *report)
{
    json_decref(report->answers);
    json_decref(report->contact);
    json_decref(report->on_behalf_of);
    json_decref(report->files);
    *report = (struct report){0};
}
