/* steps.c -- see steps.h. */
#include "intake/steps.h"

#include <string.h>

#include "common/base/rw.h"
#include "common/text/catalogue.h"
#include "intake/limits.h"
#include "intake/own.h"
#include "intake/report_form.h"

#define FIELDS(...)                                                                                                    \
    (const char *const[])                                                                                              \
    {                                                                                                                  \
        __VA_ARGS__, NULL                                                                                              \
    }

static int says(const struct form *told, const char *field, const char *value)
{
    const char *has = form_get(told, field);
    return has && strcmp(has, value) == 0;
}

static int is_feared(const struct form *told)
{
    return says(told, "ongoing", "not_yet");
}

static int is_for_others(const struct form *told)
{
    return says(told, "speaking_as", "representative") || says(told, "speaking_as", "proxy") ||
           says(told, "speaking_as", "group");
}

const struct step steps[] = {
    {"danger", T("Danger"), FIELDS("danger_now", "under_18"), NULL},
    {"story", T("What happened"), FIELDS("text", "kind"), NULL},
    {"when", T("When, where and who"), FIELDS("ongoing", "when", "where", "who", "people_low", "people_high"), NULL},
    {"likely", T("How likely it is"), FIELDS("likelihood"), is_feared},
    {"speaker", T("For whom you speak"), FIELDS("speaking_as"), NULL},
    {"behalf", T("Those you speak for"), FIELDS("behalf_who", "behalf_people", "behalf_consent", "behalf_why"),
     is_for_others},
    {"about", T("Which service it is about"), FIELDS("service", "service_words"), NULL},
    {"groups", T("People at greater risk"), FIELDS("groups"), NULL},
    {"safety", T("Your safety, and what would help"), FIELDS("retaliation", "wish"), NULL},
    {"files", T("Photos and files"), FIELDS("files"), NULL},
    {"contact", T("How to reach you"), FIELDS("how", "number", "email", "times", "words"), NULL},
    {"readers", T("Who reads it"), FIELDS("desk", "read_back"), NULL},
    {"check", T("Check your answers"), FIELDS(NULL), NULL},
    {0},
};

/* What is asked of somebody who gave another answer, or has not given it yet. */
static const struct {
    const char *field, *by, *to[4];
    int is_kept; /* also of who has chosen differently since: what they wrote may still be wanted */
} belongs[] = {
    {"likelihood", "ongoing", {"not_yet"}, 0},
    {"behalf_who", "speaking_as", {"representative", "proxy", "group"}, 0},
    {"behalf_people", "speaking_as", {"representative", "group"}, 0},
    {"behalf_consent", "speaking_as", {"representative", "proxy"}, 0},
    {"behalf_why", "speaking_as", {"representative", "proxy"}, 0},
    {"number", "how", {"sms"}, 1},
    {"email", "how", {"email"}, 1},
};

/* ---- the table ---- */

const struct step *steps_find(const char *name)
{
    for (const struct step *step = steps; name && step->name; step++)
        if (strcmp(step->name, name) == 0)
            return step;
    return NULL;
}

int steps_has(const struct office *office, const struct step *step, const char *field)
{
    const struct office_own *own = own_of(office, field);
    for (const char *const *at = step->fields; *at; at++)
        if (strcmp(*at, field) == 0)
            return 1;
    return own && strcmp(own->step, step->name) == 0;
}

const struct step *steps_asking(const struct office *office, const char *field)
{
    for (const struct step *step = steps; step->name; step++)
        if (steps_has(office, step, field))
            return step;
    return NULL;
}

/* ---- what is asked ---- */

int steps_asks(const struct office *office, const char *field)
{
    if (!office_asks(office, field) || (strcmp(field, "service") == 0 && !office->service_count))
        return 0;
    for (size_t i = 0; i < sizeof belongs / sizeof *belongs; i++) {
        if (strcmp(belongs[i].field, field) != 0)
            continue;
        for (size_t k = 0; office_asks(office, belongs[i].by) && belongs[i].to[k]; k++)
            if (office_offers(office, belongs[i].by, belongs[i].to[k]))
                return 1;
        return 0;
    }
    return 1;
}

