/* message.h -- what someone wrote, out of its seal: the JSON of docs/envelope.md, "Inside a message".
 *
 * Fields that a stranger chose are checked for kind and size; what does not fit is left out, never an error: a report
 * is not lost because its language is misspelt. */
#ifndef TRIAGE_VAULT_MESSAGE_H
#define TRIAGE_VAULT_MESSAGE_H

#include <jansson.h>

#include "common/base/buf.h"
#include "common/seal/receipt.h"
#include "triage/vault/rules.h"

enum { MESSAGE_TEXT_MAX = 1 << 20, MESSAGE_FOUND_MAX = 4 << 20, MESSAGE_FILES_MAX = 20 };

struct message {
    json_t *json; /* owned; the rest borrows from it */
    const char *kind, *language, *channel, *text, *speaking_as;
    const char *act;                     /* what the person does besides writing (acts.h); "" otherwise */
    const char *from, *to, *sms_channel; /* texts; NULL otherwise */
    const char *organisation, *round;    /* partners; NULL otherwise */
    const char *aside;                   /* why intake wants it set aside: "flood"; "" otherwise */
    const json_t *answers, *contact;     /* objects or NULL */
    uint8_t receipts[PEPPERS_MAX][32];   /* handles of the receipt that a letter came with; receipt_count 0: none */
    size_t receipt_count;
    uint8_t files[MESSAGE_FILES_MAX][16]; /* ids of the files that came with it (evidence.h) */
    size_t file_count;
    int64_t at;
    int read_back, synthetic;
    int is_sms; /* a text of its number; what linked.c copied of one is not */
};

/* ERR_MALFORMED: not a message at all. The caller ends it with message_free(). */
MUST_CHECK enum err message_read(const void *bytes, size_t len, struct message *out);
void message_free(struct message *message);
/* What the rules look at. Borrows. */
void message_rules_input(const struct message *message, struct rules_input *out);
/* What can be found again of the inside of a message: its text, what was answered in words or chosen from words, and
 * for whom it is, a line each. No codes, and nothing of how to reach anybody. At most MESSAGE_FOUND_MAX bytes are added
 * to `out`, which whoever calls empties and frees. */
void message_words(const json_t *inside, struct buf *out);

#endif
