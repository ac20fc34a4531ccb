/* test_snapshot_record.c -- what a snapshot has of a case brings it back to where a rebuild would put it, under
 * whatever number; what is no record of ours changes nothing. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/text/json.h"
#include "tests/support/vault_memory.h"
#include "triage/vault/alike.h"
#include "triage/vault/breaches.h"
#include "triage/vault/case_place.h"
#include "triage/vault/case_state.h"
#include "triage/vault/groups.h"
#include "triage/vault/indexer.h"
#include "triage/vault/participants_keep.h"
#include "triage/vault/search.h"
#include "triage/vault/search_block.h"
#include "triage/vault/sides.h"
#include "triage/vault/snapshot_inside.h"
#include "triage/vault/texting.h"

#define TOGETHER "0b6ff0f5-6f1c-4b53-8a3e-1a0c5b1f7c11"
#define PLAIN                                                                                                          \
    "\"v\":1,\"kind\":\"grievance\",\"language\":\"en\",\"channel\":\"web\",\"arrived\":\"2026-11-20T08:00:00Z\","     \
    "\"life\":\"received\",\"lane\":\"first_look\",\"assessment\":null,\"messages\":1,\"history\":[{\"what\":\"x\"}]," \
    "\"proposal\":{\"scale\":3,\"scope\":2,\"irremediability\":2}"

/* What a state may say that stands somewhere else in memory; one case for each. */
static const char *const states[] = {
    "{" PLAIN "}",
    "{" PLAIN ",\"taken_by\":\"Amina\",\"watchers\":[{\"who\":\"Joseph\",\"seen\":1}]}",
    "{" PLAIN ",\"participant\":{\"id\":\"" TOGETHER "\",\"role\":\"representative\"}}",
    "{" PLAIN ",\"participant\":{\"id\":\"" TOGETHER "\",\"role\":\"affected\"},\"named\":[{\"name\":\"Joseph\"}]}",
    "{" PLAIN ",\"group\":{\"id\":\"" TOGETHER "\",\"title\":\"Wells\"}}",
    "{" PLAIN ",\"escalated\":{\"look\":\"2026-11-25T00:00:00Z\"}}",
    "{" PLAIN ",\"referrals\":[{\"n\":1,\"status\":\"sent\",\"at\":\"2026-11-21T08:00:00Z\","
    "\"log\":[{\"status\":\"sent\",\"at\":\"2026-11-21T08:00:00Z\"}]}]}",
    "{" PLAIN ",\"route\":{\"to\":\"safeguarding\",\"why\":\"rule\",\"at\":\"2026-11-21T08:00:00Z\"}}",
    "{" PLAIN ",\"sms\":{\"from\":\"+254733000818\",\"to\":\"12345\",\"channel\":\"kannel\",\"stopped\":false},"
    "\"outbox\":[{\"id\":\"x\",\"text\":\"y\",\"key\":\"\"}]}",
    "{" PLAIN ",\"moves\":[{\"from\":\"other\",\"to\":\"usual\",\"at\":\"2026-11-21T08:00:00Z\"}]}",
    "{" PLAIN ",\"synthetic\":true}",
};
enum { CASES = sizeof states / sizeof *states, ALIKE = 6, ALL = CASES + ALIKE };
static const char CAMPAIGN[] = "We the people of the river villages ask the company to stop the dam before the rains";

static char folder[] = "/tmp/snapshots-XXXXXX";
static struct vault *first, *again;

static void id_of(size_t n, uint8_t id[static 16])
{
    memset(id, (int)(n + 1), 16);
}

static struct case_file *find(const struct vault *vault, size_t n)
{
    uint8_t id[16];
    id_of(n, id);
    return book_find(vault->book, id);
}

