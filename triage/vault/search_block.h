/* search_block.h -- a part of the index: some thousand messages in an SQLite database of their own, in memory only.
 *
 * Small, so that a search can pause between two of them and a purge (search_purge.c) can write one anew in a moment.
 * Contentless: words and places, no texts. A full block is sealed and only read from then on. */
#ifndef TRIAGE_VAULT_SEARCH_BLOCK_H
#define TRIAGE_VAULT_SEARCH_BLOCK_H

#include <sqlite3.h>
#include <stddef.h>
#include <stdint.h>

enum { SEARCH_BLOCK_MESSAGES = 8192 };

struct search_block {
    sqlite3 *db;
    sqlite3_stmt *add, *find, *rank;
    uint32_t *case_of; /* by message - 1 */
    size_t messages, room;
    int is_open;  /* takes more; its last words are not merged yet */
    int is_dirty; /* has words of cases that are forgotten */
};

/* Stops the process when SQLite lacks FTS5. */
struct search_block *search_block_new(void);
void search_block_free(struct search_block *block);
/* One message of the case. The block is open. `text` may be a list of words (search_words.h). */
void search_block_add(struct search_block *block, uint32_t number, const char *text, size_t len);
/* All of it as bytes, for a snapshot; NULL when there is no memory. The caller gives them to sqlite3_free(), which wipes
 * them, or back to search_block_of(). */
void *search_block_image(struct search_block *block, size_t *out_len);
/* A block again. Takes `image`, whatever comes of it; `case_of` is copied. NULL: it is no such image. */
struct search_block *search_block_of(void *image, size_t len, const uint32_t *case_of, size_t messages, int is_open);
/* Full or not: merge its words into one run, and add nothing more. */
void search_block_seal(struct search_block *block);

#endif
