/* nth.c -- preloaded into a server under test: the n-th call of one function fails, a clock is off, a sync is slow.
 *
 * tests/fault/nth.mjs writes what is wanted into a small file that every process of the server has mapped (NTH_CONTROL
 * names it), and reads from it how often the function was called. Nothing here is part of the product. The wrappers
 * make no system call that the real function would not make, so that the sandboxes notice nothing.
 *
 * Signatures are repeated instead of included where a header would declare the wrapped function with attributes. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

/* The order is nth.mjs's too. */
enum which {
    NONE,
    MALLOC,
    SEND,
    SENDMSG,
    RECV,
    READ,
    READV,
    WRITE,
    WRITEV,
    FSYNC,
    SSL_READ,
    SSL_WRITE,
    SSL_HANDSHAKE,
    GETRANDOM,
    ACCEPT,
    SOCKET,
    CONNECT,
    EPOLL_CTL,
    PQ_SEND_PREPARE,
    PQ_SEND_QUERY_PREPARED,
    PQ_SEND_QUERY_PARAMS,
    PQ_PIPELINE_SYNC,
    PQ_FLUSH,
    PQ_CONSUME_INPUT,
    PQ_CONNECT_POLL,
    PQ_SET_NONBLOCKING,
    PQ_ENTER_PIPELINE,
};

struct control {
    int32_t which;        /* enum which: what is counted now */
    int32_t pid;          /* in this process only; 0: in all */
    int64_t nth;          /* this call fails; 0: none; negative: all from the -n-th on */
    int64_t counted;      /* calls so far */
    int64_t failed;       /* of them made to fail */
    int64_t clock_ms;     /* added to CLOCK_REALTIME */
    int32_t slow_sync_ms; /* each fsync and fdatasync takes so much longer */
    int32_t ready;        /* set by the constructor */
};

static struct control nothing, *control = &nothing;

__attribute__((constructor)) static void nth_open(void)
{
    const char *path = getenv("NTH_CONTROL");
    int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (fd < 0)
        return;
    void *mapped = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (mapped == MAP_FAILED)
        return;
    control = mapped;
    control->ready = 1;
}

static int nth_fails(enum which which)
{
    if (control->which != (int32_t)which || (control->pid && control->pid != (int32_t)getpid()))
        return 0;
    int64_t at = __atomic_add_fetch(&control->counted, 1, __ATOMIC_SEQ_CST), nth = control->nth;
    if (nth == 0 || (nth > 0 ? at != nth : at < -nth))
        return 0;
    __atomic_add_fetch(&control->failed, 1, __ATOMIC_SEQ_CST);
    return 1;
}

/* dlsym() may allocate; then the library's own allocator serves, which is also what the real one is. */
static void *real(void **at, const char *name)
{
    if (!*at)
        *at = dlsym(RTLD_NEXT, name);
    return *at;
}

#define FAIL_BY(error, value) (errno = (error), (value))

