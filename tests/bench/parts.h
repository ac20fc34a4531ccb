/* parts.h -- what the parts of a report's way cost when each runs alone, in microseconds of processor time. */
#ifndef TESTS_BENCH_PARTS_H
#define TESTS_BENCH_PARTS_H

#include <stddef.h>

struct parts_insert {
    double door;     /* our side of the connection, a unit */
    double database; /* the server's processes, a unit */
    double rate;     /* units a second by the clock */
};

/* Processor time of this process so far, in microseconds. */
double parts_clock(void);
/* Sealed units with bodies of `size` bytes through door_intake into a server of its own, `waiting` of them at any time,
 * `count` in all. */
struct parts_insert parts_insert(size_t size, unsigned waiting, unsigned count);

#endif
