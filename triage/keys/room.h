/* room.h -- what a vault may ask of its keys: status, unlock, secrets, unwrap (docs/vault-protocol.md, "Vault to
 * keys").
 *
 * Holds the opened key file from the unlocking on until the process ends. The frames come from one peer at a time. */
#ifndef TRIAGE_KEYS_ROOM_H
#define TRIAGE_KEYS_ROOM_H

#include "common/base/frame.h"

enum { KEYS_PAYLOAD_MAX = 64 * 1024, KEYS_UNWRAP_MAX = 200 };
enum keys_op { KEYS_STATUS = 1, KEYS_UNLOCK = 2, KEYS_SECRETS = 3, KEYS_UNWRAP = 4 };
enum keys_result { KEYS_OK = 0, KEYS_LOCKED = 1, KEYS_DENIED = 2, KEYS_MALFORMED = 3 };

struct keys_room;

/* Keeps the loop; takes the content of `file` (the key file's bytes). A clear file is opened at once and said to be
 * demonstration mode; stops with a sentence when it is not a key file or that of another desk or office. Never NULL. */
struct keys_room *keys_room_new(struct loop *loop, const char *desk, uint32_t office, struct buf *file);
/* ERR_SYSTEM when the socket cannot be made. */
MUST_CHECK enum err keys_room_open(struct keys_room *room, const struct frame_listen *listen);
int keys_room_is_locked(const struct keys_room *room);
void keys_room_free(struct keys_room *room);

/* One request, one answer (appended to `out`, which holds KEYS_PAYLOAD_MAX). `has_secrets` is the connection's: whether
 * it was given the secrets. Apart from the frames so that a test can ask. */
void keys_room_answer(struct keys_room *room, int *has_secrets, const uint8_t *asked, size_t len, struct buf *out);

#endif