int steps_takes(const struct office *office, const struct form_field *field)
{
    const struct office_own *own = own_of(office, field->name);
    if (own)
        return own_takes(own, field->value);
    return report_form_knows(field->name) && steps_asks(office, field->name) &&
           office_offers(office, field->name, field->value);
}

int steps_is_there(const struct office *office, const struct step *step)
{
    for (const char *const *field = step->fields; *field; field++)
        if (steps_asks(office, *field))
            return 1;
    for (size_t i = 0; i < office->own_count; i++)
        if (strcmp(office->own[i].step, step->name) == 0)
            return 1;
    return !*step->fields; /* the check */
}

int steps_is_asked(const struct office *office, const struct step *step, const struct form *told)
{
    return (!step->is_asked || step->is_asked(told)) && steps_is_there(office, step);
}

const struct step *steps_next(const struct office *office, const struct step *step, const struct form *told)
{
    const struct step *next = step;
    while (next[1].name && !steps_is_asked(office, ++next, told))
        ;
    return next;
}

const struct step *steps_back(const struct office *office, const struct step *step, const struct form *told)
{
    const struct step *back = step;
    while (back > steps && !steps_is_asked(office, --back, told))
        ;
    return back;
}

unsigned steps_page(const struct office *office, const struct step *step, const struct form *told)
{
    unsigned page = 1;
    for (const struct step *at = steps; at < step; at++)
        page += steps_is_asked(office, at, told) != 0;
    return page;
}

/* ---- answers ---- */

enum err steps_merge(const struct office *office, const struct step *step, const struct form *told,
                     const struct form *posted, struct form *out)
{
    enum err err = ERR_OK;
    *out = (struct form){0};
    for (unsigned i = 0; i < told->count && err == ERR_OK; i++) {
        const struct form_field *field = &told->fields[i];
        if (steps_takes(office, field) && !steps_has(office, step, field->name) && !form_find(posted, field->name))
            err = form_add(out, field->name, field->value, field->value_len);
    }
    for (unsigned i = 0; i < posted->count && err == ERR_OK; i++) {
        const struct form_field *field = &posted->fields[i];
        if (field->value_len && steps_takes(office, field))
            err = form_add(out, field->name, field->value, field->value_len);
    }
    return err;
}

static int is_unsaid(const struct form *told, const char *field)
{
    for (size_t i = 0; i < sizeof belongs / sizeof *belongs; i++) {
        const char *by = form_get(told, belongs[i].by);
        if (belongs[i].is_kept || strcmp(belongs[i].field, field) != 0 || !by || !*by)
            continue;
        for (size_t k = 0; belongs[i].to[k]; k++)
            if (says(told, belongs[i].by, belongs[i].to[k]))
                return 0;
        return 1;
    }
    return 0;
}

enum err steps_said(const struct office *office, const struct form *told, struct form *out)
{
    enum err err = ERR_OK;
    *out = (struct form){0};
    for (unsigned i = 0; i < told->count && err == ERR_OK; i++) {
        const struct form_field *field = &told->fields[i];
        if (steps_takes(office, field) && !is_unsaid(told, field->name))
            err = form_add(out, field->name, field->value, field->value_len);
    }
    return err;
}

enum err steps_write(const struct form *told, struct buf *out)
{
    enum err err = ERR_OK;
    for (unsigned i = 0; i < told->count && err == ERR_OK; i++) {
        const struct form_field *field = &told->fields[i];
        err = wr_bytes(out, field->name, strlen(field->name));
        if (err == ERR_OK)
            err = wr_bytes(out, field->value, field->value_len);
    }
    return err;
}

enum err steps_read(const struct buf *bytes, struct form *told)
{
    struct rd r = rd_from(bytes->bytes, bytes->len);
    enum err err = ERR_OK;
    *told = (struct form){0};
    while (r.left && !r.bad && err == ERR_OK) {
        char name[FORM_NAME_MAX + 1];
        size_t name_len, value_len;
        const uint8_t *named = rd_bytes(&r, FORM_NAME_MAX, &name_len),
                      *value = rd_bytes(&r, LIMIT_FORM_BODY, &value_len);
        if (r.bad)
            break;
        memcpy(name, named, name_len);
        name[name_len] = 0;
        err = form_add(told, name, (const char *)value, value_len);
    }
    return err == ERR_OK ? rd_end(&r) : err;
}
