/* world.h -- a small installation in memory, signed as a real one is, for tests that then tamper with it. */
#ifndef TESTS_UNIT_AUDIT_WORLD_H
#define TESTS_UNIT_AUDIT_WORLD_H

#include "operator/audit_verify.h"

enum { WORLD_LEAVES = 12, WORLD_CASES = 3, WORLD_ROWS = 2, WORLD_NOTE = 512, WORLD_VERSIONS = 2 };

struct world_row {
    struct envelope_place place;
    uint8_t body[40];
};

struct world_case {
    struct operator_case one;
    uint8_t body[48], signature[64];
    struct world_row rows[WORLD_ROWS + 1];
    size_t row_count;
};

struct world_item {
    struct operator_item item;
    uint8_t body[48], signature[64];
};

struct world {
    struct manifest manifest;
    struct sign_key *desk, *checkpoint, *intake;
    struct operator_leaf leaves[WORLD_LEAVES];
    uint8_t entries[WORLD_LEAVES][32];
    size_t leaf_count;
    struct world_case cases[WORLD_CASES];
    size_t case_count;
    struct world_case gone; /* an erased one: its bodies are not read any more */
    size_t gone_count;
    struct world_item record, impacts[WORLD_VERSIONS];
    size_t record_count, impact_count;
    struct operator_count count;
    uint8_t count_signature[64];
    char notes[2][WORLD_NOTE], kept[WORLD_NOTE]; /* in the database; outside */
    int64_t note_sizes[2];
    size_t note_count;
};

/* Two checkpoints in the database, the newer one outside too. */
void world_new(struct world *world);
void world_free(struct world *world);
/* The last case is erased: what is left of it is hashes, and the log says so. */
void world_erase(struct world *world);
/* Verify it. The caller frees `out->found`. */
void world_verify(struct world *world, struct audit_report *out);

#endif
