/* idmap.h -- from a random id of 16 bytes to a number, for what is kept in a list by number. Ids are random, so their
 * first bytes are the hash. Nothing is ever taken out. */
#ifndef TRIAGE_VAULT_IDMAP_H
#define TRIAGE_VAULT_IDMAP_H

#include <stddef.h>
#include <stdint.h>

struct idmap_slot {
    uint8_t id[16];
    uint32_t number; /* + 1; 0: free */
};

/* All zeroes is an empty one. */
struct idmap {
    struct idmap_slot *slots;
    size_t room, count;
};

/* -1 when it is not there. */
int64_t idmap_find(const struct idmap *map, const uint8_t id[static 16]);
/* It must not be there yet. */
void idmap_add(struct idmap *map, const uint8_t id[static 16], uint32_t number);
void idmap_free(struct idmap *map);

#endif
