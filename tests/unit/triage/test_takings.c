/* test_takings.c -- tickets for files on their way out: whose they are, how many there may be, when they are over, and
 * who makes room for whom. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "triage/vault/request.h"
#include "triage/vault/taking_job.h"

static struct vault *vault;
static struct request amina, omar, hana;
static const uint8_t CASE[16] = {1};

static void asks(struct request *request, const char *who, uint8_t session)
{
    *request = (struct request){.vault = vault, .body = json_object()};
    strcpy(request->who, who);
    memset(request->session, session, sizeof request->session);
}

static int begin(void **state)
{
    (void)state;
    vault = mem_new(sizeof *vault);
    vault->loop = loop_new();
    vault->takings = takings_new();
    asks(&amina, "Amina", 1);
    asks(&omar, "Omar", 2);
    asks(&hana, "Hana", 3);
    return 0;
}

static int end(void **state)
{
    (void)state;
    takings_cancel(vault);
    loop_stop(vault->loop);
    loop_run(vault->loop);
    json_decref(amina.body);
    json_decref(omar.body);
    json_decref(hana.body);
    takings_free(vault->takings);
    loop_free(vault->loop);
    mem_free(vault);
    return 0;
}

static struct taking *add(struct request *request, enum taking_what what, uint8_t file, enum err expected)
{
    struct taking *t = NULL;
    uint8_t id[16] = {file};
    enum err err = takings_add(request, what, CASE, id, &t);
    assert_int_equal(err, expected);
    return t;
}

/* As when its head was read, and nothing has left. */
static struct taking *ready(struct taking *t)
{
    t->pieces = 3;
    t->state = TAKING_READY;
    t->is_busy = 0;
    return t;
}

static void ask_for(struct request *request, const char *ticket)
{
    json_object_set_new(request->body, "ticket", json_string(ticket));
}

static void a_ticket_is_its_sessions_alone(void **state)
{
    (void)state;
    struct taking *t = ready(add(&amina, TAKING_ORIGINAL, 1, ERR_OK));
    assert_int_equal(strlen(t->id), TAKING_ID - 1);
    ask_for(&amina, t->id);
    ask_for(&omar, t->id);
    assert_ptr_equal(taking_asked(&amina), t);
    assert_null(taking_asked(&omar));
    ask_for(&amina, "");
    assert_null(taking_asked(&amina));
}

static void a_session_has_two_at_a_time(void **state)
{
    (void)state;
    struct taking *first = ready(add(&amina, TAKING_ORIGINAL, 1, ERR_OK));
    add(&amina, TAKING_ORIGINAL, 2, ERR_OK);
    add(&amina, TAKING_ORIGINAL, 3, ERR_BUSY);
    add(&omar, TAKING_ORIGINAL, 3, ERR_OK);
    taking_end(first);
    add(&amina, TAKING_ORIGINAL, 3, ERR_OK);
}

static void who_asks_again_gets_the_same_while_nothing_has_left(void **state)
{
    (void)state;
    struct taking *t = add(&amina, TAKING_CLEAN, 1, ERR_OK);
    t->pieces = 3; /* the cleaner is at it */
    assert_ptr_equal(add(&amina, TAKING_CLEAN, 1, ERR_OK), t);
    assert_ptr_not_equal(add(&amina, TAKING_ORIGINAL, 1, ERR_OK), t);
    ready(t)->next = 1;
    add(&amina, TAKING_CLEAN, 1, ERR_BUSY);
}

static void the_cleaner_has_two_at_a_time_and_who_is_silent_makes_room(void **state)
{
    (void)state;
    struct taking *first = ready(add(&amina, TAKING_LOOK, 1, ERR_OK));
    struct taking *second = add(&amina, TAKING_CLEAN, 2, ERR_OK); /* still worked on */
    add(&omar, TAKING_LOOK, 3, ERR_TIMEOUT);
    add(&omar, TAKING_ORIGINAL, 3, ERR_OK); /* needs no cleaner */
    first->touched -= TAKING_REPLACED_S;
    second->touched -= TAKING_REPLACED_S;
    char id[TAKING_ID];
    memcpy(id, first->id, sizeof id);
    add(&omar, TAKING_LOOK, 3, ERR_OK);
    ask_for(&amina, id);
    assert_null(taking_asked(&amina));
    ask_for(&amina, second->id);
    assert_ptr_equal(taking_asked(&amina), second);
    add(&hana, TAKING_LOOK, 3, ERR_TIMEOUT);
}

static void it_is_over_after_five_minutes_and_when_the_vault_began_again(void **state)
{
    (void)state;
    struct taking *t = ready(add(&amina, TAKING_ORIGINAL, 1, ERR_OK));
    int64_t began = t->began;
    char id[TAKING_ID];
    memcpy(id, t->id, sizeof id);
    takings_tick(vault, began + TAKING_S - 1);
    ask_for(&amina, id);
    assert_ptr_equal(taking_asked(&amina), t);
    t->began -= TAKING_S;
    assert_null(taking_asked(&amina));
    assert_ptr_equal(taking_of(&amina), t); /* what was under way still finds it */
    takings_tick(vault, began);
    assert_null(taking_of(&amina));
    t = ready(add(&amina, TAKING_ORIGINAL, 1, ERR_OK));
    vault->rebuilds++;
    takings_tick(vault, clock_wall());
    assert_int_equal(t->state, TAKING_NONE);
}

static void its_key_is_wiped_with_it(void **state)
{
    (void)state;
    static const uint8_t none[PIECE_KEY];
    struct taking *t = ready(add(&amina, TAKING_ORIGINAL, 1, ERR_OK));
    memset(t->file.key, 7, sizeof t->file.key);
    taking_end(t);
    assert_memory_equal(t->file.key, none, sizeof none);
}

static void without_a_cleaner_it_is_said_so(void **state)
{
    (void)state;
    struct taking *t = add(&amina, TAKING_LOOK, 1, ERR_OK);
    t->pieces = 1;
    t->size = 10;
    taking_job_run(t->job);
    assert_int_equal(t->state, TAKING_WORKING);
    loop_stop(vault->loop);
    loop_run(vault->loop);
    assert_int_equal(t->state, TAKING_REFUSED);
    assert_string_equal(t->says, "away");
}

int main(void)
{
#define STORY(f) cmocka_unit_test_setup_teardown(f, begin, end)
    const struct CMUnitTest tests[] = {
        STORY(a_ticket_is_its_sessions_alone),
        STORY(a_session_has_two_at_a_time),
        STORY(who_asks_again_gets_the_same_while_nothing_has_left),
        STORY(the_cleaner_has_two_at_a_time_and_who_is_silent_makes_room),
        STORY(it_is_over_after_five_minutes_and_when_the_vault_began_again),
        STORY(its_key_is_wiped_with_it),
        STORY(without_a_cleaner_it_is_said_so),
    };
    return cmocka_run_group_tests_name("takings", tests, NULL, NULL);
}
