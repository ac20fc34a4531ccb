/* test_code.c -- bytes become text and come back the same; text that is not exactly of the form is refused whole. */
#include "tests/unit/base/unit.h"

#include <string.h>

#include "common/base/code.h"

/* RFC 4648, section 10. */
static const struct {
    const char *plain, *base64;
} rfc4648[] = {{"", ""},
               {"f", "Zg=="},
               {"fo", "Zm8="},
               {"foo", "Zm9v"},
               {"foob", "Zm9vYg=="},
               {"fooba", "Zm9vYmE="},
               {"foobar", "Zm9vYmFy"}};

static void base64_writes_what_the_rfc_writes(void **state)
{
    (void)state;
    char out[CODE_BASE64_SIZE(6)];
    for (size_t i = 0; i < unit_count(rfc4648); i++) {
        code_base64((const uint8_t *)rfc4648[i].plain, strlen(rfc4648[i].plain), out);
        assert_string_equal(out, rfc4648[i].base64);
    }
}

static void base64_comes_back_from_either_alphabet(void **state)
{
    (void)state;
    uint8_t bytes[256];
    char text[CODE_BASE64_SIZE(256)];
    for (unsigned i = 0; i < 256; i++)
        bytes[i] = (uint8_t)(i * 37 + 11);
    for (size_t len = 0; len <= 256; len++) {
        struct buf back = BUF_INIT(256);
        code_base64(bytes, len, text);
        assert_int_equal(code_unbase64(text, strlen(text), &back), ERR_OK);
        assert_int_equal(back.len, len);
        if (len)
            assert_memory_equal(back.bytes, bytes, len);
        buf_clear(&back);
        code_base64url(bytes, len, text);
        assert_null(strpbrk(text, "+/="));
        assert_int_equal(code_unbase64(text, strlen(text), &back), ERR_OK);
        assert_int_equal(back.len, len);
        if (len)
            assert_memory_equal(back.bytes, bytes, len);
        buf_free(&back);
    }
}

static void base64_refuses_what_is_not_quite_right(void **state)
{
    (void)state;
    static const char *const bad[] = {"Z",    "Zg=",   "Zg===", "Zh==",   "Zm9=",    "=",          "==",    "====",
                                      "Zg=g", "Zg ==", " Zg==", "Zg==\n", "Zm9vYg=", "Zm\xc3\xa9", "Zm9v.", "Zm9vZ"};
    for (size_t i = 0; i < unit_count(bad); i++) {
        struct buf out = BUF_INIT(64);
        assert_int_equal(buf_add_text(&out, "before"), ERR_OK);
        assert_int_equal(code_unbase64(bad[i], strlen(bad[i]), &out), ERR_MALFORMED);
        assert_string_equal(buf_text(&out), "before");
        buf_free(&out);
    }
    struct buf out = BUF_INIT(64);
    assert_int_equal(code_unbase64("Zm\0v", 4, &out), ERR_MALFORMED);
    buf_free(&out);
}

static void base64_over_the_limit_leaves_nothing(void **state)
{
    (void)state;
    struct buf out = BUF_INIT(5);
    assert_int_equal(code_unbase64("Zm9vYmFy", 8, &out), ERR_TOO_BIG);
    assert_int_equal(out.len, 0);
    buf_free(&out);
}

static void a_key_has_one_length(void **state)
{
    (void)state;
    uint8_t key[3] = {0};
    assert_int_equal(code_unbase64_exact("Zm9v", 4, key, 3), ERR_OK);
    assert_memory_equal(key, "foo", 3);
    assert_int_equal(code_unbase64_exact("Zm8=", 4, key, 3), ERR_MALFORMED);
    assert_int_equal(code_unbase64_exact("Zm9vYg==", 8, key, 3), ERR_MALFORMED);
    assert_int_equal(code_unbase64_exact("Zm9", 4, key, 3), ERR_MALFORMED);
    assert_int_equal(code_unbase64_exact("", 0, key, 3), ERR_MALFORMED);
    assert_memory_equal(key, "foo", 3);
}

static void hex_goes_there_and_back(void **state)
{
    (void)state;
    const uint8_t bytes[] = {0x00, 0x7f, 0x80, 0xff, 0xa5};
    char text[CODE_HEX_SIZE(5)];
    uint8_t back[5] = {0};
    code_hex(bytes, 5, text);
    assert_string_equal(text, "007f80ffa5");
    assert_int_equal(code_unhex("007F80ffA5", 10, back, 5), ERR_OK);
    assert_memory_equal(back, bytes, 5);
    assert_int_equal(code_unhex("007f80ffa", 9, back, 5), ERR_MALFORMED);
    assert_int_equal(code_unhex("007f80ffa5", 10, back, 4), ERR_MALFORMED);
    assert_int_equal(code_unhex("007f80ffag", 10, back, 5), ERR_MALFORMED);
    assert_int_equal(code_unhex("0x7f80ffa5", 10, back, 5), ERR_MALFORMED);
}

static void ids_read_as_uuids(void **state)
{
    (void)state;
    const uint8_t id[16] = {0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef,
                            0xfe, 0xdc, 0xba, 0x98, 0x76, 0x54, 0x32, 0x10};
    char text[CODE_ID_SIZE];
    uint8_t back[16] = {0};
    code_id(id, text);
    assert_string_equal(text, "01234567-89ab-cdef-fedc-ba9876543210");
    assert_int_equal(code_unid("01234567-89AB-cdef-FEDC-ba9876543210", 36, back), ERR_OK);
    assert_memory_equal(back, id, 16);
    static const char *const bad[] = {"0123456789ab-cdef-fedc-ba9876543210-",
                                      "01234567-89ab-cdef-fedc-ba987654321",
                                      "01234567-89ab-cdef-fedc-ba98765432100",
                                      "01234567+89ab-cdef-fedc-ba9876543210",
                                      "0123456--89ab-cdef-fedc-ba9876543210",
                                      "g1234567-89ab-cdef-fedc-ba9876543210",
                                      ""};
    for (size_t i = 0; i < unit_count(bad); i++)
        assert_int_equal(code_unid(bad[i], strlen(bad[i]), back), ERR_MALFORMED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(base64_writes_what_the_rfc_writes),
        cmocka_unit_test(base64_comes_back_from_either_alphabet),
        cmocka_unit_test(base64_refuses_what_is_not_quite_right),
        cmocka_unit_test(base64_over_the_limit_leaves_nothing),
        cmocka_unit_test(a_key_has_one_length),
        cmocka_unit_test(hex_goes_there_and_back),
        cmocka_unit_test(ids_read_as_uuids),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
