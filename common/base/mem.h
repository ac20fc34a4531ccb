/* mem.h -- memory that never comes back NULL and never leaves plaintext behind.
 *
 * Every size is capped before it is asked for, so running out is the machine's fault and stops the process.
 * mem_free wipes the whole block (malloc_usable_size), and mem_wipe_libraries makes libevent and jansson wipe what they
 * free too, as fetch.c does with libcurl: all keep what people wrote in buffers of their own. What calls leave on the
 * stack the loop wipes (loop.h). A test reads the memory of running processes (tests/flow/61_*). */
#ifndef COMMON_BASE_MEM_H
#define COMMON_BASE_MEM_H

#include <stddef.h>

/* Zeroed memory of `size` bytes (at least one). Never NULL. The caller owns it and gives it to mem_free. */
void *mem_new(size_t size);
/* `count` zeroed items; stops on overflow. */
void *mem_new_array(size_t count, size_t size);
/* Grow or shrink to `size`; the old block is wiped when it moves. `old` may be NULL. */
void *mem_grow(void *old, size_t size);
/* A copy of `len` bytes with a NUL behind them. */
char *mem_copy(const char *from, size_t len);
char *mem_copy_text(const char *text);
/* Wipe and free. NULL is fine. */
void mem_free(void *block);
/* Wipe `len` bytes; the compiler may not leave it out. */
void mem_wipe(void *block, size_t len);
/* 1 if the two are equal; takes the same time wherever they differ. */
int mem_same(const void *a, const void *b, size_t len);

/* Wipe what earlier calls left on the stack below the caller, 128 KiB of it. From as near to main() as can be. */
void mem_wipe_stack(void);
/* First line of every main(): allocators for libevent and jansson that wipe, and that stop the process rather than give
 * NULL. Before any other call to them. */
void mem_wipe_libraries(void);

#endif
