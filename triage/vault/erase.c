/* erase.c -- see erase.h. */
#include "triage/vault/erase.h"

#include <string.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "triage/vault/audit.h"
#include "triage/vault/case_place.h"
#include "triage/vault/change.h"

enum { DAY_S = 24 * 3600 };

struct erasing {
    struct request *request;
    uint64_t rebuilds; /* of then */
    uint8_t case_id[16];
    char copies_until[11];
};

static void erased(void *room, enum err err)
{
    struct erasing *e = room;
    struct request *request = e->request;
    struct vault *vault = request->vault;
    struct case_file *file = e->rebuilds == vault->rebuilds ? book_find(vault->book, e->case_id) : NULL;
    if (file) {
        book_set_writing(vault->book, file, 0);
        if (err == ERR_OK)
            case_forget(vault, file);
    }
    if (err == ERR_OK)
        request_ok(request, json_pack("{s:s,s:s}", "state", "erased", "copies_until", e->copies_until));
    else if (err == ERR_DENIED)
        request_fail(request, "conflict", "A message of the person has just come in. Read it, and decide again.", NULL);
    else
        request_fail_with(request, err);
    mem_free(e);
}

void erase_case(struct request *request, struct case_file *file)
{
    struct vault *vault = request->vault;
    if (file->has_texts) {
        request_fail(request, "conflict", "A text to the person is on its way. Try again in a minute.", NULL);
        return;
    }
    struct erasing *e = mem_new(sizeof *e);
    *e = (struct erasing){.request = request, .rebuilds = vault->rebuilds};
    memcpy(e->case_id, file->id, sizeof e->case_id);
    clock_day(clock_wall() + vault->settings.copies_days * DAY_S, e->copies_until);
    book_set_writing(vault->book, file, 1);
    struct change *change = change_new(vault);
    change_erase(change, file->id, file->version, file->state_hash);
    audit_leaf(vault, change, request->who, "case.erased", file->id,
               json_pack("{s:s}", "copies_until", e->copies_until));
    change_submit(change, erased, e);
}
