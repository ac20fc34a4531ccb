/* ceremony.c -- see ceremony.h. */
#include "operator/ceremony.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/code.h"
#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/base/rng.h"
#include "common/seal/hpke.h"
#include "operator/crew.h"
#include "operator/house_public.h"
#include "operator/say.h"
#include "triage/keys/keyfile.h"

enum { DAY = 24 * 3600, FIRST_EPOCH = 1 };
static const char FIRST_DESK[] = "usual"; /* its vault runs the audit's sequencer and signs checkpoints */

/* ---- keys as files ---- */

static enum err read_hex32(const char *path, uint8_t out[static 32])
{
    struct buf text = BUF_INIT(256);
    enum err err = file_read(path, &text);
    if (err == ERR_OK && text.len && text.bytes[text.len - 1] == '\n')
        buf_cut(&text, text.len - 1);
    if (err == ERR_OK)
        err = code_unhex(buf_text(&text), text.len, out, 32);
    buf_free(&text);
    return err;
}

/* Two ceremonies at a time could each write the other's keys away. The lock ends with `fd`, or with us. */
static int lock_keys(const struct house *house, int how)
{
    char path[HOUSE_PATH];
    house_path(house, path, "keys");
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        err_die("%s cannot be opened: %s.", path, strerror(errno));
    if (flock(fd, how | LOCK_NB) != 0)
        err_die("Another key ceremony is being held%s.", how == LOCK_EX ? ", or a backup is being made" : "");
    return fd;
}

static int lock_ceremony(const struct house *house)
{
    return lock_keys(house, LOCK_EX);
}

void ceremony_keep_still(const struct house *house)
{
    /* cppcheck-suppress leakReturnValNotUsed ; it is held until this process ends */
    (void)lock_keys(house, LOCK_SH);
}

/* ---- the manifest ---- */

static void add_key(struct manifest *manifest, const char *use, const char *name, const uint8_t key[static 32],
                    int seals)
{
    need(manifest->key_count < MANIFEST_KEYS_MAX);
    struct manifest_key *entry = &manifest->keys[manifest->key_count++];
    snprintf(entry->use, sizeof entry->use, "%s", use);
    snprintf(entry->name, sizeof entry->name, "%s", name);
    memcpy(entry->key, key, 32);
    entry->seals = seals;
}

/* The epoch of a desk that was offered last; NULL: no such desk. */
static const struct manifest_desk *newest_of(const struct manifest *manifest, const char *code)
{
    const struct manifest_desk *newest = NULL;
    for (size_t i = 0; i < manifest->desk_count; i++) {
        const struct manifest_desk *desk = &manifest->desks[i];
        if (strcmp(desk->desk.code, code) == 0 && (!newest || desk->desk.epoch > newest->desk.epoch))
            newest = desk;
    }
    return newest;
}

static int64_t end_of_day(int64_t wall)
{
    return wall - wall % DAY + DAY - 1;
}

/* The newest epoch of a desk is offered from now on. */
static void add_newest_epoch(struct manifest *manifest, const struct keyfile *keys)
{
    need(manifest->desk_count < MANIFEST_DESKS_MAX);
    struct manifest_desk *desk = &manifest->desks[manifest->desk_count++];
    desk->desk.office = keys->office;
    desk->desk.epoch = keys->epochs[0].epoch;
    memcpy(desk->desk.code, keys->desk, sizeof desk->desk.code);
    need(hpke_key_public(keys->epochs[0].private_key, desk->desk.key) == ERR_OK);
    desk->last_day = end_of_day(clock_wall() + (int64_t)CEREMONY_EPOCH_DAYS * DAY);
}

static void write_manifest(const struct house *house, struct manifest *manifest, const uint8_t root_seed[static 32])
{
    char path[HOUSE_PATH];
    struct sign_key *root;
    struct buf text = BUF_INIT(MANIFEST_BYTES_MAX);
    manifest->version++;
    manifest->issued = clock_wall();
    house_path(house, path, "keys/manifest");
    if (sign_key_new(root_seed, &root) != ERR_OK || manifest_write(manifest, root, &text) != ERR_OK)
        err_die("The manifest cannot be signed.");
    if (file_write_public(path, text.bytes, text.len) != ERR_OK)
        err_die("%s cannot be written: %s.", path, strerror(errno));
    sign_key_free(root);
    buf_free(&text);
}

