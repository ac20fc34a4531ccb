/* evidence_heads.c -- see evidence_heads.h: one after the other, so that a case with many files takes no more than its
 * turn. */
#include "triage/vault/evidence_heads.h"

#include <string.h>

#include "common/base/clock.h"
#include "common/base/mem.h"

struct reading {
    struct vault *vault;
    uint64_t fence;
    uint8_t case_id[16];
    const struct evidence_heads *heads;
    size_t left; /* those before it are still to be read: the newest first */
    size_t least;
    int64_t until;
    evidence_heads_fn *done;
    void *room;
};

static void reading_end(struct reading *r, enum err err)
{
    evidence_heads_fn *done = r->done;
    void *room = r->room;
    mem_free(r);
    done(room, err);
}

static void tell(const struct reading *r, const struct evidence_shown *shown, const struct vault_upload *upload)
{
    struct evidence_head head;
    enum err err = evidence_head_open(&shown->file, vault_office(r->vault), upload->head, upload->head_len, &head);
    if (err != ERR_OK)
        head = (struct evidence_head){.size = -1};
    json_t *said =
        json_pack("{s:s,s:s,s:o,s:b}", "name", head.name, "type", head.type, "size",
                  head.size < 0 ? json_null() : json_integer(head.size), "whole", err == ERR_OK && upload->is_whole);
    need(said && json_object_update(shown->entry, said) == 0);
    json_decref(said);
    mem_wipe(&head, sizeof head);
}

static void read_next(struct reading *r);

static void head_read(void *room, uint64_t tag, enum err err, const struct vault_upload *upload)
{
    (void)tag;
    struct reading *r = room;
    const struct evidence_shown *shown = &r->heads->list[--r->left];
    if (r->fence != r->vault->fence || err == ERR_CANCELLED) {
        reading_end(r, ERR_CANCELLED);
        return;
    }
    if (err == ERR_OK)
        tell(r, shown, upload);
    else if (err == ERR_NOT_FOUND)
        json_object_set_new(shown->entry, "missing", json_true());
    read_next(r);
}

static void read_next(struct reading *r)
{
    int64_t left_ms = r->until - clock_ms();
    if (r->left <= r->least || left_ms <= 0)
        reading_end(r, ERR_OK);
    else
        door_vault_upload(r->vault->door, r->case_id, r->heads->list[r->left - 1].file.id, 0, 0, left_ms, head_read, r,
                          0);
}

void evidence_heads_read(struct vault *vault, const uint8_t case_id[static 16], const struct evidence_heads *heads,
                         evidence_heads_fn *done, void *room)
{
    struct reading *r = mem_new(sizeof *r);
    *r = (struct reading){.vault = vault,
                          .fence = vault->fence,
                          .heads = heads,
                          .left = heads->count,
                          .least = heads->count > EVIDENCE_HEADS_MAX ? heads->count - EVIDENCE_HEADS_MAX : 0,
                          .until = clock_ms() + VAULT_DEADLINE_MS / 2,
                          .done = done,
                          .room = room};
    memcpy(r->case_id, case_id, sizeof r->case_id);
    need(heads->count > 0); /* else it would be done before the call returned */
    read_next(r);
}
