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

enum { SMS_ANSWER_MAX = 99 };

/* What the whole text is, case, marks, spaces and punctuation aside; NONE when it says anything more. A question is
 * neither yes nor no. */
enum sms_word sms_word_of(const char *text, size_t len);
/* The same, where the word may have a number before or behind it, in the digits of any of the languages ("NO 2"). Only
 * a yes or a no has one: 1 to SMS_ANSWER_MAX. *number is 0 where there is none. */
enum sms_word sms_answer_of(const char *text, size_t len, unsigned *number);

#endif
