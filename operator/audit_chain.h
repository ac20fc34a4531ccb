/* audit_chain.h -- which signed items the audit log says there are. Pure.
 *
 * A leaf names the hash of the item that was written with it and of the version before. What was written and never
 * replaced is a head: it must stand in the database, once; and what stands there must be a head. */
#ifndef OPERATOR_AUDIT_CHAIN_H
#define OPERATOR_AUDIT_CHAIN_H

#include <stddef.h>
#include <stdint.h>

struct audit_chain;

/* Never NULL. */
struct audit_chain *audit_chain_new(void);
void audit_chain_free(struct audit_chain *chain); /* NULL is fine */
/* The two hashes of a leaf, zeroes for none; `where` is the leaf's place in the log, 0 while it has none. */
void audit_chain_leaf(struct audit_chain *chain, const uint8_t written[static 32], const uint8_t before[static 32],
                      int64_t where);

enum audit_chain_verdict {
    AUDIT_CHAIN_HEAD,    /* the newest the log knows */
    AUDIT_CHAIN_OLD,     /* the log knows a newer one */
    AUDIT_CHAIN_UNKNOWN, /* the log does not know it */
};
/* An item that stands in the database. After all leaves. */
enum audit_chain_verdict audit_chain_there(struct audit_chain *chain, const uint8_t hash[static 32]);
/* 1 if the log says that this was written, and ended: nothing took its place. After all leaves. */
int audit_chain_is_ended(const struct audit_chain *chain, const uint8_t hash[static 32]);

enum audit_chain_fault {
    AUDIT_CHAIN_MISSING, /* a head that audit_chain_there() was not told of */
    AUDIT_CHAIN_TWICE,   /* written more than once */
    AUDIT_CHAIN_FORK,    /* replaced more than once */
    AUDIT_CHAIN_ROOTLESS /* replaced and never written */
};
typedef void audit_chain_fault_fn(void *room, enum audit_chain_fault fault, int64_t where);
/* What is wrong, at the end. `where`: the leaf that wrote it, or for ROOTLESS the one that replaced it. */
void audit_chain_faults(const struct audit_chain *chain, audit_chain_fault_fn *each, void *room);

#endif