/* ---- one desk ---- */

static void write_desk(const struct house *house, const struct keyfile *keys, const struct buf *passphrase)
{
    char path[HOUSE_PATH], folder[HOUSE_PATH], user[CREW_NAME];
    snprintf(user, sizeof user, "recourse-keys-%s", keys->desk);
    house_path(house, folder, "secrets/keys-%s", keys->desk);
    crew_folder(house, folder, user, 0700);
    house_path(house, path, "secrets/keys-%s/desk.key", keys->desk);
    enum err err =
        keyfile_write(path, keys, passphrase ? buf_text(passphrase) : NULL, passphrase ? passphrase->len : 0);
    if (err != ERR_OK)
        err_die("%s cannot be written: %s.", path, err_says(err));
    crew_give(house, path, user);
}

static void make_desk(const struct house *house, const char *code, const uint8_t register_key[static 32],
                      const struct buf *passphrase, struct manifest *manifest)
{
    struct keyfile keys = {.office = (uint32_t)house->office, .epoch_count = 1};
    uint8_t ignored[32], state_public[32], checkpoint_public[32];
    snprintf(keys.desk, sizeof keys.desk, "%s", code);
    keys.epochs[0].epoch = FIRST_EPOCH;
    hpke_key_new(keys.epochs[0].private_key, ignored);
    sign_seed_new(keys.state_seed, state_public);
    rng_bytes(keys.record_key, sizeof keys.record_key);
    memcpy(keys.register_key, register_key, sizeof keys.register_key);
    add_newest_epoch(manifest, &keys);
    add_key(manifest, "state", keys.desk, state_public, 0);
    if (strcmp(code, FIRST_DESK) == 0) {
        keys.has_checkpoint = 1;
        sign_seed_new(keys.checkpoint_seed, checkpoint_public);
        add_key(manifest, "checkpoint", "office", checkpoint_public, 0);
    }
    write_desk(house, &keys, passphrase);
    keyfile_wipe(&keys);
}

/* ---- the first ceremony ---- */

/* The auditors' private key opens entries of the audit log; it is handed to them and needed by no process here. */
static void make_auditor(const struct house *house, struct manifest *manifest)
{
    char path[HOUSE_PATH];
    uint8_t private_key[32], public_key[32];
    house_path(house, path, "offline/auditor.key");
    hpke_key_new(private_key, public_key);
    crew_secret_hex(house, path, NULL, private_key, 32);
    add_key(manifest, "audit", "office", public_key, 1);
    mem_wipe(private_key, sizeof private_key);
}

static void make_door(const struct house *house, const char *process, const char *use, const char *name,
                      struct manifest *manifest)
{
    char path[HOUSE_PATH], folder[HOUSE_PATH], user[CREW_NAME];
    uint8_t seed[32], public_key[32];
    snprintf(user, sizeof user, "recourse-%s", process);
    house_path(house, folder, "secrets/%s", process);
    crew_folder(house, folder, user, 0700);
    house_path(house, path, "secrets/%s/door.seed", process);
    sign_seed_new(seed, public_key);
    crew_secret_hex(house, path, user, seed, 32);
    add_key(manifest, use, name, public_key, 0);
    mem_wipe(seed, sizeof seed);
}

static void make_root(const struct house *house, uint8_t seed[static 32])
{
    char path[HOUSE_PATH];
    uint8_t public_key[32];
    sign_seed_new(seed, public_key);
    house_path(house, path, "offline/root.seed");
    crew_secret_hex(house, path, NULL, seed, 32);
    house_public_write(house, "keys/root.public", public_key);
}

void ceremony_first(const struct house *house, const struct buf *passphrase)
{
    if (house_has(house, "keys/manifest"))
        return;
    struct manifest manifest = {.office = (uint32_t)house->office};
    uint8_t root_seed[32], register_key[32];
    rng_bytes(register_key, sizeof register_key);
    make_root(house, root_seed);
    for (size_t i = 0; i < house->desk_count; i++)
        make_desk(house, house->desks[i].name, register_key, passphrase, &manifest);
    make_door(house, "intake", "door", "intake", &manifest);
    make_door(house, "sms", "gateway", "sms", &manifest);
    make_auditor(house, &manifest);
    write_manifest(house, &manifest, root_seed);
    mem_wipe(root_seed, sizeof root_seed);
    mem_wipe(register_key, sizeof register_key);
}

