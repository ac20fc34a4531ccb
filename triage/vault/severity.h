/* severity.h -- how grave a case is, and which of two comes first: one comparison of tuples, nothing else.
 *
 * Pure: no memory, no clock of its own, no input but its arguments. Parts are never multiplied or averaged: one gravely
 * harmed person is not outranked by many lightly harmed ones. What is not known sorts as 3 and is never low. The order
 * is that of docs/order.md. */
#ifndef TRIAGE_VAULT_SEVERITY_H
#define TRIAGE_VAULT_SEVERITY_H

#include <stdint.h>

enum { SEVERITY_UNKNOWN = 0, SEVERITY_AXIS_MAX = 4 };
enum severity_likelihood { LIKELIHOOD_LOW = 1, LIKELIHOOD_MEDIUM, LIKELIHOOD_HIGH, LIKELIHOOD_HAPPENED };

struct severity {
    uint8_t danger_now, grave, ongoing;    /* 0 or 1 */
    uint8_t scale, scope, irremediability; /* 1 to 4; SEVERITY_UNKNOWN */
    uint8_t likelihood;                    /* enum severity_likelihood; 0 is read as HAPPENED */
    int64_t by;                            /* when it cannot be remedied any more, wall seconds; 0: no clock known */
    int64_t looked;                        /* when a person last assessed it; 0: never */
    int64_t arrived;                       /* wall seconds, for the age */
};

enum severity_band { BAND_1H, BAND_4H, BAND_24H, BAND_72H, BAND_7D, BAND_LATER };

/* Inside the floor: nothing outside it stands before it. */
int severity_is_floor(const struct severity *s);
/* Any axis at 3 or more, or the floor. Unknown axes do not count here: nobody has said so. */
int severity_is_severe(const struct severity *s, int64_t now);
/* Whether its clock, if it has one, counts in the order: scale or scope 3 or more, or unknown. */
int severity_clock_counts(const struct severity *s);
/* The time that is left, where it counts: scale or scope 3 or more, or unknown; else BAND_LATER. A clock that ran out
 * stays BAND_1H until a person has looked. */
enum severity_band severity_band(const struct severity *s, int64_t now);
/* Irremediability, which also follows from the clock: within 24 h (or over) 4, within 7 days at least 3. 0: unknown. */
uint8_t severity_irremediability(const struct severity *s, int64_t now);

/* All parts but the age as one number: the higher goes first. */
uint32_t severity_weight(const struct severity *s, int64_t now);
/* Negative: `a` goes before `b`; positive: after; 0: the same in all, age included. */
int severity_compare(const struct severity *a, const struct severity *b, int64_t now);
/* The next moment at which time alone will raise it; 0: never. */
int64_t severity_next_change(const struct severity *s, int64_t now);

/* Raise `into` by `by_rule`, part by part; nothing is ever lowered, an unknown axis (which sorts as 3) by a smaller
 * number neither. Arrival and `looked` stay. */
void severity_raise(struct severity *into, const struct severity *by_rule);

#endif
