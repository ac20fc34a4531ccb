/* routes.h -- everything that the console can be asked, in one table: address, door, right, the vault's operation, its
 * fields, and who shows the answer.
 *
 * X(name, method, path, door, role, op, id, fields, body_max, show, fail) */
#ifndef TRIAGE_CONSOLE_ROUTES_H
#define TRIAGE_CONSOLE_ROUTES_H

#include <stdio.h>

#include "triage/console/call.h"

/* Bytes of a body. Percent-encoding makes three bytes of one. */
enum { BODY_NONE = 0, BODY_SHORT = 16 * 1024, BODY_TEXT = 256 * 1024 };

#define ROUTE_LIST(X)                                                                                                  \
    /* pages */                                                                                                        \
    X(home, HTTP_GET, "/", DOOR_PAGE, ROLE_ANY, NULL, NULL, NULL, BODY_NONE, show_home, NULL)                          \
    X(signin, HTTP_GET, "/signin", DOOR_OPEN, ROLE_NONE, "signin.begin", NULL, NULL, BODY_NONE, show_signin,           \
      fail_signin)                                                                                                     \
    X(sign_in, HTTP_POST, "/signin", DOOR_OPEN, ROLE_NONE, "signin", NULL, FIELDS_SIGNIN, BODY_SHORT, show_signed_in,  \
      fail_signin)                                                                                                     \
    X(signin_passkey, HTTP_POST, "/signin/passkey", DOOR_OPEN, ROLE_NONE, "signin.passkey", NULL, FIELDS_PASSKEY,      \
      BODY_SHORT, show_signed_in, fail_signin)                                                                         \
    X(passkey_script, HTTP_GET, "/passkey.js", DOOR_OPEN, ROLE_NONE, NULL, NULL, NULL, BODY_NONE, show_script, NULL)   \
    X(fresh_script, HTTP_GET, "/fresh.js", DOOR_OPEN, ROLE_NONE, NULL, NULL, NULL, BODY_NONE, show_fresh_script, NULL) \
    X(base_css, HTTP_GET, "/base.css", DOOR_OPEN, ROLE_NONE, NULL, NULL, NULL, BODY_NONE, show_base, NULL)             \
    X(sign_out, HTTP_POST, "/signout", DOOR_FORM, ROLE_ANY, "signout", NULL, NULL, BODY_SHORT, show_signed_out,        \
      fail_signout)                                                                                                    \
    X(queue, HTTP_GET, "/queue", DOOR_PAGE, ROLE_MEMBER, "queue.list", NULL, FIELDS_QUEUE, BODY_NONE, show_queue,      \
      NULL)                                                                                                            \
    X(take, HTTP_POST, "/queue/take", DOOR_FORM, ROLE_OFFICER, "queue.take", NULL, NULL, BODY_SHORT, show_taken, NULL) \
    X(case_page, HTTP_GET, "/cases/{id}", DOOR_PAGE, ROLE_MEMBER | ROLE_REVIEWER, "case.show", "case", NULL,           \
      BODY_NONE, show_case, NULL)                                                                                      \
    X(case_assess, HTTP_POST, "/cases/{id}/assess", DOOR_FORM, ROLE_OFFICER, "case.assess", "case", FIELDS_ASSESS,     \
      BODY_TEXT, show_assessed, NULL)                                                                                  \
    X(case_why, HTTP_GET, "/cases/{id}/why", DOOR_PAGE, ROLE_MEMBER, "case.why", "case", NULL, BODY_NONE, show_why,    \
      NULL)                                                                                                            \
    X(case_preview, HTTP_POST, "/cases/{id}/preview", DOOR_FORM, ROLE_MEMBER, NULL, "case", FIELDS_ANSWER, BODY_TEXT,  \
      show_preview, NULL)                                                                                              \
    X(case_answer, HTTP_POST, "/cases/{id}/answer", DOOR_FORM, ROLE_MEMBER, "case.answer", "case", FIELDS_ANSWER,      \
      BODY_TEXT, show_answered, NULL)                                                                                  \
    X(case_note, HTTP_POST, "/cases/{id}/note", DOOR_FORM, ROLE_MEMBER, "case.note", "case", FIELDS_NOTE, BODY_TEXT,   \
      show_noted, NULL)                                                                                                \
    X(case_link, HTTP_POST, "/cases/{id}/link", DOOR_FORM, ROLE_MEMBER, "case.link", "case", FIELDS_LINK, BODY_SHORT,  \
      show_linked, NULL)                                                                                               \
    X(case_return, HTTP_POST, "/cases/{id}/return", DOOR_FORM, ROLE_MEMBER, "case.return", "case", FIELDS_RETURN,      \
      BODY_SHORT, show_returned, NULL)                                                                                 \
    X(case_look, HTTP_POST, "/cases/{id}/look", DOOR_FORM, ROLE_OFFICER, "case.look", "case", FIELDS_LOOK, BODY_SHORT, \
      show_looked, NULL)                                                                                               \
    X(case_move, HTTP_POST, "/cases/{id}/move", DOOR_FORM, ROLE_MEMBER, "case.move", "case", FIELDS_MOVE, BODY_SHORT,  \
      show_moved, NULL)                                                                                                \
    X(case_decide, HTTP_POST, "/cases/{id}/decide", DOOR_FORM, ROLE_OFFICER | ROLE_REVIEWER, "case.decide", "case",    \
      FIELDS_DECIDE, BODY_TEXT, show_decided, NULL)                                                                    \
    X(case_second, HTTP_POST, "/cases/{id}/second", DOOR_FORM, ROLE_OFFICER | ROLE_REVIEWER, "case.second", "case",    \
      FIELDS_SECOND, BODY_SHORT, show_seconded, NULL)                                                                  \
    X(case_skip, HTTP_POST, "/cases/{id}/skip", DOOR_FORM, ROLE_OFFICER, "case.skip", "case", FIELDS_RETURN,           \
      BODY_SHORT, show_skipped, NULL)                                                                                  \
    X(case_hand, HTTP_POST, "/cases/{id}/hand", DOOR_FORM, ROLE_OFFICER, "case.hand_over", "case", FIELDS_HAND,        \
      BODY_SHORT, show_handed, NULL)                                                                                   \
    X(case_watch, HTTP_POST, "/cases/{id}/watch", DOOR_FORM, ROLE_MEMBER, "case.watch", "case", FIELDS_WATCH,          \
      BODY_SHORT, show_watched, NULL)                                                                                  \
    X(case_translate, HTTP_POST, "/cases/{id}/translate", DOOR_FORM, ROLE_MEMBER, "translation.ask", "case",           \
      FIELDS_TRANSLATE, BODY_TEXT, show_translation_asked, NULL)                                                       \
    X(translations, HTTP_GET, "/translations", DOOR_PAGE, ROLE_MEMBER | ROLE_TRANSLATOR, "translation.list", NULL,     \
      FIELDS_LIST, BODY_NONE, show_translations, NULL)                                                                 \
    X(translation, HTTP_GET, "/translations/{id}", DOOR_PAGE, ROLE_MEMBER | ROLE_TRANSLATOR, "translation.show",       \
      "translation", NULL, BODY_NONE, show_translation, NULL)                                                          \
    X(translate, HTTP_POST, "/translations/{id}", DOOR_FORM, ROLE_MEMBER | ROLE_TRANSLATOR, "translation.write",       \
      "translation", FIELDS_TRANSLATION, BODY_TEXT, show_translated, NULL)                                             \
    X(case_graphic, HTTP_POST, "/cases/{id}/graphic", DOOR_FORM, ROLE_MEMBER, "case.graphic", "case", FIELDS_GRAPHIC,  \
      BODY_SHORT, show_safer, NULL)                                                                                    \
    X(file_look, HTTP_POST, "/cases/{id}/files/look", DOOR_FORM, ROLE_MEMBER | ROLE_REVIEWER, "file.look", "case",     \
      FIELDS_FILE, BODY_SHORT, show_file, NULL)                                                                        \
    X(file_download, HTTP_POST, "/cases/{id}/files/download", DOOR_FORM, ROLE_MEMBER, "file.download", "case",         \
      FIELDS_DOWNLOAD, BODY_SHORT, show_downloaded, NULL)                                                              \
    X(case_safety, HTTP_POST, "/cases/{id}/safety", DOOR_FORM, ROLE_MEMBER, "case.safety", "case", FIELDS_SAFETY,      \
      BODY_TEXT, show_safer, NULL)                                                                                     \
    X(case_outside, HTTP_POST, "/cases/{id}/outside", DOOR_FORM, ROLE_MEMBER, "case.outside", "case", FIELDS_OUTSIDE,  \
      BODY_TEXT, show_safer, NULL)                                                                                     \
    X(case_checkin, HTTP_POST, "/cases/{id}/checkin", DOOR_FORM, ROLE_MEMBER, "case.checkin", "case", FIELDS_CHECKIN,  \
      BODY_TEXT, show_safer, NULL)                                                                                     \
    X(checkins, HTTP_GET, "/checkins", DOOR_PAGE, ROLE_MEMBER, "checkin.list", NULL, FIELDS_LIST, BODY_NONE,           \
      show_checkins, NULL)                                                                                             \
    X(case_join, HTTP_POST, "/cases/{id}/join", DOOR_FORM, ROLE_MEMBER, "case.join", "case", FIELDS_JOIN, BODY_SHORT,  \
      show_joined, NULL)                                                                                               \
    X(case_leave, HTTP_POST, "/cases/{id}/leave", DOOR_FORM, ROLE_MEMBER, "case.leave", "case", FIELDS_RETURN,         \
      BODY_SHORT, show_left, NULL)                                                                                     \
    X(participant_add, HTTP_POST, "/cases/{id}/participants", DOOR_FORM, ROLE_MEMBER, "participant.add", "case",       \
      FIELDS_PARTICIPANT, BODY_SHORT, show_participant, NULL)                                                          \
    X(participant_change, HTTP_POST, "/cases/{id}/participant", DOOR_FORM, ROLE_MEMBER, "participant.change", "case",  \
      FIELDS_PARTICIPANT_CHANGE, BODY_SHORT, show_participant, NULL)                                                   \
    X(participant_end, HTTP_POST, "/cases/{id}/participant/end", DOOR_FORM, ROLE_MEMBER, "participant.end", "case",    \
      FIELDS_PARTICIPANT_END, BODY_SHORT, show_participant, NULL)                                                      \
    X(groups, HTTP_GET, "/groups", DOOR_PAGE, ROLE_MEMBER, "group.list", NULL, FIELDS_LIST, BODY_NONE, show_groups,    \
      NULL)                                                                                                            \
    X(group, HTTP_GET, "/groups/{id}", DOOR_PAGE, ROLE_MEMBER, "group.show", "group", NULL, BODY_NONE, show_group,     \
      NULL)                                                                                                            \
    X(group_title, HTTP_POST, "/groups/{id}/title", DOOR_FORM, ROLE_MEMBER, "group.rename", "group", FIELDS_TITLE,     \
      BODY_SHORT, show_group_done, NULL)                                                                               \
    X(group_take, HTTP_POST, "/groups/{id}/take", DOOR_FORM, ROLE_OFFICER, "group.take", "group", NULL, BODY_SHORT,    \
      show_group_done, NULL)                                                                                           \
    X(group_answer, HTTP_POST, "/groups/{id}/answer", DOOR_FORM, ROLE_MEMBER, "group.answer", "group",                 \
      FIELDS_GROUP_ANSWER, BODY_TEXT, show_group_done, NULL)                                                           \
    X(group_link, HTTP_POST, "/groups/{id}/link", DOOR_FORM, ROLE_MEMBER, "group.link", "group", FIELDS_GROUP_LINK,    \
      BODY_SHORT, show_group_done, NULL)                                                                               \
    X(asides, HTTP_GET, "/aside", DOOR_PAGE, ROLE_MEMBER, "aside.list", NULL, FIELDS_LIST, BODY_NONE, show_asides,     \
      NULL)                                                                                                            \
    X(aside_decide, HTTP_POST, "/aside", DOOR_FORM, ROLE_OFFICER, "aside.decide", NULL, FIELDS_ASIDE, BODY_TEXT,       \
      show_aside_decided, NULL)                                                                                        \
    X(case_recuse, HTTP_POST, "/cases/{id}/recuse", DOOR_FORM, ROLE_MEMBER, "case.recuse", "case", FIELDS_RECUSE,      \
      BODY_SHORT, show_recused, NULL)                                                                                  \
    X(case_pause, HTTP_POST, "/cases/{id}/pause", DOOR_FORM, ROLE_OFFICER, "case.pause", "case", FIELDS_PAUSE,         \
      BODY_SHORT, show_paused, NULL)                                                                                   \
    X(case_resume, HTTP_POST, "/cases/{id}/resume", DOOR_FORM, ROLE_OFFICER, "case.resume", "case", NULL, BODY_SHORT,  \
      show_resumed, NULL)                                                                                              \
    X(consent_ask, HTTP_POST, "/cases/{id}/consent", DOOR_FORM, ROLE_MEMBER, "consent.ask", "case", FIELDS_CONSENT,    \
      BODY_SHORT, show_consent_asked, NULL)                                                                            \
    X(consent_record, HTTP_POST, "/cases/{id}/consent/answer", DOOR_FORM, ROLE_MEMBER, "consent.record", "case",       \
      FIELDS_CONSENT_SAID, BODY_SHORT, show_consent_recorded, NULL)                                                    \
    X(referral_draft, HTTP_POST, "/cases/{id}/referrals", DOOR_FORM, ROLE_MEMBER, "referral.draft", "case",            \
      FIELDS_REFERRAL_DRAFT, BODY_TEXT, show_referral_drafted, NULL)                                                   \
    X(referral_page, HTTP_GET, "/cases/{id}/referral", DOOR_PAGE, ROLE_MEMBER | ROLE_REVIEWER, "referral.show",        \
      "case", FIELDS_REFERRAL, BODY_NONE, show_referral, NULL)                                                         \
    X(referral_edit, HTTP_POST, "/cases/{id}/referral", DOOR_FORM, ROLE_MEMBER, "referral.edit", "case",               \
      FIELDS_REFERRAL_EDIT, BODY_TEXT, show_referral_drafted, NULL)                                                    \
    X(referral_approve, HTTP_POST, "/cases/{id}/referral/approve", DOOR_FORM, ROLE_OFFICER, "referral.approve",        \
      "case", FIELDS_REFERRAL_APPROVE, BODY_SHORT, show_referral_approved, NULL)                                       \
    X(referral_send, HTTP_POST, "/cases/{id}/referral/send", DOOR_FORM, ROLE_OFFICER, "referral.send", "case",         \
      FIELDS_REFERRAL_SEND, BODY_SHORT, show_sealed, NULL)                                                             \
    X(referral_note, HTTP_POST, "/cases/{id}/referral/note", DOOR_FORM, ROLE_MEMBER, "referral.note", "case",          \
      FIELDS_REFERRAL_NOTE, BODY_SHORT, show_referral_noted, NULL)                                                     \
    X(referrals, HTTP_GET, "/referrals", DOOR_PAGE, ROLE_MEMBER, "referral.list", NULL, FIELDS_REFERRALS, BODY_NONE,   \
      show_referrals, NULL)                                                                                            \
    X(second, HTTP_GET, "/second", DOOR_PAGE, ROLE_OFFICER | ROLE_REVIEWER, "second.list", NULL, FIELDS_PAGE,          \
      BODY_NONE, show_second, NULL)                                                                                    \
    X(case_offer, HTTP_POST, "/cases/{id}/offer", DOOR_FORM, ROLE_MEMBER, "remedy.offer", "case", FIELDS_OFFER,        \
      BODY_TEXT, show_offered, NULL)                                                                                   \
    X(case_deliver, HTTP_POST, "/cases/{id}/deliver", DOOR_FORM, ROLE_MEMBER, "remedy.deliver", "case",                \
      FIELDS_DELIVER, BODY_TEXT, show_delivered, NULL)                                                                 \
    X(case_heard, HTTP_POST, "/cases/{id}/heard", DOOR_FORM, ROLE_MEMBER, "remedy.heard", "case", FIELDS_HEARD,        \
      BODY_SHORT, show_heard, NULL)                                                                                    \
    X(remedies, HTTP_GET, "/remedies", DOOR_PAGE, ROLE_MEMBER, "remedy.list", NULL, FIELDS_PAGE, BODY_NONE,            \
      show_remedies, NULL)                                                                                             \
    X(impacts, HTTP_GET, "/impacts", DOOR_PAGE, ROLE_MEMBER, "impact.list", NULL, FIELDS_IMPACTS, BODY_NONE,           \
      show_impacts, NULL)                                                                                              \
    X(impact_create, HTTP_POST, "/impacts", DOOR_FORM, ROLE_MEMBER, "impact.create", NULL, FIELDS_IMPACT, BODY_TEXT,   \
      show_impact_created, NULL)                                                                                       \
    X(impact_form, HTTP_GET, "/impacts/new", DOOR_PAGE, ROLE_MEMBER, NULL, NULL, NULL, BODY_NONE, show_impact_form,    \
      NULL)                                                                                                            \
    X(impact_page, HTTP_GET, "/impacts/{id}", DOOR_PAGE, ROLE_MEMBER, "impact.show", "impact", NULL, BODY_NONE,        \
      show_impact, NULL)                                                                                               \
    X(impact_change_form, HTTP_GET, "/impacts/{id}/change", DOOR_PAGE, ROLE_MEMBER, "impact.show", "impact", NULL,     \
      BODY_NONE, show_impact_change, NULL)                                                                             \
    X(impact_change, HTTP_POST, "/impacts/{id}", DOOR_FORM, ROLE_MEMBER, "impact.update", "impact",                    \
      FIELDS_IMPACT_CHANGE, BODY_TEXT, show_impact_changed, NULL)                                                      \
    X(impact_entity, HTTP_POST, "/impacts/{id}/entities", DOOR_FORM, ROLE_MEMBER, "impact.entity", "impact",           \
      FIELDS_ENTITY, BODY_TEXT, show_impact_changed, NULL)                                                             \
    X(impact_involve, HTTP_POST, "/impacts/{id}/involvement", DOOR_FORM, ROLE_MEMBER, "impact.involve", "impact",      \
      FIELDS_INVOLVE, BODY_TEXT, show_impact_changed, NULL)                                                            \
    X(action_add, HTTP_POST, "/impacts/{id}/actions", DOOR_FORM, ROLE_MEMBER, "action.add", "impact",                  \
      FIELDS_ACTION_ADD, BODY_TEXT, show_action_added, NULL)                                                           \
    X(actions, HTTP_GET, "/actions", DOOR_PAGE, ROLE_MEMBER, "action.list", NULL, FIELDS_ACTIONS, BODY_NONE,           \
      show_actions, NULL)                                                                                              \
    X(action_page, HTTP_GET, "/actions/{id}", DOOR_PAGE, ROLE_MEMBER, "action.show", "action", NULL, BODY_NONE,        \
      show_action, NULL)                                                                                               \
    X(action_update, HTTP_POST, "/actions/{id}", DOOR_FORM, ROLE_MEMBER, "action.update", "action", FIELDS_ACTION,     \
      BODY_TEXT, show_action_changed, NULL)                                                                            \
    X(action_attempt, HTTP_POST, "/actions/{id}/attempts", DOOR_FORM, ROLE_MEMBER, "action.attempt", "action",         \
      FIELDS_ATTEMPT, BODY_TEXT, show_action_changed, NULL)                                                            \
    X(receivers, HTTP_GET, "/receivers", DOOR_PAGE, ROLE_MEMBER | ROLE_REVIEWER, "receiver.list", NULL,                \
      FIELDS_RECEIVERS, BODY_NONE, show_receivers, NULL)                                                               \
    X(receiver_add, HTTP_POST, "/receivers", DOOR_FORM, ROLE_OFFICER, "receiver.add", NULL, FIELDS_RECEIVER,           \
      BODY_TEXT, show_receiver_added, NULL)                                                                            \
    X(receiver_page, HTTP_GET, "/receivers/{id}", DOOR_PAGE, ROLE_MEMBER | ROLE_REVIEWER, "receiver.show", "receiver", \
      NULL, BODY_NONE, show_receiver, NULL)                                                                            \
    X(receiver_update, HTTP_POST, "/receivers/{id}", DOOR_FORM, ROLE_OFFICER, "receiver.update", "receiver",           \
      FIELDS_RECEIVER_CHANGE, BODY_TEXT, show_receiver_changed, NULL)                                                  \
    X(receiver_check, HTTP_POST, "/receivers/{id}/check", DOOR_FORM, ROLE_OFFICER | ROLE_REVIEWER, "receiver.check",   \
      "receiver", FIELDS_RECEIVER_CHECK, BODY_SHORT, show_receiver_checked, NULL)                                      \
    X(receiver_end, HTTP_POST, "/receivers/{id}/end", DOOR_FORM, ROLE_OFFICER, "receiver.end", "receiver",             \
      FIELDS_RETURN, BODY_SHORT, show_receiver_changed, NULL)                                                          \
    X(search_form, HTTP_GET, "/search", DOOR_PAGE, ROLE_MEMBER, NULL, NULL, NULL, BODY_NONE, show_search_form, NULL)   \
    X(search, HTTP_POST, "/search", DOOR_FORM, ROLE_MEMBER, "search", NULL, FIELDS_SEARCH, BODY_SHORT, show_found,     \
      NULL)                                                                                                            \
    X(walkin_form, HTTP_GET, "/walkin", DOOR_PAGE, ROLE_OFFICER, NULL, NULL, NULL, BODY_NONE, show_walkin_form, NULL)  \
    X(walkin, HTTP_POST, "/walkin", DOOR_FORM, ROLE_OFFICER, "walkin", NULL, FIELDS_WALKIN, BODY_TEXT, show_receipt,   \
      NULL)                                                                                                            \
    X(export_form, HTTP_GET, "/export", DOOR_PAGE, ROLE_MEMBER, "export.list", NULL, NULL, BODY_NONE,                  \
      show_export_form, NULL)                                                                                          \
    X(export, HTTP_POST, "/export", DOOR_FORM, ROLE_MEMBER, "export.begin", NULL, FIELDS_EXPORT, BODY_SHORT,           \
      show_exported, NULL)                                                                                             \
    X(consultations, HTTP_GET, "/consultations", DOOR_PAGE, ROLE_MEMBER, "consultation.list", NULL, FIELDS_PAGE,       \
      BODY_NONE, show_consultations, NULL)                                                                             \
    X(consultation, HTTP_GET, "/consultations/{id}", DOOR_PAGE, ROLE_MEMBER, "consultation.show", "case", NULL,        \
      BODY_NONE, show_case, NULL)                                                                                      \
    X(consultation_link, HTTP_POST, "/consultations/{id}/link", DOOR_FORM, ROLE_MEMBER, "consultation.link", "case",   \
      FIELDS_LINK, BODY_SHORT, show_consultation_linked, NULL)                                                         \
    X(oncall, HTTP_GET, "/oncall", DOOR_PAGE, ROLE_MEMBER | ROLE_ADMINISTRATOR, "oncall.show", NULL, NULL, BODY_NONE,  \
      show_oncall, NULL)                                                                                               \
    X(oncall_set, HTTP_POST, "/oncall", DOOR_FORM, ROLE_OFFICER | ROLE_ADMINISTRATOR, "oncall.set", NULL,              \
      FIELDS_ONCALL, BODY_SHORT, show_oncall_set, NULL)                                                                \
    X(oncall_roster, HTTP_POST, "/oncall/roster", DOOR_FORM, ROLE_OFFICER | ROLE_ADMINISTRATOR, "oncall.roster", NULL, \
      FIELDS_ROSTER, BODY_SHORT, show_oncall_roster, NULL)                                                             \
    X(oncall_acknowledge, HTTP_POST, "/oncall/acknowledge", DOOR_FORM, ROLE_MEMBER, "oncall.acknowledge", NULL, NULL,  \
      BODY_SHORT, show_oncall_acknowledged, NULL)                                                                      \
    X(people, HTTP_GET, "/people", DOOR_PAGE, ROLE_ADMINISTRATOR, "people.list", NULL, NULL, BODY_NONE, show_people,   \
      NULL)                                                                                                            \
    X(person_add, HTTP_POST, "/people", DOOR_FORM, ROLE_ADMINISTRATOR, "people.add", NULL, FIELDS_PERSON, BODY_SHORT,  \
      show_person_added, NULL)                                                                                         \
    X(person_end, HTTP_POST, "/people/end", DOOR_FORM, ROLE_ADMINISTRATOR, "people.end", NULL, FIELDS_END, BODY_SHORT, \
      show_person_ended, NULL)                                                                                         \
    X(person_aliases, HTTP_POST, "/people/aliases", DOOR_FORM, ROLE_ADMINISTRATOR, "people.aliases", NULL,             \
      FIELDS_ALIASES, BODY_SHORT, show_aliases_changed, NULL)                                                          \
    X(admissions, HTTP_GET, "/people/waiting", DOOR_PAGE, ROLE_MEMBER, "people.waiting", NULL, NULL, BODY_NONE,        \
      show_admissions, NULL)                                                                                           \
    X(admit, HTTP_POST, "/people/admit", DOOR_FORM, ROLE_MEMBER, "people.admit", NULL, FIELDS_ADMIT, BODY_SHORT,       \
      show_admitted, NULL)                                                                                             \
    X(recoveries, HTTP_GET, "/people/recovery", DOOR_PAGE, ROLE_ADMINISTRATOR | ROLE_MEMBER, "people.recoveries",      \
      NULL, NULL, BODY_NONE, show_recoveries, NULL)                                                                    \
    X(recover, HTTP_POST, "/people/recovery", DOOR_FORM, ROLE_ADMINISTRATOR | ROLE_MEMBER, "people.recover", NULL,     \
      FIELDS_RECOVER, BODY_SHORT, show_recovery_asked, NULL)                                                           \
    X(recover_confirm, HTTP_POST, "/people/recovery/confirm", DOOR_FORM, ROLE_ADMINISTRATOR | ROLE_MEMBER,             \
      "people.recover.confirm", NULL, FIELDS_PERSON_FRESH, BODY_SHORT, show_recovery_confirmed, NULL)                  \
    X(recover_finish, HTTP_POST, "/people/recovery/finish", DOOR_FORM, ROLE_ADMINISTRATOR, "people.recover.finish",    \
      NULL, FIELDS_PERSON_FRESH, BODY_SHORT, show_recovered, NULL)                                                     \
    X(recover_stop, HTTP_POST, "/people/recovery/stop", DOOR_FORM, ROLE_ADMINISTRATOR | ROLE_MEMBER,                   \
      "people.recover.stop", NULL, FIELDS_END, BODY_SHORT, show_recovery_stopped, NULL)                                \
    X(recovery_stop, HTTP_POST, "/account/recovery/stop", DOOR_FORM, ROLE_ANY, "account.recovery.stop", NULL, NULL,    \
      BODY_SHORT, show_own_recovery_stopped, NULL)                                                                     \
    X(account, HTTP_GET, "/account", DOOR_PAGE, ROLE_ANY, "account.show", NULL, NULL, BODY_NONE, show_account, NULL)   \
    X(account_app, HTTP_POST, "/account/app", DOOR_FORM, ROLE_ANY, "account.totp", NULL, FIELDS_FRESH, BODY_SHORT,     \
      show_app, NULL)                                                                                                  \
    X(account_confirm, HTTP_POST, "/account/confirm", DOOR_FORM, ROLE_ANY, "account.confirm", NULL, FIELDS_CODE,       \
      BODY_SHORT, show_codes, fail_confirm)                                                                            \
    X(account_password, HTTP_POST, "/account/password", DOOR_FORM, ROLE_ANY, "account.password", NULL,                 \
      FIELDS_PASSWORD, BODY_SHORT, show_password_changed, NULL)                                                        \
    X(passkey, HTTP_POST, "/account/passkey", DOOR_FORM, ROLE_ANY, "account.passkey", NULL, FIELDS_FRESH, BODY_SHORT,  \
      show_passkey_new, NULL)                                                                                          \
    X(passkey_add, HTTP_POST, "/account/passkey/add", DOOR_FORM, ROLE_ANY, "account.passkey.add", NULL,                \
      FIELDS_PASSKEY_NEW, BODY_SHORT, show_codes, NULL)                                                                \
    X(passkey_end, HTTP_POST, "/account/passkey/end", DOOR_FORM, ROLE_ANY, "account.passkey.end", NULL,                \
      FIELDS_PASSKEY_END, BODY_SHORT, show_passkey_ended, NULL)                                                        \
    X(session_end, HTTP_POST, "/account/session/end", DOOR_FORM, ROLE_ANY, "account.session.end", NULL, FIELDS_WHICH,  \
      BODY_SHORT, show_session_ended, NULL)                                                                            \
    X(token, HTTP_POST, "/account/token", DOOR_FORM, ROLE_ANY, "account.token", NULL, FIELDS_TOKEN, BODY_SHORT,        \
      show_token, NULL)                                                                                                \
    X(token_end, HTTP_POST, "/account/token/end", DOOR_FORM, ROLE_ANY, "account.token.end", NULL, FIELDS_TOKEN_END,    \
      BODY_SHORT, show_token_ended, NULL)                                                                              \
    X(figures, HTTP_GET, "/figures", DOOR_PAGE, ROLE_MEMBER | ROLE_MANAGER | ROLE_AUDITOR, "figures", NULL, NULL,      \
      BODY_NONE, show_figures, NULL)                                                                                   \
    X(dashboard, HTTP_GET, "/dashboard", DOOR_PAGE, ROLE_MEMBER | ROLE_MANAGER | ROLE_AUDITOR, "figures.flow", NULL,   \
      NULL, BODY_NONE, show_dashboard, NULL)                                                                           \
    X(work, HTTP_GET, "/work", DOOR_PAGE, ROLE_MEMBER, NULL, NULL, NULL, BODY_NONE, show_work, NULL)                   \
    X(settings, HTTP_GET, "/settings", DOOR_PAGE, ROLE_MEMBER | ROLE_ADMINISTRATOR, "office.settings", NULL, NULL,     \
      BODY_NONE, show_settings, NULL)                                                                                  \
    X(log, HTTP_GET, "/log", DOOR_PAGE, ROLE_AUDITOR, "audit.recent", NULL, FIELDS_PAGE, BODY_NONE, show_log, NULL)    \
    X(trail, HTTP_GET, "/log/{id}", DOOR_PAGE, ROLE_AUDITOR, "case.trail", "case", NULL, BODY_NONE, show_trail, NULL)  \
    X(help, HTTP_GET, "/help", DOOR_PAGE, ROLE_ANY, NULL, NULL, NULL, BODY_NONE, show_help, NULL)                      \
    X(openapi, HTTP_GET, "/api/v1/openapi.json", DOOR_OPEN, ROLE_NONE, NULL, NULL, NULL, BODY_NONE, show_openapi,      \
      NULL)                                                                                                            \
    /* for programs */                                                                                                 \
    X(api_queue, HTTP_GET, "/api/v1/queue", DOOR_API, ROLE_MEMBER, "queue.list", NULL, FIELDS_QUEUE, BODY_NONE,        \
      api_item, NULL)                                                                                                  \
    X(api_take, HTTP_POST, "/api/v1/queue/take", DOOR_API, ROLE_OFFICER, "queue.take", NULL, NULL, BODY_SHORT,         \
      api_taken, NULL)                                                                                                 \
    X(api_case, HTTP_GET, "/api/v1/cases/{id}", DOOR_API, ROLE_MEMBER | ROLE_REVIEWER, "case.show", "case", NULL,      \
      BODY_NONE, api_item, NULL)                                                                                       \
    X(api_why, HTTP_GET, "/api/v1/cases/{id}/why", DOOR_API, ROLE_MEMBER, "case.why", "case", NULL, BODY_NONE,         \
      api_item, NULL)                                                                                                  \
    X(api_answers, HTTP_POST, "/api/v1/cases/{id}/answers", DOOR_API, ROLE_MEMBER, "case.answer", "case",              \
      FIELDS_ANSWER, BODY_TEXT, api_created, NULL)                                                                     \
    X(api_assessment, HTTP_POST, "/api/v1/cases/{id}/assessment", DOOR_API, ROLE_OFFICER, "case.assess", "case",       \
      FIELDS_ASSESS, BODY_TEXT, api_item, NULL)                                                                        \
    X(api_case_impacts, HTTP_POST, "/api/v1/cases/{id}/impacts", DOOR_API, ROLE_MEMBER, "case.link", "case",           \
      FIELDS_LINK, BODY_TEXT, api_item, NULL)                                                                          \
    X(api_notes, HTTP_POST, "/api/v1/cases/{id}/notes", DOOR_API, ROLE_MEMBER, "case.note", "case", FIELDS_NOTE,       \
      BODY_TEXT, api_created, NULL)                                                                                    \
    X(api_return, HTTP_POST, "/api/v1/cases/{id}/return", DOOR_API, ROLE_MEMBER, "case.return", "case", FIELDS_RETURN, \
      BODY_TEXT, api_item, NULL)                                                                                       \
    X(api_look, HTTP_POST, "/api/v1/cases/{id}/look", DOOR_API, ROLE_OFFICER, "case.look", "case", FIELDS_LOOK,        \
      BODY_SHORT, api_item, NULL)                                                                                      \
    X(api_move, HTTP_POST, "/api/v1/cases/{id}/move", DOOR_API, ROLE_MEMBER, "case.move", "case", FIELDS_MOVE,         \
      BODY_TEXT, api_item, NULL)                                                                                       \
    X(api_decision, HTTP_POST, "/api/v1/cases/{id}/decision", DOOR_API, ROLE_OFFICER | ROLE_REVIEWER, "case.decide",   \
      "case", FIELDS_DECIDE, BODY_TEXT, api_item, NULL)                                                                \
    X(api_case_second, HTTP_POST, "/api/v1/cases/{id}/second", DOOR_API, ROLE_OFFICER | ROLE_REVIEWER, "case.second",  \
      "case", FIELDS_SECOND, BODY_TEXT, api_item, NULL)                                                                \
    X(api_skip, HTTP_POST, "/api/v1/cases/{id}/skip", DOOR_API, ROLE_OFFICER, "case.skip", "case", FIELDS_RETURN,      \
      BODY_TEXT, api_item, NULL)                                                                                       \
    X(api_hand, HTTP_POST, "/api/v1/cases/{id}/hand_over", DOOR_API, ROLE_OFFICER, "case.hand_over", "case",           \
      FIELDS_HAND, BODY_TEXT, api_item, NULL)                                                                          \
    X(api_watch, HTTP_POST, "/api/v1/cases/{id}/watch", DOOR_API, ROLE_MEMBER, "case.watch", "case", FIELDS_WATCH,     \
      BODY_TEXT, api_item, NULL)                                                                                       \
    X(api_translate, HTTP_POST, "/api/v1/cases/{id}/translations", DOOR_API, ROLE_MEMBER, "translation.ask", "case",   \
      FIELDS_TRANSLATE, BODY_TEXT, api_created, NULL)                                                                  \
    X(api_translations, HTTP_GET, "/api/v1/translations", DOOR_API, ROLE_MEMBER | ROLE_TRANSLATOR, "translation.list", \
      NULL, FIELDS_LIST, BODY_NONE, api_item, NULL)                                                                    \
    X(api_translation, HTTP_GET, "/api/v1/translations/{id}", DOOR_API, ROLE_MEMBER | ROLE_TRANSLATOR,                 \
      "translation.show", "translation", NULL, BODY_NONE, api_item, NULL)                                              \
    X(api_translation_write, HTTP_POST, "/api/v1/translations/{id}", DOOR_API, ROLE_MEMBER | ROLE_TRANSLATOR,          \
      "translation.write", "translation", FIELDS_TRANSLATION, BODY_TEXT, api_item, NULL)                               \
    X(api_graphic, HTTP_POST, "/api/v1/cases/{id}/graphic", DOOR_API, ROLE_MEMBER, "case.graphic", "case",             \
      FIELDS_GRAPHIC, BODY_SHORT, api_item, NULL)                                                                      \
    X(api_safety, HTTP_POST, "/api/v1/cases/{id}/safety", DOOR_API, ROLE_MEMBER, "case.safety", "case", FIELDS_SAFETY, \
      BODY_TEXT, api_item, NULL)                                                                                       \
    X(api_outside, HTTP_POST, "/api/v1/cases/{id}/outside", DOOR_API, ROLE_MEMBER, "case.outside", "case",             \
      FIELDS_OUTSIDE, BODY_TEXT, api_created, NULL)                                                                    \
    X(api_checkin, HTTP_POST, "/api/v1/cases/{id}/checkin", DOOR_API, ROLE_MEMBER, "case.checkin", "case",             \
      FIELDS_CHECKIN, BODY_TEXT, api_item, NULL)                                                                       \
    X(api_checkins, HTTP_GET, "/api/v1/checkins", DOOR_API, ROLE_MEMBER, "checkin.list", NULL, FIELDS_LIST, BODY_NONE, \
      api_item, NULL)                                                                                                  \
    X(api_join, HTTP_POST, "/api/v1/cases/{id}/join", DOOR_API, ROLE_MEMBER, "case.join", "case", FIELDS_JOIN,         \
      BODY_TEXT, api_item, NULL)                                                                                       \
    X(api_leave, HTTP_POST, "/api/v1/cases/{id}/leave", DOOR_API, ROLE_MEMBER, "case.leave", "case", FIELDS_RETURN,    \
      BODY_TEXT, api_item, NULL)                                                                                       \
    X(api_participant_add, HTTP_POST, "/api/v1/cases/{id}/participants", DOOR_API, ROLE_MEMBER, "participant.add",     \
      "case", FIELDS_PARTICIPANT, BODY_TEXT, api_item, NULL)                                                           \
    X(api_participant_change, HTTP_POST, "/api/v1/cases/{id}/participant", DOOR_API, ROLE_MEMBER,                      \
      "participant.change", "case", FIELDS_PARTICIPANT_CHANGE, BODY_TEXT, api_item, NULL)                              \
    X(api_participant_end, HTTP_POST, "/api/v1/cases/{id}/participant/end", DOOR_API, ROLE_MEMBER, "participant.end",  \
      "case", FIELDS_PARTICIPANT_END, BODY_TEXT, api_item, NULL)                                                       \
    X(api_groups, HTTP_GET, "/api/v1/groups", DOOR_API, ROLE_MEMBER, "group.list", NULL, FIELDS_LIST, BODY_NONE,       \
      api_item, NULL)                                                                                                  \
    X(api_group, HTTP_GET, "/api/v1/groups/{id}", DOOR_API, ROLE_MEMBER, "group.show", "group", NULL, BODY_NONE,       \
      api_item, NULL)                                                                                                  \
    X(api_group_title, HTTP_POST, "/api/v1/groups/{id}/title", DOOR_API, ROLE_MEMBER, "group.rename", "group",         \
      FIELDS_TITLE, BODY_TEXT, api_item, NULL)                                                                         \
    X(api_group_take, HTTP_POST, "/api/v1/groups/{id}/take", DOOR_API, ROLE_OFFICER, "group.take", "group", NULL,      \
      BODY_SHORT, api_item, NULL)                                                                                      \
    X(api_group_answer, HTTP_POST, "/api/v1/groups/{id}/answers", DOOR_API, ROLE_MEMBER, "group.answer", "group",      \
      FIELDS_GROUP_ANSWER, BODY_TEXT, api_item, NULL)                                                                  \
    X(api_group_link, HTTP_POST, "/api/v1/groups/{id}/impacts", DOOR_API, ROLE_MEMBER, "group.link", "group",          \
      FIELDS_GROUP_LINK, BODY_TEXT, api_item, NULL)                                                                    \
    X(api_asides, HTTP_GET, "/api/v1/aside", DOOR_API, ROLE_MEMBER, "aside.list", NULL, FIELDS_LIST, BODY_NONE,        \
      api_item, NULL)                                                                                                  \
    X(api_aside_decide, HTTP_POST, "/api/v1/aside", DOOR_API, ROLE_OFFICER, "aside.decide", NULL, FIELDS_ASIDE,        \
      BODY_TEXT, api_item, NULL)                                                                                       \
    X(api_recuse, HTTP_POST, "/api/v1/cases/{id}/recuse", DOOR_API, ROLE_MEMBER, "case.recuse", "case", FIELDS_RECUSE, \
      BODY_TEXT, api_item, NULL)                                                                                       \
    X(api_pause, HTTP_POST, "/api/v1/cases/{id}/pause", DOOR_API, ROLE_OFFICER, "case.pause", "case", FIELDS_PAUSE,    \
      BODY_TEXT, api_item, NULL)                                                                                       \
    X(api_resume, HTTP_POST, "/api/v1/cases/{id}/resume", DOOR_API, ROLE_OFFICER, "case.resume", "case", NULL,         \
      BODY_SHORT, api_item, NULL)                                                                                      \
    X(api_consent, HTTP_POST, "/api/v1/cases/{id}/consent", DOOR_API, ROLE_MEMBER, "consent.ask", "case",              \
      FIELDS_CONSENT, BODY_SHORT, api_created, NULL)                                                                   \
    X(api_consent_said, HTTP_POST, "/api/v1/cases/{id}/consent/answer", DOOR_API, ROLE_MEMBER, "consent.record",       \
      "case", FIELDS_CONSENT_SAID, BODY_SHORT, api_item, NULL)                                                         \
    X(api_referral_draft, HTTP_POST, "/api/v1/cases/{id}/referrals", DOOR_API, ROLE_MEMBER, "referral.draft", "case",  \
      FIELDS_REFERRAL_DRAFT, BODY_TEXT, api_created, NULL)                                                             \
    X(api_referral, HTTP_GET, "/api/v1/cases/{id}/referral", DOOR_API, ROLE_MEMBER | ROLE_REVIEWER, "referral.show",   \
      "case", FIELDS_REFERRAL, BODY_NONE, api_item, NULL)                                                              \
    X(api_referral_edit, HTTP_POST, "/api/v1/cases/{id}/referral", DOOR_API, ROLE_MEMBER, "referral.edit", "case",     \
      FIELDS_REFERRAL_EDIT, BODY_TEXT, api_item, NULL)                                                                 \
    X(api_referral_approve, HTTP_POST, "/api/v1/cases/{id}/referral/approve", DOOR_API, ROLE_OFFICER,                  \
      "referral.approve", "case", FIELDS_REFERRAL_APPROVE, BODY_SHORT, api_item, NULL)                                 \
    X(api_referral_send, HTTP_POST, "/api/v1/cases/{id}/referral/send", DOOR_API, ROLE_OFFICER, "referral.send",       \
      "case", FIELDS_REFERRAL_SEND, BODY_SHORT, show_sealed, NULL)                                                     \
    X(api_referral_note, HTTP_POST, "/api/v1/cases/{id}/referral/note", DOOR_API, ROLE_MEMBER, "referral.note",        \
      "case", FIELDS_REFERRAL_NOTE, BODY_SHORT, api_item, NULL)                                                        \
    X(api_referrals, HTTP_GET, "/api/v1/referrals", DOOR_API, ROLE_MEMBER, "referral.list", NULL, FIELDS_REFERRALS,    \
      BODY_NONE, api_item, NULL)                                                                                       \
    X(api_second, HTTP_GET, "/api/v1/second", DOOR_API, ROLE_OFFICER | ROLE_REVIEWER, "second.list", NULL,             \
      FIELDS_PAGE, BODY_NONE, api_item, NULL)                                                                          \
    X(api_offer, HTTP_POST, "/api/v1/cases/{id}/offer", DOOR_API, ROLE_MEMBER, "remedy.offer", "case", FIELDS_OFFER,   \
      BODY_TEXT, api_item, NULL)                                                                                       \
    X(api_deliver, HTTP_POST, "/api/v1/cases/{id}/deliver", DOOR_API, ROLE_MEMBER, "remedy.deliver", "case",           \
      FIELDS_DELIVER, BODY_TEXT, api_item, NULL)                                                                       \
    X(api_heard, HTTP_POST, "/api/v1/cases/{id}/heard", DOOR_API, ROLE_MEMBER, "remedy.heard", "case", FIELDS_HEARD,   \
      BODY_TEXT, api_item, NULL)                                                                                       \
    X(api_remedies, HTTP_GET, "/api/v1/remedies", DOOR_API, ROLE_MEMBER, "remedy.list", NULL, FIELDS_PAGE, BODY_NONE,  \
      api_item, NULL)                                                                                                  \
    X(api_impacts, HTTP_GET, "/api/v1/impacts", DOOR_API, ROLE_MEMBER, "impact.list", NULL, FIELDS_IMPACTS, BODY_NONE, \
      api_item, NULL)                                                                                                  \
    X(api_impact_create, HTTP_POST, "/api/v1/impacts", DOOR_API, ROLE_MEMBER, "impact.create", NULL, FIELDS_IMPACT,    \
      BODY_TEXT, api_created, NULL)                                                                                    \
    X(api_impact, HTTP_GET, "/api/v1/impacts/{id}", DOOR_API, ROLE_MEMBER, "impact.show", "impact", NULL, BODY_NONE,   \
      api_item, NULL)                                                                                                  \
    X(api_impact_update, HTTP_POST, "/api/v1/impacts/{id}", DOOR_API, ROLE_MEMBER, "impact.update", "impact",          \
      FIELDS_IMPACT_CHANGE, BODY_TEXT, api_item, NULL)                                                                 \
    X(api_entity, HTTP_POST, "/api/v1/impacts/{id}/entities", DOOR_API, ROLE_MEMBER, "impact.entity", "impact",        \
      FIELDS_ENTITY, BODY_TEXT, api_created, NULL)                                                                     \
    X(api_involve, HTTP_POST, "/api/v1/impacts/{id}/involvement", DOOR_API, ROLE_MEMBER, "impact.involve", "impact",   \
      FIELDS_INVOLVE, BODY_TEXT, api_created, NULL)                                                                    \
    X(api_action_add, HTTP_POST, "/api/v1/impacts/{id}/actions", DOOR_API, ROLE_MEMBER, "action.add", "impact",        \
      FIELDS_ACTION_ADD, BODY_TEXT, api_created, NULL)                                                                 \
    X(api_actions, HTTP_GET, "/api/v1/actions", DOOR_API, ROLE_MEMBER, "action.list", NULL, FIELDS_ACTIONS, BODY_NONE, \
      api_item, NULL)                                                                                                  \
    X(api_action, HTTP_GET, "/api/v1/actions/{id}", DOOR_API, ROLE_MEMBER, "action.show", "action", NULL, BODY_NONE,   \
      api_item, NULL)                                                                                                  \
    X(api_action_update, HTTP_POST, "/api/v1/actions/{id}", DOOR_API, ROLE_MEMBER, "action.update", "action",          \
      FIELDS_ACTION, BODY_TEXT, api_item, NULL)                                                                        \
    X(api_attempt, HTTP_POST, "/api/v1/actions/{id}/attempts", DOOR_API, ROLE_MEMBER, "action.attempt", "action",      \
      FIELDS_ATTEMPT, BODY_TEXT, api_created, NULL)                                                                    \
    X(api_receivers, HTTP_GET, "/api/v1/receivers", DOOR_API, ROLE_MEMBER | ROLE_REVIEWER, "receiver.list", NULL,      \
      FIELDS_RECEIVERS, BODY_NONE, api_item, NULL)                                                                     \
    X(api_receiver_add, HTTP_POST, "/api/v1/receivers", DOOR_API, ROLE_OFFICER, "receiver.add", NULL, FIELDS_RECEIVER, \
      BODY_TEXT, api_created, NULL)                                                                                    \
    X(api_receiver, HTTP_GET, "/api/v1/receivers/{id}", DOOR_API, ROLE_MEMBER | ROLE_REVIEWER, "receiver.show",        \
      "receiver", NULL, BODY_NONE, api_item, NULL)                                                                     \
    X(api_receiver_update, HTTP_POST, "/api/v1/receivers/{id}", DOOR_API, ROLE_OFFICER, "receiver.update", "receiver", \
      FIELDS_RECEIVER_CHANGE, BODY_TEXT, api_item, NULL)                                                               \
    X(api_receiver_check, HTTP_POST, "/api/v1/receivers/{id}/check", DOOR_API, ROLE_OFFICER | ROLE_REVIEWER,           \
      "receiver.check", "receiver", FIELDS_RECEIVER_CHECK, BODY_SHORT, api_item, NULL)                                 \
    X(api_receiver_end, HTTP_POST, "/api/v1/receivers/{id}/end", DOOR_API, ROLE_OFFICER, "receiver.end", "receiver",   \
      FIELDS_RETURN, BODY_SHORT, api_item, NULL)                                                                       \
    X(api_search, HTTP_POST, "/api/v1/search", DOOR_API, ROLE_MEMBER, "search", NULL, FIELDS_SEARCH, BODY_SHORT,       \
      api_item, NULL)                                                                                                  \
    X(api_walkins, HTTP_POST, "/api/v1/walkins", DOOR_API, ROLE_OFFICER, "walkin", NULL, FIELDS_WALKIN, BODY_TEXT,     \
      api_created, NULL)                                                                                               \
    X(api_consultations, HTTP_GET, "/api/v1/consultations", DOOR_API, ROLE_MEMBER, "consultation.list", NULL,          \
      FIELDS_PAGE, BODY_NONE, api_item, NULL)                                                                          \
    X(api_consultation, HTTP_GET, "/api/v1/consultations/{id}", DOOR_API, ROLE_MEMBER, "consultation.show", "case",    \
      NULL, BODY_NONE, api_item, NULL)                                                                                 \
    X(api_consultation_impacts, HTTP_POST, "/api/v1/consultations/{id}/impacts", DOOR_API, ROLE_MEMBER,                \
      "consultation.link", "case", FIELDS_LINK, BODY_TEXT, api_item, NULL)                                             \
    X(api_figures, HTTP_GET, "/api/v1/figures", DOOR_API, ROLE_MEMBER | ROLE_MANAGER | ROLE_AUDITOR, "figures", NULL,  \
      NULL, BODY_NONE, api_item, NULL)                                                                                 \
    X(api_log, HTTP_GET, "/api/v1/log", DOOR_API, ROLE_AUDITOR, "audit.recent", NULL, FIELDS_PAGE, BODY_NONE,          \
      api_item, NULL)                                                                                                  \
    X(api_trail, HTTP_GET, "/api/v1/log/{id}", DOOR_API, ROLE_AUDITOR, "case.trail", "case", NULL, BODY_NONE,          \
      api_item, NULL)                                                                                                  \
    X(api_people, HTTP_GET, "/api/v1/people", DOOR_API, ROLE_ADMINISTRATOR, "people.list", NULL, NULL, BODY_NONE,      \
      api_item, NULL)                                                                                                  \
    X(api_person_add, HTTP_POST, "/api/v1/people", DOOR_API, ROLE_ADMINISTRATOR, "people.add", NULL, FIELDS_PERSON,    \
      BODY_SHORT, api_created, NULL)                                                                                   \
    X(api_person_end, HTTP_POST, "/api/v1/people/end", DOOR_API, ROLE_ADMINISTRATOR, "people.end", NULL, FIELDS_END,   \
      BODY_SHORT, api_item, NULL)                                                                                      \
    X(api_oncall, HTTP_GET, "/api/v1/oncall", DOOR_API, ROLE_MEMBER | ROLE_ADMINISTRATOR, "oncall.show", NULL, NULL,   \
      BODY_NONE, api_item, NULL)                                                                                       \
    X(api_oncall_acknowledge, HTTP_POST, "/api/v1/oncall/acknowledge", DOOR_API, ROLE_MEMBER, "oncall.acknowledge",    \
      NULL, NULL, BODY_SHORT, api_item, NULL)                                                                          \
    X(api_flow, HTTP_GET, "/api/v1/figures/flow", DOOR_API, ROLE_MEMBER | ROLE_MANAGER | ROLE_AUDITOR, "figures.flow", \
      NULL, NULL, BODY_NONE, api_item, NULL)                                                                           \
    X(api_settings, HTTP_GET, "/api/v1/settings", DOOR_API, ROLE_MEMBER | ROLE_ADMINISTRATOR, "office.settings", NULL, \
      NULL, BODY_NONE, api_item, NULL)                                                                                 \
    X(api_aliases, HTTP_POST, "/api/v1/people/aliases", DOOR_API, ROLE_ADMINISTRATOR, "people.aliases", NULL,          \
      FIELDS_ALIASES, BODY_SHORT, api_item, NULL)                                                                      \
    X(api_admissions, HTTP_GET, "/api/v1/people/waiting", DOOR_API, ROLE_MEMBER, "people.waiting", NULL, NULL,         \
      BODY_NONE, api_item, NULL)                                                                                       \
    X(api_recoveries, HTTP_GET, "/api/v1/people/recovery", DOOR_API, ROLE_ADMINISTRATOR | ROLE_MEMBER,                 \
      "people.recoveries", NULL, NULL, BODY_NONE, api_item, NULL)                                                      \
    X(api_recover_stop, HTTP_POST, "/api/v1/people/recovery/stop", DOOR_API, ROLE_ADMINISTRATOR | ROLE_MEMBER,         \
      "people.recover.stop", NULL, FIELDS_END, BODY_SHORT, api_item, NULL)                                             \
    X(api_me, HTTP_GET, "/api/v1/me", DOOR_API, ROLE_ANY, "whoami", NULL, NULL, BODY_NONE, api_me, NULL)               \
    X(api_exports, HTTP_GET, "/api/v1/exports", DOOR_API, ROLE_MEMBER, "export.list", NULL, NULL, BODY_NONE, api_item, \
      NULL)                                                                                                            \
    X(api_export, HTTP_POST, "/api/v1/exports", DOOR_API, ROLE_MEMBER, "export.begin", NULL, FIELDS_EXPORT,            \
      BODY_SHORT, show_exported, NULL)                                                                                 \
    X(api_file_look, HTTP_POST, "/api/v1/cases/{id}/files/look", DOOR_API, ROLE_MEMBER | ROLE_REVIEWER, "file.look",   \
      "case", FIELDS_FILE, BODY_SHORT, show_file, NULL)                                                                \
    X(api_file_download, HTTP_POST, "/api/v1/cases/{id}/files/download", DOOR_API, ROLE_MEMBER, "file.download",       \
      "case", FIELDS_DOWNLOAD, BODY_SHORT, show_downloaded, NULL)                                                      \
    X(api_waiting, HTTP_GET, "/api/v1/waiting", DOOR_API, ROLE_ANY, "whoami", NULL, NULL, BODY_NONE, api_waiting, NULL)

/* The rows as the server takes them (ends with a row whose path is NULL), and as the console does (ends with a row
 * whose name is NULL); the same order. */
extern const struct http_route routes[];
extern const struct action actions[];

/* For tests: a line for each: method, path, door, the vault's operation or -, the bits of its roles. */
void routes_print(FILE *to);

#endif
