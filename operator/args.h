/* args.h -- the words behind a command, read by a table. */
#ifndef OPERATOR_ARGS_H
#define OPERATOR_ARGS_H

#include <stddef.h>

enum args_kind {
    ARGS_PLACE, /* a word by its place: const char * */
    ARGS_TEXT,  /* --name VALUE: const char * */
    ARGS_LIST,  /* --name VALUE, as often as wanted: struct args_list */
    ARGS_FLAG,  /* --name: int */
};

enum { ARGS_LIST_MAX = 32 };
struct args_list {
    const char *items[ARGS_LIST_MAX];
    size_t count;
};

struct args_row {
    const char *name; /* "--role", or what a place is called: "NAME"; NULL ends the table */
    enum args_kind kind;
    void *into;
    int required;
};

/* Values borrow from `argv`. Dies with a sentence and `usage` on what the table does not know. */
void args_read(const struct args_row *rows, int argc, char *const *argv, const char *usage);

#endif