/* type name(params): calls the real one with `args`, or gives `failing`. */
#define WRAP(which, type, name, params, args, failing)                                                                 \
    type name params;                                                                                                  \
    type name params                                                                                                   \
    {                                                                                                                  \
        static void *next;                                                                                             \
        if (nth_fails(which))                                                                                          \
            return failing;                                                                                            \
        return ((type(*) params)real(&next, #name))args;                                                               \
    }

/* ---- memory ---- */

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);

/* Where another allocator stands between (a sanitizer's), it must get the calls, but not while dlsym() looks for it. */
static _Thread_local int looking;
#define ALLOCATOR(type, name, params, args, own)                                                                       \
    type name params                                                                                                   \
    {                                                                                                                  \
        static void *next;                                                                                             \
        if (looking)                                                                                                   \
            return own args;                                                                                           \
        if (nth_fails(MALLOC))                                                                                         \
            return FAIL_BY(ENOMEM, NULL);                                                                              \
        if (!next) {                                                                                                   \
            looking = 1;                                                                                               \
            next = dlsym(RTLD_NEXT, #name);                                                                            \
            looking = 0;                                                                                               \
        }                                                                                                              \
        return ((type(*) params)next)args;                                                                             \
    }
#ifndef NTH_WITHOUT_MALLOC
ALLOCATOR(void *, malloc, (size_t size), (size), __libc_malloc)
ALLOCATOR(void *, calloc, (size_t count, size_t size), (count, size), __libc_calloc)
ALLOCATOR(void *, realloc, (void *old, size_t size), (old, size), __libc_realloc)
#endif

/* ---- sockets and files ---- */

WRAP(SEND, ssize_t, send, (int fd, const void *bytes, size_t len, int flags), (fd, bytes, len, flags),
     FAIL_BY(ECONNRESET, -1))
WRAP(SEND, ssize_t, sendto,
     (int fd, const void *bytes, size_t len, int flags, const struct sockaddr *to, socklen_t to_len),
     (fd, bytes, len, flags, to, to_len), FAIL_BY(ECONNRESET, -1))
WRAP(SENDMSG, ssize_t, sendmsg, (int fd, const struct msghdr *message, int flags), (fd, message, flags),
     FAIL_BY(ECONNRESET, -1))
WRAP(RECV, ssize_t, recv, (int fd, void *bytes, size_t len, int flags), (fd, bytes, len, flags),
     FAIL_BY(ECONNRESET, -1))
WRAP(RECV, ssize_t, recvfrom, (int fd, void *bytes, size_t len, int flags, struct sockaddr *from, socklen_t *from_len),
     (fd, bytes, len, flags, from, from_len), FAIL_BY(ECONNRESET, -1))
WRAP(READ, ssize_t, read, (int fd, void *bytes, size_t len), (fd, bytes, len), FAIL_BY(EIO, -1))
WRAP(READV, ssize_t, readv, (int fd, const struct iovec *pieces, int count), (fd, pieces, count), FAIL_BY(EIO, -1))
WRAP(WRITE, ssize_t, write, (int fd, const void *bytes, size_t len), (fd, bytes, len), FAIL_BY(EIO, -1))
WRAP(WRITEV, ssize_t, writev, (int fd, const struct iovec *pieces, int count), (fd, pieces, count), FAIL_BY(EIO, -1))
WRAP(ACCEPT, int, accept4, (int fd, struct sockaddr *from, socklen_t *len, int flags), (fd, from, len, flags),
     FAIL_BY(EMFILE, -1))
WRAP(SOCKET, int, socket, (int domain, int type, int protocol), (domain, type, protocol), FAIL_BY(EMFILE, -1))
WRAP(CONNECT, int, connect, (int fd, const struct sockaddr *to, socklen_t len), (fd, to, len),
     FAIL_BY(ECONNREFUSED, -1))
struct epoll_event;
WRAP(EPOLL_CTL, int, epoll_ctl, (int epoll, int what, int fd, struct epoll_event *event), (epoll, what, fd, event),
     FAIL_BY(ENOMEM, -1))

static void slowly(void)
{
    if (control->slow_sync_ms)
        usleep((useconds_t)control->slow_sync_ms * 1000);
}
#define SYNC(name)                                                                                                     \
    int name(int fd);                                                                                                  \
    int name(int fd)                                                                                                   \
    {                                                                                                                  \
        static void *next;                                                                                             \
        slowly();                                                                                                      \
        if (nth_fails(FSYNC))                                                                                          \
            return FAIL_BY(EIO, -1);                                                                                   \
        return ((int (*)(int))real(&next, #name))(fd);                                                                 \
    }
SYNC(fsync)
SYNC(fdatasync)

WRAP(GETRANDOM, ssize_t, getrandom, (void *bytes, size_t len, unsigned flags), (bytes, len, flags), FAIL_BY(EIO, -1))
WRAP(GETRANDOM, int, getentropy, (void *bytes, size_t len), (bytes, len), FAIL_BY(EIO, -1))

/* ---- OpenSSL ---- */

WRAP(SSL_READ, int, SSL_read, (void *ssl, void *bytes, int len), (ssl, bytes, len), FAIL_BY(ECONNRESET, -1))
WRAP(SSL_WRITE, int, SSL_write, (void *ssl, const void *bytes, int len), (ssl, bytes, len), FAIL_BY(ECONNRESET, -1))
WRAP(SSL_HANDSHAKE, int, SSL_do_handshake, (void *ssl), (ssl), FAIL_BY(ECONNRESET, -1))

/* ---- libpq: what store/ calls ---- */

WRAP(PQ_SEND_PREPARE, int, PQsendPrepare, (void *pg, const char *name, const char *sql, int n, const unsigned *types),
     (pg, name, sql, n, types), 0)
WRAP(PQ_SEND_QUERY_PREPARED, int, PQsendQueryPrepared,
     (void *pg, const char *name, int n, const char *const *values, const int *lengths, const int *formats, int form),
     (pg, name, n, values, lengths, formats, form), 0)
WRAP(PQ_SEND_QUERY_PARAMS, int, PQsendQueryParams,
     (void *pg, const char *sql, int n, const unsigned *types, const char *const *values, const int *lengths,
      const int *formats, int form),
     (pg, sql, n, types, values, lengths, formats, form), 0)
WRAP(PQ_PIPELINE_SYNC, int, PQpipelineSync, (void *pg), (pg), 0)
WRAP(PQ_FLUSH, int, PQflush, (void *pg), (pg), -1)
WRAP(PQ_CONSUME_INPUT, int, PQconsumeInput, (void *pg), (pg), 0)
WRAP(PQ_CONNECT_POLL, int, PQconnectPoll, (void *pg), (pg), 0)
WRAP(PQ_SET_NONBLOCKING, int, PQsetnonblocking, (void *pg, int on), (pg, on), -1)
WRAP(PQ_ENTER_PIPELINE, int, PQenterPipelineMode, (void *pg), (pg), 0)

/* ---- the clock that people set ---- */

int clock_gettime(clockid_t clock, struct timespec *out)
{
    static void *next;
    int result = ((int (*)(clockid_t, struct timespec *))real(&next, "clock_gettime"))(clock, out);
    if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE) && control->clock_ms) {
        int64_t ns = out->tv_nsec + control->clock_ms % 1000 * 1000000;
        out->tv_sec += control->clock_ms / 1000 + (ns < 0 ? -1 : ns / 1000000000);
        out->tv_nsec = (ns + 1000000000) % 1000000000;
    }
    return result;
}

int gettimeofday(struct timeval *restrict out, void *restrict zone)
{
    struct timespec now;
    (void)zone;
    int result = clock_gettime(CLOCK_REALTIME, &now);
    *out = (struct timeval){now.tv_sec, now.tv_nsec / 1000};
    return result;
}

time_t time(time_t *out)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    if (out)
        *out = now.tv_sec;
    return now.tv_sec;
}
