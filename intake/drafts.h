/* drafts.h -- answers that are not sent yet, sealed on this machine's disk, so that a page carries a random key and
 * nothing that was told (docs/form.md).
 *
 * The key stands in a hidden field of the person's page and nowhere here: a file is named by a handle that HKDF makes
 * of the key, and sealed under another that HKDF makes of the key and 32 fresh bytes. Whoever has the disk has neither.
 * Nothing here is durable or precious: a draft that cannot be kept is said so at once, and the page then carries the
 * answers itself. When a draft is ended a tombstone of no bytes stays, so that a step that is sent again shows nothing.
 *
 * All workers share one folder. File work is short and done at once, as the spool's is. Neighbours: page_steps.c. */
#ifndef INTAKE_DRAFTS_H
#define INTAKE_DRAFTS_H

#include "common/base/buf.h"

enum {
    DRAFT_MAX = 1024 * 1024,          /* bytes of one */
    DRAFTS_HOURS = 24,                /* a draft: no time-out eats a text in the middle of a day */
    DRAFTS_RECEIPT_MINUTES = 60,      /* a receipt that was shown and not yet written down */
    DRAFTS_TOMBSTONE_HOURS = 72,      /* longer than a browser's page is likely to stand open */
    DRAFTS_SCAN_MS = 60 * 1000,       /* how often the folder is counted and swept */
    DRAFTS_FULL_MS = 2000,            /* the same while it looks full: what others sent leaves room */
    DRAFTS_SMALLEST = 4096,           /* bytes of the smallest file: sizes tell little */
    DRAFTS_TOMBSTONES_MAX = 64 * 1024 /* of no bytes each */
};

struct drafts;

/* What lies under a key. */
enum draft_kind {
    DRAFT_ANSWERS = 1, /* the answers so far */
    DRAFT_RECEIPT = 2, /* sent: the receipt that is on the screen */
    DRAFT_WRITTEN = 3  /* the person has said that they wrote it down; it can be shown once more */
};

/* `folder` must exist, and be writable if anything is to be kept; borrowed until drafts_free(). `bytes_max`: of all
 * workers together, kept within a minute's growth. ERR_SYSTEM: it cannot be read. NULL is fine for drafts_free(). */
MUST_CHECK enum err drafts_new(const char *folder, uint64_t bytes_max, struct drafts **out);
void drafts_free(struct drafts *drafts);

/* Keep `text` under `key` (once_key_check) in place of what was there. ERR_CONFLICT: it was ended; nothing is kept.
 * ERR_BUSY: no room. ERR_SYSTEM, ERR_TOO_BIG. Nothing of the old is lost on an error but ERR_CONFLICT. */
MUST_CHECK enum err drafts_put(struct drafts *drafts, const char *key, enum draft_kind kind, const void *text,
                               size_t len);
/* How many bytes more answers of `len` would take under `key` than what is there. */
size_t drafts_adds(const struct drafts *drafts, const char *key, size_t len);
/* Append to `out` what lies under `key`. ERR_NOT_FOUND: nothing (any more). ERR_CONFLICT: it was ended. ERR_CRYPTO,
 * ERR_MALFORMED: damaged. */
MUST_CHECK enum err drafts_get(struct drafts *drafts, const char *key, enum draft_kind *kind, struct buf *out);
/* Destroy it; a tombstone stays. */
void drafts_end(struct drafts *drafts, const char *key);
/* Remove what is too old at `now` (wall seconds) and count the rest. Called by the others when it is time, and by the
 * tick. */
void drafts_sweep(struct drafts *drafts, int64_t now);

struct drafts_stats {
    uint64_t files, bytes, tombstones;
};
void drafts_stats(const struct drafts *drafts, struct drafts_stats *out);

#endif
