/* severity.c -- see severity.h. The weight packs the tuple with its first part highest, so that comparing two numbers
 * is comparing the tuples. */
#include "triage/vault/severity.h"

enum { HOUR = 3600, DAY = 24 * HOUR, UNKNOWN_SORTS_AS = 3, GRAVE_FROM = 3 };

/* Remaining time up to which a band holds. */
static const int64_t band_ends[BAND_LATER] = {
    [BAND_1H] = 1 * HOUR, [BAND_4H] = 4 * HOUR, [BAND_24H] = 24 * HOUR, [BAND_72H] = 72 * HOUR, [BAND_7D] = 7 * DAY};

int severity_is_floor(const struct severity *s)
{
    return s->danger_now || s->grave;
}

int severity_is_severe(const struct severity *s, int64_t now)
{
    return severity_is_floor(s) || s->scale >= GRAVE_FROM || s->scope >= GRAVE_FROM ||
           severity_irremediability(s, now) >= GRAVE_FROM;
}

/* A person who looked after the clock ran out has seen that it did. */
static int clock_runs(const struct severity *s, int64_t now)
{
    return s->by != 0 && !(s->by <= now && s->looked >= s->by);
}

static int counts_in_time(uint8_t axis)
{
    return axis == SEVERITY_UNKNOWN || axis >= GRAVE_FROM;
}

int severity_clock_counts(const struct severity *s)
{
    return counts_in_time(s->scale) || counts_in_time(s->scope);
}

enum severity_band severity_band(const struct severity *s, int64_t now)
{
    if (!clock_runs(s, now) || !severity_clock_counts(s))
        return BAND_LATER;
    enum severity_band band = BAND_1H;
    while (band < BAND_LATER && s->by - now > band_ends[band])
        band++;
    return band;
}

uint8_t severity_irremediability(const struct severity *s, int64_t now)
{
    uint8_t from_clock = 0;
    if (s->by && s->by - now <= DAY)
        from_clock = 4;
    else if (s->by && s->by - now <= 7 * DAY)
        from_clock = 3;
    /* Unknown sorts as 3 already: a clock of days says no more than that, and 3 is then known. */
    return s->irremediability > from_clock ? s->irremediability : from_clock;
}

static uint32_t sorts_as(uint8_t axis)
{
    return axis == SEVERITY_UNKNOWN ? UNKNOWN_SORTS_AS : axis;
}

static void swap_if_less(uint32_t *a, uint32_t *b)
{
    if (*a < *b) {
        uint32_t kept = *a;
        *a = *b;
        *b = kept;
    }
}

uint32_t severity_weight(const struct severity *s, int64_t now)
{
    uint32_t high = sorts_as(s->scale), middle = sorts_as(s->scope), low = sorts_as(severity_irremediability(s, now));
    swap_if_less(&high, &middle);
    swap_if_less(&middle, &low);
    swap_if_less(&high, &middle);
    uint32_t grave = s->grave ? 1 + (uint32_t)(s->ongoing != 0) : 0;
    uint32_t likelihood = s->likelihood ? s->likelihood : LIKELIHOOD_HAPPENED;
    uint32_t weight = (uint32_t)severity_is_floor(s);
    weight = weight << 1 | (uint32_t)(s->danger_now != 0);
    weight = weight << 3 | (uint32_t)(BAND_LATER - severity_band(s, now));
    weight = weight << 2 | grave;
    weight = weight << 3 | high;
    weight = weight << 3 | middle;
    weight = weight << 3 | low;
    return weight << 3 | likelihood;
}

int severity_compare(const struct severity *a, const struct severity *b, int64_t now)
{
    uint32_t of_a = severity_weight(a, now), of_b = severity_weight(b, now);
    if (of_a != of_b)
        return of_a > of_b ? -1 : 1;
    return (a->arrived > b->arrived) - (a->arrived < b->arrived);
}

int64_t severity_next_change(const struct severity *s, int64_t now)
{
    if (!s->by)
        return 0;
    for (int band = BAND_7D; band >= BAND_1H; band--)
        if (s->by - band_ends[band] > now)
            return s->by - band_ends[band];
    return 0;
}

static void raise_axis(uint8_t *axis, uint8_t to)
{
    if (*axis == SEVERITY_UNKNOWN ? to >= UNKNOWN_SORTS_AS : to > *axis)
        *axis = to;
}

void severity_raise(struct severity *into, const struct severity *by_rule)
{
    into->danger_now |= by_rule->danger_now;
    into->grave |= by_rule->grave;
    into->ongoing |= by_rule->ongoing;
    raise_axis(&into->scale, by_rule->scale);
    raise_axis(&into->scope, by_rule->scope);
    raise_axis(&into->irremediability, by_rule->irremediability);
    if (by_rule->likelihood > into->likelihood && into->likelihood)
        into->likelihood = by_rule->likelihood;
    /* A clock that a person has seen run out must not hide one that still runs. */
    if (by_rule->by && (!into->by || (by_rule->by < into->by && by_rule->by > into->looked)))
        into->by = by_rule->by;
}
