/* fuzz_json.c -- any JSON body (common/text/json.h): what is read has no NUL and no deep nesting, and written out it is
 * read as the same; what is refused has a place in the text and words of ours. */
#include "common/base/mem.h"
#include "common/text/json.h"
#include "tests/fuzz/fuzz.h"

static void value_is_good(const json_t *value, unsigned depth)
{
    size_t i;
    json_t *each;
    const char *key;
    need(depth <= JSON_DEPTH);
    need(!json_is_string(value) || strlen(json_string_value(value)) == json_string_length(value));
    json_array_foreach(value, i, each)
    {
        value_is_good(each, depth + 1);
    }
    json_object_foreach((json_t *)(uintptr_t)value, key, each)
    {
        value_is_good(each, depth + 1);
    }
}

static void fields_are_read(const json_t *object)
{
    static const char *const words[] = {"yes", "no", NULL};
    struct json_fault fault;
    const char *text = NULL;
    size_t word = 0;
    int64_t number = 0;
    int flag = 0;
    if (json_text(object, "text", JSON_REQUIRED, 8, &text, &fault) == ERR_OK)
        need(*text && strlen(text) <= 8);
    if (json_choice(object, "text", JSON_MAY_MISS, words, &word, &fault) == ERR_OK)
        need(word < 2);
    if (json_int(object, "n", JSON_MAY_MISS, -5, 5, &number, &fault) == ERR_OK)
        need(number >= -5 && number <= 5);
    if (json_flag(object, "flag", JSON_MAY_MISS, &flag, &fault) == ERR_OK)
        need(flag == 0 || flag == 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    json_t *value, *again;
    struct json_fault fault = {0};
    enum err err = json_read(data, size, &value, &fault);
    if (err != ERR_OK) {
        need(!value && (err == ERR_MALFORMED || err == ERR_TOO_BIG) && fault.says);
        need(fault.line >= 1 && fault.column >= 1 && fault.column <= size + 1);
        return 0;
    }
    value_is_good(value, 0);
    if (json_is_object(value))
        fields_are_read(value);
    char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(17));
    need(text && json_read(text, strlen(text), &again, &fault) == ERR_OK && json_equal(value, again));
    mem_free(text);
    json_decref(again);
    json_decref(value);
    return 0;
}
