/* hasher.c -- see hasher.h. Threads share two lists under one lock and wake the loop with a byte; they touch nothing
 * else of the process. */
#include "triage/vault/hasher.h"

#include <argon2.h>
#include <event2/event.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/mem.h"
#include "common/base/rng.h"

enum { THREADS = 2, MEMORY_KIB = 19456, PASSES = 2, SALT = 16, HASH = 32, STACK = 256 * 1024 };

struct job {
    struct job *next;
    char password[HASHER_PASSWORD_MAX + 1], encoded[HASHER_ENCODED_MAX];
    uint8_t salt[SALT];
    int is_make, is_nobody;
    enum err result;
    hasher_done_fn *done;
    void *room;
};

struct hasher {
    struct loop *loop;
    struct event *event;
    int wake[2]; /* read here, written by the threads */
    pthread_t threads[THREADS];
    int started;
    pthread_mutex_t lock;
    pthread_cond_t more;
    struct job *todo, **todo_last, *done; /* under the lock */
    unsigned count;                       /* in todo, and in the threads' hands; the loop's */
    int stop;
};

static void work(struct job *job)
{
    if (job->is_make) {
        int bad = argon2id_hash_encoded(PASSES, MEMORY_KIB, 1, job->password, strlen(job->password), job->salt, SALT,
                                        HASH, job->encoded, sizeof job->encoded);
        job->result = bad ? ERR_INTERNAL : ERR_OK;
    } else if (job->is_nobody) {
        uint8_t out[HASH];
        (void)argon2id_hash_raw(PASSES, MEMORY_KIB, 1, job->password, strlen(job->password), job->salt, SALT, out,
                                sizeof out);
        mem_wipe(out, sizeof out);
        job->result = ERR_DENIED;
    } else {
        int bad = argon2id_verify(job->encoded, job->password, strlen(job->password));
        job->result = bad ? ERR_DENIED : ERR_OK;
    }
    mem_wipe(job->password, sizeof job->password);
}

static void *thread_run(void *arg)
{
    struct hasher *h = arg;
    pthread_mutex_lock(&h->lock);
    while (!h->stop) {
        struct job *job = h->todo;
        if (!job) {
            pthread_cond_wait(&h->more, &h->lock);
            continue;
        }
        h->todo = job->next;
        if (!h->todo)
            h->todo_last = &h->todo;
        pthread_mutex_unlock(&h->lock);
        work(job);
        pthread_mutex_lock(&h->lock);
        job->next = h->done;
        h->done = job;
        /* A full socket means that the loop has been woken already. */
        (void)!write(h->wake[1], "", 1);
    }
    pthread_mutex_unlock(&h->lock);
    return NULL;
}

static void job_end(struct hasher *h, struct job *job, enum err err)
{
    h->count--;
    job->done(job->room, err, err == ERR_OK && job->is_make ? job->encoded : NULL);
    mem_free(job);
}

static void woken(evutil_socket_t fd, short what, void *arg)
{
    (void)what;
    struct hasher *h = arg;
    char bytes[64];
    while (read(fd, bytes, sizeof bytes) == (ssize_t)sizeof bytes)
        ;
    pthread_mutex_lock(&h->lock);
    struct job *job = h->done;
    h->done = NULL;
    pthread_mutex_unlock(&h->lock);
    while (job) {
        struct job *next = job->next;
        job_end(h, job, job->result);
        job = next;
    }
}

struct hasher *hasher_new(struct loop *loop)
{
    struct hasher *h = mem_new(sizeof *h);
    h->loop = loop;
    h->todo_last = &h->todo;
    need(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, h->wake) == 0);
    need(pthread_mutex_init(&h->lock, NULL) == 0 && pthread_cond_init(&h->more, NULL) == 0);
    h->event = event_new(loop_base(loop), h->wake[0], EV_READ | EV_PERSIST, woken, h);
    need(h->event && event_add(h->event, NULL) == 0);
    return h;
}

void hasher_start(struct hasher *h)
{
    pthread_attr_t attr;
    need(pthread_attr_init(&attr) == 0 && pthread_attr_setstacksize(&attr, STACK) == 0);
    for (; h->started < THREADS; h->started++)
        if (pthread_create(&h->threads[h->started], &attr, thread_run, h) != 0)
            err_die("The threads for checking passwords cannot be made.");
    pthread_attr_destroy(&attr);
}

void hasher_free(struct hasher *h)
{
    if (!h)
        return;
    pthread_mutex_lock(&h->lock);
    h->stop = 1;
    pthread_cond_broadcast(&h->more);
    pthread_mutex_unlock(&h->lock);
    for (int i = 0; i < h->started; i++)
        pthread_join(h->threads[i], NULL);
    struct job *lists[] = {h->todo, h->done};
    for (size_t i = 0; i < 2; i++)
        for (struct job *job = lists[i], *next; job; job = next) {
            next = job->next;
            job_end(h, job, ERR_CANCELLED);
        }
    event_free(h->event);
    close(h->wake[0]);
    close(h->wake[1]);
    pthread_mutex_destroy(&h->lock);
    pthread_cond_destroy(&h->more);
    mem_free(h);
}

static enum err add(struct hasher *h, const char *password, unsigned most, hasher_done_fn *done, void *room,
                    struct job **out)
{
    size_t len = strlen(password);
    if (len > HASHER_PASSWORD_MAX)
        return ERR_TOO_BIG;
    if (h->count >= most)
        return ERR_BUSY;
    struct job *job = *out = mem_new(sizeof *job);
    job->done = done;
    job->room = room;
    memcpy(job->password, password, len);
    rng_bytes(job->salt, sizeof job->salt);
    h->count++;
    return ERR_OK;
}

static void give(struct hasher *h, struct job *job)
{
    pthread_mutex_lock(&h->lock);
    *h->todo_last = job;
    h->todo_last = &job->next;
    pthread_cond_signal(&h->more);
    pthread_mutex_unlock(&h->lock);
}

enum err hasher_make(struct hasher *h, const char *password, hasher_done_fn *done, void *room)
{
    struct job *job;
    enum err err = add(h, password, HASHER_QUEUE_MAX, done, room, &job);
    if (err != ERR_OK)
        return err;
    job->is_make = 1;
    give(h, job);
    return ERR_OK;
}

enum err hasher_check(struct hasher *h, const char *password, const char *encoded, int is_known_device,
                      hasher_done_fn *done, void *room)
{
    struct job *job;
    enum err err = add(h, password, is_known_device ? HASHER_QUEUE_MAX : HASHER_STRANGERS_MAX, done, room, &job);
    if (err != ERR_OK)
        return err;
    job->is_nobody = !encoded;
    if (encoded)
        memcpy(job->encoded, encoded, strnlen(encoded, sizeof job->encoded - 1));
    give(h, job);
    return ERR_OK;
}
