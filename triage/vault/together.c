/* together.c -- see together.h. */
#include "triage/vault/together.h"

#include "common/base/mem.h"

/* As many changes as go well into one COMMIT. */
enum { AT_A_TIME = 32 };

struct together {
    struct vault *vault;
    uint64_t rebuilds; /* of then */
    uint8_t (*ids)[16];
    size_t left, under_way;
    together_one_fn *one;
    together_end_fn *end;
    void *errand;
};

static void go_on(void *arg);

static void one_done(void *room, enum err err)
{
    struct together *t = room;
    t->under_way--;
    if (err != ERR_OK)
        t->left = 0; /* the vault rebuilds, or the database is away */
    go_on(t);
}

static void go_on(void *arg)
{
    struct together *t = arg;
    if (t->rebuilds != t->vault->rebuilds || t->vault->phase != PHASE_OPEN)
        t->left = 0;
    while (t->left > 0 && t->under_way < AT_A_TIME) {
        struct case_file *file = book_find(t->vault->book, t->ids[t->left - 1]);
        if (file && file->writing) {
            if (t->under_way == 0)
                book_wait(file, go_on, t);
            return; /* whoever ends next comes back here */
        }
        t->left--;
        t->under_way++;
        if (!file || file->version == 0 || !t->one(t->errand, t->vault, file, one_done, t))
            t->under_way--;
    }
    if (t->left > 0 || t->under_way > 0)
        return;
    t->end(t->errand);
    mem_free(t->ids);
    mem_free(t);
}

void together_begin(struct vault *vault, uint8_t (*ids)[16], size_t count, together_one_fn *one, together_end_fn *end,
                    void *errand)
{
    struct together *t = mem_new(sizeof *t);
    *t = (struct together){.vault = vault,
                           .rebuilds = vault->rebuilds,
                           .ids = ids,
                           .left = count,
                           .one = one,
                           .end = end,
                           .errand = errand};
    loop_later(vault->loop, go_on, t);
}
