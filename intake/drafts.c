/* drafts.c -- see drafts.h.
 *
 * Under HANDLE lie at most three files: .a (answers), .r (receipt) and .x (tombstone), the later word before the
 * earlier. A file is written aside and renamed, so that a reader sees it whole. An end is a tombstone first and removal
 * then, and whoever writes looks for a tombstone after the rename: whichever of two workers comes last, nothing stays.
 */
#include "intake/drafts.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/code.h"
#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/base/rng.h"
#include "common/base/rw.h"
#include "common/seal/sign.h"
#include "common/seal/stream.h"

enum { SALT = 32, HANDLE = 16, NAME = 2 * HANDLE + 1, PATH_SIZE = 300, HEAD = 5, FILE_MOST = 4 * DRAFT_MAX };

struct drafts {
    const char *folder;
    uint64_t bytes_max;
    struct drafts_stats now; /* at the last sweep, and what this worker added since */
    int64_t swept_ms;
};

/* ---- names ---- */

static void handle_of(const char *key, char out[static NAME])
{
    static const char use[] = "recourse draft handle";
    uint8_t handle[HANDLE];
    sign_hkdf(key, strlen(key), NULL, 0, use, sizeof use - 1, handle, sizeof handle);
    code_hex(handle, sizeof handle, out);
}

static void path_of(const struct drafts *drafts, const char *handle, char ending, char out[static PATH_SIZE])
{
    int len = snprintf(out, PATH_SIZE, "%s/%s.%c", drafts->folder, handle, ending);
    need(len > 0 && len < PATH_SIZE);
}

static int is_there(const struct drafts *drafts, const char *handle, char ending)
{
    char path[PATH_SIZE];
    struct stat st;
    path_of(drafts, handle, ending, path);
    return stat(path, &st) == 0;
}

/* ---- sealing ---- */

static void stream_of(const char *key, const uint8_t salt[static SALT], struct stream *out)
{
    static const char use[] = "recourse draft v1";
    uint8_t bytes[STREAM_KEY];
    sign_hkdf(key, strlen(key), salt, SALT, use, sizeof use - 1, bytes, sizeof bytes);
    stream_begin(out, bytes);
    mem_wipe(bytes, sizeof bytes);
}

/* The next power of two. */
static size_t whole_of(size_t len)
{
    size_t whole = DRAFTS_SMALLEST;
    while (whole < len + HEAD + SALT + STREAM_TAG)
        whole *= 2;
    return whole;
}

/* Kind, length, text, zeroes. */
static enum err pad(enum draft_kind kind, const void *text, size_t len, struct buf *out)
{
    size_t whole = whole_of(len) - SALT - STREAM_TAG;
    uint8_t *at;
    enum err err = wr_u8(out, (uint8_t)kind);
    if (err == ERR_OK)
        err = wr_bytes(out, text, len);
    size_t left = whole > out->len ? whole - out->len : 0;
    if (err == ERR_OK && (err = buf_extend(out, left, &at)) == ERR_OK)
        memset(at, 0, left);
    return err;
}

static enum err seal(const char *key, const struct buf *clear, struct buf *out)
{
    uint8_t salt[SALT], *at;
    struct stream stream;
    size_t left = clear->len;
    rng_bytes(salt, sizeof salt);
    enum err err = buf_add(out, salt, sizeof salt);
    stream_of(key, salt, &stream);
    for (const uint8_t *from = clear->bytes; err == ERR_OK;) {
        size_t len = left < STREAM_PIECE ? left : STREAM_PIECE;
        left -= len;
        err = buf_extend(out, len + STREAM_TAG, &at);
        if (err == ERR_OK)
            stream_seal(&stream, from, len, left == 0, at);
        from += len;
        if (left == 0)
            break;
    }
    stream_wipe(&stream);
    return err;
}

static enum err open_sealed(const char *key, const struct buf *sealed, struct buf *out)
{
    struct stream stream;
    uint8_t *at;
    if (sealed->len < SALT + STREAM_TAG)
        return ERR_MALFORMED;
    size_t left = sealed->len - SALT;
    const uint8_t *from = sealed->bytes + SALT;
    enum err err = ERR_OK;
    stream_of(key, sealed->bytes, &stream);
    while (err == ERR_OK && left) {
        size_t len = left < STREAM_SEALED ? left : STREAM_SEALED;
        left -= len;
        err = len < STREAM_TAG ? ERR_MALFORMED : buf_extend(out, len - STREAM_TAG, &at);
        if (err == ERR_OK)
            err = stream_open(&stream, from, len, left == 0, at);
        from += len;
    }
    stream_wipe(&stream);
    return err;
}

