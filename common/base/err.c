/* err.c -- names and sentences of err.h, and the two ways a process of ours stops itself. */
#include "common/base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static const struct {
    const char *name, *says;
} err_table[] = {
#define X(name, says) {#name, says},
    ERR_LIST(X)
#undef X
};

const char *err_name(enum err err)
{
    return (size_t)err < sizeof err_table / sizeof *err_table ? err_table[err].name : "?";
}

const char *err_says(enum err err)
{
    return (size_t)err < sizeof err_table / sizeof *err_table ? err_table[err].says : "?";
}

_Noreturn void err_need_failed(const char *truth, const char *file, int line)
{
    fprintf(stderr, "level=fatal what=need_failed at=%s:%d truth=\"%s\"\n", file, line, truth);
    abort();
}

_Noreturn void err_die(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    exit(1);
}
