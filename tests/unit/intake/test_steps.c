/* The form as steps: their order, what each keeps and takes back, and that every answer belongs to one of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/office/office_fields.h"
#include "intake/form_words.h"
#include "intake/report_form.h"
#include "intake/steps.h"

static const struct office ours; /* one that changes nothing */

static struct form form_of(const char *encoded)
{
    struct form form;
    assert_int_equal(form_read(&form, encoded, strlen(encoded)), ERR_OK);
    return form;
}

static void walks_at(const struct office *office, const char *told, const char *path)
{
    struct form form = form_of(told);
    char way[400] = "";
    const struct step *step = steps, *last;
    unsigned page = 1;
    do {
        last = step;
        assert_int_equal(steps_page(office, step, &form), page++);
        strcat(strcat(way, step->name), " ");
        step = steps_next(office, step, &form);
        if (step != last)
            assert_ptr_equal(steps_back(office, step, &form), last);
    } while (step != last);
    assert_string_equal(way, path);
    form_free(&form);
}

static void walks(const char *told, const char *path)
{
    walks_at(&ours, told, path);
}

static void what_does_not_concern_somebody_is_not_asked(void **state)
{
    (void)state;
    walks("", "danger story when speaker about groups safety files contact readers check ");
    walks("ongoing=yes&speaking_as=self", "danger story when speaker about groups safety files contact readers check ");
    walks("ongoing=not_yet&speaking_as=group",
          "danger story when likely speaker behalf about groups safety files contact readers check ");
    walks("speaking_as=proxy", "danger story when speaker behalf about groups safety files contact readers check ");
}

static void every_question_belongs_to_one_step_and_to_the_report(void **state)
{
    (void)state;
    size_t questions = 0, fields = 0;
    for (const struct form_question *question = form_questions; question->field; question++, questions++) {
        assert_ptr_equal(form_question_find(question->field), question);
        assert_non_null(steps_asking(&ours, question->field));
        assert_true(report_form_knows(question->field));
    }
    for (const struct step *step = steps; step->name; step++)
        for (const char *const *field = step->fields; *field; field++, fields++)
            assert_ptr_equal(steps_asking(&ours, *field), step);
    assert_int_equal(questions, fields);
    assert_null(steps_find("nowhere"));
    assert_null(steps_find(NULL));
}

/* Each choice that the form offers is one that the report takes. */
static void every_choice_is_one_that_a_report_may_bring(void **state)
{
    (void)state;
    for (const struct form_question *question = form_questions; question->field; question++)
        for (const struct form_option *option = question->options; option && option->value; option++) {
            char encoded[100], flag[100];
            snprintf(encoded, sizeof encoded, "%s=%s", question->field, option->value);
            snprintf(flag, sizeof flag, "%s_%s", question->field, option->value);
            struct form form = form_of(encoded);
            json_t *context = report_form_context(&form);
            if (strcmp(flag, "read_back_no") != 0) /* what nobody has to say */
                assert_true(json_is_true(json_object_get(context, flag)));
            json_decref(context);
            form_free(&form);
        }
}

static void expect(const struct form *form, const char *encoded)
{
    struct form wanted = form_of(encoded);
    assert_int_equal(form->count, wanted.count);
    for (unsigned i = 0; i < wanted.count; i++) {
        assert_string_equal(form->fields[i].name, wanted.fields[i].name);
        assert_string_equal(form->fields[i].value, wanted.fields[i].value);
    }
    form_free(&wanted);
}

static void merges(const char *step, const char *before, const char *posted, const char *after)
{
    struct form told = form_of(before), post = form_of(posted), out;
    assert_int_equal(steps_merge(&ours, steps_find(step), &told, &post, &out), ERR_OK);
    expect(&out, after);
    form_free(&told);
    form_free(&post);
    form_free(&out);
}

static void a_step_replaces_its_own_answers_and_keeps_the_others(void **state)
{
    (void)state;
    merges("when", "text=a&when=b&where=c", "step=when&key=k&when=d&lang=sw&go=next", "text=a&when=d");
    merges("groups", "groups=child&groups=woman&text=a", "step=groups&groups=older", "text=a&groups=older");
    merges("danger", "danger_now=yes&under_18=yes", "step=danger&danger_now=yes", "danger_now=yes");
    merges("check", "text=a&how=sms", "step=check&go=send", "text=a&how=sms");
    /* Without a draft the page carries the others. */
    merges("when", "", "text=a&how=sms&when=b", "text=a&how=sms&when=b");
}

static void says(const char *before, const char *after)
{
    struct form told = form_of(before), out;
    assert_int_equal(steps_said(&ours, &told, &out), ERR_OK);
    expect(&out, after);
    form_free(&told);
    form_free(&out);
}

static void what_belongs_to_another_answer_is_not_sent(void **state)
{
    (void)state;
    says("ongoing=yes&likelihood=low&text=a", "ongoing=yes&text=a");
    says("ongoing=not_yet&likelihood=low", "ongoing=not_yet&likelihood=low");
    says("speaking_as=self&behalf_who=b&behalf_why=c&behalf_people=3", "speaking_as=self");
    says("speaking_as=group&behalf_who=b&behalf_consent=given&behalf_people=3",
         "speaking_as=group&behalf_who=b&behalf_people=3");
    says("behalf_who=b", "behalf_who=b");
}

