/* book.c -- see book.h. Ids that one worker made begin alike (docs/database.md); their ends are random. */
#include "triage/vault/book.h"

#include <stddef.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/base/rng.h"
#include "triage/vault/sides.h"

struct case_waiter {
    struct case_waiter *next;
    loop_fn *fn;
    void *arg;
};

struct book {
    struct loop *loop;
    struct case_file **files; /* by number */
    size_t count, room, known;
    uint32_t *slots; /* number + 1; 0: free */
    size_t slot_count;
};

enum { ROOM_FIRST = 64, SLOTS_FIRST = 256 };

struct book *book_new(struct loop *loop)
{
    struct book *book = mem_new(sizeof *book);
    book->loop = loop;
    book->slot_count = SLOTS_FIRST;
    book->slots = mem_new_array(book->slot_count, sizeof *book->slots);
    return book;
}

static void file_free(struct case_file *file)
{
    while (file->first_waiter) {
        struct case_waiter *w = file->first_waiter;
        file->first_waiter = w->next;
        w->fn(w->arg);
        mem_free(w);
    }
    sides_free(file);
    mem_free(file->page);
    mem_free(file->state);
    mem_free(file->keys);
    mem_free(file->impacts);
    mem_free(file);
}

void book_free(struct book *book)
{
    if (!book)
        return;
    for (size_t i = 0; i < book->count; i++)
        file_free(book->files[i]);
    mem_free(book->files);
    mem_free(book->slots);
    mem_free(book);
}

static size_t slot_of(const struct book *book, const uint8_t id[static 16])
{
    static const uint64_t odd = 0x9e3779b97f4a7c15U;
    uint64_t first, last;
    memcpy(&first, id, sizeof first);
    memcpy(&last, id + 8, sizeof last);
    /* Two bits of the second say that it is a UUID; multiplied, the upper half depends on all of them. */
    size_t slot = (size_t)(((first ^ last * odd) * odd) >> 32) % book->slot_count;
    while (book->slots[slot] && memcmp(book->files[book->slots[slot] - 1]->id, id, 16) != 0)
        slot = (slot + 1) % book->slot_count;
    return slot;
}

struct case_file *book_find(const struct book *book, const uint8_t id[static 16])
{
    uint32_t number = book->slots[slot_of(book, id)];
    return number ? book->files[number - 1] : NULL;
}

static void more_slots(struct book *book)
{
    book->slot_count *= 2;
    mem_free(book->slots);
    book->slots = mem_new_array(book->slot_count, sizeof *book->slots);
    for (size_t i = 0; i < book->count; i++)
        book->slots[slot_of(book, book->files[i]->id)] = (uint32_t)i + 1;
}

struct case_file *book_add(struct book *book, const uint8_t id[static 16])
{
    struct case_file *file = book_find(book, id);
    if (file)
        return file;
    if (book->count * 2 >= book->slot_count)
        more_slots(book);
    if (book->count == book->room) {
        book->room = book->room ? book->room * 2 : ROOM_FIRST;
        book->files = mem_grow(book->files, book->room * sizeof *book->files);
    }
    file = mem_new(sizeof *file);
    memcpy(file->id, id, sizeof file->id);
    file->number = file->place.number = (uint32_t)book->count;
    file->last_waiter = &file->first_waiter;
    size_t slot = slot_of(book, id);
    book->files[book->count++] = file;
    book->slots[slot] = (uint32_t)book->count;
    return file;
}

struct case_file *book_at(const struct book *book, size_t number)
{
    return number < book->count ? book->files[number] : NULL;
}

size_t book_count(const struct book *book)
{
    return book->count;
}

size_t book_known(const struct book *book)
{
    return book->known;
}

void book_note_known(struct book *book, int known)
{
    need(known || book->known > 0);
    book->known += known ? 1 : (size_t)-1;
}

struct case_file *book_of_place(struct queue_place *place)
{
    return (struct case_file *)((char *)place - offsetof(struct case_file, place));
}

/* It keeps its slot, under an id that nothing else has. */
void book_forget(struct case_file *file)
{
    rng_bytes(file->id, sizeof file->id);
}

int book_is_stale(const struct case_file *file, int64_t version)
{
    return version < file->told || version > file->version;
}

/* ---- waiting ---- */

void book_wait(struct case_file *file, loop_fn *fn, void *arg)
{
    struct case_waiter *w = mem_new(sizeof *w);
    *w = (struct case_waiter){.fn = fn, .arg = arg};
    *file->last_waiter = w;
    file->last_waiter = &w->next;
}

static void let_in(void *arg)
{
    struct case_file *file = arg;
    /* The first one in may begin to write; the others then wait on. */
    while (!file->writing && file->first_waiter) {
        struct case_waiter *w = file->first_waiter;
        file->first_waiter = w->next;
        if (!w->next)
            file->last_waiter = &file->first_waiter;
        w->fn(w->arg);
        mem_free(w);
    }
}

void book_set_writing(struct book *book, struct case_file *file, int writing)
{
    need(file->writing != writing);
    file->writing = writing;
    if (!writing && file->first_waiter)
        loop_later(book->loop, let_in, file);
}

/* ---- keys ---- */

const uint8_t *book_key(const struct case_file *file, uint8_t root, uint64_t generation)
{
    for (size_t i = 0; i < file->key_count; i++)
        if (file->keys[i].root == root && file->keys[i].generation == generation)
            return file->keys[i].key;
    return NULL;
}

void book_keys_forget(struct case_file *file)
{
    mem_free(file->keys);
    file->keys = NULL;
    file->key_count = 0;
}

void book_key_add(struct case_file *file, uint8_t root, uint64_t generation, const uint8_t key[static 32])
{
    if (book_key(file, root, generation))
        return;
    file->keys = mem_grow(file->keys, (file->key_count + 1) * sizeof *file->keys);
    struct case_key *added = &file->keys[file->key_count++];
    added->root = root;
    added->generation = generation;
    memcpy(added->key, key, sizeof added->key);
}
