/* pager.h -- what pages who is on call: cases in danger that nobody has looked at, and looks that are late. The first
 * is told; while they do not acknowledge the second as well, and so on.
 *
 * Read from states each time they are kept, like the queue; a case whose look was reached is in no list here.
 * Neighbours: alarm.h (when a message goes out), oncall.h (to whom), outbox.h (how). Demonstrations page nobody. What
 * was acknowledged lives in memory: after a start what still waits is told once more. */
#ifndef TRIAGE_VAULT_PAGER_H
#define TRIAGE_VAULT_PAGER_H

#include "triage/vault/book.h"
#include "triage/vault/message.h"
#include "triage/vault/stages.h"

struct pager;

struct pager *pager_new(struct vault *vault);
void pager_free(struct pager *pager);
/* Another book: what waits is known anew. */
void pager_reset(struct pager *pager);

/* A state was kept, or read at the rebuild; `look` is how its look stands, NULL: the case pages nobody. The file's lane
 * and severity are read. */
void pager_know(struct pager *pager, struct case_file *file, const struct stage_fact *look);
/* The file stands in another lane now. */
void pager_lane(struct pager *pager, struct case_file *file);
/* The file goes. */
void pager_forget(struct case_file *file);

/* 1 if a channel is named by which somebody can be told. */
int pager_has_channel(const struct pager *pager, int is_email);
/* Somebody acknowledged; 0: nothing was unknown. */
int pager_acknowledge(struct pager *pager);
/* Other people are on call. */
void pager_anew(struct pager *pager);
/* This text answers an alarm: a literal for the audit leaf, and whether it was acknowledged; NULL: it is a text like
 * any other. `who` it is from, borrowed. */
const char *pager_hears(struct pager *pager, const struct message *message, const char **who);
/* What became of a text; 0: it was none of ours. `outcome` as in outbox.c. */
int pager_ended(struct pager *pager, const char *id, int is_sent);

/* How it stands, for pages and figures: {"standing" ("somebody", "nobody", "no_channel", "no_gateway"), "waiting",
 * "unknown", "undelivered"}, without what does not exist for `who`. New reference. */
json_t *pager_json(const struct pager *pager, const char *who);
/* 1 if somebody would be told now. */
int pager_reaches_somebody(const struct pager *pager);
size_t pager_waiting(const struct pager *pager);

#endif
