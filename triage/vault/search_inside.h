/* search_inside.h -- what search.c, search_purge.c and search_impacts.c share. */
#ifndef TRIAGE_VAULT_SEARCH_INSIDE_H
#define TRIAGE_VAULT_SEARCH_INSIDE_H

#include "triage/vault/search.h"
#include "triage/vault/search_block.h"

struct purge;

struct impact_word;

/* Impacts: titles change, so this one keeps its texts. Every word of every message that arrives is asked for, so the
 * words stand beside it in a table of ours. */
struct search_impacts {
    sqlite3 *db;
    sqlite3_stmt *add, *all, *like;
    struct impact_word *words; /* by hash; NULL: to be made, an impact was written */
    size_t slot_count;
    struct buf letters; /* of the words, each with a NUL behind it */
};

struct search {
    struct search_block **blocks; /* oldest first; only the last may be open */
    size_t block_count, block_room;
    size_t messages;
    uint64_t writings; /* how often blocks were put in the place of others */
    uint64_t *gone;    /* one bit for each case number */
    size_t gone_words;
    uint32_t case_end; /* the highest case number that was added, and one */
    struct purge *purge;
    struct search_impacts impacts;
};

/* A message whose case is not known any more: one that came while a snapshot was written. */
#define SEARCH_NO_CASE UINT32_MAX

static inline int search_is_gone(const struct search *search, uint32_t number)
{
    return number == SEARCH_NO_CASE ||
           (number / 64 < search->gone_words && (search->gone[number / 64] >> (number % 64) & 1));
}
/* Processor time of this thread, in microseconds. */
int64_t search_clock(void);
void search_blocks_add(struct search *search, struct search_block *block);
void search_purge_free(struct purge *purge);
void search_impacts_new(struct search_impacts *impacts);
void search_impacts_free(struct search_impacts *impacts);

#endif
