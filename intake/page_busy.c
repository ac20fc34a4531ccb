/* page_busy.c -- see page_busy.h. It knows nothing of the form that it holds up: each field goes back as it came. */
#include "intake/page_busy.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/base/mem.h"
#include "intake/flood.h"
#include "intake/limits.h"
#include "intake/pages.h"

/* The page has these of its own. */
static int is_ours(const char *name)
{
    static const char *const ours[] = {"key", "lang", "say", "proof", "wait"};
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
        if (strcmp(ours[i], name) == 0)
            return 1;
    return 0;
}

static json_t *kept(const struct form *form)
{
    json_t *fields = json_array();
    for (size_t i = 0; i < form->count; i++) {
        const struct form_field *field = &form->fields[i];
        if (is_ours(field->name) || memchr(field->value, 0, field->value_len))
            continue;
        json_t *one = json_pack("{s:s, s:s}", "name", field->name, "value", field->value);
        if (one) /* what is no text was no part of the report */
            need(json_array_append_new(fields, one) == 0);
    }
    return fields;
}

void page_busy_show(struct intake *intake, struct http_req *req, const struct form *form, const char *language)
{
    char work[PROOF_STAMP], wait[PROOF_STAMP], seconds[24], bits[8];
    json_t *context = json_object();
    pages_put_key(context, form_get(form, "key"));
    const struct flood_ask ask = {.key = json_string_value(json_object_get(context, "key")),
                                  .wait = form_get(form, "wait")};
    int64_t left = flood_wait(intake, &ask, wait);
    flood_work(intake, req, ask.key, work);
    snprintf(seconds, sizeof seconds, "%" PRId64, left);
    http_set(req, "Retry-After", seconds);
    snprintf(bits, sizeof bits, "%d", LIMIT_PROOF_BITS);
    json_t *more = json_pack("{s:o, s:s, s:s, s:s, s:s, s:b}", "fields", kept(form), "wait", wait, "work", work, "bits",
                             bits, "seconds", seconds, "keeps", 1);
    need(more && json_object_update(context, more) == 0);
    json_decref(more);
    pages_answer(intake, req, 503, "busy", "/report", language, context);
}

int page_busy_stops(struct intake *intake, struct http_req *req, const struct form *form, const char *language,
                    const char **aside)
{
    const char *key = form_get(form, "key");
    const struct flood_ask ask = {
        .key = pages_is_key(key) ? key : "", .proof = form_get(form, "proof"), .wait = form_get(form, "wait")};
    enum budget_says says = flood_take(intake, req, &ask);
    *aside = says == BUDGET_ASIDE ? "flood" : NULL;
    if (says == BUDGET_ASKS)
        page_busy_show(intake, req, form, language);
    return says == BUDGET_ASKS;
}

int page_busy_is(const struct form *form)
{
    return form_get(form, "wait") != NULL;
}
