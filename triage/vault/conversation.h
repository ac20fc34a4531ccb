/* conversation.h -- the texts of a case, opened when a person is about to read them, and never kept.
 *
 * Rows come from the database, keys from the book or the keys process. */
#ifndef TRIAGE_VAULT_CONVERSATION_H
#define TRIAGE_VAULT_CONVERSATION_H

#include <jansson.h>

#include "triage/vault/book.h"
#include "triage/vault/evidence.h"

enum { CONVERSATION_FILES_MAX = 1000 };

/* `messages` (from, at, text, language, by, row; files [{"file","number"}] where there are any) in their order; `first`
 * is the inside of the first message, for contact and answers, or NULL. Both borrowed until return, NULL unless ERR_OK.
 */
typedef void conversation_fn(void *room, enum err err, json_t *messages, const json_t *first);
/* Fires once, never before the call returned. ERR_NOT_FOUND; ERR_CANCELLED; errors of the door and of the keys. */
void conversation_open(struct vault *vault, const uint8_t case_id[static 16], conversation_fn *done, void *room);

/* The same, and each file has what its head says (evidence_heads.h). */
void conversation_open_with_files(struct vault *vault, const uint8_t case_id[static 16], conversation_fn *done,
                                  void *room);
/* Which of the messages `first` is the inside of; behind the last one where there is none. */
size_t conversation_first(const json_t *messages);

/* The one file of that id that a message of the case names, with its key, borrowed until return; `number` counts the
 * files of the case from 1. ERR_NOT_FOUND: none names it; the rest as above. */
typedef void conversation_file_fn(void *room, enum err err, const struct evidence_file *file, size_t number);
void conversation_file(struct vault *vault, const uint8_t case_id[static 16], const uint8_t file_id[static 16],
                       conversation_file_fn *done, void *room);

/* What stands inside one message, or NULL: its key is not in the book, or it does not open. New reference. */
json_t *conversation_inside(const struct case_file *file, const struct vault_row *row);

#endif
