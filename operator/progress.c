/* progress.c -- see progress.h. */
#include "operator/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "common/base/clock.h"

enum { TERMINAL_MS = 200, ELSEWHERE_MS = 10000 };

void progress_size(uint64_t bytes, char out[static PROGRESS_SIZE])
{
    if (bytes < 1000 * 1000)
        snprintf(out, PROGRESS_SIZE, "%" PRIu64 " KB", (bytes + 999) / 1000);
    else
        snprintf(out, PROGRESS_SIZE, "%.1f MB", (double)bytes / 1e6);
}

void progress_begin(struct progress *progress, const char *doing, uint64_t total)
{
    *progress = (struct progress){.doing = doing, .total = total, .is_terminal = isatty(STDERR_FILENO)};
    progress->next_ms = clock_ms() + (progress->is_terminal ? TERMINAL_MS : ELSEWHERE_MS);
}

void progress_tell(struct progress *progress, uint64_t bytes, const char *what)
{
    char size[PROGRESS_SIZE], total[PROGRESS_SIZE];
    int64_t now = clock_ms();
    if (now < progress->next_ms)
        return;
    progress->next_ms = now + (progress->is_terminal ? TERMINAL_MS : ELSEWHERE_MS);
    progress->has_line = progress->is_terminal;
    progress_size(bytes, size);
    progress_size(progress->total, total);
    fprintf(stderr, "%s%s %s%s%s, now %.40s%s", progress->is_terminal ? "\r" : "", progress->doing, size,
            progress->total ? " of about " : "", progress->total ? total : "", what,
            progress->is_terminal ? "          " : "\n");
    fflush(stderr);
}

void progress_end(struct progress *progress)
{
    if (progress->has_line)
        fprintf(stderr, "\r%70s\r", "");
    progress->has_line = 0;
}
