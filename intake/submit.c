/* submit.c -- see submit.h. */
#include "intake/submit.h"

#include <string.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "common/base/rng.h"
#include "common/base/rw.h"
#include "intake/limits.h"

struct on_the_way {
    struct intake *intake;
    struct row_counter_number number;
    submit_done_fn *done;
    void *room;
};

static void append_ended(void *room, uint64_t tag, enum err err, enum append_outcome outcome)
{
    struct on_the_way *way = room;
    row_counter_end(&way->intake->counter, &way->number, row_counter_fate_of(err, outcome));
    way->done(way->room, tag, err, outcome);
    mem_free(way);
}

static struct on_the_way *way_new(struct intake *intake, const struct append_unit *unit, submit_done_fn *done,
                                  void *room)
{
    struct on_the_way *way = mem_new(sizeof *way);
    *way = (struct on_the_way){intake, {unit->place.incarnation, unit->place.n}, done, room};
    return way;
}

static void send_unit(struct intake *intake, struct append_unit *unit, submit_done_fn *done, void *room, uint64_t tag)
{
    door_intake_append(intake->store, unit, LIMIT_STORE_MS, append_ended, way_new(intake, unit, done, room), tag);
}

static void give_back(struct intake *intake, struct append_unit *unit)
{
    struct row_counter_number number = {unit->place.incarnation, unit->place.n};
    row_counter_end(&intake->counter, &number, ROW_NOT_STORED);
    buf_free(&unit->body);
}

static void unit_begin(struct intake *intake, const struct once *once, int is_once, struct append_unit *unit)
{
    struct row_counter_number number;
    memset(unit, 0, sizeof *unit);
    row_counter_take(&intake->counter, &number);
    buf_init(&unit->body, LIMIT_SEALED);
    unit->place = (struct envelope_place){.office = (uint32_t)intake->settings->office,
                                          .part = PART_MESSAGE,
                                          .door = DOOR_INTAKE,
                                          .incarnation = number.incarnation,
                                          .n = number.n};
    memcpy(unit->place.row_id, once->row_id, sizeof unit->place.row_id);
    unit->once = is_once;
    if (is_once) {
        memcpy(unit->once_handle, once->handle, sizeof unit->once_handle);
        memcpy(unit->once_tag, once->body_tag, sizeof unit->once_tag);
        unit->once_slot = clock_slot(clock_wall(), 3600);
    }
}

static enum err wrap_receipt(const struct intake *intake, const struct submit_case *what, const uint8_t thread_key[32],
                             struct append_unit *unit)
{
    uint8_t handle[32], key[32];
    const struct pepper *pepper = &intake->peppers.list[0];
    receipt_derive(what->receipt, pepper, handle, key);
    enum err err = envelope_wrap_receipt(unit->place.office, key, handle, pepper->epoch, unit->place.case_id,
                                         ROOT_THREAD, 1, thread_key, &unit->wraps[unit->wrap_count]);
    if (err == ERR_OK)
        unit->wrap_count++;
    mem_wipe(key, sizeof key);
    return err;
}

static enum err seal_case(struct intake *intake, const struct submit_case *what, const struct envelope_desk *desk,
                          struct append_unit *unit)
{
    struct {
        uint8_t thread[32], staff[32];
    } keys;
    rng_bytes(&keys, sizeof keys);
    memcpy(unit->place.case_id, what->once->case_id, sizeof unit->place.case_id);
    unit->place.root = what->read_back ? ROOT_THREAD : ROOT_STAFF;
    unit->place.author = (uint8_t)what->author;
    unit->place.generation = 1;
    enum err err = envelope_seal(what->read_back ? keys.thread : keys.staff, &unit->place, buf_text(what->inside),
                                 what->inside->len, &unit->body);
    if (err == ERR_OK)
        err = envelope_wrap_case(desk, unit->place.case_id, keys.thread, keys.staff, unit->wraps);
    unit->wrap_count = 2;
    if (err == ERR_OK && what->receipt)
        err = wrap_receipt(intake, what, keys.thread, unit);
    mem_wipe(&keys, sizeof keys);
    return err;
}

enum err submit_case(struct intake *intake, const struct submit_case *what, submit_done_fn *done, void *room,
                     uint64_t tag)
{
    struct append_unit unit;
    const struct envelope_desk *desk;
    enum err err = manifest_desk_today(&intake->manifest, what->desk, clock_wall(), &desk);
    if (err != ERR_OK)
        return err;
    unit_begin(intake, what->once, what->is_once, &unit);
    unit.desk = desk->code;
    unit.new_case = 1;
    clock_month(clock_wall(), (int)intake->settings->retention_months, unit.month);
    err = seal_case(intake, what, desk, &unit);
    if (err == ERR_OK)
        send_unit(intake, &unit, done, room, tag);
    else
        give_back(intake, &unit);
    return err;
}

/* A generation of its own, far from the case's counted ones, so that this key can stand in no other's place. From the
 * row's id, which is random: the same message sent again then brings the same wrap and not a second one. */
