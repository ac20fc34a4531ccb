/* triage_texts.h -- invented reports for ./bench triage: 600 characters in several languages, words as often as words
 * are (Zipf), the same for the same seed. */
#ifndef TESTS_BENCH_TRIAGE_TEXTS_H
#define TESTS_BENCH_TRIAGE_TEXTS_H

#include <stddef.h>
#include <stdint.h>

enum { TRIAGE_TEXT_CHARACTERS = 600, TRIAGE_TEXT_MAX = 4 * TRIAGE_TEXT_CHARACTERS + 64 };

/* Scripts with spaces (English, French, Spanish, Portuguese, Swahili, Russian, Arabic, Hindi), or without (Chinese,
 * Japanese, Thai). */
enum triage_scripts { SCRIPTS_SPACED, SCRIPTS_UNSPACED };

struct triage_text {
    const char *language;
    size_t len;
    char bytes[TRIAGE_TEXT_MAX];
};

/* The n-th of them. One in a hundred begins with a rare word, which a hundred texts of all have: triage_rare_word(n /
 * 10000). */
void triage_text(enum triage_scripts scripts, uint64_t n, struct triage_text *out);
void triage_rare_word(uint64_t n, char out[static 24]);
/* A word that most texts of one language have, a phrase of two, a beginning of three letters. */
const char *triage_common(enum triage_scripts scripts);
const char *triage_phrase(enum triage_scripts scripts);
const char *triage_beginning(enum triage_scripts scripts);

#endif
