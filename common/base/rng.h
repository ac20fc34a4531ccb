/* rng.h -- random bytes from the operating system's generator, by way of OpenSSL's; stops the process if it fails,
 * because nothing may ever be sealed with less. Small draws are served from a wiped pool refilled 4 KiB at a time:
 * a report draws about ten times. After fork() the child's pool is empty: two processes never serve the same bytes. */
#ifndef COMMON_BASE_RNG_H
#define COMMON_BASE_RNG_H

#include <stddef.h>
#include <stdint.h>

void rng_bytes(void *out, size_t len);
/* Uniform in 0..below-1, without bias. `below` at least 1. */
uint32_t rng_below(uint32_t below);

#endif
