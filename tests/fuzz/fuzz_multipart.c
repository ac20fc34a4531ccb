/* fuzz_multipart.c -- any Content-Type (the first line) and form-data body: the same parts however it is cut, never
 * more of them or of their heads than the limits say, and no more content than came. */
#include "common/http/multipart.h"
#include "tests/fuzz/fuzz.h"

enum { NOTES_MAX = 1 << 20 };

struct notes {
    struct buf text;
    unsigned parts;
    int open;
    size_t content;
};

static enum err note_begin(void *room, const char *name, const char *filename, const char *type)
{
    struct notes *n = room;
    need(!n->open && name && ++n->parts <= MULTIPART_PARTS_MAX);
    need(strlen(name) + (filename ? strlen(filename) : 0) + (type ? strlen(type) : 0) <= MULTIPART_HEAD_MAX);
    n->open = 1;
    return buf_addf(&n->text, "[%s|%s|%s]", name, filename ? filename : "-", type ? type : "-");
}

static enum err note_piece(void *room, const uint8_t *piece, size_t len)
{
    struct notes *n = room;
    need(n->open && len > 0);
    n->content += len;
    return buf_add(&n->text, piece, len);
}

static enum err note_end(void *room)
{
    struct notes *n = room;
    need(n->open);
    n->open = 0;
    return buf_add_text(&n->text, "<end>");
}

static const struct multipart_calls calls = {note_begin, note_piece, note_end};

static enum err read_in_pieces(const char *type, const uint8_t *data, size_t size, unsigned most, struct notes *n)
{
    struct multipart *parser;
    struct fuzz_cuts cuts = fuzz_cuts(data, size);
    *n = (struct notes){.text = BUF_INIT(NOTES_MAX)};
    enum err err = multipart_new(type, &calls, n, &parser);
    if (err != ERR_OK)
        return err;
    for (size_t at = 0; at < size && err == ERR_OK;) {
        size_t len = most == 0 ? size : most == 1 ? 1 : fuzz_cut(&cuts, size - at);
        char *copy = fuzz_text(data + at, len);
        err = multipart_feed(parser, (const uint8_t *)copy, len);
        free(copy);
        at += len;
    }
    if (err == ERR_OK)
        err = multipart_end(parser);
    multipart_free(parser);
    need(err != ERR_OK || !n->open);
    need(n->content <= size);
    return err;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *type = fuzz_line(&data, &size);
    struct notes whole, other;
    enum err err = read_in_pieces(type, data, size, 0, &whole);
    for (unsigned most = 1; most <= 2; most++) {
        need(read_in_pieces(type, data, size, most, &other) == err);
        need(err != ERR_OK || (other.text.len == whole.text.len &&
                               memcmp(buf_text(&other.text), buf_text(&whole.text), whole.text.len) == 0));
        buf_free(&other.text);
    }
    buf_free(&whole.text);
    free(type);
    return 0;
}
