/* fields.h -- what a form or a JSON body may say, as tables, and one reader for both.
 *
 * The two are first brought to the same JSON values and then checked by the same function, so a page can never send the
 * vault what the API could not. Members that nobody asked for are left out. The vault checks again. */
#ifndef TRIAGE_CONSOLE_FIELDS_H
#define TRIAGE_CONSOLE_FIELDS_H

#include <jansson.h>

#include "common/base/err.h"
#include "common/http/form.h"

enum field_kind {
    FIELD_TEXT,   /* at most `max` bytes; an empty one is not there */
    FIELD_CHOICE, /* one of `words`, or null */
    FIELD_LEVEL,  /* 1 to 4, or null: unknown. Always sent on */
    FIELD_COUNT,  /* a whole number from 0 to `max` */
    FIELD_FLAG,   /* true or false; in a form an absent one is false, unless it must be said */
    FIELD_TICK,   /* the same, but an absent one is not said */
    FIELD_CODE,   /* a short code; which ones there are, the vault knows */
    FIELD_CODES,  /* a list of them, at most `max` */
    FIELD_TIME,   /* RFC 3339 in UTC, or null. Always sent on */
    FIELD_ID,     /* a UUID */
    FIELD_ROWS,   /* a list of at most `max` objects, each as fields_of_row(name) says. In a form "groups.0.scale" */
};

struct field {
    const char *name; /* "answers.where" stands as `where` in an object `answers` */
    enum field_kind kind;
    int must;
    size_t max;
    const char *const *words; /* ends with NULL */
};

/* A literal sentence for people (a msgid) and the field it is about. */
struct field_fault {
    const char *says, *field;
};

/* Put what `form` (or the object `body`) says into the object `ask`. ERR_MALFORMED with *fault. `fields` ends with a
 * row whose name is NULL; NULL: nothing is read. */
MUST_CHECK enum err fields_from_form(const struct field *fields, const struct form *form, json_t *ask,
                                     struct field_fault *fault);
MUST_CHECK enum err fields_from_json(const struct field *fields, const json_t *body, json_t *ask,
                                     struct field_fault *fault);

/* What a row of that list may say; its first field names it, and in a form a row without it and
 * without any text is not there. */
const struct field *fields_of_row(const char *list);

/* The tables. */
extern const struct field FIELDS_PAGE[], FIELDS_QUEUE[], FIELDS_SIGNIN[], FIELDS_ASSESS[], FIELDS_ANSWER[],
    FIELDS_NOTE[], FIELDS_LINK[], FIELDS_RETURN[], FIELDS_MOVE[], FIELDS_LOOK[], FIELDS_IMPACT[], FIELDS_SEARCH[],
    FIELDS_WALKIN[], FIELDS_PERSON[], FIELDS_END[], FIELDS_DECIDE[], FIELDS_SECOND[], FIELDS_HAND[], FIELDS_WATCH[],
    FIELDS_FRESH[], FIELDS_CODE[], FIELDS_PASSWORD[], FIELDS_ADMIT[], FIELDS_PASSKEY[], FIELDS_PASSKEY_NEW[],
    FIELDS_PASSKEY_END[], FIELDS_WHICH[], FIELDS_TOKEN[], FIELDS_TOKEN_END[], FIELDS_RECOVER[], FIELDS_PERSON_FRESH[],
    FIELDS_IMPACTS[], FIELDS_IMPACT_CHANGE[], FIELDS_ENTITY[], FIELDS_INVOLVE[], FIELDS_ACTIONS[], FIELDS_ACTION_ADD[],
    FIELDS_ACTION[], FIELDS_ATTEMPT[], FIELDS_JOIN[], FIELDS_SAFETY[], FIELDS_GRAPHIC[], FIELDS_TRANSLATE[],
    FIELDS_TRANSLATION[], FIELDS_OUTSIDE[], FIELDS_CHECKIN[], FIELDS_LIST[], FIELDS_TITLE[], FIELDS_GROUP_ANSWER[],
    FIELDS_GROUP_LINK[], FIELDS_OFFER[], FIELDS_DELIVER[], FIELDS_HEARD[], FIELDS_ALIASES[], FIELDS_RECUSE[],
    FIELDS_PAUSE[], FIELDS_ONCALL[], FIELDS_ROSTER[], FIELDS_SHIFT[], FIELDS_RECEIVERS[], FIELDS_RECEIVER[],
    FIELDS_RECEIVER_CHANGE[], FIELDS_RECEIVER_CHECK[], FIELDS_CONSENT[], FIELDS_CONSENT_SAID[], FIELDS_REFERRALS[],
    FIELDS_REFERRAL[], FIELDS_REFERRAL_DRAFT[], FIELDS_REFERRAL_EDIT[], FIELDS_REFERRAL_APPROVE[],
    FIELDS_REFERRAL_SEND[], FIELDS_REFERRAL_NOTE[], FIELDS_EXPORT[], FIELDS_PARTICIPANT[], FIELDS_PARTICIPANT_CHANGE[],
    FIELDS_PARTICIPANT_END[], FIELDS_FILE[], FIELDS_DOWNLOAD[], FIELDS_ASIDE[];

/* Codes that pages offer as choices; each list ends with NULL. */
extern const char *const LANES[];
extern const char *const LIKELIHOODS[];
extern const char *const PARTICIPANTS[];
extern const char *const STATES[];
extern const char *const KINDS_ALL[];
extern const char *const CHANNELS_ALL[];
extern const char *const IMPACT_STATES[];
extern const char *const CHANNELS_IN_PERSON[];
extern const char *const KINDS[];
extern const char *const YES_NO[];
extern const char *const HAPPENED[];
extern const char *const URGENCIES[];
extern const char *const SPEAKING[];
extern const char *const ROLES[];
extern const char *const SCOPES[];
extern const char *const METHODS[];
extern const char *const LEVELS[];
extern const char *const STEPS_OUTSIDE[];
extern const char *const OUTCOMES[];
extern const char *const PAUSES[];
extern const char *const WAYS[];
extern const char *const ONCALL_WAYS[];
extern const char *const ACTION_STATES[];
extern const char *const ASKED_OR_NOT[];
extern const char *const EXPORTS[];
extern const char *const EXPORTS_OF_FACTS[]; /* those without what people wrote */
extern const char *const CONSENT_SAYINGS[];
extern const char *const REFERRAL_STATES[];

#endif
