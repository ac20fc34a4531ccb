/* pieces.h -- a long text in as many as phones and providers take: ten messages of a phone each. Kannel cuts off what
 * is longer (max-messages), Twilio refuses it (1,600 characters). Pure. */
#ifndef SMS_GATEWAY_PIECES_H
#define SMS_GATEWAY_PIECES_H

#include <stddef.h>

/* Ten messages: 153 characters of the GSM alphabet each, or 67 units of UTF-16; a little less, as none is cut in two.
 */
enum { PIECE_GSM = 1500, PIECE_UTF16 = 660 };

/* How many bytes of `text` (UTF-8) go out now: all of it, or up to the end of a word; never less than a character,
 * but for "". *rest: where the next piece begins, behind the space that ended this one. */
size_t pieces_first(const char *text, size_t *rest);

#endif
