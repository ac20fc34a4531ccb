/* vault_unit.c -- gathers what one decision changes; see door_vault.h. Calls are kept by step, because the database
 * asks for an order (a case before its rows, what was taken before a dissolving) that the vault need not know. */
#include "store/vault_unit.h"

#include <string.h>

#include "common/base/mem.h"
#include "common/seal/sign.h"
#include "store/hashes.h"
#include "store/pg_array.h"

enum step {
    STEP_LEAF,
    STEP_CASE,
    STEP_ROW,
    STEP_WRAP,
    STEP_PUT,
    STEP_CLAIM,
    STEP_INBOX,
    STEP_TAKEN,
    STEP_DISSOLVE,
    STEP_ERASE,
    STEP_MOVE,
    STEP_REST,
    STEPS
};

struct vault_unit {
    uint64_t fence;
    struct store_unit *steps[STEPS];
    struct pg_array leaves;
};

static const struct store_statement unit_begin = {"vault_begin", "SELECT door_vault.begin($1, $2)", 2};
static const struct store_statement unit_leaf = {"vault_leaf", "SELECT door_vault.leaf($1, $2, $3, $4, $5)", 5};
static const struct store_statement unit_put_state = {"vault_put_state",
                                                      "SELECT door_vault.put_state($1, $2, $3, $4, $5, $6, $7, $8)", 8};
static const struct store_statement unit_put_record = {"vault_put_record",
                                                       "SELECT door_vault.put_record($1, $2, $3, $4, $5)", 5};
static const struct store_statement unit_put_impact = {"vault_put_impact",
                                                       "SELECT door_vault.put_impact($1, $2, $3, $4, $5)", 5};
static const struct store_statement unit_add_case = {"vault_add_case", "SELECT door_vault.add_case($1, $2, $3, $4)", 4};
static const struct store_statement unit_add_row = {
    "vault_add_row", "SELECT door_vault.add_row($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)", 11};
static const struct store_statement unit_add_wrap = {"vault_add_wrap",
                                                     "SELECT door_vault.add_wrap($1, $2, $3, $4, $5, $6, $7, $8)", 8};
static const struct store_statement unit_add_inbox = {"vault_add_inbox", "SELECT door_vault.add_inbox($1, $2)", 2};
static const struct store_statement unit_claim = {"vault_claim", "SELECT door_vault.uploads_claim($1, $2)", 2};
static const struct store_statement unit_taken = {"vault_taken", "SELECT door_vault.taken($1)", 1};
static const struct store_statement unit_dissolve = {"vault_dissolve", "SELECT door_vault.dissolve($1)", 1};
static const struct store_statement unit_erase = {"vault_erase", "SELECT door_vault.erase($1, $2)", 2};
static const struct store_statement unit_move = {"vault_move", "SELECT door_vault.move_case($1, $2, $3)", 3};
static const struct store_statement unit_outbox = {"vault_outbox", "SELECT door_vault.outbox($1, $2, $3, $4)", 4};
static const struct store_statement unit_ended = {"vault_ended", "SELECT door_vault.outbox_end_known($1)", 1};
static const struct store_statement unit_offered = {"vault_offered", "SELECT door_vault.offered($1)", 1};

static const struct store_statement *const put_on_shelf[] = {
    [SHELF_STATE] = &unit_put_state, [SHELF_RECORD] = &unit_put_record, [SHELF_IMPACT] = &unit_put_impact};

struct vault_unit *vault_unit_new(uint64_t fence)
{
    struct vault_unit *unit = mem_new(sizeof *unit);
    unit->fence = fence;
    pg_array_init(&unit->leaves, STORE_UUID_A);
    return unit;
}

void vault_unit_free(struct vault_unit *unit)
{
    if (!unit)
        return;
    for (unsigned i = 0; i < STEPS; i++)
        store_unit_free(unit->steps[i]);
    pg_array_free(&unit->leaves);
    mem_free(unit);
}

