/* metrics.c -- see metrics.h. Each process counts in cells of its own and readers add them up, so that counting never
 * waits for another process, and a gauge that a killed worker left behind can be taken back. */
#include "common/http/metrics.h"

#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>

#include "common/http/metrics_own.h"

enum { ROWS_MAX = 128, PROCESSES = 66, CELLS = ROWS_MAX + HTTP_METRIC_COUNT };

static const struct metric_row own_rows[] = {
#define X(name, type, text, help) {text, type, help},
    HTTP_METRIC_LIST(X)
#undef X
};

static _Atomic int64_t (*cells)[CELLS]; /* shared; NULL before metrics_open() */
static const struct metric_row *rows;
static unsigned row_count, process;

void metrics_open(const struct metric_row *room_rows, unsigned count)
{
    need(count <= ROWS_MAX && !cells);
    size_t size = sizeof(*cells) * PROCESSES;
    void *shared = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    need(shared != MAP_FAILED);
    cells = shared;
    rows = room_rows;
    row_count = count;
}

static const struct metric_row *row_of(unsigned cell)
{
    return cell < row_count ? &rows[cell] : cell < ROWS_MAX ? NULL : &own_rows[cell - ROWS_MAX];
}

void metrics_worker(unsigned index)
{
    need(index < PROCESSES);
    process = index;
    if (!cells)
        return;
    for (unsigned i = 0; i < CELLS; i++) {
        const struct metric_row *row = row_of(i);
        if (row && strncmp(row->type, "gauge", 5) == 0)
            atomic_store(&cells[process][i], 0);
    }
}

static void cell_add(unsigned cell, int64_t n)
{
    if (cells)
        atomic_fetch_add_explicit(&cells[process][cell], n, memory_order_relaxed);
}

static int is_greatest(const struct metric_row *row)
{
    return row && strcmp(row->type, "gauge_max") == 0;
}

static int64_t cell_sum(unsigned cell)
{
    int64_t sum = 0, most = 0;
    for (unsigned i = 0; cells && i < PROCESSES; i++) {
        int64_t value = atomic_load_explicit(&cells[i][cell], memory_order_relaxed);
        sum += value;
        most = value > most ? value : most;
    }
    return cells && is_greatest(row_of(cell)) ? most : sum;
}

void metrics_add(unsigned which, int64_t n)
{
    need(!cells || which < row_count);
    cell_add(which, n);
}

void metrics_set(unsigned which, int64_t value)
{
    need(!cells || which < row_count);
    if (cells)
        atomic_store(&cells[process][which], value);
}

int64_t metrics_get(unsigned which)
{
    need(!cells || which < row_count);
    return cell_sum(which);
}

void metrics_own_add(enum http_metric which, int64_t n)
{
    cell_add(ROWS_MAX + which, n);
}

int64_t metrics_own_get(enum http_metric which)
{
    return cell_sum(ROWS_MAX + which);
}

const char *metrics_own_word(enum http_metric which)
{
    static const char *const words[] = {
#define X(name, type, text, help) #name,
        HTTP_METRIC_LIST(X)
#undef X
    };
    return words[which];
}

enum err metrics_write(struct buf *out)
{
    for (unsigned i = 0; i < CELLS; i++) {
        const struct metric_row *row = row_of(i);
        if (!row)
            continue;
        enum err err = buf_addf(out, "# HELP %s %s\n# TYPE %s %s\n%s %lld\n", row->name, row->help, row->name,
                                is_greatest(row) ? "gauge" : row->type, row->name, (long long)cell_sum(i));
        if (err != ERR_OK)
            return err;
    }
    return ERR_OK;
}
