/* referral.h -- a part of a case for another mechanism: chosen, cut, looked through, approved, sealed, followed.
 *
 * Or for the one that it is about ("respondent"), who reads nothing else of it and may reply: always with consent and a
 * second person, handed over as it is.
 *
 * State "referrals", numbered from 1 (docs/case-state.md). Nothing goes without consent that holds at
 * the moment of sending, or else with a ground, two people, and in sight of the person unless that endangers them. A
 * text that is changed has to be approved anew. Changes drafts. */
#ifndef TRIAGE_VAULT_REFERRAL_H
#define TRIAGE_VAULT_REFERRAL_H

#include <jansson.h>
#include <stdint.h>

enum { REFERRALS_MAX = 20, REFERRAL_TEXT_MAX = 40000, REFERRAL_SENDS_MAX = 20, REFERRAL_NOTES_MAX = 20 };

/* One more, status "draft"; takes `referral` ("receiver" or "respondent", "to", "purpose", "consent" or "ground"). Its
 * number; 0: there are REFERRALS_MAX already. */
int referral_add(json_t *state, json_t *referral, const char *who, int64_t now);
/* The n-th; NULL. Borrowed. */
json_t *referral_at(const json_t *state, int64_t n);

/* The text as it is now, with what may tell who somebody is (`found`, taken, of identify.h). What is in
 * `confirm` (ids) may stay, says `who`, or whoever has said so before. It is a draft again. */
void referral_write(json_t *referral, const char *text, json_t *found, const json_t *confirm, const char *who,
                    int64_t now);
/* 1: it may still be written: it was not sent and not dropped. */
int referral_is_unsent(const json_t *referral);
/* Why it cannot be approved, an English sentence of the console's catalogue; NULL: it can be. */
const char *referral_lacks_for_approval(const json_t *referral);
/* 1: another person than who asks has to confirm: in the floor, without consent, and to the one that it is about. What
 * is so when it is sent counts, too. */
int referral_wants_second(const json_t *state, const json_t *referral);
void referral_approve(json_t *referral, const char *who, const char *reason, const char *second, int64_t now);
/* Why it cannot be sent now, as above; NULL: it can be. `receiver` is of the directory, NULL where it is not there. */
const char *referral_lacks_for_sending(const json_t *state, const json_t *referral, const json_t *receiver,
                                       int64_t now);
/* It was sealed to the certificate with that fingerprint. 1: for the first time. */
int referral_sent(json_t *referral, const char *who, const char *reason, const char *sha256, int64_t now);
/* 1: it is for the one that it is about. */
int referral_is_to_respondent(const json_t *referral);
/* 1: the person is told of it. */
int referral_is_told(const json_t *referral);

/* 1: the text may stand in the conversation, too. Whoever chose that the receipt does not show their own words is not
 * shown them in a packet either. */
int referral_shows_words(const json_t *state, const json_t *referral);

/* What became of it: "accepted", "declined", "returned", "recalled" of one that was sent, "replied" by the one that it
 * is about, "dropped" of one that was not sent. 0: not from its status. */
int referral_note(json_t *referral, const char *status, const char *words, const char *on, const char *who,
                  int64_t now);
/* Where it may go from its status, as a list of codes. New reference. */
json_t *referral_moves(const json_t *referral);
/* 1: it was sent, and the consent is gone: the receiver has to be told. */
int referral_wants_recall(const json_t *state, const json_t *referral);
/* 1: something is still to come. */
int referral_is_open(const json_t *state, const json_t *referral);
/* When it was first sent to a receiver who has to say whether they take it on (wall seconds); 0: it was not, or it is
 * for the one that it is about, who may answer and need not. `answered`: when they said so, gave it back, or were told
 * that consent is gone; 0: not yet. */
int64_t referral_sent_at(const json_t *referral, int64_t *answered);
/* Since when the oldest one that is open stands (wall seconds); 0: none is. */
int64_t referral_oldest(const json_t *state);

/* All but the text: for lists and the page of the case. New reference. */
json_t *referral_row(const json_t *state, const json_t *referral);
/* What the person is told of those that were sent. New reference; NULL: nothing. */
json_t *referral_notice(const json_t *state);

#endif
