/* indexer.h -- filling the search index in the background after a start, case by case from the rows, and emptying it of
 * what was erased. */
#ifndef TRIAGE_VAULT_INDEXER_H
#define TRIAGE_VAULT_INDEXER_H

#include <jansson.h>

#include "triage/vault/vault.h"

struct case_file;
struct indexer;

struct indexer *indexer_new(struct vault *vault);
void indexer_free(struct indexer *indexer);
/* The meaning was made anew: index every case of the book that is not indexed. Goes on by itself. */
void indexer_begin(struct indexer *indexer);
/* One message of a case, by its inside (docs/envelope.md). */
void indexer_add(struct vault *vault, const struct case_file *file, const json_t *inside);
/* All messages of the case are in the index. */
void indexer_has(struct indexer *indexer, struct case_file *file);
/* Cases have been added that are not in the index yet. */
void indexer_again(struct indexer *indexer);
/* The case is this desk's no longer. */
void indexer_lost(struct indexer *indexer, struct case_file *file);
/* How many cases of the book are in the index; all of them, when it is done. */
size_t indexer_count(const struct indexer *indexer);
/* Nothing is being filled in or taken out. */
int indexer_is_idle(const struct indexer *indexer);
/* With every tick while the vault is open. */
void indexer_tick(struct indexer *indexer, int64_t now_ms);

#endif
