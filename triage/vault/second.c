/* second.c -- see second.h. */
#include "triage/vault/second.h"

#include <string.h>

#include "common/base/mem.h"
#include "triage/vault/case_state.h"

static const char *const keys[] = {"closing", "lowering", "referral", "erasure"};

void second_ask(json_t *state, const char *key, const char *who, const char *reason, json_t *what)
{
    state_set_text(what, "by", who);
    state_set_text(what, "reason", reason);
    need(json_object_set_new(what, "at", state_now()) == 0);
    need(json_object_set_new(state, key, what) == 0);
}

int second_is_key(const char *key)
{
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strcmp(keys[i], key) == 0)
            return 1;
    return 0;
}

const json_t *second_asked(const json_t *state, const char *key)
{
    const json_t *asked = json_object_get(state, key);
    return json_is_object(asked) ? asked : NULL;
}

int second_may(const json_t *state, const char *key, const char *who)
{
    const json_t *asked = second_asked(state, key);
    return asked && strcmp(state_text(asked, "by"), who) != 0;
}

json_t *second_settle(json_t *state, const char *key, const char *who, const char *reason, int confirm)
{
    json_t *asked = json_incref(json_object_get(state, key));
    need(second_may(state, key, who));
    state_set_text(asked, "what", key);
    state_set_text(asked, "second", who);
    state_set_text(asked, "second_reason", reason);
    need(json_object_set_new(asked, "second_at", state_now()) == 0);
    need(json_object_set_new(asked, "confirmed", json_boolean(confirm)) == 0);
    need(json_array_append(state_list(state, "seconds"), asked) == 0);
    json_object_del(state, key);
    return asked;
}

int second_is_wanted(const json_t *state)
{
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (second_asked(state, keys[i]))
            return 1;
    return 0;
}
