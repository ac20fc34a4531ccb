/* envelope_inside.h -- what the two halves of the envelope share: padding, the layout of a desk wrap and of a box.
 *
 * Internal to common/seal. */
#ifndef COMMON_SEAL_ENVELOPE_INSIDE_H
#define COMMON_SEAL_ENVELOPE_INSIDE_H

#include "common/seal/envelope.h"
#include "common/seal/hpke.h"

enum { ENVELOPE_LEAST = 1024, ENVELOPE_BOX_LEAST = 512, ENVELOPE_TEXT_MAX = 1 << 29 };
enum { WRAP_SEQ_MAX = 1, BOX_HEAD = 2 + HPKE_ENC, BOX_INFO_MAX = 64 };

/* What `len` bytes of text become with their length in front and zeroes behind: Padmé of at least `least`. */
size_t envelope_padded_size(size_t len, size_t least);
/* Write u32 length, text, zeroes: `padded` bytes in all. */
void envelope_pad(const void *text, size_t len, size_t padded, uint8_t *out);
/* Find the text inside: ERR_MALFORMED when length, zeroes and size are not what envelope_pad makes. */
MUST_CHECK enum err envelope_unpad(const uint8_t *padded, size_t padded_len, size_t least, size_t *out_len);

/* HPKE parameters for a desk, and for a box; `info` is filled and stays the caller's. */
struct hpke_params envelope_desk_params(const struct envelope_desk *desk, uint8_t info[static WRAP_INFO_MAX]);
struct hpke_params envelope_box_params(const char *label, uint8_t info[static BOX_INFO_MAX]);

#endif
