/* qr.h -- a QR code as the path of an inline SVG, by libqrencode: drawn here, fetched from nowhere. */
#ifndef TRIAGE_CONSOLE_QR_H
#define TRIAGE_CONSOLE_QR_H

#include "common/base/buf.h"

/* Append "M4 4h1v1h-1z..." of `text` to `out`, with the quiet zone of four around it; *size is the side of the whole.
 * ERR_TOO_BIG: more than fits. */
MUST_CHECK enum err qr_path(const char *text, struct buf *out, unsigned *size);

#endif
