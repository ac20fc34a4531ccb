/* search_memory.c -- see search_memory.h. */
#include "triage/vault/search_memory.h"

#include <malloc.h>
#include <sqlite3.h>
#include <string.h>

#include "common/base/err.h"
#include "common/base/mem.h"

static void *get(int size)
{
    return mem_new((size_t)size);
}

static void *regrow(void *block, int size)
{
    return mem_grow(block, (size_t)size);
}

static int size_of(void *block)
{
    return block ? (int)malloc_usable_size(block) : 0;
}

static int round_up(int size)
{
    return (size + 7) & ~7;
}

static int begin(void *room)
{
    (void)room;
    return SQLITE_OK;
}

static void end(void *room)
{
    (void)room;
}

void search_memory_wipes(void)
{
    static const sqlite3_mem_methods methods = {get, mem_free, regrow, size_of, round_up, begin, end, NULL};
    static int is_done;
    if (is_done)
        return;
    if (sqlite3_config(SQLITE_CONFIG_MALLOC, &methods) != SQLITE_OK ||
        sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0) != SQLITE_OK)
        err_die("SQLite was used before its memory was taken in hand.");
    is_done = 1;
}
