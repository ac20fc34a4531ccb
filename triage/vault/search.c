/* search.c -- see search.h: blocks are filled, and read from the newest to the oldest. */
#include "triage/vault/search.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/base/mem.h"
#include "triage/vault/search_inside.h"
#include "triage/vault/search_query.h"
#include "triage/vault/search_words.h"

enum { SAMPLE = 4096, MANY = 50, TELLS_NOTHING = 5 };

int64_t search_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

struct search *search_new(void)
{
    struct search *s = mem_new(sizeof *s);
    search_blocks_add(s, search_block_new());
    search_impacts_new(&s->impacts);
    return s;
}

void search_free(struct search *s)
{
    if (!s)
        return;
    search_purge_free(s->purge);
    for (size_t i = 0; i < s->block_count; i++)
        search_block_free(s->blocks[i]);
    search_impacts_free(&s->impacts);
    mem_free(s->blocks);
    mem_free(s->gone);
    mem_free(s);
}

/* ---- filling ---- */

void search_blocks_add(struct search *s, struct search_block *block)
{
    if (s->block_count == s->block_room) {
        s->block_room = s->block_room ? s->block_room * 2 : 16;
        s->blocks = mem_grow(s->blocks, s->block_room * sizeof *s->blocks);
    }
    s->blocks[s->block_count++] = block;
}

void search_add(struct search *s, const struct case_file *file, const char *text, size_t len)
{
    struct search_block *last = s->blocks[s->block_count - 1];
    if (search_is_gone(s, file->number))
        return;
    if (!last->is_open || last->messages >= SEARCH_BLOCK_MESSAGES) {
        search_block_seal(last);
        last = search_block_new();
        search_blocks_add(s, last);
    }
    /* The mark of a list of words; in a text it is a break like any other. */
    while (len > 0 && *text == SEARCH_WORD_NEXT) {
        text++;
        len--;
    }
    search_block_add(last, file->number, text, len);
    s->messages++;
    if (file->number >= s->case_end)
        s->case_end = file->number + 1;
}

void search_forget(struct search *s, uint32_t number)
{
    if (number / 64 >= s->gone_words) {
        size_t before = s->gone_words;
        s->gone_words = number / 64 + 64;
        s->gone = mem_grow(s->gone, s->gone_words * sizeof *s->gone);
        memset(s->gone + before, 0, (s->gone_words - before) * sizeof *s->gone);
    }
    s->gone[number / 64] |= (uint64_t)1 << (number % 64);
    for (size_t b = 0; b < s->block_count; b++) {
        struct search_block *block = s->blocks[b];
        for (size_t i = 0; i < block->messages && !block->is_dirty; i++)
            block->is_dirty = block->case_of[i] == number;
    }
}

/* ---- for a snapshot ---- */

struct search_block *search_block_at(const struct search *s, size_t index)
{
    return index < s->block_count ? s->blocks[index] : NULL;
}

uint64_t search_writings(const struct search *s)
{
    return s->writings;
}

void search_take_block(struct search *s, struct search_block *block)
{
    struct search_block *last = s->blocks[s->block_count - 1];
    if (last->messages == 0) {
        search_block_free(last);
        s->block_count--;
    } else {
        search_block_seal(last);
    }
    for (size_t i = 0; i < block->messages; i++) {
        uint32_t number = block->case_of[i];
        block->is_dirty |= number == SEARCH_NO_CASE;
        if (number != SEARCH_NO_CASE && number >= s->case_end)
            s->case_end = number + 1;
    }
    s->messages += block->messages;
    search_blocks_add(s, block);
}

/* ---- one search ---- */

enum err search_run_begin(struct search *s, const char *words, size_t len, struct search_run *run)
{
    *run = (struct search_run){.search = s,
                               .query = BUF_INIT(SEARCH_QUERY_MAX),
                               .effort = SEARCH_EFFORT,
                               .block_at = s->block_count,
                               .blocks = s->block_count,
                               .writings = s->writings,
                               .messages = s->messages,
                               .case_count = s->case_end};
    enum err err = search_query_read(words, len, &run->query);
    if (err != ERR_OK) {
        buf_free(&run->query);
        return err;
    }
    run->cases = mem_new_array(run->case_count / 64 + 1, sizeof *run->cases);
    return ERR_OK;
}

void search_run_end(struct search_run *run)
{
    buf_free(&run->query);
    mem_free(run->cases);
    mem_free(run->scores);
    run->cases = NULL;
    run->scores = NULL;
}

static void bind(sqlite3_stmt *statement, const struct buf *query)
{
    sqlite3_bind_text64(statement, 1, buf_text(query), query->len, SQLITE_STATIC, SQLITE_UTF8);
}

static void unbind(sqlite3_stmt *statement)
{
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
}

static void read_block(struct search_run *run, const struct search_block *block)
{
    bind(block->find, &run->query);
    sqlite3_bind_int64(block->find, 2, 0);
    while (sqlite3_step(block->find) == SQLITE_ROW) {
        uint32_t number = block->case_of[sqlite3_column_int64(block->find, 0) - 1];
        /* Cases that came since are for the next search. */
        if (number >= run->case_count || search_run_has(run, number) || search_is_gone(run->search, number))
            continue;
        run->cases[number / 64] |= (uint64_t)1 << (number % 64);
        run->found++;
    }
    unbind(block->find);
    run->messages_read += block->messages;
}

