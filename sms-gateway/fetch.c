/* fetch.c -- see fetch.h. curl tells which sockets and which timer it wants; libevent watches them. Verbose output
 * stays off and error texts are not kept: both would carry numbers. */
#include "sms-gateway/fetch.h"

#include <curl/curl.h>
#include <event2/event.h>
#include <string.h>

#include "common/base/mem.h"

enum { ANSWER_MAX = 16 * 1024 };

struct fetch {
    struct loop *loop;
    CURLM *multi;
    struct event *timer;
};

struct post {
    struct fetch *fetch;
    CURL *easy;
    struct curl_slist *headers, *recipients;
    struct buf sent, answer;
    size_t read; /* of `sent`: how much of a mail is gone */
    char user[129], password[257];
    fetch_done_fn *done;
    void *room;
    uint64_t tag;
};

static void post_free(struct post *post)
{
    curl_easy_cleanup(post->easy);
    curl_slist_free_all(post->headers);
    curl_slist_free_all(post->recipients);
    buf_free(&post->sent);
    buf_free(&post->answer);
    mem_free(post);
}

static void fetch_finish(struct fetch *fetch)
{
    CURLMsg *message;
    int left;
    while ((message = curl_multi_info_read(fetch->multi, &left))) {
        if (message->msg != CURLMSG_DONE)
            continue;
        struct post *post = NULL;
        long status = 0;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&post);
        if (message->data.result == CURLE_OK)
            curl_easy_getinfo(message->easy_handle, CURLINFO_RESPONSE_CODE, &status);
        curl_multi_remove_handle(fetch->multi, post->easy);
        post->done(post->room, post->tag, status, post->answer.bytes, post->answer.len);
        post_free(post);
    }
}

static void fetch_socket_ready(evutil_socket_t fd, short what, void *arg)
{
    struct fetch *fetch = arg;
    int running, flags = (what & EV_READ ? CURL_CSELECT_IN : 0) | (what & EV_WRITE ? CURL_CSELECT_OUT : 0);
    curl_multi_socket_action(fetch->multi, fd, flags, &running);
    fetch_finish(fetch);
}

