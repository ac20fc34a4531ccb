/* visit.c -- see visit.h. */
#include "operator/visit.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "operator/cluster.h"
#include "operator/launcher.h"

enum { START_MS = 120000, PAUSE_US = 50000 };

static int has_ended(pid_t pid)
{
    int status;
    return waitpid(pid, &status, WNOHANG) == pid;
}

void visit_begin(struct visit *visit, const struct house *house)
{
    visit->postmaster = 0;
    if (!house->own_database || launcher_find(house))
        return;
    launcher_hold(house);
    visit->postmaster = cluster_start(house);
    int64_t until = clock_ms() + START_MS;
    while (visit->postmaster > 0 && !cluster_is_ready(house, visit->postmaster)) {
        if (has_ended(visit->postmaster))
            visit->postmaster = -1;
        else if (clock_ms() > until) {
            visit_end(visit);
            visit->postmaster = -1;
        } else
            usleep(PAUSE_US);
    }
    if (visit->postmaster <= 0)
        err_die("The database does not start: %s/log/postgresql.log says why.", house->dir);
}

void visit_end(struct visit *visit)
{
    int status;
    if (visit->postmaster <= 0)
        return;
    kill(visit->postmaster, SIGINT);
    while (waitpid(visit->postmaster, &status, 0) < 0 && errno == EINTR)
        ;
    visit->postmaster = 0;
}