/* ---- what a later ceremony needs ---- */

static void open_desk(const struct house *house, const char *code, const struct buf *passphrase, struct keyfile *out)
{
    char path[HOUSE_PATH];
    struct buf file = BUF_INIT(KEYFILE_BYTES_MAX);
    house_path(house, path, "secrets/keys-%s/desk.key", code);
    if (file_is_open_to_others(path))
        err_die("%s may be read by others; it must have mode 0600.", path);
    enum err err = keyfile_read(path, &file);
    if (err == ERR_OK)
        err = keyfile_open(file.bytes, file.len, passphrase ? buf_text(passphrase) : NULL,
                           passphrase ? passphrase->len : 0, out);
    if (err == ERR_DENIED)
        err_die("That is not the passphrase of the desks' keys.");
    if (err != ERR_OK)
        err_die("%s cannot be opened: %s.", path, err_says(err));
    if (out->office != (uint32_t)house->office || strcmp(out->desk, code) != 0)
        err_die("%s belongs to another desk or office.", path);
    buf_free(&file);
}

/* A manifest signed by another seed would be refused by every room. */
static void read_root(const struct house *house, const char *given, uint8_t seed[static 32])
{
    char path[HOUSE_PATH];
    uint8_t pinned[32], own[32];
    struct sign_key *root;
    house_path(house, path, "offline/root.seed");
    const char *from = given ? given : path;
    if (read_hex32(from, seed) != ERR_OK)
        err_die("The root seed is needed to sign a new manifest: put it back as %s for this ceremony.", from);
    if (sign_key_new(seed, &root) != ERR_OK)
        err_die("%s cannot be used as a signing key.", from);
    sign_key_public(root, own);
    sign_key_free(root);
    house_public_root(house, pinned);
    if (memcmp(own, pinned, sizeof own) != 0)
        err_die("%s is not the seed of this office's root.", from);
}

/* ---- one desk more ---- */

/* The register's key is the same for all desks of an office: it is taken from the first one's file. */
static void take_register_key(const struct house *house, const struct buf *passphrase, uint8_t out[static 32])
{
    struct keyfile keys;
    open_desk(house, house->desks[0].name, passphrase, &keys);
    memcpy(out, keys.register_key, 32);
    keyfile_wipe(&keys);
}

void ceremony_add_desk(const struct house *house, const char *code, const struct buf *passphrase)
{
    struct manifest manifest;
    uint8_t root_seed[32], register_key[32];
    int lock = lock_ceremony(house);
    house_public_manifest(house, &manifest);
    if (!newest_of(&manifest, code)) { /* else an earlier try came this far */
        read_root(house, NULL, root_seed);
        take_register_key(house, passphrase, register_key);
        make_desk(house, code, register_key, passphrase, &manifest);
        write_manifest(house, &manifest, root_seed);
        mem_wipe(root_seed, sizeof root_seed);
        mem_wipe(register_key, sizeof register_key);
    }
    close(lock);
}

/* ---- a new epoch ---- */

static void add_epoch(const struct house *house, struct keyfile *keys)
{
    uint8_t ignored[32];
    if (keys->epoch_count == KEYFILE_EPOCHS_MAX)
        err_die("The key file of desk %s has no room for another epoch: %s/secrets/keys-%s/desk.key.", keys->desk,
                house->dir, keys->desk);
    memmove(&keys->epochs[1], &keys->epochs[0], keys->epoch_count++ * sizeof *keys->epochs);
    keys->epochs[0].epoch = keys->epochs[1].epoch + 1;
    hpke_key_new(keys->epochs[0].private_key, ignored);
}

