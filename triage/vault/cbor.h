/* cbor.h -- whether bytes are an item of CBOR (RFC 8949) as authenticators write it (CTAP 2: of known lengths, hardly
 * nested), before a library reads it. libcbor takes memory for as many entries as a head says, before it has seen one,
 * and this process locks its memory: nine bytes of a stranger would have cost all there is. Pure; allocates nothing. */
#ifndef TRIAGE_VAULT_CBOR_H
#define TRIAGE_VAULT_CBOR_H

#include <stddef.h>
#include <stdint.h>

enum { CBOR_DEPTH = 8 }; /* CTAP 2 has four */

/* How many bytes the first item takes, all that is in it included; 0: it is not whole, of no known length, or nested
 * deeper. What stands behind it is not looked at. */
size_t cbor_item(const uint8_t *bytes, size_t len);

#endif
