/* oncall.c -- see oncall.h. */
#include "triage/vault/oncall.h"

#include <string.h>

#include "common/base/mem.h"
#include "common/base/rng.h"
#include "triage/vault/audit.h"
#include "triage/vault/case_state.h"

enum { NUMBER_MIN = 6, NUMBER_MAX = 15, TAIL = 8 };

struct oncall {
    uint8_t id[16], hash[32];
    int64_t version; /* 0: there is no record */
    json_t *json;
    int writing;
    int32_t ahead_s;
};

struct oncall *oncall_new(int32_t ahead_s)
{
    struct oncall *o = mem_new(sizeof *o);
    o->ahead_s = ahead_s;
    return o;
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

size_t oncall_now(const struct oncall *o, int64_t now, struct roster_person out[static ROSTER_MOST])
{
    return roster_now(o->json, o->ahead_s, now, out);
}

size_t oncall_gaps(const struct oncall *o, int64_t now, struct roster_gap out[static ROSTER_GAPS_MAX])
{
    return roster_gaps(o->json, o->ahead_s, now, out);
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
    if (!at || at == text || !at[1] || strchr(at + 1, '@') || strlen(text) > ROSTER_TO_MAX)
        return 0;
    for (const char *c = text; *c; c++)
        if (*c <= 0x20 || *c >= 0x7f || strchr("<>()[]\\,;:\"", *c))
            return 0;
    return 1;
}

const char *oncall_address(const char *channel, const char *typed, char to[static ROSTER_TO_MAX + 1])
{
    int is_email = strcmp(channel, "email") == 0;
    *to = '\0';
    if (!is_email && strcmp(channel, "sms") != 0)
        return "This is missing, or not in the form it must have.";
    if (is_email && oncall_is_address(typed)) {
        memcpy(to, typed, strlen(typed) + 1);
        return NULL;
    }
    if (!*typed || (!is_email && oncall_number(typed, to) == ERR_OK))
        return NULL;
    *to = '\0';
    return is_email ? "That is no address of e-mail."
                    : "That is no telephone number: write it with its country, +254 ...";
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

void oncall_change(struct vault *vault, const char *by, const char *op, json_t *detail, json_t *json,
                   change_done_fn *done, void *room)
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
        json_decref(detail);
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
    audit_leaf(vault, change, by, op, NULL, detail);
    change_submit(change, written, w);
}