static void fetch_timed(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    struct fetch *fetch = arg;
    int running;
    curl_multi_socket_action(fetch->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    fetch_finish(fetch);
}

static int fetch_wants_timer(CURLM *multi, long ms, void *arg)
{
    (void)multi;
    struct fetch *fetch = arg;
    if (ms < 0) {
        event_del(fetch->timer);
    } else {
        struct timeval after = {ms / 1000, ms % 1000 * 1000};
        need(event_add(fetch->timer, &after) == 0);
    }
    return 0;
}

static int fetch_wants_socket(CURL *easy, curl_socket_t fd, int what, void *arg, void *socket_event)
{
    (void)easy;
    struct fetch *fetch = arg;
    if (socket_event)
        event_free(socket_event);
    struct event *event = NULL;
    if (what != CURL_POLL_REMOVE) {
        short events = EV_PERSIST;
        events = (short)(events | (what & CURL_POLL_IN ? EV_READ : 0) | (what & CURL_POLL_OUT ? EV_WRITE : 0));
        event = event_new(loop_base(fetch->loop), fd, events, fetch_socket_ready, fetch);
        need(event && event_add(event, NULL) == 0);
    }
    curl_multi_assign(fetch->multi, fd, event);
    return 0;
}

struct fetch *fetch_new(struct loop *loop)
{
    struct fetch *fetch = mem_new(sizeof *fetch);
    fetch->loop = loop;
    /* Its buffers hold number and text: it wipes what it frees. */
    need(curl_global_init_mem(CURL_GLOBAL_DEFAULT, mem_new, mem_free, mem_grow, mem_copy_text, mem_new_array) ==
         CURLE_OK);
    fetch->multi = curl_multi_init();
    fetch->timer = event_new(loop_base(loop), -1, 0, fetch_timed, fetch);
    need(fetch->multi && fetch->timer);
    curl_multi_setopt(fetch->multi, CURLMOPT_SOCKETFUNCTION, fetch_wants_socket);
    curl_multi_setopt(fetch->multi, CURLMOPT_SOCKETDATA, fetch);
    curl_multi_setopt(fetch->multi, CURLMOPT_TIMERFUNCTION, fetch_wants_timer);
    curl_multi_setopt(fetch->multi, CURLMOPT_TIMERDATA, fetch);
    return fetch;
}

void fetch_free(struct fetch *fetch)
{
    if (!fetch)
        return;
    curl_multi_cleanup(fetch->multi);
    event_free(fetch->timer);
    mem_free(fetch);
}

static size_t post_takes(char *piece, size_t size, size_t count, void *arg)
{
    struct post *post = arg;
    size_t len = size * count;
    /* More than the buffer holds is let go: no provider's answer that we read is that long. */
    return buf_add(&post->answer, piece, len) == ERR_OK || post->answer.len ? len : 0;
}

static size_t mail_gives(char *into, size_t size, size_t count, void *arg)
{
    struct post *post = arg;
    size_t room = size * count, left = post->sent.len - post->read, take = left < room ? left : room;
    memcpy(into, post->sent.bytes + post->read, take);
    post->read += take;
    return take;
}

static void describe_mail(struct post *post, const struct send_out *out)
{
    post->recipients = curl_slist_append(NULL, out->mail_to);
    curl_easy_setopt(post->easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(post->easy, CURLOPT_USE_SSL, (long)CURLUSESSL_ALL);
    curl_easy_setopt(post->easy, CURLOPT_MAIL_FROM, out->mail_from);
    curl_easy_setopt(post->easy, CURLOPT_MAIL_RCPT, post->recipients);
    curl_easy_setopt(post->easy, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(post->easy, CURLOPT_READFUNCTION, mail_gives);
    curl_easy_setopt(post->easy, CURLOPT_READDATA, post);
    curl_easy_setopt(post->easy, CURLOPT_INFILESIZE, (long)post->sent.len);
    if (out->ca) {
        struct curl_blob blob = {out->ca->bytes, out->ca->len, CURL_BLOB_COPY};
        curl_easy_setopt(post->easy, CURLOPT_CAINFO_BLOB, &blob);
    }
}

static void describe_post(struct post *post, const struct send_out *out)
{
    for (size_t i = 0; i < sizeof out->headers / sizeof *out->headers; i++)
        if (out->headers[i][0])
            post->headers = curl_slist_append(post->headers, out->headers[i]);
    post->headers = curl_slist_append(post->headers, "Expect:");
    curl_easy_setopt(post->easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(post->easy, CURLOPT_HTTPHEADER, post->headers);
    curl_easy_setopt(post->easy, CURLOPT_POSTFIELDS, buf_text(&post->sent));
    curl_easy_setopt(post->easy, CURLOPT_POSTFIELDSIZE, (long)post->sent.len);
}

void fetch_post(struct fetch *fetch, const struct send_out *out, long deadline_ms, fetch_done_fn *done, void *room,
                uint64_t tag)
{
    struct post *post = mem_new(sizeof *post);
    *post = (struct post){.fetch = fetch, .done = done, .room = room, .tag = tag};
    buf_init(&post->sent, out->body.len + 1);
    buf_init(&post->answer, ANSWER_MAX);
    need(buf_add(&post->sent, out->body.bytes, out->body.len) == ERR_OK);
    post->easy = curl_easy_init();
    need(post->easy != NULL);
    if (out->mail_to[0])
        describe_mail(post, out);
    else
        describe_post(post, out);
    curl_easy_setopt(post->easy, CURLOPT_URL, out->url);
    curl_easy_setopt(post->easy, CURLOPT_TIMEOUT_MS, deadline_ms);
    curl_easy_setopt(post->easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(post->easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(post->easy, CURLOPT_WRITEFUNCTION, post_takes);
    curl_easy_setopt(post->easy, CURLOPT_WRITEDATA, post);
    curl_easy_setopt(post->easy, CURLOPT_PRIVATE, post);
    if (out->user[0]) {
        curl_easy_setopt(post->easy, CURLOPT_USERNAME, out->user);
        curl_easy_setopt(post->easy, CURLOPT_PASSWORD, out->password);
    }
    /* Only queued here: curl asks for a timer of 0 ms, so nothing is done before this returns. */
    need(curl_multi_add_handle(fetch->multi, post->easy) == CURLM_OK);
}
