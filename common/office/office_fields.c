/* office_fields.c -- see office_fields.h. */
#include "common/office/office_fields.h"

#include <string.h>

#define LIST(...)                                                                                                      \
    (const char *const[])                                                                                              \
    {                                                                                                                  \
        __VA_ARGS__, NULL                                                                                              \
    }

/* Danger, the story, who reads it and whether one's own words are shown are what the mechanism rests on: their words
 * may be changed, they are always asked. So is how to reach people, of which an office offers what it has. */
const struct office_known office_fields[] = {
    {"danger_now", 0, NULL, NULL},
    {"under_18", 1, NULL, NULL},
    {"text", 0, NULL, NULL},
    {"kind", 1, LIST("grievance", "flag", "question", "suggestion", "thanks"), "grievance"},
    {"ongoing", 1, NULL, NULL},
    {"when", 1, NULL, NULL},
    {"where", 1, NULL, NULL},
    {"who", 1, NULL, NULL},
    {"people_low", 1, NULL, NULL},
    {"people_high", 1, NULL, NULL},
    {"likelihood", 1, NULL, NULL},
    {"speaking_as", 1, LIST("self", "representative", "proxy", "witness", "group"), "self"},
    {"behalf_who", 1, NULL, NULL},
    {"behalf_people", 1, NULL, NULL},
    {"behalf_consent", 0, NULL, NULL},
    {"behalf_why", 0, NULL, NULL},
    {"service", 1, NULL, NULL},
    {"service_words", 1, NULL, NULL},
    {"groups", 1,
     LIST("child", "older", "woman", "lgbtiq", "disability", "minority", "religious_minority", "indigenous",
          "migrant_worker", "refugee", "detainee", "defender", "informal_worker", "gbv_survivor", "conflict", "poverty",
          "low_literacy", "platform_worker", "undisclosed"),
     "undisclosed"},
    {"retaliation", 0, NULL, NULL},
    {"wish", 1, NULL, NULL},
    {"files", 1, NULL, NULL},
    {"how", 0, LIST("none", "page", "sms", "email"), "page"},
    {"number", 0, NULL, NULL},
    {"email", 0, NULL, NULL},
    {"times", 1, NULL, NULL},
    {"words", 1, NULL, NULL},
    {"desk", 0, NULL, NULL},
    {"read_back", 0, NULL, NULL},
    {0},
};

const char *const office_fields_steps[] = {"story", "when", "speaker", "about", "groups", "safety", NULL};

const struct office_known *office_fields_find(const char *name)
{
    for (const struct office_known *at = office_fields; at->name; at++)
        if (strcmp(at->name, name) == 0)
            return at;
    return NULL;
}

int office_fields_has(const char *const *list, const char *code)
{
    while (*list && strcmp(*list, code) != 0)
        list++;
    return *list != NULL;
}
