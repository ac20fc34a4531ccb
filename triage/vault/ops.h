/* ops.h -- the operations, one function each; their table is permit.c. Each answers its request exactly once. */
#ifndef TRIAGE_VAULT_OPS_H
#define TRIAGE_VAULT_OPS_H

#include "triage/vault/case_change.h"
#include "triage/vault/groups.h"
#include "triage/vault/request.h"

/* ops_desk.c */
void ops_status(struct request *request);
void ops_keys_status(struct request *request);
void ops_unlock(struct request *request);
void ops_whoami(struct request *request);
void ops_signout(struct request *request);
void ops_session_forged(struct request *request);
/* signin.c */
void ops_signin(struct request *request);
/* ops_people.c */
void ops_people_list(struct request *request);
void ops_people_add(struct request *request);
void ops_people_end(struct request *request);
void ops_people_aliases(struct request *request);
/* The person that the request names and that has not left; NULL when the request was answered. */
struct person *people_named(struct request *request);
void ops_people_waiting(struct request *request);
void ops_people_admit(struct request *request);
/* Of a protected desk: who was admitted since the sign-in before this session's. New reference. */
json_t *people_news(const struct vault *vault, const struct session *session);
/* ops_account.c */
void ops_account_show(struct request *request);
void ops_account_totp(struct request *request);
void ops_account_confirm(struct request *request);
void ops_account_password(struct request *request);
/* ops_recovery.c */
void ops_people_recover(struct request *request);
void ops_people_recover_confirm(struct request *request);
void ops_people_recover_finish(struct request *request);
void ops_people_recover_stop(struct request *request);
void ops_people_recoveries(struct request *request);
void ops_account_recovery_stop(struct request *request);
/* ops_sessions.c */
void ops_people_token(struct request *request);
void ops_account_session_end(struct request *request);
void ops_account_token(struct request *request);
void ops_account_token_end(struct request *request);
/* ops_passkey.c */
void ops_signin_begin(struct request *request);
void ops_signin_passkey(struct request *request);
void ops_account_passkey(struct request *request);
void ops_account_passkey_add(struct request *request);
void ops_account_passkey_end(struct request *request);
/* For fresh.c: the record's draft when the passkey in the body is right (new reference), or NULL. */
json_t *passkey_fresh(struct request *request, const struct person *person);
/* {"challenge","rp","ids"} to show once more who one is; null for who has no passkey. New reference. */
json_t *passkey_asking(struct request *request);
/* ops_settings.c */
void ops_settings_show(struct request *request);
/* ops_figures.c */
void ops_figures(struct request *request);
void ops_figures_flow(struct request *request);
void ops_audit_recent(struct request *request);
void ops_case_trail(struct request *request);
/* ops_queue.c */
void ops_queue_list(struct request *request);
void ops_queue_take(struct request *request);
void ops_consultation_list(struct request *request);
/* "Taken" in a draft: who holds it now, and the state that follows. */
void ops_take_draft(struct case_change *cc, const char *who);
/* ops_aside.c */
void ops_aside_list(struct request *request);
void ops_aside_decide(struct request *request);
/* ops_hold.c */
void ops_case_skip(struct request *request);
void ops_case_hand_over(struct request *request);
void ops_case_watch(struct request *request);
/* ops_conflict.c */
void ops_case_recuse(struct request *request);
/* ops_pause.c */
void ops_case_pause(struct request *request);
void ops_case_resume(struct request *request);
/* ops_oncall.c */
void ops_oncall_show(struct request *request);
void ops_oncall_set(struct request *request);
void ops_oncall_roster(struct request *request);
void ops_oncall_acknowledge(struct request *request);
/* ops_decide.c */
void ops_case_decide(struct request *request);
void ops_case_second(struct request *request);
void ops_second_list(struct request *request);
/* ops_remedy.c */
void ops_remedy_offer(struct request *request);
void ops_remedy_deliver(struct request *request);
void ops_remedy_heard(struct request *request);
void ops_remedy_list(struct request *request);
/* ops_case.c */
void ops_case_show(struct request *request);
void ops_case_return(struct request *request);
void ops_case_note(struct request *request);
void ops_case_why(struct request *request);
void ops_case_answer(struct request *request);
/* An answer in a draft: row, notice, text to who texts (`by_text`; "": none), the state that it leaves (`state`; "": as
 * case.answer without one). The message (new reference), or NULL: an answer cannot bring the case into that state, and
 * the draft is to be dropped. */
json_t *ops_answer_draft(struct case_change *cc, const char *who, const char *text, const char *language,
                         const char *state, const char *by_text);
