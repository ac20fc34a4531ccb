/* search_purge.c -- words of forgotten cases leave memory: their block is written anew without them, and the old one is
 * closed, which wipes it. To take them out of the old one would leave their letters in pages that SQLite reuses.
 *
 * The texts are not needed: FTS5 can tell every word and its place. Neighbours that have become small are joined. */
#include <stdlib.h>
#include <string.h>

#include "common/base/mem.h"
#include "triage/vault/search_inside.h"
#include "triage/vault/search_words.h"

enum { WORDS_BYTES_MAX = 256 << 20, LIST_BYTES_MAX = 64 << 20, LOOK_EVERY = 64 };

/* A word in a message. */
struct piece {
    uint32_t message; /* counted over all blocks that are joined */
    uint32_t place;
    uint32_t word; /* where it begins in `words` */
};

struct purge {
    size_t from, to; /* the blocks */
    size_t at;       /* the one being read */
    sqlite3_stmt *scan;
    size_t messages_before; /* in those that were read */
    uint32_t *case_of;      /* of every message */
    struct piece *pieces;
    size_t count, room;
    struct buf words; /* each with a NUL behind it */
    size_t last_word;
    size_t *starts; /* where a message's pieces begin; NULL while reading */
    struct search_block *fresh;
    size_t written;
};

void search_purge_free(struct purge *purge)
{
    if (!purge)
        return;
    sqlite3_finalize(purge->scan);
    search_block_free(purge->fresh);
    buf_free(&purge->words);
    mem_free(purge->case_of);
    mem_free(purge->pieces);
    mem_free(purge->starts);
    mem_free(purge);
}

/* ---- which blocks ---- */

static size_t living(const struct search *s, size_t b)
{
    const struct search_block *block = s->blocks[b];
    size_t count = 0;
    for (size_t i = 0; i < block->messages; i++)
        count += !search_is_gone(s, block->case_of[i]);
    return count;
}

static struct purge *begin(struct search *s, size_t dirty)
{
    struct purge *p = mem_new(sizeof *p);
    size_t sum = living(s, dirty), more, all = 0;
    p->words = BUF_INIT(WORDS_BYTES_MAX);
    p->from = dirty;
    p->to = dirty + 1;
    search_block_seal(s->blocks[dirty]);
    while (p->from > 0 && sum + (more = living(s, p->from - 1)) <= SEARCH_BLOCK_MESSAGES) {
        sum += more;
        p->from--;
    }
    while (p->to < s->block_count && !s->blocks[p->to]->is_open &&
           sum + (more = living(s, p->to)) <= SEARCH_BLOCK_MESSAGES) {
        sum += more;
        p->to++;
    }
    p->at = p->from;
    for (size_t b = p->from; b < p->to; b++) {
        s->blocks[b]->is_dirty = 0; /* again, when more is forgotten meanwhile */
        all += s->blocks[b]->messages;
    }
    p->case_of = mem_new_array(all + 1, sizeof *p->case_of);
    for (size_t b = p->from, at = 0; b < p->to; at += s->blocks[b++]->messages)
        memcpy(p->case_of + at, s->blocks[b]->case_of, s->blocks[b]->messages * sizeof *p->case_of);
    return p;
}

/* ---- reading ---- */

/* Words come in their order, so the same one comes in a row. */
static uint32_t keep_word(struct purge *p, const char *word)
{
    if (p->words.len == 0 || strcmp((const char *)p->words.bytes + p->last_word, word) != 0) {
        p->last_word = p->words.len;
        need(buf_add(&p->words, word, strlen(word) + 1) == ERR_OK);
    }
    return (uint32_t)p->last_word;
}

static void keep_piece(struct search *s, struct purge *p)
{
    size_t message = p->messages_before + (size_t)sqlite3_column_int64(p->scan, 1) - 1;
    if (search_is_gone(s, p->case_of[message]))
        return;
    if (p->count == p->room) {
        p->room = p->room ? p->room * 2 : 4096;
        p->pieces = mem_grow(p->pieces, p->room * sizeof *p->pieces);
    }
    p->pieces[p->count++] = (struct piece){.message = (uint32_t)message,
                                           .place = (uint32_t)sqlite3_column_int(p->scan, 2),
                                           .word = keep_word(p, (const char *)sqlite3_column_text(p->scan, 0))};
}

