/* limits.h -- every limit of the HTTP server, with its reason. Sizes in bytes, times in milliseconds.
 *
 * A person with a slow phone must get through; one who only holds a connection must not keep it for 40 seconds. */
#ifndef COMMON_HTTP_LIMITS_H
#define COMMON_HTTP_LIMITS_H

enum http_limit {
    /* Browsers send 500 to 2,000 bytes of head; cookies and long Accept lists fit in 16 KiB. Over it: 431. */
    LIMIT_HEAD_BYTES = 16 * 1024,
    /* Our longest path is 60 bytes, but RFC 9112 section 3 asks for request lines of 8,000 at least. Over it: 414. */
    LIMIT_TARGET_BYTES = 8 * 1024,
    /* Method, target, version and the spaces between. */
    LIMIT_REQUEST_LINE = LIMIT_TARGET_BYTES + 32,
    /* No registered method is longer than 17. Over it: 501; a line that has no space within its limit at all: 400. */
    LIMIT_METHOD_BYTES = 20,
    /* Browsers send about 20; others count to 100, so whoever fills what they allow gets through here as well. Over it:
     * 431. */
    LIMIT_HEADER_COUNT = 100,
    /* Digits of a Content-Length; 10^18 still fits in 64 bits. More are no length but an attempt to overflow: 400. */
    LIMIT_LENGTH_DIGITS = 18,
    /* A chunk line with its extensions, which nobody uses. */
    LIMIT_CHUNK_LINE = 256,
    /* Extensions of all chunks of one body together: what is ignored may not be endless. */
    LIMIT_CHUNK_EXTENSIONS = 4 * 1024,
    /* Trailers, ignored as well. Over it: 431. */
    LIMIT_TRAILER_BYTES = 4 * 1024,
    LIMIT_TRAILER_COUNT = 16,
    /* {..} parts of a path, and the bytes of one of them. */
    LIMIT_PARAMS = 4,
    LIMIT_PARAM_BYTES = 128,
    /* What is read and thrown away so that 404 and the like may keep the connection; a larger body closes it. */
    LIMIT_DISCARD_BYTES = 64 * 1024,
    /* Input held for one connection while its request is handled: one TLS record. Pipelined requests wait there. */
    LIMIT_INPUT_BYTES = 16 * 1024,
    /* Headers that a handler adds, and the bytes of one value. */
    LIMIT_SET_COUNT = 16,
    LIMIT_SET_BYTES = 2 * 1024,
    /* An answer is one buffer; larger things are a fault of ours. */
    LIMIT_ANSWER_BYTES = 16 * 1024 * 1024,
    /* Connections over connections_max that are still told 503; the rest are closed unheard. */
    LIMIT_OVERFLOW_CONNECTIONS = 64,
    /* Connections taken in one turn of the loop: their handshakes cost 0.3 ms each, and whoever is being served must
     * not wait for a crowd at the door. */
    LIMIT_ACCEPTS_A_TURN = 16,
    /* Connections ended for their slowness in one stretch, at some 0.1 ms each. */
    LIMIT_ENDS_A_TURN = 16,
    /* What a client is told to wait after a 503 for want of a place. */
    LIMIT_BUSY_RETRY_S = 5,
};

/* Deadlines are totals, never per read. The defaults; tests give their own (http_server_set_deadlines). */
struct http_deadlines {
    /* TCP accept to finished TLS handshake: three round trips of a bad satellite link take 3 s. */
    int handshake_ms;
    /* First byte of a head to its last: it fits in two packets of any network. */
    int head_ms;
    /* Accept (after an answer: the next request's first byte) to the whole request, so that the states above and below
     * do not add up to more than 40 s; and one second more for every 16 KiB of body. */
    int request_ms;
    /* Body: this much, and one second more for every 16 KiB that came, so that honest slowness is no fault and
     * holding still is. */
    int body_ms;
    /* Between two requests, and before the first. A person reads longer than that and gets a new connection. */
    int idle_ms;
    /* For a place to become free (http_admit.c). Longer, and the client has given up before it is served. */
    int wait_ms;
    /* A handler that does not answer is our fault: 503 and a warning in the log. */
    int handler_ms;
    /* From the answer's first byte to the last one taken by the client, and one second more for every 16 KiB of it. */
    int write_ms;
    /* After our last byte, to hear the client's end, so that no reset overtakes the answer. */
    int linger_ms;
};

#define HTTP_DEADLINES                                                                                                 \
    ((struct http_deadlines){.handshake_ms = 10000,                                                                    \
                             .head_ms = 15000,                                                                         \
                             .request_ms = 36000,                                                                      \
                             .body_ms = 25000,                                                                         \
                             .idle_ms = 30000,                                                                         \
                             .wait_ms = 1000,                                                                          \
                             .handler_ms = 60000,                                                                      \
                             .write_ms = 30000,                                                                        \
                             .linger_ms = 2000})

#define LIMIT_BYTES_PER_SECOND (16 * 1024)
/* Files may come at this rate: what 2G gives a phone at the edge of a village. */
#define LIMIT_SLOW_RATE (2 * 1024)

#endif
