/* args.c -- see args.h. */
#include "operator/args.h"

#include <string.h>

#include "common/base/err.h"

static void put(const struct args_row *row, const char *value, const char *usage)
{
    struct args_list *list = row->into;
    if (row->kind == ARGS_FLAG) {
        *(int *)row->into = 1;
    } else if (row->kind == ARGS_LIST) {
        if (list->count == ARGS_LIST_MAX)
            err_die("%s is given too often.\nUsage: %s", row->name, usage);
        list->items[list->count++] = value;
    } else {
        if (*(const char **)row->into)
            err_die("%s is given twice.\nUsage: %s", row->name, usage);
        *(const char **)row->into = value;
    }
}

static const struct args_row *find_named(const struct args_row *rows, const char *word)
{
    for (; rows->name; rows++)
        if (rows->kind != ARGS_PLACE && strcmp(rows->name, word) == 0)
            return rows;
    return NULL;
}

static const struct args_row *next_place(const struct args_row *rows)
{
    for (; rows->name; rows++)
        if (rows->kind == ARGS_PLACE && !*(const char **)rows->into)
            return rows;
    return NULL;
}

static int is_given(const struct args_row *row)
{
    return row->kind == ARGS_LIST ? ((struct args_list *)row->into)->count != 0 : *(const char **)row->into != NULL;
}

void args_read(const struct args_row *rows, int argc, char *const *argv, const char *usage)
{
    for (int i = 0; i < argc; i++) {
        int named = strncmp(argv[i], "--", 2) == 0;
        const struct args_row *row = named ? find_named(rows, argv[i]) : next_place(rows);
        if (!row)
            err_die("This command does not know %s.\nUsage: %s", named ? argv[i] : "so many words", usage);
        int takes_value = row->kind == ARGS_TEXT || row->kind == ARGS_LIST;
        if (takes_value && i + 1 == argc)
            err_die("%s wants a value.\nUsage: %s", row->name, usage);
        put(row, takes_value ? argv[++i] : argv[i], usage);
    }
    for (; rows->name; rows++)
        if (rows->required && !is_given(rows))
            err_die("%s is missing.\nUsage: %s", rows->name, usage);
}
