/* What a worker signs each minute. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "intake/beat.h"

static void the_count_is_signed_byte_by_byte(void **state)
{
    (void)state;
    uint8_t said[BEAT_SAID];
    beat_said(0x0102030405060708, 0x1112131415161718, 0x21222324, said);
    assert_memory_equal(said,
                        "recourse door count"
                        "\x01"
                        "\x01\x02\x03\x04\x05\x06\x07\x08"
                        "\x11\x12\x13\x14\x15\x16\x17\x18"
                        "\x21\x22\x23\x24",
                        sizeof said);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_count_is_signed_byte_by_byte)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
