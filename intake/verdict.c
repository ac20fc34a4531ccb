/* verdict.c -- see verdict.h. */
#include "intake/verdict.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "common/base/mem.h"
#include "intake/limits.h"

size_t verdicts_add(struct verdicts *verdicts, unsigned line)
{
    if (verdicts->count == verdicts->room) {
        verdicts->room = verdicts->room ? verdicts->room * 2 : 16;
        need(verdicts->room <= 2 * (LIMIT_LINES + 1));
        verdicts->list = mem_grow(verdicts->list, verdicts->room * sizeof *verdicts->list);
    }
    verdicts->list[verdicts->count] = (struct verdict){.line = line};
    return verdicts->count++;
}

struct verdict *verdicts_at(struct verdicts *verdicts, size_t which)
{
    need(which < verdicts->count);
    return &verdicts->list[which];
}

void verdict_set_id(struct verdict *verdict, const char *id)
{
    if (id && strlen(id) <= LIMIT_PARTNER_ID)
        verdict->id = mem_copy_text(id);
}

void verdict_end(struct verdict *verdict, unsigned status, const char *field, const char *says)
{
    char error[160];
    need(verdict->status == 0);
    verdict->status = status;
    verdict->field = field;
    if (!says)
        return;
    snprintf(error, sizeof error, "%s %s.", field ? field : "This submission", says);
    verdict->error = mem_copy_text(error);
}

enum err verdicts_write(const struct verdicts *verdicts, struct buf *out)
{
    enum err err = ERR_OK;
    for (size_t i = 0; i < verdicts->count && err == ERR_OK; i++) {
        const struct verdict *each = &verdicts->list[i];
        json_t *line = json_pack("{s:i, s:s?, s:i, s:s?}", "line", (int)each->line, "id", each->id, "status",
                                 (int)each->status, "error", each->error);
        need(line != NULL);
        char *text = json_dumps(line, JSON_COMPACT);
        need(text != NULL);
        err = buf_addf(out, "%s\n", text);
        mem_free(text);
        json_decref(line);
    }
    return err;
}

void verdicts_free(struct verdicts *verdicts)
{
    for (size_t i = 0; i < verdicts->count; i++) {
        mem_free(verdicts->list[i].id);
        mem_free(verdicts->list[i].error);
    }
    mem_free(verdicts->list);
    *verdicts = (struct verdicts){0};
}
