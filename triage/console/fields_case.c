/* fields_case.c -- which fields the operations on a case and on a group case take (fields.h). Their labels stand in
 * words_labels.c; what is in the code lists (triage/codes/) is checked by the vault. */
#include <stdint.h>
#include <string.h>

#include "triage/console/fields.h"

/* Bytes, as the vault has them. */
enum {
    ANSWER = 20000,
    NOTE = 20000,
    PLAN = 8000,
    REMEDIES = 8000,
    REASON = 2000,
    SMS = 1000,
    EVIDENCE = 4000,
    SHORT = 200,
    LANGUAGE_TAG = 20,
    PEOPLE = 1000000000, /* as many as may be affected */
};

static const char *const DECISIONS[] = {"declined",  "delivered",  "verified", "referred", "out_of_scope",
                                        "unfounded", "unanswered", "reopened", NULL};
static const char *const HEARD[] = {"accept", "refuse", "not_helped", NULL};
static const char *const SECONDS[] = {"closing", "lowering", "referral", "erasure", NULL};
const char *const METHODS[] = {"person", "machine_checked", NULL};
const char *const LEVELS[] = {"unknown", "low", "medium", "high", NULL};
const char *const STEPS_OUTSIDE[] = {"contact", "visit", "referral", "respondent", "publication", NULL};
const char *const OUTCOMES[] = {"well", "harmed", "not_reached", NULL};
const char *const PAUSES[] = {"waiting_for_you", "no_safe_way", "other_proceedings", "asked_by_you", NULL};

