/* workers.c -- see workers.h. Threads share two lists under one lock and wake the loop with a byte; they touch nothing
 * else of the process. */
#include "common/base/workers.h"

#include <event2/event.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/mem.h"

enum { STACK = 256 * 1024 };

struct job {
    struct job *next;
    workers_run_fn *run;
    workers_done_fn *done;
    void *room;
};

struct workers {
    struct event *event;
    int wake[2]; /* read here, written by the threads */
    pthread_t threads[WORKERS_MAX];
    unsigned started;
    pthread_mutex_t lock;
    pthread_cond_t more;
    struct job *todo, **todo_last, *done, **done_last; /* under the lock */
    int stop;                                          /* too */
};

static void *thread_run(void *arg)
{
    struct workers *w = arg;
    pthread_mutex_lock(&w->lock);
    while (!w->stop) {
        struct job *job = w->todo;
        if (!job) {
            pthread_cond_wait(&w->more, &w->lock);
            continue;
        }
        w->todo = job->next;
        if (!w->todo)
            w->todo_last = &w->todo;
        pthread_mutex_unlock(&w->lock);
        job->run(job->room);
        pthread_mutex_lock(&w->lock);
        job->next = NULL;
        *w->done_last = job;
        w->done_last = &job->next;
        /* A full socket means that the loop has been woken already. */
        (void)!write(w->wake[1], "", 1);
    }
    pthread_mutex_unlock(&w->lock);
    return NULL;
}

static void end_all(struct job *job, enum err err)
{
    while (job) {
        struct job *next = job->next;
        job->done(job->room, err);
        mem_free(job);
        job = next;
    }
}

static void woken(evutil_socket_t fd, short what, void *arg)
{
    (void)what;
    struct workers *w = arg;
    char bytes[64];
    while (read(fd, bytes, sizeof bytes) == (ssize_t)sizeof bytes)
        ;
    pthread_mutex_lock(&w->lock);
    struct job *job = w->done;
    w->done = NULL;
    w->done_last = &w->done;
    pthread_mutex_unlock(&w->lock);
    end_all(job, ERR_OK);
}

struct workers *workers_new(struct loop *loop)
{
    struct workers *w = mem_new(sizeof *w);
    w->todo_last = &w->todo;
    w->done_last = &w->done;
    need(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, w->wake) == 0);
    need(pthread_mutex_init(&w->lock, NULL) == 0 && pthread_cond_init(&w->more, NULL) == 0);
    w->event = event_new(loop_base(loop), w->wake[0], EV_READ | EV_PERSIST, woken, w);
    need(w->event && event_add(w->event, NULL) == 0);
    return w;
}

void workers_start(struct workers *w, unsigned count)
{
    pthread_attr_t attr;
    need(count <= WORKERS_MAX && pthread_attr_init(&attr) == 0 && pthread_attr_setstacksize(&attr, STACK) == 0);
    for (; w->started < count; w->started++)
        if (pthread_create(&w->threads[w->started], &attr, thread_run, w) != 0)
            err_die("The threads of this process cannot be made.");
    pthread_attr_destroy(&attr);
}

void workers_free(struct workers *w)
{
    if (!w)
        return;
    pthread_mutex_lock(&w->lock);
    w->stop = 1;
    pthread_cond_broadcast(&w->more);
    pthread_mutex_unlock(&w->lock);
    for (unsigned i = 0; i < w->started; i++)
        pthread_join(w->threads[i], NULL);
    end_all(w->todo, ERR_CANCELLED);
    end_all(w->done, ERR_CANCELLED);
    event_free(w->event);
    close(w->wake[0]);
    close(w->wake[1]);
    pthread_mutex_destroy(&w->lock);
    pthread_cond_destroy(&w->more);
    mem_free(w);
}

void workers_give(struct workers *w, workers_run_fn *run, workers_done_fn *done, void *room)
{
    struct job *job = mem_new(sizeof *job);
    *job = (struct job){.run = run, .done = done, .room = room};
    pthread_mutex_lock(&w->lock);
    *w->todo_last = job;
    w->todo_last = &job->next;
    pthread_cond_signal(&w->more);
    pthread_mutex_unlock(&w->lock);
}