static struct store_unit *step_begin(struct vault_unit *unit, enum step step, const struct store_statement *statement)
{
    if (!unit->steps[step])
        unit->steps[step] = store_unit_new(0);
    store_begin(unit->steps[step], statement);
    return unit->steps[step];
}

static void put_state_tail(struct store_unit *to, const struct vault_item *item)
{
    uint8_t hash[32];
    const struct hashes_item hashed = {.shelf = SHELF_STATE,
                                       .id = item->id,
                                       .version = item->version,
                                       .messages = item->messages,
                                       .fence = item->fence,
                                       .rows_hash = item->rows_hash,
                                       .body = item->body,
                                       .body_len = item->body_len};
    hashes_state(&hashed, item->desk, item->signature, hash);
    store_put_i64(to, item->messages);
    store_put_bytes(to, item->rows_hash, sizeof item->rows_hash);
    store_put_bytes(to, hash, sizeof hash);
}

void vault_unit_put(struct vault_unit *unit, enum vault_shelf shelf, const struct vault_item *item)
{
    struct store_unit *to = step_begin(unit, STEP_PUT, put_on_shelf[shelf]);
    store_put_id(to, item->id);
    store_put_i64(to, item->version);
    store_put_i64(to, (int64_t)item->fence);
    store_put_bytes(to, item->body, item->body_len);
    store_put_bytes(to, item->signature, 64);
    if (shelf == SHELF_STATE)
        put_state_tail(to, item);
    store_end(to);
}

void vault_unit_row(struct vault_unit *unit, const struct envelope_place *place, const struct buf *body,
                    const uint8_t *signature)
{
    need(place->door == DOOR_VAULT);
    struct store_unit *to = step_begin(unit, STEP_ROW, &unit_add_row);
    store_put_id(to, place->row_id);
    store_put_id(to, place->case_id);
    store_put_i32(to, (int32_t)place->office);
    store_put_i64(to, (int64_t)place->incarnation);
    store_put_i64(to, (int64_t)place->n);
    store_put_i16(to, place->root);
    store_put_i64(to, (int64_t)place->generation);
    store_put_i16(to, place->part);
    store_put_i16(to, place->author);
    store_put_bytes(to, body->bytes, body->len);
    store_put_bytes(to, signature, 64);
    store_end(to);
}

void vault_unit_wrap(struct vault_unit *unit, const struct envelope_wrap *wrap)
{
    struct store_unit *to = step_begin(unit, STEP_WRAP, &unit_add_wrap);
    store_put_id(to, wrap->case_id);
    store_put_i16(to, wrap->root);
    store_put_i64(to, (int64_t)wrap->generation);
    store_put_i16(to, wrap->recipient_kind);
    store_put_bytes(to, wrap->recipient_id, sizeof wrap->recipient_id);
    store_put_i32(to, (int32_t)wrap->epoch);
    store_put_bytes(to, wrap->wrap, wrap->wrap_len);
    store_put_bytes(to, wrap->commitment, sizeof wrap->commitment);
    store_end(to);
}

void vault_unit_case(struct vault_unit *unit, const uint8_t case_id[static 16], uint32_t office, const char *desk,
                     const char *month)
{
    struct store_unit *to = step_begin(unit, STEP_CASE, &unit_add_case);
    store_put_id(to, case_id);
    store_put_i32(to, (int32_t)office);
    store_put_text(to, desk);
    store_put_day(to, month);
    store_end(to);
}

void vault_unit_inbox(struct vault_unit *unit, const uint8_t row_id[static 16], const char *desk)
{
    struct store_unit *to = step_begin(unit, STEP_INBOX, &unit_add_inbox);
    store_put_id(to, row_id);
    store_put_text(to, desk);
    store_end(to);
}

