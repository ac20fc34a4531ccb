/* append_batch.c -- see append_batch.h. The columns stand in the order of recourse.append_units(). */
#include "store/append_batch.h"

#include "common/base/mem.h"
#include "store/appender.h"
#include "store/pg_array.h"

enum column {
    OFFICE,
    DESK,
    IS_NEW,
    MONTH,
    CASE_ID,
    ROW_ID,
    ROOT,
    GENERATION,
    PART,
    AUTHOR,
    INCARNATION,
    N,
    BODY,
    ONCE_HANDLE,
    ONCE_TAG,
    ONCE_SLOT,
    SEEN_TAG,
    SEEN_SLOT,
    WRAP_UNIT,
    WRAP_ROOT,
    WRAP_GENERATION,
    WRAP_KIND,
    WRAP_RECIPIENT,
    WRAP_EPOCH,
    WRAP,
    WRAP_COMMITMENT,
    COLUMNS
};

static const unsigned column_types[COLUMNS] = {
    [OFFICE] = STORE_INT4_A,
    [DESK] = STORE_TEXT_A,
    [IS_NEW] = STORE_BOOL_A,
    [MONTH] = STORE_DATE_A,
    [CASE_ID] = STORE_UUID_A,
    [ROW_ID] = STORE_UUID_A,
    [ROOT] = STORE_INT2_A,
    [GENERATION] = STORE_INT8_A,
    [PART] = STORE_INT2_A,
    [AUTHOR] = STORE_INT2_A,
    [INCARNATION] = STORE_INT8_A,
    [N] = STORE_INT8_A,
    [BODY] = STORE_BYTEA_A,
    [ONCE_HANDLE] = STORE_BYTEA_A,
    [ONCE_TAG] = STORE_BYTEA_A,
    [ONCE_SLOT] = STORE_INT2_A,
    [SEEN_TAG] = STORE_BYTEA_A,
    [SEEN_SLOT] = STORE_INT2_A,
    [WRAP_UNIT] = STORE_INT8_A,
    [WRAP_ROOT] = STORE_INT2_A,
    [WRAP_GENERATION] = STORE_INT8_A,
    [WRAP_KIND] = STORE_INT2_A,
    [WRAP_RECIPIENT] = STORE_BYTEA_A,
    [WRAP_EPOCH] = STORE_INT4_A,
    [WRAP] = STORE_BYTEA_A,
    [WRAP_COMMITMENT] = STORE_BYTEA_A,
};
_Static_assert(COLUMNS == APPENDER_PARAMS, "the statement and its columns differ");

struct append_batch {
    struct pg_array columns[COLUMNS];
    int64_t units;
    int any_once, any_seen;
};

/* Columns of which a batch without such units sends none: the server then has less to look at. */
static int batch_lacks(const struct append_batch *batch, unsigned column)
{
    return (column >= ONCE_HANDLE && column <= ONCE_SLOT && !batch->any_once) ||
           (column >= SEEN_TAG && column <= SEEN_SLOT && !batch->any_seen);
}

struct append_batch *append_batch_new(void)
{
    struct append_batch *batch = mem_new(sizeof *batch);
    for (unsigned i = 0; i < COLUMNS; i++)
        pg_array_init(&batch->columns[i], column_types[i]);
    return batch;
}

void append_batch_free(struct append_batch *batch)
{
    for (unsigned i = 0; i < COLUMNS; i++)
        pg_array_free(&batch->columns[i]);
    mem_free(batch);
}

static void batch_add_wrap(struct pg_array *c, int64_t unit, const struct envelope_wrap *wrap)
{
    pg_array_i64(&c[WRAP_UNIT], unit);
    pg_array_i16(&c[WRAP_ROOT], wrap->root);
    pg_array_i64(&c[WRAP_GENERATION], (int64_t)wrap->generation);
    pg_array_i16(&c[WRAP_KIND], wrap->recipient_kind);
    pg_array_bytes(&c[WRAP_RECIPIENT], wrap->recipient_id, sizeof wrap->recipient_id);
    pg_array_i32(&c[WRAP_EPOCH], (int32_t)wrap->epoch);
    pg_array_bytes(&c[WRAP], wrap->wrap, wrap->wrap_len);
    pg_array_bytes(&c[WRAP_COMMITMENT], wrap->commitment, sizeof wrap->commitment);
}

void append_batch_add(struct append_batch *batch, const struct append_unit *unit)
{
    struct pg_array *c = batch->columns;
    const struct envelope_place *place = &unit->place;
    pg_array_i32(&c[OFFICE], (int32_t)place->office);
    pg_array_text(&c[DESK], unit->desk);
    pg_array_bool(&c[IS_NEW], unit->new_case);
    pg_array_day(&c[MONTH], unit->month);
    pg_array_bytes(&c[CASE_ID], place->case_id, sizeof place->case_id);
    pg_array_bytes(&c[ROW_ID], place->row_id, sizeof place->row_id);
    pg_array_i16(&c[ROOT], place->root);
    pg_array_i64(&c[GENERATION], (int64_t)place->generation);
    pg_array_i16(&c[PART], place->part);
    pg_array_i16(&c[AUTHOR], place->author);
    pg_array_i64(&c[INCARNATION], (int64_t)place->incarnation);
    pg_array_i64(&c[N], (int64_t)place->n);
    pg_array_bytes(&c[BODY], unit->body.bytes, unit->body.len);
    pg_array_bytes(&c[ONCE_HANDLE], unit->once ? unit->once_handle : NULL, sizeof unit->once_handle);
    pg_array_bytes(&c[ONCE_TAG], unit->once ? unit->once_tag : NULL, sizeof unit->once_tag);
    pg_array_i16(&c[ONCE_SLOT], unit->once_slot);
    pg_array_bytes(&c[SEEN_TAG], unit->seen ? unit->seen_tag : NULL, sizeof unit->seen_tag);
    pg_array_i16(&c[SEEN_SLOT], unit->seen_slot);
    batch->units++;
    batch->any_once |= unit->once;
    batch->any_seen |= unit->seen;
    for (size_t i = 0; i < unit->wrap_count; i++)
        batch_add_wrap(c, batch->units, &unit->wraps[i]);
}

void append_batch_put(struct append_batch *batch, struct store_unit *unit, const struct store_statement *statement)
{
    store_begin(unit, statement);
    for (unsigned i = 0; i < COLUMNS; i++)
        if (batch_lacks(batch, i))
            store_put_no_array(unit, column_types[i]);
        else
            store_put_array(unit, &batch->columns[i]);
    store_end(unit);
}
