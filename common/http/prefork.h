/* prefork.h -- a master that binds, forks workers, and keeps them alive.
 *
 * The master opens one listening socket per worker (SO_REUSEPORT) while it may still bind low ports, forks the workers,
 * starts a new one when one dies (back-off 50 ms to 5 s), hands on SIGHUP, and on SIGTERM or SIGINT waits for their
 * graceful stop. Descriptors are raised to the most that the process may have. It serves /healthz, /readyz and /metrics
 * on a loopback port, summed over workers (metrics.h lives in shared memory). It holds no key and parses nothing from
 * strangers. */
#ifndef COMMON_HTTP_PREFORK_H
#define COMMON_HTTP_PREFORK_H

#include <stdint.h>

struct prefork_listen {
    const char *address; /* numeric, "0.0.0.0", "::", "127.0.0.1" */
    uint16_t port;       /* 0: this listener is off (fd -1) */
};

struct prefork {
    const char *room; /* for log lines */
    unsigned workers; /* 1 to 64 */
    const struct prefork_listen *listens;
    unsigned listen_count; /* at most 4 */
    uint16_t health_port;  /* loopback; 0: none */
    /* In a worker: serve until SIGTERM, then return the exit code. `fds` has one listening socket for each listen. */
    int (*worker)(void *room_state, unsigned index, const int *fds);
    /* In worker processes of their own that listen on nothing (the gateway's sender); may be NULL. */
    int (*helper)(void *room_state);
    void *room_state;
    /* In the master after forking: drop what it need not hold. May be NULL. */
    void (*settle)(void *room_state);
    /* For /readyz: 1 when ready. Reads shared memory only. NULL: always ready. */
    int (*ready)(void *room_state);
};

/* Runs until stopped; returns the exit code. */
int prefork_run(const struct prefork *plan);

#endif
