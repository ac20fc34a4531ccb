/* words.h -- codes, times and numbers as people read them, in the reader's language.
 *
 * Labels are msgids of the console's catalogues. What has no label is shown as it is: a newer vault may know more. */
#ifndef TRIAGE_CONSOLE_WORDS_H
#define TRIAGE_CONSOLE_WORDS_H

#include <jansson.h>
#include <stdint.h>

#include "common/office/office.h"
#include "common/text/catalogue.h"
#include "common/text/codes.h"

/* Who reads: texts are looked up in `set` for `language`. */
struct reader {
    const struct catalogue_set *set;
    const char *language;
};

enum words_group {
    WORDS_BAND,
    WORDS_LANE,
    WORDS_KIND,
    WORDS_CHANNEL,
    WORDS_STATE,
    WORDS_ACT,      /* what the person wishes or says; what a second person is asked for */
    WORDS_DEADLINE, /* what has to be done about a case by when */
    WORDS_PAUSE,    /* why no deadline runs */
    WORDS_ROLE,
    WORDS_TOKEN_SCOPE,
    WORDS_LIKELIHOOD,
    WORDS_SCALE,
    WORDS_SCOPE,
    WORDS_IRREMEDIABILITY,
    WORDS_STAGE, /* from here to WORDS_MECHANISM_CLASS: code lists (triage/codes/) */
    WORDS_RIGHT,
    WORDS_PEOPLE, /* groups at heightened risk */
    WORDS_TECHNOLOGY,
    WORDS_INVOLVEMENT,
    WORDS_ACTION, /* kinds of action */
    WORDS_LEVERAGE,
    WORDS_REMEDY,
    WORDS_MECHANISM, /* where a case can be referred to */
    WORDS_MECHANISM_CLASS,
    WORDS_ACTION_STATE,
    WORDS_CONSENT,  /* what was said to a question */
    WORDS_REFERRAL, /* states of a referral */
    WORDS_FINDING,  /* what may tell who somebody is */
    WORDS_SPEAKING,
    WORDS_YES_NO,
    WORDS_HAPPENED, /* has it happened, and is it over */
    WORDS_WAY,
    WORDS_DAY, /* of the week */
    WORDS_URGENCY,
    WORDS_METHOD,      /* how a translation was made */
    WORDS_PARTICIPANT, /* which part somebody has in a case */
    WORDS_SAY,         /* what their word decides, and what they say of what was offered */
    WORDS_SAFETY,      /* how likely punishment is, what a step outside is, how they are afterwards */
    WORDS_ANSWER,      /* names of a report's answers */
    WORDS_CONTACT,     /* names of a report's contact fields */
    WORDS_EXPORT,      /* what can be taken out; how far it is */
    WORDS_EXPORT_STATE,
    WORDS_FILE,     /* what a file is, as its sender said */
    WORDS_CLEANING, /* why there is no copy or picture of it */
    WORDS_SAID,     /* what has just been done */
    WORDS_TITLE,    /* titles of error pages, by vault code */
    WORDS_FIELD,    /* fields whose name helps who has filled them in wrongly, as their pages call them */
};

/* The code lists and the office as they were read, for all that follows; borrowed until they are NULL again. Before the
 * workers are forked. */
void words_use(const struct codes *codes, const struct office *office);

/* Never NULL; `code` itself if it has no label. Borrowed from the catalogue, or `code`. */
const char *words_label(const struct reader *reader, enum words_group group, const char *code);
/* NULL if it has no label. */
const char *words_find(const struct reader *reader, enum words_group group, const char *code);
/* What the office calls a service, with its code: "The camera at the gate (gate)"; what is no code of one as it stands.
 * New reference. */
json_t *words_service(const struct reader *reader, const char *code);
/* A msgid in the reader's language; what is unknown stays English. */
const char *words_text(const struct reader *reader, const char *english);
/* The same with one {{n}} filled in, in the plural form of `n`. The caller frees (mem_free). */
char *words_count(const struct reader *reader, const char *one, const char *many, uint64_t n);
/* A msgid with the {{names}} of `values` filled in; takes `values`. The caller frees (mem_free). */
char *words_fill(const struct reader *reader, const char *english, json_t *values);

/* Native name of a language code; its code, or "unknown". */
const char *words_language(const struct reader *reader, const char *code);
/* {"iso","text":"2026-11-22 08:00 UTC"}, and with `now` also {"says":"in 3 hours","over":bool}; NULL if it is no time.
 * `now` 0: without. */
json_t *words_time(const struct reader *reader, const char *iso, int64_t now);
/* A time of the office's clock, `ahead_minutes` of UTC: {"iso","text":"Friday 2026-11-27 18:00"}; NULL if it is none.
 */
json_t *words_office_time(const struct reader *reader, const char *iso, int64_t ahead_minutes);
/* Codes of the days, Monday first; ends with NULL. */
extern const char *const WEEKDAYS[];
/* "UTC+03:00". */
json_t *words_zone(int64_t ahead_minutes);
/* [{"code","label","chosen"}] for a <select>. */
json_t *words_options(const struct reader *reader, enum words_group group, const char *const *codes,
                      const char *chosen);
/* The same of a code list; each also has "term" and "chosen" (it stands in the list of codes `chosen`, may be NULL). */
json_t *words_codes(const struct reader *reader, enum words_group group, const json_t *chosen);
/* The row of a code list, for what it leads to; NULL. */
const struct codes_row *words_code(enum words_group group, const char *code);
/* The same for the levels 1 to 4; `chosen` 0: none. */
json_t *words_levels(const struct reader *reader, enum words_group group, int64_t chosen);

#endif
