/* store_unit.c -- building units and reading what they brought; see store.h. All values travel in binary. */
#include "store/store_unit.h"

#include <string.h>

#include "common/base/mem.h"
#include "common/base/rw.h"
#include "store/pg_array.h"

/* Readers are lent the unit itself under another name. */
struct store_result {
    struct store_unit unit;
};

struct store_unit *store_unit_new(int again)
{
    struct store_unit *unit = mem_new(sizeof *unit);
    unit->again = again;
    return unit;
}

void store_unit_forget_results(struct store_unit *unit)
{
    for (unsigned i = 0; i < unit->count; i++) {
        PQclear(unit->calls[i].result);
        unit->calls[i].result = NULL;
    }
}

void store_unit_free(struct store_unit *unit)
{
    if (!unit)
        return;
    store_unit_forget_results(unit);
    for (unsigned i = 0; i < unit->count; i++) {
        for (unsigned p = 0; p < unit->calls[i].given; p++)
            mem_free(unit->calls[i].params[p].bytes);
        mem_free(unit->calls[i].params);
    }
    mem_free(unit->calls);
    mem_free(unit);
}

void store_unit_answer(struct store_unit *unit, enum err err)
{
    if (unit->answered)
        return;
    unit->answered = 1;
    unit->done(unit->room, unit->tag, err, err == ERR_OK ? (const struct store_result *)unit : NULL);
}

void store_begin(struct store_unit *unit, const struct store_statement *statement)
{
    need(statement->params <= STORE_PARAMS_MAX);
    if (unit->count == unit->room_for) {
        unit->room_for = unit->room_for ? unit->room_for * 2 : 2;
        unit->calls = mem_grow(unit->calls, unit->room_for * sizeof *unit->calls);
    }
    unit->calls[unit->count++] = (struct unit_call){
        .statement = statement, .params = mem_new_array(statement->params, sizeof(struct unit_param))};
}

static struct unit_param *unit_next_param(struct store_unit *unit, unsigned oid)
{
    need(unit->count > 0);
    struct unit_call *call = &unit->calls[unit->count - 1];
    need(call->given < call->statement->params);
    struct unit_param *param = &call->params[call->given++];
    param->oid = oid;
    return param;
}

static void unit_put(struct store_unit *unit, unsigned oid, const void *bytes, size_t len)
{
    struct unit_param *param = unit_next_param(unit, oid);
    if (!bytes)
        return;
    param->bytes = (uint8_t *)mem_copy(bytes, len);
    param->len = len;
}

void store_put_bytes(struct store_unit *unit, const void *bytes, size_t len)
{
    unit_put(unit, STORE_BYTEA, bytes, len);
}

void store_put_id(struct store_unit *unit, const uint8_t id[static 16])
{
    unit_put(unit, STORE_UUID, id, 16);
}

void store_put_text(struct store_unit *unit, const char *text)
{
    unit_put(unit, STORE_TEXT, text, text ? strlen(text) : 0);
}

void store_put_i64(struct store_unit *unit, int64_t v)
{
    uint8_t wire[8];
    put_u64(wire, (uint64_t)v);
    unit_put(unit, STORE_INT8, wire, sizeof wire);
}

void store_put_i32(struct store_unit *unit, int32_t v)
{
    uint8_t wire[4];
    put_u32(wire, (uint32_t)v);
    unit_put(unit, STORE_INT4, wire, sizeof wire);
}

void store_put_i16(struct store_unit *unit, int16_t v)
{
    uint8_t wire[2];
    put_u16(wire, (uint16_t)v);
    unit_put(unit, STORE_INT2, wire, sizeof wire);
}

void store_put_bool(struct store_unit *unit, int v)
{
    uint8_t wire = v ? 1 : 0;
    unit_put(unit, STORE_BOOL, &wire, 1);
}

void store_put_day(struct store_unit *unit, const char *day)
{
    uint8_t wire[4];
    int ok;
    put_u32(wire, (uint32_t)pg_array_days(day, &ok));
    unit_put(unit, STORE_DATE, ok ? wire : NULL, sizeof wire);
}

void store_put_array(struct store_unit *unit, struct pg_array *array)
{
    pg_array_end(array);
    struct unit_param *param = unit_next_param(unit, array->oid);
    param->bytes = array->bytes.bytes;
    param->len = array->bytes.len;
    *array = (struct pg_array){0};
}

void store_put_no_array(struct store_unit *unit, unsigned oid)
{
    unit_next_param(unit, oid);
}

unsigned store_end(struct store_unit *unit)
{
    need(unit->count > 0 && unit->calls[unit->count - 1].given == unit->calls[unit->count - 1].statement->params);
    return unit->count - 1;
}

unsigned store_call(struct store_unit *unit, const struct store_statement *statement, const struct store_param *params)
{
    store_begin(unit, statement);
    for (unsigned i = 0; i < statement->params; i++)
        unit_put(unit, params[i].oid, params[i].bytes, params[i].len);
    return store_end(unit);
}

void store_unit_join(struct store_unit *to, struct store_unit *from)
{
    for (unsigned i = 0; i < from->count; i++) {
        store_begin(to, from->calls[i].statement);
        struct unit_call *call = &to->calls[to->count - 1];
        mem_free(call->params);
        *call = from->calls[i];
    }
    from->count = 0;
}

static const PGresult *result_of(const struct store_result *result, unsigned call)
{
    need(result && call < result->unit.count && result->unit.calls[call].result);
    return result->unit.calls[call].result;
}

unsigned store_rows(const struct store_result *result, unsigned call)
{
    return (unsigned)PQntuples(result_of(result, call));
}

int store_is_null(const struct store_result *result, unsigned call, unsigned row, unsigned column)
{
    return PQgetisnull(result_of(result, call), (int)row, (int)column);
}

const uint8_t *store_bytes(const struct store_result *result, unsigned call, unsigned row, unsigned column, size_t *len)
{
    const PGresult *r = result_of(result, call);
    *len = (size_t)PQgetlength(r, (int)row, (int)column);
    return PQgetisnull(r, (int)row, (int)column) ? NULL : (const uint8_t *)PQgetvalue(r, (int)row, (int)column);
}

const char *store_text(const struct store_result *result, unsigned call, unsigned row, unsigned column)
{
    return PQgetvalue(result_of(result, call), (int)row, (int)column);
}

int64_t store_i64(const struct store_result *result, unsigned call, unsigned row, unsigned column)
{
    size_t len;
    const uint8_t *at = store_bytes(result, call, row, column, &len);
    if (!at)
        return 0;
    struct rd r = rd_from(at, len);
    switch (len) {
    case 1:
        return rd_u8(&r);
    case 2:
        return (int16_t)rd_u16(&r);
    case 4:
        return (int32_t)rd_u32(&r);
    default:
        need(len == 8);
        return (int64_t)rd_u64(&r);
    }
}

void store_fixed(const struct store_result *result, unsigned call, unsigned row, unsigned column, uint8_t *out,
                 size_t size)
{
    size_t len;
    const uint8_t *at = store_bytes(result, call, row, column, &len);
    memset(out, 0, size);
    if (at && len == size)
        memcpy(out, at, size);
}

void store_id(const struct store_result *result, unsigned call, unsigned row, unsigned column, uint8_t out[static 16])
{
    store_fixed(result, call, row, column, out, 16);
}
