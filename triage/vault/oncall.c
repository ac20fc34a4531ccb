/* oncall.c -- see oncall.h. */
#include "triage/vault/oncall.h"

#include <string.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "common/base/rng.h"
#include "triage/vault/audit.h"
#include "triage/vault/case_state.h"

enum { NUMBER_MIN = 6, NUMBER_MAX = 15, TAIL = 8, ADDRESS_MAX = 254 };

struct oncall {
    uint8_t id[16], hash[32];
    int64_t version; /* 0: there is no record */
    json_t *json;
    int writing;
};

struct oncall *oncall_new(void)
{
    return mem_new(sizeof(struct oncall));
}

void oncall_free(struct oncall *o)
{
    if (!o)
        return;
    json_decref(o->json);
    mem_free(o);
}

static void keep(struct oncall *o, const uint8_t id[static 16], int64_t version, const uint8_t hash[static 32],
                 json_t *json)
{
    memcpy(o->id, id, sizeof o->id);
    memcpy(o->hash, hash, sizeof o->hash);
    o->version = version;
    json_decref(o->json);
    o->json = json;
}

void oncall_read(struct oncall *o, const struct vault_item *item, const uint8_t hash[static 32], json_t *json)
{
    keep(o, item->id, item->version, hash, json);
}

const json_t *oncall_record(const struct oncall *o)
{
    return o->json;
}

/* 1 if the record counts at `now`. */
static int is_on(const struct oncall *o, int64_t now)
{
    const char *from = state_text(o->json, "from"), *until = state_text(o->json, "until");
    return *state_text(o->json, "to") && (!*from || clock_parse(from) <= now) && (!*until || now < clock_parse(until));
}

const char *oncall_to(const struct oncall *o, int64_t now)
{
    return is_on(o, now) ? state_text(o->json, "to") : NULL;
}

int oncall_is_email(const struct oncall *o)
{
    return strcmp(state_text(o->json, "channel"), "email") == 0;
}

const char *oncall_name(const struct oncall *o, int64_t now)
{
    return is_on(o, now) ? state_text(o->json, "name") : "";
}

/* ---- numbers ---- */

enum err oncall_number(const char *typed, char out[static 24])
{
    size_t len = 0, digits = 0;
    for (; *typed; typed++) {
        if (strchr(" -()./", *typed))
            continue;
        int is_digit = *typed >= '0' && *typed <= '9';
        if ((!is_digit && !(*typed == '+' && len == 0)) || digits == NUMBER_MAX)
            return ERR_MALFORMED;
        digits += is_digit != 0;
        out[len++] = *typed;
    }
    out[len] = '\0';
    return digits >= NUMBER_MIN ? ERR_OK : ERR_MALFORMED;
}

int oncall_is_address(const char *text)
{
    const char *at = strchr(text, '@');
    if (!at || at == text || !at[1] || strchr(at + 1, '@') || strlen(text) > ADDRESS_MAX)
        return 0;
    for (const char *c = text; *c; c++)
        if (*c <= 0x20 || *c >= 0x7f || strchr("<>()[]\\,;:\"", *c))
            return 0;
    return 1;
}

/* Without what stands for "from abroad" or "in this country". */
static const char *core(const char *number)
{
    return number + strspn(number, "+0");
}

int oncall_is_same(const char *a, const char *b)
{
    a = core(a);
    b = core(b);
    size_t a_len = strlen(a), b_len = strlen(b), least = a_len < b_len ? a_len : b_len;
    if (a_len == b_len)
        return least > 0 && strcmp(a, b) == 0;
    return least >= TAIL && strcmp(a + a_len - least, b + b_len - least) == 0;
}

/* ---- writing ---- */

struct writing {
    struct vault *vault;
    uint64_t rebuilds;
    uint8_t id[16], hash[32];
    int64_t version;
    json_t *json;
    change_done_fn *done;
    void *room;
};

static void written(void *room, enum err err)
{
    struct writing *w = room;
    struct oncall *o = w->rebuilds == w->vault->rebuilds ? w->vault->oncall : NULL;
    if (o)
        o->writing = 0;
    if (o && err == ERR_OK)
        keep(o, w->id, w->version, w->hash, json_incref(w->json));
    w->done(w->room, err);
    json_decref(w->json);
    mem_free(w);
}

static void refused(void *room)
{
    written(room, ERR_BUSY);
}

void oncall_change(struct vault *vault, const char *by, json_t *json, change_done_fn *done, void *room)
{
    struct oncall *o = vault->oncall;
    struct sealed_item item;
    struct writing *w = mem_new(sizeof *w);
    *w = (struct writing){.vault = vault,
                          .rebuilds = vault->rebuilds,
                          .version = o->version + 1,
                          .json = json,
                          .done = done,
                          .room = room};
    if (o->writing) {
        w->rebuilds = 0; /* it is the other's to end */
        loop_later(vault->loop, refused, w);
        return;
    }
    o->writing = 1;
    if (o->version)
        memcpy(w->id, o->id, sizeof w->id);
    else
        rng_bytes(w->id, sizeof w->id);
    char *text = json_dumps(json, JSON_COMPACT);
    need(text != NULL);
    need(item_seal(vault, SHELF_RECORD, w->id, w->version, vault->record_key, text, strlen(text), 0, NULL, &item) ==
         ERR_OK);
    mem_free(text);
    memcpy(w->hash, item.hash, sizeof w->hash);
    struct change *change = change_new(vault);
    change_put(change, &item, o->version ? o->hash : NULL);
    /* Who is told, not where: the number stays with the desk. */
    audit_leaf(vault, change, by, "oncall.set", NULL, json_pack("{s:s}", "name", state_text(json, "name")));
    change_submit(change, written, w);
}
