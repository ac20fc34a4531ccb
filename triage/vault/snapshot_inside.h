/* snapshot_inside.h -- what snapshot.c (files, time), snapshot_write.c and snapshot_load.c share. */
#ifndef TRIAGE_VAULT_SNAPSHOT_INSIDE_H
#define TRIAGE_VAULT_SNAPSHOT_INSIDE_H

#include "triage/vault/snapshot.h"
#include "triage/vault/snapshot_file.h"
#include "triage/vault/snapshot_record.h"

enum { SNAPSHOT_FILES = 2 };

/* One that is being written. */
struct snapshot_writing {
    struct snapshot *snapshot;
    struct snapshot_file file;
    int slot;
    uint64_t serial;
    uint64_t rebuilds, placed, writings; /* of when it began */
    size_t cases, next_case, next_block; /* cases: written */
    void *image;                         /* of the block before next_block; NULL: all of it is written */
    size_t image_len, image_at;
    struct buf record;
};

struct snapshot {
    struct vault *vault;
    int fds[SNAPSHOT_FILES];               /* -1: there are none */
    uint64_t serial;                       /* of the newest */
    int newest;                            /* which of the files; -1: none */
    uint64_t placed, writings, of_rebuild; /* what the newest has */
    int64_t at;                            /* when the next is due; 0: not known yet */
    struct snapshot_writing *writing;      /* NULL: none is */
};

struct snapshot_owner snapshot_owner_of(const struct vault *vault);
void snapshot_write(struct snapshot *snapshot, int slot, uint64_t serial);
/* The writer calls back, with `w` still whole: a new one is there, or none. */
void snapshot_written(struct snapshot *snapshot, const struct snapshot_writing *w, enum err err);
/* Stop, leaving an empty file. */
void snapshot_write_stop(struct snapshot *snapshot);

#endif
