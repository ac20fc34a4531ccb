/* steps.h -- the report form as steps: one table says which there are, which answers belong to each, and when one is
 * asked at all. The office leaves some of it out and adds questions of its own (office.yaml). Pure. Neighbours:
 * page_steps.c walks through it, intake/pages/ask_NAME.mustache asks. */
#ifndef INTAKE_STEPS_H
#define INTAKE_STEPS_H

#include "common/base/buf.h"
#include "common/http/form.h"
#include "common/office/office.h"

struct step {
    const char *name, *title;                 /* title: a msgid */
    const char *const *fields;                /* of ours, ended by NULL */
    int (*is_asked)(const struct form *told); /* NULL: always */
};

/* In their order; ends with a step without a name. The first is "danger", the last "check". */
extern const struct step steps[];

/* NULL: there is none of that name. */
const struct step *steps_find(const char *name);
/* The one that a field belongs to, asked or not; NULL: none. */
const struct step *steps_asking(const struct office *office, const char *field);
int steps_has(const struct office *office, const struct step *step, const char *field);
/* 1 if the office asks a question of ours: it does not leave it out, nor all the answers that lead to it. */
int steps_asks(const struct office *office, const char *field);
/* 1 for a field that holds an answer to what is asked: not for a choice that is not offered. */
int steps_takes(const struct office *office, const struct form_field *field);
/* 1 if anything is asked on a step, whatever was told; and of somebody who told `told`. */
int steps_is_there(const struct office *office, const struct step *step);
int steps_is_asked(const struct office *office, const struct step *step, const struct form *told);
/* Who told `told` is asked next, or was asked before; the last and the first lead to themselves. */
const struct step *steps_next(const struct office *office, const struct step *step, const struct form *told);
const struct step *steps_back(const struct office *office, const struct step *step, const struct form *told);
/* From 1, as the person counts: steps that are not asked are not counted. */
unsigned steps_page(const struct office *office, const struct step *step, const struct form *told);

/* What is known after a step: `told` before it, and what the step `posted`; an answer of this step that is not in it
 * was taken back. What steps_takes() does not take is left out. `out` is overwritten; form_free() it. ERR_TOO_BIG. */
MUST_CHECK enum err steps_merge(const struct office *office, const struct step *step, const struct form *told,
                                const struct form *posted, struct form *out);
/* Of `told` the answers to what is asked, without what belongs to another answer than the one that stands now: how
 * likely it is of what has happened, for whom they speak of one who speaks for themself. `out` is overwritten;
 * form_free() it. */
MUST_CHECK enum err steps_said(const struct office *office, const struct form *told, struct form *out);

/* Answers as bytes for a draft, appended to `out`, and back; `form` is overwritten, form_free() it in every case.
 * ERR_TOO_BIG, ERR_MALFORMED. */
MUST_CHECK enum err steps_write(const struct form *told, struct buf *out);
MUST_CHECK enum err steps_read(const struct buf *bytes, struct form *told);

#endif
