/* trail.c -- see trail.h. */
#include "triage/vault/trail.h"

#include <string.h>

#include "common/base/clock.h"
#include "common/base/code.h"
#include "common/base/mem.h"

struct line {
    int64_t at;
    char who[65], what[41], op[41];
    uint8_t case_id[16];
    int has_case;
};

struct trail {
    struct line lines[TRAIL_MAX];
    size_t count; /* ever */
};

struct trail *trail_new(void)
{
    return mem_new(sizeof(struct trail));
}

void trail_free(struct trail *trail)
{
    mem_free(trail);
}

static void copy(char *into, size_t size, const char *from)
{
    memcpy(into, from, strnlen(from, size - 1));
}

void trail_add(struct trail *trail, const char *who, const char *what, const uint8_t *case_id, const json_t *detail)
{
    struct line *line = &trail->lines[trail->count++ % TRAIL_MAX];
    const char *op = json_string_value(json_object_get(detail, "op"));
    *line = (struct line){.at = clock_wall(), .has_case = case_id != NULL};
    copy(line->who, sizeof line->who, who);
    copy(line->what, sizeof line->what, what);
    copy(line->op, sizeof line->op, op ? op : "");
    if (case_id)
        memcpy(line->case_id, case_id, sizeof line->case_id);
}

size_t trail_count(const struct trail *trail)
{
    return trail->count < TRAIL_MAX ? trail->count : TRAIL_MAX;
}

json_t *trail_list(const struct trail *trail, size_t after, size_t limit)
{
    json_t *list = json_array();
    for (size_t i = after; i < trail_count(trail) && i < after + limit; i++) {
        const struct line *line = &trail->lines[(trail->count - 1 - i) % TRAIL_MAX];
        char at[CLOCK_TEXT_SIZE], id[CODE_ID_SIZE];
        clock_text(line->at, at);
        json_t *one = json_pack("{s:s,s:s,s:s}", "at", at, "who", line->who, "what", line->what);
        need(one != NULL);
        if (line->has_case) {
            code_id(line->case_id, id);
            need(json_object_set_new(one, "case", json_string(id)) == 0);
        }
        if (*line->op)
            need(json_object_set_new(one, "op", json_string(line->op)) == 0);
        need(json_array_append_new(list, one) == 0);
    }
    return list;
}