/* As a state that was read from the database and checked. */
static struct case_file *keep(struct vault *vault, size_t n, const char *text)
{
    uint8_t id[16];
    const uint8_t key[32] = {(uint8_t)n, 1}, other[32] = {(uint8_t)n, 2};
    struct json_fault fault;
    json_t *state = NULL;
    id_of(n, id);
    struct case_file *file = book_add(vault->book, id);
    book_key_add(file, ROOT_STAFF, 1, key);
    book_key_add(file, ROOT_THREAD, 3, other);
    file->version = (int64_t)n + 2;
    file->rows = 1;
    file->rows_hash[5] = file->state_hash[6] = (uint8_t)(n + 9);
    file->last_position = -1;
    file->state = mem_copy_text(text);
    file->state_len = strlen(text);
    assert_int_equal(json_read_object(text, strlen(text), &state, &fault), ERR_OK);
    book_note_known(vault->book, 1);
    case_place(vault, state, file);
    json_decref(state);
    return file;
}

static void keep_all(struct vault *vault)
{
    for (size_t n = 0; n < ALL; n++) {
        struct case_file *file = keep(vault, n, n < CASES ? states[n] : states[0]);
        if (n >= CASES)
            case_says(vault, file, CAMPAIGN, sizeof CAMPAIGN - 1);
        if (n % 2) {
            search_add(vault->search, file, CAMPAIGN, sizeof CAMPAIGN - 1);
            indexer_has(vault->indexer, file);
        }
    }
}

static int begin(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    first = vault_memory_new(folder);
    return 0;
}

static int end(void **state)
{
    (void)state;
    char path[100];
    vault_memory_free(first);
    if (again)
        vault_memory_free(again);
    first = again = NULL;
    for (int i = 0; i < SNAPSHOT_FILES; i++) {
        snprintf(path, sizeof path, "%s/usual.%c", folder, 'a' + i);
        unlink(path);
    }
    int done = rmdir(folder);
    memcpy(folder + sizeof folder - 7, "XXXXXX", 6);
    return done;
}

static void loaded(void *room, size_t cases)
{
    *(size_t *)room = cases;
}

/* Write one of `first`, and read it into `again`; how many cases it had. */
static size_t through_a_file(void)
{
    size_t cases = SIZE_MAX;
    first->phase = PHASE_OPEN;
    snapshot_write(first->snapshot, 0, 1);
    vault_memory_turn(first);
    assert_int_equal(first->snapshot->newest, 0);
    again = vault_memory_new(folder);
    assert_int_equal(again->snapshot->newest, 0);
    snapshot_load(again->snapshot, loaded, &cases);
    assert_true(cases == SIZE_MAX);
    vault_memory_turn(again);
    return cases;
}

/* ---- the same again ---- */

static void assert_same_circle(const struct case_file *was, const struct case_file *is)
{
    size_t had, has;
    uint8_t(*ids)[16] = participants_beside(first, NULL, was, &had);
    uint8_t(*now)[16] = participants_beside(again, NULL, is, &has);
    assert_int_equal(has, had);
    for (size_t i = 0; i < had; i++)
        assert_memory_equal(now[i], ids[i], 16);
    mem_free(ids);
    mem_free(now);
    assert_int_equal(is->group != 0, was->group != 0);
    assert_int_equal(is->circle != 0, was->circle != 0);
}

static void assert_same_place(const struct case_file *was, const struct case_file *is)
{
    assert_int_equal(is->place.lane, was->place.lane);
    assert_memory_equal(&is->place.severity, &was->place.severity, sizeof is->place.severity);
    assert_int_equal(is->place.due, was->place.due);
    assert_int_equal(is->next_stage, was->next_stage);
    assert_int_equal(is->own_scope, was->own_scope);
    assert_int_equal(is->is_escalated, was->is_escalated);
    assert_int_equal(is->is_unmatched, was->is_unmatched);
    assert_int_equal(is->is_graphic, was->is_graphic);
    assert_int_equal(is->has_texts, was->has_texts);
    for (int list = 0; list < SIDES_COUNT; list++)
        assert_int_equal(sides_stands(is, (enum sides_list)list), sides_stands(was, (enum sides_list)list));
    assert_int_equal(sides_hides(is, "Joseph"), sides_hides(was, "Joseph"));
    assert_int_equal(is->page != NULL, was->page != NULL);
}

