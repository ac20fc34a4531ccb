/* participants.c -- see participants.h. */
#include "triage/vault/participants.h"

#include <string.h>

#include "common/base/mem.h"
#include "triage/vault/case_state.h"
#include "triage/vault/pauses.h"

#define WHY_PAUSED "Their part in this case has ended"

static const char *const roles[PARTICIPANT_ROLES] = {"affected", "representative", "member"};
static const char *const says[PARTICIPANT_SAYS] = {"decides", "no_mandate", "beside", "ended"};

enum participant_role participant_role_of(const char *code)
{
    int role = 0;
    while (role < PARTICIPANT_ROLES && strcmp(roles[role], code) != 0)
        role++;
    return (enum participant_role)role;
}

const char *participant_role_name(enum participant_role role)
{
    return roles[role];
}

const char *participant_say_name(enum participant_say say)
{
    return says[say];
}

static json_t *part_of(const json_t *state)
{
    return json_object_get(state, "participant");
}

enum participant_role participant_role(const json_t *state)
{
    static const struct {
        const char *speaking_as;
        enum participant_role role;
    } rows[] = {{"representative", PARTICIPANT_REPRESENTATIVE},
                {"proxy", PARTICIPANT_REPRESENTATIVE},
                {"group", PARTICIPANT_MEMBER}};
    enum participant_role said = participant_role_of(state_text(part_of(state), "role"));
    if (said != PARTICIPANT_ROLES)
        return said;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].speaking_as, state_text(state, "speaking_as")) == 0)
            return rows[i].role;
    return PARTICIPANT_AFFECTED;
}

const char *participant_id(const json_t *state)
{
    return state_text(part_of(state), "id");
}

int participant_is_ended(const json_t *state)
{
    return json_is_object(json_object_get(part_of(state), "ended"));
}

static int is_alone(const json_t *state)
{
    return json_is_object(json_object_get(part_of(state), "alone"));
}

void participant_count(const json_t *state, struct participants_others *others)
{
    if (participant_role(state) == PARTICIPANT_REPRESENTATIVE) {
        others->representatives += !participant_is_ended(state);
        return;
    }
    others->affected++;
    others->alone += is_alone(state) != 0;
}

enum participant_say participant_say(const json_t *state, const struct participants_others *others)
{
    if (participant_role(state) != PARTICIPANT_REPRESENTATIVE)
        return SAY_DECIDES;
    if (participant_is_ended(state) || (others->affected && others->alone == others->affected))
        return SAY_ENDED;
    if (others->affected)
        return SAY_BESIDE;
    return json_is_object(json_object_get(part_of(state), "mandate")) ? SAY_DECIDES : SAY_NO_MANDATE;
}

/* Where somebody else's rights are given away, a say is needed; what keeps things open needs none while the person
 * themself is not there to say it. */
int participant_counts(enum participant_say say, const char *act)
{
    enum { MANDATE = 1U << SAY_NO_MANDATE, BESIDE = 1U << SAY_BESIDE, ENDED = 1U << SAY_ENDED };
    static const struct {
        const char *act;
        unsigned not_with;
    } rows[] = {{"accept", MANDATE | BESIDE | ENDED},
                {"helped", MANDATE | BESIDE | ENDED},
                {"solved", MANDATE | BESIDE | ENDED},
                {"withdraw", MANDATE | BESIDE | ENDED},
                {"agree:", MANDATE | BESIDE | ENDED},
                {"refuse", BESIDE | ENDED},
                {"not_helped", BESIDE | ENDED},
                {"review", ENDED},
                {"partly", BESIDE | ENDED},
                {"not_solved", BESIDE | ENDED},
                {"erase", BESIDE | ENDED}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t len = strlen(rows[i].act);
        int is_numbered = rows[i].act[len - 1] == ':';
        if (strncmp(act, rows[i].act, len) == 0 && (is_numbered || !act[len]))
            return !(rows[i].not_with & 1U << say);
    }
    return 1;
}

/* ---- changes of a draft ---- */

static json_t *signed_by(const char *who)
{
    json_t *one = json_pack("{s:s,s:o}", "by", who, "at", state_now());
    need(one != NULL);
    return one;
}

