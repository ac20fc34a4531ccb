/* order.c -- see order.h. Split and join keep the heap of random numbers; sizes are mended on the way up. */
#include "triage/vault/order.h"

#include "common/base/err.h"
#include "common/base/rng.h"

static int goes_before(const struct order_key *a, const struct order_key *b)
{
    if (a->first != b->first)
        return a->first < b->first;
    if (a->second != b->second)
        return a->second < b->second;
    return a->third < b->third;
}

static size_t size_of(const struct order_node *node)
{
    return node ? node->size : 0;
}

static void mend(struct order_node *node)
{
    node->size = 1 + size_of(node->left) + size_of(node->right);
}

/* NOLINTBEGIN(misc-no-recursion): `heap` is random, which nobody outside can choose, so a million nodes are some fifty
 * deep. */
/* Everything before `key` to *left, the rest to *right. */
static void split(struct order_node *node, const struct order_key *key, struct order_node **left,
                  struct order_node **right)
{
    if (!node) {
        *left = *right = NULL;
    } else if (goes_before(&node->key, key)) {
        split(node->right, key, &node->right, right);
        mend(node);
        *left = node;
    } else {
        split(node->left, key, left, &node->left);
        mend(node);
        *right = node;
    }
}

static struct order_node *join(struct order_node *left, struct order_node *right)
{
    if (!left || !right)
        return left ? left : right;
    if (left->heap > right->heap) {
        left->right = join(left->right, right);
        mend(left);
        return left;
    }
    right->left = join(left, right->left);
    mend(right);
    return right;
}

void order_add(struct order *order, struct order_node *node, struct order_key key)
{
    struct order_node *left, *right;
    need(node->size == 0);
    *node = (struct order_node){.key = key, .size = 1};
    rng_bytes(&node->heap, sizeof node->heap);
    split(order->root, &key, &left, &right);
    order->root = join(join(left, node), right);
}

static struct order_node *without(struct order_node *root, const struct order_node *node)
{
    need(root != NULL); /* it is in this order */
    if (root == node)
        return join(root->left, root->right);
    if (goes_before(&node->key, &root->key))
        root->left = without(root->left, node);
    else
        root->right = without(root->right, node);
    mend(root);
    return root;
}

/* NOLINTEND(misc-no-recursion) */

void order_remove(struct order *order, struct order_node *node)
{
    if (node->size == 0)
        return;
    order->root = without(order->root, node);
    *node = (struct order_node){0};
}

struct order_node *order_at(const struct order *order, size_t index)
{
    struct order_node *node = order->root;
    while (node && index != size_of(node->left)) {
        if (index < size_of(node->left)) {
            node = node->left;
        } else {
            index -= size_of(node->left) + 1;
            node = node->right;
        }
    }
    return node;
}

size_t order_count(const struct order *order)
{
    return size_of(order->root);
}

size_t order_index(const struct order *order, const struct order_node *node)
{
    size_t before = 0;
    const struct order_node *at = order->root;
    while (at && at != node) {
        if (goes_before(&node->key, &at->key)) {
            at = at->left;
        } else {
            before += size_of(at->left) + 1;
            at = at->right;
        }
    }
    return before + size_of(node->left);
}
