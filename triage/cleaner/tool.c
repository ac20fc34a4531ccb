/* tool.c -- see tool.h. How a program failed is told by its status and, where that says nothing, by the words that
 * these programs have for memory and size. */
#include "triage/cleaner/tool.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static uint64_t memory_max = UINT64_C(1) << 30;

static const char SAID[] = "said";

void tool_memory(uint64_t bytes)
{
    memory_max = bytes;
}

static _Noreturn void become(const char *const *words)
{
    static char *const around[] = {"PATH=/usr/bin",  "HOME=tmp", "TMPDIR=tmp",        "XDG_CACHE_HOME=tmp",
                                   "LC_ALL=C.UTF-8", "TZ=UTC",   "GIO_USE_VFS=local", NULL};
    const struct rlimit memory = {memory_max, memory_max};
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    int said = open(SAID, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (null < 0 || said < 0 || dup2(null, 0) != 0 || dup2(said, 1) != 1 || dup2(said, 2) != 2 ||
        prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || setrlimit(RLIMIT_AS, &memory) != 0)
        _exit(127);
    execve(words[0], (char *const *)(uintptr_t)words, around); /* it changes none of them */
    _exit(127);
}

/* The first TOOL_OUT bytes. */
static void read_said(struct buf *out)
{
    uint8_t *at;
    buf_clear(out);
    int fd = open(SAID, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0 || buf_extend(out, TOOL_OUT, &at) != ERR_OK) {
        if (fd >= 0)
            close(fd);
        return;
    }
    ssize_t got = read(fd, at, TOOL_OUT);
    buf_cut(out, got > 0 ? (size_t)got : 0);
    close(fd);
}

static int says_one_of(const struct buf *said, const char *const *words)
{
    for (; *words; words++)
        if (memmem(said->bytes, said->len, *words, strlen(*words)))
            return 1;
    return 0;
}

static enum tool_end judge(int status, const struct buf *said)
{
    static const char *const limits[] = {"MemoryError",
                                         "Cannot allocate memory",
                                         "ut of memory",
                                         "File too large",
                                         "No space left",
                                         "llocation failed",
                                         "nsufficient memory",
                                         "failed to allocate",
                                         "Too many open files",
                                         "Resource temporarily",
                                         NULL};
    static const char *const unknown[] = {"isn't supported", "is not supported", NULL};
    if (WIFSIGNALED(status) &&
        (WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGXFSZ || WTERMSIG(status) == SIGKILL))
        return TOOL_LIMITS;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return TOOL_DONE;
    if (says_one_of(said, limits))
        return TOOL_LIMITS;
    return says_one_of(said, unknown) ? TOOL_UNKNOWN : TOOL_BROKEN;
}

enum tool_end tool_run(const char *const *words, struct buf *out)
{
    int status = 0;
    struct buf own = BUF_INIT(TOOL_OUT);
    struct buf *said = out ? out : &own;
    buf_clear(said);
    if (access(words[0], X_OK) != 0)
        return TOOL_MISSING;
    pid_t child = fork();
    if (child == 0)
        become(words);
    if (child < 0)
        return TOOL_LIMITS;
    while (waitpid(child, &status, 0) != child)
        need(errno == EINTR);
    read_said(said);
    enum tool_end end = judge(status, said);
    buf_free(&own);
    return end;
}