static void assert_same(const struct case_file *was, const struct case_file *is)
{
    assert_non_null(is);
    assert_int_equal(is->version, was->version);
    assert_int_equal(is->rows, was->rows);
    assert_memory_equal(is->rows_hash, was->rows_hash, 32);
    assert_memory_equal(is->state_hash, was->state_hash, 32);
    assert_int_equal(is->last_position, -1);
    assert_int_equal(is->told, was->told);
    assert_int_equal(is->happened, was->happened);
    assert_string_equal(is->state, was->state);
    assert_int_equal(is->state_len, was->state_len);
    assert_string_equal(is->taken_by, was->taken_by);
    assert_int_equal(is->is_indexed, was->is_indexed);
    assert_int_equal(is->key_count, was->key_count);
    for (size_t k = 0; k < was->key_count; k++)
        assert_memory_equal(book_key(is, was->keys[k].root, was->keys[k].generation), was->keys[k].key, 32);
    assert_same_place(was, is);
    assert_same_circle(was, is);
}

static size_t found(struct vault *vault, const char *words)
{
    struct search_run run;
    assert_int_equal(search_run_begin(vault->search, words, strlen(words), &run), ERR_OK);
    while (search_run_step(&run, 1 << 30))
        ;
    size_t count = run.found;
    search_run_end(&run);
    return count;
}

static void each_case_stands_where_it_stood(void **state)
{
    (void)state;
    const uint32_t *members;
    keep(first, 200, states[0]);
    keep_all(first);
    case_forget(first, find(first, 200)); /* so that no case has its number again */
    assert_int_equal(find(first, 0)->number, 1);
    assert_true(find(first, 2)->circle);
    assert_true(find(first, 4)->group);
    assert_true(find(first, 5)->is_escalated);
    assert_true(find(first, 8)->has_texts && find(first, 9)->is_unmatched && sides_hides(find(first, 2), "Joseph"));
    assert_true(sides_stands(find(first, 6), SIDES_REFERRAL) && sides_stands(find(first, 7), SIDES_LEAVING));
    assert_int_equal(through_a_file(), ALL);
    assert_int_equal(book_known(again->book), ALL);
    for (size_t n = 0; n < ALL; n++)
        assert_same(find(first, n), find(again, n));
    assert_int_equal(find(again, 0)->number, 0);
    for (int lane = 0; lane < SIDES_COUNT; lane++)
        assert_int_equal(sides_count(&again->sides, (enum sides_list)lane),
                         sides_count(&first->sides, (enum sides_list)lane));
    /* Those that say nearly the same are one item again, and so is who joins them. */
    assert_int_equal(alike_members(again->alike, find(again, CASES)->number, &members), ALIKE);
    struct case_file *more = keep(again, 100, states[0]);
    case_says(again, more, CAMPAIGN, sizeof CAMPAIGN - 1);
    assert_int_equal(alike_first(again->alike, more->number), find(again, CASES)->number);
    assert_int_equal(found(again, "\"river villages\""), ALL / 2);
    assert_int_equal(search_is_dirty(again->search), 0);
}

static void a_case_that_came_after_its_record_is_in_no_result_and_leaves_the_index(void **state)
{
    (void)state;
    keep_all(first);
    /* Its words are in the block, which is written last; the case has no record. */
    struct case_file *gone = find(first, 1);
    gone->version = 0;
    assert_int_equal(through_a_file(), ALL - 1);
    gone->version = 3;
    assert_null(find(again, 1));
    assert_int_equal(found(again, "\"river villages\""), ALL / 2 - 1);
    assert_int_equal(search_is_dirty(again->search), 1);
    while (search_purge(again->search, 2000))
        ;
    assert_int_equal(search_is_dirty(again->search), 0);
    assert_int_equal(found(again, "\"river villages\""), ALL / 2 - 1);
}

/* The records are read before the snapshot: it went to another desk while this vault was away. */
static void texts_of_a_case_that_has_gone_since_go_where_it_went(void **state)
{
    (void)state;
    static const uint8_t hash[32];
    struct message message = {.is_sms = 1};
    char channel[] = "kannel", from[] = "+254733000818";
    message.sms_channel = channel;
    message.from = from;
    json_t *record = json_pack("{s:s,s:s,s:s}", "channel", channel, "from", from, "desk", "oversight");
    texting_recorded(first->texting, record, 1, hash);
    texting_moved(first->texting, record);
    json_decref(record);
    keep_all(first);
    assert_ptr_equal(texting_find(first, &message), find(first, 8));
    case_forget(first, find(first, 8));
    assert_null(texting_find(first, &message));
    assert_string_equal(texting_elsewhere(first->texting, &message), "oversight");
}

