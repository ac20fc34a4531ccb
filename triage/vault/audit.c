/* audit.c -- see audit.h. */
#include "triage/vault/audit.h"

#include <string.h>

#include "common/base/clock.h"
#include "common/base/code.h"
#include "common/base/mem.h"
#include "common/base/rng.h"
#include "triage/vault/trail.h"

enum { ENTRY_MAX = 256 * 1024 };

static json_t *entry_json(const char *who, const char *what, const uint8_t *case_id, json_t *detail)
{
    char at[CLOCK_TEXT_SIZE], id[CODE_ID_SIZE];
    clock_text(clock_wall(), at);
    json_t *entry = json_pack("{s:s,s:s,s:s}", "at", at, "who", who, "what", what);
    need(entry != NULL);
    if (case_id) {
        code_id(case_id, id);
        need(json_object_set_new(entry, "case", json_string(id)) == 0);
    }
    if (detail)
        need(json_object_set_new(entry, "detail", detail) == 0);
    return entry;
}

void audit_leaf(struct vault *vault, struct change *change, const char *who, const char *what, const uint8_t *case_id,
                json_t *detail)
{
    uint8_t leaf_id[16];
    const uint8_t *auditors;
    struct buf sealed = BUF_INIT(2 * ENTRY_MAX);
    trail_add(vault->trail, who, what, case_id, detail);
    json_t *entry = entry_json(who, what, case_id, detail);
    char *text = json_dumps(entry, JSON_COMPACT);
    rng_bytes(leaf_id, sizeof leaf_id);
    /* main.c refuses a manifest without the auditors' key; what we write of ourselves is small. */
    need(text != NULL && strlen(text) <= ENTRY_MAX);
    need(manifest_key(&vault->manifest, "audit", "office", &auditors) == ERR_OK);
    need(envelope_box(auditors, "audit", leaf_id, sizeof leaf_id, text, strlen(text), &sealed) == ERR_OK);
    mem_free(text);
    json_decref(entry);
    change_leaf(change, leaf_id, &sealed);
}

static void nobody_waits(void *room, enum err err)
{
    (void)room;
    (void)err;
}

void audit_alone(struct vault *vault, const char *who, const char *what, const uint8_t *case_id, json_t *detail,
                 change_done_fn *done, void *room)
{
    struct change *change = change_new(vault);
    audit_leaf(vault, change, who, what, case_id, detail);
    change_submit(change, done ? done : nobody_waits, room);
}
