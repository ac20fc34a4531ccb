/* door_rows.h -- reading the rows that every door's functions return in the same columns (migrations 004 and 006). */
#ifndef STORE_DOOR_ROWS_H
#define STORE_DOOR_ROWS_H

#include "common/seal/envelope.h"
#include "store/store.h"

/* Columns of thread(), inbox() and case_rows(). */
enum door_rows_column {
    ROWS_KIND,
    ROWS_CASE,
    ROWS_OFFICE,
    ROWS_DESK,
    ROWS_ROW,
    ROWS_ROOT,
    ROWS_GENERATION,
    ROWS_PART,
    ROWS_AUTHOR,
    ROWS_DOOR,
    ROWS_INCARNATION,
    ROWS_N,
    ROWS_BODY,
    ROWS_SIGNATURE,
    ROWS_POS,
    ROWS_EPOCH,
    ROWS_RECIPIENT,
    ROWS_COMMITMENT,
    ROWS_INBOX
};
enum door_rows_kind { ROWS_IS_HEAD = 0, ROWS_IS_ROW = 1, ROWS_IS_WRAP = 2 };

void door_rows_place(const struct store_result *result, unsigned call, unsigned row, struct envelope_place *out);
void door_rows_wrap(const struct store_result *result, unsigned call, unsigned row, uint8_t recipient_kind,
                    struct envelope_wrap *out);
/* Copies at most size - 1 bytes. */
void door_rows_copy_text(const struct store_result *result, unsigned call, unsigned row, unsigned column, char *out,
                         size_t size);

#endif
