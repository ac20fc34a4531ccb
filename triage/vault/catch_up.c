/* catch_up.c -- see catch_up.h. First the names of all, page by page, then the states that are wanted, page by page. */
#include "triage/vault/catch_up.h"

#include <string.h>

#include "common/base/log.h"
#include "common/base/mem.h"
#include "triage/vault/book.h"
#include "triage/vault/case_keys.h"
#include "triage/vault/case_place.h"
#include "triage/vault/kept_items.h"

enum { NAMES = 2000, STATES = 100, WANTED_FIRST = 256 };

struct catching {
    struct vault *vault;
    uint8_t after[16];
    uint8_t *same; /* by number: the database has the very state */
    size_t files;  /* of the snapshot */
    uint8_t (*wanted)[16];
    size_t wanted_count, wanted_room, next;
    struct kept_items page;
    size_t refused, differing, gone;
    catch_up_fn *done;
    void *room;
};

static void end(struct catching *c, enum err err)
{
    catch_up_fn *done = c->done;
    void *room = c->room;
    size_t refused = c->refused;
    if (err == ERR_OK)
        log_info("caught_up", LOG_NUM("wanted", c->wanted_count), LOG_NUM("gone", c->gone));
    kept_items_free(&c->page);
    mem_free(c->same);
    mem_free(c->wanted);
    mem_free(c);
    done(room, err, refused);
}

/* ---- what is wanted ---- */

static void want_states(struct catching *c);

static void placed(struct catching *c)
{
    for (size_t i = 0; i < c->page.count; i++)
        if (case_place_item(c->vault, &c->page.items[i]) != ERR_OK)
            c->refused++;
    kept_items_free(&c->page);
    want_states(c);
}

static void keys_known(void *room, enum err err)
{
    if (err == ERR_OK)
        placed(room);
    else
        end(room, err);
}

static void states_read(void *room, uint64_t tag, enum err err, const struct vault_item *items, size_t count,
                        const struct envelope_wrap *wraps, size_t wrap_count)
{
    struct catching *c = room;
    (void)tag;
    if (err != ERR_OK) {
        end(c, err);
        return;
    }
    kept_items_take(&c->page, items, count);
    case_keys_want(c->vault, wraps, wrap_count, keys_known, c);
}

static void want_states(struct catching *c)
{
    size_t left = c->wanted_count - c->next, count = left < STATES ? left : STATES;
    if (count == 0) {
        end(c, ERR_OK);
        return;
    }
    door_vault_states(c->vault->door, (const uint8_t(*)[16])c->wanted + c->next, count, VAULT_DEADLINE_MS, states_read,
                      c, 0);
    c->next += count;
}

/* ---- what is there ---- */

static void want(struct catching *c, const uint8_t id[static 16])
{
    if (c->wanted_count == c->wanted_room) {
        c->wanted_room = c->wanted_room ? c->wanted_room * 2 : WANTED_FIRST;
        c->wanted = mem_grow(c->wanted, c->wanted_room * sizeof *c->wanted);
    }
    memcpy(c->wanted[c->wanted_count++], id, 16);
}

/* Those that differ come again, under numbers of their own. */
static void forget_others(struct catching *c)
{
    for (size_t i = 0; i < c->files; i++) {
        struct case_file *file = book_at(c->vault->book, i);
        if (file->version == 0 || c->same[i])
            continue;
        case_forget(c->vault, file);
        c->gone++;
    }
    c->gone -= c->differing;
}

static void read_names(struct catching *c);

static void names_read(void *room, uint64_t tag, enum err err, const struct vault_state_name *names, size_t count)
{
    struct catching *c = room;
    (void)tag;
    if (err != ERR_OK) {
        end(c, err);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        const struct case_file *file = book_find(c->vault->book, names[i].id);
        if (file && file->version == names[i].version && memcmp(file->state_hash, names[i].hash, 32) == 0) {
            c->same[file->number] = 1;
            continue;
        }
        c->differing += file && file->version > 0;
        want(c, names[i].id);
    }
    if (count == NAMES) {
        memcpy(c->after, names[count - 1].id, sizeof c->after);
        read_names(c);
        return;
    }
    forget_others(c);
    want_states(c);
}

static void read_names(struct catching *c)
{
    door_vault_state_names(c->vault->door, c->after, NAMES, VAULT_DEADLINE_MS, names_read, c, 0);
}

void catch_up(struct vault *vault, catch_up_fn *done, void *room)
{
    struct catching *c = mem_new(sizeof *c);
    *c = (struct catching){.vault = vault, .files = book_count(vault->book), .done = done, .room = room};
    c->same = mem_new_array(c->files + 1, 1);
    read_names(c);
}
