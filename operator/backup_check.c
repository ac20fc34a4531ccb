/* backup_check.c -- see backup_check.h. */
#include "operator/backup_check.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/seal/hpke.h"
#include "common/seal/manifest.h"
#include "common/seal/receipt.h"
#include "operator/house_public.h"
#include "triage/keys/keyfile.h"

struct check {
    const struct house *house;
    const struct backup_epochs *epochs;
    struct manifest manifest;
    struct audit_findings *found;
};

void backup_epochs_add(struct backup_epochs *epochs, const char *desk, int64_t epoch)
{
    if (epochs->count == epochs->room) {
        epochs->room = epochs->room ? epochs->room * 2 : 32;
        epochs->list = mem_grow(epochs->list, epochs->room * sizeof *epochs->list);
    }
    struct backup_epoch *one = &epochs->list[epochs->count++];
    snprintf(one->desk, sizeof one->desk, "%s", desk);
    one->epoch = epoch;
}

void backup_epochs_free(struct backup_epochs *epochs)
{
    mem_free(epochs->list);
    *epochs = (struct backup_epochs){0};
}

static size_t epoch_count(const struct check *c)
{
    return c->epochs ? c->epochs->count : 0;
}

/* ---- a desk ---- */

static void check_epochs(struct check *c, const char *path, const struct keyfile *keys)
{
    uint8_t public_key[32];
    for (size_t i = 0; i < epoch_count(c); i++) {
        const struct backup_epoch *one = &c->epochs->list[i];
        if (strcmp(one->desk, keys->desk) == 0 && !keyfile_epoch(keys, (uint32_t)one->epoch))
            audit_found(c->found, "%s lacks epoch %" PRId64 ", which cases are sealed to.", path, one->epoch);
    }
    for (size_t i = 0; i < c->manifest.desk_count; i++) {
        const struct envelope_desk *desk = &c->manifest.desks[i].desk;
        if (strcmp(desk->code, keys->desk) != 0)
            continue;
        const uint8_t *private_key = keyfile_epoch(keys, desk->epoch);
        if (!private_key || hpke_key_public(private_key, public_key) != ERR_OK ||
            memcmp(public_key, desk->key, sizeof public_key) != 0)
            audit_found(c->found, "%s lacks epoch %u, which the manifest offers.", path, desk->epoch);
    }
}

static void check_desk(struct check *c, const char *code)
{
    char path[HOUSE_PATH];
    struct buf file = BUF_INIT(KEYFILE_BYTES_MAX);
    struct keyfile keys;
    house_path(c->house, path, "secrets/keys-%s/desk.key", code);
    enum err err = keyfile_read(path, &file);
    if (err == ERR_OK && !keyfile_is_locked(file.bytes, file.len)) {
        err = keyfile_open(file.bytes, file.len, NULL, 0, &keys);
        if (err == ERR_OK)
            check_epochs(c, path, &keys);
        keyfile_wipe(&keys);
    }
    if (err != ERR_OK)
        audit_found(c->found, "The private keys of desk %s: %s %s.", code, path,
                    err == ERR_NOT_FOUND ? "is missing"
                    : err == ERR_DENIED  ? "may be read by others"
                                         : "cannot be read");
    buf_free(&file);
}

static void check_desks(struct check *c)
{
    for (size_t i = 0; i < c->house->desk_count; i++)
        check_desk(c, c->house->desks[i].name);
    for (size_t i = 0; i < epoch_count(c); i++) {
        const char *code = c->epochs->list[i].desk;
        if (code[0] && !house_has_desk(c->house, code))
            audit_found(c->found, "Cases are sealed to desk %s, and recourse.ini knows no such desk.", code);
    }
}

/* ---- pepper ---- */

static int has_pepper(const struct peppers *peppers, int64_t epoch)
{
    for (size_t i = 0; i < peppers->count; i++)
        if (peppers->list[i].epoch == epoch)
            return 1;
    return 0;
}

static void check_pepper(struct check *c, const char *process, const char *desk)
{
    char path[HOUSE_PATH];
    struct peppers peppers = {0};
    house_path(c->house, path, "secrets/%s%s%s/pepper", process, *desk ? "-" : "", desk);
    enum err err = peppers_load(path, &peppers);
    if (err != ERR_OK)
        audit_found(c->found, "People's receipts hang on %s: it %s.", path,
                    err == ERR_NOT_FOUND ? "is missing"
                    : err == ERR_DENIED  ? "may be read by others"
                                         : "cannot be read");
    for (size_t i = 0; err == ERR_OK && i < epoch_count(c); i++) {
        const struct backup_epoch *one = &c->epochs->list[i];
        if (!one->desk[0] && !has_pepper(&peppers, one->epoch))
            audit_found(c->found, "%s lacks epoch %" PRId64 ", under which there are receipts.", path, one->epoch);
    }
    mem_wipe(&peppers, sizeof peppers);
}

/* ---- doors and manifest ---- */

static void check_hex(struct check *c, const char *what, const char *process, const char *file, uint8_t out[static 32])
{
    char path[HOUSE_PATH];
    house_path(c->house, path, "secrets/%s/%s", process, file);
    enum err err = file_read_hex(path, out, 32);
    if (err == ERR_OK)
        return;
    memset(out, 0, 32);
    audit_found(c->found, "%s: %s %s.", what, path,
                err == ERR_NOT_FOUND ? "is missing"
                : err == ERR_DENIED  ? "may be read by others"
                                     : "cannot be read");
}

static void check_door(struct check *c, const char *process, const char *use)
{
    uint8_t seed[32], public_key[32];
    const uint8_t *named;
    struct sign_key *key;
    uint64_t before = c->found->count;
    check_hex(c, "The secret of repeated requests", process, "once", seed);
    check_hex(c, "The seed that signs counts of rows", process, "door.seed", seed);
    if (c->found->count == before && sign_key_new(seed, &key) == ERR_OK) {
        sign_key_public(key, public_key);
        sign_key_free(key);
        if (manifest_key(&c->manifest, use, process, &named) != ERR_OK || memcmp(named, public_key, 32) != 0)
            audit_found(c->found, "%s/secrets/%s/door.seed is not the one that the manifest names.", c->house->dir,
                        process);
    }
    mem_wipe(seed, sizeof seed);
}

static void check_manifest(struct check *c)
{
    static const char *const OF_OFFICE[] = {"checkpoint", "audit"};
    const uint8_t *key;
    for (size_t i = 0; i < 2; i++)
        if (manifest_key(&c->manifest, OF_OFFICE[i], "office", &key) != ERR_OK)
            audit_found(c->found, "%s/keys/manifest has no key \"%s office\".", c->house->dir, OF_OFFICE[i]);
}

void backup_check_keys(const struct house *house, const struct backup_epochs *epochs, struct audit_findings *found)
{
    struct check c = {.house = house, .epochs = epochs, .found = found};
    house_public_manifest(house, &c.manifest);
    check_manifest(&c);
    check_desks(&c);
    check_pepper(&c, "intake", "");
    for (size_t i = 0; i < house->desk_count; i++)
        check_pepper(&c, "vault", house->desks[i].name);
    check_door(&c, "intake", "door");
    check_door(&c, "sms", "gateway");
}
