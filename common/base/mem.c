/* mem.c -- see mem.h. malloc_usable_size tells how much a block really holds, so a free can wipe all of it. */
#include "common/base/mem.h"

#include <event2/event.h>
#include <jansson.h>
#include <malloc.h>
#include <openssl/crypto.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/err.h"

/* Deeper than any callback of ours goes, those of libcurl included. */
enum { MEM_STACK = 128 * 1024 };

void *mem_new(size_t size)
{
    void *block = calloc(1, size ? size : 1);
    need(block != NULL);
    return block;
}

void *mem_new_array(size_t count, size_t size)
{
    need(size == 0 || count <= SIZE_MAX / size);
    return mem_new(count * size);
}

void *mem_grow(void *old, size_t size)
{
    if (!old)
        return mem_new(size);
    size_t had = malloc_usable_size(old);
    if (size <= had && size >= had / 2)
        return old;
    void *block = mem_new(size);
    memcpy(block, old, had < size ? had : size);
    mem_free(old);
    return block;
}

char *mem_copy(const char *from, size_t len)
{
    need(len < SIZE_MAX);
    char *copy = mem_new(len + 1);
    if (len)
        memcpy(copy, from, len);
    return copy;
}

char *mem_copy_text(const char *text)
{
    return mem_copy(text, strlen(text));
}

void mem_wipe(void *block, size_t len)
{
    explicit_bzero(block, len);
}

void mem_free(void *block)
{
    if (!block)
        return;
    explicit_bzero(block, malloc_usable_size(block));
    free(block);
}

int mem_same(const void *a, const void *b, size_t len)
{
    return CRYPTO_memcmp(a, b, len) == 0;
}

/* A library that goes on without what it asked for would have us store or answer a part of what was said: jansson
 * leaves a member out of an object, an evbuffer a piece of an answer. So the process stops here too. */
static void *library_new(size_t size)
{
    void *block = malloc(size ? size : 1);
    need(block != NULL);
    return block;
}

static void *library_grow(void *old, size_t size)
{
    if (!old)
        return library_new(size);
    size_t had = malloc_usable_size(old);
    if (size <= had)
        return old;
    void *block = library_new(size);
    memcpy(block, old, had);
    mem_free(old);
    return block;
}

void mem_wipe_stack(void)
{
    uint8_t below[MEM_STACK];
    OPENSSL_cleanse(below, sizeof below);
}

void mem_wipe_libraries(void)
{
    event_set_mem_functions(library_new, library_grow, mem_free);
    json_set_alloc_funcs(library_new, mem_free);
}
