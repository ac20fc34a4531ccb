/* fuzz_frame.c -- any bytes on a socket between our own processes (common/base/frame_link.h): the frames cut off are
 * those that a plain reading finds, however the bytes came; one over the maximum ends it. */
#include <event2/buffer.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/frame_link.h"
#include "common/base/rw.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/turns.h"

enum { PAYLOAD_MAX = 300 };
static struct loop *loop;

void fuzz_start(void)
{
    loop = loop_new();
}

/* The next frame by the form alone: length, request, payload. */
static enum err plainly(struct rd *r, struct frame_message *out)
{
    struct rd head = *r;
    out->len = rd_u32(&head);
    out->request = rd_u32(&head);
    if (head.bad)
        return ERR_AGAIN;
    if (out->len > PAYLOAD_MAX)
        return ERR_TOO_BIG;
    if (head.left < out->len)
        return ERR_AGAIN;
    out->payload = (uint8_t *)(uintptr_t)head.at;
    *r = (struct rd){head.at + out->len, head.left - out->len, 0};
    return ERR_OK;
}

/* Frames that are whole by now; each must be the next plain one. */
static enum err take_frames(struct frame_link *link, struct rd *r)
{
    struct frame_message got, wanted;
    enum err err;
    while ((err = frame_link_next(link, 1000, &got)) == ERR_OK) {
        need(plainly(r, &wanted) == ERR_OK && got.len == wanted.len && got.request == wanted.request);
        need(memcmp(got.payload, wanted.payload, got.len) == 0);
        frame_link_done(link, &got);
    }
    return err;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct frame_link link;
    struct frame_message message;
    struct fuzz_cuts cuts = fuzz_cuts(data, size);
    struct rd r = rd_from(data, size);
    int fds[2];
    need(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds) == 0);
    need(frame_link_open(&link, loop, fds[0], PAYLOAD_MAX, NULL, NULL, NULL) == ERR_OK);
    struct evbuffer *input = bufferevent_get_input(link.bev);
    enum err err = ERR_AGAIN;
    evbuffer_unfreeze(input, 0);
    for (size_t at = 0; at < size && err == ERR_AGAIN;) {
        size_t len = fuzz_cut(&cuts, size - at);
        need(evbuffer_add(input, data + at, len) == 0);
        at += len;
        err = take_frames(&link, &r);
        need(!frame_link_is_stalled(&link, 1000, 500));
        need(frame_link_is_stalled(&link, 2000, 500) == (evbuffer_get_length(input) > 0 && err == ERR_AGAIN) ||
             err == ERR_TOO_BIG);
    }
    need(plainly(&r, &message) == err);
    frame_link_close(&link, loop);
    loop_stop(loop);
    loop_run(loop);
    turns_sweep(loop);
    close(fds[1]);
    return 0;
}
