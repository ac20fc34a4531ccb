/* note.c -- see note.h; the form is C2SP signed-note, signature type 0x01 (Ed25519). */
#include "common/seal/note.h"

#include <string.h>

#include "common/base/code.h"
#include "common/base/mem.h"
#include "common/base/rw.h"
#include "common/seal/kdf.h"

enum { KEY_ID = 4, ED25519_TYPE = 1, SIGNATURE = KEY_ID + SIGN_SIZE, SIGNERS_MAX = 100, NOTE_LINE_MAX = 1024 };

static const char dash[] = "\xe2\x80\x94 "; /* an em dash and a space */

static int is_name(const char *name, size_t len)
{
    return len > 0 && !memchr(name, ' ', len) && !memchr(name, '+', len) && !memchr(name, '\n', len);
}

/* The first four bytes of SHA-256(name, newline, type, public key). */
static void key_id(const char *name, const uint8_t *public_key, uint8_t out[static KEY_ID])
{
    static const uint8_t behind_name[] = {'\n', ED25519_TYPE};
    uint8_t whole[32];
    kdf_hash(HASH_SHA256,
             (struct kdf_part[]){{name, strlen(name)}, {behind_name, sizeof behind_name}, {public_key, SIGN_PUBLIC}}, 3,
             whole);
    memcpy(out, whole, KEY_ID);
}

enum err note_sign(const char *name, const struct sign_key *key, const char *text, struct buf *out)
{
    size_t text_len = strlen(text), before = out->len;
    uint8_t public_key[SIGN_PUBLIC], signature[SIGNATURE];
    char encoded[CODE_BASE64_SIZE(SIGNATURE)];
    need(is_name(name, strlen(name)) && text_len > 0 && text[text_len - 1] == '\n');
    sign_key_public(key, public_key);
    key_id(name, public_key, signature);
    enum err err = sign_make(key, text, text_len, signature + KEY_ID);
    if (err != ERR_OK)
        return err;
    code_base64(signature, sizeof signature, encoded);
    err = buf_add(out, text, text_len);
    if (err == ERR_OK)
        err = buf_addf(out, "\n%s%s %s\n", dash, name, encoded);
    if (err != ERR_OK)
        buf_cut(out, before);
    return err;
}

/* Where the signatures begin: behind the last empty line. 0 when there is none. */
static size_t find_signatures(const char *note, size_t len)
{
    for (size_t i = len; i-- > 1;)
        if (note[i] == '\n' && note[i - 1] == '\n')
            return i + 1;
    return 0;
}

/* One line "— name base64"; *out is its bytes (key id and signature). */
static enum err read_line(const char *line, size_t len, const char **name, size_t *name_len, struct buf *out)
{
    if (len < sizeof dash - 1 || len > NOTE_LINE_MAX || memcmp(line, dash, sizeof dash - 1) != 0)
        return ERR_MALFORMED;
    *name = line + sizeof dash - 1;
    len -= sizeof dash - 1;
    const char *space = memchr(*name, ' ', len);
    if (!space)
        return ERR_MALFORMED;
    *name_len = (size_t)(space - *name);
    buf_clear(out);
    if (!is_name(*name, *name_len) || code_unbase64(space + 1, len - *name_len - 1, out) != ERR_OK ||
        out->len <= KEY_ID)
        return ERR_MALFORMED;
    return ERR_OK;
}

enum err note_check(const char *note, size_t len, const char *name, const uint8_t public_key[static 32],
                    size_t *out_text_len)
{
    uint8_t id[KEY_ID];
    struct buf signature = BUF_INIT(NOTE_LINE_MAX);
    size_t at = find_signatures(note, len), text_len = at - 1, signers = 0;
    enum err err = at && at < len && note[len - 1] == '\n' ? ERR_OK : ERR_MALFORMED, found = ERR_NOT_FOUND;
    key_id(name, public_key, id);
    while (err == ERR_OK && at < len) {
        const char *line = note + at, *end = memchr(line, '\n', len - at), *signer;
        size_t signer_len;
        err = ++signers > SIGNERS_MAX ? ERR_MALFORMED
                                      : read_line(line, (size_t)(end - line), &signer, &signer_len, &signature);
        at += (size_t)(end - line) + 1;
        if (err != ERR_OK || found != ERR_NOT_FOUND || signer_len != strlen(name) ||
            memcmp(signer, name, signer_len) != 0 || memcmp(signature.bytes, id, KEY_ID) != 0)
            continue;
        found =
            signature.len == SIGNATURE ? sign_check(public_key, note, text_len, signature.bytes + KEY_ID) : ERR_CRYPTO;
    }
    buf_free(&signature);
    if (err == ERR_OK)
        err = found;
    if (err == ERR_OK)
        *out_text_len = text_len;
    return err;
}
