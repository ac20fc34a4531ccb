/* search.h -- finding cases by their words: SQLite FTS5, in memory only, with our tokenizer (words.h).
 *
 * The index keeps words and their places, not texts, in blocks (search_block.h). It is filled as messages arrive, and
 * after a start in the background from the rows (indexer.h). A search is a run of short steps, so that nobody else who
 * asks something meanwhile is held up. What was forgotten is in no result from that moment on; its words leave memory
 * when search_purge() has written its blocks anew. */
#ifndef TRIAGE_VAULT_SEARCH_H
#define TRIAGE_VAULT_SEARCH_H

#include "triage/vault/book.h"

struct search;

enum { SEARCH_SCORED_MAX = 5000 };

/* Stops the process when SQLite lacks FTS5. */
struct search *search_new(void);
void search_free(struct search *search);

/* One message of a case; of a case that was forgotten nothing is taken. */
void search_add(struct search *search, const struct case_file *file, const char *text, size_t len);
/* The case is erased: not findable from now on, whatever still arrives of it. */
void search_forget(struct search *search, uint32_t number);
/* Take the words of what was forgotten out of memory: works for about `microseconds`. 1: there is more to do. */
int search_purge(struct search *search, int64_t microseconds);
/* Words of forgotten cases are still in memory. */
int search_is_dirty(const struct search *search);

/* ---- for a snapshot: the index in blocks (search_block.h) ---- */

struct search_block;
/* NULL behind the last. Borrowed until search_writings() is another. */
struct search_block *search_block_at(const struct search *search, size_t index);
/* How often blocks were put in the place of others. */
uint64_t search_writings(const struct search *search);
/* Into an index that has nothing yet, in the order of before. Takes the block, whose cases have numbers of this book; a
 * message of no known case (UINT32_MAX) is one that was forgotten. */
void search_take_block(struct search *search, struct search_block *block);

/* ---- one search ---- */

struct search_score {
    uint32_t number;
    float rank; /* bm25: the less, the more alike */
};

struct search_run {
    uint64_t *cases; /* one bit for each case number below case_count: it has a message in which all stands */
    size_t case_count, found;
    struct search_score *scores; /* by number; only where found is at most SEARCH_SCORED_MAX */
    size_t score_count;
    size_t messages, messages_read; /* fewer were read when the effort was spent: the newest ones */
    int64_t effort;                 /* microseconds of processor time that are left */
    /* the search's own */
    struct search *search;
    struct buf query;
    size_t block_at, blocks; /* blocks[0 .. block_at) are still to be read */
    uint64_t writings;
    int is_ranking;
};

enum { SEARCH_EFFORT = 60 * 1000 };

/* `words` as search_query.h reads them. ERR_MALFORMED: there is no word in it. ERR_TOO_BIG. Borrows `search`, which
 * must live until search_run_end(). */
MUST_CHECK enum err search_run_begin(struct search *search, const char *words, size_t len, struct search_run *out);
/* Search for about `microseconds`. 1: there is more to do; 0: `out` is complete, and holds at this moment. */
int search_run_step(struct search_run *run, int64_t microseconds);
void search_run_end(struct search_run *run);
static inline int search_run_has(const struct search_run *run, uint32_t number)
{
    return number < run->case_count && (run->cases[number / 64] >> (number % 64) & 1);
}
/* 0 where there is none. */
float search_run_rank(const struct search_run *run, uint32_t number);

/* ---- for likeness.h ---- */

/* In how many of the newest messages a word (as words.h gives it) stands, and how many were looked at (4,096, or all
 * where there are fewer). Counted up to a fifth of them, when there are many. */
size_t search_frequency(struct search *search, const char *word, size_t *out_all);

/* Impacts: their own small index (search_impacts.c). */
void search_impact(struct search *search, uint32_t number, const char *text, size_t len);
size_t search_impact_frequency(struct search *search, const char *word);
/* Numbers of impacts that share any of `count` words, the most alike first (bm25), at most `most`. */
size_t search_impacts_like(struct search *search, const char (*words)[72], size_t count, uint32_t *out, size_t most);

#endif
