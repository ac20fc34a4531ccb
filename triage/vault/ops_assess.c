/* ops_assess.c -- a person confirms or changes the severity of a case, with a reason. */
#include <string.h>

#include "common/base/clock.h"
#include "triage/vault/affected.h"
#include "triage/vault/aside.h"
#include "triage/vault/audit.h"
#include "triage/vault/case_change.h"
#include "triage/vault/case_state.h"
#include "triage/vault/case_view.h"
#include "triage/vault/life.h"
#include "triage/vault/ops.h"
#include "triage/vault/severity_json.h"
#include "triage/vault/stages.h"

enum { REASON_MAX = 2000 };

enum { PEOPLE_MOST = 1000000000 };
static const char MALFORMED[] = "This is missing, or not in the form it must have.";

/* 1, or the request has been answered. */
static int asked_likelihood(struct request *request, struct severity *s)
{
    static const char *const likelihoods[] = {"low", "medium", "high"};
    const char *likelihood = "";
    s->likelihood = LIKELIHOOD_HAPPENED;
    if (!request_text(request, "likelihood", 0, 10, &likelihood))
        return 0;
    for (uint8_t i = 0; i < 3; i++)
        if (strcmp(likelihood, likelihoods[i]) == 0)
            s->likelihood = (uint8_t)(LIKELIHOOD_LOW + i);
    if (*likelihood && s->likelihood == LIKELIHOOD_HAPPENED) {
        request_fail(request, "malformed", MALFORMED, "likelihood");
        return 0;
    }
    return 1;
}

static int asked_parts(struct request *request, struct severity *s)
{
    int danger_now = 0, grave = 0, ongoing = 0;
    int64_t scale = 0, scope = 0, irremediability = 0;
    const char *by = "";
    if (!request_flag(request, "danger_now", 0, &danger_now) || !request_flag(request, "grave", 0, &grave) ||
        !request_flag(request, "ongoing", 0, &ongoing) || !request_int(request, "scale", 0, 1, 4, &scale) ||
        !request_int(request, "scope", 0, 1, 4, &scope) ||
        !request_int(request, "irremediability", 0, 1, 4, &irremediability) || !asked_likelihood(request, s) ||
        !request_text(request, "by", 0, 32, &by))
        return 0;
    if (*by && (s->by = clock_parse(by)) <= 0) {
        request_fail(request, "malformed", MALFORMED, "by");
        return 0;
    }
    s->danger_now = (uint8_t)danger_now;
    s->grave = (uint8_t)grave;
    s->ongoing = (uint8_t)ongoing;
    s->scale = (uint8_t)scale;
    s->scope = (uint8_t)scope;
    s->irremediability = (uint8_t)irremediability;
    return 1;
}

static int asked_people(struct request *request, struct affected_people *people)
{
    if (!request_int(request, "people_low", 0, 0, PEOPLE_MOST, &people->low) ||
        !request_int(request, "people_high", 0, 0, PEOPLE_MOST, &people->high) ||
        !request_flag(request, "whole", 0, &people->is_whole))
        return 0;
    if (people->low && people->high && people->low > people->high) {
        request_fail(request, "malformed", MALFORMED, "people_high");
        return 0;
    }
    return 1;
}

/* The numbers stay beside the level that they make. */
static void put_people(json_t *to, const struct affected_people *people)
{
    if (people->low)
        json_object_set_new(to, "people_low", json_integer(people->low));
    if (people->high)
        json_object_set_new(to, "people_high", json_integer(people->high));
    if (people->is_whole)
        json_object_set_new(to, "whole", json_true());
}

/* "group" when a code is not in the list of groups at heightened risk; NULL: all are. */
static const char *unknown_group(const struct request *request, const json_t *groups)
{
    size_t i;
    const json_t *group;
    json_array_foreach(
        groups, i, group) if (!codes_find(request->vault->codes, "group", state_text(group, "group"))) return "group";
    return NULL;
}

