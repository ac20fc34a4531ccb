/* case_change.c -- see case_change.h. */
#include "triage/vault/case_change.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "common/base/rng.h"
#include "store/hashes.h"
#include "triage/vault/acts.h"
#include "triage/vault/case_place.h"
#include "triage/vault/case_state.h"
#include "triage/vault/hooks.h"
#include "triage/vault/participants.h"
#include "triage/vault/search.h"

struct case_change *case_change_begin(struct vault *vault, struct case_file *file, json_t *state)
{
    struct case_change *cc = mem_new(sizeof *cc);
    cc->vault = vault;
    cc->rebuilds = vault->rebuilds;
    cc->file = file;
    cc->state = state ? state : state_draft(file);
    cc->change = change_new(vault);
    cc->rows = file->rows;
    cc->last_position = file->last_position;
    memcpy(cc->rows_hash, file->rows_hash, sizeof cc->rows_hash);
    book_set_writing(vault->book, file, 1);
    return cc;
}

static void case_change_free(struct case_change *cc)
{
    json_decref(cc->state);
    change_free(cc->change);
    mem_free(cc->text);
    mem_free(cc->answer);
    mem_free(cc);
}

void case_change_drop(struct case_change *cc)
{
    if (cc->rebuilds == cc->vault->rebuilds)
        book_set_writing(cc->vault->book, cc->file, 0);
    case_change_free(cc);
}

/* ---- rows ---- */

static void count(struct case_change *cc, const struct envelope_place *place, const uint8_t *body, size_t len,
                  const uint8_t *signature, int64_t position)
{
    hashes_add_row(cc->rows_hash, place, body, len, signature);
    cc->rows++;
    cc->last_position = position;
}

int case_change_count_row(struct case_change *cc, const struct vault_row *row)
{
    if (cc->last_position < 0 || row->position <= cc->last_position)
        return 0;
    count(cc, &row->place, row->body, row->body_len, row->signature, row->position);
    return 1;
}

static int by_position(const void *a, const void *b)
{
    const struct vault_row *const *x = a, *const *y = b;
    return ((*x)->position > (*y)->position) - ((*x)->position < (*y)->position);
}

void case_change_count_all(struct case_change *cc, const struct vault_page *page, const struct vault_row *row)
{
    const struct vault_row **sorted = mem_new_array(page->row_count + 1, sizeof *sorted);
    size_t rows = 0;
    for (size_t i = 0; i < page->row_count; i++)
        if (!page->rows[i].inbox || memcmp(page->rows[i].place.row_id, row->place.row_id, 16) == 0)
            sorted[rows++] = &page->rows[i];
    qsort(sorted, rows, sizeof *sorted, by_position);
    cc->rows = cc->last_position = 0;
    memset(cc->rows_hash, 0, sizeof cc->rows_hash);
    for (size_t i = 0; i < rows; i++)
        count(cc, &sorted[i]->place, sorted[i]->body, sorted[i]->body_len, sorted[i]->signature, sorted[i]->position);
    mem_free(sorted);
}

/* What staff and vault write is signed, so that the public door can check it too: place ‖ SHA-256(body). */
static void sign_row(const struct vault *vault, const struct envelope_place *place, const struct buf *body,
                     uint8_t out[static SIGN_SIZE])
{
    uint8_t bytes[ENVELOPE_PLACE_SIZE + 32];
    envelope_place_bytes(place, bytes);
    sign_sha256(body->bytes, body->len, bytes + ENVELOPE_PLACE_SIZE);
    need(sign_make(vault->state_key, bytes, sizeof bytes, out) == ERR_OK);
}

