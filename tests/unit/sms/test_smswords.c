/* What people type to end it, as they type it; and what only looks like it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/text/smswords.h"

static void stop_in_four_languages(void **state)
{
    (void)state;
    static const char *const stops[] = {"STOP", "stop",  " Stop. ", "STOP!!", "ARRET", "arrêt",  "ARRÊT",  "قف",
                                        "توقف", "إيقاف", "قِف",      "ACHA",   "acha.", "Simama", "S T O P"};
    for (size_t i = 0; i < sizeof stops / sizeof *stops; i++)
        assert_int_equal(sms_word_of(stops[i], strlen(stops[i])), SMS_WORD_STOP);
}

static void anything_more_is_a_text(void **state)
{
    (void)state;
    static const char *const texts[] = {"",
                                        "please stop him",
                                        "stop the beating",
                                        "acha kunipiga",
                                        "قف عن ضربي",
                                        "Non",
                                        "stopstopstopstopstopstopstopstopstopstopstopstopstopstopstopstopstopstop"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_int_equal(sms_word_of(texts[i], strlen(texts[i])), SMS_WORD_NONE);
}

static void a_receipt_can_be_asked_for(void **state)
{
    (void)state;
    static const char *const asks[] = {"receipt", "Reçu", "إيصال", "RISITI"};
    for (size_t i = 0; i < sizeof asks / sizeof *asks; i++)
        assert_int_equal(sms_word_of(asks[i], strlen(asks[i])), SMS_WORD_RECEIPT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stop_in_four_languages),
        cmocka_unit_test(anything_more_is_a_text),
        cmocka_unit_test(a_receipt_can_be_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
