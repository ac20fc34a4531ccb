/* audit_verify.c -- see audit_verify.h. */
#include "operator/audit_verify.h"

#include <inttypes.h>
#include <string.h>

#include "operator/say.h"

enum { PROGRESS_EVERY = 1000 };

struct verifying {
    const struct audit_source *source;
    struct audit_tree *tree;
    struct audit_chain *chain;
    struct audit_items items;
    enum audit_shelf shelf;
    uint64_t seen;
};

static void progress(struct verifying *v, const char *what)
{
    if (++v->seen % PROGRESS_EVERY == 0)
        v->source->progress(v->source->room, what, v->seen);
}

static enum err take_leaf(void *room, const struct operator_leaf *leaf)
{
    struct verifying *v = room;
    progress(v, "log entries");
    /* What a changed entry says would only lead astray. */
    if (audit_tree_leaf(v->tree, leaf))
        audit_chain_leaf(v->chain, leaf->state_hash, leaf->before_hash, leaf->seq);
    return ERR_OK;
}

static enum err take_case(void *room, const struct operator_case *one)
{
    struct verifying *v = room;
    progress(v, "cases");
    audit_items_case(&v->items, one);
    return ERR_OK;
}

static enum err take_erased(void *room, const struct operator_case *one)
{
    struct verifying *v = room;
    progress(v, "erased cases");
    audit_items_erased(&v->items, one);
    return ERR_OK;
}

static enum err take_item(void *room, const struct operator_item *item)
{
    struct verifying *v = room;
    progress(v, "records and impacts");
    audit_items_item(&v->items, v->shelf, item);
    return ERR_OK;
}

static enum err take_count(void *room, const struct operator_count *count)
{
    struct verifying *v = room;
    audit_items_count(&v->items, count);
    return ERR_OK;
}

static void read_all(struct verifying *v)
{
    const struct audit_source *from = v->source;
    from->checkpoints(from->room, v->tree);
    from->leaves(from->room, take_leaf, v);
    audit_tree_end(v->tree);
    v->seen = 0;
    from->cases(from->room, take_case, v);
    v->seen = 0;
    from->erased(from->room, take_erased, v);
    v->seen = 0;
    for (v->shelf = AUDIT_SHELF_RECORD; v->shelf <= AUDIT_SHELF_IMPACT; v->shelf++)
        from->items(from->room, v->shelf, take_item, v);
    from->counts(from->room, take_count, v);
    audit_items_end(&v->items);
}

enum err audit_verify(const struct manifest *manifest, const struct audit_source *source, struct audit_report *out)
{
    const uint8_t *key;
    *out = (struct audit_report){0};
    enum err err = manifest_key(manifest, "checkpoint", "office", &key);
    if (err != ERR_OK)
        return err;
    struct verifying v = {.source = source,
                          .tree = audit_tree_new(&out->found, key),
                          .chain = audit_chain_new(),
                          .items = {.found = &out->found, .manifest = manifest}};
    v.items.chain = v.chain;
    read_all(&v);
    out->log = audit_tree_counts(v.tree);
    out->states = v.items.states;
    out->unopened = v.items.unopened;
    out->erased = v.items.erased;
    out->messages = v.items.messages;
    out->records = v.items.records;
    out->impacts = v.items.impacts;
    out->counts = v.items.counts;
    audit_tree_free(v.tree);
    audit_chain_free(v.chain);
    return ERR_OK;
}

void audit_verify_say_cases(const struct audit_report *report)
{
    say("Cases: %" PRIu64 " with a signed state, %" PRIu64 " not opened yet, %" PRIu64 " erased; %" PRIu64
        " messages counted by states.",
        report->states, report->unopened, report->erased, report->messages);
}
