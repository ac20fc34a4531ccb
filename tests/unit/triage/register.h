/* register.h -- a vault's register in memory, without a database: for units about impacts and actions. */
#ifndef TESTS_UNIT_TRIAGE_REGISTER_H
#define TESTS_UNIT_TRIAGE_REGISTER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/code.h"
#include "common/base/mem.h"
#include "triage/vault/impacts_inside.h"
#include "triage/vault/search.h"

static struct vault vault;

static int register_fresh(void **state)
{
    (void)state;
    char says[SAYS_SIZE];
    vault = (struct vault){.settings = {.drift_days = 30}};
    vault.search = search_new();
    vault.impacts = impacts_new();
    return codes_load(SOURCE_ROOT "/triage/codes", &vault.codes, says) == ERR_OK ? 0 : -1;
}

static int register_ended(void **state)
{
    (void)state;
    impacts_free(vault.impacts);
    search_free(vault.search);
    codes_free(vault.codes);
    return 0;
}

/* Keep an entry as if it had been read; its id is `number` sixteen times, as text in `out`. Takes `json`. */
static void register_keep(uint8_t number, int64_t version, json_t *json, char out[static CODE_ID_SIZE])
{
    uint8_t id[16];
    const uint8_t hash[32] = {number};
    memset(id, number, sizeof id);
    code_id(id, out);
    assert_non_null(json);
    impacts_keep(&vault, id, version, hash, json);
}

#endif
