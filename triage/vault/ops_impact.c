/* ops_impact.c -- impacts written: put into the register, changed, entities and how they are involved. Each change
 * stands in the impact's history (entry.h). Neighbours: ops_register.c (read), ops_link.c (cases), ops_action.c. */
#include <string.h>

#include "common/base/clock.h"
#include "common/base/code.h"
#include "common/base/mem.h"
#include "common/base/rng.h"
#include "triage/vault/entry.h"
#include "triage/vault/facts.h"
#include "triage/vault/ops.h"
#include "triage/vault/register_view.h"

enum { REASON_MAX = 2000, TITLE_MAX = 200, WHAT_MAX = 20000, EVIDENCE_MAX = 4000, RIGHTS_MAX = 40 };
#define PEOPLE_MAX INT64_C(10000000000)

/* ---- what an impact says ---- */

static const char *const states[] = {"actual", "potential", NULL};
static const char *const likelihoods[] = {"low", "medium", "high", NULL};
static const struct fact impact_facts[] = {
    {"title", FACT_TEXT, 1, TITLE_MAX, NULL, NULL},
    {"what", FACT_TEXT, 0, WHAT_MAX, NULL, NULL},
    {"rights", FACT_CODES, 0, RIGHTS_MAX, "right", NULL},
    {"stage", FACT_CODE, 0, 0, "stage", NULL},
    {"technology", FACT_TEXT, 0, TITLE_MAX, NULL, NULL},
    {"technologies", FACT_CODES, 0, RIGHTS_MAX, "technology", NULL},
    {"groups", FACT_CODES, 0, RIGHTS_MAX, "group", NULL},
    {"state", FACT_WORD, 0, 0, NULL, states},
    {"likelihood", FACT_WORD, 0, 0, NULL, likelihoods},
    {"scale", FACT_LEVEL, 0, 0, NULL, NULL},
    {"scope", FACT_LEVEL, 0, 0, NULL, NULL},
    {"irremediability", FACT_LEVEL, 0, 0, NULL, NULL},
    {"grave", FACT_FLAG, 0, 0, NULL, NULL},
    {"people_low", FACT_NUMBER, 0, PEOPLE_MAX, NULL, NULL},
    {"people_high", FACT_NUMBER, 0, PEOPLE_MAX, NULL, NULL},
    {"whole_group", FACT_FLAG, 0, 0, NULL, NULL},
    {0},
};

/* 0: answered. What stands in one member and contradicts another. */
static int impact_agrees(struct request *request, json_t *facts)
{
    const json_t *low = json_object_get(facts, "people_low"), *high = json_object_get(facts, "people_high");
    if (!*entry_text(facts, "state"))
        json_object_set_new(facts, "state", json_string("actual"));
    if (*entry_text(facts, "likelihood") && strcmp(entry_text(facts, "state"), "potential") != 0) {
        request_fail(request, "malformed", "How likely it is can be said only of what may happen.", "likelihood");
        return 0;
    }
    if (json_is_integer(low) && json_is_integer(high) && json_integer_value(high) < json_integer_value(low)) {
        request_fail(request, "malformed", "At most cannot be less than at least.", "people_high");
        return 0;
    }
    return 1;
}

static json_t *facts_asked(struct request *request)
{
    json_t *facts = json_object();
    if (facts_read(request, impact_facts, 1, facts) && impact_agrees(request, facts))
        return facts;
    json_decref(facts);
    return NULL;
}

