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

#endif
