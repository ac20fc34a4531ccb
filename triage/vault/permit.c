/* permit.c -- see permit.h. */
#include "triage/vault/permit.h"

#include <string.h>

#include "triage/vault/move.h"
#include "triage/vault/ops.h"

enum { C = SOCKET_CONSOLE, P = SOCKET_OPERATOR, OPENING = PERMIT_OPENING, OF_CASE = PERMIT_OPENING_CASE, LOCKED = 1 };
enum {
    OFFICER = ROLE_OFFICER,
    HANDLER = ROLE_HANDLER,
    ADMIN = ROLE_ADMINISTRATOR,
    MANAGER = ROLE_MANAGER,
    AUDITOR = ROLE_AUDITOR,
    SECOND = ROLE_OFFICER | ROLE_REVIEWER, /* who may be the second of two */
    MEMBER = ROLES_MEMBER,                 /* officer and handler: who reads and works on cases */
    ANY = ROLE_OFFICER | ROLE_HANDLER | ROLE_ADMINISTRATOR | ROLE_TRANSLATOR | ROLE_MANAGER | ROLE_AUDITOR |
          ROLE_REVIEWER,
    READS = PERMIT_READS,
    FIRST = ANY | PERMIT_ENROLLING, /* also who has yet to set up a second factor */
};

