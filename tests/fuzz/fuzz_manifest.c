/* fuzz_manifest.c -- any bytes as a manifest (common/seal/manifest.h, note.h): unsigned, they are never one; signed by
 * the root, what is read can be written and read as the same, and one byte changed is refused. */
#include "common/seal/manifest.h"
#include "common/seal/note.h"
#include "tests/fuzz/fuzz.h"

static const uint8_t seed[32] = {4, 2};
static uint8_t root[32];
static struct sign_key *key;
static struct manifest first, again; /* large */

void fuzz_start(void)
{
    need(sign_key_new(seed, &key) == ERR_OK);
    sign_key_public(key, root);
}

static void is_as_promised(const struct manifest *m)
{
    need(m->desk_count <= MANIFEST_DESKS_MAX && m->key_count <= MANIFEST_KEYS_MAX && m->version >= 1);
    for (size_t i = 0; i < m->desk_count; i++) {
        const struct envelope_desk *today;
        need(*m->desks[i].desk.code && manifest_desk_today(m, m->desks[i].desk.code, 0, &today) == ERR_OK);
    }
    for (size_t i = 0; i < m->key_count; i++) {
        const uint8_t *found;
        need(manifest_key(m, m->keys[i].use, m->keys[i].name, &found) == ERR_OK && found == m->keys[i].key);
    }
}

static int is_same_desk(const struct manifest_desk *a, const struct manifest_desk *b)
{
    return a->desk.office == b->desk.office && a->desk.epoch == b->desk.epoch &&
           strcmp(a->desk.code, b->desk.code) == 0 && memcmp(a->desk.key, b->desk.key, sizeof a->desk.key) == 0 &&
           a->last_day == b->last_day;
}

static int is_same_key(const struct manifest_key *a, const struct manifest_key *b)
{
    return strcmp(a->use, b->use) == 0 && strcmp(a->name, b->name) == 0 && memcmp(a->key, b->key, sizeof a->key) == 0 &&
           a->seals == b->seals;
}

static void reads_again(void)
{
    struct buf written = BUF_INIT(MANIFEST_BYTES_MAX * 2);
    need(manifest_write(&first, key, &written) == ERR_OK);
    need(manifest_read(buf_text(&written), written.len, root, first.version, &again) == ERR_OK);
    need(again.desk_count == first.desk_count && again.key_count == first.key_count);
    for (size_t i = 0; i < first.desk_count; i++)
        need(is_same_desk(&again.desks[i], &first.desks[i]));
    for (size_t i = 0; i < first.key_count; i++)
        need(is_same_key(&again.keys[i], &first.keys[i]));
    buf_free(&written);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_cuts cuts = fuzz_cuts(data, size);
    struct buf note = BUF_INIT(1 << 20);
    size_t text_len;
    need(manifest_read((const char *)data, size, root, 1, &first) != ERR_OK);
    need(note_check((const char *)data, size, "recourse-root", root, &text_len) != ERR_OK);
    char *text = fuzz_text(data, size + 1 > 60000 ? 60000 : size), *end = text + strlen(text);
    if (end == text || end[-1] != '\n') {
        free(text);
        return 0;
    }
    need(note_sign("recourse-root", key, text, &note) == ERR_OK);
    need(note_check(buf_text(&note), note.len, "recourse-root", root, &text_len) == ERR_OK);
    need(text_len == strlen(text) && memcmp(note.bytes, text, text_len) == 0);
    if (manifest_read(buf_text(&note), note.len, root, 1, &first) == ERR_OK) {
        is_as_promised(&first);
        reads_again();
    }
    note.bytes[fuzz_draw(&cuts, text_len)] ^= 1;
    need(manifest_read(buf_text(&note), note.len, root, 1, &first) != ERR_OK);
    buf_free(&note);
    free(text);
    return 0;
}
