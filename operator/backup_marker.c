/* backup_marker.c -- see backup_marker.h. */
#include "operator/backup_marker.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/base/code.h"
#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/base/num.h"
#include "common/base/rng.h"
#include "common/seal/sign.h"
#include "operator/backup_pack.h"
#include "operator/backup_places.h"

static const char NOTE[] = "secrets/operator/keys.saved", MADE[] = "secrets/operator/backup.made";
enum { SALT = 32, FILE_MAX = 1024 * 1024 };

/* The file's content becomes a fingerprint of hex digits. */
static void fingerprint(const struct house *house, const uint8_t salt[static SALT], const char *path,
                        char out[static CODE_HEX_SIZE(32)])
{
    char at[HOUSE_PATH];
    uint8_t hash[32];
    struct buf file = BUF_INIT(FILE_MAX);
    house_path(house, at, "%s", path);
    enum err err = buf_addf(&file, "%s\n", path);
    if (err == ERR_OK)
        err = file_read(at, &file);
    if (err != ERR_OK)
        err_die("%s cannot be read: %s.", at, err_says(err));
    sign_hmac(salt, SALT, file.bytes, file.len, hash);
    code_hex(hash, sizeof hash, out);
    buf_free(&file);
}

/* ---- writing ---- */

struct noting {
    const struct house *house;
    uint8_t salt[SALT];
    struct buf *text;
};

static enum err note_one(void *room, const struct backup_place *place)
{
    struct noting *noting = room;
    char hex[CODE_HEX_SIZE(32)];
    if (!place->is_key)
        return ERR_OK;
    fingerprint(noting->house, noting->salt, place->path, hex);
    return buf_addf(noting->text, "%s %s\n", place->path, hex);
}

static void write_note(const struct house *house, const char *below, const struct buf *text)
{
    char path[HOUSE_PATH];
    house_path(house, path, "secrets/operator");
    crew_folder(house, path, NULL, 0700);
    house_path(house, path, "%s", below);
    crew_secret(house, path, NULL, text->bytes, text->len);
}

void backup_marker_take(const struct house *house, const char *id, int64_t made, struct buf *out)
{
    struct noting noting = {.house = house, .text = out};
    char salt[CODE_HEX_SIZE(SALT)];
    rng_bytes(noting.salt, SALT);
    code_hex(noting.salt, SALT, salt);
    need(buf_addf(out, "id %s\nmade %" PRId64 "\nsalt %s\n", id, made, salt) == ERR_OK);
    if (backup_places(house, BACKUP_KEYS, note_one, &noting) != ERR_OK)
        err_die("The keys in %s/secrets cannot be listed.", house->dir);
}

void backup_marker_keep(const struct house *house, const struct buf *taken)
{
    write_note(house, NOTE, taken);
}

/* ---- comparing ---- */

struct comparing {
    const struct house *house;
    const char *note;
    uint8_t salt[SALT];
    struct backup_marker *out;
};

static enum err compare_one(void *room, const struct backup_place *place)
{
    struct comparing *c = room;
    char hex[CODE_HEX_SIZE(32)], noted[CODE_HEX_SIZE(32)] = "";
    if (!place->is_key)
        return ERR_OK;
    if (backup_fact(c->note, place->path, noted, sizeof noted))
        fingerprint(c->house, c->salt, place->path, hex);
    if (noted[0] && strcmp(hex, noted) == 0)
        return ERR_OK;
    if (c->out->newer++ == 0)
        memcpy(c->out->first, place->path, sizeof c->out->first);
    return ERR_OK;
}

void backup_marker_compare(const struct house *house, struct backup_marker *out)
{
    char path[HOUSE_PATH], salt[CODE_HEX_SIZE(SALT)] = "", made[24] = "";
    struct buf note = BUF_INIT(BACKUP_MARKER_MAX);
    struct comparing c = {.house = house, .out = out};
    uint64_t when = 0;
    *out = (struct backup_marker){0};
    house_path(house, path, "%s", NOTE);
    enum err err = file_read(path, &note);
    if (err != ERR_OK && err != ERR_NOT_FOUND)
        err_die("%s cannot be read: %s.", path, err_says(err));
    c.note = buf_text(&note);
    /* A note of another form is none. */
    if (backup_fact(c.note, "salt", salt, sizeof salt) && code_unhex(salt, strlen(salt), c.salt, SALT) == ERR_OK &&
        backup_fact(c.note, "made", made, sizeof made) && num_parse(made, strlen(made), 0, INT64_MAX, &when) == ERR_OK)
        (void)backup_fact(c.note, "id", out->id, sizeof out->id);
    out->made = (int64_t)when;
    if (backup_places(house, BACKUP_KEYS, compare_one, &c) != ERR_OK)
        err_die("The keys in %s/secrets cannot be listed.", house->dir);
    buf_free(&note);
}

/* ---- the last backup ---- */

void backup_made_write(const struct house *house, int64_t made)
{
    struct buf text = BUF_INIT(64);
    need(buf_addf(&text, "%" PRId64 "\n", made) == ERR_OK);
    write_note(house, MADE, &text);
    buf_free(&text);
}

int64_t backup_made_read(const struct house *house)
{
    char path[HOUSE_PATH];
    struct buf text = BUF_INIT(64);
    uint64_t made = 0;
    house_path(house, path, "%s", MADE);
    if (file_read(path, &text) != ERR_OK ||
        num_parse(buf_text(&text), strcspn(buf_text(&text), "\n"), 0, INT64_MAX, &made) != ERR_OK)
        made = 0;
    buf_free(&text);
    return (int64_t)made;
}
