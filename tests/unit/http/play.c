/* play.c -- see play.h. */
#include "tests/unit/http/play.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "common/base/buf.h"
#include "common/base/mem.h"
#include "common/http/http_message.h"

struct player {
    struct http_message message;
    struct played played;
    int begun;
};

static void player_feed(struct player *p, const uint8_t *in, size_t len)
{
    int again = 0;
    while ((len || again) && !p->played.status) {
        if (!p->begun)
            http_message_init(&p->message);
        p->begun = 1;
        /* A copy of exactly these bytes, so that the sanitizer sees one step too far. */
        uint8_t *copy = malloc(len ? len : 1);
        memcpy(copy, in, len);
        const uint8_t *piece;
        size_t used, piece_len;
        enum http_event event = http_message_feed(&p->message, copy, len, &used, &piece, &piece_len);
        for (size_t i = 0; i < piece_len; i++)
            p->played.sum = p->played.sum * 31 + piece[i];
        p->played.content += piece_len;
        free(copy);
        again = event == HTTP_EVENT_HEAD || event == HTTP_EVENT_PIECE;
        if (event == HTTP_EVENT_REFUSED)
            p->played.status = p->message.status;
        if (event == HTTP_EVENT_DONE) {
            p->played.messages++;
            http_message_free(&p->message);
            p->begun = 0;
        }
        in += used;
        len -= used;
    }
}

struct played play(const uint8_t *in, size_t len, size_t cut)
{
    struct player p = {0};
    if (cut) {
        player_feed(&p, in, cut);
        player_feed(&p, in + cut, len - cut);
    } else {
        for (size_t i = 0; i < len; i++)
            player_feed(&p, in + i, 1);
    }
    if (p.begun)
        http_message_free(&p.message);
    return p.played;
}

struct played play_all_ways(const uint8_t *in, size_t len)
{
    struct played whole = play(in, len, len);
    for (size_t cut = 0; cut < len; cut++) {
        struct played other = play(in, len, cut);
        if (other.messages != whole.messages || other.status != whole.status || other.content != whole.content ||
            other.sum != whole.sum)
            fail_msg("cut at %zu: %u messages, %u, instead of %u, %u: %.300s", cut, other.messages, other.status,
                     whole.messages, whole.status, (const char *)in);
    }
    return whole;
}

static const char NEXT[] = "GET /next HTTP/1.1\r\nHost: a\r\n\r\n";

void try_all(const struct trial *trials, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct buf bytes = BUF_INIT(64 * 1024);
        assert_int_equal(buf_add(&bytes, trials[i].text, trials[i].len), ERR_OK);
        assert_int_equal(buf_add_text(&bytes, NEXT), ERR_OK);
        struct played played = play_all_ways(bytes.bytes, bytes.len);
        unsigned verdict = played.status ? played.status : TAKEN;
        if (verdict != trials[i].verdict || played.messages != (played.status ? 0 : 2))
            fail_msg("%u with %u messages, not %u: %s", verdict, played.messages, trials[i].verdict, trials[i].text);
        buf_free(&bytes);
    }
}