/* What an office may change (office_fields.c) is what the form asks: the same questions and choices in the same order,
 * and its own may stand on steps that there are. */
static void what_an_office_may_change_is_what_the_form_asks(void **state)
{
    (void)state;
    size_t i = 0;
    const struct step *at = steps;
    for (; office_fields[i].name; i++) {
        const struct office_known *known = &office_fields[i];
        assert_non_null(form_questions[i].field);
        assert_string_equal(known->name, form_questions[i].field);
        size_t k = 0;
        for (; known->choices && known->choices[k]; k++)
            assert_string_equal(known->choices[k], form_questions[i].options[k].value);
        if (known->choices)
            assert_null(form_questions[i].options[k].value);
    }
    assert_null(form_questions[i].field);
    for (const char *const *name = office_fields_steps; *name; name++) {
        while (at->name && strcmp(at->name, *name) != 0)
            at++;
        assert_true(at->name && at[1].name); /* in the order of the form, and not the check */
        assert_null(at->is_asked);           /* else it would depend on other answers whether it is asked */
    }
}

static struct office office;

static void ask_as(const char *yaml)
{
    assert_int_equal(office_read(&office, yaml, strlen(yaml), NULL, NULL), ERR_OK);
}

static void a_step_without_questions_is_passed_over(void **state)
{
    (void)state;
    ask_as("questions:\n"
           "  groups: {ask: no}\n  speaking_as: {ask: no}\n  service_words: {ask: no}\n  files: {ask: no}\n");
    walks_at(&office, "", "danger story when safety contact readers check ");
    /* what was told before it was left out leads nowhere */
    assert_false(steps_asks(&office, "behalf_who"));
    assert_false(steps_is_there(&office, steps_find("behalf")));
    office_free(&office);
    ask_as("questions:\n  groups: {ask: no}\n"
           "own_questions: [{code: camp, step: groups, answer: text, asks: {en: Which camp?}}]\n");
    walks_at(&office, "", "danger story when speaker about groups safety files contact readers check ");
    assert_string_equal(steps_asking(&office, "own_camp")->name, "groups");
    assert_null(steps_asking(&office, "own_tent"));
    office_free(&office);
}

static void what_is_not_asked_or_offered_is_not_said(void **state)
{
    (void)state;
    ask_as("questions:\n  wish: {ask: no}\n  ongoing: {ask: no}\n  how: {only: [page, none]}\n"
           "  speaking_as: {only: [self, witness]}\n"
           "own_questions:\n"
           "  - {code: camp, step: story, answer: one, asks: {en: Camp?}, choices: [{code: a, says: {en: A}}, "
           "{code: b, says: {en: B}}]}\n"
           "  - {code: free, step: story, answer: text, asks: {en: Free?}}\n");
    struct form told = form_of("wish=w&ongoing=not_yet&likelihood=low&how=sms&number=1&speaking_as=group&behalf_who=x&"
                               "text=t&own_camp=c&own_camp=b&own_free=f&own_other=o&key=k"),
                none = {0}, out;
    assert_int_equal(steps_said(&office, &told, &out), ERR_OK);
    expect(&out, "text=t&own_camp=b&own_free=f");
    form_free(&out);
    assert_int_equal(steps_merge(&office, steps_find("story"), &none, &told, &out), ERR_OK);
    expect(&out, "text=t&own_camp=b&own_free=f");
    /* its own questions are taken back like others of the step */
    struct form again = form_of("text=u"), after;
    assert_int_equal(steps_merge(&office, steps_find("story"), &out, &again, &after), ERR_OK);
    expect(&after, "text=u");
    form_free(&after);
    form_free(&again);
    form_free(&out);
    form_free(&told);
    office_free(&office);
}

static void answers_become_bytes_and_come_back(void **state)
{
    (void)state;
    struct form told = form_of("text=%F0%9F%8C%8A%0Aa&groups=child&groups=older&when="), back;
    struct buf bytes = BUF_INIT(10000);
    assert_int_equal(steps_write(&told, &bytes), ERR_OK);
    assert_int_equal(steps_read(&bytes, &back), ERR_OK);
    expect(&back, "text=%F0%9F%8C%8A%0Aa&groups=child&groups=older&when=");
    form_free(&back);
    for (size_t len = bytes.len; len-- > 1;) {
        buf_cut(&bytes, len);
        (void)!steps_read(&bytes, &back);
        form_free(&back);
    }
    buf_free(&bytes);
    form_free(&told);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_does_not_concern_somebody_is_not_asked),
        cmocka_unit_test(every_question_belongs_to_one_step_and_to_the_report),
        cmocka_unit_test(every_choice_is_one_that_a_report_may_bring),
        cmocka_unit_test(a_step_replaces_its_own_answers_and_keeps_the_others),
        cmocka_unit_test(what_belongs_to_another_answer_is_not_sent),
        cmocka_unit_test(what_an_office_may_change_is_what_the_form_asks),
        cmocka_unit_test(a_step_without_questions_is_passed_over),
        cmocka_unit_test(what_is_not_asked_or_offered_is_not_said),
        cmocka_unit_test(answers_become_bytes_and_come_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
