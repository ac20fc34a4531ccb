/* show.h -- pages and redirects: what every page has in common, and the actions' own shows (routes.h names them). */
#ifndef TRIAGE_CONSOLE_SHOW_H
#define TRIAGE_CONSOLE_SHOW_H

#include "triage/console/call.h"

/* Answer with the page `name`. `context` (taken) holds what is its own; office, navigation, who is signed in, the form
 * token, languages and what has just been done are added. */
void show_page(struct call *call, struct http_req *req, unsigned status, const char *name, json_t *context);
/* The page alone, appended to `out`; the stylesheet is added to `context`. */
MUST_CHECK enum err show_render(const struct console *console, const struct reader *reader, const char *name,
                                json_t *context, struct buf *out);
/* `value` (borrowed) as the answer to a program. */
void show_json(struct http_req *req, unsigned status, const json_t *value);
/* What the passkey script asks the browser with, from the vault's `passkey`; NULL where there is nothing to ask with.
 * New reference. */
json_t *show_asking(const json_t *passkey);
/* The filters of the search as a form: what was asked for stays chosen; `impacts` is impact.list's answer. */
json_t *show_filter_form(const struct call *call, const json_t *impacts);
/* What waits on disk, for the banner of a page; nothing where nobody is known to be signed in. */
void show_put_waiting(const struct call *call, json_t *context);
/* 303 to `path` with "?said=CODE" (a code of WORDS_SAID). */
void show_then(struct http_req *req, const char *path, const char *said);
/* End the session in the browser; keep the language of the pages there. */
void show_forget_session(struct http_req *req);
void show_keep_language(struct http_req *req, const char *language);
/* Set-Cookie: `name` for `max_age_s` (negative: the browser's session). `value` is of token characters. */
void show_set_cookie(struct http_req *req, const char *name, const char *value, long max_age_s);

/* What routes.h names. */
call_show_fn show_home, show_help, show_openapi;
call_show_fn show_signin, show_signed_in, show_signed_out;
call_fail_fn fail_signin, fail_signout;
call_show_fn show_queue, show_taken;
call_show_fn show_case, show_why, show_preview;
call_show_fn show_answered, show_assessed, show_noted, show_linked, show_looked, show_moved, show_returned,
    show_consultation_linked;
call_show_fn show_decided, show_seconded, show_skipped, show_handed, show_watched, show_recused, show_paused,
    show_resumed, show_second;
call_show_fn show_offered, show_delivered, show_heard, show_remedies;
call_show_fn show_consent_asked, show_consent_recorded;
call_show_fn show_referrals, show_referral, show_referral_drafted, show_referral_approved, show_referral_noted,
    show_sealed;
call_show_fn show_impacts, show_impact, show_impact_form, show_impact_created, show_impact_change, show_impact_changed;
call_show_fn show_translations, show_translation, show_translated, show_translation_asked;
call_show_fn show_safer, show_checkins;
/* show_aside.c */
call_show_fn show_asides, show_aside_decided;
call_show_fn show_groups, show_group, show_joined, show_left, show_group_done;
call_show_fn show_participant;
call_show_fn show_actions, show_action, show_action_added, show_action_changed;
call_show_fn show_export_form, show_exported;
call_show_fn show_file, show_downloaded;
call_show_fn show_receivers, show_receiver, show_receiver_added, show_receiver_changed, show_receiver_checked;
call_show_fn show_search_form, show_found, show_walkin_form, show_receipt, show_consultations;
call_show_fn show_people, show_person_added, show_person_ended, show_aliases_changed;
call_show_fn show_recoveries, show_recovery_asked, show_recovery_confirmed, show_recovered, show_recovery_stopped;
call_show_fn show_own_recovery_stopped;
call_show_fn show_base, show_script, show_fresh_script, show_passkey_new, show_passkey_ended, show_session_ended,
    show_token, show_token_ended;
call_show_fn show_account, show_app, show_codes, show_password_changed;
call_fail_fn fail_confirm;
call_show_fn show_oncall, show_oncall_set, show_oncall_roster, show_oncall_acknowledged;
/* How the alarm stands, for the head of every page of members; NULL where the vault does not say. New reference. */
json_t *show_alarm(const struct reader *reader, const json_t *on_call);
call_show_fn show_admissions, show_admitted, show_figures, show_dashboard, show_settings, show_work, show_log,
    show_trail;
call_show_fn api_item, api_created, api_taken, api_waiting, api_me;

#endif
