/* What people type to end it, as they type it; and what only looks like it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/text/smswords.h"

static void stop_in_ten_languages(void **state)
{
    (void)state;
    static const char *const stops[] = {"STOP",    "stop",  " Stop. ", "STOP!!",   "ARRET", "arrêt",  "ARRÊT",   "قف",
                                        "توقف",    "إيقاف", "قِف",      "ACHA",     "acha.", "Simama", "S T O P", "Alto",
                                        "PARAR",   "Pare.", "СТОП",    "стоп!",    "停止",  "停。",   "退订",    "बंद",
                                        "बन्द करो", "रुको",   "বন্ধ",     "বন্ধ করুন।", "থামুন"};
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
                                        "Non merci",
                                        "ok",
                                        "OK.",
                                        "yes?",
                                        "是吗",
                                        "لا؟",
                                        "no one came",
                                        "yes yes he beats us",
                                        "haha",
                                        "hapana maji",
                                        "не знаю",
                                        "stopstopstopstopstopstopstopstopstopstopstopstopstopstopstopstopstopstop"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_int_equal(sms_word_of(texts[i], strlen(texts[i])), SMS_WORD_NONE);
}

static void a_receipt_can_be_asked_for(void **state)
{
    (void)state;
    static const char *const asks[] = {"receipt", "Reçu", "إيصال", "RISITI", "Recibo", "НОМЕР", "编号", "रसीद", "রসিদ"};
    for (size_t i = 0; i < sizeof asks / sizeof *asks; i++)
        assert_int_equal(sms_word_of(asks[i], strlen(asks[i])), SMS_WORD_RECEIPT);
}

/* As people type them in the ten languages of reports, and in Latin letters where their phone has no others. */
static void yes_and_no_in_ten_languages(void **state)
{
    (void)state;
    static const char *const yes[] = {"Yes",  "YES!", "y",     "yeah",  "Oui",  "OUI.",  "ui",  "Sí",   "SI",
                                      "sí!",  "Sim",  "Ndiyo", "NDIO",  "naam", "نعم",   "نَعَم", "أيوه", "إي",
                                      "haan", "हाँ",   "हां",    "जी हाँ", "হ্যাঁ",  "হ্যা",   "জি",  "জ্বি",  "Да",
                                      "ДА",   "da",   "是",    "是的",  "对。", "同意！"};
    static const char *const no[] = {"No",  "NO",     "n",       "nope", "Non",     "non.", "Não", "NÃO",
                                     "nao", "Hapana", "hapana!", "Sio",  "la",      "لا",   "كلّا", "नहीं",
                                     "नही", "nahi",   "nahi.",   "না",   "জি না",   "Нет",  "НЕТ", "net",
                                     "不",  "不是",   "没有",    "沒有", "不同意。"};
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
        if (sms_word_of(yes[i], strlen(yes[i])) != SMS_WORD_YES)
            fail_msg("%s", yes[i]);
    for (size_t i = 0; i < sizeof no / sizeof *no; i++)
        if (sms_word_of(no[i], strlen(no[i])) != SMS_WORD_NO)
            fail_msg("%s", no[i]);
}

/* "YES 2" answers the second question, whichever digits the phone has. */
static void an_answer_may_say_to_which_question(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum sms_word word;
        unsigned number;
    } rows[] = {
        {"YES 2", SMS_WORD_YES, 2},     {"yes2", SMS_WORD_YES, 2},    {"2 oui", SMS_WORD_YES, 2},
        {"No. 12", SMS_WORD_NO, 12},    {"NO #3!", SMS_WORD_NO, 3},   {"نعم ٢", SMS_WORD_YES, 2},
        {"لا ۳", SMS_WORD_NO, 3},       {"हाँ २", SMS_WORD_YES, 2},    {"না ৪", SMS_WORD_NO, 4},
        {"是２", SMS_WORD_YES, 2},      {"na3am 1", SMS_WORD_YES, 1}, {"Hapana 1", SMS_WORD_NO, 1},
        {"na3am", SMS_WORD_YES, 0},     {"yes", SMS_WORD_YES, 0},     {"STOP", SMS_WORD_STOP, 0},
        {"STOP 2", SMS_WORD_NONE, 0},   {"yes 2?", SMS_WORD_NONE, 0}, {"1 no 2", SMS_WORD_NONE, 0},
        {"no 100", SMS_WORD_NONE, 0},   {"no 0", SMS_WORD_NONE, 0},   {"2", SMS_WORD_NONE, 0},
        {"no 2 men", SMS_WORD_NONE, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        unsigned number = 77;
        enum sms_word word = sms_answer_of(rows[i].text, strlen(rows[i].text), &number);
        if (word != rows[i].word || number != rows[i].number)
            fail_msg("%s: %d %u", rows[i].text, (int)word, number);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stop_in_ten_languages),
        cmocka_unit_test(anything_more_is_a_text),
        cmocka_unit_test(a_receipt_can_be_asked_for),
        cmocka_unit_test(yes_and_no_in_ten_languages),
        cmocka_unit_test(an_answer_may_say_to_which_question),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
