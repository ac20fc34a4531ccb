/* play.h -- bytes played at the reader of requests, however they are cut: whole, in two at every byte, one by one. */
#ifndef TESTS_UNIT_HTTP_PLAY_H
#define TESTS_UNIT_HTTP_PLAY_H

#include <stddef.h>
#include <stdint.h>

struct played {
    unsigned messages; /* whole ones */
    unsigned status;   /* of the refusal; 0: none */
    size_t content;    /* bytes of all bodies */
    uint32_t sum;      /* of the content, to see that cutting changes nothing */
};

/* In pieces: `cut` bytes, then the rest; cut 0 is one byte at a time. */
struct played play(const uint8_t *in, size_t len, size_t cut);
/* The verdict; fails the test unless it is the same however the bytes come. */
struct played play_all_ways(const uint8_t *in, size_t len);

/* One attempt, with its bytes counted (a NUL is one of them), and what must become of it. */
struct trial {
    const char *text;
    size_t len;
    unsigned verdict; /* status of the refusal, or TAKEN */
};
enum { TAKEN = 200 };
#define T(text, verdict)                                                                                               \
    {                                                                                                                  \
        (text), sizeof(text) - 1, (verdict)                                                                            \
    }
/* Each is played all ways, followed by a plain request: after a refusal nothing more may be read, and where it is
 * taken, the next must begin exactly behind it. */
void try_all(const struct trial *trials, size_t count);
#define TRY(name, trials)                                                                                              \
    static void name(void **state)                                                                                     \
    {                                                                                                                  \
        (void)state;                                                                                                   \
        try_all(trials, sizeof(trials) / sizeof(trials)[0]);                                                           \
    }

#endif
