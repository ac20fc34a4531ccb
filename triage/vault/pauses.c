/* pauses.c -- see pauses.h. */
#include "triage/vault/pauses.h"

#include <string.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "triage/vault/case_state.h"

static const struct {
    const char *code;
    int ends_when_heard; /* it waited for the person */
} codes[] = {
    {"waiting_for_you", 1},
    {PAUSE_NO_SAFE_WAY, 1},
    {"other_proceedings", 0},
    {"asked_by_you", 0},
};

static size_t find(const char *code)
{
    size_t i = 0;
    while (i < sizeof codes / sizeof *codes && strcmp(codes[i].code, code) != 0)
        i++;
    return i;
}

int pauses_is_code(const char *code)
{
    return find(code) < sizeof codes / sizeof *codes;
}

static json_t *open_one(const json_t *state)
{
    const json_t *list = json_object_get(state, "pauses");
    size_t count = json_array_size(list);
    json_t *last = count ? json_array_get(list, count - 1) : NULL;
    return json_is_object(last) && !*state_text(last, "to") ? last : NULL;
}

const json_t *pauses_now(const json_t *state)
{
    return open_one(state);
}

int pauses_begin(json_t *state, const char *code, const char *by, const char *reason, const char *says)
{
    if (open_one(state) || json_array_size(json_object_get(state, "pauses")) >= PAUSES_MAX)
        return 0;
    json_t *one =
        json_pack("{s:o,s:s,s:s,s:s,s:s}", "from", state_now(), "code", code, "by", by, "says", says, "reason", reason);
    need(one && json_array_append_new(state_list(state, "pauses"), one) == 0);
    state_history(state, by, "The deadlines were paused");
    return 1;
}

int pauses_end(json_t *state, const char *by)
{
    json_t *one = open_one(state);
    if (!one)
        return 0;
    need(json_object_set_new(one, "to", state_now()) == 0);
    if (by)
        state_history(state, by, "The deadlines run again");
    return 1;
}

int pauses_heard(json_t *state)
{
    const json_t *one = open_one(state);
    size_t i = one ? find(state_text(one, "code")) : sizeof codes / sizeof *codes;
    return i < sizeof codes / sizeof *codes && codes[i].ends_when_heard && pauses_end(state, "");
}

size_t pauses_read(const json_t *state, int64_t from, struct deadline_pause out[static PAUSES_MAX])
{
    const json_t *list = json_object_get(state, "pauses");
    size_t total = json_array_size(list), count = 0;
    for (size_t i = total > PAUSES_MAX ? total - PAUSES_MAX : 0; i < total; i++) {
        const json_t *one = json_array_get(list, i);
        const char *to = state_text(one, "to");
        struct deadline_pause pause = {.from = clock_parse(state_text(one, "from")), .to = *to ? clock_parse(to) : 0};
        if (pause.from < 0 || pause.to < 0 || (pause.to && pause.to <= from))
            continue;
        if (pause.from < from)
            pause.from = from;
        out[count++] = pause;
    }
    return count;
}

json_t *pauses_notice(const json_t *state)
{
    const json_t *one = open_one(state);
    if (!one)
        return NULL;
    json_t *told = json_pack("{s:s,s:s,s:s}", "code", state_text(one, "code"), "since", state_text(one, "from"), "says",
                             state_text(one, "says"));
    need(told != NULL);
    return told;
}
