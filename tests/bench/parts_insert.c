/* parts_insert.c -- see parts.h: the store alone. What comes back is sent on at once, so that batches form as they do
 * under load. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/base/mem.h"
#include "common/seal/once.h"
#include "store/door_intake.h"
#include "tests/bench/parts.h"
#include "tests/support/pg_cluster.h"
#include "tests/unit/store/append_units.h"

enum { WARM_UP = 2000, UP_MS = 10000, STORE_MS = 30000 };

struct inserting {
    struct loop *loop;
    struct door_intake *door;
    size_t size;
    unsigned to_send, to_come;
};

static void send_one(struct inserting *in);

static void one_came(void *room, uint64_t tag, enum err err, enum append_outcome outcome)
{
    struct inserting *in = room;
    (void)tag;
    need(err == ERR_OK && outcome == APPEND_STORED);
    if (in->to_send)
        send_one(in);
    if (--in->to_come == 0)
        loop_stop(in->loop);
}

static void send_one(struct inserting *in)
{
    struct append_unit unit = a_report("usual", DOOR_INTAKE, in->size);
    struct once once;
    once_random(&once); /* ids as intake makes them */
    memcpy(unit.place.case_id, once.case_id, sizeof once.case_id);
    memcpy(unit.place.row_id, once.row_id, sizeof once.row_id);
    for (size_t i = 0; i < unit.wrap_count; i++)
        memcpy(unit.wraps[i].case_id, once.case_id, sizeof once.case_id);
    in->to_send--;
    door_intake_append(in->door, &unit, STORE_MS, one_came, in, 0);
}

static void insert_all(struct inserting *in, unsigned waiting, unsigned count)
{
    in->to_send = in->to_come = count;
    for (unsigned i = 0; i < waiting && in->to_send; i++)
        send_one(in);
    loop_run(in->loop);
}

/* Clock ticks of the server and of all that it started. */
static unsigned long server_ticks(const struct pg_cluster *cluster)
{
    char command[512];
    unsigned long ticks = 0;
    snprintf(command, sizeof command,
             "main=$(head -1 %s/data/postmaster.pid); cat /proc/$main/stat $(sed 's#[0-9][0-9]*#/proc/&/stat#g' "
             "/proc/$main/task/$main/children) | sed 's/.*) //' | awk '{t += $12 + $13} END {print t}'",
             pg_cluster_folder(cluster));
    FILE *from = popen(command, "r");
    need(from != NULL && fscanf(from, "%lu", &ticks) == 1 && pclose(from) == 0);
    return ticks;
}

static void stop_when_up(void *room, int64_t now)
{
    struct inserting *in = room;
    (void)now;
    if (door_intake_is_up(in->door) && !in->to_come)
        loop_stop(in->loop);
}

static double wall_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

struct parts_insert parts_insert(size_t size, unsigned waiting, unsigned count)
{
    struct pg_cluster *cluster = pg_cluster_new();
    pg_cluster_migrate(cluster);
    struct inserting in = {.loop = loop_new(), .size = size};
    in.door = door_intake_new(in.loop, pg_cluster_conninfo(cluster, "recourse_intake"),
                              pg_cluster_password(cluster, "recourse_intake"), 0);
    loop_on_tick(in.loop, stop_when_up, &in);
    loop_run(in.loop);
    insert_all(&in, waiting, WARM_UP);
    unsigned long ticks = server_ticks(cluster);
    double own = parts_clock(), wall = wall_clock();
    insert_all(&in, waiting, count);
    wall = wall_clock() - wall;
    own = parts_clock() - own;
    ticks = server_ticks(cluster) - ticks;
    loop_off_tick(in.loop, stop_when_up, &in);
    door_intake_free(in.door);
    loop_free(in.loop);
    pg_cluster_free(cluster);
    return (struct parts_insert){.door = own / count,
                                 .database = (double)ticks * 1e6 / (double)sysconf(_SC_CLK_TCK) / count,
                                 .rate = count / wall};
}
