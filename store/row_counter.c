/* row_counter.c -- see row_counter.h. */
#include "store/row_counter.h"

#include <string.h>

#include "common/base/rng.h"
#include "common/base/rw.h"

void row_counter_start(struct row_counter *counter)
{
    memset(counter, 0, sizeof *counter);
    do {
        rng_bytes(&counter->incarnation, sizeof counter->incarnation);
        counter->incarnation &= INT64_MAX;
    } while (counter->incarnation == 0);
    counter->next = 1;
}

void row_counter_take(struct row_counter *counter, struct row_counter_number *out)
{
    if (!counter->freed_count && counter->next - counter->all_stored >= ROW_COUNTER_WINDOW)
        row_counter_start(counter);
    out->incarnation = counter->incarnation;
    out->n = counter->freed_count ? counter->freed[--counter->freed_count] : counter->next++;
}

static uint8_t *row_counter_place(struct row_counter *counter, uint64_t n, uint8_t *bit)
{
    *bit = (uint8_t)(1u << (n % 8));
    return &counter->stored[n % ROW_COUNTER_WINDOW / 8];
}

static void row_counter_mark_stored(struct row_counter *counter, uint64_t n)
{
    uint8_t bit, *at = row_counter_place(counter, n, &bit);
    *at |= bit;
    for (uint64_t each = counter->all_stored + 1; each < counter->next; each++) {
        at = row_counter_place(counter, each, &bit);
        if (!(*at & bit))
            break;
        *at &= (uint8_t)~bit;
        counter->all_stored = each;
    }
}

void row_counter_end(struct row_counter *counter, const struct row_counter_number *number, enum row_counter_fate fate)
{
    if (number->incarnation != counter->incarnation)
        return;
    need(number->n > counter->all_stored && number->n < counter->next);
    if (fate == ROW_STORED)
        row_counter_mark_stored(counter, number->n);
    else if (fate == ROW_NOT_STORED)
        counter->freed[counter->freed_count++] = number->n;
    else if (fate == ROW_UNKNOWN)
        row_counter_start(counter);
}

enum row_counter_fate row_counter_fate_of(enum err err, enum append_outcome outcome)
{
    if (err == ERR_OK && outcome == APPEND_STORED)
        return ROW_STORED;
    if (err == ERR_OK && outcome == APPEND_SPOOLED)
        return ROW_WAITS;
    if (err == ERR_OK)
        return outcome == APPEND_ALREADY ? ROW_UNKNOWN : ROW_NOT_STORED;
    if (err == ERR_DB_UNKNOWN || err == ERR_CANCELLED || err == ERR_TIMEOUT)
        return ROW_UNKNOWN;
    return ROW_NOT_STORED;
}

void row_counter_said(uint8_t door, uint64_t incarnation, uint64_t n, uint32_t manifest_version,
                      uint8_t out[static ROW_COUNT_SAID])
{
    static const char label[] = "recourse door count";
    uint8_t *at = put_raw(out, label, sizeof label - 1);
    at = put_u8(at, door);
    at = put_u64(at, incarnation);
    at = put_u64(at, n);
    at = put_u32(at, manifest_version);
    need(at == out + ROW_COUNT_SAID);
}

enum err row_counter_sign(const struct row_counter *counter, uint8_t door, uint32_t manifest_version,
                          const struct sign_key *key, uint8_t signature[static SIGN_SIZE])
{
    uint8_t said[ROW_COUNT_SAID];
    row_counter_said(door, counter->incarnation, counter->all_stored, manifest_version, said);
    return sign_make(key, said, sizeof said, signature);
}
