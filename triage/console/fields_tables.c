/* fields_tables.c -- which fields each operation takes, and the codes of the choices: those on cases stand in
 * fields_case.c, on referrals in fields_refer.c. Their labels stand in words.c; what is in the code lists
 * (triage/codes/) is checked by the vault. */
#include "triage/console/fields.h"

#include <stdint.h>
#include <string.h>

#include "triage/console/words.h"

/* Bytes, as the vault has them: a story, an answer or a note is some pages; names and places a line. */
enum {
    STORY = 20000,
    NOTE = 20000,
    REASON = 2000,
    ALIASES = 16 * 82,
    EVIDENCE = 4000,
    LINE = 2000,
    SHORT = 200,
    WORDS = 400,
    CODE = 40,
    LANGUAGE_TAG = 20,
    WEBAUTHN = 4096
};

const char *const LANES[] = {"first_look", "assessed", "consultation", "mine", "watched", "escalated", NULL};
const char *const LIKELIHOODS[] = {"low", "medium", "high", NULL};
/* All that a case can be in; which of them an answer can leave it in, the vault knows. */
const char *const STATES[] = {"received",        "first_look",     "acknowledged", "assessed",  "in_action",
                              "waiting_for_you", "remedy_offered", "declined",     "delivered", "verified",
                              "referred",        "out_of_scope",   "unfounded",    "withdrawn", "unanswered",
                              "under_review",    "reopened",       "closed",       NULL};
const char *const IMPACT_STATES[] = {"actual", "potential", NULL};
const char *const ACTION_STATES[] = {"planned",   "consulted",     "under_way", "done",
                                     "effective", "not_effective", "dropped",   NULL};
const char *const ASKED_OR_NOT[] = {"yes", "no", NULL};
const char *const EXPORTS[] = {"cases", "messages", "impacts", "actions", NULL};
const char *const EXPORTS_OF_FACTS[] = {"cases", "impacts", "actions", NULL};
static const char *const FORMATS[] = {"csv", "ndjson", NULL};
const char *const CHANNELS_IN_PERSON[] = {"in_person", "phone", NULL};
const char *const KINDS_ALL[] = {"grievance", "flag", "question", "suggestion", "thanks", "consultation", NULL};
const char *const CHANNELS_ALL[] = {"web", "sms", "in_person", "phone", "partner", "api", "rule", NULL};
const char *const KINDS[] = {"grievance", "flag", "question", "suggestion", "thanks", NULL};
const char *const YES_NO[] = {"yes", "no", "unsure", NULL};
const char *const HAPPENED[] = {"no", "yes", "not_yet", "unsure", NULL};
const char *const URGENCIES[] = {"now", "today", "week", "later", NULL};
const char *const SPEAKING[] = {"self", "representative", "proxy", "witness", "group", NULL};
const char *const ROLES[] = {"officer", "handler",       "translator", "manager",
                             "auditor", "administrator", "reviewer",   NULL};
const char *const SCOPES[] = {"read", "work", "admin", NULL};
const char *const ONCALL_WAYS[] = {"sms", "email", NULL};
const char *const WAYS[] = {"none", "page", "sms", "email", NULL};

const struct field FIELDS_PAGE[] = {
    {"lane", FIELD_CHOICE, 0, 0, LANES},
    {"after", FIELD_COUNT, 0, 100000000, NULL},
    {"limit", FIELD_COUNT, 0, 100, NULL},
    {0},
};
const struct field FIELDS_SIGNIN[] = {
    {"name", FIELD_TEXT, 1, SHORT, NULL},
    {"password", FIELD_TEXT, 1, 1024, NULL},
    {"code", FIELD_TEXT, 0, CODE, NULL},
    {0},
};
/* Who is signed in shows it once more: by password and code, or by a passkey. Which of them there must be, the vault
 * knows. */
#define FRESH                                                                                                          \
    {"password", FIELD_TEXT, 0, 1024, NULL}, {"code", FIELD_TEXT, 0, CODE, NULL},                                      \
        {"id", FIELD_TEXT, 0, WEBAUTHN, NULL}, {"client", FIELD_TEXT, 0, WEBAUTHN, NULL},                              \
        {"authenticator", FIELD_TEXT, 0, WEBAUTHN, NULL},                                                              \
    {                                                                                                                  \
        "signature", FIELD_TEXT, 0, WEBAUTHN, NULL                                                                     \
    }

const struct field FIELDS_FRESH[] = {FRESH, {0}};
const struct field FIELDS_PASSWORD[] = {FRESH, {"new", FIELD_TEXT, 1, 1024, NULL}, {0}};
const struct field FIELDS_ADMIT[] = {FRESH, {"name", FIELD_TEXT, 1, 64, NULL}, {"refuse", FIELD_TICK, 0, 0, NULL}, {0}};
const struct field FIELDS_PASSKEY_END[] = {FRESH, {"passkey", FIELD_TEXT, 1, WEBAUTHN, NULL}, {0}};
const struct field FIELDS_RECOVER[] = {
    FRESH, {"name", FIELD_TEXT, 1, 64, NULL}, {"reason", FIELD_TEXT, 1, 500, NULL}, {0}};