void participant_set(json_t *state, const char *id, enum participant_role role, const char *who, const char *reason)
{
    json_t *part = part_of(state);
    if (!part) {
        part = json_object();
        need(json_object_set_new(state, "participant", part) == 0);
    }
    state_set_text(part, "id", id);
    state_set_text(part, "role", roles[role]);
    state_set_text(part, "by", who);
    state_set_text(part, "reason", reason);
    need(json_object_set_new(part, "at", state_now()) == 0);
    if (role == PARTICIPANT_REPRESENTATIVE) {
        json_object_del(part, "alone");
        json_object_del(part, "told");
    } else {
        json_object_del(part, "mandate");
        json_object_del(part, "ended");
    }
}

void participant_mandate(json_t *state, const char *how, const char *who)
{
    json_t *part = part_of(state);
    if (!how) {
        json_object_del(part, "mandate");
        return;
    }
    json_t *mandate = signed_by(who);
    state_set_text(mandate, "how", how);
    need(json_object_set_new(part, "mandate", mandate) == 0);
}

void participant_end(json_t *state, const char *who, const char *reason)
{
    json_t *ended = signed_by(who);
    state_set_text(ended, "reason", reason);
    need(json_object_set_new(part_of(state), "ended", ended) == 0);
    state_history(state, who, "Their part in this case has ended: nothing more goes to them");
    if (!pauses_now(state))
        (void)!pauses_begin(state, "asked_by_you", who, WHY_PAUSED, "");
}

void participant_resume(json_t *state, const char *who)
{
    json_object_del(part_of(state), "ended");
    if (strcmp(state_text(pauses_now(state), "reason"), WHY_PAUSED) == 0)
        (void)pauses_end(state, who);
}

static json_int_t newest_remedy(const json_t *state)
{
    return (json_int_t)json_array_size(json_object_get(state, "remedies"));
}

void participant_note(json_t *state, const char *act, const struct remedy_voice *voice)
{
    char words[REMEDY_WORDS_MAX + 1];
    json_t *list = state_list(state, "noted");
    size_t len = strlen(voice->words);
    while (len > REMEDY_WORDS_MAX || (len && (voice->words[len] & 0xC0) == 0x80)) /* between two characters */
        len--;
    memcpy(words, voice->words, len);
    words[len] = 0;
    if (json_array_size(list) >= PARTICIPANTS_NOTED_MAX)
        need(json_array_remove(list, 0) == 0);
    json_t *one = json_pack("{s:s,s:I,s:o,s:s,s:s,s:s}", "act", act, "remedy", newest_remedy(state), "at", state_now(),
                            "via", voice->via, "by", voice->who, "words", words);
    need(one && json_array_append_new(list, one) == 0);
    state_history(state, voice->who, "Who speaks for the person said something of it: noted, it decides nothing");
}

int participant_has_noted(const json_t *state, const char *act)
{
    const json_t *list = json_object_get(state, "noted");
    const json_t *last = json_array_size(list) ? json_array_get(list, json_array_size(list) - 1) : NULL;
    return last && strcmp(state_text(last, "act"), act) == 0 &&
           json_integer_value(json_object_get(last, "remedy")) == newest_remedy(state);
}

int participant_do(json_t *state, const char *act, const char *via)
{
    json_t *part = part_of(state);
    if (strcmp(act, "together") == 0 && is_alone(state)) {
        json_object_del(part, "alone");
        state_set_text(part, "told", "");
        state_history(state, "", "The person wants somebody to speak for them again");
    } else if (strcmp(act, "alone") == 0 && !is_alone(state) && strcmp(state_text(part, "told"), "now") == 0) {
        json_t *alone = json_pack("{s:o,s:s}", "at", state_now(), "via", via);
        need(alone && json_object_set_new(part, "alone", alone) == 0);
        state_set_text(part, "told", "ended");
        state_history(state, "", "The person speaks for themself now: nobody speaks for them any more");
    } else {
        return 0;
    }
    state_heard(state);
    return 1;
}

json_t *participant_notice(const json_t *state)
{
    const char *told = state_text(part_of(state), "told");
    json_t *notice = NULL;
    if (participant_role(state) == PARTICIPANT_REPRESENTATIVE)
        need((notice = json_pack("{s:b}", "speaks_for", 1)) != NULL);
    else if (*told)
        need((notice = json_pack("{s:s}", "represented", told)) != NULL);
    return notice;
}
