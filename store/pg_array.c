/* pg_array.c -- see pg_array.h. Header: dimensions, has-nulls, element type, length, lower bound; each 32 bits. */
#include "store/pg_array.h"

#include <string.h>

#include "common/base/clock.h"
#include "common/base/rw.h"
#include "store/store.h"

enum { HEADER = 20, ARRAY_MAX = 256 * 1024 * 1024, DAY = 86400 };

static const struct {
    unsigned array, element;
} element_of[] = {
    {STORE_BYTEA_A, STORE_BYTEA}, {STORE_INT2_A, STORE_INT2}, {STORE_INT4_A, STORE_INT4}, {STORE_INT8_A, STORE_INT8},
    {STORE_TEXT_A, STORE_TEXT},   {STORE_BOOL_A, STORE_BOOL}, {STORE_UUID_A, STORE_UUID}, {STORE_DATE_A, STORE_DATE},
};

void pg_array_init(struct pg_array *array, unsigned array_oid)
{
    *array = (struct pg_array){.bytes = BUF_INIT(ARRAY_MAX), .oid = array_oid};
    uint8_t *at;
    need(buf_extend(&array->bytes, HEADER, &at) == ERR_OK);
}

void pg_array_free(struct pg_array *array)
{
    buf_free(&array->bytes);
}

void pg_array_bytes(struct pg_array *array, const void *bytes, size_t len)
{
    uint8_t *at;
    if (!bytes)
        len = 0;
    need(buf_extend(&array->bytes, 4 + len, &at) == ERR_OK);
    at = put_u32(at, bytes ? (uint32_t)len : UINT32_MAX);
    if (len)
        memcpy(at, bytes, len);
    array->nulls |= !bytes;
    array->count++;
}

void pg_array_text(struct pg_array *array, const char *text)
{
    pg_array_bytes(array, text, text ? strlen(text) : 0);
}

void pg_array_i64(struct pg_array *array, int64_t v)
{
    uint8_t wire[8];
    put_u64(wire, (uint64_t)v);
    pg_array_bytes(array, wire, sizeof wire);
}

void pg_array_i32(struct pg_array *array, int32_t v)
{
    uint8_t wire[4];
    put_u32(wire, (uint32_t)v);
    pg_array_bytes(array, wire, sizeof wire);
}

void pg_array_i16(struct pg_array *array, int16_t v)
{
    uint8_t wire[2];
    put_u16(wire, (uint16_t)v);
    pg_array_bytes(array, wire, sizeof wire);
}

void pg_array_bool(struct pg_array *array, int v)
{
    uint8_t wire = v ? 1 : 0;
    pg_array_bytes(array, &wire, 1);
}

int32_t pg_array_days(const char *day, int *ok)
{
    int64_t wall = strlen(day) == 10 ? clock_parse(day) : -1;
    *ok = wall >= 0;
    return *ok ? (int32_t)(wall / DAY - 10957) : 0; /* 2000-01-01 is day 10957 of 1970 */
}

void pg_array_day(struct pg_array *array, const char *day)
{
    int ok;
    int32_t days = pg_array_days(day, &ok);
    if (ok)
        pg_array_i32(array, days);
    else
        pg_array_bytes(array, NULL, 0);
}

void pg_array_end(struct pg_array *array)
{
    unsigned element = 0;
    for (size_t i = 0; i < sizeof element_of / sizeof *element_of; i++)
        if (element_of[i].array == array->oid)
            element = element_of[i].element;
    need(element != 0);
    uint8_t *at = array->bytes.bytes;
    at = put_u32(at, 1);
    at = put_u32(at, array->nulls ? 1 : 0);
    at = put_u32(at, element);
    at = put_u32(at, array->count);
    put_u32(at, 1);
}
