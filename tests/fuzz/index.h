/* index.h -- one search index that serves many inputs, for the harnesses that look for words in it: making one takes
 * ten times as long as using it. */
#ifndef TESTS_FUZZ_INDEX_H
#define TESTS_FUZZ_INDEX_H

#include "triage/vault/search.h"

enum { INDEX_FULL = 1000, INDEX_FOREVER = 1 << 30 };

/* The index, and a case's number that nothing is indexed under yet. */
static inline struct search *index_of_now(uint32_t *number)
{
    static struct search *search;
    static uint32_t used;
    if (used == INDEX_FULL) {
        search_free(search);
        search = NULL;
        used = 0;
    }
    if (!search)
        search = search_new();
    *number = used++;
    return search;
}

/* What search_run_begin() says; where that is ERR_OK, whether the case is among what was found. */
static inline enum err index_finds(struct search *search, const char *words, size_t len, uint32_t number, int *found)
{
    struct search_run run;
    enum err err = search_run_begin(search, words, len, &run);
    *found = 0;
    if (err != ERR_OK)
        return err;
    run.effort = INDEX_FOREVER;
    while (search_run_step(&run, INDEX_FOREVER))
        ;
    need(run.found <= INDEX_FULL);
    *found = run.found >= 1 && search_run_has(&run, number);
    search_run_end(&run);
    return ERR_OK;
}

#endif
