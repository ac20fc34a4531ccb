/* search.h -- finding cases by their words: SQLite FTS5, in memory only, with our tokenizer (words.h).
 *
 * The index keeps words, not texts (contentless). It is filled as messages arrive, and after a start in the background
 * from the rows. Results come in the order of the queue's severity, never by likeness alone. */
#ifndef TRIAGE_VAULT_SEARCH_H
#define TRIAGE_VAULT_SEARCH_H

#include "triage/vault/book.h"

struct search;

enum { SEARCH_HITS_MAX = 5000, SEARCH_WORDS_MAX = 512 };

/* Stops the process when SQLite lacks FTS5. */
struct search *search_new(void);
void search_free(struct search *search);
/* One message of a case. */
void search_add(struct search *search, const struct case_file *file, const char *text, size_t len);
/* The case is not this desk's any more: not findable from now on. */
void search_forget(struct search *search, uint32_t number);
/* Numbers of the cases with a message in which all of `words` stand, at most SEARCH_HITS_MAX, each once. ERR_MALFORMED:
 * there is no word in `words`. The caller frees *out. */
MUST_CHECK enum err search_find(struct search *search, const char *words, size_t len, uint32_t **out, size_t *count);
/* In how many messages a word (as words.h gives it) stands, and how many messages there are. */
size_t search_frequency(struct search *search, const char *word, size_t *out_all);

/* Impacts: their own small index. */
void search_impact(struct search *search, uint32_t number, const char *text, size_t len);
size_t search_impact_frequency(struct search *search, const char *word);
/* Numbers of impacts that share any of `count` words, the most alike first (bm25), at most `most`. */
size_t search_impacts_like(struct search *search, const char (*words)[72], size_t count, uint32_t *out, size_t most);

#endif
