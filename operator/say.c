/* say.c -- see say.h. */
#include "operator/say.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "common/base/file.h"
#include "common/base/mem.h"

enum { CTRL_C = 3 };

static void say_to(FILE *to, const char *format, va_list args)
{
    vfprintf(to, format, args);
    fputc('\n', to);
    fflush(to);
}

void say(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say_to(stdout, format, args);
    va_end(args);
}

void say_wrong(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say_to(stderr, format, args);
    va_end(args);
}

/* Byte by byte: stdio would keep a copy of the passphrase in its buffer. */
static enum err read_line(int fd, struct buf *out)
{
    enum err err = ERR_OK;
    size_t got_any = 0;
    for (char c; err == ERR_OK && read(fd, &c, 1) == 1 && c != '\n'; got_any++)
        if (c == CTRL_C)
            err = ERR_CANCELLED;
        else if (c != '\r')
            err = buf_add(out, &c, 1);
    return err != ERR_OK || got_any ? err : ERR_NOT_FOUND;
}

static enum err read_hidden(int fd, const char *question, struct buf *out)
{
    struct termios shown, hidden;
    int known = tcgetattr(fd, &shown) == 0;
    hidden = shown;
    if (known) {
        /* Ctrl-C comes as a byte, so that nobody is left with a terminal that shows nothing. */
        hidden.c_lflag &= ~(tcflag_t)(ECHO | ISIG);
        hidden.c_cc[VEOL] = CTRL_C;
        tcsetattr(fd, TCSAFLUSH, &hidden);
    }
    fprintf(stderr, "%s: ", question);
    enum err err = read_line(fd, out);
    fputc('\n', stderr);
    if (known)
        tcsetattr(fd, TCSAFLUSH, &shown);
    /* What the terminal would have done. */
    if (err == ERR_CANCELLED)
        kill(0, SIGINT);
    return err;
}

static enum err read_twice(int fd, const char *question, struct buf *out)
{
    enum err err = read_hidden(fd, question, out);
    if (err != ERR_OK || out->len < SAY_PASSPHRASE_LEAST)
        return err;
    struct buf again = BUF_INIT(SAY_PASSPHRASE_MAX);
    err = read_hidden(fd, "Once more", &again);
    if (err == ERR_OK && (again.len != out->len || !mem_same(again.bytes, out->bytes, out->len)))
        err = ERR_CONFLICT;
    buf_free(&again);
    return err;
}

static enum err read_file(const char *path, struct buf *out)
{
    enum err err = file_read(path, out);
    while (err == ERR_OK && out->len && (out->bytes[out->len - 1] == '\n' || out->bytes[out->len - 1] == '\r'))
        buf_cut(out, out->len - 1);
    return err;
}

enum err say_passphrase(const char *question, int twice, struct buf *out)
{
    const char *path = getenv("RECOURSE_PASSPHRASE_FILE");
    enum err err;
    if (path && *path)
        err = read_file(path, out);
    else if (!isatty(STDIN_FILENO))
        err = read_line(STDIN_FILENO, out);
    else
        err = twice ? read_twice(STDIN_FILENO, question, out) : read_hidden(STDIN_FILENO, question, out);
    if (err == ERR_OK && twice && out->len < SAY_PASSPHRASE_LEAST)
        err = ERR_MALFORMED;
    if (err == ERR_OK && !out->len)
        err = ERR_NOT_FOUND;
    return err;
}
