/* po.h -- reads gettext PO files, entry by entry. Obsolete entries (#~) are passed over; all else must be well formed.
 */
#ifndef COMMON_TEXT_PO_H
#define COMMON_TEXT_PO_H

#include "common/base/buf.h"
#include "common/text/plural.h"

#define PO_TEXT (16 * 1024) /* bytes of one msgid or msgstr */

struct po_entry {
    struct buf context, id, plural, text[PLURAL_FORMS];
    int has_context, has_id, has_plural;
    unsigned texts; /* msgstr seen: 1, or one for each form */
    int fuzzy;      /* a guess that nobody has confirmed */
    unsigned line;  /* of its msgid */
};

/* Gives each entry to `take`, which may refuse it with a sentence; the entry is borrowed for the call. ERR_MALFORMED or
 * ERR_TOO_BIG with "line N: why" in `says`, or what `take` gave. */
MUST_CHECK enum err po_read(const char *bytes, size_t len,
                            enum err (*take)(void *arg, const struct po_entry *entry, char says[static SAYS_SIZE]),
                            void *arg, char says[static SAYS_SIZE]);

#endif
