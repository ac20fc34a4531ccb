/* upload.h -- one file on its way in: gathered into pieces, sealed, stored one after another (docs/evidence.md).
 *
 * Used by tus.c and by the forms. A hold is one sender's grip on one file; two senders of one file do it no harm, the
 * later piece is refused. At most two pieces of a file are in memory. When the sender goes away, what has come is
 * sealed and stored all the same. */
#ifndef INTAKE_UPLOAD_H
#define INTAKE_UPLOAD_H

#include "intake/file_head.h"
#include "intake/intake.h"

struct upload;

/* What the sender says about it; texts are cut and cleaned. */
struct upload_about {
    const char *name, *type; /* UTF-8 or NULL */
    size_t name_len, type_len;
    int64_t size; /* -1: not known yet */
};

/* Something that was asked for has happened: it is open, there is room again, it is whole. Fires never before the call
 * that asked returned. ERR_NOT_FOUND: no such file (or a desk's already); ERR_CONFLICT: another sender is at it, or it
 * was begun with another size; else the store's: 503. After an error nothing more is taken; let it go. */
typedef void upload_step_fn(void *room, enum err err);

/* Hold the file of this upload key (checked: once_key_check). With `about` it is begun where it is not there. The
 * first step says that it is open. NULL: too many are held at once. */
struct upload *upload_open(struct intake *intake, const char *key, const struct upload_about *about,
                           upload_step_fn *step, void *room);
/* Once it is open. */
int64_t upload_size(const struct upload *upload); /* -1: not known */
int64_t upload_got(const struct upload *upload);  /* bytes that are stored or being gathered */
int64_t upload_stored(const struct upload *upload);
int upload_is_whole(const struct upload *upload);
void upload_name(const struct upload *upload, char out[static UPLOAD_NAME]); /* as it is kept; from the beginning */
const uint8_t *upload_id(const struct upload *upload);

/* Take what came, at most 64 KiB, not beyond the size. 1: it takes no more until the next step. */
int upload_take(struct upload *upload, const uint8_t *bytes, size_t len);
/* Store what is gathered; `is_end`: there is no more, the file is whole. One step when that is done. */
void upload_flush(struct upload *upload, int is_end);
/* No more steps; then it is freed. `keeps`: what is gathered is stored first, if it can be (never before it was open).
 */
void upload_leave(struct upload *upload, int keeps);

#endif
