/* counter.c -- see counter.h. */
#include "intake/counter.h"

#include <string.h>

#include "common/base/rng.h"

void counter_start(struct counter *counter)
{
    memset(counter, 0, sizeof *counter);
    do {
        rng_bytes(&counter->incarnation, sizeof counter->incarnation);
        counter->incarnation &= INT64_MAX;
    } while (counter->incarnation == 0);
    counter->next = 1;
}

enum err counter_take(struct counter *counter, struct counter_number *out)
{
    out->incarnation = counter->incarnation;
    if (counter->freed_count) {
        out->n = counter->freed[--counter->freed_count];
        return ERR_OK;
    }
    if (counter->next - counter->all_stored >= COUNTER_WINDOW)
        return ERR_BUSY;
    out->n = counter->next++;
    return ERR_OK;
}

static uint8_t *counter_place(struct counter *counter, uint64_t n, uint8_t *bit)
{
    *bit = (uint8_t)(1u << (n % 8));
    return &counter->stored[n % COUNTER_WINDOW / 8];
}

static void counter_mark_stored(struct counter *counter, uint64_t n)
{
    uint8_t bit, *at = counter_place(counter, n, &bit);
    *at |= bit;
    for (uint64_t each = counter->all_stored + 1; each < counter->next; each++) {
        at = counter_place(counter, each, &bit);
        if (!(*at & bit))
            break;
        *at &= (uint8_t)~bit;
        counter->all_stored = each;
    }
}

void counter_end(struct counter *counter, const struct counter_number *number, enum counter_fate fate)
{
    if (number->incarnation != counter->incarnation)
        return;
    need(number->n > counter->all_stored && number->n < counter->next);
    if (fate == COUNTER_STORED)
        counter_mark_stored(counter, number->n);
    else if (fate == COUNTER_NOT_STORED)
        counter->freed[counter->freed_count++] = number->n;
    else
        counter_start(counter);
}
