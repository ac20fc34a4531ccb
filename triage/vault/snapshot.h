/* snapshot.h -- a sealed picture of the vault's memory beside it on the disk, so that a start takes seconds where
 * opening every state and every message anew would take minutes (docs/snapshot.md).
 *
 * Only a copy: the database is what holds, and after a snapshot was read it is asked what changed since (catch_up.h).
 * Without a folder, with a full disk, with a file that was changed, the vault starts as if there were none. Written a
 * little at a time while the vault works; of two files the one that is whole and newer counts, the other is emptied, so
 * that what was erased leaves the disk's files with the next snapshot. */
#ifndef TRIAGE_VAULT_SNAPSHOT_H
#define TRIAGE_VAULT_SNAPSHOT_H

#include "triage/vault/vault.h"

struct snapshot;

/* Opens its files, which must be before the doors are shut. Never NULL. */
struct snapshot *snapshot_new(struct vault *vault);
void snapshot_free(struct snapshot *snapshot);

/* Fill a meaning in which records and impacts have been read, and nothing else. `cases`: how many are there now; 0: no
 * snapshot. Fires once, never before the call returned, unless the vault ends first. */
typedef void snapshot_loaded_fn(void *room, size_t cases);
void snapshot_load(struct snapshot *snapshot, snapshot_loaded_fn *done, void *room);

/* With every tick while the vault is open: writes one when it is time, and when words were taken out of the index. */
void snapshot_tick(struct snapshot *snapshot, int64_t now_ms);

#endif
