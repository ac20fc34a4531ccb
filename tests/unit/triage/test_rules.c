/* test_rules.c -- every danger class fires on invented sentences in each language, and not on harmless ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/mem.h"
#include "triage/vault/rules.h"

static struct rules *rules;

static int load(void **state)
{
    (void)state;
    char says[SAYS_SIZE];
    return rules_load(SOURCE_ROOT "/triage/rules", &rules, says) == ERR_OK ? 0 : -1;
}

static int unload(void **state)
{
    (void)state;
    rules_free(rules);
    return 0;
}

static struct rules_proposal *propose(const char *text, const json_t *answers, const char *kind)
{
    struct rules_proposal *proposal = mem_new(sizeof *proposal);
    struct rules_input input = {.answers = answers, .kind = kind, .arrived = 1000000};
    input.texts[0].text = text;
    input.texts[0].len = strlen(text);
    input.text_count = 1;
    rules_propose(rules, &input, proposal);
    return proposal;
}

static int fired(const struct rules_proposal *proposal, const char *rule)
{
    for (size_t i = 0; i < proposal->count; i++)
        if (strcmp(proposal->fired[i].rule, rule) == 0)
            return 1;
    return 0;
}

static const struct {
    const char *rule, *text;
} dangers[] = {
    {"words.life", "The guards said they are going to kill us if we talk"},
    {"words.life", "they are gona kill my brother"},
    {"words.life", "Ils nous ont menacés de mort hier soir"},
    {"words.life", "il va me tuer"},
    {"words.life", "هددونا بالقتل إذا تكلمنا"},
    {"words.life", "حياتي في خطر"},
    {"words.life", "wanasema wataniua kesho"},
    {"words.life", "wananitisha"},
    {"words.self_harm", "I just want to die"},
    {"words.self_harm", "my friend talks about suicide"},
    {"words.self_harm", "Je n'ai plus envie de vivre"},
    {"words.self_harm", "أريد أن أموت"},
    {"words.self_harm", "nataka kufa sina msaada"},
    {"words.child", "he was touching my daughter at the school"},
    {"words.child", "les enfants travaillent dans la mine"},
    {"words.child", "يعتدي على الأطفال في المخيم"},
    {"words.child", "mwalimu anampiga mtoto kila siku"},
    {"words.sea", "The aid worker asked me for sex before giving food"},
    {"words.sea", "Il exige des faveurs sexuelles pour la liste"},
    {"words.sea", "المشرف يتحرش بي في العمل"},
    {"words.sea", "meneja anataka rushwa ya ngono"},
    {"words.gbv", "She was raped on the way to the well"},
    {"words.gbv", "on l'a violée près du puits"},
    {"words.gbv", "تعرضت للاغتصاب"},
    {"words.gbv", "alibakwa njiani"},
    {"words.trafficking", "the manager took all our passports"},
    {"words.trafficking", "Le patron garde nos passeports, interdit de sortir"},
    {"words.trafficking", "أخذوا جوازات سفرنا ولا يسمحون لنا بالمغادرة"},
    {"words.trafficking", "wamechukua pasipoti zetu"},
    {"words.detention", "soldiers took my husband and tortured him"},
    {"words.detention", "La police l'a emmené, il a disparu depuis lundi"},
    {"words.detention", "اعتقلوه وعذبوه"},
    {"words.detention", "askari walimchukua hajulikani alipo"},
    {"words.refoulement", "They want to deport us tomorrow"},
    {"words.refoulement", "ils vont nous renvoyer à la frontière"},
    {"words.refoulement", "سيرحلوننا غدا"},
    {"words.refoulement", "wanataka kuturudisha kwa nguvu"},
    {"words.retaliation", "I lost my job because I complained"},
    {"words.retaliation", "On me menace si je parle"},
    {"words.retaliation", "طردوني بسبب الشكوى"},
    {"words.retaliation", "nimefukuzwa baada ya kulalamika"},
    {"words.staff_threat", "People say they will burn the office tonight"},
    {"words.staff_threat", "il y a une bombe dans le camp"},
    {"words.staff_threat", "سنحرق المكتب"},
    {"words.staff_threat", "watashambulia ofisi"},
    {"words.medical", "my wife is bleeding and there is no car"},
    {"words.medical", "elle saigne beaucoup"},
    {"words.medical", "أمي تنزف"},
    {"words.medical", "mama anatokwa na damu"},
    {"words.hazard", "there is a gas leak in hall 3"},
    {"words.hazard", "on travaille sans masque avec un produit toxique"},
    {"words.hazard", "نعمل بدون كمامات"},
    {"words.hazard", "tunafanya kazi bila barakoa"},
    {"words.fraud", "we have to pay to get on the list, it is a bribe"},
    {"words.fraud", "le chef demande un pot-de-vin"},
    {"words.fraud", "يطلبون رشوة"},
    {"words.fraud", "wanadai rushwa"},
    {"words.data", "someone posted my photo and my name"},
    {"words.data", "ils ont vendu nos données"},
    {"words.data", "نشروا صورتي"},
    {"words.data", "wamesambaza picha zangu"},
    {"words.help", "plz hlp"},
    {"words.help", "au secours"},
    {"words.help", "ساعدونا"},
    {"words.help", "nisaidieni"},
};

static void every_danger_class_fires(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof dangers / sizeof *dangers; i++) {
        struct rules_proposal *p = propose(dangers[i].text, NULL, "grievance");
        if (!fired(p, dangers[i].rule))
            print_error("%s did not fire on: %s\n", dangers[i].rule, dangers[i].text);
        assert_true(fired(p, dangers[i].rule));
        assert_true(p->is_danger);
        mem_free(p);
    }
}

static const char *const harmless[] = {
    "Thank you for repairing the pump so quickly",
    "When does the distribution office open on Friday?",
    "The queue was long and the form was hard to read",
    "It would be good to have more seats and some shade",
    "Merci pour la réparation de la pompe",
    "À quelle heure ouvre le bureau vendredi ?",
    "La file était longue et le formulaire difficile à lire",
    "Il serait bon d'avoir plus de chaises",
    "شكرا على إصلاح المضخة",
    "متى يفتح المكتب يوم الجمعة؟",
    "كان الطابور طويلا والاستمارة صعبة القراءة",
    "Asanteni kwa kutengeneza pampu",
    "Ofisi inafunguliwa saa ngapi siku ya Ijumaa?",
    "Foleni ilikuwa ndefu na fomu ngumu kusoma",
    "Tungependa viti zaidi na kivuli",
};

static void harmless_sentences_fire_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++) {
        struct rules_proposal *p = propose(harmless[i], NULL, "suggestion");
        if (p->count)
            print_error("%s (%s) fired on: %s\n", p->fired[0].rule, p->fired[0].hits[0], harmless[i]);
        assert_int_equal(p->count, 0);
        mem_free(p);
    }
}

static void the_words_that_fired_are_named(void **state)
{
    (void)state;
    struct rules_proposal *p = propose("Yesterday he said: I will KILL you. I will kill you!", NULL, "grievance");
    assert_int_equal(p->count, 1);
    assert_string_equal(p->fired[0].rule, "words.life");
    assert_string_equal(p->fired[0].hits[0], "will KILL");
    assert_string_equal(p->fired[0].hits[1], "will kill");
    assert_int_equal(p->fired[0].hit_count, 2);
    assert_true(p->severity.danger_now);
    assert_int_equal(p->due_s, 3600);
    mem_free(p);
}

static void answers_set_and_raise(void **state)
{
    (void)state;
    json_t *answers = json_pack("{s:s,s:s,s:i,s:i,s:s,s:[s]}", "danger_now", "no", "ongoing", "yes", "people_low", 5,
                                "people_high", 40, "likelihood", "high", "groups", "child");
    struct rules_proposal *p = propose("the well is dry", answers, "grievance");
    assert_false(p->severity.danger_now);
    assert_true(p->severity.ongoing);
    assert_int_equal(p->severity.scope, 3);
    assert_int_equal(p->severity.scale, 3);
    assert_int_equal(p->severity.likelihood, LIKELIHOOD_HIGH);
    assert_true(fired(p, "group.child") && fired(p, "answer.ongoing") && !fired(p, "answer.danger"));
    assert_false(p->is_danger);
    mem_free(p);
    json_object_set_new(answers, "danger_now", json_string("yes"));
    p = propose("", answers, "grievance");
    assert_true(p->severity.danger_now && fired(p, "answer.danger"));
    assert_string_equal(p->fired[0].hits[0], "yes");
    mem_free(p);
    json_decref(answers);
}

static void what_is_not_known_is_due_like_the_severe(void **state)
{
    (void)state;
    struct rules_proposal *p = propose("the well is dry", NULL, "grievance");
    assert_int_equal(p->due_s, 72 * 3600);
    assert_int_equal(p->severity.scale, SEVERITY_UNKNOWN);
    mem_free(p);
    p = propose("thank you", NULL, "thanks");
    assert_int_equal(p->due_s, 336 * 3600);
    mem_free(p);
}

static void nonsense_is_survived(void **state)
{
    (void)state;
    static char text[200000];
    memset(text, 'a', sizeof text - 1);
    for (size_t i = 0; i < sizeof text - 2; i += 2)
        text[i] = ' ';
    struct rules_proposal *p = propose(text, NULL, "grievance");
    assert_int_equal(p->count, 0);
    mem_free(p);
    p = propose("\xff\xfe kill \xc3", NULL, "grievance");
    mem_free(p);
}

static void a_broken_set_says_where(void **state)
{
    (void)state;
    char says[SAYS_SIZE];
    struct rules *broken;
    json_t *json = json_pack("{s:i,s:{s:i,s:i,s:i},s:[{s:s,s:s,s:{s:i},s:{s:[s]}}]}", "version", 2, "due_hours",
                             "severe", 1, "other", 2, "voice", 3, "words", "id", "words.x", "says", "X", "raises",
                             "scale", 9, "phrases", "en", "word");
    assert_int_equal(rules_from(json, &broken, says), ERR_TOO_BIG);
    assert_non_null(strstr(says, "words.x: scale"));
    json_decref(json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_danger_class_fires),
        cmocka_unit_test(harmless_sentences_fire_nothing),
        cmocka_unit_test(the_words_that_fired_are_named),
        cmocka_unit_test(answers_set_and_raise),
        cmocka_unit_test(what_is_not_known_is_due_like_the_severe),
        cmocka_unit_test(nonsense_is_survived),
        cmocka_unit_test(a_broken_set_says_where),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
