/* append_batch.h -- a batch as one statement: each column of the units becomes an array. */
#ifndef STORE_APPEND_BATCH_H
#define STORE_APPEND_BATCH_H

#include "store/door_append.h"

struct append_batch;

struct append_batch *append_batch_new(void);
void append_batch_free(struct append_batch *batch);
void append_batch_add(struct append_batch *batch, const struct append_unit *unit);
/* Put the arrays as the parameters of `statement` into `unit`; the batch is then empty. */
void append_batch_put(struct append_batch *batch, struct store_unit *unit, const struct store_statement *statement);

#endif
