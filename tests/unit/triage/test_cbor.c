/* test_cbor.c -- items of CBOR are as long as they say, and none says more than there is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/code.h"
#include "triage/vault/cbor.h"

static size_t item(const char *hex)
{
    uint8_t bytes[64] = {0};
    assert_int_equal(code_unhex(hex, strlen(hex), bytes, strlen(hex) / 2), ERR_OK);
    return cbor_item(bytes, strlen(hex) / 2);
}

/* Some are of RFC 8949, appendix A. */
static void an_item_is_as_long_as_it_says(void **state)
{
    (void)state;
    static const struct {
        const char *hex;
        size_t takes;
    } rows[] = {
        {"00", 1},
        {"1864", 2},
        {"1b000000e8d4a51000", 9},
        {"3903e7", 3},
        {"f97e00", 3},
        {"f4", 1},
        {"fb3ff199999999999a", 9},
        {"4401020304", 5},
        {"6449455446", 5},
        {"80", 1},
        {"a0", 1},
        {"83010203", 4},
        {"8301820203820405", 8},
        {"a201020304", 5},
        {"a26161016162820203", 9},
        {"c074323031332d", 0},
        {"d74401020304", 6},
        {"0000", 1},
        {"a1616101ffff", 4},
        {"818181818181818100", 9},
        /* not whole */
        {"", 0},
        {"18", 0},
        {"1b00", 0},
        {"44010203", 0},
        {"830102", 0},
        {"a101", 0},
        {"c0", 0},
        {"8181818181818181"
         "8100",
         0},
        /* says more than there is */
        {"ba6f99006060600000", 0},
        {"9b7fffffffffffffff00", 0},
        {"bb800000000000000000", 0},
        {"5bffffffffffffffff00", 0},
        {"7b7fffffffffffffff00", 0},
        /* of no known length, or reserved */
        {"9fff", 0},
        {"bfff", 0},
        {"5f42010243030405ff", 0},
        {"1c", 0},
        {"fc", 0},
        {"ff", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(item(rows[i].hex), rows[i].takes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_item_is_as_long_as_it_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
