/* vault_memory.h -- a vault's memory without its database, keys and people: for what reads cases into it and looks at
 * where they stand. Nothing runs by itself: vault_memory_turn() does what was put off, and no tick. */
#ifndef TESTS_SUPPORT_VAULT_MEMORY_H
#define TESTS_SUPPORT_VAULT_MEMORY_H

#include <string.h>

#include "common/base/mem.h"
#include "triage/vault/boot.h"
#include "triage/vault/outbox.h"
#include "triage/vault/pager.h"
#include "triage/vault/snapshot.h"

/* As at a rebuild, before the first state was read. `folder`: of its snapshots, borrowed; NULL: it keeps none. */
static inline struct vault *vault_memory_new(char *folder)
{
    static char desk[] = "usual", nobody[] = "", channel[] = "main", english[] = "en";
    char says[SAYS_SIZE];
    struct vault *vault = mem_new(sizeof *vault);
    vault->settings.desk = desk;
    vault->settings.danger_desk = vault->settings.alarm_email_channel = nobody;
    vault->settings.alarm_channel = channel;
    vault->settings.alarm_language = english;
    vault->settings.alarm_repeat_s = 600;
    vault->settings.office = 1;
    vault->settings.retention_months = 84;
    vault->settings.drift_days = 30;
    vault->settings.snapshot = folder;
    memset(vault->record_key, 7, sizeof vault->record_key);
    need(rules_load(SOURCE_ROOT "/triage/rules", &vault->rules, says) == ERR_OK &&
         stages_office_begin(&vault->office, SOURCE_ROOT "/triage/deadlines", "default", says) == ERR_OK &&
         codes_load(SOURCE_ROOT "/triage/codes", &vault->codes, says) == ERR_OK);
    vault->loop = loop_new();
    vault->outbox = outbox_new(vault);
    vault->pager = pager_new(vault);
    vault->snapshot = snapshot_new(vault);
    vault->boot = boot_new(vault);
    vault->phase = PHASE_REBUILDING;
    return vault;
}

/* Until nothing is put off any more. */
static inline void vault_memory_turn(struct vault *vault)
{
    loop_stop(vault->loop);
    loop_run(vault->loop);
}

/* Empty again, as at another rebuild. */
static inline void vault_memory_again(struct vault *vault)
{
    boot_free(vault->boot);
    vault->boot = boot_new(vault);
    vault->phase = PHASE_REBUILDING;
    vault_memory_turn(vault);
}

static inline void vault_memory_free(struct vault *vault)
{
    vault->phase = PHASE_LOCKED;
    vault_memory_turn(vault);
    pager_free(vault->pager);
    outbox_free(vault->outbox);
    snapshot_free(vault->snapshot);
    boot_free(vault->boot);
    loop_free(vault->loop);
    rules_free(vault->rules);
    codes_free(vault->codes);
    stages_office_end(&vault->office);
    mem_free(vault);
}

#endif
