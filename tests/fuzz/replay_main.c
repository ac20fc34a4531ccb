/* replay_main.c -- plays kept inputs to a harness without libFuzzer: files, or the files of folders. Fails when there
 * was none: a harness whose corpus is lost must not pass. */
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/file.h"
#include "tests/fuzz/fuzz.h"

enum { INPUT_MAX = 1 << 20, PATH_SIZE = 4096 };
static char path[PATH_SIZE];

/* Sanitizers and need() end in abort(): say which input it was. */
static void on_abort(int signal_number)
{
    (void)signal_number;
    static const char says[] = "while playing ";
    if (write(2, says, sizeof says - 1) < 0 || write(2, path, strlen(path)) < 0 || write(2, "\n", 1) < 0)
        _exit(1); /* nobody can be told */
}

static unsigned play_file(void)
{
    struct buf input = BUF_INIT(INPUT_MAX);
    need(file_read(path, &input) == ERR_OK);
    /* As libFuzzer does: exactly these bytes, so that one step too far is seen. */
    uint8_t *copy = malloc(input.len ? input.len : 1);
    need(copy != NULL);
    memcpy(copy, buf_text(&input), input.len);
    LLVMFuzzerTestOneInput(copy, input.len);
    free(copy);
    buf_free(&input);
    return 1;
}

static unsigned play(const char *name)
{
    DIR *folder = opendir(name);
    unsigned played = 0;
    if (!folder) {
        struct stat is;
        need((size_t)snprintf(path, sizeof path, "%s", name) < sizeof path);
        return stat(path, &is) == 0 ? play_file() : 0;
    }
    for (struct dirent *entry; (entry = readdir(folder));) {
        need((size_t)snprintf(path, sizeof path, "%s/%s", name, entry->d_name) < sizeof path);
        played += entry->d_name[0] == '.' ? 0 : play_file();
    }
    closedir(folder);
    return played;
}

int main(int argc, char **argv)
{
    unsigned played = 0;
    struct sigaction act = {.sa_handler = on_abort, .sa_flags = (int)SA_RESETHAND};
    sigaction(SIGABRT, &act, NULL);
    LLVMFuzzerInitialize(&argc, &argv);
    for (int i = 1; i < argc; i++)
        played += play(argv[i]);
    printf("%u inputs\n", played);
    return played == 0;
}
