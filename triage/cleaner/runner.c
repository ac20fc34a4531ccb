/* runner.c -- see runner.h. Limits first, then the sandbox, then the file. A job reads programs and their data, and
 * reads and writes its own folder; other jobs' folders, the installation and every socket are closed to it. */
#include "triage/cleaner/runner.h"

#include <fcntl.h>
#include <magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/sandbox.h"
#include "triage/cleaner/craft.h"
#include "triage/cleaner/tool.h"

enum { FILES_MAX = 64, PROCESSES_MAX = 64, BYTES_A_PIXEL = 8 };

const char *const RUNNER_PROGRAMS[] = {"/usr/bin", "/usr/lib", "/lib", "/lib64", NULL};
const char *const RUNNER_DATA[] = {"/usr/share/fonts",
                                   "/usr/share/fontconfig",
                                   "/usr/share/mime",
                                   "/usr/share/misc",
                                   "/usr/share/perl",
                                   "/usr/share/perl5",
                                   "/usr/share/poppler",
                                   "/etc/ld.so.cache",
                                   "/etc/fonts",
                                   "/etc/magic",
                                   "/etc/mime.types",
                                   "/etc/alternatives",
                                   NULL};

static void limit(int what, uint64_t soft, uint64_t hard)
{
    const struct rlimit wanted = {soft, hard};
    need(setrlimit((__rlimit_resource_t)what, &wanted) == 0);
}

void runner_shut_in(const char *folder, const struct runner_job *job, const struct runner_limits *limits)
{
    const char *const own[] = {folder, "/dev/null", NULL};
    const struct sandbox plan = {.calls = SANDBOX_CALLS_JOB,
                                 .read_paths = RUNNER_DATA,
                                 .write_paths = own,
                                 .exec_paths = RUNNER_PROGRAMS,
                                 .room = "clean-job"};
    need(chdir(folder) == 0);
    limit(RLIMIT_CPU, limits->seconds, limits->seconds + 1);
    limit(RLIMIT_FSIZE, job->bytes, job->bytes);
    limit(RLIMIT_NOFILE, FILES_MAX, FILES_MAX);
    limit(RLIMIT_CORE, 0, 0);
    if (limits->own_user)
        limit(RLIMIT_NPROC, PROCESSES_MAX, PROCESSES_MAX);
    tool_memory(limits->memory);
    need(mkdir("tmp", 0700) == 0);
    sandbox_enter(&plan, NULL);
}

/* 0: it has none that we could say. */
static int find_type(char out[static REPORT_TYPE_SIZE])
{
    magic_t magic = magic_open(MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS);
    const char *says = magic && magic_load(magic, NULL) == 0 ? magic_file(magic, RUNNER_IN) : NULL;
    size_t len = says ? strnlen(says, REPORT_TYPE_SIZE) : REPORT_TYPE_SIZE;
    for (size_t i = 0; len < REPORT_TYPE_SIZE && i <= len; i++)
        out[i] = says[i] >= 'A' && says[i] <= 'Z' ? (char)(says[i] - 'A' + 'a') : says[i];
    int is_found = len < REPORT_TYPE_SIZE && report_is_type(out);
    if (!is_found)
        snprintf(out, REPORT_TYPE_SIZE, "application/octet-stream");
    if (magic)
        magic_close(magic);
    return is_found;
}

static void work(const struct runner_job *job, const struct runner_limits *limits, struct report *report)
{
    char in[32];
    uint64_t pixels = limits->memory / BYTES_A_PIXEL;
    *report = (struct report){.status = REPORT_UNCLEANED, .says = REPORT_TYPE_UNKNOWN};
    if (!find_type(report->type))
        return;
    const struct trade *trade = trade_find(report->type, job->extension);
    if (!trade)
        return;
    snprintf(report->type, sizeof report->type, "%s", trade->type);
    /* mat2 knows a kind by the name alone. */
    snprintf(in, sizeof in, "in.%s", trade->extension);
    need(rename(RUNNER_IN, in) == 0);
    if (job->want == ASK_CLEAN)
        craft_clean(trade, in, pixels, report);
    else
        craft_draw(trade, in, pixels, report);
}

_Noreturn void runner_run(const char *folder, const struct runner_job *job, const struct runner_limits *limits)
{
    struct report report;
    uint8_t bytes[REPORT_BYTES];
    runner_shut_in(folder, job, limits);
    work(job, limits, &report);
    report_put(&report, bytes);
    unlink(RUNNER_REPORT);
    int fd = open(RUNNER_REPORT, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    need(fd >= 0 && write(fd, bytes, sizeof bytes) == (ssize_t)sizeof bytes && close(fd) == 0);
    _exit(0);
}
