/* office.h -- what an office says to people, and what it asks: the file office.yaml that an operator edits.
 *
 * Texts, the steps of a report and their times, other ways to a remedy, services, and questions: which of ours are
 * asked, in which words, and questions of the office's own (docs/office.md). Intake shows it, the console names
 * services with it, `recourse office check` tells every fault of it with its line. Reading is libyaml's; this room
 * knows what may stand where. Everything has a limit; nothing of a file with a fault is used. */
#ifndef COMMON_OFFICE_OFFICE_H
#define COMMON_OFFICE_OFFICE_H

#include <stddef.h>

#include "common/base/err.h"
#include "common/text/language.h"
#include "common/text/says.h"

enum {
    OFFICE_FILE_MAX = 256 * 1024,
    OFFICE_CODE_MAX = 40,
    OFFICE_STEPS_MAX = 12,
    OFFICE_WAYS_MAX = 60,
    OFFICE_SERVICES_MAX = 40,
    OFFICE_CHOICES_MAX = 40,
    OFFICE_OWN_MAX = 12,    /* questions of the office's own: each is one more that a frightened person meets */
    OFFICE_FIELDS_MAX = 32, /* of ours that it changes */
    /* Fields of one form that own questions can fill, where everything is ticked; and bytes of their words in one
     * language, which stand in a report that answers all of them. */
    OFFICE_OWN_FIELDS = 100,
    OFFICE_OWN_BYTES = 64 * 1024,
    /* Characters. */
    OFFICE_TEXT_MOST = 4000,
    OFFICE_LINE_MOST = 300,
    OFFICE_SMS_MOST = 160, /* bytes: a text message carries more than it */
};

/* One text in the languages that the office gave. */
struct office_words {
    char *in[LANGUAGE_MAX]; /* owned; in the order of language_table(); NULL: not given */
    unsigned line;          /* where it stands in the file; 0: it was not given at all */
};

enum office_text {
    OFFICE_EMERGENCY,     /* whom to call in danger */
    OFFICE_EMERGENCY_SMS, /* the same for the answer to a text message; at most OFFICE_SMS_MOST bytes */
    OFFICE_HOURS,         /* when somebody reads */
    OFFICE_INSTEAD,       /* who else to go to, while a desk has no members */
    OFFICE_WELCOME,       /* below the first page's heading, in place of ours */
    OFFICE_ABOUT,         /* who runs this, and for whom it is */
    OFFICE_CANNOT,        /* what it cannot do, beside what no such mechanism can */
    OFFICE_SLIP,          /* a line on the printed slip */
    OFFICE_TEXTS
};

/* What happens with a report, in order, and within which time. */
struct office_step {
    struct office_words what, within;
};

/* Somebody else who can help, or put it right: a court, an ombuds institution. */
struct office_way {
    char kind[OFFICE_CODE_MAX + 1]; /* one of office_way_kinds */
    struct office_words name, what;
    char *telephone, *web; /* owned; NULL: not given */
};

struct office_choice {
    char code[OFFICE_CODE_MAX + 1];
    struct office_words says;
};

/* A question of ours that the office changes. */
struct office_field {
    char name[OFFICE_CODE_MAX + 1]; /* of office_fields.h */
    int is_left_out;
    struct office_words asks, help;                     /* in place of ours, where given */
    char only[OFFICE_CHOICES_MAX][OFFICE_CODE_MAX + 1]; /* the choices offered, in their order */
    size_t only_count;                                  /* 0: all */
};

enum office_answer { OFFICE_ANSWER_TEXT, OFFICE_ANSWER_ONE, OFFICE_ANSWER_SEVERAL };

#define OFFICE_OWN_PREFIX "own_"

/* A question of the office's own. Its answer is kept with the question as it was asked. */
struct office_own {
    char code[OFFICE_CODE_MAX + 1], step[OFFICE_CODE_MAX + 1];
    char field[sizeof OFFICE_OWN_PREFIX + OFFICE_CODE_MAX]; /* what a form calls it: own_CODE */
    enum office_answer answer;
    struct office_words asks, help;
    struct office_choice choices[OFFICE_CHOICES_MAX];
    size_t choice_count;
};

struct office {
    struct office_words texts[OFFICE_TEXTS];
    struct office_step steps[OFFICE_STEPS_MAX];
    struct office_way ways[OFFICE_WAYS_MAX];
    struct office_choice services[OFFICE_SERVICES_MAX];
    struct office_field fields[OFFICE_FIELDS_MAX];
    struct office_own own[OFFICE_OWN_MAX];
    size_t step_count, way_count, service_count, field_count, own_count;
};

/* Kinds of ways, ended by NULL. What people read for each is its reader's affair. */
extern const char *const office_way_kinds[];

/* A fault, or what else is to be said: `line` from 1, 0: the file as a whole. Never repeats what stands there. */
typedef void office_told_fn(void *room, unsigned line, const char *says);

/* Read the file into `office` (overwritten). Every fault is told (`told` may be NULL), the first twenty of them.
 * ERR_NOT_FOUND, ERR_SYSTEM, ERR_TOO_BIG, ERR_MALFORMED; then nothing is left to free. An empty file is an office
 * that says nothing of its own. */
MUST_CHECK enum err office_load(struct office *office, const char *path, office_told_fn *told, void *room);
/* The same from bytes. */
MUST_CHECK enum err office_read(struct office *office, const void *bytes, size_t len, office_told_fn *told, void *room);
/* A zeroed one is fine. */
void office_free(struct office *office);
/* For a process at its start: the office of a file that the operator's command has looked at, on the heap; of path ""
 * one that says nothing of its own. On an error `says` has the first fault and *out is NULL. */
MUST_CHECK enum err office_open(const char *path, struct office **out, char says[static SAYS_SIZE]);
/* NULL is fine. */
void office_close(struct office *office);

/* The words in `language`, else in English, else NULL. *out_language (NULL: not wanted) is the language they are in. */
const char *office_says(const struct office_words *words, const char *language, const char **out_language);
/* 1 if a text fits into the answer to a text message: one line of at most OFFICE_SMS_MOST bytes. */
int office_fits_sms(const char *text);
/* NULL: none of that code. */
const struct office_choice *office_service(const struct office *office, const char *code);
const struct office_field *office_field(const struct office *office, const char *name);
const struct office_own *office_own(const struct office *office, const char *code);
/* 1 if a question of ours is asked, and of one with choices if `code` is offered. */
int office_asks(const struct office *office, const char *name);
int office_offers(const struct office *office, const char *name, const char *code);

/* As if the file left a question of ours out: what the machine does not take is not asked either. */
void office_leave_out(struct office *office, const char *name);

/* How many of the office's texts are given in a language of language_table(), by its place; and each that is missing
 * there is told with its line. *out_all is how many there are. */
size_t office_given(const struct office *office, size_t place, size_t *out_all, office_told_fn *told, void *room);

#endif
