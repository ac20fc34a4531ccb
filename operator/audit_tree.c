/* audit_tree.c -- see audit_tree.h.
 *
 * Where a leaf is not what its place says, the tree goes on with the hash of the place, so that one changed leaf is one
 * finding; a changed hash of a place shows at the next checkpoint. */
#include "operator/audit_tree.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/code.h"
#include "common/base/mem.h"
#include "common/base/rw.h"
#include "common/seal/merkle.h"
#include "common/seal/sign.h"

static const char leaf_name[] = "recourse leaf";
enum { DESK = 16, LEAF_SIZE = sizeof leaf_name - 1 + 16 + DESK + 3 * 32 };

struct checkpoint {
    struct audit_note note;
    char whence[AUDIT_SENTENCE / 2];
};

struct audit_tree {
    struct audit_findings *found;
    uint8_t public_key[32];
    struct checkpoint *checkpoints;
    size_t count, room, at;   /* at: the next one that the growing tree will reach */
    int is_sorted, is_broken; /* broken: told once why no root can be right any more */
    struct merkle tree;
    uint64_t last; /* place of the last leaf */
    struct audit_tree_counts counts;
};

void audit_leaf_hash(const uint8_t leaf_id[static 16], const char *desk, const uint8_t state_hash[static 32],
                     const uint8_t before_hash[static 32], const uint8_t entry_sha256[static 32],
                     uint8_t out[static 32])
{
    uint8_t bytes[LEAF_SIZE], code[DESK] = {0}, *at = bytes;
    memcpy(code, desk, strnlen(desk, sizeof code));
    at = put_raw(at, leaf_name, sizeof leaf_name - 1);
    at = put_raw(put_raw(at, leaf_id, 16), code, sizeof code);
    at = put_raw(put_raw(put_raw(at, state_hash, 32), before_hash, 32), entry_sha256, 32);
    need(at == bytes + LEAF_SIZE);
    merkle_leaf(bytes, sizeof bytes, out);
}

struct audit_tree *audit_tree_new(struct audit_findings *found, const uint8_t public_key[static 32])
{
    struct audit_tree *tree = mem_new(sizeof *tree);
    tree->found = found;
    memcpy(tree->public_key, public_key, sizeof tree->public_key);
    merkle_init(&tree->tree);
    return tree;
}

void audit_tree_free(struct audit_tree *tree)
{
    if (!tree)
        return;
    mem_free(tree->checkpoints);
    mem_free(tree);
}

/* ---- checkpoints ---- */

static const char *why_not(enum err err)
{
    return err == ERR_CRYPTO      ? "its signature is wrong"
           : err == ERR_NOT_FOUND ? "it is not signed by this office's checkpoint key"
                                  : "it is not in the form of a checkpoint";
}

void audit_tree_checkpoint(struct audit_tree *tree, const char *note, size_t len, int64_t size, const char *whence)
{
    struct audit_note read;
    need(!tree->is_sorted);
    tree->counts.checkpoints++;
    enum err err = audit_note_read(note, len, tree->public_key, &read);
    if (err != ERR_OK) {
        audit_found(tree->found, "Checkpoint %" PRIu64 " in %s cannot be trusted: %s.", tree->counts.checkpoints,
                    whence, why_not(err));
        return;
    }
    if (size >= 0 && (uint64_t)size != read.size)
        audit_found(tree->found,
                    "The checkpoint that %s keeps under size %" PRId64 " is signed for size %" PRIu64 ": swapped.",
                    whence, size, read.size);
    if (tree->count == tree->room) {
        tree->room = tree->room ? tree->room * 2 : 64;
        tree->checkpoints = mem_grow(tree->checkpoints, tree->room * sizeof *tree->checkpoints);
    }
    struct checkpoint *one = &tree->checkpoints[tree->count++];
    memset(one, 0, sizeof *one);
    one->note = read;
    memcpy(one->whence, whence, strnlen(whence, sizeof one->whence - 1));
    if (read.size >= tree->counts.signed_size) {
        tree->counts.signed_size = read.size;
        memcpy(tree->counts.signed_day, read.day, sizeof read.day);
    }
}