/* As catch_up.c does with what the database has otherwise. */
static void forgotten_it_stands_nowhere_and_comes_back_anew(void **state)
{
    (void)state;
    keep_all(first);
    for (size_t n = 0; n < ALL; n++)
        case_forget(first, find(first, n));
    assert_int_equal(book_known(first->book), 0);
    for (int list = 0; list < SIDES_COUNT; list++)
        assert_int_equal(sides_count(&first->sides, (enum sides_list)list), 0);
    for (size_t n = 0; n < ALL; n++) {
        const struct case_file *file = book_at(first->book, n);
        assert_true(!file->has_texts && !file->is_escalated && !file->is_unmatched && !file->circle && !file->group);
        assert_int_equal(file->key_count, 0);
        assert_null(find(first, n));
    }
    assert_int_equal(alike_groups(first->alike), 0);
    again = vault_memory_new(NULL);
    keep_all(first);
    keep_all(again);
    for (size_t n = 0; n < ALL; n++)
        assert_same(find(first, n), find(again, n));
}

/* ---- what is no record ---- */

static size_t record_of(size_t n, struct buf *out)
{
    enum snapshot_kind kind;
    size_t len;
    snapshot_put_case(first, find(first, n), out);
    snapshot_read_head(out->bytes, &kind, &len);
    assert_int_equal(kind, SNAPSHOT_CASE);
    assert_int_equal(len, out->len - SNAPSHOT_RECORD_HEAD);
    return len;
}

static void assert_refused(struct snapshot_numbers *numbers, const uint8_t *bytes, size_t len)
{
    uint8_t *exact = mem_new(len);
    memcpy(exact, bytes, len);
    assert_int_equal(snapshot_take_case(again, numbers, exact, len), ERR_MALFORMED);
    mem_free(exact);
    assert_int_equal(book_count(again->book), 0);
    assert_int_equal(book_known(again->book), 0);
    assert_int_equal(numbers->cases, 0);
}

enum {
    AT_NUMBER = 16,
    AT_VERSION = 20,
    AT_ROWS = 28,
    AT_FLAGS = 100,
    AT_KEYS = 101,
    ROW = 41,
    AT_MINIMA = 102 + 2 * ROW
};

static void half_a_case_changes_nothing(void **state)
{
    (void)state;
    struct snapshot_numbers numbers = {0};
    struct buf record = BUF_INIT(SNAPSHOT_RECORD_MAX);
    keep_all(first);
    again = vault_memory_new(NULL);
    size_t len = record_of(CASES, &record);
    uint8_t *at = record.bytes + SNAPSHOT_RECORD_HEAD, longer[2000];
    for (size_t cut = 0; cut < len; cut++)
        assert_refused(&numbers, at, cut);
    assert_true(len < sizeof longer - 1);
    memcpy(longer, at, len);
    longer[len] = 0;
    assert_refused(&numbers, longer, len + 1);
    assert_int_equal(snapshot_take_case(again, &numbers, at, len), ERR_OK);
    assert_int_equal(snapshot_take_case(again, &numbers, at, len), ERR_MALFORMED); /* twice */
    assert_int_equal(book_count(again->book), 1);
    snapshot_numbers_free(&numbers);
    buf_free(&record);
}

