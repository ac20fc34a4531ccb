/* consent.h -- what the person was asked to agree to, and what they said: per receiver and purpose, and revocable.
 *
 * State "consents", numbered from 1 in the order of asking:
 * [{"n","receiver","respondent","to","purpose","what","by","at","answer", "answered" {"at","via","by","how"},"revoked"
 * {the same},"texted","stopped"}]. "what" is what the person is shown, "via" is "page", "text" or "staff" (said
 * elsewhere, written down with how). "texted": asked in a text, which can be answered by one (by_text.h); "stopped":
 * they agreed by text, and then asked for no more texts.
 * An entry is never changed but by an answer, so that a "yes" stands beside the words it was given to. Changes drafts.
 */
#ifndef TRIAGE_VAULT_CONSENT_H
#define TRIAGE_VAULT_CONSENT_H

#include <jansson.h>
#include <stdint.h>

enum { CONSENTS_MAX = 20, CONSENT_TO_MAX = 200, CONSENT_PURPOSE_MAX = 400, CONSENT_WHAT_MAX = 2000 };

/* One more question; `asked` (taken) has "receiver" (of the directory) or "respondent" (respondent.h; neither: a
 * purpose of our own, such as a visit), "to", "purpose", "what". Its number; 0: there are CONSENTS_MAX already. */
int consent_ask(json_t *state, json_t *asked, const char *who, int64_t now);
/* The n-th; NULL: there is none. Borrowed. */
json_t *consent_at(const json_t *state, int64_t n);
/* 1: they agreed, and have not taken it back. */
int consent_holds(const json_t *consent);
/* 1: it was asked, and nothing was said yet. */
int consent_is_open(const json_t *consent);

/* 1: what was agreed to may be done now. Not where they agreed by text and then asked for silence: they may have meant
 * both, and are asked once more. What went before is not called back for it. */
int consent_may_go(const json_t *consent);

/* What the person does with the receipt, or by a text: "agree:2", "disagree:2", "revoke:2"; `via` is "page" or "text".
 * 1: it was done, and what the person said is heard (state_heard). 0: it is none of these, or not open. */
int consent_do(json_t *state, const char *act, const char *via, int64_t now);
/* The n-th was asked in a text, with how to answer by one. */
void consent_texted(json_t *state, int64_t n);
int consent_is_texted(const json_t *consent);
/* The person asked for no more texts: what they agreed to by one waits. */
void consent_stopped(json_t *state, int64_t now);
/* The same, said elsewhere and written down by `who`: `answer` is "yes", "no" or "revoked", `how` says how and when.
 * 0: it is not open. */
int consent_said(json_t *state, int64_t n, const char *answer, const char *who, const char *how, int64_t now);

/* What the person is told of them. New reference; NULL: there are none. */
json_t *consent_notice(const json_t *state);

#endif
