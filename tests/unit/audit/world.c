/* world.c -- see world.h. */
#include "world.h"

#include <stdio.h>
#include <string.h>

#include "common/base/code.h"
#include "common/base/rng.h"
#include "common/seal/merkle.h"
#include "common/seal/note.h"
#include "store/hashes.h"

static void add_key(struct manifest *manifest, const char *use, const char *name, struct sign_key **out)
{
    struct manifest_key *key = &manifest->keys[manifest->key_count++];
    uint8_t seed[32];
    snprintf(key->use, sizeof key->use, "%s", use);
    snprintf(key->name, sizeof key->name, "%s", name);
    sign_seed_new(seed, key->key);
    need(sign_key_new(seed, out) == ERR_OK);
}

static struct operator_leaf *add_leaf(struct world *w, const uint8_t *written, const uint8_t *before)
{
    struct operator_leaf *leaf = &w->leaves[w->leaf_count];
    rng_bytes(leaf->leaf_id, sizeof leaf->leaf_id);
    rng_bytes(w->entries[w->leaf_count], sizeof w->entries[0]);
    snprintf(leaf->desk, sizeof leaf->desk, "usual");
    leaf->entry = w->entries[w->leaf_count];
    leaf->entry_len = sizeof w->entries[0];
    sign_sha256(leaf->entry, leaf->entry_len, leaf->entry_sha256);
    if (written)
        memcpy(leaf->state_hash, written, 32);
    if (before)
        memcpy(leaf->before_hash, before, 32);
    leaf->seq = (int64_t)++w->leaf_count;
    audit_leaf_hash(leaf->leaf_id, leaf->desk, leaf->state_hash, leaf->before_hash, leaf->entry_sha256,
                    leaf->leaf_hash);
    return leaf;
}

static void sign_item(const struct world *w, const struct hashes_item *item, uint8_t signature[static 64],
                      uint8_t hash[static 32])
{
    uint8_t bytes[HASHES_SIGNED_SIZE];
    hashes_signed_bytes(item, bytes);
    need(sign_make(w->desk, bytes, sizeof bytes, signature) == ERR_OK);
    hashes_state(item, "usual", signature, hash);
}

/* What the store computes from what is there. */
static void count_rows(struct world_case *c)
{
    memset(c->one.found_rows_hash, 0, 32);
    c->one.found_messages = (int64_t)c->row_count;
    for (size_t i = 0; i < c->row_count; i++)
        hashes_add_row(c->one.found_rows_hash, &c->rows[i].place, c->rows[i].body, sizeof c->rows[i].body, NULL);
}

static void write_state(struct world *w, struct world_case *c)
{
    struct operator_case *one = &c->one;
    uint8_t before[32];
    memcpy(before, one->state_hash, 32);
    rng_bytes(c->body, sizeof c->body);
    count_rows(c);
    one->version++;
    one->messages = one->found_messages;
    memcpy(one->rows_hash, one->found_rows_hash, 32);
    const struct hashes_item item = {.shelf = AUDIT_SHELF_STATE,
                                     .id = one->case_id,
                                     .version = one->version,
                                     .messages = one->messages,
                                     .fence = one->fence,
                                     .rows_hash = one->rows_hash,
                                     .body = c->body,
                                     .body_len = sizeof c->body};
    sign_item(w, &item, c->signature, one->state_hash);
    add_leaf(w, one->state_hash, before);
}

static void add_case(struct world *w, size_t index)
{
    struct world_case *c = &w->cases[index];
    rng_bytes(c->one.case_id, sizeof c->one.case_id);
    snprintf(c->one.desk, sizeof c->one.desk, "usual");
    snprintf(c->one.state_desk, sizeof c->one.state_desk, "usual");
    c->one.fence = 3;
    c->one.has_head = 1;
    c->one.body = c->body;
    c->one.body_len = sizeof c->body;
    c->one.signature = c->signature;
    for (size_t i = 0; i < WORLD_ROWS + 1; i++) {
        struct envelope_place *place = &c->rows[i].place;
        *place = (struct envelope_place){.office = 1, .root = 1, .part = 1, .author = 1, .door = 1, .generation = 1};
        place->n = index * WORLD_ROWS + i + 1;
        memcpy(place->case_id, c->one.case_id, sizeof place->case_id);
        rng_bytes(place->row_id, sizeof place->row_id);
        rng_bytes(c->rows[i].body, sizeof c->rows[i].body);
    }
    c->row_count = 1;
    write_state(w, c);
    c->row_count = WORLD_ROWS;
    write_state(w, c);
}

