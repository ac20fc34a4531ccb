/* form_questions.h -- the questions of the report form as we word them: what each asks, what helps to answer it, and
 * what its choices are called. The office may say it otherwise (form_words.c). */
#ifndef INTAKE_FORM_QUESTIONS_H
#define INTAKE_FORM_QUESTIONS_H

struct form_option {
    const char *value, *says; /* says: a msgid */
};
struct form_question {
    const char *field, *asks, *help;   /* msgids; help NULL: none, or one that depends (ask_danger.mustache) */
    const struct form_option *options; /* NULL: free words, or what the office offers */
};

/* In the order of the page; ends with a question without a field. */
extern const struct form_question form_questions[];
/* NULL: there is none of that field, or none of that value. */
const struct form_question *form_question_find(const char *field);
const struct form_option *form_question_option(const struct form_question *question, const char *value);

#endif
