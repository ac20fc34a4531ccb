/* conversation.c -- see conversation.h. */
#include "triage/vault/conversation.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/code.h"
#include "common/base/mem.h"
#include "common/text/json.h"
#include "triage/vault/case_keys.h"
#include "triage/vault/case_state.h"
#include "triage/vault/evidence_heads.h"
#include "triage/vault/item.h"

struct opening {
    struct vault *vault;
    uint64_t fence;
    uint8_t case_id[16];
    struct vault_row *rows; /* each body is ours */
    size_t count;
    json_t *messages, *first;
    struct evidence_heads files; /* in the order of the messages */
    int with_heads;
    uint8_t wanted[16]; /* where `file_done` */
    conversation_fn *done;
    conversation_file_fn *file_done;
    void *room;
};

static void say_file(struct opening *o, enum err err)
{
    size_t at = 0;
    while (at < o->files.count && memcmp(o->files.list[at].file.id, o->wanted, sizeof o->wanted) != 0)
        at++;
    if (err == ERR_OK && at == o->files.count)
        err = ERR_NOT_FOUND;
    o->file_done(o->room, err, err == ERR_OK ? &o->files.list[at].file : NULL, at + 1);
}

static void opening_end(struct opening *o, enum err err)
{
    if (o->file_done)
        say_file(o, err);
    else
        o->done(o->room, err, err == ERR_OK ? o->messages : NULL, err == ERR_OK ? o->first : NULL);
    mem_free(o->files.list); /* wiped */
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

size_t conversation_first(const json_t *messages)
{
    size_t i;
    const json_t *message;
    json_array_foreach(messages, i, message) if (strcmp(state_text(message, "from"), from_of(AUTHOR_STAFF)) != 0 &&
                                                 !json_is_true(json_object_get(message, "unopened"))) return i;
    return json_array_size(messages);
}

/* Keys stay here: who reads messages gets ids alone. */
static void add_files(struct opening *o, json_t *message, const json_t *inside)
{
    char id[CODE_ID_SIZE];
    struct evidence_file files[EVIDENCE_FILES_MAX];
    size_t count = evidence_files(inside, files, EVIDENCE_FILES_MAX);
    json_t *list = count ? json_array() : NULL;
    if (count && !o->files.list)
        o->files.list = mem_new_array(CONVERSATION_FILES_MAX, sizeof *o->files.list);
    for (size_t i = 0; i < count && o->files.count < CONVERSATION_FILES_MAX; i++) {
        struct evidence_shown *shown = &o->files.list[o->files.count++];
        code_id(files[i].id, id);
        *shown = (struct evidence_shown){.file = files[i]};
        shown->entry = json_pack("{s:s,s:I}", "file", id, "number", (json_int_t)o->files.count);
        need(shown->entry && json_array_append_new(list, shown->entry) == 0);
    }
    if (list)
        json_object_set_new(message, "files", list);
    mem_wipe(files, sizeof files);
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
    add_files(o, message, inside);
    if (inside && !o->first && row->place.author != AUTHOR_STAFF)
        o->first = json_incref(inside);
    json_decref(inside);
}

static int by_position(const void *a, const void *b)
{
    const struct vault_row *x = a, *y = b;
    return (x->position > y->position) - (x->position < y->position);
}

static void heads_known(void *room, enum err err)
{
    struct opening *o = room;
    opening_end(o, o->fence == o->vault->fence ? err : ERR_CANCELLED);
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
    if (err == ERR_OK && o->with_heads && o->files.count)
        evidence_heads_read(o->vault, o->case_id, &o->files, heads_known, o);
    else
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

/* Takes `from`'s settings. */
static void begin(struct vault *vault, const uint8_t case_id[static 16], const struct opening *from)
{
    struct opening *o = mem_new(sizeof *o);
    *o = *from;
    o->vault = vault;
    o->fence = vault->fence;
    o->messages = json_array();
    memcpy(o->case_id, case_id, sizeof o->case_id);
    door_vault_case(vault->door, case_id, VAULT_DEADLINE_MS, rows_read, o, 0);
}

void conversation_open(struct vault *vault, const uint8_t case_id[static 16], conversation_fn *done, void *room)
{
    begin(vault, case_id, &(struct opening){.done = done, .room = room});
}

void conversation_open_with_files(struct vault *vault, const uint8_t case_id[static 16], conversation_fn *done,
                                  void *room)
{
    begin(vault, case_id, &(struct opening){.with_heads = 1, .done = done, .room = room});
}

void conversation_file(struct vault *vault, const uint8_t case_id[static 16], const uint8_t file_id[static 16],
                       conversation_file_fn *done, void *room)
{
    struct opening from = {.file_done = done, .room = room};
    memcpy(from.wanted, file_id, sizeof from.wanted);
    begin(vault, case_id, &from);
}
