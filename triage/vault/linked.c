/* linked.c -- see linked.h. */
#include "triage/vault/linked.h"

#include <string.h>

#include "common/base/clock.h"
#include "common/base/code.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/base/rng.h"
#include "triage/vault/case_state.h"

static struct envelope_place place_of(struct vault *vault, const uint8_t case_id[static 16], uint8_t root,
                                      uint8_t author)
{
    struct envelope_place place = {.office = vault_office(vault),
                                   .root = root,
                                   .part = PART_MESSAGE,
                                   .author = author,
                                   .door = DOOR_VAULT,
                                   .generation = 1,
                                   .incarnation = vault->fence,
                                   .n = ++vault->row_n};
    memcpy(place.case_id, case_id, sizeof place.case_id);
    rng_bytes(place.row_id, sizeof place.row_id);
    return place;
}

enum err linked_case(struct vault *vault, struct change *change, const char *desk, uint8_t root, uint8_t author,
                     const json_t *json, uint8_t case_id[static 16], uint8_t thread_key[static 32])
{
    const struct envelope_desk *to;
    struct envelope_wrap wraps[2];
    uint8_t staff_key[32];
    char month[11];
    struct buf body = BUF_INIT(4 * ITEM_TEXT_MAX);
    enum err err = manifest_desk_today(&vault->manifest, desk, clock_wall(), &to);
    if (err != ERR_OK)
        return err;
    rng_bytes(case_id, 16);
    rng_bytes(thread_key, 32);
    rng_bytes(staff_key, sizeof staff_key);
    char *text = json_dumps(json, JSON_COMPACT);
    need(text != NULL);
    struct envelope_place place = place_of(vault, case_id, root, author);
    err = envelope_wrap_case(to, case_id, thread_key, staff_key, wraps);
    if (err == ERR_OK)
        err = envelope_seal(root == ROOT_THREAD ? thread_key : staff_key, &place, text, strlen(text), &body);
    mem_free(text);
    mem_wipe(staff_key, sizeof staff_key);
    if (err == ERR_OK) {
        clock_month(clock_wall(), (int)vault->settings.retention_months, month);
        change_case(change, case_id, desk, month);
        change_wrap(change, &wraps[0]);
        change_wrap(change, &wraps[1]);
        change_row(change, &place, &body, NULL);
        change_inbox(change, place.row_id, desk);
    }
    buf_free(&body);
    return err;
}

void linked_open(struct case_change *cc, const struct message *message, const char *desk)
{
    struct vault *vault = cc->vault;
    int is_here = strcmp(desk, vault_desk(vault)) == 0, may_be_here = rules_is_voice(message->kind);
    uint8_t case_id[16], thread_key[32];
    char id[CODE_ID_SIZE];
    code_id(cc->file->id, id);
    json_t *json = json_copy(message->json);
    json_object_set_new(json, "kind", json_string("flag"));
    json_object_set_new(json, "linked_from", json_string(id));
    json_object_del(json, "files"); /* a file is one case's */
    enum err err = linked_case(vault, cc->change, desk, ROOT_STAFF, AUTHOR_VAULT, json, case_id, thread_key);
    if (err != ERR_OK && !is_here && may_be_here)
        err = linked_case(vault, cc->change, vault_desk(vault), ROOT_STAFF, AUTHOR_VAULT, json, case_id, thread_key);
    mem_wipe(thread_key, sizeof thread_key);
    json_decref(json);
    if (err != ERR_OK) {
        /* Seen by staff all the same: the case itself says that danger words fired. */
        log_warn("linked_case_failed", LOG_ERR(err));
        return;
    }
    code_id(case_id, id);
    json_array_append_new(state_list(cc->state, "linked"), json_string(id));
    state_history(cc->state, "",
                  may_be_here ? "Words about danger opened a linked case" : "A linked case was opened at another desk");
}
