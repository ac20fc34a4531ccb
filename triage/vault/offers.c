/* offers.c -- see offers.h. */
#include "triage/vault/offers.h"

#include <string.h>

#include "common/base/log.h"
#include "common/base/mem.h"

enum { ASK_EVERY_MS = 60000, RETRY_MS = 1000, DESKS_MAX = 16 };

struct offered {
    struct offers *offers;
    char desk[17];
    int is_offered, is_asking, is_known;
    int64_t ask_at;
};

struct offers {
    struct vault *vault;
    struct offered desks[DESKS_MAX];
    size_t count;
};

/* Without an answer the last one holds: a case that is sealed to a desk stays there, whoever works there now. */
static void answered(void *room, uint64_t tag, enum err err, int is_offered)
{
    (void)tag;
    struct offered *one = room;
    const struct vault *vault = one->offers->vault;
    one->is_asking = 0;
    one->ask_at = loop_now(vault->loop) + (err == ERR_OK ? ASK_EVERY_MS : RETRY_MS);
    one->is_known |= err == ERR_OK;
    if (err != ERR_OK || is_offered == one->is_offered)
        return;
    one->is_offered = is_offered;
    log_info("desk_offered", LOG_NAME("desk", one->desk), LOG_NUM("offered", is_offered));
    if (strcmp(one->desk, vault->settings.danger_desk) == 0)
        log_info("danger_desk", LOG_NAME("desk", offers_danger_desk(one->offers)));
}

static void ask(struct offered *one)
{
    struct vault *vault = one->offers->vault;
    if (one->is_asking || vault->phase == PHASE_LOCKED || !door_vault_is_up(vault->door))
        return;
    one->is_asking = 1;
    door_vault_offered(vault->door, one->desk, VAULT_DEADLINE_MS, answered, one, 0);
}

void offers_bell(struct offers *offers)
{
    for (size_t i = 0; i < offers->count; i++)
        ask(&offers->desks[i]);
}

static void tick(void *room, int64_t now)
{
    struct offers *offers = room;
    for (size_t i = 0; i < offers->count; i++)
        if (now >= offers->desks[i].ask_at)
            ask(&offers->desks[i]);
}

static const struct offered *find(const struct offers *offers, const char *desk)
{
    for (size_t i = 0; i < offers->count; i++)
        if (strcmp(offers->desks[i].desk, desk) == 0)
            return &offers->desks[i];
    return NULL;
}

int offers_has(const struct offers *offers, const char *desk)
{
    const struct offered *one = find(offers, desk);
    return one && one->is_offered;
}

int offers_is_known(const struct offers *offers, const char *desk)
{
    const struct offered *one = find(offers, desk);
    return one && one->is_known;
}

const char *offers_danger_desk(const struct offers *offers)
{
    const struct vault *vault = offers->vault;
    return offers_has(offers, vault->settings.danger_desk) ? vault->settings.danger_desk : vault_desk(vault);
}

/* Once each, and not our own. */
static void add(struct offers *offers, const char *desk)
{
    if (!*desk || strlen(desk) >= sizeof offers->desks[0].desk || strcmp(desk, vault_desk(offers->vault)) == 0)
        return;
    if (find(offers, desk) || offers->count == DESKS_MAX)
        return;
    struct offered *one = &offers->desks[offers->count++];
    one->offers = offers;
    memcpy(one->desk, desk, strlen(desk));
}

struct offers *offers_new(struct vault *vault)
{
    struct offers *offers = mem_new(sizeof *offers);
    const char *desk;
    offers->vault = vault;
    add(offers, vault->settings.danger_desk);
    add(offers, OFFERS_OVERSIGHT);
    for (size_t i = 0; (desk = rules_desk_at(vault->rules, i)); i++)
        add(offers, desk);
    loop_on_tick(vault->loop, tick, offers);
    return offers;
}

void offers_free(struct offers *offers)
{
    if (!offers)
        return;
    loop_off_tick(offers->vault->loop, tick, offers);
    mem_free(offers);
}
