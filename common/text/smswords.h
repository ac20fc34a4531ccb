/* smswords.h -- words by which a person who texts steers the conversation, in every language of the gateway, and the
 * yes and no of the languages that people report in.
 *
 * The gateway never acknowledges a text that is only STOP; the vault obeys it. Both read it here, so that they agree. A
 * yes or a no means something only where the vault asked. */
#ifndef COMMON_TEXT_SMSWORDS_H
#define COMMON_TEXT_SMSWORDS_H

#include <stddef.h>

enum sms_word {
    SMS_WORD_NONE,    /* an ordinary text */
    SMS_WORD_STOP,    /* "no more texts to this number" */
    SMS_WORD_RECEIPT, /* "send me a receipt for the web page" */
    SMS_WORD_YES,
    SMS_WORD_NO,
};

/* What the whole text is, case, marks, spaces and punctuation aside; NONE when it says anything more. A question is
 * neither yes nor no. */
enum sms_word sms_word_of(const char *text, size_t len);

#endif