static void add_item(struct world *w, struct world_item *to, enum audit_shelf shelf, const uint8_t *id, int64_t version,
                     uint8_t hash[static 32])
{
    static const uint8_t no_rows[32];
    uint8_t before[32];
    memcpy(before, hash, 32);
    rng_bytes(to->body, sizeof to->body);
    to->item = (struct operator_item){.version = version, .fence = 3, .body = to->body, .body_len = sizeof to->body};
    to->item.signature = to->signature;
    memcpy(to->item.id, id, 16);
    snprintf(to->item.desk, sizeof to->item.desk, "usual");
    const struct hashes_item item = {.shelf = (uint8_t)shelf,
                                     .id = to->item.id,
                                     .version = version,
                                     .fence = 3,
                                     .rows_hash = no_rows,
                                     .body = to->body,
                                     .body_len = sizeof to->body};
    sign_item(w, &item, to->signature, hash);
    add_leaf(w, hash, before);
}

static void add_note(struct world *w, size_t leaves)
{
    struct merkle tree;
    uint8_t root[32];
    char text[256], encoded[CODE_BASE64_SIZE(32)];
    struct buf note = BUF_INIT(WORLD_NOTE - 1);
    merkle_init(&tree);
    for (size_t i = 0; i < leaves; i++)
        merkle_add(&tree, w->leaves[i].leaf_hash);
    merkle_root(&tree, root);
    code_base64(root, 32, encoded);
    snprintf(text, sizeof text, "recourse/office-1\n%zu\n%s\n", leaves, encoded);
    need(note_sign("recourse/office-1", w->checkpoint, text, &note) == ERR_OK);
    memcpy(w->kept, buf_text(&note), note.len + 1);
    memcpy(w->notes[w->note_count], w->kept, note.len + 1);
    w->note_sizes[w->note_count++] = (int64_t)leaves;
    buf_free(&note);
}

static void sign_count(struct world *w)
{
    uint8_t said[AUDIT_COUNT_SIZE];
    w->count = (struct operator_count){
        .door = DOOR_INTAKE, .incarnation = 5, .n = 4, .highest = 6, .rows = 6, .manifest_version = 1};
    audit_count_bytes(&w->count, said);
    need(sign_make(w->intake, said, sizeof said, w->count_signature) == ERR_OK);
    w->count.signature = w->count_signature;
}

void world_new(struct world *w)
{
    uint8_t id[16], record[32] = {0}, impact[32] = {0};
    memset(w, 0, sizeof *w);
    w->manifest.office = w->manifest.version = 1;
    add_key(&w->manifest, "state", "usual", &w->desk);
    add_key(&w->manifest, "checkpoint", "office", &w->checkpoint);
    add_key(&w->manifest, "door", "intake", &w->intake);
    rng_bytes(id, sizeof id);
    add_item(w, &w->record, AUDIT_SHELF_RECORD, id, 1, record);
    for (size_t i = 0; i < WORLD_CASES; i++)
        add_case(w, w->case_count++);
    add_leaf(w, NULL, NULL);
    add_note(w, w->leaf_count);
    for (size_t i = 0; i < WORLD_VERSIONS; i++)
        add_item(w, &w->impacts[i], AUDIT_SHELF_IMPACT, id, (int64_t)i + 1, impact);
    add_note(w, w->leaf_count);
    add_leaf(w, NULL, NULL);
    w->record_count = 1;
    w->impact_count = WORLD_VERSIONS;
    sign_count(w);
}

void world_erase(struct world *w)
{
    w->gone = w->cases[--w->case_count];
    w->gone_count = 1;
    w->gone.one.has_head = 0;
    add_leaf(w, NULL, w->gone.one.state_hash);
}

