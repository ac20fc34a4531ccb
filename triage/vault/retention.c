/* retention.c -- see retention.h. */
#include "triage/vault/retention.h"

#include <string.h>

#include "common/base/clock.h"
#include "triage/vault/book.h"
#include "triage/vault/case_state.h"
#include "triage/vault/erase.h"
#include "triage/vault/life.h"
#include "triage/vault/second.h"

/* A state is read for each: a million cases are looked through in some seven hours, by which nobody minds. */
enum { LOOKED_AT_A_TICK = 10 };

/* When something last happened; -1: it cannot be said, so it is kept. */
static int64_t last_of(const json_t *state)
{
    const json_t *history = json_object_get(state, "history");
    size_t count = json_array_size(history);
    return count ? clock_parse(state_text(json_array_get(history, count - 1), "at")) : -1;
}

/* Somebody has asked for something that has not been decided, or has not been read. */
static int is_waited_for(const json_t *state)
{
    return second_is_wanted(state) || json_is_object(json_object_get(state, "wish")) ||
           json_is_object(json_object_get(state, "erase")) || json_is_true(json_object_get(state, "unread")) ||
           json_array_size(json_object_get(state, "outbox")) > 0 || *state_text(state, "taken_by");
}

/* Input to a consultation is brought to no end by anybody: its time runs from the last thing that happened in it. */
static int has_ended(const json_t *state)
{
    return life_is_ending(life_now(state)) || strcmp(state_text(state, "kind"), "consultation") == 0;
}

int retention_is_over(const json_t *state, const struct retention *retention, int64_t now)
{
    char until[11], today[11];
    int64_t last = last_of(state);
    if (last < 0 || !has_ended(state) || is_waited_for(state))
        return 0;
    if (retention->seconds > 0)
        return last + retention->seconds <= now;
    /* The whole of the last month counts as kept. */
    clock_month(last, (int)retention->months + 1, until);
    clock_day(now, today);
    return strcmp(until, today) <= 0;
}

static void erased(void *room, enum err err)
{
    (void)room;
    (void)err; /* not destroyed: its time is over still, and the next round finds it */
}

static void look_at(struct vault *vault, struct case_file *file, const struct retention *retention, int64_t now)
{
    if (file->version == 0 || file->writing || file->has_texts || file->is_going || file->is_unmatched)
        return;
    json_t *state = state_draft(file);
    int is_over = retention_is_over(state, retention, now);
    json_decref(state);
    if (is_over)
        erase_begin(vault, file, "", "case.expired", erased, NULL);
}

void retention_tick(struct vault *vault, int64_t now)
{
    const struct retention retention = {vault->settings.retention_months, vault->settings.retention_s};
    size_t count = book_count(vault->book);
    if (!door_vault_is_up(vault->door))
        return;
    for (size_t i = 0; i < LOOKED_AT_A_TICK && i < count; i++) {
        if (vault->retained_upto >= count)
            vault->retained_upto = 0;
        struct case_file *file = book_at(vault->book, vault->retained_upto++);
        if (file)
            look_at(vault, file, &retention, now);
    }
}
