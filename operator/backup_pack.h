/* backup_pack.h -- what lies inside a sealed file: named parcels, one behind the other, the last of them saying how
 * much there was.
 *
 * A parcel: u8 kind, bytes name, then chunks (u32 length, that many bytes) up to one of length 0. Numbers big-endian.
 */
#ifndef OPERATOR_BACKUP_PACK_H
#define OPERATOR_BACKUP_PACK_H

#include "operator/backup_file.h"

enum backup_kind {
    BACKUP_FACTS = 1,   /* lines "key value": what this is; always the first */
    BACKUP_FILE = 2,    /* a file of the installation, by its path below the folder */
    BACKUP_TABLE = 3,   /* rows; the name is "table column,column" */
    BACKUP_COUNTER = 4, /* a number in decimal, by its table */
    BACKUP_END = 5,     /* lines "table rows": always the last */
};
enum { BACKUP_NAME = 1200, BACKUP_CHUNK = 1 << 30 };

MUST_CHECK enum err backup_pack_begin(struct backup_out *out, enum backup_kind kind, const char *name);
MUST_CHECK enum err backup_pack_add(struct backup_out *out, const void *bytes, size_t len);
MUST_CHECK enum err backup_pack_end(struct backup_out *out);
/* All three. */
MUST_CHECK enum err backup_pack(struct backup_out *out, enum backup_kind kind, const char *name, const void *bytes,
                                size_t len);

/* Who is told of each parcel, in order. Anything but ERR_OK ends the reading and is returned. */
struct backup_reader {
    enum err (*begin)(void *room, enum backup_kind kind, const char *name);
    enum err (*bytes)(void *room, const void *bytes, size_t len); /* pieces of any length */
    enum err (*end)(void *room);
    void *room;
};
/* From where `in` stands to its end. ERR_CRYPTO: the file was changed or cut off, or is locked with something else;
 * ERR_MALFORMED: it is whole and not of this form. */
MUST_CHECK enum err backup_unpack(struct backup_in *in, const struct backup_reader *reader);

/* The value behind "key " on a line of its own; 0 when there is none. `out` holds `room`. */
int backup_fact(const char *lines, const char *key, char *out, size_t room);

#endif
