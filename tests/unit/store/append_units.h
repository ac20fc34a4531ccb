/* append_units.h -- invented reports for the tests of the doors: well-formed rows with random bytes for sealed ones. */
#ifndef TESTS_UNIT_STORE_APPEND_UNITS_H
#define TESTS_UNIT_STORE_APPEND_UNITS_H

#include <stdlib.h>
#include <string.h>

#include "common/base/rng.h"
#include "store/door_append.h"

/* A new case for `desk` with one message of `size` bytes, two desk wraps and one receipt wrap. */
static inline struct append_unit a_report(const char *desk, uint8_t door, size_t size)
{
    struct append_unit unit = {.desk = desk, .new_case = 1, .month = "2033-11-01", .wrap_count = 3};
    unit.place = (struct envelope_place){.office = 1,
                                         .root = ROOT_THREAD,
                                         .part = PART_MESSAGE,
                                         .door = door,
                                         .author = door == DOOR_SMS ? AUTHOR_GATEWAY : AUTHOR_REPORTER,
                                         .generation = 1,
                                         .incarnation = 0xf000000000000001u,
                                         .n = 1};
    rng_bytes(unit.place.case_id, 16);
    rng_bytes(unit.place.row_id, 16);
    unit.body = BUF_INIT(1 << 20);
    uint8_t *at;
    if (buf_extend(&unit.body, size, &at) != ERR_OK)
        abort();
    rng_bytes(at, size);
    for (unsigned i = 0; i < unit.wrap_count; i++) {
        struct envelope_wrap *wrap = &unit.wraps[i];
        *wrap = (struct envelope_wrap){.root = i == 1 ? ROOT_STAFF : ROOT_THREAD,
                                       .generation = 1,
                                       .epoch = 1,
                                       .recipient_kind = i == 2 ? RECIPIENT_RECEIPT : RECIPIENT_DESK,
                                       .wrap_len = 80};
        memcpy(wrap->case_id, unit.place.case_id, 16);
        rng_bytes(wrap->wrap, 80);
        rng_bytes(wrap->commitment, 32);
        if (i == 2)
            rng_bytes(wrap->recipient_id, 32);
        else
            memcpy(wrap->recipient_id, desk, strlen(desk));
    }
    return unit;
}

/* The same unit with a body of its own, as a client that sends again makes it. */
static inline struct append_unit the_same(const struct append_unit *unit)
{
    struct append_unit copy = *unit;
    copy.body = BUF_INIT(1 << 20);
    if (buf_add(&copy.body, unit->body.bytes, unit->body.len) != ERR_OK)
        abort();
    return copy;
}

static inline void with_once(struct append_unit *unit, uint8_t handle, uint8_t tag)
{
    unit->once = 1;
    memset(unit->once_handle, handle, 32);
    memset(unit->once_tag, tag, 32);
    unit->once_slot = 7;
}

#endif
