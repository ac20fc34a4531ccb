/* look_back.c -- see look_back.h. */
#include "triage/vault/look_back.h"

#include <string.h>

#include "common/base/log.h"
#include "common/base/mem.h"
#include "triage/vault/book.h"
#include "triage/vault/indexer.h"
#include "triage/vault/names.h"
#include "triage/vault/search.h"
#include "triage/vault/take_up.h"

/* Of processor time for one search: much more than for a person who waits, and not without end. */
enum { STEP_US = 3000, AT_ONCE = 8, WAITING_MAX = 10000 };
static const int64_t effort_us = INT64_C(60) * 1000 * 1000;

struct look_back {
    struct vault *vault;
    uint64_t rebuilds; /* of when the search began */
    json_t *waiting;   /* texts to search for; the first is under way */
    struct search_run run;
    int is_running;
    size_t next, under_way; /* of the cases that were found */
};

/* `is_done`: the next text may be looked for; else the same once more, for the vault has rebuilt. */
static void end_run(struct look_back *back, int is_done)
{
    search_run_end(&back->run);
    back->is_running = 0;
    if (is_done)
        json_array_remove(back->waiting, 0);
    if (json_array_size(back->waiting) == 0)
        log_info("looked_back");
}

static int is_still(const struct look_back *back)
{
    return back->rebuilds == back->vault->rebuilds && back->vault->phase == PHASE_OPEN;
}

static void open_found(struct look_back *back);

static void looked(void *room)
{
    struct look_back *back = room;
    back->under_way--;
    open_found(back);
}

/* Some at a time. One that is on its way, or was just moved here, is looked through there. */
static void open_found(struct look_back *back)
{
    struct vault *vault = back->vault;
    while (is_still(back) && back->next < back->run.case_count && back->under_way < AT_ONCE) {
        size_t number = back->next++;
        struct case_file *file = search_run_has(&back->run, (uint32_t)number) ? book_at(vault->book, number) : NULL;
        if (!file || file->version == 0 || file->is_going)
            continue;
        back->under_way++;
        take_up_again(vault, file, looked, back);
    }
    if (back->under_way == 0)
        end_run(back, is_still(back));
}

static void step(void *arg)
{
    struct look_back *back = arg;
    if (!is_still(back))
        end_run(back, 0);
    else if (search_run_step(&back->run, STEP_US))
        loop_next_turn(back->vault->loop, step, back);
    else
        open_found(back);
}

static void tick(void *room, int64_t now)
{
    (void)now;
    struct look_back *back = room;
    struct vault *vault = back->vault;
    const char *text = json_string_value(json_array_get(back->waiting, 0));
    if (!text || back->is_running || vault->phase != PHASE_OPEN ||
        indexer_count(vault->indexer) < book_known(vault->book))
        return;
    if (search_run_begin(vault->search, text, strlen(text), &back->run) != ERR_OK) {
        json_array_remove(back->waiting, 0);
        return;
    }
    back->run.effort = effort_us;
    back->rebuilds = vault->rebuilds;
    back->is_running = 1;
    back->next = 0;
    step(back);
}

void look_back_for(struct look_back *back, const struct person *person)
{
    json_t *queries = names_queries(person->name, json_object_get(person->json, "aliases"));
    if (json_array_size(back->waiting) < WAITING_MAX)
        need(json_array_extend(back->waiting, queries) == 0);
    json_decref(queries);
}

struct look_back *look_back_new(struct vault *vault)
{
    struct look_back *back = mem_new(sizeof *back);
    *back = (struct look_back){.vault = vault, .waiting = json_array()};
    loop_on_tick(vault->loop, tick, back);
    return back;
}

void look_back_free(struct look_back *back)
{
    if (!back)
        return;
    loop_off_tick(back->vault->loop, tick, back);
    if (back->is_running)
        search_run_end(&back->run);
    json_decref(back->waiting);
    mem_free(back);
}
