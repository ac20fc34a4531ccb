/* ops_action.c -- operations on actions: what is done about an impact, by which entity, until it is known to work. */
#include <stdlib.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/code.h"
#include "common/base/mem.h"
#include "triage/vault/entry.h"
#include "triage/vault/facts.h"
#include "triage/vault/ops.h"
#include "triage/vault/people.h"
#include "triage/vault/register_view.h"

enum { LINE_MAX = 200, TEXT_MAX = 4000, LIST_MAX = 100, LIST_USUAL = 50, DRIFTS_MAX = 50 };

/* ---- answering ---- */

static void kept(void *room, enum err err, const uint8_t id[16])
{
    struct request *request = room;
    char text[CODE_ID_SIZE];
    code_id(id, text);
    const struct action *action = err == ERR_OK ? impacts_action(request->vault->impacts, text) : NULL;
    ops_register_answer(request, err,
                        action ? json_pack("{s:o}", "item", register_action(request->vault, action, clock_wall()))
                               : NULL);
}

static void write_action(struct request *request, const struct action *action, const char *what, json_t *json)
{
    struct impacts_write entry = {
        .what = what, .json = json, .detail = json_pack("{s:s}", "impact", entry_text(json, "impact"))};
    if (action) {
        entry.id = action->id;
        entry.hash = action->hash;
        entry.version = action->version;
    }
    ops_register_write(request, &entry, "action", kept);
}

static struct action *action_asked(struct request *request)
{
    const char *id;
    if (!request_text(request, "action", 1, CODE_ID_SIZE, &id))
        return NULL;
    struct action *action = impacts_action(request->vault->impacts, id);
    if (!action)
        request_fail(request, "not_found", "There is no such action.", "action");
    return action;
}

/* ---- what an action says ---- */

static const char *const asked_or_not[] = {"yes", "no", NULL};
static const struct fact action_facts[] = {
    {"what", FACT_TEXT, 0, TEXT_MAX, NULL, NULL},
    {"entity", FACT_TEXT, 0, CODE_ID_SIZE, NULL, NULL},
    {"owner", FACT_TEXT, 0, VAULT_WHO_MAX, NULL, NULL},
    {"due", FACT_DUE, 0, 0, NULL, NULL},
    {"indicator", FACT_TEXT, 0, TEXT_MAX, NULL, NULL},
    {"consulted", FACT_WORD, 0, 0, NULL, asked_or_not},
    {"consultation", FACT_TEXT, 0, TEXT_MAX, NULL, NULL},
    {"outcome", FACT_TEXT, 0, TEXT_MAX, NULL, NULL},
    {"reason", FACT_TEXT, 0, TEXT_MAX, NULL, NULL},
    {"state", FACT_WORD, 0, 0, NULL, action_states},
    {0},
};
static const struct fact first_facts[] = {
    {"what", FACT_TEXT, 1, TEXT_MAX, NULL, NULL},
    {"entity", FACT_TEXT, 1, CODE_ID_SIZE, NULL, NULL},
    {"type", FACT_CODE, 1, 0, "action", NULL},
    {"due", FACT_DUE, 1, 0, NULL, NULL},
    {"owner", FACT_TEXT, 0, VAULT_WHO_MAX, NULL, NULL},
    {"indicator", FACT_TEXT, 0, TEXT_MAX, NULL, NULL},
    {"consulted", FACT_WORD, 0, 0, NULL, asked_or_not},
    {"consultation", FACT_TEXT, 0, TEXT_MAX, NULL, NULL},
    {0},
};

/* What has to be true of an action as it is now to stand; `before` is NULL for a new one. 0: answered. */
static int stands(struct request *request, const json_t *before, const json_t *json)
{
    const char *owner = entry_text(json, "owner"), *field = NULL, *says = NULL;
    const char *from = entry_text(before, "state"), *to = entry_text(json, "state");
    const struct person *person = people_find(request->vault->people, owner);
    const struct impact *impact = impacts_find(request->vault->impacts, entry_text(json, "impact"));
    if (!impact || !impact_entity(impact->json, entry_text(json, "entity")))
        says = "There is no such entity.", field = "entity";
    else if (strcmp(owner, entry_text(before, "owner")) != 0 && (!person || person->is_ended))
        says = "There is nobody of this name.", field = "owner";
    else if (before && strcmp(from, to) != 0 && !action_may_move(from, to))
        says = "An action cannot go from its state to this one.", field = "state";
    else
        says = action_lacks(json, &field);
    if (says)
        request_fail(request, "malformed", says, field);
    return says == NULL;
}