/* Whole, under its own owner, or not at all: a file that its process cannot read would keep the desk closed. */
static void replace_desk(const struct house *house, const struct keyfile *keys, const struct buf *passphrase)
{
    char path[HOUSE_PATH], aside[HOUSE_PATH], folder[HOUSE_PATH];
    struct stat st;
    house_path(house, path, "secrets/keys-%s/desk.key", keys->desk);
    house_path(house, aside, "secrets/keys-%s/desk.key.renewed", keys->desk);
    enum err err =
        keyfile_write(aside, keys, passphrase ? buf_text(passphrase) : NULL, passphrase ? passphrase->len : 0);
    if (err != ERR_OK)
        err_die("%s cannot be written: %s.", aside, err_says(err));
    house_path(house, folder, "secrets/keys-%s", keys->desk);
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || stat(path, &st) != 0 || lchown(aside, st.st_uid, st.st_gid) != 0 || rename(aside, path) != 0 ||
        fsync(fd) != 0)
        err_die("%s cannot be replaced: %s.", path, strerror(errno));
    close(fd);
}

/* Nothing may be sealed to a key past its last day: it needs no line, unless it is all the desk has. Its private half
 * stays in the key file. */
static void drop_past(struct manifest *manifest, const char *code)
{
    const struct manifest_desk *newest = newest_of(manifest, code);
    uint32_t newest_epoch = newest ? newest->desk.epoch : 0;
    size_t kept = 0;
    for (size_t i = 0; i < manifest->desk_count; i++) {
        const struct manifest_desk *desk = &manifest->desks[i];
        if (strcmp(desk->desk.code, code) != 0 || desk->last_day >= clock_wall() || desk->desk.epoch == newest_epoch)
            manifest->desks[kept++] = *desk;
    }
    manifest->desk_count = kept;
}

/* The key that reports are sealed to now must be in the file, or this would hide that what comes in cannot be opened.
 */
static void check_holds(const struct keyfile *keys, const struct envelope_desk *newest)
{
    uint8_t public_key[32];
    const uint8_t *private_key = keyfile_epoch(keys, newest->epoch);
    if (!private_key || hpke_key_public(private_key, public_key) != ERR_OK ||
        memcmp(public_key, newest->key, sizeof public_key) != 0)
        err_die("The key file of desk %s lacks epoch %u, which the manifest offers: put its newest copy back.",
                keys->desk, newest->epoch);
}

static void renew_desk(const struct house *house, const char *code, const struct buf *passphrase,
                       struct ceremony_renewal *renewal)
{
    struct keyfile keys;
    const struct manifest_desk *newest = newest_of(&renewal->manifest, code);
    if (!newest)
        err_die("The manifest does not know desk %s.", code);
    open_desk(house, code, passphrase, &keys);
    check_holds(&keys, &newest->desk);
    /* A newer one than the manifest's is there from a renewal that was interrupted. */
    if (keys.epochs[0].epoch == newest->desk.epoch) {
        add_epoch(house, &keys);
        replace_desk(house, &keys, passphrase);
    }
    add_newest_epoch(&renewal->manifest, &keys);
    memcpy(renewal->desks[renewal->desk_count].code, code, strlen(code) + 1);
    renewal->desks[renewal->desk_count++].epoch = keys.epochs[0].epoch;
    keyfile_wipe(&keys);
}

void ceremony_renew_keys(const struct house *house, const char *only, const char *root_path,
                         const struct buf *passphrase, struct ceremony_renewal *out)
{
    const char *codes[HOUSE_NAMED_MAX];
    size_t count = 0;
    memset(out, 0, sizeof *out);
    out->lock = lock_ceremony(house);
    read_root(house, root_path, out->root_seed);
    house_public_manifest(house, &out->manifest);
    for (size_t i = 0; i < house->desk_count; i++)
        if (!only || strcmp(house->desks[i].name, only) == 0)
            drop_past(&out->manifest, codes[count++] = house->desks[i].name);
    if (out->manifest.desk_count + count > MANIFEST_DESKS_MAX)
        err_die("The manifest has no room for another epoch before one passes its last day.");
    for (size_t i = 0; i < count; i++)
        renew_desk(house, codes[i], passphrase, out);
}

void ceremony_renew_manifest(const struct house *house, struct ceremony_renewal *renewal)
{
    write_manifest(house, &renewal->manifest, renewal->root_seed);
    mem_wipe(renewal->root_seed, sizeof renewal->root_seed);
    close(renewal->lock);
}