const struct field FIELDS_PERSON_FRESH[] = {FRESH, {"name", FIELD_TEXT, 1, 64, NULL}, {0}};
const struct field FIELDS_ONCALL[] = {FRESH,
                                      {"name", FIELD_TEXT, 0, 64, NULL},
                                      {"channel", FIELD_CHOICE, 0, 0, ONCALL_WAYS},
                                      {"to", FIELD_TEXT, 0, 254, NULL},
                                      {"from", FIELD_TIME, 0, 0, NULL},
                                      {"until", FIELD_TIME, 0, 0, NULL},
                                      {0}};
/* Places and days as the vault has them. `seen`: the roster that was changed; who was faster is not written over. */
const struct field FIELDS_SHIFT[] = {
    {"to", FIELD_TEXT, 1, 254, NULL},
    {"name", FIELD_TEXT, 1, 64, NULL},
    {"channel", FIELD_CHOICE, 1, 0, ONCALL_WAYS},
    {"place", FIELD_COUNT, 1, 3, NULL},
    {"from_day", FIELD_CHOICE, 0, 0, WEEKDAYS},
    {"from", FIELD_TEXT, 0, 5, NULL},
    {"until_day", FIELD_CHOICE, 0, 0, WEEKDAYS},
    {"until", FIELD_TEXT, 0, 5, NULL},
    {"each_day", FIELD_TICK, 0, 0, NULL},
    {0},
};
const struct field FIELDS_ROSTER[] = {
    FRESH, {"seen", FIELD_TEXT, 0, 20, NULL}, {"roster", FIELD_ROWS, 0, 12, NULL}, {0}};
const struct field FIELDS_WHICH[] = {{"which", FIELD_TEXT, 1, 20, NULL}, {0}};
const struct field FIELDS_TOKEN[] = {FRESH,
                                     {"scope", FIELD_CHOICE, 1, 0, SCOPES},
                                     {"days", FIELD_COUNT, 1, 366, NULL},
                                     {"label", FIELD_TEXT, 0, 60, NULL},
                                     {0}};
const struct field FIELDS_TOKEN_END[] = {{"token", FIELD_TEXT, 1, 20, NULL}, {0}};
const struct field FIELDS_PASSKEY[] = {
    {"id", FIELD_TEXT, 1, WEBAUTHN, NULL},
    {"client", FIELD_TEXT, 1, WEBAUTHN, NULL},
    {"authenticator", FIELD_TEXT, 1, WEBAUTHN, NULL},
    {"signature", FIELD_TEXT, 1, WEBAUTHN, NULL},
    {0},
};
const struct field FIELDS_PASSKEY_NEW[] = {
    {"id", FIELD_TEXT, 1, WEBAUTHN, NULL},
    {"client", FIELD_TEXT, 1, WEBAUTHN, NULL},
    {"authenticator", FIELD_TEXT, 1, WEBAUTHN, NULL},
    {"label", FIELD_TEXT, 0, 60, NULL},
    {0},
};
const struct field FIELDS_CODE[] = {
    {"code", FIELD_TEXT, 1, CODE, NULL},
    {0},
};
const struct field FIELDS_LIST[] = {
    {"after", FIELD_COUNT, 0, 100000000, NULL},
    {"limit", FIELD_COUNT, 0, 100, NULL},
    {0},
};
#define IMPACT                                                                                                         \
    {"title", FIELD_TEXT, 1, SHORT, NULL}, {"what", FIELD_TEXT, 1, NOTE, NULL}, {"rights", FIELD_CODES, 0, 40, NULL},  \
        {"stage", FIELD_CODE, 0, 0, NULL}, {"technology", FIELD_TEXT, 0, SHORT, NULL},                                 \
        {"technologies", FIELD_CODES, 0, 40, NULL}, {"groups", FIELD_CODES, 0, 40, NULL},                              \
        {"state", FIELD_CHOICE, 1, 0, IMPACT_STATES}, {"likelihood", FIELD_CHOICE, 0, 0, LIKELIHOODS},                 \
        {"scale", FIELD_LEVEL, 0, 0, NULL}, {"scope", FIELD_LEVEL, 0, 0, NULL},                                        \
        {"irremediability", FIELD_LEVEL, 0, 0, NULL}, {"grave", FIELD_FLAG, 0, 0, NULL},                               \
        {"people_low", FIELD_COUNT, 0, 10000000000, NULL}, {"people_high", FIELD_COUNT, 0, 10000000000, NULL},         \
        {"whole_group", FIELD_FLAG, 0, 0, NULL},                                                                       \
    {                                                                                                                  \
        "reason", FIELD_TEXT, 0, REASON, NULL                                                                          \
    }