static const char *what_happened(const json_t *before, const json_t *json)
{
    static const struct {
        const char *state, *what;
    } rows[] = {{"planned", "Planned again"},         {"consulted", "The people affected were asked"},
                {"under_way", "Under way"},           {"done", "Done, and to be checked"},
                {"effective", "Found to work"},       {"not_effective", "Found not to work"},
                {"dropped", "Dropped, with a reason"}};
    const char *state = entry_text(json, "state");
    for (size_t i = 0; strcmp(state, entry_text(before, "state")) != 0 && i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].state, state) == 0)
            return rows[i].what;
    return "Changed";
}

void ops_action_add(struct request *request)
{
    const char *id;
    int64_t now = clock_wall();
    if (!request_text(request, "impact", 1, CODE_ID_SIZE, &id))
        return;
    if (!impacts_find(request->vault->impacts, id)) {
        request_fail(request, "not_found", "There is no such impact.", "impact");
        return;
    }
    json_t *json = json_pack("{s:i,s:s,s:s,s:s,s:s,s:o}", "v", 1, "kind", "action", "impact", id, "state", "planned",
                             "by", request->who, "at", entry_time(now));
    if (facts_read(request, first_facts, 1, json)) {
        if (!*entry_text(json, "owner"))
            json_object_set_new(json, "owner", json_string(request->who));
        if (stands(request, NULL, json)) {
            entry_note(json, 1, now, request->who, "Planned", NULL);
            write_action(request, NULL, "action.add", json_incref(json));
        }
    }
    json_decref(json);
}

/* A state that was checked says by whom and when. */
static void put_checked(json_t *json, const struct request *request, int64_t now)
{
    const char *state = entry_text(json, "state");
    if (strcmp(state, "effective") == 0 || strcmp(state, "not_effective") == 0)
        json_object_set_new(json, "checked", json_pack("{s:s,s:o}", "by", request->who, "at", entry_time(now)));
}

void ops_action_update(struct request *request)
{
    int64_t now = clock_wall(), version;
    const struct action *action = action_asked(request);
    if (!action || !request_int(request, "version", 1, 1, INT64_MAX, &version))
        return;
    json_t *facts = json_object(), *json = json_deep_copy(action->json);
    json_t *since = entry_since(action->json, version), *changed = NULL;
    if (facts_read(request, action_facts, 0, facts)) {
        changed = entry_apply(json, facts);
        if (json_array_size(since)) {
            request_conflict(request, since);
        } else if (json_array_size(changed) == 0) {
            kept(request, ERR_OK, action->id);
        } else if (stands(request, action->json, json)) {
            const char *what = what_happened(action->json, json);
            if (strcmp(what, "Changed") != 0)
                put_checked(json, request, now);
            entry_note(json, action->version + 1, now, request->who, what, json_incref(changed));
            write_action(request, action, "action.update", json_incref(json));
        }
    }
    json_decref(changed);
    json_decref(since);
    json_decref(facts);
    json_decref(json);
}

/* ---- leverage ---- */

static const struct fact attempt_facts[] = {
    {"lever", FACT_CODE, 1, 0, "leverage", NULL},
    {"on", FACT_TIME, 0, 0, NULL, NULL},
    {"outcome", FACT_TEXT, 1, TEXT_MAX, NULL, NULL},
    {"assessment", FACT_TEXT, 0, TEXT_MAX, NULL, NULL},
    {0},
};

static const char *attempt_refused(const struct action *action, const json_t *attempt, int64_t now, const char **field)
{
    if (strcmp(entry_text(action->json, "type"), "leverage") != 0)
        return *field = "action", "Only an action that uses leverage has attempts.";
    if (entry_when(attempt, "on") > now)
        return *field = "on", "What is to come has not begun yet.";
    if (json_array_size(json_object_get(action->json, "attempts")) >= ACTION_ATTEMPTS_MAX)
        return *field = "action", "There are too many of them.";
    /* To leave has impacts of its own, and staying may be better. */
    if (strcmp(entry_text(attempt, "lever"), "exit") == 0 && !*entry_text(attempt, "assessment"))
        return *field = "assessment", "Say what ending the relationship would do to the people who are affected.";
    return NULL;
}

void ops_action_attempt(struct request *request)
{
    int64_t now = clock_wall();
    const char *field = NULL, *says;
    const struct action *action = action_asked(request);
    if (!action)
        return;
    json_t *attempt = json_pack("{s:s,s:o}", "by", request->who, "at", entry_time(now));
    if (!facts_read(request, attempt_facts, 1, attempt)) {
        json_decref(attempt);
        return;
    }
    if (json_is_null(json_object_get(attempt, "on")))
        json_object_set_new(attempt, "on", entry_time(now));
    if ((says = attempt_refused(action, attempt, now, &field))) {
        json_decref(attempt);
        request_fail(request, "malformed", says, field);
        return;
    }
    json_t *json = json_deep_copy(action->json);
    need(json_array_append_new(entry_list(json, "attempts"), attempt) == 0);
    entry_note(json, action->version + 1, now, request->who, "Leverage was tried", NULL);
    write_action(request, action, "action.attempt", json);
}

