/* order.h -- an ordered set that can also count: who is first, who is the n-th, in a few steps of a million.
 *
 * A treap over nodes that live inside their owners; nothing is allocated. Keys are three numbers compared one after the
 * other; the third tells equals apart, so no two keys are the same. */
#ifndef TRIAGE_VAULT_ORDER_H
#define TRIAGE_VAULT_ORDER_H

#include <stddef.h>
#include <stdint.h>

struct order_key {
    uint64_t first, second, third; /* the smaller goes first */
};

struct order_node {
    struct order_node *left, *right;
    struct order_key key;
    uint32_t heap;
    size_t size; /* of its subtree; 0: not in any order */
};

struct order {
    struct order_node *root;
};

/* `node` is in no order yet. */
void order_add(struct order *order, struct order_node *node, struct order_key key);
/* Takes it out; one that is in no order is fine. */
void order_remove(struct order *order, struct order_node *node);
/* NULL when there are fewer. */
struct order_node *order_at(const struct order *order, size_t index);
size_t order_count(const struct order *order);
/* How many stand before `node`, which is in this order. */
size_t order_index(const struct order *order, const struct order_node *node);

#endif
