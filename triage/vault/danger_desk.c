/* danger_desk.c -- see danger_desk.h. */
#include "triage/vault/danger_desk.h"

#include <string.h>

#include "common/base/log.h"
#include "common/base/mem.h"

enum { ASK_EVERY_MS = 60000, RETRY_MS = 1000 };

struct danger_desk {
    struct vault *vault;
    int is_elsewhere, is_offered, is_asking;
    int64_t ask_at;
};

/* Without an answer the last one holds: a case that is sealed to a desk stays there, whoever works there now. */
static void answered(void *room, uint64_t tag, enum err err, int is_offered)
{
    (void)tag;
    struct danger_desk *danger = room;
    const struct vault *vault = danger->vault;
    danger->is_asking = 0;
    danger->ask_at = loop_now(vault->loop) + (err == ERR_OK ? ASK_EVERY_MS : RETRY_MS);
    if (err != ERR_OK || is_offered == danger->is_offered)
        return;
    danger->is_offered = is_offered;
    log_info("danger_desk", LOG_NAME("desk", danger_desk_now(danger)));
}

void danger_desk_bell(struct danger_desk *danger)
{
    struct vault *vault = danger->vault;
    if (!danger->is_elsewhere || danger->is_asking || vault->phase == PHASE_LOCKED || !door_vault_is_up(vault->door))
        return;
    danger->is_asking = 1;
    door_vault_offered(vault->door, vault->settings.danger_desk, VAULT_DEADLINE_MS, answered, danger, 0);
}

static void tick(void *room, int64_t now)
{
    struct danger_desk *danger = room;
    if (now >= danger->ask_at)
        danger_desk_bell(danger);
}

const char *danger_desk_now(const struct danger_desk *danger)
{
    const struct vault *vault = danger->vault;
    return danger->is_offered ? vault->settings.danger_desk : vault_desk(vault);
}

struct danger_desk *danger_desk_new(struct vault *vault)
{
    struct danger_desk *danger = mem_new(sizeof *danger);
    const char *named = vault->settings.danger_desk;
    *danger = (struct danger_desk){.vault = vault, .is_elsewhere = *named && strcmp(named, vault_desk(vault)) != 0};
    loop_on_tick(vault->loop, tick, danger);
    return danger;
}

void danger_desk_free(struct danger_desk *danger)
{
    if (!danger)
        return;
    loop_off_tick(danger->vault->loop, tick, danger);
    mem_free(danger);
}