static void what_no_case_has_is_refused(void **state)
{
    (void)state;
    static const struct {
        size_t at, len;
        const char *bytes;
    } rows[] = {
        {AT_NUMBER, 4, "\xff\xff\xff\xff"},
        {AT_NUMBER, 4, "\xff\xff\xff\xfe"},
        {AT_VERSION, 8, "\0\0\0\0\0\0\0\0"},
        {AT_VERSION, 8, "\x80\0\0\0\0\0\0\1"},
        {AT_ROWS, 8, "\xff\xff\xff\xff\xff\xff\xff\xff"},
        {AT_FLAGS, 1, "\xff"},
        {AT_FLAGS, 1, "\0"}, /* then the minima are the text's length */
        {AT_KEYS, 1, "\xff"},
        {AT_KEYS, 1, "\0"},
        {AT_MINIMA + 4 * ALIKE_MINIMA, 4, "\xff\xff\xff\xff"},
        {AT_MINIMA + 4 * ALIKE_MINIMA, 4, "\0\0\0\0"},
        {AT_MINIMA + 4 * ALIKE_MINIMA + 4, 1, "["},
        {AT_MINIMA + 4 * ALIKE_MINIMA + 8, 1, "\xc3"},
    };
    struct snapshot_numbers numbers = {0};
    struct buf record = BUF_INIT(SNAPSHOT_RECORD_MAX);
    keep_all(first);
    again = vault_memory_new(NULL);
    size_t len = record_of(CASES, &record);
    uint8_t *at = record.bytes + SNAPSHOT_RECORD_HEAD, held[8];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        memcpy(held, at + rows[i].at, rows[i].len);
        memcpy(at + rows[i].at, rows[i].bytes, rows[i].len);
        assert_refused(&numbers, at, len);
        memcpy(at + rows[i].at, held, rows[i].len);
    }
    assert_int_equal(snapshot_take_case(again, &numbers, at, len), ERR_OK);
    snapshot_numbers_free(&numbers);
    buf_free(&record);
}

static void only_this_versions_snapshots_are_read(void **state)
{
    (void)state;
    struct buf record = BUF_INIT(SNAPSHOT_RECORD_MAX);
    snapshot_put_begin(first, &record);
    again = vault_memory_new(NULL);
    size_t len = record.len - SNAPSHOT_RECORD_HEAD;
    uint8_t *at = record.bytes + SNAPSHOT_RECORD_HEAD, then[ALIKE_KEY], now[ALIKE_KEY];
    for (size_t cut = 0; cut < len; cut++)
        assert_int_equal(snapshot_take_begin(again, at, cut), ERR_MALFORMED);
    at[4] ^= 1;
    assert_int_equal(snapshot_take_begin(again, at, len), ERR_MALFORMED);
    at[4] ^= 1;
    alike_key(first->alike, then);
    alike_key(again->alike, now);
    assert_memory_not_equal(then, now, sizeof now);
    assert_int_equal(snapshot_take_begin(again, at, len), ERR_OK);
    alike_key(again->alike, now);
    assert_memory_equal(then, now, sizeof now);
    buf_free(&record);
}

static void a_block_of_any_length_is_no_more_than_it_says(void **state)
{
    (void)state;
    static const struct {
        size_t len;
        const char *bytes;
    } rows[] = {{0, ""},
                {4, "\1\0\0\0"},
                {5, "\1\0\0\0\1"},
                {5, "\1\xff\xff\xff\xff"},
                {8, "\1\x40\0\0\0\0\0\0"},
                {9, "\1\0\0\0\2\0\0\0\0"},
                {9, "\1\0\0\0\0\0\0\0\0"},
                {5, "\1\0\0\0\0"} /* as it should be, but for the image */};
    const struct snapshot_numbers numbers = {0};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct search_block *block;
        uint8_t *image = sqlite3_malloc64(100);
        memset(image, 'x', 100);
        assert_int_equal(snapshot_take_block(&numbers, (const uint8_t *)rows[i].bytes, rows[i].len, image, 100, &block),
                         ERR_MALFORMED);
        assert_null(block);
    }
}

/* ---- records in a file ---- */

struct piece {
    enum snapshot_kind kind;
    size_t says; /* its length; SIZE_MAX: that of what follows */
};

