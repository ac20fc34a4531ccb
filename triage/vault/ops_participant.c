/* ops_participant.c -- several people in one case (participants.h): another case joins as one of its participants, has
 * another role, ends. What follows for the others: participants_keep.c. */
#include <string.h>

#include "common/base/code.h"
#include "common/base/mem.h"
#include "triage/vault/audit.h"
#include "triage/vault/case_change.h"
#include "triage/vault/case_state.h"
#include "triage/vault/case_view.h"
#include "triage/vault/ops.h"
#include "triage/vault/outbox.h"
#include "triage/vault/participants_keep.h"
#include "triage/vault/seen.h"
#include "triage/vault/together.h"

enum { REASON_MAX = 2000, HOW_MAX = 1000, ROLE_MAX = 20 };

int participant_is_reached(struct request *request, const struct case_file *file)
{
    json_t *state = state_draft(file);
    enum participant_say say = participants_say(request->vault, file, state);
    json_decref(state);
    if (say != SAY_ENDED)
        return 1;
    request_fail(request, "conflict", "Their part in this case has ended: nothing more goes to them.", NULL);
    return 0;
}

int participant_may_say(struct request *request, const struct case_file *file, const char *act)
{
    static const char *const says[PARTICIPANT_SAYS] = {
        [SAY_NO_MANDATE] = "Write down first how the person agreed that their representative decides this for them.",
        [SAY_BESIDE] = "The affected person takes part in this case themself: what they say decides.",
        [SAY_ENDED] = "Their part in this case has ended: what they say decides nothing.",
    };
    json_t *state = state_draft(file);
    enum participant_say say = participants_say(request->vault, file, state);
    json_decref(state);
    if (participant_counts(say, act))
        return 1;
    request_fail(request, "conflict", says[say], NULL);
    return 0;
}

static void kept(void *room, enum err err)
{
    struct request *request = room;
    if (err == ERR_OK)
        request_ok(request, NULL);
    else
        request_fail_with(request, err);
}

/* 0: answered. */
static int role_asked(struct request *request, enum participant_role *role)
{
    const char *code;
    if (!request_text(request, "role", 1, ROLE_MAX, &code))
        return 0;
    *role = participant_role_of(code);
    if (*role != PARTICIPANT_ROLES)
        return 1;
    request_fail(request, "malformed", "This is missing, or not in the form it must have.", "role");
    return 0;
}

/* ---- add ---- */

struct joining {
    char id[CODE_ID_SIZE], who[VAULT_WHO_MAX + 1];
    enum participant_role role;
    char *reason;
    int is_held; /* by who asks: then the other is theirs, too, where nobody has it */
};

static int join(void *errand, struct vault *vault, struct case_file *file, change_done_fn *done, void *room)
{
    const struct joining *j = errand;
    if (file->circle || !seen_by(file, j->who) || file->state_len > STATE_FULL)
        return 0; /* it joined another meanwhile */
    struct case_change *cc = case_change_begin(vault, file, NULL);
    participant_set(cc->state, j->id, j->role, j->who, j->reason);
    state_history(cc->state, j->who, "Takes part in a case with others");
    if (j->is_held && !*file->taken_by && file->place.lane != LANE_NONE && file->place.lane != LANE_CONSULTATION)
        ops_take_draft(cc, j->who);
    audit_leaf(vault, cc->change, j->who, "participant.add", file->id, json_pack("{s:s}", "with", j->id));
    case_change_submit(cc, done, room);
    return 1;
}

static void joined(void *errand)
{
    struct joining *j = errand;
    mem_free(j->reason);
    mem_free(j);
}

/* The case that is to join; NULL: answered, or waits: it may be about to join another, or be joined. */
static struct case_file *other_asked(struct request *request, const struct case_file *file)
{
    const char *id;
    size_t count;
    if (!request_text(request, "other", 1, CODE_ID_SIZE, &id))
        return NULL;
    struct case_file *other = seen_find(request->vault, request->who, id);
    mem_free(participants_beside(request->vault, NULL, file, &count));
    if (!other)
        request_fail(request, "not_found", "There is no such case at this desk.", "other");
    else if (other == file || other->place.lane == LANE_CONSULTATION || file->place.lane == LANE_CONSULTATION)
        request_fail(request, "malformed", "That cannot be a participant of this case.", "other");
    else if (other->circle)
        request_fail(request, "conflict", "That one takes part in a case with others already.", "other");
    else if (count + 1 >= PARTICIPANTS_MAX)
        request_fail(request, "conflict", "There are too many of them.", "other");
    else if (other->writing)
        book_wait(other, request_again, request);
    else
        return other;
    return NULL;
}

