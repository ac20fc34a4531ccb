/* vectors.c -- see vectors.h. */
#include "tests/unit/seal/vectors.h"

#include <stdio.h>

#include "common/base/code.h"

static json_t *load(const char *name, size_t flags)
{
    char path[1024];
    json_error_t error;
    snprintf(path, sizeof path, "%s/%s", VECTORS, name);
    json_t *whole = json_load_file(path, flags, &error);
    if (!whole)
        fail_msg("%s:%d: %s", path, error.line, error.text);
    return whole;
}

json_t *vectors_load(const char *name)
{
    return load(name, 0);
}

json_t *vectors_load_reals(const char *name)
{
    return load(name, JSON_DECODE_INT_AS_REAL);
}

uint64_t vectors_number(const json_t *object, const char *field)
{
    double value = json_real_value(json_object_get(object, field));
    return value >= 18446744073709551615.0 ? UINT64_MAX : (uint64_t)value;
}

struct buf vectors_hex(const json_t *object, const char *field)
{
    struct buf out = BUF_INIT(1 << 20);
    const json_t *text = json_object_get(object, field);
    size_t len = json_string_length(text) / 2;
    uint8_t *at;
    if (len) {
        assert_int_equal(buf_extend(&out, len, &at), ERR_OK);
        assert_int_equal(code_unhex(json_string_value(text), json_string_length(text), at, len), ERR_OK);
    }
    return out;
}

struct buf vectors_base64(const json_t *text)
{
    struct buf out = BUF_INIT(1 << 20);
    if (json_string_length(text))
        assert_int_equal(code_unbase64(json_string_value(text), json_string_length(text), &out), ERR_OK);
    return out;
}

void vectors_wycheproof(const char *name, vectors_play_fn *play, void *room)
{
    json_t *whole = vectors_load(name), *group, *test;
    size_t g, t, played = 0;
    json_array_foreach(json_object_get(whole, "testGroups"), g, group)
    {
        json_array_foreach(json_object_get(group, "tests"), t, test)
        {
            play(group, test, room);
            played++;
        }
    }
    assert_int_equal(played, json_integer_value(json_object_get(whole, "numberOfTests")));
    json_decref(whole);
}

int vectors_is(const json_t *object, const char *field, const char *text)
{
    const char *value = json_string_value(json_object_get(object, field));
    return value && strcmp(value, text) == 0;
}
