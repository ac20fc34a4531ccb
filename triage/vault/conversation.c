/* conversation.c -- see conversation.h. */
#include "triage/vault/conversation.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/code.h"
#include "common/base/mem.h"
#include "common/text/json.h"
#include "triage/vault/case_keys.h"
#include "triage/vault/case_state.h"
#include "triage/vault/item.h"

struct opening {
    struct vault *vault;
    uint64_t fence;
    uint8_t case_id[16];
    struct vault_row *rows; /* each body is ours */
    size_t count;
    json_t *messages, *first;
    conversation_fn *done;
    void *room;
};

static void opening_end(struct opening *o, enum err err)
{
    o->done(o->room, err, err == ERR_OK ? o->messages : NULL, err == ERR_OK ? o->first : NULL);
    for (size_t i = 0; i < o->count; i++)
        mem_free((void *)(uintptr_t)o->rows[i].body);
    mem_free(o->rows);
    json_decref(o->messages);
    json_decref(o->first);
    mem_free(o);
}

static const char *from_of(uint8_t author)
{
    return author == AUTHOR_STAFF ? "staff" : "you";
}

json_t *conversation_inside(const struct case_file *file, const struct vault_row *row)
{
    struct buf text = BUF_INIT(ITEM_TEXT_MAX);
    struct json_fault fault;
    json_t *inside = NULL;
    const uint8_t *key = book_key(file, row->place.root, row->place.generation);
    if (key && envelope_open(key, &row->place, row->body, row->body_len, &text) == ERR_OK)
        (void)!json_read_object(text.bytes, text.len, &inside, &fault);
    buf_free(&text);
    return inside;
}

static void add_message(struct opening *o, const struct case_file *file, const struct vault_row *row)
{
    char row_text[CODE_ID_SIZE];
    if (row->place.part != PART_MESSAGE)
        return;
    json_t *inside = conversation_inside(file, row);
    code_id(row->place.row_id, row_text);
    json_t *message = json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:b}", "from", from_of(row->place.author), "at",
                                state_text(inside, "at"), "text", state_text(inside, "text"), "language",
                                state_text(inside, "language"), "by", "", "row", row_text, "unopened", !inside);
    need(message != NULL);
    static const char *const rare[] = {"act", "decision", "open_remedies", "passed_on"};
    for (size_t i = 0; i < sizeof rare / sizeof *rare; i++)
        if (*state_text(inside, rare[i]))
            state_set_text(message, rare[i], state_text(inside, rare[i]));
    json_array_append_new(o->messages, message);
    if (inside && !o->first && row->place.author != AUTHOR_STAFF)
        o->first = json_incref(inside);
    json_decref(inside);
}

static int by_position(const void *a, const void *b)
{
    const struct vault_row *x = a, *y = b;
    return (x->position > y->position) - (x->position < y->position);
}

static void keys_known(void *room, enum err err)
{
    struct opening *o = room;
    const struct case_file *file = NULL;
    if (err == ERR_OK && o->fence != o->vault->fence)
        err = ERR_CANCELLED;
    if (err == ERR_OK && !(file = book_find(o->vault->book, o->case_id)))
        err = ERR_NOT_FOUND;
    qsort(o->rows, o->count, sizeof *o->rows, by_position);
    for (size_t i = 0; err == ERR_OK && i < o->count; i++)
        add_message(o, file, &o->rows[i]);
    opening_end(o, err);
}

static void rows_read(void *room, uint64_t tag, enum err err, const struct vault_page *page)
{
    (void)tag;
    struct opening *o = room;
    if (err != ERR_OK) {
        opening_end(o, err);
        return;
    }
    o->count = page->row_count;
    o->rows = mem_new_array(o->count + 1, sizeof *o->rows);
    for (size_t i = 0; i < o->count; i++) {
        o->rows[i] = page->rows[i];
        o->rows[i].body = (const uint8_t *)mem_copy((const char *)page->rows[i].body, page->rows[i].body_len);
    }
    case_keys_want(o->vault, page->wraps, page->wrap_count, keys_known, o);
}

void conversation_open(struct vault *vault, const uint8_t case_id[static 16], conversation_fn *done, void *room)
{
    struct opening *o = mem_new(sizeof *o);
    *o = (struct opening){.vault = vault, .fence = vault->fence, .done = done, .room = room};
    o->messages = json_array();
    memcpy(o->case_id, case_id, sizeof o->case_id);
    door_vault_case(vault->door, case_id, VAULT_DEADLINE_MS, rows_read, o, 0);
}
