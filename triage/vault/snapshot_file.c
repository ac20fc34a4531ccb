/* snapshot_file.c -- see snapshot_file.h. The head is written last: a file without one was not finished. */
#include "triage/vault/snapshot_file.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "common/base/mem.h"
#include "common/base/rng.h"
#include "common/base/rw.h"
#include "common/seal/sign.h"

enum { MAGIC = 16, HEAD_SAID = MAGIC + 8 + SNAPSHOT_SALT, INFO_MAX = 64 };

static const uint8_t magic[MAGIC] = "recourse-snap 1\n"; /* no NUL behind it */
static const uint8_t nothing[SNAPSHOT_HEAD];

static enum err write_all(int fd, const uint8_t *bytes, size_t len)
{
    while (len > 0) {
        ssize_t wrote = write(fd, bytes, len);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            return ERR_SYSTEM;
        bytes += wrote;
        len -= (size_t)wrote;
    }
    return ERR_OK;
}

/* As much as there is, up to `len`. */
static size_t read_all(int fd, uint8_t *bytes, size_t len)
{
    size_t got = 0;
    while (got < len) {
        ssize_t some = read(fd, bytes + got, len - got);
        if (some < 0 && errno == EINTR)
            continue;
        if (some <= 0)
            break;
        got += (size_t)some;
    }
    return got;
}

/* HKDF(record key, salt, "recourse snapshot" ‖ serial ‖ desk). */
static void stream_of(struct snapshot_file *file, const struct snapshot_owner *owner)
{
    static const char label[] = "recourse snapshot";
    uint8_t info[INFO_MAX], key[STREAM_KEY], *at = info;
    size_t desk_len = strnlen(owner->desk, 16);
    at = put_raw(at, label, sizeof label - 1);
    at = put_u64(at, file->serial);
    at = put_raw(at, owner->desk, desk_len);
    sign_hkdf(owner->record_key, 32, file->salt, sizeof file->salt, info, (size_t)(at - info), key, sizeof key);
    stream_begin(&file->stream, key);
    mem_wipe(key, sizeof key);
}

static int read_start(int fd, uint8_t head[static SNAPSHOT_HEAD])
{
    return lseek(fd, 0, SEEK_SET) == 0 && read_all(fd, head, SNAPSHOT_HEAD) == SNAPSHOT_HEAD;
}

/* Nothing stands behind the salt: what may be anything would be what somebody else can put there. */
static int read_head(int fd, uint8_t head[static SNAPSHOT_HEAD])
{
    return read_start(fd, head) && memcmp(head, magic, MAGIC) == 0 &&
           memcmp(head + HEAD_SAID, nothing, SNAPSHOT_HEAD - HEAD_SAID) == 0;
}

static uint64_t serial_of(const uint8_t head[static SNAPSHOT_HEAD])
{
    struct rd r = rd_from(head + MAGIC, 8);
    return rd_u64(&r);
}

uint64_t snapshot_file_serial(int fd)
{
    uint8_t head[SNAPSHOT_HEAD];
    return read_head(fd, head) ? serial_of(head) : 0;
}

/* ---- writing ---- */

/* Blocks of a file that was only cut stay on the disk for a while, and with the salt they would open. */
void snapshot_file_empty(int fd)
{
    uint8_t head[SNAPSHOT_HEAD];
    int had_salt = read_start(fd, head) && memcmp(head, nothing, sizeof head) != 0;
    if (had_salt && lseek(fd, 0, SEEK_SET) == 0 && write_all(fd, nothing, sizeof nothing) == ERR_OK)
        (void)!fdatasync(fd);
    (void)!ftruncate(fd, 0);
}

enum err snapshot_file_begin(struct snapshot_file *file, int fd, const struct snapshot_owner *owner, uint64_t serial)
{
    *file = (struct snapshot_file){.fd = fd, .serial = serial};
    rng_bytes(file->salt, sizeof file->salt);
    stream_of(file, owner);
    snapshot_file_empty(fd);
    if (lseek(fd, 0, SEEK_SET) != 0)
        return ERR_SYSTEM;
    return write_all(fd, nothing, sizeof nothing);
}

enum err snapshot_file_add(struct snapshot_file *file, const void *bytes, size_t len)
{
    const uint8_t *from = bytes;
    while (len > 0) {
        /* A full piece waits until something follows it: the last one is marked. */
        if (file->len == STREAM_PIECE) {
            stream_seal(&file->stream, file->piece, STREAM_PIECE, 0, file->piece);
            enum err err = write_all(file->fd, file->piece, STREAM_SEALED);
            if (err != ERR_OK)
                return err;
            file->len = 0;
        }
        size_t part = len < STREAM_PIECE - file->len ? len : STREAM_PIECE - file->len;
        memcpy(file->piece + file->len, from, part);
        file->len += part;
        from += part;
        len -= part;
    }
    return ERR_OK;
}

enum err snapshot_file_end(struct snapshot_file *file)
{
    uint8_t head[SNAPSHOT_HEAD] = {0}, *at = head;
    stream_seal(&file->stream, file->piece, file->len, 1, file->piece);
    enum err err = write_all(file->fd, file->piece, file->len + STREAM_TAG);
    at = put_raw(at, magic, MAGIC);
    at = put_u64(at, file->serial);
    (void)put_raw(at, file->salt, SNAPSHOT_SALT);
    if (err == ERR_OK && lseek(file->fd, 0, SEEK_SET) != 0)
        err = ERR_SYSTEM;
    if (err == ERR_OK)
        err = write_all(file->fd, head, sizeof head);
    snapshot_file_wipe(file);
    return err;
}

void snapshot_file_wipe(struct snapshot_file *file)
{
    stream_wipe(&file->stream);
    mem_wipe(file, sizeof *file);
}

/* ---- reading ---- */

enum err snapshot_file_open(struct snapshot_file *file, int fd, const struct snapshot_owner *owner)
{
    uint8_t head[SNAPSHOT_HEAD];
    *file = (struct snapshot_file){.fd = fd};
    off_t size = lseek(fd, 0, SEEK_END);
    if (size < SNAPSHOT_HEAD + STREAM_TAG || !read_head(fd, head))
        return ERR_NOT_FOUND;
    file->serial = serial_of(head);
    memcpy(file->salt, head + MAGIC + 8, SNAPSHOT_SALT);
    file->sealed_left = (uint64_t)size - SNAPSHOT_HEAD;
    stream_of(file, owner);
    return ERR_OK;
}

static enum err next_piece(struct snapshot_file *file)
{
    size_t len = file->sealed_left < STREAM_SEALED ? (size_t)file->sealed_left : STREAM_SEALED;
    int is_last = file->sealed_left <= STREAM_SEALED;
    file->len = file->at = 0;
    if (len == 0)
        return ERR_MALFORMED;
    if (read_all(file->fd, file->piece, len) != len)
        return ERR_SYSTEM;
    file->sealed_left -= len;
    enum err err = stream_open(&file->stream, file->piece, len, is_last, file->piece);
    if (err == ERR_OK)
        file->len = len - STREAM_TAG;
    return err;
}

enum err snapshot_file_take(struct snapshot_file *file, void *out, size_t len)
{
    uint8_t *to = out;
    while (len > 0) {
        if (file->at == file->len) {
            enum err err = next_piece(file);
            if (err != ERR_OK)
                return err;
            continue;
        }
        size_t part = len < file->len - file->at ? len : file->len - file->at;
        memcpy(to, file->piece + file->at, part);
        file->at += part;
        to += part;
        len -= part;
    }
    return ERR_OK;
}
