/* seal_bench.c -- what sealing costs: microseconds per wrap, per row of 1 KiB, per opening. Not a test: it has no
 * verdict.
 *
 *   cmake --build build --target seal_bench && build/seal_bench */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "common/base/mem.h"
#include "common/base/rng.h"
#include "common/seal/envelope_open.h"
#include "common/seal/hpke.h"
#include "common/seal/receipt.h"
#include "common/seal/sign.h"

enum { TEXT = 1000 };

/* One of everything that the steps below work on. */
struct stand {
    struct envelope_desk desk;
    uint8_t desk_private[32], key[32], case_id[16], handle[32], receipt_key[32], signature[64], signer_public[32];
    struct envelope_place place;
    struct envelope_wrap wraps[2], receipt_wrap;
    struct pepper pepper;
    struct receipt receipt;
    struct sign_key *signer;
    struct buf row, opened;
    char text[TEXT];
};

static enum err wrap_case(struct stand *s)
{
    return envelope_wrap_case(&s->desk, s->case_id, s->key, s->key, s->wraps);
}

static enum err wrap_receipt(struct stand *s)
{
    return envelope_wrap_receipt(1, s->receipt_key, s->handle, 1, s->case_id, ROOT_THREAD, 1, s->key, &s->receipt_wrap);
}

static enum err open_wrap(struct stand *s)
{
    uint8_t key[32];
    return envelope_open_desk_wrap(&s->desk, s->desk_private, &s->wraps[0], key);
}

static enum err open_receipt_wrap(struct stand *s)
{
    uint8_t key[32];
    return envelope_unwrap_receipt(1, s->receipt_key, &s->receipt_wrap, key);
}

static enum err seal_row(struct stand *s)
{
    buf_clear(&s->row);
    return envelope_seal(s->key, &s->place, s->text, TEXT, &s->row);
}

static enum err open_row(struct stand *s)
{
    buf_clear(&s->opened);
    return envelope_open(s->key, &s->place, s->row.bytes, s->row.len, &s->opened);
}

static enum err new_receipt(struct stand *s)
{
    receipt_new(&s->receipt);
    receipt_derive(&s->receipt, &s->pepper, s->handle, s->receipt_key);
    return ERR_OK;
}

static enum err make_signature(struct stand *s)
{
    return sign_make(s->signer, s->text, TEXT, s->signature);
}

static enum err check_signature(struct stand *s)
{
    return sign_check(s->signer_public, s->text, TEXT, s->signature);
}

/* In this order: openings need what was sealed before them. */
static const struct {
    const char *name;
    int rounds;
    enum err (*step)(struct stand *s);
} steps[] = {
    {"envelope_wrap_case", 5000, wrap_case},
    {"envelope_open_desk_wrap", 5000, open_wrap},
    {"receipt_new and receipt_derive", 50000, new_receipt},
    {"envelope_wrap_receipt", 50000, wrap_receipt},
    {"envelope_unwrap_receipt", 50000, open_receipt_wrap},
    {"envelope_seal, 1 KiB", 50000, seal_row},
    {"envelope_open, 1 KiB", 50000, open_row},
    {"sign_make, 1 KiB", 5000, make_signature},
    {"sign_check, 1 KiB", 2000, check_signature},
};

/* Processor time: others who use the machine do not count. */
static double now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

int main(void)
{
    static struct stand s = {.desk = {.office = 1, .epoch = 1, .code = "usual"},
                             .place = {.office = 1, .root = ROOT_THREAD, .part = PART_MESSAGE, .generation = 1},
                             .row = BUF_INIT(1 << 16),
                             .opened = BUF_INIT(1 << 16)};
    uint8_t seed[32];
    hpke_start();
    hpke_key_new(s.desk_private, s.desk.key);
    rng_bytes(s.key, sizeof s.key);
    rng_bytes(s.case_id, sizeof s.case_id);
    sign_seed_new(seed, s.signer_public);
    need(sign_key_new(seed, &s.signer) == ERR_OK);
    memset(s.text, 'x', sizeof s.text);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        double begin = now_us();
        for (int round = 0; round < steps[i].rounds; round++)
            need(steps[i].step(&s) == ERR_OK);
        printf("%-32s %8.2f us\n", steps[i].name, (now_us() - begin) / steps[i].rounds);
    }
    sign_key_free(s.signer);
    buf_free(&s.row);
    buf_free(&s.opened);
    return 0;
}