void ops_participant_add(struct request *request)
{
    const char *reason;
    enum participant_role role;
    struct case_file *file = case_asked(request, 1), *other;
    if (!file || !request_text(request, "reason", 1, REASON_MAX, &reason) || !role_asked(request, &role) ||
        !(other = other_asked(request, file)))
        return;
    struct case_change *cc = case_change_begin(request->vault, file, NULL);
    struct joining *j = mem_new(sizeof *j);
    *j = (struct joining){
        .role = role, .reason = mem_copy_text(reason), .is_held = strcmp(file->taken_by, request->who) == 0};
    memcpy(j->who, request->who, sizeof j->who);
    code_id(file->id, j->id); /* the first one's id is that of all */
    if (!file->circle)
        participant_set(cc->state, j->id, participant_role(cc->state), request->who, reason);
    else
        memcpy(j->id, participant_id(cc->state), strlen(participant_id(cc->state)) + 1);
    uint8_t(*ids)[16] = mem_new_array(1, sizeof *ids);
    memcpy(ids[0], other->id, sizeof *ids);
    together_begin(request->vault, ids, 1, join, joined, j);
    state_history(cc->state, request->who, "Somebody else takes part in this case");
    audit_leaf(request->vault, cc->change, request->who, "participant.add", file->id,
               json_pack("{s:s}", "with", j->id));
    case_change_submit(cc, kept, request);
}

/* ---- change ---- */

static void change(struct request *request, struct case_change *cc, enum participant_role role, const char *mandate,
                   const char *reason)
{
    char id[CODE_ID_SIZE];
    const char *how = state_text(request->body, "how"), *is = participant_id(cc->state);
    int was_ended = participant_is_ended(cc->state);
    code_id(cc->file->id, id);
    participant_set(cc->state, *is ? is : id, role, request->who, reason);
    if (*mandate)
        participant_mandate(cc->state, strcmp(mandate, "given") == 0 ? how : NULL, request->who);
    if (was_ended)
        participant_resume(cc->state, request->who);
    state_history(cc->state, request->who, "Said who takes part, and in which role");
    case_change_notice(cc);
    audit_leaf(request->vault, cc->change, request->who, "participant.change", cc->file->id,
               json_pack("{s:s,s:s}", "role", participant_role_name(role), "mandate", mandate));
    case_change_submit(cc, kept, request);
}

void ops_participant_change(struct request *request)
{
    const char *reason, *mandate = "", *how = "";
    enum participant_role role;
    struct case_file *file = case_asked(request, 1);
    if (!file || !role_asked(request, &role) || !request_text(request, "reason", 1, REASON_MAX, &reason) ||
        !request_text(request, "mandate", 0, ROLE_MAX, &mandate) || !request_text(request, "how", 0, HOW_MAX, &how))
        return;
    int is_given = strcmp(mandate, "given") == 0;
    if (*mandate && !is_given && strcmp(mandate, "taken_back") != 0) {
        request_fail(request, "malformed", "This is missing, or not in the form it must have.", "mandate");
        return;
    }
    if (is_given && (role != PARTICIPANT_REPRESENTATIVE || !*how)) {
        request_fail(request, "malformed", "Say how and when the person agreed to who represents them.", "how");
        return;
    }
    struct case_change *cc = case_change_begin(request->vault, file, NULL);
    const struct participants_others others = participants_others(request->vault, file, cc->state);
    if (role == PARTICIPANT_REPRESENTATIVE && others.affected && others.alone == others.affected) {
        case_change_drop(cc);
        request_fail(request, "conflict", "The affected person ended this. Only they can take that back.", "role");
        return;
    }
    change(request, cc, role, mandate, reason);
}

/* ---- end ---- */

void ops_participant_end(struct request *request)
{
    const char *reason;
    int apart = 0;
    struct case_file *file = case_asked(request, 1);
    if (!file || !request_text(request, "reason", 1, REASON_MAX, &reason) || !request_flag(request, "apart", 0, &apart))
        return;
    struct case_change *cc = case_change_begin(request->vault, file, NULL);
    if (apart ? !file->circle
              : participant_is_ended(cc->state) || participant_role(cc->state) != PARTICIPANT_REPRESENTATIVE) {
        case_change_drop(cc);
        request_fail(request, "conflict",
                     apart ? "It takes part in no case with others."
                           : "Only the part of who represents somebody can be ended, and once.",
                     NULL);
        return;
    }
    if (apart) {
        json_object_del(cc->state, "participant");
        case_change_notice(cc);
        state_history(cc->state, request->who, "Takes part in no case with others any more");
    } else {
        if (!file->circle) { /* who reported for somebody, alone */
            char id[CODE_ID_SIZE];
            code_id(file->id, id);
            participant_set(cc->state, id, PARTICIPANT_REPRESENTATIVE, request->who, reason);
        }
        participants_end(cc, request->who, reason);
    }
    audit_leaf(request->vault, cc->change, request->who, apart ? "participant.apart" : "participant.end", file->id,
               json_pack("{s:s}", "reason", reason));
    case_change_submit(cc, kept, request);
}