/* ops_look.c */
void ops_case_look(struct request *request);
/* ops_assess.c */
void ops_case_assess(struct request *request);
/* The severity that `who` asks for counts, in a draft. */
void ops_assess_draft(struct case_change *cc, const char *who, const json_t *asked, const char *reason);
/* ops_link.c */
void ops_case_link(struct request *request);
/* The link to that impact in a draft: confirmed, or taken away. */
void ops_link_draft(json_t *state, const char *impact, int confirm, const char *who, const char *reason);
/* ops_translation.c */
void ops_translation_ask(struct request *request);
void ops_translation_list(struct request *request);
void ops_translation_show(struct request *request);
void ops_translation_write(struct request *request);
/* ops_safety.c */
void ops_case_graphic(struct request *request);
void ops_case_safety(struct request *request);
void ops_case_outside(struct request *request);
void ops_case_checkin(struct request *request);
void ops_checkin_list(struct request *request);
/* ops_group.c */
void ops_case_join(struct request *request);
void ops_case_leave(struct request *request);
void ops_group_list(struct request *request);
void ops_group_show(struct request *request);
/* The group that the request names; NULL when it was answered. */
struct group *group_asked(struct request *request);
/* ops_participant.c */
void ops_participant_add(struct request *request);
void ops_participant_change(struct request *request);
void ops_participant_end(struct request *request);
/* 0: their part in the case has ended, nothing more goes to them, and the request was answered. */
int participant_is_reached(struct request *request, const struct case_file *file);
/* 0: what `act` says (acts.h) is not theirs to say, whoever heard it, and the request was answered. */
int participant_may_say(struct request *request, const struct case_file *file, const char *act);
/* ops_group_all.c */
void ops_group_rename(struct request *request);
void ops_group_take(struct request *request);
void ops_group_answer(struct request *request);
void ops_group_link(struct request *request);
/* What an answer can still reach: an open case whose conversation can be written to. */
int group_reaches(const struct case_file *file, const json_t *state);
/* ops_register.c */
void ops_impact_list(struct request *request);
void ops_impact_show(struct request *request);
/* The impact that the request names; NULL when it was answered. */
struct impact *ops_register_impact(struct request *request);
/* The answer to a write on the register; takes `fields`. Somebody who was faster is no fault as long as both can be
 * true: the operation then runs again, and finds out. */
void ops_register_answer(struct request *request, enum err err, json_t *fields);
/* Write `entry` (its json and detail are taken; detail may be NULL) in the name of who asks: a new one, where it has no
 * id, gets one that is drawn. The leaf of the audit says the id as `member`. `kept` as in impacts.h, with the request
 * as its room: it answers. */
struct impacts_write;
void ops_register_write(struct request *request, const struct impacts_write *entry, const char *member,
                        void (*kept)(void *room, enum err err, const uint8_t id[16]));
/* ops_impact.c */
void ops_impact_create(struct request *request);
void ops_impact_update(struct request *request);
void ops_impact_entity(struct request *request);
void ops_impact_involve(struct request *request);
/* ops_action.c */
void ops_action_list(struct request *request);
void ops_action_show(struct request *request);
void ops_action_add(struct request *request);
void ops_action_update(struct request *request);
void ops_action_attempt(struct request *request);
/* ops_export.c */
void ops_export_begin(struct request *request);
void ops_export_next(struct request *request);
void ops_export_list(struct request *request);
/* ops_file.c */
void ops_file_look(struct request *request);
void ops_file_download(struct request *request);
void ops_file_piece(struct request *request);
/* ops_receiver.c */
void ops_receiver_list(struct request *request);
void ops_receiver_show(struct request *request);
void ops_receiver_add(struct request *request);
void ops_receiver_update(struct request *request);
void ops_receiver_check(struct request *request);
void ops_receiver_end(struct request *request);
/* The place in the directory that the request names; NULL when it was answered. */
struct receiver *ops_receiver_asked(struct request *request);
/* ops_consent.c */
void ops_consent_ask(struct request *request);
void ops_consent_record(struct request *request);
/* ops_packet.c */
void ops_referral_draft(struct request *request);
void ops_referral_edit(struct request *request);
/* ops_referral.c */
void ops_referral_list(struct request *request);
void ops_referral_show(struct request *request);
void ops_referral_approve(struct request *request);
void ops_referral_send(struct request *request);
void ops_referral_note(struct request *request);
/* A second person confirmed or refused what waited under "referral" (second.h). */
void ops_referral_settled(json_t *state, const json_t *asked, int confirm);
/* ops_search.c */
void ops_search(struct request *request);
/* ops_walkin.c */
void ops_walkin(struct request *request);

#endif