/* On the operator's socket the uid is the right: roles are not asked there. */
static const struct permit rows[] = {
    {"status", C | P, 0, 0, LOCKED, ops_status},
    {"unlock", P, 0, 0, LOCKED, ops_unlock},
    {"keys.status", P, 0, 0, LOCKED, ops_keys_status},
    {"signin.begin", C, 0, 0, LOCKED, ops_signin_begin},
    {"signin", C, 0, 0, 0, ops_signin},
    {"signin.passkey", C, 0, 0, 0, ops_signin_passkey},
    {"session.forged", C, FIRST, 0, 0, ops_session_forged},
    {"signout", C, FIRST, 0, 0, ops_signout},
    {"whoami", C, FIRST | READS, 0, 0, ops_whoami},
    {"queue.list", C, MEMBER | READS, 0, 0, ops_queue_list},
    {"queue.take", C, OFFICER, 0, 0, ops_queue_take},
    {"aside.list", C, MEMBER | READS, 0, 0, ops_aside_list},
    {"aside.decide", C, OFFICER, 0, 0, ops_aside_decide},
    {"case.show", C, MEMBER | SECOND | READS, OF_CASE, 0, ops_case_show},
    {"case.return", C, MEMBER, 0, 0, ops_case_return},
    {"case.look", C, OFFICER, 0, 0, ops_case_look},
    {"case.move", C, MEMBER, 0, 0, ops_case_move},
    {"case.assess", C, OFFICER, 0, 0, ops_case_assess},
    {"case.why", C, MEMBER | READS, 0, 0, ops_case_why},
    {"case.answer", C, MEMBER, 0, 0, ops_case_answer},
    {"case.note", C, MEMBER, 0, 0, ops_case_note},
    {"case.link", C, MEMBER, 0, 0, ops_case_link},
    {"translation.ask", C, MEMBER, 0, 0, ops_translation_ask},
    {"translation.list", C, MEMBER | ROLE_TRANSLATOR | READS, 0, 0, ops_translation_list},
    {"translation.show", C, MEMBER | ROLE_TRANSLATOR | READS, OPENING, 0, ops_translation_show},
    {"translation.write", C, MEMBER | ROLE_TRANSLATOR, 0, 0, ops_translation_write},
    {"case.graphic", C, MEMBER, 0, 0, ops_case_graphic},
    {"case.safety", C, MEMBER, 0, 0, ops_case_safety},
    {"case.outside", C, MEMBER, 0, 0, ops_case_outside},
    {"case.checkin", C, MEMBER, 0, 0, ops_case_checkin},
    {"checkin.list", C, MEMBER | READS, 0, 0, ops_checkin_list},
    {"case.join", C, MEMBER, 0, 0, ops_case_join},
    {"case.leave", C, MEMBER, 0, 0, ops_case_leave},
    {"participant.add", C, MEMBER, 0, 0, ops_participant_add},
    {"participant.change", C, MEMBER, 0, 0, ops_participant_change},
    {"participant.end", C, MEMBER, 0, 0, ops_participant_end},
    {"group.list", C, MEMBER | READS, 0, 0, ops_group_list},
    {"group.show", C, MEMBER | READS, 0, 0, ops_group_show},
    {"group.rename", C, MEMBER, 0, 0, ops_group_rename},
    {"group.take", C, OFFICER, 0, 0, ops_group_take},
    {"group.answer", C, MEMBER, 0, 0, ops_group_answer},
    {"group.link", C, MEMBER, 0, 0, ops_group_link},
    {"impact.list", C, MEMBER | READS, 0, 0, ops_impact_list},
    {"impact.show", C, MEMBER | READS, 0, 0, ops_impact_show},
    {"impact.create", C, MEMBER, 0, 0, ops_impact_create},
    {"search", C, MEMBER | READS, 0, 0, ops_search},
    {"walkin", C, OFFICER, 0, 0, ops_walkin},
    {"consultation.list", C, MEMBER | READS, 0, 0, ops_consultation_list},
    {"consultation.show", C, MEMBER | READS, OF_CASE, 0, ops_case_show},
    {"consultation.link", C, MEMBER, 0, 0, ops_case_link},
    {"figures", C, MEMBER | MANAGER | AUDITOR | READS, 0, 0, ops_figures},
    {"figures.flow", C, MEMBER | MANAGER | AUDITOR | READS, 0, 0, ops_figures_flow},
    {"office.settings", C, MEMBER | ADMIN | READS, 0, 0, ops_settings_show},
    {"audit.recent", C, AUDITOR | READS, 0, 0, ops_audit_recent},
    {"case.trail", C, AUDITOR | READS, 0, 0, ops_case_trail},
    {"people.list", C, ADMIN | READS, 0, 0, ops_people_list},
    {"people.add", C, ADMIN, 0, 0, ops_people_add},
    {"people.end", C, ADMIN, 0, 0, ops_people_end},
    {"people.aliases", C, ADMIN, 0, 0, ops_people_aliases},
    {"people.waiting", C, MEMBER | READS, 0, 0, ops_people_waiting},
    {"people.admit", C, MEMBER, 0, 0, ops_people_admit},
    {"people.recoveries", C, ADMIN | MEMBER | READS, 0, 0, ops_people_recoveries},
    {"people.recover", C, ADMIN | MEMBER, 0, 0, ops_people_recover},
    {"people.recover.confirm", C, ADMIN | MEMBER, 0, 0, ops_people_recover_confirm},
    {"people.recover.finish", C, ADMIN, 0, 0, ops_people_recover_finish},
    {"people.recover.stop", C, ADMIN | MEMBER, 0, 0, ops_people_recover_stop},
    {"account.recovery.stop", C, FIRST, 0, 0, ops_account_recovery_stop},
    {"account.show", C, FIRST, 0, 0, ops_account_show},
    {"account.totp", C, FIRST, 0, 0, ops_account_totp},
    {"account.confirm", C, FIRST, 0, 0, ops_account_confirm},
    {"account.passkey", C, FIRST, 0, 0, ops_account_passkey},
    {"account.passkey.add", C, FIRST, 0, 0, ops_account_passkey_add},
    {"account.passkey.end", C, ANY, 0, 0, ops_account_passkey_end},
    {"account.session.end", C, ANY, 0, 0, ops_account_session_end},
    {"account.token", C, ANY, 0, 0, ops_account_token},
    {"account.token.end", C, ANY, 0, 0, ops_account_token_end},
    {"account.password", C, ANY, 0, 0, ops_account_password},
    {"staff.list", P, 0, 0, 0, ops_people_list},
    {"staff.add", P, 0, 0, 0, ops_people_add},
    {"staff.end", P, 0, 0, 0, ops_people_end},
    {"staff.token", P, 0, 0, 0, ops_people_token},
    {"case.skip", C, OFFICER, 0, 0, ops_case_skip},
    {"case.hand_over", C, OFFICER, 0, 0, ops_case_hand_over},
    {"case.watch", C, MEMBER, 0, 0, ops_case_watch},
    {"case.recuse", C, MEMBER, 0, 0, ops_case_recuse},
    {"case.pause", C, OFFICER, 0, 0, ops_case_pause},
    {"case.resume", C, OFFICER, 0, 0, ops_case_resume},
    {"oncall.show", C, ADMIN | MEMBER | READS, 0, 0, ops_oncall_show},
    {"oncall.set", C, ADMIN | OFFICER, 0, 0, ops_oncall_set},
    {"oncall.roster", C, ADMIN | OFFICER, 0, 0, ops_oncall_roster},
    {"oncall.acknowledge", C, MEMBER, 0, 0, ops_oncall_acknowledge},
    {"case.decide", C, SECOND, 0, 0, ops_case_decide},
    {"case.second", C, SECOND, 0, 0, ops_case_second},
    {"second.list", C, SECOND | READS, 0, 0, ops_second_list},
    {"remedy.offer", C, MEMBER, 0, 0, ops_remedy_offer},
    {"remedy.deliver", C, MEMBER, 0, 0, ops_remedy_deliver},
    {"remedy.heard", C, MEMBER, 0, 0, ops_remedy_heard},
    {"remedy.list", C, MEMBER | READS, 0, 0, ops_remedy_list},
    {"impact.update", C, MEMBER, 0, 0, ops_impact_update},
    {"impact.entity", C, MEMBER, 0, 0, ops_impact_entity},
    {"impact.involve", C, MEMBER, 0, 0, ops_impact_involve},
    {"action.list", C, MEMBER | READS, 0, 0, ops_action_list},
    {"action.show", C, MEMBER | READS, 0, 0, ops_action_show},
    {"action.add", C, MEMBER, 0, 0, ops_action_add},
    {"action.update", C, MEMBER, 0, 0, ops_action_update},
    {"action.attempt", C, MEMBER, 0, 0, ops_action_attempt},
    {"export.begin", C, MEMBER, 0, 0, ops_export_begin},
    {"export.next", C, MEMBER, 0, 0, ops_export_next},
    {"export.list", C, MEMBER | READS, 0, 0, ops_export_list},
    {"file.look", C, MEMBER | SECOND | READS, OPENING, 0, ops_file_look},
    {"file.download", C, MEMBER, OPENING, 0, ops_file_download},
    {"file.piece", C, MEMBER | SECOND | READS, 0, 0, ops_file_piece},
    {"receiver.list", C, MEMBER | SECOND | READS, 0, 0, ops_receiver_list},
    {"receiver.show", C, MEMBER | SECOND | READS, 0, 0, ops_receiver_show},
    {"receiver.add", C, OFFICER, 0, 0, ops_receiver_add},
    {"receiver.update", C, OFFICER, 0, 0, ops_receiver_update},
    {"receiver.check", C, SECOND, 0, 0, ops_receiver_check},
    {"consent.ask", C, MEMBER, 0, 0, ops_consent_ask},
    {"consent.record", C, MEMBER, 0, 0, ops_consent_record},
    {"referral.list", C, MEMBER | READS, 0, 0, ops_referral_list},
    {"referral.show", C, MEMBER | SECOND | READS, OF_CASE, 0, ops_referral_show},
    {"referral.draft", C, MEMBER, 0, 0, ops_referral_draft},
    {"referral.edit", C, MEMBER, 0, 0, ops_referral_edit},
    {"referral.approve", C, OFFICER, 0, 0, ops_referral_approve},
    {"referral.send", C, OFFICER, 0, 0, ops_referral_send},
    {"referral.note", C, MEMBER, 0, 0, ops_referral_note},
    {"receiver.end", C, OFFICER, 0, 0, ops_receiver_end},
};

