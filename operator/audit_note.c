/* audit_note.c -- see audit_note.h. */
#include "operator/audit_note.h"

#include <string.h>

#include "common/base/code.h"
#include "common/base/num.h"
#include "common/seal/note.h"

static const char stamp[] = "time ";
static const char dash[] = "\xe2\x80\x94 ";

/* The next line of what is left, without its end. */
static int take_line(const char **at, size_t *left, const char **line, size_t *len)
{
    const char *end = *left ? memchr(*at, '\n', *left) : NULL;
    if (!end)
        return 0;
    *line = *at;
    *len = (size_t)(end - *at);
    *left -= *len + 1;
    *at = end + 1;
    return 1;
}

enum err audit_note_read(const char *note, size_t len, const uint8_t public_key[static 32], struct audit_note *out)
{
    const char *at = note, *line;
    size_t left = len, line_len, text_len;
    memset(out, 0, sizeof *out);
    if (len > AUDIT_NOTE_MAX || !take_line(&at, &left, &line, &line_len) || line_len == 0 ||
        line_len >= sizeof out->origin || memchr(line, 0, line_len))
        return ERR_MALFORMED;
    memcpy(out->origin, line, line_len);
    if (!take_line(&at, &left, &line, &line_len) || num_parse(line, line_len, 0, INT64_MAX, &out->size) != ERR_OK ||
        !take_line(&at, &left, &line, &line_len) ||
        code_unbase64_exact(line, line_len, out->root, sizeof out->root) != ERR_OK)
        return ERR_MALFORMED;
    if (take_line(&at, &left, &line, &line_len) && line_len >= sizeof stamp - 1 + 10 &&
        memcmp(line, stamp, sizeof stamp - 1) == 0 && line[sizeof stamp + 3] == '-' && line[sizeof stamp + 6] == '-')
        memcpy(out->day, line + sizeof stamp - 1, 10);
    return note_check(note, len, out->origin, public_key, &text_len);
}

enum err audit_note_next(const char *file, size_t len, size_t *at, const char **out, size_t *out_len)
{
    while (*at < len && file[*at] == '\n')
        ++*at;
    const char *next = file + *at, *line;
    size_t left = len - *at, line_len, signers = 0;
    int in_text = 1;
    *out = next;
    if (left == 0)
        return ERR_NOT_FOUND;
    for (const char *before = next; take_line(&next, &left, &line, &line_len); before = next) {
        int is_signer = line_len >= sizeof dash - 1 && memcmp(line, dash, sizeof dash - 1) == 0;
        if (!in_text && !is_signer) {
            next = before;
            break;
        }
        signers += !in_text;
        in_text = in_text && line_len != 0;
    }
    *out_len = (size_t)(next - *out);
    *at += *out_len;
    return signers ? ERR_OK : ERR_MALFORMED;
}