void world_free(struct world *w)
{
    sign_key_free(w->desk);
    sign_key_free(w->checkpoint);
    sign_key_free(w->intake);
}

/* ---- reading ---- */

static void read_checkpoints(void *room, struct audit_tree *tree)
{
    struct world *w = room;
    if (w->kept[0])
        audit_tree_checkpoint(tree, w->kept, strlen(w->kept), -1, "the file outside");
    for (size_t i = 0; i < w->note_count; i++)
        audit_tree_checkpoint(tree, w->notes[i], strlen(w->notes[i]), w->note_sizes[i], "the database");
}

static void read_leaves(void *room, operator_leaf_fn *each, void *each_room)
{
    struct world *w = room;
    for (size_t i = 0; i < w->leaf_count; i++)
        need(each(each_room, &w->leaves[i]) == ERR_OK);
}

static void read_cases(void *room, operator_case_fn *each, void *each_room)
{
    struct world *w = room;
    for (size_t i = 0; i < w->case_count; i++) {
        count_rows(&w->cases[i]);
        struct operator_case *one = &w->cases[i].one;
        const struct hashes_item item = {.shelf = AUDIT_SHELF_STATE,
                                         .id = one->case_id,
                                         .version = one->version,
                                         .messages = one->messages,
                                         .fence = one->fence,
                                         .rows_hash = one->rows_hash,
                                         .body = w->cases[i].body,
                                         .body_len = one->body_len};
        hashes_state(&item, one->state_desk, w->cases[i].signature, one->found_state_hash);
        need(each(each_room, one) == ERR_OK);
    }
}

/* As the store does, from the hashes that stay in the place of bodies. */
static void read_erased(void *room, operator_case_fn *each, void *each_room)
{
    struct world *w = room;
    struct operator_case *one = &w->gone.one;
    uint8_t body_hash[32], row_hash[32];
    if (!w->gone_count)
        return;
    memset(one->found_rows_hash, 0, 32);
    one->found_messages = (int64_t)w->gone.row_count;
    for (size_t i = 0; i < w->gone.row_count; i++) {
        sign_sha256(w->gone.rows[i].body, sizeof w->gone.rows[i].body, row_hash);
        hashes_add_row_hash(one->found_rows_hash, &w->gone.rows[i].place, row_hash, NULL);
    }
    sign_sha256(w->gone.body, sizeof w->gone.body, body_hash);
    const struct hashes_item item = {.shelf = AUDIT_SHELF_STATE,
                                     .id = one->case_id,
                                     .version = one->version,
                                     .messages = one->messages,
                                     .fence = one->fence,
                                     .rows_hash = one->rows_hash,
                                     .body_hash = body_hash};
    one->body = one->body_hash = body_hash;
    one->body_len = sizeof body_hash;
    one->signature = w->gone.signature;
    hashes_state(&item, one->state_desk, one->signature, one->found_state_hash);
    need(each(each_room, one) == ERR_OK);
}

static void read_items(void *room, enum audit_shelf shelf, operator_item_fn *each, void *each_room)
{
    struct world *w = room;
    for (size_t i = 0; shelf == AUDIT_SHELF_RECORD && i < w->record_count; i++)
        need(each(each_room, &w->record.item) == ERR_OK);
    for (size_t i = 0; shelf == AUDIT_SHELF_IMPACT && i < w->impact_count; i++)
        need(each(each_room, &w->impacts[i].item) == ERR_OK);
}

static void read_counts(void *room, operator_count_fn *each, void *each_room)
{
    struct world *w = room;
    need(each(each_room, &w->count) == ERR_OK);
}

static void no_progress(void *room, const char *what, uint64_t count)
{
    (void)room;
    (void)what;
    (void)count;
}

void world_verify(struct world *w, struct audit_report *out)
{
    const struct audit_source source = {.checkpoints = read_checkpoints,
                                        .leaves = read_leaves,
                                        .cases = read_cases,
                                        .erased = read_erased,
                                        .items = read_items,
                                        .counts = read_counts,
                                        .progress = no_progress,
                                        .room = w};
    need(audit_verify(&w->manifest, &source, out) == ERR_OK);
}
