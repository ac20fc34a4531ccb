/* test_rules.c -- every danger class fires on invented sentences in each language, and not on harmless ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/base/mem.h"
#include "triage/vault/rules.h"
#include "triage/vault/severity_json.h"

static struct rules *rules;

static int load(void **state)
{
    (void)state;
    char says[SAYS_SIZE];
    enum err err = rules_load(SOURCE_ROOT "/triage/rules", &rules, says);
    if (*says)
        print_error("%s\n", says);
    return err == ERR_OK && !*says ? 0 : -1;
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
    {"words.violence", "They beat my brother at the factory yesterday and said they will come back tonight"},
    {"words.threat", "They beat my brother at the factory yesterday and said they will come back tonight"},
    {"words.violence", "ضربوا أخي في المصنع أمس وقالوا إنهم سيعودون الليلة"},
    {"words.threat", "ضربوا أخي في المصنع أمس وقالوا إنهم سيعودون الليلة"},
    {"words.violence", "Les gardes ont frappé mon père avec un bâton"},
    {"words.threat", "Ils ont dit qu'ils reviendront ce soir chez nous"},
    {"words.violence", "walinzi walimpiga kaka yangu kwa fimbo"},
    {"words.threat", "wamesema watarudi usiku nyumbani kwetu"},
    {"words.threat", "dijeron que vuelven esta noche"},
    {"words.threat", "ils ont dit qu'ils reviennent ce soir"},
    {"words.threat", "他们说今晚还会回来"},
    {"words.threat", "उन्होंने कहा आज रात फिर आएंगे"},
    {"words.threat", "বলেছে আজ রাতে আবার আসবে"},
    {"words.threat", "قالوا راجعين الليلة"},
    {"words.eviction", "a bulldozer is breaking our houses"},
    {"words.eviction", "ils démolissent nos maisons demain"},
    {"words.eviction", "الجرافة تهدم بيوتنا"},
    {"words.eviction", "wanabomoa nyumba zetu"},
    {"words.deprivation", "the children have had no food for three days"},
    {"words.deprivation", "nous n'avons pas d'eau depuis trois jours"},
    {"words.deprivation", "لا يوجد ماء منذ ثلاثة أيام"},
    {"words.deprivation", "hatuna chakula siku tatu"},
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
    assert_string_equal(p->fired[0].hits[1], "KILL you");
    assert_string_equal(p->fired[0].hits[2], "will kill");
    assert_int_equal(p->fired[0].hit_count, 4);
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

/* ---- what a maintainer hears ---- */

static const char RULE[] =
    "{\"id\":\"words.x\",\"says\":\"X\",\"raises\":{\"scale\":4},\"phrases\":{\"en\":[\"well\"]}}";

static struct rules *set_of(const char *words, enum err expected, char says[static SAYS_SIZE])
{
    char text[2048];
    struct rules *made = NULL;
    snprintf(text, sizeof text, "{\"version\":2,\"due_hours\":{\"severe\":1,\"other\":2,\"voice\":3},\"words\":[%s]}",
             words);
    json_t *json = json_loads(text, 0, NULL);
    assert_non_null(json);
    assert_int_equal(rules_from(json, &made, says), expected);
    json_decref(json);
    return made;
}