static int has_any(const struct search_run *run, const struct search_block *block)
{
    for (size_t i = 0; i < block->messages; i++)
        if (search_run_has(run, block->case_of[i]))
            return 1;
    return 0;
}

static void rank_block(struct search_run *run, const struct search_block *block)
{
    if (!has_any(run, block))
        return;
    bind(block->rank, &run->query);
    while (run->score_count < 2 * SEARCH_SCORED_MAX && sqlite3_step(block->rank) == SQLITE_ROW) {
        struct search_score *score = &run->scores[run->score_count++];
        score->number = block->case_of[sqlite3_column_int64(block->rank, 0) - 1];
        score->rank = (float)sqlite3_column_double(block->rank, 1);
    }
    unbind(block->rank);
}

static int score_compare(const void *a, const void *b)
{
    const struct search_score *x = a, *y = b;
    if (x->number != y->number)
        return x->number > y->number ? 1 : -1;
    return (x->rank > y->rank) - (x->rank < y->rank);
}

/* A case with several messages counts by the one that is most alike. */
static void sort_scores(struct search_run *run)
{
    size_t kept = 0;
    if (run->score_count == 0)
        return;
    qsort(run->scores, run->score_count, sizeof *run->scores, score_compare);
    for (size_t i = 0; i < run->score_count; i++)
        if (i == 0 || run->scores[i].number != run->scores[kept - 1].number)
            run->scores[kept++] = run->scores[i];
    run->score_count = kept;
}

float search_run_rank(const struct search_run *run, uint32_t number)
{
    struct search_score wanted = {.number = number, .rank = -1e30F};
    size_t low = 0, high = run->score_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (score_compare(&run->scores[middle], &wanted) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < run->score_count && run->scores[low].number == number ? run->scores[low].rank : 0;
}

/* What was forgotten while it ran must not be in it. */
static void leave_out_gone(struct search_run *run)
{
    const struct search *s = run->search;
    run->found = 0;
    for (size_t i = 0; i <= run->case_count / 64; i++) {
        if (i < s->gone_words)
            run->cases[i] &= ~s->gone[i];
        run->found += (size_t)__builtin_popcountll(run->cases[i]);
    }
}

/* Blocks were written anew and may have moved: from the start, with what effort is left. */
static void begin_again(struct search_run *run)
{
    const struct search *s = run->search;
    memset(run->cases, 0, (run->case_count / 64 + 1) * sizeof *run->cases);
    run->found = run->messages_read = run->score_count = 0;
    run->is_ranking = 0;
    run->writings = s->writings;
    run->block_at = run->blocks = s->block_count;
}

static void begin_ranking(struct search_run *run)
{
    run->is_ranking = 1;
    run->block_at = run->blocks;
    run->scores = mem_grow(run->scores, 2 * SEARCH_SCORED_MAX * sizeof *run->scores);
}

/* 0: all that is wanted was read. */
static int has_next(struct search_run *run)
{
    if (run->block_at == 0 && !run->is_ranking && run->found > 0 && run->found <= SEARCH_SCORED_MAX)
        begin_ranking(run);
    return run->block_at > 0;
}

static void read_next(struct search_run *run)
{
    const struct search_block *block = run->search->blocks[--run->block_at];
    if (run->is_ranking)
        rank_block(run, block);
    else
        read_block(run, block);
}

int search_run_step(struct search_run *run, int64_t microseconds)
{
    int64_t at = search_clock(), until = at + microseconds;
    if (run->writings != run->search->writings)
        begin_again(run);
    while (run->effort > 0 && has_next(run)) {
        read_next(run);
        int64_t now = search_clock();
        run->effort -= now - at;
        at = now;
        if (at >= until && run->effort > 0 && has_next(run))
            return 1;
    }
    if (run->block_at > 0) /* half of the scores would put last what was not reached */
        run->score_count = 0;
    sort_scores(run);
    leave_out_gone(run);
    return 0;
}

/* ---- how often a word stands ---- */

size_t search_frequency(struct search *s, const char *word, size_t *out_all)
{
    struct buf query = BUF_INIT(SEARCH_QUERY_MAX);
    size_t often = 0, all = s->messages < SAMPLE ? s->messages : SAMPLE, left = all;
    need(buf_addf(&query, "\"%s\"", word) == ERR_OK);
    for (size_t b = s->block_count; b-- > 0 && left > 0;) {
        const struct search_block *block = s->blocks[b];
        size_t looked = block->messages < left ? block->messages : left;
        bind(block->find, &query);
        sqlite3_bind_int64(block->find, 2, (int64_t)(block->messages - looked));
        while ((all < MANY || often * TELLS_NOTHING < all) && sqlite3_step(block->find) == SQLITE_ROW)
            often++;
        unbind(block->find);
        left -= looked;
    }
    buf_free(&query);
    *out_all = all;
    return often;
}
