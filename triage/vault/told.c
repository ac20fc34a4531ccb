/* told.c -- see told.h. */
#include "triage/vault/told.h"

#include <stdio.h>
#include <string.h>

#include "common/base/rng.h"
#include "triage/vault/oncall.h"

static const struct told_person *find(const struct told *told, const char *to)
{
    for (size_t i = 0; i < told->count; i++)
        if (strcmp(told->people[i].to, to) == 0)
            return &told->people[i];
    return NULL;
}

static struct told_person *by_row(struct told *told, const uint8_t row[static 16])
{
    for (size_t i = 0; i < told->count; i++)
        if (memcmp(told->people[i].row, row, sizeof told->people[i].row) == 0)
            return &told->people[i];
    return NULL;
}

int told_is(const struct told *told, const struct roster_person *person)
{
    const struct told_person *known = find(told, person->to);
    return known && known->is_told;
}

int told_is_undelivered(const struct told *told, const struct roster_person *person)
{
    const struct told_person *known = find(told, person->to);
    return known && known->is_undelivered;
}

const char *told_name(const struct told *told, const char *number)
{
    for (size_t i = 0; i < told->count; i++)
        if (!told->people[i].is_email && oncall_is_same(told->people[i].to, number))
            return told->people[i].name;
    return NULL;
}

void told_write(struct told *told, const struct roster_person *person, uint8_t row[static 16])
{
    const struct told_person *known = find(told, person->to);
    if (!known && told->count == TOLD_MAX)
        memmove(told->people, told->people + 1, --told->count * sizeof *told->people);
    struct told_person *one = &told->people[known ? (size_t)(known - told->people) : told->count++];
    if (!known) {
        *one = (struct told_person){.is_email = person->is_email};
        snprintf(one->to, sizeof one->to, "%s", person->to);
        snprintf(one->name, sizeof one->name, "%s", person->name);
    }
    if (!one->is_under_way)
        rng_bytes(one->row, sizeof one->row);
    memcpy(row, one->row, sizeof one->row);
}

void told_kept(struct told *told, const uint8_t row[static 16])
{
    struct told_person *one = by_row(told, row); /* NULL: other people are on call since */
    if (one)
        one->is_told = one->is_under_way = 1;
}

int told_ended(struct told *told, const uint8_t row[static 16], int is_sent, int *is_news)
{
    struct told_person *one = by_row(told, row);
    *is_news = 0;
    if (!one || !one->is_under_way)
        return 0;
    *is_news = !is_sent && !one->is_passed;
    one->is_passed |= !is_sent;
    one->is_under_way = 0;
    one->is_undelivered = !is_sent;
    return 1;
}

void told_anew(struct told *told)
{
    for (size_t i = 0; i < told->count; i++)
        told->people[i].is_told = told->people[i].is_passed = 0;
}
