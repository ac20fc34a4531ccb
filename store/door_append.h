/* door_append.h -- what the public rooms append: sealed rows, each unit whole or not at all.
 *
 * Used through door_intake.h and door_sms.h. Units of concurrent requests are committed together when load is high and
 * at once when it is low: while one batch is under way the next gathers (at most APPEND_BATCH_MAX units), and an idle
 * door sends at once. A batch that fails is retried unit by unit, so that a poisonous one fails alone. Every unit has
 * client-made ids: sent twice, it is stored once. */
#ifndef STORE_DOOR_APPEND_H
#define STORE_DOOR_APPEND_H

#include "common/seal/envelope.h"
#include "store/store.h"

enum { APPEND_BATCH_MAX = 128, APPEND_WAITING_MAX = 4096, APPEND_WRAPS_MAX = 4 };

/* What became of a unit. */
enum append_outcome {
    APPEND_STORED = 1,
    APPEND_ALREADY = 2,    /* the same row ids were there: as good as stored */
    APPEND_OTHER_BODY = 3, /* this idempotency handle was used with another body: 422 */
    APPEND_NO_CASE = 4,    /* a message to a case that does not exist (any more) */
    APPEND_SPOOLED = 5,    /* durable on this machine's disk, on its way to the database: as good as stored */
};
/* 1: whoever sent it may be told so. */
static inline int append_is_kept(enum append_outcome outcome)
{
    return outcome == APPEND_STORED || outcome == APPEND_ALREADY || outcome == APPEND_SPOOLED;
}

/* A letter: a message that came with a receipt while nobody could look up where it belongs. It is sealed as a case of
 * its own, to every desk; when it is drained the database names the receipt's desk, the wraps of all others are
 * destroyed, and that desk's vault joins it to the case (docs/spool.md). */
enum { LETTER_DESKS_MAX = 16, LETTER_HANDLES_MAX = 8 };
struct append_letter_desk {
    char code[17];
    struct envelope_wrap wraps[2];
};
struct append_letter {
    uint8_t handles[LETTER_HANDLES_MAX][32]; /* of the receipt, one for each pepper */
    size_t handle_count, desk_count;
    struct append_letter_desk desks[LETTER_DESKS_MAX];
};

struct append_unit {
    struct append_letter *letter; /* NULL, or taken; desk and wraps are then empty */
    const char *desk;             /* code; for a message to an existing case: ignored, the case's desk is taken */
    int new_case;                 /* 1: place.case_id is a new case; 0: it must exist */
    char month[11];               /* retention month, "2033-11-01"; new cases only */
    struct envelope_place place;  /* case, row, root, generation, part, author, door, incarnation, n */
    struct buf body;              /* the sealed row; taken */
    struct envelope_wrap wraps[APPEND_WRAPS_MAX];
    size_t wrap_count;
    int once; /* 1: once_handle and once_tag are set */
    uint8_t once_handle[32], once_tag[32];
    int16_t once_slot; /* hour number modulo 4096, for the purge */
    int seen;          /* gateway: 1: seen_tag is set; a tag that is there already makes the unit ALREADY */
    uint8_t seen_tag[32];
    int16_t seen_slot; /* day number modulo 4096 */
};

typedef void append_done_fn(void *room, uint64_t tag, enum err err, enum append_outcome outcome);

/* A spool behind a door (spool.h): a unit that cannot be stored within moments, because the database is away or its
 * answer to a COMMIT stays out, is put there and answered APPEND_SPOOLED. What waits is drained in order, once each. */
struct spool;
struct append_spool {
    struct spool *spool; /* borrowed for the door's life */
    /* A row of the spool has met its fate (once each): its number can be counted. */
    void (*drained)(void *room, const struct envelope_place *place, enum err err, enum append_outcome outcome);
    void (*changed)(void *room); /* spool_stats() differ */
    void (*broken)(void *room);  /* once: what is on the disk is not known; end this process and begin again */
    void *room;
};

#endif
