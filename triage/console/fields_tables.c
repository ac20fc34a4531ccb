/* fields_tables.c -- which fields each operation takes, and the codes of the choices (details.md's shapes, and the
 * code lists of the register of impacts). Labels of the codes stand in words.c. */
#include "triage/console/fields.h"

#include <stdint.h>

/* Bytes, as the vault has them: a story, an answer or a note is some pages; names and places a line. */
enum {
    STORY = 20000,
    ANSWER = 20000,
    NOTE = 20000,
    REASON = 2000,
    LINE = 2000,
    SHORT = 200,
    WORDS = 400,
    CODE = 40,
    LANGUAGE_TAG = 20
};

const char *const LANES[] = {"first_look", "assessed", "consultation", "mine", NULL};
const char *const LIKELIHOODS[] = {"low", "medium", "high", NULL};
const char *const STATES[] = {"in_progress", "answered", "closed", NULL};
const char *const STATES_ALL[] = {"received", "in_progress", "answered", "closed", NULL};
const char *const IMPACT_STATES[] = {"actual", "potential", NULL};
const char *const STAGES[] = {"conception", "development", "acquisition", "use", "disposal", NULL};
const char *const CHANNELS_IN_PERSON[] = {"in_person", "phone", NULL};
const char *const KINDS_ALL[] = {"grievance", "flag", "question", "suggestion", "thanks", "consultation", NULL};
const char *const CHANNELS_ALL[] = {"web", "sms", "in_person", "phone", "partner", "api", "rule", NULL};
const char *const KINDS[] = {"grievance", "flag", "question", "suggestion", "thanks", NULL};
const char *const YES_NO[] = {"yes", "no", "unsure", NULL};
const char *const SPEAKING[] = {"self", "representative", "proxy", "witness", "group", NULL};
const char *const ROLES[] = {"officer", "administrator", NULL};
const char *const WAYS[] = {"none", "page", "sms", "email", NULL};
const char *const RIGHTS[] = {"life",       "torture",  "slavery",     "liberty",    "privacy",     "equality",
                              "child",      "health",   "work",        "conditions", "association", "expression",
                              "housing",    "food",     "water",       "socsec",     "education",   "asylum",
                              "indigenous", "minority", "environment", "fairtrial",  "remedy",      "autodecision",
                              "defender",   NULL};
const char *const GROUPS[] = {"child",
                              "older",
                              "woman",
                              "lgbtiq",
                              "disability",
                              "minority",
                              "religious_minority",
                              "indigenous",
                              "migrant_worker",
                              "refugee",
                              "detainee",
                              "defender",
                              "informal_worker",
                              "gbv_survivor",
                              "conflict",
                              "poverty",
                              "low_literacy",
                              "platform_worker",
                              NULL};

