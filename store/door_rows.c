/* door_rows.c -- see door_rows.h. */
#include "store/door_rows.h"

#include <stdio.h>
#include <string.h>

void door_rows_place(const struct store_result *result, unsigned call, unsigned row, struct envelope_place *out)
{
    *out = (struct envelope_place){
        .office = (uint32_t)store_i64(result, call, row, ROWS_OFFICE),
        .root = (uint8_t)store_i64(result, call, row, ROWS_ROOT),
        .part = (uint8_t)store_i64(result, call, row, ROWS_PART),
        .author = (uint8_t)store_i64(result, call, row, ROWS_AUTHOR),
        .door = (uint8_t)store_i64(result, call, row, ROWS_DOOR),
        .generation = (uint64_t)store_i64(result, call, row, ROWS_GENERATION),
        .incarnation = (uint64_t)store_i64(result, call, row, ROWS_INCARNATION),
        .n = (uint64_t)store_i64(result, call, row, ROWS_N),
    };
    store_id(result, call, row, ROWS_CASE, out->case_id);
    store_id(result, call, row, ROWS_ROW, out->row_id);
}

void door_rows_wrap(const struct store_result *result, unsigned call, unsigned row, uint8_t recipient_kind,
                    struct envelope_wrap *out)
{
    *out = (struct envelope_wrap){
        .root = (uint8_t)store_i64(result, call, row, ROWS_ROOT),
        .recipient_kind = recipient_kind,
        .generation = (uint64_t)store_i64(result, call, row, ROWS_GENERATION),
        .epoch = (uint32_t)store_i64(result, call, row, ROWS_EPOCH),
    };
    store_id(result, call, row, ROWS_CASE, out->case_id);
    store_fixed(result, call, row, ROWS_RECIPIENT, out->recipient_id, sizeof out->recipient_id);
    store_fixed(result, call, row, ROWS_COMMITMENT, out->commitment, sizeof out->commitment);
    size_t len;
    const uint8_t *wrap = store_bytes(result, call, row, ROWS_BODY, &len);
    if (wrap && len <= sizeof out->wrap) {
        memcpy(out->wrap, wrap, len);
        out->wrap_len = len;
    }
}

void door_rows_copy_text(const struct store_result *result, unsigned call, unsigned row, unsigned column, char *out,
                         size_t size)
{
    snprintf(out, size, "%s", store_text(result, call, row, column));
}
