/* view.h -- what the vault answers, as pages show it: codes become words, times become sentences, nothing is added.
 *
 * Pure functions from JSON to JSON; texts of reporters are passed on as they are and made inert by the templates, which
 * escape every value. Each result is owned by the caller. */
#ifndef TRIAGE_CONSOLE_VIEW_H
#define TRIAGE_CONSOLE_VIEW_H

#include "triage/console/words.h"

/* "" when it is missing or no string. Borrowed. */
const char *view_text(const json_t *object, const char *key);
/* Set a label of a code where the code is there. */
void view_put_label(const struct reader *reader, json_t *to, const char *key, enum words_group group,
                    const json_t *object, const char *from);

/* A queue item; `base` is "/cases" or "/consultations". */
json_t *view_item(const struct reader *reader, const json_t *item, const char *base, int64_t now);
json_t *view_items(const struct reader *reader, const json_t *items, const char *base, int64_t now);
/* {"says"} of a rank as one line: "Danger now · scale 4 · …"; NULL when there is none. */
json_t *view_rank(const struct reader *reader, const json_t *rank);
json_t *view_reasons(const struct reader *reader, const json_t *reasons);
/* The counts of the lanes as bars: [{"label","n","width"}], longest 100. */
json_t *view_counts(const struct reader *reader, const json_t *counts, const char *lane);
/* {"count","age","in_doubt"}: what waits on disk, in whole sentences (spools.h). `rows` is not 0. */
json_t *view_waiting(const struct reader *reader, uint64_t rows, uint64_t age_s, int in_doubt);

/* The whole case; `impacts` is impact.list's items or NULL. */
json_t *view_case(const struct reader *reader, const json_t *answer, const json_t *impacts, const char *base,
                  int64_t now);
/* The form as the person left it, or else as the rules propose. */
json_t *view_assess_form(const struct reader *reader, const json_t *from);
/* The first look, NULL when nobody has had one; and what its form offers, into `to`. */
json_t *view_look(const struct reader *reader, const json_t *look);
json_t *view_alike(const struct reader *reader, const json_t *item);
void view_look_choices(const struct reader *reader, const json_t *look, json_t *to);
/* The files of a message, into what stands for it. */
void view_put_files(const struct reader *reader, const json_t *message, json_t *to);
/* A proposal or an assessment, with its groups; NULL when there is none. */
json_t *view_judgement(const struct reader *reader, const json_t *judgement);
/* What one person asks for and a second one has to ask for as well; NULL when nobody does. */
json_t *view_wish(const struct reader *reader, const json_t *wish);
/* What was offered, answered, delivered and said of it, and the choices of the forms, into the page of a case. */
void view_put_remedies(const struct reader *reader, const json_t *answer, json_t *to, int64_t now);
/* A case of the list of what is promised. */
json_t *view_promise(const struct reader *reader, const json_t *item, int64_t now);
/* Who takes part in the case beside this one, what each may decide, and the choices of the forms. */
void view_put_participants(const struct reader *reader, const json_t *answer, json_t *to);
/* Decisions, what waits for a second person, wishes, skips, and the choices of their forms, into the page of a case. */
void view_put_life(const struct reader *reader, const json_t *answer, json_t *to);
/* How safe the person is: what is feared and planned, steps outside, check-ins, and the choices of their forms. */
void view_put_safety(const struct reader *reader, const json_t *answer, int64_t now, json_t *to);
/* What was translated, into the messages that stand in `to` already; what is open, and the choices of the form. */
void view_put_translations(const struct reader *reader, const json_t *answer, json_t *to);
/* What the person was asked to agree to, and the places of the directory (`receivers`, may be NULL) that another
 * question can be about, into the page of a case. */
void view_put_consents(const struct reader *reader, const json_t *answer, const json_t *receivers, json_t *to);
/* The referrals of a case, and what its form for another one offers, into its page; one as the list has it; one with
 * all of it. */
void view_put_referrals(const struct reader *reader, const json_t *answer, json_t *to);
json_t *view_referral_row(const struct reader *reader, const json_t *referral);
json_t *view_referral(const struct reader *reader, const json_t *referral);
/* "before" and "behind" of a list that begins at `after`: where it goes on. */
void view_put_pages(json_int_t after, const json_t *answer, json_t *context);
/* A row of the register, and the whole impact. */
json_t *view_impact(const struct reader *reader, const json_t *impact);
json_t *view_impact_page(const struct reader *reader, const json_t *answer, int64_t now);
/* The form of an impact: what it says (NULL: a new one) as it stands in the fields. */
json_t *view_impact_form(const struct reader *reader, const json_t *impact);
json_t *view_action(const struct reader *reader, const json_t *action, int64_t now);
json_t *view_actions(const struct reader *reader, const json_t *actions, int64_t now);
/* Codes of a list with their labels and the standard's terms: [{"code","label","term"}]. */
json_t *view_codes(const struct reader *reader, enum words_group group, const json_t *codes);
/* A place of the directory: a row of the list, or all of it. */
json_t *view_receiver(const struct reader *reader, const json_t *receiver);
/* What a vault says of who changed what ([{"version","at","by","what","fields"}]), the newest first. */
json_t *view_history(const struct reader *reader, const json_t *history);
/* Days of drift as a sentence; NULL for 0. */
json_t *view_drift(const struct reader *reader, int64_t days);
/* Set it (taken); what is not there (NULL) is null, so that a template does not find something of the same name further
 * out. */
void view_put(json_t *to, const char *key, json_t *value);
/* The same for a list, and "has_KEY" beside it. */
void view_put_list(json_t *to, const char *key, json_t *list);
/* Members of `from` under the same names: texts (`keys` ends with NULL), a whole number as text; null where they are
 * not. */
void view_put_texts(json_t *to, const json_t *from, const char *const *keys);
void view_put_number(json_t *to, const char *key, const json_t *from);
/* A sentence with a count in it (words_count); null for 0. */
void view_put_counted(const struct reader *reader, json_t *to, const char *key, const char *one, const char *many,
                      int64_t n);
/* words_time() with the day alone as its text: for what people mean by the day. */
json_t *view_day(const struct reader *reader, const char *time, int64_t now);
int64_t view_number(const json_t *from, const char *key); /* 0 when it is none */
/* Names and values of an object of answers or contact: [{"label","value"}]; last the questions of the office's own. */
json_t *view_pairs(const struct reader *reader, enum words_group names, const json_t *object);
/* A line of a case's history. */
json_t *view_step(const struct reader *reader, const json_t *step);

#endif