/* ---- showing ---- */

void ops_action_show(struct request *request)
{
    const struct action *action = action_asked(request);
    if (action)
        request_ok(request, json_pack("{s:o}", "item", register_action(request->vault, action, clock_wall())));
}

struct boarded {
    const struct action *action;
    struct severity severity;
    int64_t due, now;
    int is_overdue;
};

/* Overdue first, then by severity, then by deadline. */
static int board_order(const void *a, const void *b)
{
    const struct boarded *x = a, *y = b;
    if (x->is_overdue != y->is_overdue)
        return y->is_overdue - x->is_overdue;
    int order = severity_compare(&x->severity, &y->severity, x->now);
    if (order)
        return order;
    return x->due != y->due ? (x->due > y->due) - (x->due < y->due)
                            : (x->action->number > y->action->number) - (x->action->number < y->action->number);
}

static const struct {
    const char *ask, *member;
} filters[] = {{"impact", "impact"}, {"owner", "owner"}, {"type", "type"}, {"state", "state"}};
enum { FILTERS = sizeof filters / sizeof *filters };

static int matches(const struct action *action, const char *const wanted[static FILTERS], int all)
{
    size_t f = 0;
    while (f < FILTERS && (!*wanted[f] || strcmp(wanted[f], entry_text(action->json, filters[f].member)) == 0))
        f++;
    /* Who asks for a state means it, closed or not. */
    return f == FILTERS && (all || *wanted[3] || action_is_open(action->json));
}

static size_t board(const struct vault *vault, const char *const wanted[static FILTERS], int all, struct boarded *out)
{
    int64_t now = clock_wall();
    size_t count = 0;
    const struct action *action;
    for (size_t n = 0; (action = impacts_action_at(vault->impacts, n)); n++) {
        const struct impact *impact = register_impact_of(vault, action);
        if (!impact || !matches(action, wanted, all))
            continue;
        struct boarded *one = &out[count++];
        *one = (struct boarded){.action = action,
                                .due = entry_when(action->json, "due"),
                                .now = now,
                                .is_overdue = action_is_overdue(action->json, now)};
        impact_sorts_as(impact, &one->severity);
    }
    qsort(out, count, sizeof *out, board_order);
    return count;
}

/* Entities that are linked and go without action: [{"impact","title","entity","name","days"}]. */
static json_t *drifts(const struct vault *vault)
{
    struct docket docket;
    const struct impact *impact;
    int64_t now = clock_wall();
    json_t *list = json_array(), *entity;
    docket_fill(vault, &docket);
    for (size_t n = 0; (impact = impacts_at(vault->impacts, n)); n++) {
        size_t i;
        char id[CODE_ID_SIZE];
        code_id(impact->id, id);
        json_array_foreach(json_object_get(impact->json, "entities"), i, entity)
        {
            int64_t days = register_drift(vault, &docket, impact, entity, now);
            if (days && json_array_size(list) < DRIFTS_MAX)
                need(json_array_append_new(list, json_pack("{s:s,s:s,s:s,s:s,s:I}", "impact", id, "title",
                                                           entry_text(impact->json, "title"), "entity",
                                                           entry_text(entity, "entity"), "name",
                                                           entry_text(entity, "name"), "days", (json_int_t)days)) == 0);
        }
    }
    docket_free(&docket);
    return list;
}

void ops_action_list(struct request *request)
{
    int64_t after = 0, limit = LIST_USUAL;
    int all = 0, mine = 0;
    const char *wanted[FILTERS];
    struct vault *vault = request->vault;
    for (size_t f = 0; f < FILTERS; f++) {
        wanted[f] = "";
        if (!request_text(request, filters[f].ask, 0, LINE_MAX, &wanted[f]))
            return;
    }
    if (!request_int(request, "after", 0, 0, INT32_MAX, &after) ||
        !request_int(request, "limit", 0, 1, LIST_MAX, &limit) || !request_flag(request, "all", 0, &all) ||
        !request_flag(request, "mine", 0, &mine))
        return;
    if (mine)
        wanted[1] = request->who;
    size_t known = 0;
    while (impacts_action_at(vault->impacts, known))
        known++;
    struct boarded *boarded = mem_new_array(known + 1, sizeof *boarded);
    int64_t total = (int64_t)board(vault, wanted, all, boarded), overdue = 0;
    json_t *items = json_array();
    for (int64_t i = 0; i < total; i++) {
        overdue += boarded[i].is_overdue;
        if (i >= after && i < after + limit)
            json_array_append_new(items, register_action_row(vault, boarded[i].action, boarded[i].now));
    }
    mem_free(boarded);
    request_ok(request, json_pack("{s:o,s:I,s:I,s:o}", "items", items, "total", (json_int_t)total, "overdue",
                                  (json_int_t)overdue, "drifts", drifts(vault)));
}
