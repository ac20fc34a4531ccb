/* why.h -- telling the person, in plain words and in their language, how urgent we think their report is and why.
 *
 * The words are sentences of the catalogue and a day, nothing else: what is known of a case is first brought to numbers
 * (struct why), so no rule, word, name, number of others or text of staff can get into them. Only what a person has
 * assessed counts, never a proposal; how many people it touches is not told, because that may come from other cases.
 * An officer reads and changes the words before they go out as an answer (ops_case.c). Pure but for the state that
 * why_of() reads. */
#ifndef TRIAGE_VAULT_WHY_H
#define TRIAGE_VAULT_WHY_H

#include <jansson.h>

#include "common/base/buf.h"
#include "common/text/catalogue.h"
#include "triage/vault/stages.h"

enum { WHY_MAX = 8192 };

/* What happens next. */
enum why_next {
    WHY_NEXT_OPEN,   /* we go on; no day is known */
    WHY_NEXT_DUE,    /* they are told what became of it by `day` */
    WHY_NEXT_LATE,   /* that day is over */
    WHY_NEXT_REVIEW, /* somebody else looks at the decision, by `day` */
    WHY_NEXT_PAUSED, /* the deadlines stand still */
    WHY_NEXT_THEIRS, /* we wait for them */
    WHY_NEXT_OVER,   /* the case has ended */
    WHY_NEXTS
};
/* What goes to the phone of who texts: whoever holds it reads it. */
enum why_text {
    WHY_TEXT_NONE,  /* they do not text, or there is no safe way to reach them */
    WHY_TEXT_QUIET, /* that there is a message: their safety is at high risk */
    WHY_TEXT_SHORT,
    WHY_TEXTS
};

struct why {
    struct severity severity; /* as a person assessed it */
    enum why_next next;
    enum why_text text;
    int64_t day; /* wall seconds, in the office's own time */
};

/* 0: no person has assessed the case, and nothing was read. `counts` is the severity that deadlines go by. */
MUST_CHECK int why_of(const struct stages_office *office, const json_t *state, const struct severity *counts,
                      int64_t now, struct why *out);
/* Appends the words for the page, and those for a text (nothing: WHY_TEXT_NONE). Both hold WHY_MAX bytes. `texts` NULL:
 * English. */
void why_write(const struct catalogue_set *texts, const char *language, const struct why *why, int64_t now,
               struct buf *page, struct buf *text);

#endif