static uint64_t own_generation(const uint8_t row_id[static ENVELOPE_ID])
{
    struct rd r = rd_from(row_id + ENVELOPE_ID / 2, ENVELOPE_ID / 2); /* the first bytes are shared (once_random) */
    return 2 + rd_u64(&r) % (((uint64_t)1 << 62) - 1);
}

static enum err seal_message(struct intake *intake, const struct submit_message *what, struct append_unit *unit)
{
    const struct envelope_desk *desk;
    uint8_t key[32];
    memcpy(unit->place.case_id, what->case_id, sizeof unit->place.case_id);
    unit->place.author = AUTHOR_REPORTER;
    if (what->thread_key) {
        unit->place.root = ROOT_THREAD;
        unit->place.generation = what->generation;
        return envelope_seal(what->thread_key, &unit->place, buf_text(what->inside), what->inside->len, &unit->body);
    }
    enum err err = manifest_desk_today(&intake->manifest, what->desk, clock_wall(), &desk);
    if (err != ERR_OK)
        return err;
    rng_bytes(key, sizeof key);
    unit->place.root = ROOT_STAFF;
    unit->place.generation = own_generation(unit->place.row_id);
    err = envelope_seal(key, &unit->place, buf_text(what->inside), what->inside->len, &unit->body);
    if (err == ERR_OK)
        err = envelope_wrap_desk(desk, what->case_id, ROOT_STAFF, unit->place.generation, key, &unit->wraps[0]);
    unit->wrap_count = 1;
    mem_wipe(key, sizeof key);
    return err;
}

enum err submit_message(struct intake *intake, const struct submit_message *what, submit_done_fn *done, void *room,
                        uint64_t tag)
{
    struct append_unit unit;
    unit_begin(intake, what->once, what->is_once, &unit);
    unit.desk = what->desk;
    enum err err = seal_message(intake, what, &unit);
    if (err == ERR_OK)
        send_unit(intake, &unit, done, room, tag);
    else
        give_back(intake, &unit);
    return err;
}

/* ---- letters ---- */

/* The same two keys for each desk; only the one that the case lies with will ever be given its wraps. */
static enum err wrap_for_all(struct intake *intake, const uint8_t thread_key[32], const uint8_t staff_key[32],
                             const uint8_t case_id[static ENVELOPE_ID], struct append_letter *letter)
{
    const struct manifest *manifest = &intake->manifest;
    for (size_t i = 0; i < manifest->desk_count; i++) {
        const struct envelope_desk *desk, *newest = &manifest->desks[i].desk;
        int is_there = 0;
        for (size_t k = 0; k < letter->desk_count; k++)
            is_there |= strcmp(letter->desks[k].code, newest->code) == 0;
        if (is_there || manifest_desk_today(manifest, newest->code, clock_wall(), &desk) != ERR_OK)
            continue;
        if (letter->desk_count == LETTER_DESKS_MAX)
            return ERR_TOO_BIG;
        struct append_letter_desk *to = &letter->desks[letter->desk_count++];
        memcpy(to->code, desk->code, sizeof to->code);
        enum err err = envelope_wrap_case(desk, case_id, thread_key, staff_key, to->wraps);
        if (err != ERR_OK)
            return err;
    }
    return letter->desk_count ? ERR_OK : ERR_LOCKED;
}

static enum err seal_letter(struct intake *intake, const struct submit_letter *what, struct append_unit *unit)
{
    struct {
        uint8_t thread[32], staff[32];
    } keys;
    rng_bytes(&keys, sizeof keys);
    memcpy(unit->place.case_id, what->once->case_id, sizeof unit->place.case_id);
    unit->place.root = ROOT_STAFF;
    unit->place.author = AUTHOR_REPORTER;
    unit->place.generation = 1;
    unit->letter->handle_count = what->handle_count;
    memcpy(unit->letter->handles, what->handles, what->handle_count * sizeof *what->handles);
    enum err err = envelope_seal(keys.staff, &unit->place, buf_text(what->inside), what->inside->len, &unit->body);
    if (err == ERR_OK)
        err = wrap_for_all(intake, keys.thread, keys.staff, unit->place.case_id, unit->letter);
    mem_wipe(&keys, sizeof keys);
    return err;
}

enum err submit_letter(struct intake *intake, const struct submit_letter *what, submit_done_fn *done, void *room,
                       uint64_t tag)
{
    struct append_unit unit;
    need(what->handle_count <= LETTER_HANDLES_MAX);
    unit_begin(intake, what->once, what->is_once, &unit);
    unit.new_case = 1;
    unit.letter = mem_new(sizeof *unit.letter);
    clock_month(clock_wall(), (int)intake->settings->retention_months, unit.month);
    enum err err = seal_letter(intake, what, &unit);
    if (err == ERR_OK) {
        door_intake_letter(intake->store, &unit, append_ended, way_new(intake, &unit, done, room), tag);
    } else {
        mem_free(unit.letter);
        give_back(intake, &unit);
    }
    return err;
}