const struct permit *permit_at(size_t index)
{
    return index < sizeof rows / sizeof *rows ? &rows[index] : NULL;
}

enum token_scope permit_scope(const struct permit *permit)
{
    if (permit->roles & PERMIT_READS)
        return SCOPE_READ;
    return permit->roles == ROLE_ADMINISTRATOR ? SCOPE_ADMIN : SCOPE_WORK;
}

static void print_roles(unsigned roles, FILE *to)
{
    const char *between = "";
    if (roles == 0)
        fputs("none", to);
    for (unsigned bit = 1; bit < PERMIT_ENROLLING; bit <<= 1)
        if (roles & bit) {
            fprintf(to, "%s%s", between, people_role_name((enum role)bit));
            between = ",";
        }
    if (roles & PERMIT_ENROLLING)
        fputs(" enrolling", to);
    if (roles & PERMIT_READS)
        fputs(" reads", to);
}

void permit_print(FILE *to)
{
    static const char *const sockets[] = {"", "console", "operator", "console,operator"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fprintf(to, "%s %s ", rows[i].op, sockets[rows[i].sockets]);
        print_roles(rows[i].roles, to);
        fputc('\n', to);
    }
}

const struct permit *permit_find(const char *op, enum request_socket socket)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if ((rows[i].sockets & socket) && strcmp(rows[i].op, op) == 0)
            return &rows[i];
    return NULL;
}
