/* translation.c -- see translation.h. */
#include "triage/vault/translation.h"

#include <string.h>

#include "common/base/mem.h"
#include "triage/vault/case_state.h"

int translation_ask(json_t *state, const char *id, const struct translation_order *order, const char *who)
{
    json_t *list = state_list(state, "translations");
    if (json_array_size(list) >= TRANSLATION_MAX)
        return 0;
    json_t *task = json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:o}", "id", id, "row", order->row, "draft",
                             order->draft, "from", order->from, "to", order->to, "translator", order->translator,
                             "note", order->note, "by", who, "at", state_now());
    need(task && json_array_append_new(list, task) == 0);
    state_history(state, who, "Asked for a translation");
    return 1;
}

int translation_is_method(const char *code)
{
    return strcmp(code, "person") == 0 || strcmp(code, "machine_checked") == 0;
}

json_t *translation_find(const json_t *state, const char *id)
{
    size_t i;
    json_t *task;
    json_array_foreach(json_object_get(state, "translations"), i,
                       task) if (strcmp(state_text(task, "id"), id) == 0) return task;
    return NULL;
}

int translation_is_open(const json_t *task)
{
    return !json_object_get(task, "text");
}

void translation_write(json_t *state, json_t *task, const char *text, const char *method, const char *who)
{
    need(translation_is_open(task));
    state_set_text(task, "text", text);
    state_set_text(task, "method", method);
    state_set_text(task, "done_by", who);
    need(json_object_set_new(task, "done_at", state_now()) == 0);
    state_history(state, who, "Translated");
}

size_t translation_open(const json_t *state)
{
    size_t i, count = 0;
    json_t *task;
    json_array_foreach(json_object_get(state, "translations"), i, task) count += translation_is_open(task) != 0;
    return count;
}