const struct field FIELDS_PAGE[] = {
    {"lane", FIELD_CHOICE, 0, 0, LANES},
    {"after", FIELD_COUNT, 0, 100000000, NULL},
    {"limit", FIELD_COUNT, 0, 100, NULL},
    {0},
};
const struct field FIELDS_SIGNIN[] = {
    {"name", FIELD_TEXT, 1, SHORT, NULL},
    {"password", FIELD_TEXT, 1, 1024, NULL},
    {0},
};
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
    {"reason", FIELD_TEXT, 1, REASON, NULL},
    {0},
};
const struct field FIELDS_ANSWER[] = {
    {"text", FIELD_TEXT, 1, ANSWER, NULL},
    {"language", FIELD_TEXT, 1, LANGUAGE_TAG, NULL},
    {"state", FIELD_CHOICE, 0, 0, STATES},
    {0},
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
const struct field FIELDS_RETURN[] = {
    {"reason", FIELD_TEXT, 1, REASON, NULL},
    {0},
};
const struct field FIELDS_IMPACT[] = {
    {"title", FIELD_TEXT, 1, SHORT, NULL},        {"what", FIELD_TEXT, 1, NOTE, NULL},
    {"rights", FIELD_CODES, 0, 40, NULL},         {"stage", FIELD_CHOICE, 0, 0, STAGES},
    {"technology", FIELD_TEXT, 0, SHORT, NULL},   {"state", FIELD_CHOICE, 1, 0, IMPACT_STATES},
    {"scale", FIELD_LEVEL, 0, 0, NULL},           {"scope", FIELD_LEVEL, 0, 0, NULL},
    {"irremediability", FIELD_LEVEL, 0, 0, NULL}, {0},
};
#define FILTER                                                                                                         \
    {"filter.state", FIELD_TEXT, 0, CODE, NULL}, {"filter.kind", FIELD_TEXT, 0, CODE, NULL},                           \
        {"filter.channel", FIELD_TEXT, 0, CODE, NULL}, {"filter.language", FIELD_TEXT, 0, CODE, NULL},                 \
        {"filter.lane", FIELD_CHOICE, 0, 0, LANES}, {"filter.impact", FIELD_ID, 0, 0, NULL},                           \
        {"filter.overdue", FIELD_TICK, 0, 0, NULL},                                                                    \
    {                                                                                                                  \
        "filter.mine", FIELD_TICK, 0, 0, NULL                                                                          \
    }

const struct field FIELDS_QUEUE[] = {
    {"lane", FIELD_CHOICE, 0, 0, LANES},
    {"after", FIELD_COUNT, 0, 100000000, NULL},
    {"limit", FIELD_COUNT, 0, 100, NULL},
    FILTER,
    {0},
};
const struct field FIELDS_SEARCH[] = {
    {"words", FIELD_TEXT, 0, WORDS, NULL},
    {"after", FIELD_COUNT, 0, 5000, NULL},
    {"limit", FIELD_COUNT, 0, 100, NULL},
    FILTER,
    {0},
};
const struct field FIELDS_WALKIN[] = {
    {"channel", FIELD_CHOICE, 1, 0, CHANNELS_IN_PERSON},
    {"text", FIELD_TEXT, 1, STORY, NULL},
    {"language", FIELD_TEXT, 1, LANGUAGE_TAG, NULL},
    {"kind", FIELD_CHOICE, 0, 0, KINDS},
    {"read_back", FIELD_FLAG, 0, 0, NULL},
    {"answers.danger_now", FIELD_CHOICE, 0, 0, YES_NO},
    {"answers.ongoing", FIELD_CHOICE, 0, 0, YES_NO},
    {"answers.retaliation", FIELD_CHOICE, 0, 0, YES_NO},
    {"answers.likelihood", FIELD_CHOICE, 0, 0, LIKELIHOODS},
    {"answers.speaking_as", FIELD_CHOICE, 0, 0, SPEAKING},
    {"answers.people_low", FIELD_COUNT, 0, 10000000000, NULL},
    {"answers.people_high", FIELD_COUNT, 0, 10000000000, NULL},
    {"answers.when", FIELD_TEXT, 0, LINE, NULL},
    {"answers.where", FIELD_TEXT, 0, LINE, NULL},
    {"answers.wish", FIELD_TEXT, 0, 8000, NULL},
    {"answers.under_18", FIELD_TICK, 0, 0, NULL},
    {"answers.groups", FIELD_CODES, 0, 16, NULL},
    {"contact.how", FIELD_CHOICE, 0, 0, WAYS},
    {"contact.number", FIELD_TEXT, 0, 160, NULL},
    {"contact.email", FIELD_TEXT, 0, 254, NULL},
    {"contact.times", FIELD_TEXT, 0, LINE, NULL},
    {"contact.words", FIELD_TEXT, 0, LINE, NULL},
    {0},
};
const struct field FIELDS_PERSON[] = {
    {"name", FIELD_TEXT, 1, 64, NULL},
    {"role", FIELD_CHOICE, 1, 0, ROLES},
    {0},
};
const struct field FIELDS_END[] = {
    {"name", FIELD_TEXT, 1, 64, NULL},
    {0},
};