static int touches_severity(const json_t *changed)
{
    static const char *const parts[] = {"scale", "scope", "irremediability", "grave", "likelihood"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (entry_holds(changed, parts[i]))
            return 1;
    return 0;
}

/* ---- writing ---- */

static void kept(void *room, enum err err, const uint8_t id[16])
{
    struct request *request = room;
    char text[CODE_ID_SIZE];
    code_id(id, text);
    const struct impact *impact = err == ERR_OK ? impacts_find(request->vault->impacts, text) : NULL;
    json_t *fields = json_pack("{s:s,s:I}", "impact", text, "version", impact ? (json_int_t)impact->version : 1);
    if (err == ERR_OK && request->kept)
        need(json_object_update(fields, request->kept) == 0);
    ops_register_answer(request, err, fields);
}

static void write_impact(struct request *request, const struct impact *impact, const char *what, json_t *json)
{
    struct impacts_write entry = {.what = what, .json = json};
    if (impact) {
        entry.id = impact->id;
        entry.hash = impact->hash;
        entry.version = impact->version;
    }
    ops_register_write(request, &entry, "impact", kept);
}

static void put_assessed(json_t *json, const struct request *request, int64_t now, const char *reason)
{
    need(json_object_set_new(json, "assessed",
                             json_pack("{s:s,s:o,s:s}", "by", request->who, "at", entry_time(now), "reason", reason)) ==
         0);
}

void ops_impact_create(struct request *request)
{
    const char *reason = "";
    int64_t now = clock_wall();
    if (!request_text(request, "reason", 0, REASON_MAX, &reason))
        return;
    json_t *facts = facts_asked(request);
    if (!facts)
        return;
    json_t *json = json_pack("{s:i,s:s,s:o}", "v", 2, "by", request->who, "at", entry_time(now));
    json_t *changed = entry_apply(json, facts);
    if (touches_severity(changed))
        put_assessed(json, request, now, reason);
    entry_note(json, 1, now, request->who, "Put into the register", NULL);
    json_decref(changed);
    json_decref(facts);
    write_impact(request, NULL, "impact.create", json);
}

void ops_impact_update(struct request *request)
{
    const char *reason = "";
    int64_t now = clock_wall(), version;
    const struct impact *impact = ops_register_impact(request);
    if (!impact || !request_int(request, "version", 1, 1, INT64_MAX, &version) ||
        !request_text(request, "reason", 0, REASON_MAX, &reason))
        return;
    json_t *facts = facts_asked(request);
    if (!facts)
        return;
    json_t *since = entry_since(impact->json, version), *json = json_deep_copy(impact->json);
    json_t *changed = entry_apply(json, facts);
    json_decref(facts);
    if (json_array_size(since)) {
        request_conflict(request, since);
    } else if (touches_severity(changed) && !*reason) {
        request_fail(request, "malformed", "Say why the severity is another one.", "reason");
    } else if (json_array_size(changed) == 0) {
        kept(request, ERR_OK, impact->id);
    } else {
        if (touches_severity(changed))
            put_assessed(json, request, now, reason);
        entry_note(json, impact->version + 1, now, request->who, "Changed", json_incref(changed));
        write_impact(request, impact, "impact.update", json_incref(json));
    }
    json_decref(since);
    json_decref(changed);
    json_decref(json);
}

/* ---- entities and how they are involved ---- */

static const struct fact entity_facts[] = {
    {"name", FACT_TEXT, 1, TITLE_MAX, NULL, NULL},
    {"about", FACT_TEXT, 0, REASON_MAX, NULL, NULL},
    {"identifier", FACT_TEXT, 0, TITLE_MAX, NULL, NULL},
    {0},
};
static const struct fact involvement_facts[] = {
    {"involvement", FACT_CODE, 1, 0, "involvement", NULL},
    {"from", FACT_TIME, 0, 0, NULL, NULL},
    {"said_by", FACT_TEXT, 1, TITLE_MAX, NULL, NULL},
    {"evidence", FACT_TEXT, 0, EVIDENCE_MAX, NULL, NULL},
    {0},
};

/* One more entry of an entity's involvement; none is ever changed. 0: answered. */
static int involve(struct request *request, json_t *entity)
{
    int64_t now = clock_wall();
    json_t *said = json_object(), *list = entry_list(entity, "involvement");
    const char *refused = NULL;
    if (!facts_read(request, involvement_facts, 1, said)) {
        json_decref(said);
        return 0;
    }
    if (json_is_null(json_object_get(said, "from")))
        json_object_set_new(said, "from", entry_time(now));
    if (entry_when(said, "from") > now)
        refused = "What is to come has not begun yet.";
    else if (json_array_size(list) >= IMPACT_INVOLVED_MAX)
        refused = "There are too many of them.";
    if (refused) {
        json_decref(said);
        request_fail(request, "malformed", refused, "from");
        return 0;
    }
    json_object_set(said, "value", json_object_get(said, "involvement"));
    json_object_del(said, "involvement");
    json_object_set_new(said, "by", json_string(request->who));
    json_object_set_new(said, "at", entry_time(now));
    need(json_array_append_new(list, said) == 0);
    return 1;
}

/* The entity that is meant, or a new one; NULL: answered. */
static json_t *entity_asked(struct request *request, json_t *json, int may_be_new)
{
    const char *id = "";
    if (!request_text(request, "entity", !may_be_new, CODE_ID_SIZE, &id))
        return NULL;
    json_t *entity = *id ? impact_entity(json, id) : NULL, *all = entry_list(json, "entities");
    if (*id && !entity) {
        request_fail(request, "not_found", "There is no such entity.", "entity");
    } else if (!entity && json_array_size(all) >= IMPACT_ENTITIES_MAX) {
        request_fail(request, "malformed", "There are too many of them.", "entity");
    } else if (!entity) {
        char text[CODE_ID_SIZE];
        uint8_t fresh[16];
        rng_bytes(fresh, sizeof fresh);
        code_id(fresh, text);
        entity = json_pack("{s:s,s:[]}", "entity", text, "involvement");
        need(json_array_append_new(all, entity) == 0);
    }
    return entity;
}

static void note_entity(struct request *request, const struct impact *impact, json_t *json, const json_t *entity,
                        const char *op, const char *what)
{
    entry_note(json, impact->version + 1, clock_wall(), request->who, what,
               json_pack("[s]", entry_text(entity, "name")));
    json_decref(request->kept);
    request->kept = json_pack("{s:s}", "entity", entry_text(entity, "entity"));
    write_impact(request, impact, op, json);
}

void ops_impact_entity(struct request *request)
{
    const struct impact *impact = ops_register_impact(request);
    json_t *json = impact ? json_deep_copy(impact->json) : NULL, *facts = json_object();
    json_t *entity = json ? entity_asked(request, json, 1) : NULL;
    int is_new = entity && !json_object_get(entity, "name");
    int is_read = entity && facts_read(request, entity_facts, 1, facts);
    if (is_read)
        json_decref(entry_apply(entity, facts));
    if (is_read && (!json_object_get(request->body, "involvement") || involve(request, entity)))
        note_entity(request, impact, json_incref(json), entity, "impact.entity",
                    is_new ? "An entity was added" : "An entity was changed");
    json_decref(facts);
    json_decref(json);
}

void ops_impact_involve(struct request *request)
{
    const struct impact *impact = ops_register_impact(request);
    json_t *json = impact ? json_deep_copy(impact->json) : NULL;
    json_t *entity = json ? entity_asked(request, json, 0) : NULL;
    if (entity && involve(request, entity))
        note_entity(request, impact, json_incref(json), entity, "impact.involve", "How an entity is involved");
    json_decref(json);
}
