/* once.c -- see once.h. */
#include "common/seal/once.h"

#include <ctype.h>
#include <string.h>

#include "common/base/code.h"
#include "common/base/mem.h"
#include "common/base/rng.h"
#include "common/base/rw.h"
#include "common/seal/kdf.h"
#include "common/seal/sign.h"

/* Of 22 random digits one in 2,000,000 has fewer than five different ones; of letters, none. */
enum { KEY_LEAST = 22, KEY_MOST = 128, KEY_DIFFERENT = 5, DERIVED = 32 + 16 + 16 + 32, NEAR = 4, NEAR_ROWS = 4096 };

static const char handle_name[] = "recourse once handle", rows_name[] = "recourse once rows";

static int is_base64url(const char *key, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!isalnum((unsigned char)key[i]) && key[i] != '-' && key[i] != '_')
            return 0;
    return 1;
}

/* "000...", "abababab...", a UUID of noughts: a form filled with something, and nothing random in it. */
static int is_varied(const char *key, size_t len)
{
    size_t different = 0;
    for (size_t i = 0; i < len && different < KEY_DIFFERENT; i++)
        different += memchr(key, key[i], i) == NULL;
    return different >= KEY_DIFFERENT;
}

enum err once_key_check(const char *key, size_t len)
{
    uint8_t id[16];
    if (len < KEY_LEAST || len > KEY_MOST || !is_base64url(key, len) || !is_varied(key, len))
        return ERR_MALFORMED;
    if (code_unid(key, len, id) != ERR_OK)
        return ERR_OK;
    /* It has the form of a UUID: of the versions only 4 is random (1, 6 and 7 are mostly clock, 3 and 5 a name). */
    return id[6] >> 4 == 4 && id[8] >> 6 == 2 ? ERR_OK : ERR_MALFORMED;
}

void once_derive(const uint8_t secret[static 32], const char *key, size_t key_len, const uint8_t body_sha256[static 32],
                 struct once *out)
{
    uint8_t prk[32], all[DERIVED];
    sign_hkdf(key, key_len, secret, 32, handle_name, sizeof handle_name - 1, out->handle, sizeof out->handle);
    kdf_hmac(HASH_SHA256, secret, 32, (struct kdf_part[]){{key, key_len}, {body_sha256, 32}}, 2, prk);
    kdf_expand(HASH_SHA256, prk, &(struct kdf_part){rows_name, sizeof rows_name - 1}, 1, all, sizeof all);
    struct rd r = rd_from(all, sizeof all);
    rd_raw(&r, out->body_tag, sizeof out->body_tag);
    rd_raw(&r, out->case_id, sizeof out->case_id);
    rd_raw(&r, out->row_id, sizeof out->row_id);
    rd_raw(&r, out->receipt_seed, sizeof out->receipt_seed);
    need(rd_end(&r) == ERR_OK);
    mem_wipe(prk, sizeof prk);
    mem_wipe(all, sizeof all);
}

/* Ids that begin alike lie together in the database's indexes: a row then touches pages that are in memory and in the
 * log already, however large the tables have grown. The beginning is random and stays for some thousand rows, so it
 * tells only that two rows came through one run of a worker, which the incarnation beside them says in clear. */
void once_random(struct once *out)
{
    static _Thread_local uint8_t near[NEAR];
    static _Thread_local unsigned left;
    if (left == 0) {
        rng_bytes(near, sizeof near);
        left = NEAR_ROWS;
    }
    left--;
    rng_bytes(out, sizeof *out);
    memcpy(out->case_id, near, sizeof near);
    memcpy(out->row_id, near, sizeof near);
}