/* ---- files ---- */

static enum err write_file(const char *path, const struct buf *bytes)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    const uint8_t *at = bytes->bytes;
    size_t left = bytes->len;
    if (fd < 0)
        return errno == ENOSPC || errno == EDQUOT ? ERR_BUSY : ERR_SYSTEM;
    while (left) {
        ssize_t put = write(fd, at, left);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            break;
        at += put;
        left -= (size_t)put;
    }
    if (close(fd) != 0 || left) {
        unlink(path);
        return ERR_BUSY;
    }
    return ERR_OK;
}

static void remove_file(struct drafts *drafts, const char *handle, char ending)
{
    char path[PATH_SIZE];
    path_of(drafts, handle, ending, path);
    unlink(path);
}

static int has_room(struct drafts *drafts, size_t bytes)
{
    int is_full = drafts->now.bytes + bytes > drafts->bytes_max;
    if (clock_ms() - drafts->swept_ms > (is_full ? DRAFTS_FULL_MS : DRAFTS_SCAN_MS))
        drafts_sweep(drafts, clock_wall());
    return drafts->now.bytes + bytes <= drafts->bytes_max;
}

/* What a step replaces is taken off when the folder is counted next; until then it counts twice. */
static enum err put_file(struct drafts *drafts, const char *handle, char ending, const struct buf *sealed)
{
    char aside[PATH_SIZE], path[PATH_SIZE], random[CODE_HEX_SIZE(8)];
    uint8_t bytes[8];
    rng_bytes(bytes, sizeof bytes);
    code_hex(bytes, sizeof bytes, random);
    path_of(drafts, handle, ending, path);
    int len = snprintf(aside, sizeof aside, "%s/%s.new", drafts->folder, random);
    need(len > 0 && (size_t)len < sizeof aside);
    enum err err = write_file(aside, sealed);
    if (err == ERR_OK && rename(aside, path) != 0) {
        unlink(aside);
        err = ERR_SYSTEM;
    }
    if (err == ERR_OK) {
        drafts->now.bytes += sealed->len;
        drafts->now.files++;
    }
    return err;
}

/* ---- the three doors ---- */

enum err drafts_put(struct drafts *drafts, const char *key, enum draft_kind kind, const void *text, size_t len)
{
    char handle[NAME], ending = kind == DRAFT_ANSWERS ? 'a' : 'r';
    struct buf clear = BUF_INIT(FILE_MOST), sealed = BUF_INIT(FILE_MOST);
    handle_of(key, handle);
    enum err err = len > DRAFT_MAX ? ERR_TOO_BIG : pad(kind, text, len, &clear);
    if (err == ERR_OK)
        err = seal(key, &clear, &sealed);
    if (err == ERR_OK && !has_room(drafts, sealed.len))
        err = ERR_BUSY;
    if (err == ERR_OK && is_there(drafts, handle, 'x'))
        err = ERR_CONFLICT;
    if (err == ERR_OK)
        err = put_file(drafts, handle, ending, &sealed);
    if (err == ERR_OK && is_there(drafts, handle, 'x')) {
        remove_file(drafts, handle, ending);
        err = ERR_CONFLICT;
    }
    if (err == ERR_OK && ending == 'r')
        remove_file(drafts, handle, 'a');
    buf_free(&clear);
    buf_free(&sealed);
    return err;
}

size_t drafts_adds(const struct drafts *drafts, const char *key, size_t len)
{
    char handle[NAME], path[PATH_SIZE];
    struct stat st;
    handle_of(key, handle);
    path_of(drafts, handle, 'a', path);
    size_t is = stat(path, &st) == 0 ? (size_t)st.st_size : 0, will = whole_of(len);
    return will > is ? will - is : 0;
}

