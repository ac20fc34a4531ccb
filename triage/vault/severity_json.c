/* severity_json.c -- see severity_json.h. */
#include "triage/vault/severity_json.h"

#include <string.h>

#include "common/base/clock.h"
#include "common/base/err.h"

static const char *const likelihoods[] = {NULL, "low", "medium", "high", NULL};
static const char *const bands[] = {"1h", "4h", "24h", "72h", "7d", "later"};

static json_t *axis_json(uint8_t axis)
{
    return axis == SEVERITY_UNKNOWN ? json_null() : json_integer(axis);
}

static json_t *text_json(const char *text)
{
    return text ? json_string(text) : json_null();
}

json_t *severity_json(const struct severity *s)
{
    char by[CLOCK_TEXT_SIZE];
    if (s->by)
        clock_text(s->by, by);
    uint8_t likelihood = s->likelihood <= LIKELIHOOD_HAPPENED ? s->likelihood : 0;
    return json_pack("{s:b,s:b,s:b,s:o,s:o,s:o,s:o,s:o}", "danger_now", s->danger_now, "grave", s->grave, "ongoing",
                     s->ongoing, "scale", axis_json(s->scale), "scope", axis_json(s->scope), "irremediability",
                     axis_json(s->irremediability), "likelihood", text_json(likelihoods[likelihood]), "by",
                     text_json(s->by ? by : NULL));
}

static uint8_t axis_from(const json_t *json, const char *key)
{
    json_int_t value = json_integer_value(json_object_get(json, key));
    return value >= 1 && value <= SEVERITY_AXIS_MAX ? (uint8_t)value : SEVERITY_UNKNOWN;
}

void severity_from_json(const json_t *json, struct severity *s)
{
    const char *likelihood = json_string_value(json_object_get(json, "likelihood"));
    const char *by = json_string_value(json_object_get(json, "by"));
    s->danger_now = json_is_true(json_object_get(json, "danger_now"));
    s->grave = json_is_true(json_object_get(json, "grave"));
    s->ongoing = json_is_true(json_object_get(json, "ongoing"));
    s->scale = axis_from(json, "scale");
    s->scope = axis_from(json, "scope");
    s->irremediability = axis_from(json, "irremediability");
    s->likelihood = LIKELIHOOD_HAPPENED;
    for (uint8_t i = LIKELIHOOD_LOW; likelihood && i <= LIKELIHOOD_HIGH; i++)
        if (strcmp(likelihood, likelihoods[i]) == 0)
            s->likelihood = i;
    int64_t when = by ? clock_parse(by) : -1;
    s->by = when > 0 ? when : 0;
}

json_t *proposal_json(const struct rules_proposal *proposal, unsigned version)
{
    json_t *json = severity_json(&proposal->severity), *fired = json_array();
    for (size_t i = 0; i < proposal->count; i++) {
        const struct rules_fired *f = &proposal->fired[i];
        json_t *words = json_array();
        for (unsigned h = 0; h < f->hit_count; h++)
            json_array_append_new(words, json_string(f->hits[h]));
        json_t *one =
            json_pack("{s:s,s:s,s:b,s:o}", "rule", f->rule, "says", f->says, "danger", f->is_danger, "words", words);
        if (f->desk)
            need(json_object_set_new(one, "desk", json_string(f->desk)) == 0);
        json_array_append_new(fired, one);
    }
    char arrived[CLOCK_TEXT_SIZE];
    clock_text(proposal->severity.arrived, arrived);
    need(json_object_set_new(json, "arrived", json_string(arrived)) == 0);
    need(json_object_set_new(json, "fired", fired) == 0);
    need(json_object_set_new(json, "danger", json_boolean(proposal->is_danger)) == 0);
    need(json_object_set_new(json, "due_s", json_integer(proposal->due_s)) == 0);
    need(json_object_set_new(json, "rules", json_integer(version)) == 0);
    return json;
}

static json_t *fired_find(const json_t *fired, const char *rule)
{
    size_t i;
    json_t *one;
    json_array_foreach(fired, i, one)
    {
        const char *name = json_string_value(json_object_get(one, "rule"));
        if (name && strcmp(name, rule) == 0)
            return one;
    }
    return NULL;
}

/* Which rules met the later message, and when: what replay.c needs to do it all again. */
static void note_run(json_t *into, const json_t *later)
{
    json_t *runs = json_object_get(into, "later");
    if (!runs) {
        runs = json_array();
        need(json_object_set_new(into, "later", runs) == 0);
    }
    json_t *run = json_object();
    json_object_set(run, "rules", json_object_get(later, "rules"));
    json_object_set(run, "arrived", json_object_get(later, "arrived"));
    need(json_array_append_new(runs, run) == 0);
}

void proposal_raise(json_t *into, const json_t *later)
{
    struct severity a = {0}, b = {0};
    size_t i;
    json_t *one;
    severity_from_json(into, &a);
    severity_from_json(later, &b);
    severity_raise(&a, &b);
    json_t *raised = severity_json(&a), *fired = json_object_get(into, "fired");
    need(json_object_update(into, raised) == 0);
    json_decref(raised);
    json_array_foreach(json_object_get(later, "fired"), i, one)
    {
        const char *rule = json_string_value(json_object_get(one, "rule"));
        json_t *known = rule ? fired_find(fired, rule) : NULL;
        if (!known)
            json_array_append_new(fired, json_deep_copy(one));
        else if (json_array_size(json_object_get(known, "words")) < RULES_HITS_MAX)
            json_array_extend(json_object_get(known, "words"), json_object_get(one, "words"));
    }
    if (json_is_true(json_object_get(later, "danger")))
        json_object_set_new(into, "danger", json_true());
    if (json_integer_value(json_object_get(later, "due_s")) < json_integer_value(json_object_get(into, "due_s")))
        json_object_set(into, "due_s", json_object_get(later, "due_s"));
    note_run(into, later);
}

const char *severity_band_name(enum severity_band band)
{
    return bands[band];
}
