/* vaults.c -- see vaults.h. */
#include "triage/console/vaults.h"

#include <string.h>

#include "common/base/mem.h"
#include "common/text/json.h"
#include "triage/console/console.h"

/* What is locked may open at any moment: a vault that starts, a passphrase that was typed. */
enum { EVERY_MS = 10000, SOON_MS = 1000, DEADLINE_MS = 5000 };

struct vaults {
    struct console *console;
    int64_t next_at;
    size_t asked, locked, nobody;
    int64_t looks;
};

static void told(struct vaults *v)
{
    if (v->asked > 0)
        return;
    v->next_at = loop_now(v->console->loop) + (v->locked ? SOON_MS : EVERY_MS);
    metrics_set(METRIC_DESKS_LOCKED, (int64_t)v->locked);
    metrics_set(METRIC_DESKS_NOBODY, (int64_t)v->nobody);
    metrics_set(METRIC_LOOKS, v->looks);
}

static void answered(void *room, uint64_t tag, enum err err, const uint8_t *payload, size_t len)
{
    (void)tag;
    struct vaults *v = room;
    struct json_fault fault;
    json_t *answer = NULL;
    if (err == ERR_CANCELLED)
        return;
    if (err == ERR_OK)
        err = json_read_object(payload, len, &answer, &fault);
    int is_open = err == ERR_OK && json_is_false(json_object_get(answer, "locked"));
    v->locked += !is_open;
    v->nobody += !is_open || !json_is_true(json_object_get(answer, "on_call"));
    v->looks += json_integer_value(json_object_get(answer, "looks"));
    json_decref(answer);
    v->asked--;
    told(v);
}

static void ask_all(struct vaults *v)
{
    static const char question[] = "{\"op\":\"status\"}";
    const struct settings *settings = v->console->settings;
    v->locked = v->nobody = 0;
    v->looks = 0;
    for (size_t i = 0; i < settings->desk_count; i++) {
        if (frame_ask(v->console->links[i], question, sizeof question - 1, DEADLINE_MS, answered, v, 0) == ERR_OK) {
            v->asked++;
            continue;
        }
        v->locked++;
        v->nobody++;
    }
    told(v);
}

static void tick(void *room, int64_t now)
{
    struct vaults *v = room;
    if (now < v->next_at || v->asked > 0)
        return;
    ask_all(v);
}

struct vaults *vaults_new(struct console *console)
{
    struct vaults *v = mem_new(sizeof *v);
    v->console = console;
    v->next_at = loop_now(console->loop) + SOON_MS; /* when the links have had time to come up */
    loop_on_tick(console->loop, tick, v);
    return v;
}

void vaults_free(struct vaults *v)
{
    if (!v)
        return;
    loop_off_tick(v->console->loop, tick, v);
    mem_free(v);
}
