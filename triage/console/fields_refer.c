/* fields_refer.c -- which fields the operations on the directory, on consent and on referrals take (fields.h). */
#include <stdint.h>

#include "triage/console/fields.h"

/* Bytes, as the vault has them. */
enum {
    SHORT = 200,
    PURPOSE = 400,
    HOW = 1000,
    REASON = 2000,
    REPLY = 8000,
    CERTIFICATE = 16 * 1024,
    PACKET = 40000,
    RESPONDENT = 80, /* two ids */
    ASKED_MOST = 20, /* questions of a case, and referrals */
};

const char *const CONSENT_SAYINGS[] = {"yes", "no", "revoked", NULL};
const char *const REFERRAL_STATES[] = {"draft",    "waiting",  "approved", "sent",    "accepted", "declined",
                                       "returned", "recalled", "replied",  "dropped", NULL};

#define RECEIVER                                                                                                       \
    {"name", FIELD_TEXT, 1, SHORT, NULL}, {"mechanism", FIELD_CODE, 1, 0, NULL},                                       \
        {"jurisdiction", FIELD_TEXT, 1, SHORT, NULL}, {"takes", FIELD_TEXT, 0, REASON, NULL},                          \
        {"contact", FIELD_TEXT, 0, REASON, NULL},                                                                      \
    {                                                                                                                  \
        "certificate", FIELD_TEXT, 0, CERTIFICATE, NULL                                                                \
    }
const struct field FIELDS_RECEIVER[] = {RECEIVER, {0}};
const struct field FIELDS_RECEIVER_CHANGE[] = {{"version", FIELD_COUNT, 1, INT32_MAX, NULL}, RECEIVER, {0}};
const struct field FIELDS_RECEIVERS[] = {
    {"mechanism", FIELD_CODE, 0, 0, NULL},
    {"class", FIELD_CODE, 0, 0, NULL},
    {"jurisdiction", FIELD_TEXT, 0, SHORT, NULL},
    {"ready", FIELD_TICK, 0, 0, NULL},
    {"all", FIELD_TICK, 0, 0, NULL},
    {"after", FIELD_COUNT, 0, 100000000, NULL},
    {"limit", FIELD_COUNT, 0, 100, NULL},
    {0},
};
const struct field FIELDS_RECEIVER_CHECK[] = {
    {"version", FIELD_COUNT, 1, INT32_MAX, NULL},
    {"fingerprint", FIELD_TEXT, 1, SHORT, NULL},
    {"how", FIELD_TEXT, 1, REASON, NULL},
    {0},
};
const struct field FIELDS_CONSENT[] = {
    {"receiver", FIELD_ID, 0, 0, NULL},        {"respondent", FIELD_TEXT, 0, RESPONDENT, NULL},
    {"purpose", FIELD_TEXT, 1, PURPOSE, NULL}, {"what", FIELD_TEXT, 1, REASON, NULL},
    {"sms", FIELD_TEXT, 0, HOW, NULL},         {0},
};
const struct field FIELDS_CONSENT_SAID[] = {
    {"consent", FIELD_COUNT, 0, ASKED_MOST, NULL},
    {"receiver", FIELD_ID, 0, 0, NULL},
    {"respondent", FIELD_TEXT, 0, RESPONDENT, NULL},
    {"purpose", FIELD_TEXT, 0, PURPOSE, NULL},
    {"what", FIELD_TEXT, 0, REASON, NULL},
    {"answer", FIELD_CHOICE, 1, 0, CONSENT_SAYINGS},
    {"how", FIELD_TEXT, 1, HOW, NULL},
    {0},
};
const struct field FIELDS_REFERRALS[] = {
    {"status", FIELD_CHOICE, 0, 0, REFERRAL_STATES},
    {"after", FIELD_COUNT, 0, 100000000, NULL},
    {"limit", FIELD_COUNT, 0, 100, NULL},
    {0},
};
const struct field FIELDS_REFERRAL[] = {
    {"referral", FIELD_COUNT, 1, ASKED_MOST, NULL},
    {0},
};
const struct field FIELDS_REFERRAL_DRAFT[] = {
    {"consent", FIELD_COUNT, 0, ASKED_MOST, NULL}, {"receiver", FIELD_ID, 0, 0, NULL},
    {"purpose", FIELD_TEXT, 0, PURPOSE, NULL},     {"ground", FIELD_TEXT, 0, REASON, NULL},
    {"untold", FIELD_TEXT, 0, REASON, NULL},       {"messages", FIELD_CODES, 0, 50, NULL},
    {"text", FIELD_TEXT, 0, PACKET, NULL},         {0},
};
const struct field FIELDS_REFERRAL_EDIT[] = {
    {"referral", FIELD_COUNT, 1, ASKED_MOST, NULL},
    {"edition", FIELD_COUNT, 1, INT32_MAX, NULL},
    {"text", FIELD_TEXT, 1, PACKET, NULL},
    {"confirm", FIELD_CODES, 0, 100, NULL},
    {0},
};
const struct field FIELDS_REFERRAL_APPROVE[] = {
    {"referral", FIELD_COUNT, 1, ASKED_MOST, NULL},
    {"edition", FIELD_COUNT, 1, INT32_MAX, NULL},
    {"reason", FIELD_TEXT, 1, REASON, NULL},
    {0},
};
const struct field FIELDS_REFERRAL_SEND[] = {
    {"referral", FIELD_COUNT, 1, ASKED_MOST, NULL},
    {"reason", FIELD_TEXT, 1, REASON, NULL},
    {0},
};
const struct field FIELDS_REFERRAL_NOTE[] = {
    {"referral", FIELD_COUNT, 1, ASKED_MOST, NULL},
    {"status", FIELD_CHOICE, 1, 0, REFERRAL_STATES},
    {"words", FIELD_TEXT, 1, REPLY, NULL},
    {"on", FIELD_TIME, 0, 0, NULL},
    {0},
};
