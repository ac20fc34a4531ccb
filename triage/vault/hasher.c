/* hasher.c -- see hasher.h. What the threads touch is a job's own (common/base/workers.h). */
#include "triage/vault/hasher.h"

#include <argon2.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/base/rng.h"
#include "common/base/workers.h"

enum { THREADS = 2, MEMORY_KIB = 19456, PASSES = 2, SALT = 16, HASH = 32 };

struct job {
    struct hasher *hasher;
    char password[HASHER_PASSWORD_MAX + 1], encoded[HASHER_ENCODED_MAX];
    uint8_t salt[SALT];
    int is_make, is_nobody;
    enum err result;
    hasher_done_fn *done;
    void *room;
};

struct hasher {
    struct workers *workers;
    unsigned count; /* of jobs that were not answered yet */
};

static void work(void *arg)
{
    struct job *job = arg;
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

static void worked(void *arg, enum err err)
{
    struct job *job = arg;
    if (err == ERR_OK)
        err = job->result;
    job->hasher->count--;
    job->done(job->room, err, err == ERR_OK && job->is_make ? job->encoded : NULL);
    mem_wipe(job->password, sizeof job->password);
    mem_free(job);
}

struct hasher *hasher_new(struct loop *loop)
{
    struct hasher *h = mem_new(sizeof *h);
    h->workers = workers_new(loop);
    return h;
}

void hasher_start(struct hasher *h)
{
    workers_start(h->workers, THREADS);
}

void hasher_free(struct hasher *h)
{
    if (!h)
        return;
    workers_free(h->workers);
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
    job->hasher = h;
    job->done = done;
    job->room = room;
    memcpy(job->password, password, len);
    rng_bytes(job->salt, sizeof job->salt);
    h->count++;
    return ERR_OK;
}

enum err hasher_make(struct hasher *h, const char *password, hasher_done_fn *done, void *room)
{
    struct job *job;
    enum err err = add(h, password, HASHER_QUEUE_MAX, done, room, &job);
    if (err != ERR_OK)
        return err;
    job->is_make = 1;
    workers_give(h->workers, work, worked, job);
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
    workers_give(h->workers, work, worked, job);
    return ERR_OK;
}