static void a_broken_set_says_where(void **state)
{
    (void)state;
    static const struct {
        const char *words, *says;
        enum err err;
    } broken[] = {
        {"{\"id\":\"words.x\",\"says\":\"X\",\"raises\":{\"scale\":9},\"phrases\":{\"en\":[\"well\"]}}",
         "words.x: scale", ERR_TOO_BIG},
        {"{\"id\":\"words.x\",\"says\":\"X\",\"raises\":{\"due_hour\":1},\"phrases\":{\"en\":[\"well\"]}}",
         "words.x: nothing raises due_hour", ERR_MALFORMED},
        {"{\"id\":\"words.x\",\"says\":\"X\",\"raises\":{},\"phrases\":{\"en\":[\"well\"]}}", "words.x raises nothing",
         ERR_MALFORMED},
        {"{\"id\":\"words.x\",\"says\":\"X\",\"raises\":{\"scale\":4},\"phrases\":{\"en\":[\"well\",\".. dry\"]}}",
         "words.x: phrase 2 of en begins or ends with ..", ERR_MALFORMED},
        {"{\"id\":\"words.x\",\"says\":\"X\",\"raises\":{\"scale\":4},\"phrases\":{\"en\":[\"*\"]}}",
         "words.x: phrase 1 of en has a piece without letters", ERR_MALFORMED},
        {"{\"id\":\"words.x\",\"says\":\"X\",\"raises\":{\"scale\":4},\"phrases\":{\"fr\":[\"a\"]}}",
         "words.x: phrase 1 of fr is a single letter", ERR_MALFORMED},
        {"{\"id\":\"words.x\",\"says\":\"X\",\"raises\":{\"scale\":4},\"phrases\":{\"fr\":[\"\"]}}",
         "words.x: phrase 1 of fr is empty", ERR_MALFORMED},
        {"{\"id\":\"words.x\",\"says\":\"X\",\"raises\":{\"scale\":4},\"phrases\":{\"fr\":[7]}}",
         "words.x: phrase 1 of fr is not a text", ERR_MALFORMED},
        {"{\"id\":\"words.x\",\"says\":\"X\",\"raises\":{\"scale\":4},\"phrases\":{\"en\":[\"a b c d e f g h i\"]}}",
         "more than 8 words", ERR_MALFORMED},
        {"{\"id\":\"words.x\",\"says\":\"X\",\"raises\":{\"scale\":4},\"phrases\":{\"en\":[\"wel*ls\"]}}",
         "a star inside a word", ERR_MALFORMED},
        {"{\"id\":\"words.x\",\"says\":\"X\",\"desk\":\"The "
         "desk\",\"raises\":{\"scale\":4},\"phrases\":{\"en\":[\"well\"]}}",
         "words.x: a desk is named by its code", ERR_MALFORMED},
        {"{\"id\":\"words.x\",\"says\":\"X\",\"most_word\":4,\"raises\":{\"scale\":4},\"phrases\":{\"en\":[\"well\"]}}",
         "words.x: there is no field most_word", ERR_MALFORMED},
        {"{\"id\":\"words.x\",\"says\":\"X\",\"raises\":{\"scale\":4},\"phrases\":{\"en\":[\"well\"]}},"
         "{\"id\":\"words.x\",\"says\":\"X\",\"raises\":{\"scale\":4},\"phrases\":{\"en\":[\"well\"]}}",
         "rule 2: there is a rule words.x already", ERR_CONFLICT},
    };
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        char says[SAYS_SIZE] = "";
        assert_null(set_of(broken[i].words, broken[i].err, says));
        if (!strstr(says, broken[i].says))
            fail_msg("expected \"%s\", heard \"%s\"", broken[i].says, says);
    }
}

/* ---- files: the newest that is right counts, and older ones stay ---- */

static char folder[] = "/tmp/recourse-rules-XXXXXX";