static enum err read_clear(const struct buf *clear, enum draft_kind *kind, struct buf *out)
{
    struct rd r = rd_from(clear->bytes, clear->len);
    size_t len;
    *kind = (enum draft_kind)rd_u8(&r);
    const uint8_t *text = rd_bytes(&r, DRAFT_MAX, &len);
    return r.bad ? ERR_MALFORMED : buf_add(out, text, len);
}

enum err drafts_get(struct drafts *drafts, const char *key, enum draft_kind *kind, struct buf *out)
{
    char handle[NAME], path[PATH_SIZE];
    struct buf sealed = BUF_INIT(FILE_MOST), clear = BUF_INIT(FILE_MOST);
    handle_of(key, handle);
    enum err err = is_there(drafts, handle, 'x') ? ERR_CONFLICT : ERR_NOT_FOUND;
    for (const char *ending = "ra"; *ending && err == ERR_NOT_FOUND; ending++) {
        path_of(drafts, handle, *ending, path);
        err = file_read(path, &sealed);
    }
    if (err == ERR_OK)
        err = open_sealed(key, &sealed, &clear);
    if (err == ERR_OK)
        err = read_clear(&clear, kind, out);
    buf_free(&sealed);
    buf_free(&clear);
    return err;
}

static void bury(struct drafts *drafts, const char *handle)
{
    char path[PATH_SIZE];
    path_of(drafts, handle, 'x', path);
    int fd = drafts->now.tombstones < DRAFTS_TOMBSTONES_MAX ? open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600) : -1;
    if (fd >= 0) {
        close(fd);
        drafts->now.tombstones++;
    }
    remove_file(drafts, handle, 'a');
    remove_file(drafts, handle, 'r');
}

void drafts_end(struct drafts *drafts, const char *key)
{
    char handle[NAME];
    handle_of(key, handle);
    bury(drafts, handle);
}

/* ---- sweeping ---- */

/* One name of the folder: the file is removed when it is too old, and counted when not. A receipt that nobody asked for
 * leaves a tombstone, or the last step sent again would show what was typed. */
static void sweep_one(struct drafts *drafts, const char *name, int64_t now)
{
    char path[PATH_SIZE], handle[NAME];
    struct stat st;
    const char *dot = strrchr(name, '.');
    if (!dot || (size_t)snprintf(path, sizeof path, "%s/%s", drafts->folder, name) >= sizeof path ||
        stat(path, &st) != 0 || !S_ISREG(st.st_mode))
        return;
    int64_t age = now - st.st_mtime, hour = 3600;
    if (strcmp(dot, ".r") == 0 && dot - name == NAME - 1 && age > DRAFTS_RECEIPT_MINUTES * 60) {
        memcpy(handle, name, NAME - 1);
        handle[NAME - 1] = 0;
        bury(drafts, handle);
    } else if (age > (strcmp(dot, ".x") == 0 ? DRAFTS_TOMBSTONE_HOURS : DRAFTS_HOURS) * hour) {
        unlink(path);
    } else if (strcmp(dot, ".x") == 0) {
        drafts->now.tombstones++;
    } else {
        drafts->now.files++;
        drafts->now.bytes += (uint64_t)st.st_size;
    }
}

void drafts_sweep(struct drafts *drafts, int64_t now)
{
    DIR *dir = opendir(drafts->folder);
    struct dirent *entry;
    if (!dir)
        return;
    drafts->now = (struct drafts_stats){0};
    drafts->swept_ms = clock_ms();
    while ((entry = readdir(dir)) != NULL)
        sweep_one(drafts, entry->d_name, now);
    closedir(dir);
}

void drafts_stats(const struct drafts *drafts, struct drafts_stats *out)
{
    *out = drafts->now;
}

enum err drafts_new(const char *folder, uint64_t bytes_max, struct drafts **out)
{
    *out = NULL;
    /* No access(): a worker that is started again is under its master's filter already. */
    DIR *dir = opendir(folder);
    if (!dir)
        return ERR_SYSTEM;
    closedir(dir);
    struct drafts *drafts = mem_new(sizeof *drafts);
    *drafts = (struct drafts){.folder = folder, .bytes_max = bytes_max};
    drafts_sweep(drafts, clock_wall());
    *out = drafts;
    return ERR_OK;
}

void drafts_free(struct drafts *drafts)
{
    mem_free(drafts);
}
