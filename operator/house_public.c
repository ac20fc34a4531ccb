/* house_public.c -- see house_public.h. */
#include "operator/house_public.h"

#include <errno.h>
#include <string.h>

#include "common/base/buf.h"
#include "common/base/code.h"
#include "common/base/file.h"
#include "operator/say.h"

void house_public_write(const struct house *house, const char *name, const uint8_t key[static 32])
{
    char path[HOUSE_PATH], text[CODE_BASE64_SIZE(32)];
    house_path(house, path, "%s", name);
    code_base64(key, 32, text);
    text[sizeof text - 1] = '\n'; /* in the place of the NUL */
    if (file_write_public(path, text, sizeof text) != ERR_OK)
        err_die("%s cannot be written: %s.", path, strerror(errno));
}

void house_public_root(const struct house *house, uint8_t out[static 32])
{
    char path[HOUSE_PATH];
    struct buf text = BUF_INIT(256), key = BUF_INIT(64);
    house_path(house, path, "keys/root.public");
    enum err err = file_read(path, &text);
    if (err == ERR_OK && text.len && text.bytes[text.len - 1] == '\n')
        buf_cut(&text, text.len - 1);
    if (err == ERR_OK)
        err = code_unbase64(buf_text(&text), text.len, &key);
    if (err != ERR_OK || key.len != 32)
        err_die("%s is not the root's public key.", path);
    memcpy(out, key.bytes, 32);
    buf_free(&text);
    buf_free(&key);
}

void house_public_manifest(const struct house *house, struct manifest *out)
{
    char path[HOUSE_PATH];
    uint8_t root[32];
    house_public_root(house, root);
    house_path(house, path, "keys/manifest");
    enum err err = manifest_load(path, root, 0, out);
    if (err != ERR_OK)
        err_die("%s cannot be used: %s.", path, err_says(err));
}