/* The severity that the request asks for, as JSON, with its groups and numbers; NULL when the request was answered. */
static json_t *asked_severity(struct request *request)
{
    struct severity s = {0};
    struct affected_people people = {0};
    int64_t from[SEVERITY_AXIS_MAX];
    size_t gravest;
    json_t *groups = json_object_get(request->body, "groups");
    const char *fault = affected_fault(groups);
    if (!asked_parts(request, &s) || !asked_people(request, &people))
        return NULL;
    if (fault || (fault = unknown_group(request, groups))) {
        request_fail(request, "malformed", MALFORMED, fault);
        return NULL;
    }
    rules_people(request->vault->rules, from);
    uint8_t counted = affected_scope(&people, from);
    if (counted > s.scope)
        s.scope = counted;
    s = affected_gravest(groups, &s, from, clock_wall(), &gravest);
    json_t *asked = severity_json(&s);
    put_people(asked, &people);
    if (json_array_size(groups) > 0) {
        json_object_set(asked, "groups", groups);
        json_object_set_new(asked, "gravest", json_integer((json_int_t)gravest));
    }
    return asked;
}

/* Lowering what is severe takes a second person who asks for the same. 1: it counts now. */
static int may_lower(struct case_change *cc, const char *who, json_t *asked)
{
    struct severity now_is, wanted = {0};
    int64_t now = clock_wall();
    const json_t *lowering = json_object_get(cc->state, "lowering");
    state_severity(cc->state, &now_is);
    severity_from_json(asked, &wanted);
    wanted.looked = now;
    int is_lower = severity_weight(&wanted, now) < severity_weight(&now_is, now);
    int is_second = json_equal(json_object_get(lowering, "to"), asked) && *state_text(lowering, "by") &&
                    strcmp(state_text(lowering, "by"), who) != 0;
    return !is_lower || !severity_is_severe(&now_is, now) || is_second;
}

void ops_assess_draft(struct case_change *cc, const char *who, const json_t *asked, const char *reason)
{
    json_t *assessment = json_deep_copy(asked);
    json_object_set_new(assessment, "by_name", json_string(who));
    json_object_set_new(assessment, "reason", json_string(reason));
    json_object_set_new(assessment, "at", state_now());
    json_object_set_new(cc->state, "assessment", assessment);
    json_object_del(cc->state, "since");
    json_object_del(cc->state, "lowering");
    aside_end(cc->state, "taken", who, "");
    if (strcmp(state_text(cc->state, "lane"), "first_look") == 0)
        state_set_text(cc->state, "lane", "assessed");
    if (life_follow(cc->state, LIFE_ASSESSED, LIFE_BY_OFFICER, who))
        case_change_notice(cc);
    stages_did(cc->state, DEADLINE_LOOK);
    state_history(cc->state, who, "Assessed");
}

static void assessed(void *room, enum err err)
{
    struct request *request = room;
    const struct case_file *file = err == ERR_OK ? case_asked(request, 0) : NULL;
    if (err != ERR_OK)
        request_fail_with(request, err);
    else if (file)
        request_ok(request,
                   json_pack("{s:o,s:O}", "item", case_item(request->vault, file), "waits_for_second", request->kept));
}

void ops_case_assess(struct request *request)
{
    const char *reason;
    int64_t version = 0; /* none: the one that is there */
    struct case_file *file = case_asked(request, 1);
    if (!file || !request_int(request, "version", 0, 1, INT64_MAX, &version) ||
        !request_text(request, "reason", 1, REASON_MAX, &reason))
        return;
    if (version && book_is_stale(file, version)) {
        case_conflict(request, file);
        return;
    }
    json_t *asked = asked_severity(request);
    if (!asked)
        return;
    struct case_change *cc = case_change_begin(request->vault, file, NULL);
    int counts = may_lower(cc, request->who, asked);
    if (counts) {
        ops_assess_draft(cc, request->who, asked, reason);
    } else {
        json_object_set_new(
            cc->state, "lowering",
            json_pack("{s:O,s:s,s:s,s:o}", "to", asked, "by", request->who, "reason", reason, "at", state_now()));
        state_history(cc->state, request->who, "Asked for a second person to lower the severity");
    }
    json_decref(asked);
    json_decref(request->kept);
    request->kept = json_boolean(!counts);
    audit_leaf(request->vault, cc->change, request->who, counts ? "case.assess" : "case.lowering_asked", file->id,
               NULL);
    case_change_submit(cc, assessed, request);
}