/* How many cases are read of a file with these; a case is one that first has. */
static size_t read_of(const struct piece *pieces, size_t count)
{
    struct snapshot_file file;
    struct buf bytes = BUF_INIT(SNAPSHOT_RECORD_MAX);
    const struct snapshot_owner owner = snapshot_owner_of(first);
    size_t cases = SIZE_MAX;
    assert_int_equal(snapshot_file_begin(&file, first->snapshot->fds[0], &owner, 1), ERR_OK);
    for (size_t i = 0, n = 0; i < count; i++) {
        if (pieces[i].says != SIZE_MAX)
            snapshot_put_head(&bytes, pieces[i].kind, pieces[i].says);
        else if (pieces[i].kind == SNAPSHOT_BEGIN)
            snapshot_put_begin(first, &bytes);
        else if (pieces[i].kind == SNAPSHOT_CASE)
            snapshot_put_case(first, find(first, n++), &bytes);
    }
    assert_int_equal(snapshot_file_add(&file, bytes.bytes, bytes.len), ERR_OK);
    assert_int_equal(snapshot_file_end(&file), ERR_OK);
    buf_free(&bytes);
    again->snapshot->newest = 0;
    snapshot_load(again->snapshot, loaded, &cases);
    vault_memory_turn(again);
    assert_int_equal(book_known(again->book), cases);
    for (size_t i = 0; i < cases; i++) /* without an end the index is not there */
        assert_int_equal(book_at(again->book, i)->is_indexed, pieces[count - 1].kind == SNAPSHOT_END && i % 2);
    vault_memory_again(again);
    return cases;
}

static void what_was_read_before_a_fault_stays_and_nothing_after_it(void **state)
{
    (void)state;
    static const struct piece begins = {SNAPSHOT_BEGIN, SIZE_MAX}, a_case = {SNAPSHOT_CASE, SIZE_MAX},
                              ends = {SNAPSHOT_END, 0};
    const struct {
        struct piece pieces[5];
        size_t count, cases;
    } rows[] = {
        {{begins, a_case, a_case, ends}, 4, 2},
        {{begins, ends}, 2, 0},
        {{begins, a_case}, 2, 1},                              /* torn where a record begins */
        {{a_case, a_case, ends}, 3, 0},                        /* of no version */
        {{ends}, 1, 0},                                        /* nor this */
        {{begins, a_case, begins}, 3, 1},                      /* twice */
        {{begins, a_case, {0, 0}}, 3, 1},                      /* of no kind */
        {{begins, a_case, {SNAPSHOT_END + 1, 0}}, 3, 1},       /* of a later kind */
        {{begins, a_case, {SNAPSHOT_CASE, UINT32_MAX}}, 3, 1}, /* longer than any */
        {{begins, a_case, {SNAPSHOT_CASE, SNAPSHOT_RECORD_MAX + 1}}, 3, 1},
        {{begins, a_case, {SNAPSHOT_CASE, SNAPSHOT_RECORD_MAX}}, 3, 1}, /* longer than what is there */
        {{begins, a_case, {SNAPSHOT_IMAGE, UINT32_MAX}}, 3, 1},
        {{begins, a_case, {SNAPSHOT_IMAGE, 0}}, 3, 1}, /* of no block */
        {{begins, a_case, {SNAPSHOT_BLOCK, 0}, {SNAPSHOT_IMAGE, 0}}, 4, 1},
    };
    keep_all(first);
    again = vault_memory_new(folder);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(read_of(rows[i].pieces, rows[i].count), rows[i].cases);
}

/* ---- when one is written ---- */

static void tick(struct vault *vault, int64_t now_ms)
{
    snapshot_tick(vault->snapshot, now_ms);
    vault_memory_turn(vault);
}

static void one_that_cannot_be_written_does_not_keep_what_was_to_be_forgotten(void **state)
{
    (void)state;
    struct snapshot *s = first->snapshot;
    first->settings.snapshot_every_s = 3600;
    keep_all(first);
    first->phase = PHASE_OPEN;
    tick(first, 1);
    assert_int_equal(s->newest, -1); /* not at once */
    tick(first, 70 * 1000);
    assert_int_equal(s->newest, 0);
    tick(first, 71 * 1000);
    assert_int_equal(s->serial, 1); /* nothing is new */
    /* The disk is full, and a case is erased. */
    int disk = s->fds[1];
    s->fds[1] = open("/dev/full", O_RDWR | O_CLOEXEC);
    case_forget(first, find(first, 1));
    while (search_purge(first->search, 2000))
        ;
    tick(first, 72 * 1000);
    assert_int_equal(s->newest, -1);
    assert_int_equal(snapshot_file_serial(s->fds[0]), 0);
    close(s->fds[1]);
    s->fds[1] = disk;
    tick(first, 73 * 1000);
    assert_int_equal(s->newest, -1); /* nor is it tried again with every tick */
    tick(first, 3600 * 2000);
    assert_int_equal(s->newest, 0);
    assert_int_equal(s->serial, 2);
}

