/* fuzz_fields.c -- any form and any JSON body of a staff page (triage/console/fields.h). The first byte chooses the
 * page. What a form sends on, the API could have sent: read as JSON it is accepted and stays as it is. */
#include "common/base/mem.h"
#include "common/text/json.h"
#include "tests/fuzz/fuzz.h"
#include "triage/console/fields.h"

static const struct field *const pages[] = {FIELDS_PAGE,    FIELDS_SIGNIN,        FIELDS_ASSESS, FIELDS_ANSWER,
                                            FIELDS_NOTE,    FIELDS_LINK,          FIELDS_RETURN, FIELDS_IMPACT,
                                            FIELDS_SEARCH,  FIELDS_WALKIN,        FIELDS_PERSON, FIELDS_END,
                                            FIELDS_IMPACTS, FIELDS_IMPACT_CHANGE, FIELDS_ENTITY, FIELDS_INVOLVE,
                                            FIELDS_ACTIONS, FIELDS_ACTION_ADD,    FIELDS_ACTION, FIELDS_ATTEMPT};

/* What must be said was said. */
static void is_complete(const struct field *fields, const json_t *ask)
{
    for (; fields && fields->name; fields++)
        need(!fields->must || strchr(fields->name, '.') || json_object_get(ask, fields->name));
}

/* What was taken once is taken again, and the text of it can be read by the vault. */
static void is_settled(const struct field *fields, const json_t *ask)
{
    struct field_fault fault;
    struct json_fault where;
    json_t *again = json_object(), *read;
    is_complete(fields, ask);
    need(fields_from_json(fields, ask, again, &fault) == ERR_OK && json_equal(ask, again));
    char *text = json_dumps(ask, JSON_COMPACT);
    need(text && json_read_object(text, strlen(text), &read, &where) == ERR_OK && json_equal(ask, read));
    mem_free(text);
    json_decref(read);
    json_decref(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    const struct field *fields = pages[(uint8_t)(data[0] - 'H') % (sizeof pages / sizeof *pages)];
    struct field_fault fault = {0};
    struct json_fault where;
    struct form form;
    json_t *of_form = json_object(), *of_json = json_object(), *body = NULL;
    enum err err = form_read(&form, (const char *)data + 1, size - 1);
    if (err == ERR_OK && (err = fields_from_form(fields, &form, of_form, &fault)) == ERR_OK)
        is_settled(fields, of_form);
    else
        need(err != ERR_MALFORMED || !fault.field || fault.says);
    if (json_read_object(data + 1, size - 1, &body, &where) == ERR_OK) {
        if (fields_from_json(fields, body, of_json, &fault) == ERR_OK)
            is_settled(fields, of_json);
        else
            need(fault.says && fault.field);
    }
    json_decref(body);
    json_decref(of_form);
    json_decref(of_json);
    form_free(&form);
    return 0;
}
