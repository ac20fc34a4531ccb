/* qr.c -- see qr.h. */
#include "triage/console/qr.h"

#include <qrencode.h>

enum { QUIET = 4, DARK = 1 };

/* Dark modules side by side are one rectangle. */
static enum err row_path(const unsigned char *row, int width, int y, struct buf *out)
{
    for (int x = 0; x < width;) {
        int from = x;
        while (x < width && (row[x] & DARK))
            x++;
        if (x == from) {
            x++;
            continue;
        }
        enum err err = buf_addf(out, "M%d %dh%dv1h-%dz", from + QUIET, y + QUIET, x - from, x - from);
        if (err != ERR_OK)
            return err;
    }
    return ERR_OK;
}

enum err qr_path(const char *text, struct buf *out, unsigned *size)
{
    QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
    enum err err = code ? ERR_OK : ERR_TOO_BIG;
    if (!code)
        return err;
    for (int y = 0; y < code->width && err == ERR_OK; y++)
        err = row_path(code->data + y * code->width, code->width, y, out);
    *size = (unsigned)code->width + 2 * QUIET;
    QRcode_free(code);
    return err;
}