void case_change_row(struct case_change *cc, enum envelope_root root, enum envelope_part part,
                     enum envelope_author author, const json_t *json)
{
    struct vault *vault = cc->vault;
    struct buf body = BUF_INIT(4 * ITEM_TEXT_MAX);
    uint8_t signature[SIGN_SIZE];
    struct envelope_place place = {.office = vault_office(vault),
                                   .root = (uint8_t)root,
                                   .part = (uint8_t)part,
                                   .author = (uint8_t)author,
                                   .door = DOOR_VAULT,
                                   .generation = 1,
                                   .incarnation = vault->fence,
                                   .n = ++vault->row_n};
    memcpy(place.case_id, cc->file->id, sizeof place.case_id);
    rng_bytes(place.row_id, sizeof place.row_id);
    const uint8_t *key = book_key(cc->file, (uint8_t)root, 1);
    char *text = json_dumps(json, JSON_COMPACT);
    /* A case in the book has both its roots; lengths were checked where the text came in. */
    need(key != NULL && text != NULL);
    need(envelope_seal(key, &place, text, strlen(text), &body) == ERR_OK);
    mem_free(text);
    sign_row(vault, &place, &body, signature);
    count(cc, &place, body.bytes, body.len, signature, -1); /* behind all that are counted; where, the database knows */
    memcpy(cc->last_row, place.row_id, sizeof cc->last_row);
    change_row(cc->change, &place, &body, signature);
    if (part == PART_MESSAGE && author == AUTHOR_STAFF) {
        mem_free(cc->answer);
        cc->answer = mem_copy_text(state_text(json, "text"));
    }
}

void case_change_notice(struct case_change *cc)
{
    /* The person reads notices with the receipt; without a thread key of ours there is nobody to read them. To whose
     * part has ended nothing more goes. */
    if (!book_key(cc->file, ROOT_THREAD, 1) || participant_is_ended(cc->state))
        return;
    json_t *notice = acts_notice(cc->state);
    case_change_row(cc, ROOT_THREAD, PART_NOTICE, AUTHOR_VAULT, notice);
    json_decref(notice);
}

/* ---- committing ---- */

static void install(struct case_change *cc)
{
    struct case_file *file = cc->file;
    hooks_case(cc->vault, file, cc->state);
    if (file->version == 0)
        book_note_known(cc->vault->book, 1);
    mem_free(file->state);
    file->state = cc->text;
    file->state_len = cc->text_len;
    cc->text = NULL;
    file->version = cc->item.item.version;
    file->rows = cc->rows;
    file->last_position = cc->last_position;
    memcpy(file->rows_hash, cc->rows_hash, sizeof file->rows_hash);
    memcpy(file->state_hash, cc->item.hash, sizeof file->state_hash);
    case_place(cc->vault, cc->state, file);
    if (cc->answer)
        search_add(cc->vault->search, file, cc->answer, strlen(cc->answer));
}

static void committed(void *room, enum err err)
{
    struct case_change *cc = room;
    change_done_fn *done = cc->done;
    void *done_room = cc->room;
    cc->change = NULL;
    if (err == ERR_OK)
        install(cc);
    else if (cc->file->version > 0 && err != ERR_CANCELLED) /* a take that failed stands in its lane again */
        queue_put(&cc->vault->queue, &cc->file->place, clock_wall());
    book_set_writing(cc->vault->book, cc->file, 0);
    case_change_free(cc);
    done(done_room, err);
}

void case_change_submit(struct case_change *cc, change_done_fn *done, void *room)
{
    struct case_file *file = cc->file;
    const uint8_t *key = book_key(file, ROOT_STAFF, 1);
    need(key != NULL);
    cc->text = json_dumps(cc->state, JSON_COMPACT);
    need(cc->text != NULL);
    cc->text_len = strlen(cc->text);
    cc->done = done;
    cc->room = room;
    need(item_seal(cc->vault, SHELF_STATE, file->id, file->version + 1, key, cc->text, cc->text_len, cc->rows,
                   cc->rows_hash, &cc->item) == ERR_OK);
    change_put(cc->change, &cc->item, file->version ? file->state_hash : NULL);
    change_submit(cc->change, committed, cc);
}
