/* fuzz.c -- see fuzz.h. */
#include "tests/fuzz/fuzz.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/log.h"
#include "common/base/mem.h"

static char folder[40], path[sizeof folder + 40];

static void remove_folder(void)
{
    DIR *files = opendir(folder);
    for (struct dirent *entry; files && (entry = readdir(files));)
        unlinkat(dirfd(files), entry->d_name, 0);
    if (files)
        closedir(files);
    rmdir(folder);
}

/* In memory where there is such a place. */
static void make_folder(void)
{
    strcpy(folder, "/dev/shm/recourse-fuzz-XXXXXX");
    if (!mkdtemp(folder)) {
        strcpy(folder, "/tmp/recourse-fuzz-XXXXXX");
        need(mkdtemp(folder) != NULL);
    }
    atexit(remove_folder);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    mem_wipe_libraries();
    log_open("fuzz", LOG_ERROR);
    if (fuzz_start)
        fuzz_start();
    return 0;
}

struct fuzz_cuts fuzz_cuts(const uint8_t *data, size_t size)
{
    struct fuzz_cuts cuts = {2166136261u};
    for (size_t i = 0; i < size; i++)
        cuts.state = (cuts.state ^ data[i]) * 16777619u;
    return cuts;
}

size_t fuzz_draw(struct fuzz_cuts *cuts, size_t below)
{
    cuts->state = cuts->state * 1664525u + 1013904223u;
    return (cuts->state >> 8) % below;
}

size_t fuzz_cut(struct fuzz_cuts *cuts, size_t left)
{
    if (left < 2)
        return left;
    size_t most = fuzz_draw(cuts, 4) ? 8 : left;
    return 1 + fuzz_draw(cuts, most < left ? most : left);
}

char *fuzz_text(const uint8_t *data, size_t size)
{
    char *copy = malloc(size + 1);
    need(copy != NULL);
    memcpy(copy, data, size);
    copy[size] = 0;
    return copy;
}

char *fuzz_line(const uint8_t **data, size_t *size)
{
    const uint8_t *end = *size ? memchr(*data, '\n', *size) : NULL;
    size_t len = end ? (size_t)(end - *data) : *size;
    char *line = fuzz_text(*data, len);
    len += end != NULL;
    *data += len;
    *size -= len;
    return line;
}

const char *fuzz_file(const char *name, const uint8_t *data, size_t size)
{
    if (!*folder)
        make_folder();
    need((size_t)snprintf(path, sizeof path, "%s/%s", folder, name) < sizeof path);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    need(fd >= 0 && write(fd, data, size) == (ssize_t)size && close(fd) == 0);
    return path;
}

int fuzz_has(const struct buf *whole, const void *part, size_t len)
{
    return whole->len >= len && memmem(whole->bytes, whole->len, part, len) != NULL;
}
