/* fuzz_audit_note.c -- any file of checkpoints (operator/audit_note.h): cut into notes that follow each other and lose
 * nothing; unsigned notes are never accepted, signed ones are, and give what they say. */
#include "common/seal/note.h"
#include "operator/audit_note.h"
#include "tests/fuzz/fuzz.h"

static const uint8_t seed[32] = {4, 3};
static uint8_t log_public[32];
static struct sign_key *key;

void fuzz_start(void)
{
    need(sign_key_new(seed, &key) == ERR_OK);
    sign_key_public(key, log_public);
}

/* How many notes; each begins behind the one before, with nothing but empty lines between. */
static size_t cut_all(const char *file, size_t len)
{
    size_t at = 0, before = 0, notes = 0, note_len;
    struct audit_note read;
    const char *note;
    while (audit_note_next(file, len, &at, &note, &note_len) == ERR_OK) {
        need(note >= file + before && note_len > 0 && at <= len && note + note_len == file + at);
        for (const char *c = file + before; c < note; c++)
            need(*c == '\n');
        need(audit_note_read(note, note_len, log_public, &read) != ERR_OK);
        before = at;
        notes++;
    }
    return notes;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct audit_note read;
    struct buf note = BUF_INIT(1 << 20);
    char *text = fuzz_text(data, size);
    size_t origin = strcspn(text, "\n"), len = strlen(text);
    cut_all(text, size);
    need(audit_note_read(text, size, log_public, &read) != ERR_OK);
    if (len && text[len - 1] == '\n' && origin && strcspn(text, " +\n") == origin && origin < AUDIT_ORIGIN_MAX) {
        char *name = fuzz_text(data, origin);
        need(note_sign(name, key, text, &note) == ERR_OK);
        if (audit_note_read(buf_text(&note), note.len, log_public, &read) == ERR_OK) {
            need(strcmp(read.origin, name) == 0 && read.size <= INT64_MAX && note.len <= AUDIT_NOTE_MAX);
            note.bytes[len - 1 - len / 3] ^= 1;
            need(audit_note_read(buf_text(&note), note.len, log_public, &read) != ERR_OK);
        }
        free(name);
    }
    buf_free(&note);
    free(text);
    return 0;
}
