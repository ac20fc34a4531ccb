/* spools.c -- see spools.h. One question at a time to each neighbour, over when its 2 s are: the deadline is the
 * tick's, so that neither a connection that hangs nor an answer that trickles can hold it up. */
#include "triage/console/spools.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <stddef.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/base/num.h"

enum { EVERY_MS = 5000, DEADLINE_MS = 2000, ANSWER_MAX = 64 * 1024 };

static const char question[] = "GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

/* ---- the answer ---- */

static const char *const rooms[NEIGHBOUR_COUNT] = {
    [NEIGHBOUR_INTAKE] = "recourse_intake_spool_",
    [NEIGHBOUR_SMS] = "recourse_sms_spool_",
};

static const struct {
    const char *name;
    size_t at;
    uint64_t max;
} numbers[] = {
    {"rows ", offsetof(struct spool_state, rows), 1000000000},
    {"bytes ", offsetof(struct spool_state, bytes), UINT64_C(1) << 50},
    {"age_seconds ", offsetof(struct spool_state, age_s), 10 * 366 * 86400},
    {"faults_total ", offsetof(struct spool_state, faults), 1000000000},
};
enum { NUMBER_COUNT = sizeof numbers / sizeof *numbers };

static int begins(const char **at, const char *end, const char *with)
{
    size_t len = strlen(with);
    if ((size_t)(end - *at) < len || memcmp(*at, with, len) != 0)
        return 0;
    *at += len;
    return 1;
}

/* One line without its end; `seen` has a bit for each number. */
static enum err read_line(const char *at, const char *end, const char *room, unsigned *seen, struct spool_state *out)
{
    if (!begins(&at, end, room))
        return ERR_OK;
    for (size_t i = 0; i < NUMBER_COUNT; i++) {
        if (!begins(&at, end, numbers[i].name))
            continue;
        uint64_t value;
        enum err err = num_parse(at, (size_t)(end - at), 0, numbers[i].max, &value);
        if (err == ERR_OK && *seen & 1u << i)
            err = ERR_MALFORMED;
        if (err != ERR_OK)
            return err;
        *seen |= 1u << i;
        memcpy((char *)out + numbers[i].at, &value, sizeof value);
        return ERR_OK;
    }
    return ERR_OK;
}

enum err spools_read(const char *answer, size_t len, enum neighbour neighbour, struct spool_state *out)
{
    const char *at = answer, *end = answer + len;
    unsigned seen = 0;
    *out = (struct spool_state){0};
    if (!begins(&at, end, "HTTP/1.1 200 "))
        return ERR_MALFORMED;
    /* The head's lines are none of ours, so head and body are read alike. What has no end may have been cut. */
    for (const char *stop; (stop = memchr(at, '\n', (size_t)(end - at))); at = stop + 1) {
        enum err err = read_line(at, stop, rooms[neighbour], &seen, out);
        if (err != ERR_OK) {
            *out = (struct spool_state){0};
            return err;
        }
    }
    if (seen != (1u << NUMBER_COUNT) - 1) {
        *out = (struct spool_state){0};
        return ERR_MALFORMED;
    }
    out->known = 1;
    return ERR_OK;
}

/* ---- the question ---- */

struct probe {
    struct loop *loop;
    enum neighbour neighbour;
    const struct sockaddr_in *address;
    struct bufferevent *bev; /* NULL: none is under way */
    int64_t next_at, deadline;
    struct spool_state state;
};

struct spools {
    struct loop *loop;
    struct probe probes[NEIGHBOUR_COUNT];
};

static void free_bev(void *arg)
{
    bufferevent_free(arg);
}

static void probe_end(struct probe *probe)
{
    bufferevent_setcb(probe->bev, NULL, NULL, NULL, NULL);
    bufferevent_disable(probe->bev, EV_READ | EV_WRITE);
    loop_bury(probe->loop, probe->bev, free_bev);
    probe->bev = NULL;
}

static void probe_fail(struct probe *probe)
{
    probe->state = (struct spool_state){0};
    probe_end(probe);
}

static void probe_readable(struct bufferevent *bev, void *arg)
{
    if (evbuffer_get_length(bufferevent_get_input(bev)) > ANSWER_MAX)
        probe_fail(arg);
}

static void probe_event(struct bufferevent *bev, short what, void *arg)
{
    struct probe *probe = arg;
    struct evbuffer *in = bufferevent_get_input(bev);
    size_t len = evbuffer_get_length(in);
    if (what & BEV_EVENT_CONNECTED)
        return;
    const char *answer = what & BEV_EVENT_EOF && len > 0 && len <= ANSWER_MAX ? (char *)evbuffer_pullup(in, -1) : NULL;
    if (answer && spools_read(answer, len, probe->neighbour, &probe->state) == ERR_OK)
        probe_end(probe);
    else
        probe_fail(probe);
}

static void probe_begin(struct probe *probe, int64_t now)
{
    probe->next_at = now + EVERY_MS;
    probe->deadline = now + DEADLINE_MS;
    probe->bev = bufferevent_socket_new(loop_base(probe->loop), -1, BEV_OPT_CLOSE_ON_FREE | BEV_OPT_DEFER_CALLBACKS);
    if (!probe->bev) {
        probe->state = (struct spool_state){0};
        return;
    }
    bufferevent_setcb(probe->bev, probe_readable, NULL, probe_event, probe);
    bufferevent_setwatermark(probe->bev, EV_READ, 0, ANSWER_MAX + 1);
    if (bufferevent_enable(probe->bev, EV_READ | EV_WRITE) != 0 ||
        bufferevent_write(probe->bev, question, sizeof question - 1) != 0 ||
        bufferevent_socket_connect(probe->bev, (const struct sockaddr *)probe->address, sizeof *probe->address) != 0)
        probe_fail(probe);
}

static void spools_tick(void *arg, int64_t now)
{
    struct spools *spools = arg;
    for (size_t i = 0; i < NEIGHBOUR_COUNT; i++) {
        struct probe *probe = &spools->probes[i];
        if (probe->bev && now > probe->deadline)
            probe_fail(probe);
        else if (!probe->bev && spools_is_asked(spools, (enum neighbour)i) && now >= probe->next_at)
            probe_begin(probe, now);
    }
}

struct spools *spools_new(struct loop *loop, const struct settings *settings)
{
    struct spools *spools = mem_new(sizeof *spools);
    spools->loop = loop;
    for (size_t i = 0; i < NEIGHBOUR_COUNT; i++)
        spools->probes[i] =
            (struct probe){.loop = loop, .neighbour = (enum neighbour)i, .address = &settings->health[i].address};
    loop_on_tick(loop, spools_tick, spools);
    return spools;
}

void spools_free(struct spools *spools)
{
    if (!spools)
        return;
    loop_off_tick(spools->loop, spools_tick, spools);
    for (size_t i = 0; i < NEIGHBOUR_COUNT; i++)
        if (spools->probes[i].bev)
            probe_end(&spools->probes[i]);
    loop_bury(spools->loop, spools, mem_free);
}

const struct spool_state *spools_state(const struct spools *spools, enum neighbour neighbour)
{
    return &spools->probes[neighbour].state;
}

int spools_is_asked(const struct spools *spools, enum neighbour neighbour)
{
    return spools->probes[neighbour].address->sin_port != 0;
}