static void what_is_erased_is_in_no_file_soon_after(void **state)
{
    (void)state;
    struct snapshot *s = first->snapshot;
    first->settings.snapshot_every_s = 3600;
    keep_all(first);
    first->phase = PHASE_OPEN;
    tick(first, 1);
    tick(first, 70 * 1000);
    case_forget(first, find(first, 1));
    tick(first, 71 * 1000);
    assert_int_equal(s->serial, 1); /* its words are in memory still */
    while (search_purge(first->search, 2000))
        ;
    tick(first, 72 * 1000);
    assert_int_equal(s->serial, 2);
    assert_int_equal(s->newest, 1);
    assert_int_equal(lseek(s->fds[0], 0, SEEK_END), 0);
}

/* How many cases a vault that starts now has of a snapshot. */
static size_t started(void)
{
    size_t cases = SIZE_MAX;
    if (again)
        vault_memory_free(again);
    again = vault_memory_new(folder);
    snapshot_load(again->snapshot, loaded, &cases);
    vault_memory_turn(again);
    return cases;
}

static void with_another_key_it_is_refused_and_written_anew(void **state)
{
    (void)state;
    keep_all(first);
    assert_int_equal(through_a_file(), ALL);
    first->record_key[0] ^= 1;
    snapshot_write(first->snapshot, 1, 2);
    vault_memory_turn(first);
    assert_int_equal(started(), 0);
    assert_int_equal(book_count(again->book), 0);
    again->settings.snapshot_every_s = 1;
    again->phase = PHASE_OPEN;
    tick(again, 1);
    tick(again, 2000);
    assert_int_equal(again->snapshot->serial, 3);
    assert_int_equal(started(), 0); /* of none: it was written by one that had none */
    assert_int_equal(again->snapshot->newest, 0);
}

static void a_number_that_somebody_made_up_is_in_nobodys_way(void **state)
{
    (void)state;
    uint8_t head[SNAPSHOT_HEAD + 100] = "recourse-snap 1\n\xff\xff\xff\xff\xff\xff\xff\xff";
    keep_all(first);
    assert_int_equal(pwrite(first->snapshot->fds[1], head, sizeof head, 0), sizeof head);
    assert_int_equal(started(), 0);
    assert_int_equal(again->snapshot->newest, 1);
    keep_all(again);
    again->settings.snapshot_every_s = 1;
    again->phase = PHASE_OPEN;
    tick(again, 1);
    tick(again, 2000);
    assert_int_equal(started(), ALL);
}

int main(void)
{
#define STORY(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest stories[] = {
        STORY(each_case_stands_where_it_stood),
        STORY(a_case_that_came_after_its_record_is_in_no_result_and_leaves_the_index),
        STORY(texts_of_a_case_that_has_gone_since_go_where_it_went),
        STORY(forgotten_it_stands_nowhere_and_comes_back_anew),
        STORY(half_a_case_changes_nothing),
        STORY(what_no_case_has_is_refused),
        STORY(only_this_versions_snapshots_are_read),
        STORY(a_block_of_any_length_is_no_more_than_it_says),
        STORY(what_was_read_before_a_fault_stays_and_nothing_after_it),
        STORY(one_that_cannot_be_written_does_not_keep_what_was_to_be_forgotten),
        STORY(what_is_erased_is_in_no_file_soon_after),
        STORY(with_another_key_it_is_refused_and_written_anew),
        STORY(a_number_that_somebody_made_up_is_in_nobodys_way),
    };
    return cmocka_run_group_tests(stories, NULL, NULL);
}