void vault_unit_claim(struct vault_unit *unit, const uint8_t case_id[static 16], const uint8_t (*ids)[16], size_t count)
{
    struct store_unit *to = step_begin(unit, STEP_CLAIM, &unit_claim);
    struct pg_array array;
    pg_array_init(&array, STORE_UUID_A);
    for (size_t i = 0; i < count; i++)
        pg_array_bytes(&array, ids[i], 16);
    store_put_id(to, case_id);
    store_put_array(to, &array);
    store_end(to);
}

void vault_unit_taken(struct vault_unit *unit, int64_t inbox)
{
    struct store_unit *to = step_begin(unit, STEP_TAKEN, &unit_taken);
    store_put_i64(to, inbox);
    store_end(to);
}

void vault_unit_dissolve(struct vault_unit *unit, const uint8_t case_id[static 16])
{
    struct store_unit *to = step_begin(unit, STEP_DISSOLVE, &unit_dissolve);
    store_put_id(to, case_id);
    store_end(to);
}

void vault_unit_erase(struct vault_unit *unit, const uint8_t case_id[static 16], int64_t version)
{
    struct store_unit *to = step_begin(unit, STEP_ERASE, &unit_erase);
    store_put_id(to, case_id);
    store_put_i64(to, version);
    store_end(to);
}

void vault_unit_move(struct vault_unit *unit, const uint8_t case_id[static 16], int64_t version, const char *desk)
{
    struct store_unit *to = step_begin(unit, STEP_MOVE, &unit_move);
    store_put_id(to, case_id);
    store_put_i64(to, version);
    store_put_text(to, desk);
    store_end(to);
}

static void put_hash_or_null(struct store_unit *to, const uint8_t hash[static 32])
{
    static const uint8_t none[32];
    store_put_bytes(to, memcmp(hash, none, sizeof none) == 0 ? NULL : hash, 32);
}

void vault_unit_leaf(struct vault_unit *unit, const uint8_t leaf_id[static 16], const struct buf *entry,
                     const uint8_t state_hash[static 32], const uint8_t before_hash[static 32])
{
    uint8_t entry_hash[32];
    sign_sha256(entry->bytes, entry->len, entry_hash);
    struct store_unit *to = step_begin(unit, STEP_LEAF, &unit_leaf);
    store_put_id(to, leaf_id);
    store_put_bytes(to, entry->bytes, entry->len);
    store_put_bytes(to, entry_hash, sizeof entry_hash);
    put_hash_or_null(to, state_hash);
    put_hash_or_null(to, before_hash);
    store_end(to);
    pg_array_bytes(&unit->leaves, leaf_id, 16);
}

void vault_unit_outbox(struct vault_unit *unit, const uint8_t id[static 16], const char *channel,
                       const uint8_t key_id[static 8], const struct buf *body)
{
    struct store_unit *to = step_begin(unit, STEP_REST, &unit_outbox);
    store_put_id(to, id);
    store_put_text(to, channel);
    store_put_bytes(to, key_id, 8);
    store_put_bytes(to, body->bytes, body->len);
    store_end(to);
}

void vault_unit_ended(struct vault_unit *unit, const uint8_t id[static 16])
{
    struct store_unit *to = step_begin(unit, STEP_REST, &unit_ended);
    store_put_id(to, id);
    store_end(to);
}

void vault_unit_offered(struct vault_unit *unit, int offered)
{
    struct store_unit *to = step_begin(unit, STEP_REST, &unit_offered);
    store_put_bool(to, offered);
    store_end(to);
}

struct store_unit *vault_unit_end(struct vault_unit *unit)
{
    struct store_unit *whole = store_unit_new(unit->leaves.count > 0);
    store_begin(whole, &unit_begin);
    store_put_i64(whole, (int64_t)unit->fence);
    store_put_array(whole, &unit->leaves);
    store_end(whole);
    for (unsigned i = 0; i < STEPS; i++)
        if (unit->steps[i])
            store_unit_join(whole, unit->steps[i]);
    vault_unit_free(unit);
    return whole;
}