static int by_size(const void *a, const void *b)
{
    const struct checkpoint *one = a, *two = b;
    return (one->note.size > two->note.size) - (one->note.size < two->note.size);
}

static void sort(struct audit_tree *tree)
{
    if (!tree->is_sorted && tree->count)
        qsort(tree->checkpoints, tree->count, sizeof *tree->checkpoints, by_size);
    tree->is_sorted = 1;
}

/* Those that were signed for what has been read so far. */
static void reach(struct audit_tree *tree)
{
    uint8_t root[32];
    sort(tree);
    for (; tree->at < tree->count && tree->checkpoints[tree->at].note.size <= tree->last; tree->at++) {
        const struct checkpoint *one = &tree->checkpoints[tree->at];
        tree->counts.newer = 0;
        if (tree->is_broken)
            continue;
        merkle_root(&tree->tree, root);
        if (memcmp(root, one->note.root, sizeof root) == 0)
            continue;
        audit_found(tree->found,
                    "The first %" PRIu64 " entries of the log are not those that the checkpoint in %s was signed for: "
                    "an entry was changed, added, taken away or moved.",
                    one->note.size, one->whence);
        /* Every later one would say the same. */
        tree->is_broken = 1;
    }
}

/* ---- leaves ---- */

static int check_content(struct audit_tree *tree, const struct operator_leaf *leaf, uint8_t hash[static 32])
{
    uint8_t entry[32];
    sign_sha256(leaf->entry, leaf->entry_len, entry);
    audit_leaf_hash(leaf->leaf_id, leaf->desk, leaf->state_hash, leaf->before_hash, entry, hash);
    if (memcmp(entry, leaf->entry_sha256, sizeof entry) == 0)
        return 1;
    char id[CODE_ID_SIZE];
    code_id(leaf->leaf_id, id);
    audit_found(tree->found, "Log entry %s of desk %s was changed: it is not what its own hash says.", id, leaf->desk);
    return 0;
}

static int check_placed(struct audit_tree *tree, const struct operator_leaf *leaf)
{
    uint8_t hash[32];
    if (!leaf->entry) {
        audit_found(tree->found, "Log entry %" PRId64 " is missing: its place in the order is there.", leaf->seq);
        return 0;
    }
    int good = check_content(tree, leaf, hash);
    if (good && memcmp(hash, leaf->leaf_hash, sizeof hash) != 0) {
        audit_found(tree->found,
                    "Log entry %" PRId64 " (desk %s) is not the one that was put there: changed or swapped.", leaf->seq,
                    leaf->desk);
        good = 0;
    }
    return good;
}

static void check_order(struct audit_tree *tree, uint64_t seq)
{
    uint64_t next = tree->last + 1;
    if (seq == next)
        return;
    if (seq > next)
        audit_found(tree->found, "The order of the log has a hole: places %" PRIu64 " to %" PRIu64 " are missing.",
                    next, seq - 1);
    else
        audit_found(tree->found, "The order of the log has place %" PRIu64 " behind place %" PRIu64 ".", seq,
                    tree->last);
    tree->is_broken = 1;
}

int audit_tree_leaf(struct audit_tree *tree, const struct operator_leaf *leaf)
{
    uint8_t hash[32];
    if (leaf->seq <= 0) {
        tree->counts.waiting++;
        return check_content(tree, leaf, hash);
    }
    reach(tree); /* a checkpoint of an empty log */
    check_order(tree, (uint64_t)leaf->seq);
    int good = check_placed(tree, leaf);
    if (!tree->is_broken)
        merkle_add(&tree->tree, leaf->leaf_hash);
    tree->last = (uint64_t)leaf->seq;
    tree->counts.leaves++;
    tree->counts.newer++;
    reach(tree);
    return good;
}

void audit_tree_end(struct audit_tree *tree)
{
    reach(tree);
    if (tree->at == tree->count)
        return;
    const struct checkpoint *last = &tree->checkpoints[tree->count - 1];
    audit_found(tree->found,
                "The log was rolled back: a checkpoint in %s was signed for %" PRIu64
                " entries, and the last one there "
                "is %" PRIu64 ".",
                last->whence, last->note.size, tree->last);
}

struct audit_tree_counts audit_tree_counts(const struct audit_tree *tree)
{
    return tree->counts;
}