static void put(unsigned number, const char *text)
{
    char path[256];
    snprintf(path, sizeof path, "%s/rules-%u.json", folder, number);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void put_set(unsigned number, unsigned version, const char *words)
{
    char text[2048];
    snprintf(text, sizeof text,
             "{\"version\":%u,\n\"due_hours\":{\"severe\":1,\"other\":2,\"voice\":3},\n\"words\":[%s]}", version,
             words);
    put(number, text);
}

static void a_wrong_file_is_left_aside_and_the_older_one_counts(void **state)
{
    (void)state;
    char says[SAYS_SIZE] = "";
    struct rules *got = NULL;
    assert_non_null(mkdtemp(folder));
    assert_int_equal(rules_load(folder, &got, says), ERR_NOT_FOUND);

    put_set(1, 1, RULE);
    put_set(2, 2, RULE);
    put(10, "not one of them");
    assert_int_equal(rules_load(folder, &got, says), ERR_OK);
    assert_int_equal(rules_version(got), 2);
    assert_string_equal(says, "rules-10.json line 1 column 4: is not the JSON it should be");
    rules_free(got);

    /* A comma is missing on the third line. */
    put(10, "{\"version\":10,\n\"due_hours\":{\"severe\":1,\"other\":2,\"voice\":3}\n\"words\":[]}");
    put_set(3, 3,
            "{\"id\":\"words.y\",\"says\":\"Y\",\"raises\":{\"scale\":4},\"phrases\":{\"en\":[\"dry\",\"dry ..\"]}}");
    assert_int_equal(rules_load(folder, &got, says), ERR_OK);
    assert_int_equal(rules_version(got), 2);
    assert_non_null(strstr(says, "rules-10.json line 3 column "));
    rules_free(got);

    /* What is wrong in what it means is said with rule and phrase. */
    assert_int_equal(rules_load_version(folder, 3, &got, says), ERR_MALFORMED);
    assert_string_equal(says, "rules-3.json: rule words.y: phrase 2 of en begins or ends with ..");

    /* A file that was copied and not renumbered. */
    put_set(10, 9, RULE);
    assert_int_equal(rules_load(folder, &got, says), ERR_OK);
    assert_string_equal(says, "rules-10.json: its version is 9");
    rules_free(got);

    put_set(10, 10, RULE);
    assert_int_equal(rules_load(folder, &got, says), ERR_OK);
    assert_string_equal(says, "");
    assert_int_equal(rules_version(got), 10);
    rules_free(got);
    assert_int_equal(rules_load_version(folder, 1, &got, says), ERR_OK);
    assert_int_equal(rules_version(got), 1);
    rules_free(got);
    assert_int_equal(rules_load_version(folder, 4, &got, says), ERR_NOT_FOUND);

    /* None is right: whoever starts the vault hears of the newest. */
    for (unsigned number = 1; number <= 3; number++)
        put(number, "[]");
    put(10, "{");
    assert_int_not_equal(rules_load(folder, &got, says), ERR_OK);
    assert_non_null(strstr(says, "rules-10.json line 1"));

    for (unsigned number = 1; number <= 10; number++) {
        char path[256];
        snprintf(path, sizeof path, "%s/rules-%u.json", folder, number);
        unlink(path);
    }
    assert_int_equal(rmdir(folder), 0);
}

/* ---- what a rule can say ---- */

static struct rules_proposal *propose_with(struct rules *with, const char *text)
{
    struct rules *shipped = rules;
    rules = with;
    struct rules_proposal *proposal = propose(text, NULL, "grievance");
    rules = shipped;
    return proposal;
}

static size_t fires(struct rules *with, const char *text)
{
    struct rules_proposal *p = propose_with(with, text);
    size_t count = p->count;
    mem_free(p);
    return count;
}

static void a_rule_names_the_desk_that_it_belongs_to(void **state)
{
    (void)state;
    char says[SAYS_SIZE];
    struct rules *with =
        set_of("{\"id\":\"words.sea\",\"says\":\"S\",\"desk\":\"safeguarding\",\"raises\":{\"grave\":true},"
               "\"phrases\":{\"en\":[\"sleep with him\"]}},"
               "{\"id\":\"words.x\",\"says\":\"X\",\"raises\":{\"scale\":4},"
               "\"phrases\":{\"en\":[\"well\"]}}",
               ERR_OK, says);
    struct rules_proposal *p = propose_with(with, "at the well, I should sleep with him");
    assert_int_equal(p->count, 2);
    json_t *json = proposal_json(p, 2), *fired = json_object_get(json, "fired");
    assert_string_equal(p->fired[0].rule, "words.x");
    assert_null(json_object_get(json_array_get(fired, 0), "desk"));
    assert_string_equal(json_string_value(json_object_get(json_array_get(fired, 1), "desk")), "safeguarding");
    json_decref(json);
    mem_free(p);
    rules_free(with);
}

static void help_alone_is_a_call_and_thanks_for_help_is_not(void **state)
{
    (void)state;
    char says[SAYS_SIZE];
    struct rules *with = set_of("{\"id\":\"words.help\",\"says\":\"H\",\"most_words\":3,\"raises\":{\"scale\":3},"
                                "\"phrases\":{\"en\":[\"help\"],\"zh\":[\"快来\"],\"hi\":[\"मदद\"]}}",
                                ERR_OK, says);
    assert_int_equal(fires(with, "help"), 1);
    assert_int_equal(fires(with, "please help now"), 1);
    assert_int_equal(fires(with, "thank you for the help"), 0);
    assert_int_equal(fires(with, "The well is dry and the pump is old. Help! The clerk does not listen to us"), 1);
    assert_int_equal(fires(with, "the well is dry and the pump is old\nhelp\nthe clerk does not listen to us"), 1);
    assert_int_equal(fires(with, "你们的人很好。快来！井里没有水了"), 1);
    assert_int_equal(fires(with, "यहाँ पानी नहीं आता है। मदद। कोई सुनता नहीं है हमारी"), 1);
    rules_free(with);
}

static void a_gap_looks_further_when_the_nearest_word_leads_nowhere(void **state)
{
    (void)state;
    char says[SAYS_SIZE];
    struct rules *with = set_of(
        "{\"id\":\"words.x\",\"says\":\"X\",\"raises\":{\"scale\":4},\"phrases\":{\"en\":[\"took .. my passport\"],"
        "\"zh\":[\"扣 .. 护照\"],\"sw\":[\"*chukua pasipoti\"]}}",
        ERR_OK, says);
    assert_int_equal(fires(with, "he took my bag and my passport"), 1);
    assert_int_equal(fires(with, "he took my bag and later in the long evening my passport"), 0);
    assert_int_equal(fires(with, "Wamechukua pasipoti zetu"), 1);
    assert_int_equal(fires(with, "chukua vitabu"), 0);
    rules_free(with);
}

/* Scripts whose letters take three bytes, and words that are pairs of letters. */
static void phrases_of_every_script_are_found(void **state)
{
    (void)state;
    char says[SAYS_SIZE];
    struct rules *with =
        set_of("{\"id\":\"words.x\",\"says\":\"X\",\"raises\":{\"scale\":4},\"phrases\":{"
               "\"zh\":[\"扣* .. 护照\",\"*枪\"],\"hi\":[\"मार डाल*\"],\"bn\":[\"মেরে ফেল*\"],\"ru\":[\"убь*\"],"
               "\"ar\":[\"قتل*\"]}}",
               ERR_OK, says);
    assert_int_equal(fires(with, "老板扣了我们所有人的護照"), 1);
    assert_int_equal(fires(with, "他有枪"), 1);
    assert_int_equal(fires(with, "मार डालेंगे"), 1);
    assert_int_equal(fires(with, "ওরা মেরে ফেলবে"), 1);
    assert_int_equal(fires(with, "УБЬЁТ"), 1);
    assert_int_equal(fires(with, "والقتلة"), 1);
    assert_int_equal(fires(with, "老板给了护照"), 0);
    rules_free(with);

    /* Nothing but pairs: each letter stands in two of them. */
    with =
        set_of("{\"id\":\"words.x\",\"says\":\"X\",\"raises\":{\"scale\":4},\"phrases\":{\"zh\":[\"不让我们离开\"]}}",
               ERR_OK, says);
    assert_int_equal(fires(with, "他们不让我们离开"), 1);
    rules_free(with);
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
        cmocka_unit_test(a_wrong_file_is_left_aside_and_the_older_one_counts),
        cmocka_unit_test(a_rule_names_the_desk_that_it_belongs_to),
        cmocka_unit_test(help_alone_is_a_call_and_thanks_for_help_is_not),
        cmocka_unit_test(a_gap_looks_further_when_the_nearest_word_leads_nowhere),
        cmocka_unit_test(phrases_of_every_script_are_found),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
