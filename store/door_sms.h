/* door_sms.h -- what the gateway may do: append sealed texts, publish its outbox key, take and end its outbox rows.
 * Role recourse_sms. */
#ifndef STORE_DOOR_SMS_H
#define STORE_DOOR_SMS_H

#include "store/door_append.h"

struct door_sms;
/* `on_bell` is called when the outbox may hold something new (NOTIFY, reconnect); NULL in webhook workers.
 * `connections` 0: two. */
struct door_sms *door_sms_new(struct loop *loop, const char *conninfo, const char *password_path, unsigned connections,
                              void (*on_bell)(void *room), void *room);
void door_sms_free(struct door_sms *door);
int door_sms_is_up(const struct door_sms *door);
/* At most once, before the first unit. `with` is copied; what it points to must outlive the door. */
void door_sms_spool(struct door_sms *door, const struct append_spool *with);

void door_sms_append(struct door_sms *door, struct append_unit *unit, int64_t deadline_ms, append_done_fn *done,
                     void *room, uint64_t tag);

typedef void door_sms_done_fn(void *room, uint64_t tag, enum err err);
/* Today's outbox key: its id (first 8 bytes of SHA-256 of the public half), the public half, the gateway's signature
 * over "recourse outbox key" ‖ public. Replaces the one before. */
void door_sms_key(struct door_sms *door, const uint8_t key_id[static 8], const uint8_t public_key[static 32],
                  const uint8_t signature[static 64], int64_t deadline_ms, door_sms_done_fn *done, void *room,
                  uint64_t tag);

struct outbox_row {
    uint8_t id[16], key_id[8];
    char channel[33];
    const uint8_t *body; /* envelope_box labelled "outbox", associated data: id */
    size_t body_len;
};
/* What to take: rows sealed to any of the `count` keys that are still held, but for the `without_count` that are in
 * hand already or wait for their next try; at most `limit`, of one channel not more than `of_one` and of one webhook 8.
 * Is copied. */
struct outbox_wanted {
    const uint8_t (*key_ids)[8];
    size_t count;
    const uint8_t (*without)[16];
    size_t without_count;
    unsigned limit, of_one;
};
/* Borrowed until return. */
typedef void outbox_done_fn(void *room, uint64_t tag, enum err err, const struct outbox_row *rows, size_t count);
void door_sms_outbox(struct door_sms *door, const struct outbox_wanted *wanted, int64_t deadline_ms,
                     outbox_done_fn *done, void *room, uint64_t tag);
/* Destroy the row and tell the vault: 1 sent, 2 given up, 3 the provider says that the person wants no more texts. */
void door_sms_outbox_end(struct door_sms *door, const uint8_t id[static 16], int16_t outcome, int64_t deadline_ms,
                         door_sms_done_fn *done, void *room, uint64_t tag);
/* Once a minute, as door_intake_beat(); purges deduplication rows outside the slots. */
void door_sms_beat(struct door_sms *door, uint64_t incarnation, uint64_t n, const uint8_t signature[static 64],
                   uint32_t manifest_version, int16_t oldest_slot, int16_t newest_slot);

#endif
