/* respondent.c -- see respondent.h. */
#include "triage/vault/respondent.h"

#include <string.h>

#include "common/base/mem.h"
#include "triage/vault/case_state.h"
#include "triage/vault/impacts.h"

json_t *respondents_of(const struct vault *vault, const json_t *state)
{
    json_t *list = json_array(), *link, *entity;
    size_t i, e;
    json_array_foreach(json_object_get(state, "links"), i, link)
    {
        const char *id = state_text(link, "impact");
        const struct impact *impact =
            json_is_true(json_object_get(link, "confirmed")) ? impacts_find(vault->impacts, id) : NULL;
        if (!impact)
            continue;
        json_array_foreach(json_object_get(impact->json, "entities"), e, entity)
        {
            json_t *one =
                json_pack("{s:o,s:s,s:s}", "respondent", json_sprintf("%s/%s", id, state_text(entity, "entity")),
                          "name", state_text(entity, "name"), "title", state_text(impact->json, "title"));
            need(one && json_array_append_new(list, one) == 0);
        }
    }
    return list;
}

json_t *respondent_name(const struct vault *vault, const json_t *state, const char *respondent)
{
    json_t *all = respondents_of(vault, state), *one, *name = NULL;
    size_t i;
    json_array_foreach(all, i, one) if (!name && strcmp(state_text(one, "respondent"), respondent) == 0) name =
        json_string(state_text(one, "name"));
    json_decref(all);
    return name;
}
