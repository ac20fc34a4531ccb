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
    struct vault *vault;
    uint64_t rebuilds; /* of then */
    uint8_t case_id[16];
    erase_done_fn *done;
    void *room;
};

static void erased(void *room, enum err err)
{
    struct erasing *e = room;
    struct vault *vault = e->vault;
    struct case_file *file = e->rebuilds == vault->rebuilds ? book_find(vault->book, e->case_id) : NULL;
    if (file) {
        book_set_writing(vault->book, file, 0);
        if (err == ERR_OK)
            case_forget(vault, file);
    }
    e->done(e->room, err);
    mem_free(e);
}

static void copies_until(const struct vault *vault, char day[static 11])
{
    clock_day(clock_wall() + vault->settings.copies_days * DAY_S, day);
}

void erase_begin(struct vault *vault, struct case_file *file, const char *who, const char *what, erase_done_fn *done,
                 void *room)
{
    char day[11];
    struct erasing *e = mem_new(sizeof *e);
    *e = (struct erasing){.vault = vault, .rebuilds = vault->rebuilds, .done = done, .room = room};
    memcpy(e->case_id, file->id, sizeof e->case_id);
    copies_until(vault, day);
    book_set_writing(vault->book, file, 1);
    struct change *change = change_new(vault);
    change_erase(change, file->id, file->version, file->state_hash);
    audit_leaf(vault, change, who, what, file->id, json_pack("{s:s}", "copies_until", day));
    change_submit(change, erased, e);
}

static void answer(void *room, enum err err)
{
    struct request *request = room;
    char day[11];
    copies_until(request->vault, day);
    if (err == ERR_OK)
        request_ok(request, json_pack("{s:s,s:s}", "state", "erased", "copies_until", day));
    else if (err == ERR_DENIED)
        request_fail(request, "conflict", "A message of the person has just come in. Read it, and decide again.", NULL);
    else
        request_fail_with(request, err);
}

void erase_case(struct request *request, struct case_file *file)
{
    if (file->has_texts)
        request_fail(request, "conflict", "A text to the person is on its way. Try again in a minute.", NULL);
    else
        erase_begin(request->vault, file, request->who, "case.erased", answer, request);
}