const struct field FIELDS_ASSESS[] = {
    {"version", FIELD_COUNT, 0, INT32_MAX, NULL},
    {"scale", FIELD_LEVEL, 0, 0, NULL},
    {"scope", FIELD_LEVEL, 0, 0, NULL},
    {"irremediability", FIELD_LEVEL, 0, 0, NULL},
    {"likelihood", FIELD_CHOICE, 0, 0, LIKELIHOODS},
    {"grave", FIELD_FLAG, 0, 0, NULL},
    {"danger_now", FIELD_FLAG, 0, 0, NULL},
    {"ongoing", FIELD_FLAG, 0, 0, NULL},
    {"by", FIELD_TIME, 0, 0, NULL},
    {"people_low", FIELD_COUNT, 0, PEOPLE, NULL},
    {"people_high", FIELD_COUNT, 0, PEOPLE, NULL},
    {"whole", FIELD_TICK, 0, 0, NULL},
    {"groups", FIELD_ROWS, 0, 16, NULL},
    {"reason", FIELD_TEXT, 1, REASON, NULL},
    {0},
};
static const struct field FIELDS_AFFECTED[] = {
    {"group", FIELD_CODE, 1, 0, NULL},
    {"scale", FIELD_LEVEL, 0, 0, NULL},
    {"scope", FIELD_LEVEL, 0, 0, NULL},
    {"irremediability", FIELD_LEVEL, 0, 0, NULL},
    {"by", FIELD_TIME, 0, 0, NULL},
    {"people_low", FIELD_COUNT, 0, PEOPLE, NULL},
    {"people_high", FIELD_COUNT, 0, PEOPLE, NULL},
    {"whole", FIELD_TICK, 0, 0, NULL},
    {"reason", FIELD_TEXT, 0, 1000, NULL},
    {0},
};
const struct field FIELDS_ANSWER[] = {
    {"text", FIELD_TEXT, 1, ANSWER, NULL}, {"language", FIELD_TEXT, 1, LANGUAGE_TAG, NULL},
    {"state", FIELD_CHOICE, 0, 0, STATES}, {"sms", FIELD_TEXT, 0, SMS, NULL},
    {"page_only", FIELD_TICK, 0, 0, NULL}, {0},
};
const struct field FIELDS_NOTE[] = {
    {"text", FIELD_TEXT, 1, NOTE, NULL},
    {0},
};
const struct field FIELDS_LINK[] = {
    {"impact", FIELD_ID, 1, 0, NULL},
    {"confirm", FIELD_FLAG, 1, 0, NULL},
    {"reason", FIELD_TEXT, 0, REASON, NULL},
    {0},
};
const struct field FIELDS_FILE[] = {
    {"file", FIELD_ID, 1, 0, NULL},
    {0},
};
static const char *const COPIES[] = {"clean", "original", NULL};
const struct field FIELDS_DOWNLOAD[] = {
    {"file", FIELD_ID, 1, 0, NULL},
    {"which", FIELD_CHOICE, 1, 0, COPIES},
    {"reason", FIELD_TEXT, 1, REASON, NULL},
    {0},
};
const struct field FIELDS_RETURN[] = {
    {"reason", FIELD_TEXT, 1, REASON, NULL},
    {0},
};
const struct field FIELDS_PAUSE[] = {
    {"code", FIELD_CHOICE, 1, 0, PAUSES},
    {"says", FIELD_TEXT, 1, REASON, NULL},
    {"reason", FIELD_TEXT, 1, REASON, NULL},
    {0},
};
const struct field FIELDS_LOOK[] = {
    {"danger", FIELD_CHOICE, 1, 0, YES_NO},
    {"urgency", FIELD_CHOICE, 1, 0, URGENCIES},
    {"to", FIELD_TEXT, 0, 16, NULL},
    {"all", FIELD_TICK, 0, 0, NULL},
    {0},
};
const struct field FIELDS_MOVE[] = {
    {"to", FIELD_TEXT, 1, 16, NULL},
    {"reason", FIELD_TEXT, 1, REASON, NULL},
    {0},
};
const struct field FIELDS_TRANSLATE[] = {
    {"message", FIELD_ID, 0, 0, NULL},
    {"draft", FIELD_TEXT, 0, ANSWER, NULL},
    {"from", FIELD_TEXT, 1, LANGUAGE_TAG, NULL},
    {"to", FIELD_TEXT, 1, LANGUAGE_TAG, NULL},
    {"translator", FIELD_TEXT, 1, 64, NULL},
    {"note", FIELD_TEXT, 0, REASON, NULL},
    {0},
};
const struct field FIELDS_TRANSLATION[] = {
    {"text", FIELD_TEXT, 1, ANSWER, NULL},
    {"method", FIELD_CHOICE, 1, 0, METHODS},
    {0},
};
const struct field FIELDS_GRAPHIC[] = {
    {"on", FIELD_FLAG, 1, 0, NULL},
    {0},
};
const struct field FIELDS_SAFETY[] = {
    {"level", FIELD_CHOICE, 1, 0, LEVELS},
    {"plan", FIELD_TEXT, 1, 8000, NULL},
    {0},
};
const struct field FIELDS_OUTSIDE[] = {
    {"what", FIELD_CHOICE, 1, 0, STEPS_OUTSIDE},    {"says", FIELD_TEXT, 1, EVIDENCE, NULL},
    {"could_tell", FIELD_TEXT, 1, EVIDENCE, NULL},  {"consent", FIELD_FLAG, 1, 0, NULL},
    {"consent_how", FIELD_TEXT, 1, EVIDENCE, NULL}, {0},
};
const struct field FIELDS_CHECKIN[] = {
    {"checkin", FIELD_COUNT, 1, 1000, NULL},
    {"outcome", FIELD_CHOICE, 1, 0, OUTCOMES},
    {"says", FIELD_TEXT, 1, EVIDENCE, NULL},
    {0},
};
const struct field FIELDS_JOIN[] = {
    {"group", FIELD_ID, 0, 0, NULL},
    {"title", FIELD_TEXT, 0, SHORT, NULL},
    {"alike", FIELD_TICK, 0, 0, NULL},
    {"reason", FIELD_TEXT, 1, REASON, NULL},
    {0},
};
const char *const PARTICIPANTS[] = {"affected", "representative", "member", NULL};
static const char *const MANDATES[] = {"given", "taken_back", NULL};
const struct field FIELDS_PARTICIPANT[] = {
    {"other", FIELD_ID, 1, 0, NULL},
    {"role", FIELD_CHOICE, 1, 0, PARTICIPANTS},
    {"reason", FIELD_TEXT, 1, REASON, NULL},
    {0},
};
const struct field FIELDS_PARTICIPANT_CHANGE[] = {
    {"role", FIELD_CHOICE, 1, 0, PARTICIPANTS},
    {"mandate", FIELD_CHOICE, 0, 0, MANDATES},
    {"how", FIELD_TEXT, 0, 1000, NULL},
    {"reason", FIELD_TEXT, 1, REASON, NULL},
    {0},
};
const struct field FIELDS_PARTICIPANT_END[] = {
    {"apart", FIELD_TICK, 0, 0, NULL},
    {"reason", FIELD_TEXT, 1, REASON, NULL},
    {0},
};
const struct field FIELDS_TITLE[] = {
    {"title", FIELD_TEXT, 1, SHORT, NULL},
    {0},
};
const struct field FIELDS_GROUP_ANSWER[] = {
    {"version", FIELD_COUNT, 1, (size_t)1 << 53, NULL},
    {"text", FIELD_TEXT, 1, ANSWER, NULL},
    {"language", FIELD_TEXT, 1, LANGUAGE_TAG, NULL},
    {"state", FIELD_CHOICE, 0, 0, STATES},
    {0},
};
static const char *const ASIDE_WORDS[] = {"take", "close", NULL};
/* The cases are named by their ids; in a page each has a box to tick. */
const struct field FIELDS_ASIDE[] = {
    {"cases", FIELD_CODES, 1, 100, NULL},
    {"what", FIELD_CHOICE, 1, 0, ASIDE_WORDS},
    {"reason", FIELD_TEXT, 1, REASON, NULL},
    {"alike", FIELD_TICK, 0, 0, NULL},
    {0},
};
const struct field FIELDS_GROUP_LINK[] = {
    {"impact", FIELD_ID, 1, 0, NULL},
    {"reason", FIELD_TEXT, 0, REASON, NULL},
    {0},
};
const struct field FIELDS_DECIDE[] = {
    {"version", FIELD_COUNT, 0, INT32_MAX, NULL},
    {"state", FIELD_CHOICE, 1, 0, DECISIONS},
    {"reason", FIELD_TEXT, 1, REASON, NULL},
    {"text", FIELD_TEXT, 1, ANSWER, NULL},
    {"open_remedies", FIELD_TEXT, 0, 8000, NULL},
    {"language", FIELD_TEXT, 1, LANGUAGE_TAG, NULL},
    {0},
};
const struct field FIELDS_OFFER[] = {
    {"version", FIELD_COUNT, 0, INT32_MAX, NULL}, {"types", FIELD_CODES, 1, 17, NULL},
    {"what", FIELD_TEXT, 1, EVIDENCE, NULL},      {"by", FIELD_TIME, 0, 0, NULL},
    {"text", FIELD_TEXT, 1, ANSWER, NULL},        {"language", FIELD_TEXT, 1, LANGUAGE_TAG, NULL},
    {"others", FIELD_TICK, 0, 0, NULL},           {0},
};
const struct field FIELDS_DELIVER[] = {
    {"version", FIELD_COUNT, 0, INT32_MAX, NULL},
    {"remedy", FIELD_COUNT, 0, 16, NULL},
    {"evidence", FIELD_TEXT, 1, EVIDENCE, NULL},
    {"ask_on", FIELD_TIME, 0, 0, NULL},
    {0},
};
const struct field FIELDS_HEARD[] = {
    {"version", FIELD_COUNT, 0, INT32_MAX, NULL},
    {"said", FIELD_CHOICE, 1, 0, HEARD},
    {"words", FIELD_TEXT, 1, REASON, NULL},
    {0},
};
const struct field FIELDS_SECOND[] = {
    {"version", FIELD_COUNT, 0, INT32_MAX, NULL},
    {"referral", FIELD_COUNT, 0, INT32_MAX, NULL},
    {"edition", FIELD_COUNT, 0, INT32_MAX, NULL},
    {"what", FIELD_CHOICE, 1, 0, SECONDS},
    {"confirm", FIELD_FLAG, 1, 0, NULL},
    {"reason", FIELD_TEXT, 1, REASON, NULL},
    {0},
};
const struct field FIELDS_HAND[] = {
    {"to", FIELD_TEXT, 1, 64, NULL},
    {"reason", FIELD_TEXT, 1, REASON, NULL},
    {0},
};
const struct field FIELDS_RECUSE[] = {
    {"who", FIELD_TEXT, 0, 64, NULL},
    {"reason", FIELD_TEXT, 1, REASON, NULL},
    {"back", FIELD_TICK, 0, 0, NULL},
    {0},
};
const struct field FIELDS_WATCH[] = {
    {"on", FIELD_FLAG, 1, 0, NULL},
    {0},
};

const struct field *fields_of_row(const char *list)
{
    static const struct {
        const char *list;
        const struct field *fields;
    } rows[] = {{"groups", FIELDS_AFFECTED}, {"roster", FIELDS_SHIFT}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].list, list) == 0)
            return rows[i].fields;
    return NULL;
}
