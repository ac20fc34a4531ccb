/* says.c -- see says.h. */
#include "common/text/says.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum err says_fail(char says[static SAYS_SIZE], enum err err, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(says, SAYS_SIZE, format, args);
    va_end(args);
    return err;
}

void says_where(char says[static SAYS_SIZE], const char *format, ...)
{
    char where[SAYS_SIZE];
    va_list args;
    va_start(args, format);
    vsnprintf(where, sizeof where, format, args);
    va_end(args);
    size_t len = strlen(where);
    if (len + sizeof ": " > SAYS_SIZE)
        return;
    memmove(says + len + 2, says, SAYS_SIZE - len - 2);
    memcpy(says, where, len);
    memcpy(says + len, ": ", 2);
    says[SAYS_SIZE - 1] = 0;
}