const struct field FIELDS_IMPACT[] = {IMPACT, {0}};
/* The version that was changed: who was faster is not written over. */
const struct field FIELDS_IMPACT_CHANGE[] = {{"version", FIELD_COUNT, 1, INT32_MAX, NULL}, IMPACT, {0}};
const struct field FIELDS_IMPACTS[] = {
    {"state", FIELD_CHOICE, 0, 0, IMPACT_STATES},
    {"stage", FIELD_CODE, 0, 0, NULL},
    {"right", FIELD_CODE, 0, 0, NULL},
    {"technology", FIELD_CODE, 0, 0, NULL},
    {"group", FIELD_CODE, 0, 0, NULL},
    {"drift", FIELD_TICK, 0, 0, NULL},
    {"after", FIELD_COUNT, 0, 100000000, NULL},
    {"limit", FIELD_COUNT, 0, 100, NULL},
    {0},
};
const struct field FIELDS_ENTITY[] = {
    {"entity", FIELD_ID, 0, 0, NULL},
    {"name", FIELD_TEXT, 1, SHORT, NULL},
    {"about", FIELD_TEXT, 0, REASON, NULL},
    {"identifier", FIELD_TEXT, 0, SHORT, NULL},
    {"involvement", FIELD_CODE, 0, 0, NULL},
    {"from", FIELD_TIME, 0, 0, NULL},
    {"said_by", FIELD_TEXT, 0, SHORT, NULL},
    {"evidence", FIELD_TEXT, 0, EVIDENCE, NULL},
    {0},
};
const struct field FIELDS_INVOLVE[] = {
    {"entity", FIELD_ID, 1, 0, NULL},
    {"involvement", FIELD_CODE, 1, 0, NULL},
    {"from", FIELD_TIME, 0, 0, NULL},
    {"said_by", FIELD_TEXT, 1, SHORT, NULL},
    {"evidence", FIELD_TEXT, 0, EVIDENCE, NULL},
    {0},
};
const struct field FIELDS_ACTIONS[] = {
    {"impact", FIELD_ID, 0, 0, NULL},
    {"owner", FIELD_TEXT, 0, 64, NULL},
    {"type", FIELD_CODE, 0, 0, NULL},
    {"state", FIELD_CHOICE, 0, 0, ACTION_STATES},
    {"mine", FIELD_TICK, 0, 0, NULL},
    {"all", FIELD_TICK, 0, 0, NULL},
    {"after", FIELD_COUNT, 0, 100000000, NULL},
    {"limit", FIELD_COUNT, 0, 100, NULL},
    {0},
};
const struct field FIELDS_ACTION_ADD[] = {
    {"entity", FIELD_ID, 1, 0, NULL},
    {"type", FIELD_CODE, 1, 0, NULL},
    {"what", FIELD_TEXT, 1, EVIDENCE, NULL},
    {"owner", FIELD_TEXT, 0, 64, NULL},
    {"due", FIELD_TIME, 1, 0, NULL},
    {"indicator", FIELD_TEXT, 0, EVIDENCE, NULL},
    {"consulted", FIELD_CHOICE, 0, 0, ASKED_OR_NOT},
    {"consultation", FIELD_TEXT, 0, EVIDENCE, NULL},
    {0},
};
const struct field FIELDS_ACTION[] = {
    {"version", FIELD_COUNT, 1, INT32_MAX, NULL},
    {"state", FIELD_CHOICE, 0, 0, ACTION_STATES},
    {"what", FIELD_TEXT, 0, EVIDENCE, NULL},
    {"entity", FIELD_ID, 0, 0, NULL},
    {"owner", FIELD_TEXT, 0, 64, NULL},
    {"due", FIELD_TIME, 0, 0, NULL},
    {"indicator", FIELD_TEXT, 0, EVIDENCE, NULL},
    {"consulted", FIELD_CHOICE, 0, 0, ASKED_OR_NOT},
    {"consultation", FIELD_TEXT, 0, EVIDENCE, NULL},
    {"outcome", FIELD_TEXT, 0, EVIDENCE, NULL},
    {"reason", FIELD_TEXT, 0, EVIDENCE, NULL},
    {0},
};
const struct field FIELDS_ATTEMPT[] = {
    {"lever", FIELD_CODE, 1, 0, NULL},
    {"on", FIELD_TIME, 0, 0, NULL},
    {"outcome", FIELD_TEXT, 1, EVIDENCE, NULL},
    {"assessment", FIELD_TEXT, 0, EVIDENCE, NULL},
    {0},
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
const struct field FIELDS_EXPORT[] = {
    FRESH,
    {"what", FIELD_CHOICE, 1, 0, EXPORTS},
    {"format", FIELD_CHOICE, 1, 0, FORMATS},
    {"reason", FIELD_TEXT, 1, REASON, NULL},
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
    {"answers.ongoing", FIELD_CHOICE, 0, 0, HAPPENED},
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
    {"aliases", FIELD_TEXT, 0, ALIASES, NULL},
    {0},
};
const struct field FIELDS_ALIASES[] = {
    {"name", FIELD_TEXT, 1, 64, NULL},
    {"aliases", FIELD_TEXT, 0, ALIASES, NULL},
    {0},
};
const struct field FIELDS_END[] = {
    {"name", FIELD_TEXT, 1, 64, NULL},
    {0},
};
