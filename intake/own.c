/* own.c -- see own.h. */
#include "intake/own.h"

#include <string.h>

#include "common/base/mem.h"
#include "common/text/language.h"
#include "common/text/utf8.h"
#include "intake/limits.h"

_Static_assert(96 + OFFICE_OWN_FIELDS <= LIMIT_FORM_FIELDS && LIMIT_FORM_FIELDS + 2 <= FORM_FIELDS_MAX,
               "a form has room for every question of an office's own");

static enum err own_fails(struct json_fault *fault, enum err err, const struct office_own *own, const char *says)
{
    *fault = (struct json_fault){.field = OWN_PATH, .item = own ? own->field : NULL, .says = says};
    return err;
}

const struct office_own *own_of(const struct office *office, const char *field)
{
    size_t len = strlen(OFFICE_OWN_PREFIX);
    return strncmp(field, OFFICE_OWN_PREFIX, len) == 0 ? office_own(office, field + len) : NULL;
}

const struct office_choice *own_choice(const struct office_own *own, const char *code)
{
    for (size_t i = 0; i < own->choice_count; i++)
        if (strcmp(own->choices[i].code, code) == 0)
            return &own->choices[i];
    return NULL;
}

int own_takes(const struct office_own *own, const char *value)
{
    return own->answer == OFFICE_ANSWER_TEXT || own_choice(own, value);
}

static int has_text(const json_t *list, const char *text)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        if (strcmp(json_string_value(json_array_get(list, i)), text) == 0)
            return 1;
    return 0;
}

static void add_text(json_t *list, const char *text)
{
    need(json_array_append_new(list, json_string(text)) == 0);
}

/* ---- a form ---- */

json_t *own_body(const struct office *office, const struct form *form)
{
    json_t *list = json_array();
    for (size_t i = 0; i < office->own_count; i++) {
        const struct office_own *own = &office->own[i];
        const struct form_field *at = form_find(form, own->field);
        json_t *codes = json_array();
        if (own->answer == OFFICE_ANSWER_TEXT && at && at->value_len)
            need(json_array_append_new(list, json_pack("{s:s, s:s}", "code", own->code, "says", at->value)) == 0);
        for (; own->answer != OFFICE_ANSWER_TEXT && at; at = form_next(form, own->field, at)) {
            int is_full = own->answer == OFFICE_ANSWER_ONE && json_array_size(codes);
            if (own_choice(own, at->value) && !is_full && !has_text(codes, at->value))
                add_text(codes, at->value);
        }
        if (json_array_size(codes))
            need(json_array_append_new(list, json_pack("{s:s, s:O}", "code", own->code, "codes", codes)) == 0);
        json_decref(codes);
    }
    return list;
}

/* ---- what was said, checked ---- */

/* Of "sw-TZ" the table has "sw". */
static const char *table_language(const char *tag)
{
    const char *codes[LANGUAGE_MAX];
    size_t count;
    const struct language *table = language_table(&count);
    for (size_t i = 0; i < count; i++)
        codes[i] = table[i].code;
    return language_negotiate(tag, codes, count);
}

static enum err read_text(const struct office_own *own, const json_t *one, json_t *says, struct json_fault *fault)
{
    const char *text = "";
    enum err err = json_text(one, "says", JSON_MAY_MISS, (size_t)LIMIT_SHORT_ANSWER * 4, &text, fault);
    if (err == ERR_MALFORMED)
        return own_fails(fault, err, own, "must have a text in says");
    if (err != ERR_OK || utf8_count(text, strlen(text)) > LIMIT_SHORT_ANSWER)
        return own_fails(fault, ERR_TOO_BIG, own, "is too long");
    if (*text)
        add_text(says, text);
    return ERR_OK;
}

static enum err read_codes(const struct office_own *own, const json_t *one, const char *language, json_t *codes,
                           json_t *says, struct json_fault *fault)
{
    const json_t *list = json_object_get(one, "codes");
    if (!json_is_array(list))
        return own_fails(fault, ERR_MALFORMED, own, "must have a list in codes");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *code = json_string_value(json_array_get(list, i));
        const struct office_choice *choice = code ? own_choice(own, code) : NULL;
        if (!choice)
            return own_fails(fault, ERR_MALFORMED, own, "has a choice that this office does not offer");
        if (has_text(codes, code))
            continue;
        add_text(codes, code);
        add_text(says, office_says(&choice->says, language, NULL));
    }
    if (own->answer == OFFICE_ANSWER_ONE && json_array_size(codes) > 1)
        return own_fails(fault, ERR_MALFORMED, own, "has more than one choice");
    return ERR_OK;
}

static enum err read_one(const struct office *office, const json_t *one, const char *language, json_t *list,
                         struct json_fault *fault)
{
    const char *code = json_string_value(json_object_get(one, "code"));
    const struct office_own *own = code ? office_own(office, code) : NULL;
    if (!own)
        return own_fails(fault, ERR_MALFORMED, NULL, "has a code that this office does not ask");
    for (size_t i = 0; i < json_array_size(list); i++)
        if (strcmp(json_string_value(json_object_get(json_array_get(list, i), "code")), code) == 0)
            return own_fails(fault, ERR_MALFORMED, own, "has a code twice");
    json_t *says = json_array(), *codes = json_array();
    enum err err = own->answer == OFFICE_ANSWER_TEXT ? read_text(own, one, says, fault)
                                                     : read_codes(own, one, language, codes, says, fault);
    if (err == ERR_OK && json_array_size(says)) {
        json_t *kept = json_pack("{s:s, s:s, s:O}", "code", own->code, "asks", office_says(&own->asks, language, NULL),
                                 "says", says);
        if (own->answer != OFFICE_ANSWER_TEXT)
            need(json_object_set(kept, "codes", codes) == 0);
        need(json_array_append_new(list, kept) == 0);
    }
    json_decref(says);
    json_decref(codes);
    return err;
}

enum err own_read(const struct office *office, const json_t *said, const char *language, json_t *answers,
                  struct json_fault *fault)
{
    enum err err = ERR_OK;
    if (!said || json_is_null(said))
        return ERR_OK;
    if (!json_is_array(said) || json_array_size(said) > OFFICE_OWN_MAX)
        return own_fails(fault, ERR_MALFORMED, NULL, "must be a short list of answers");
    json_t *list = json_array();
    const char *words = table_language(language);
    for (size_t i = 0; i < json_array_size(said) && err == ERR_OK; i++)
        err = read_one(office, json_array_get(said, i), words, list, fault);
    if (err == ERR_OK && json_array_size(list))
        need(json_object_set(answers, "own", list) == 0);
    json_decref(list);
    return err;
}
