/* fuzz.h -- what the harnesses share. A harness defines LLVMFuzzerTestOneInput() and says by need() what holds for any
 * input; fuzz.c prepares the process; libFuzzer or replay_main.c feeds it.
 *
 * Inputs are plain (a request, a form, a template), so that a kept file can be read and written by hand. Where an input
 * has more than one part, the parts in front are its first lines (fuzz_line). */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/buf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);
/* A harness's own preparation, once. May be missing. */
void fuzz_start(void) __attribute__((weak));

/* Where to cut: drawn from the bytes themselves, so that every input cuts in its own way and always in the same. */
struct fuzz_cuts {
    uint32_t state;
};
struct fuzz_cuts fuzz_cuts(const uint8_t *data, size_t size);
/* 1 to `left`, mostly small; 0 when nothing is left. */
size_t fuzz_cut(struct fuzz_cuts *cuts, size_t left);
/* 0 to below-1. */
size_t fuzz_draw(struct fuzz_cuts *cuts, size_t below);

/* A copy of exactly these bytes and a NUL, so that the sanitizer sees one step too far; end it with free(). */
char *fuzz_text(const uint8_t *data, size_t size);
/* Takes the first line (without its LF) off the input, as fuzz_text(). */
char *fuzz_line(const uint8_t **data, size_t *size);
/* A new file with these bytes in the harness's own folder in memory; its path is good until the next call. */
const char *fuzz_file(const char *name, const uint8_t *data, size_t size);
/* 1 if `part` stands in `whole`. */
int fuzz_has(const struct buf *whole, const void *part, size_t len);

#endif
