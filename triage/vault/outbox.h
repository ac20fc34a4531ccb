/* outbox.h -- what goes out as a text: sealed to the gateway's key of the day, kept in the case's state until the
 * gateway says what became of it, sealed again when the gateway has a new key. */
#ifndef TRIAGE_VAULT_OUTBOX_H
#define TRIAGE_VAULT_OUTBOX_H

#include "triage/vault/case_change.h"

struct outbox;

struct outbox *outbox_new(struct vault *vault);
void outbox_free(struct outbox *outbox);
/* Something may have been sent, or the gateway has a new key. */
void outbox_bell(struct outbox *outbox);

/* The gateway's key of the day; 0: there is none yet. */
int outbox_key(const struct outbox *outbox, uint8_t key_id[static 8], uint8_t key[static 32]);

/* A state was kept, or read at the rebuild: remember the case while texts of it are under way. */
void outbox_know(struct outbox *outbox, const json_t *state, struct case_file *file);
/* Send `text` to the person, in the same change. Nothing happens when the case has no number or said STOP,
 * or where the person's part has ended (participants.h). */
void outbox_text(struct case_change *cc, const char *text);
/* A msgid of ours in the person's language; English where we have no other words. Borrowed. */
const char *outbox_sentence(const struct vault *vault, const char *language, const char *english);
/* A web receipt for a person who texts: a new wrap of the thread key, and the receipt as a text. */
void outbox_receipt(struct case_change *cc);
/* 1 if there is a gateway to seal to. */
int outbox_can_send(const struct outbox *outbox);
/* A text that belongs to no case, to who is on call (pager.h), into `change`. outbox_can_send() said 1. The same id
 * again takes the place of what has not gone out. */
void outbox_page(const struct outbox *outbox, struct change *change, const uint8_t id[static 16], const char *to,
                 const char *channel, const char *text);
/* The case in which a text of this id is under way, or NULL. */
struct case_file *outbox_case_of(const struct outbox *outbox, const char *id);
/* STOP: what waits is dropped, and what the gateway has not sent yet is taken back in the same change. */
void outbox_take_back(struct case_change *cc);

#endif