static void read_some(struct search *s, struct purge *p, int64_t until)
{
    struct search_block *block = s->blocks[p->at];
    unsigned rows = 0;
    int result = SQLITE_ROW;
    if (!p->scan)
        need(sqlite3_prepare_v2(block->db, "SELECT term, doc, offset FROM instance", -1, &p->scan, NULL) == SQLITE_OK);
    while ((++rows % LOOK_EVERY || search_clock() < until) && (result = sqlite3_step(p->scan)) == SQLITE_ROW)
        keep_piece(s, p);
    if (result == SQLITE_ROW)
        return;
    need(result == SQLITE_DONE);
    sqlite3_finalize(p->scan);
    p->scan = NULL;
    p->messages_before += block->messages;
    p->at++;
}

/* ---- writing ---- */

/* By message: how many each has, then each to its place. */
static void sort_by_message(struct purge *p)
{
    struct piece *sorted = mem_new_array(p->count + 1, sizeof *sorted);
    size_t *ends = mem_new_array(p->messages_before + 1, sizeof *ends), sum = 0;
    p->starts = mem_new_array(p->messages_before + 1, sizeof *p->starts);
    for (size_t i = 0; i < p->count; i++)
        ends[p->pieces[i].message]++;
    for (size_t m = 0; m <= p->messages_before; m++) {
        p->starts[m] = sum;
        sum += ends[m];
        ends[m] = p->starts[m];
    }
    for (size_t i = 0; i < p->count; i++)
        sorted[ends[p->pieces[i].message]++] = p->pieces[i];
    mem_free(ends);
    mem_free(p->pieces);
    p->pieces = sorted;
    p->fresh = search_block_new();
}

static int place_compare(const void *a, const void *b)
{
    const struct piece *x = a, *y = b;
    if (x->place != y->place)
        return x->place > y->place ? 1 : -1;
    return (x->word > y->word) - (x->word < y->word);
}

static void write_message(const struct search *s, struct purge *p, size_t message)
{
    struct piece *pieces = p->pieces + p->starts[message];
    size_t count = p->starts[message + 1] - p->starts[message];
    struct buf list = BUF_INIT(LIST_BYTES_MAX);
    if (count == 0 || search_is_gone(s, p->case_of[message]))
        return;
    qsort(pieces, count, sizeof *pieces, place_compare);
    for (size_t i = 0; i < count; i++) {
        int beside = i > 0 && pieces[i].place == pieces[i - 1].place;
        need(buf_add_byte(&list, beside ? SEARCH_WORD_BESIDE : SEARCH_WORD_NEXT) == ERR_OK);
        need(buf_add_text(&list, (const char *)p->words.bytes + pieces[i].word) == ERR_OK);
    }
    search_block_add(p->fresh, p->case_of[message], (const char *)list.bytes, list.len);
    buf_free(&list);
}

static void finish(struct search *s, struct purge *p)
{
    search_block_seal(p->fresh);
    for (size_t b = p->from; b < p->to; b++) {
        p->fresh->is_dirty |= s->blocks[b]->is_dirty;
        s->messages -= s->blocks[b]->messages;
        search_block_free(s->blocks[b]);
    }
    s->messages += p->fresh->messages;
    s->blocks[p->from] = p->fresh;
    p->fresh = NULL;
    memmove(s->blocks + p->from + 1, s->blocks + p->to, (s->block_count - p->to) * sizeof(struct search_block *));
    s->block_count -= p->to - p->from - 1;
    s->writings++;
    search_purge_free(p);
    s->purge = NULL;
}

static void work(struct search *s, struct purge *p, int64_t until)
{
    while (p->at < p->to && search_clock() < until)
        read_some(s, p, until);
    if (p->at < p->to)
        return;
    if (!p->starts)
        sort_by_message(p);
    while (p->written < p->messages_before && search_clock() < until)
        write_message(s, p, p->written++);
    if (p->written == p->messages_before)
        finish(s, p);
}

int search_purge(struct search *s, int64_t microseconds)
{
    int64_t until = search_clock() + microseconds;
    if (s->purge)
        work(s, s->purge, until);
    for (size_t b = 0; !s->purge && b < s->block_count; b++)
        if (s->blocks[b]->is_dirty)
            s->purge = begin(s, b);
    return s->purge != NULL;
}

int search_is_dirty(const struct search *s)
{
    int dirty = s->purge != NULL;
    for (size_t b = 0; b < s->block_count; b++)
        dirty |= s->blocks[b]->is_dirty;
    return dirty;
}
