/* fuzz_http.c -- any bytes on a connection (common/http/http_message.h): which requests they are, and why they are
 * refused, does not depend on how they came; nothing is read behind a refusal; what is handed on is within its limits
 * and holds no byte that could be taken for the end of a line. */
#include "common/http/http_chars.h"
#include "common/http/http_message.h"
#include "tests/fuzz/fuzz.h"

enum { TOLD_MAX = 1 << 20 };

struct reader {
    struct http_message message;
    struct buf told; /* all that was read, in words */
    int begun, refused;
};

static void tell(struct buf *told, const char *what, const uint8_t *at, size_t len)
{
    need(buf_addf(told, "%s %zu ", what, len) == ERR_OK && buf_add(told, at, len) == ERR_OK);
}

static void head_read(struct reader *r)
{
    const struct http_head *head = &r->message.head;
    const uint8_t *bytes = head->bytes.bytes;
    need(head->bytes.len <= LIMIT_HEAD_BYTES && head->field_count <= LIMIT_HEADER_COUNT);
    need(*http_method_name(head->method) && (head->path_len > 0 || head->absolute));
    need(http_chars_all(bytes + head->path, head->path_len, CHAR_TARGET));
    need(http_chars_all(bytes + head->query, head->query_len, CHAR_TARGET));
    tell(&r->told, http_method_name(head->method), bytes + head->path, head->path_len);
    tell(&r->told, "?", bytes + head->query, head->query_len);
    for (unsigned i = 0; i < head->field_count; i++) {
        const struct http_field *f = &head->fields[i];
        need(http_chars_all(bytes + f->name, f->name_len, CHAR_TOKEN) && f->name_len > 0);
        need(http_chars_all(bytes + f->value, f->value_len, CHAR_VALUE));
        need(http_head_find(head, (const char *)bytes + f->name) != NULL);
        tell(&r->told, "\nfield", bytes + f->name, f->name_len);
        tell(&r->told, "", bytes + f->value, f->value_len);
    }
    need(!(head->chunked && head->has_length));
    need(buf_addf(&r->told, "\n%d %d %llu\n", head->chunked, head->close, (unsigned long long)head->length) == ERR_OK);
}

static void feed(struct reader *r, const uint8_t *in, size_t len)
{
    int again = 0;
    while ((len || again) && !r->refused) {
        if (!r->begun)
            http_message_init(&r->message);
        r->begun = 1;
        const uint8_t *piece;
        size_t used, piece_len;
        enum http_event event = http_message_feed(&r->message, in, len, &used, &piece, &piece_len);
        need(used <= len && piece_len <= len);
        again = event == HTTP_EVENT_HEAD || event == HTTP_EVENT_PIECE;
        if (event == HTTP_EVENT_HEAD)
            head_read(r);
        if (event == HTTP_EVENT_PIECE)
            need(piece >= in && piece + piece_len <= in + len && buf_add(&r->told, piece, piece_len) == ERR_OK);
        if (event == HTTP_EVENT_REFUSED) {
            r->refused = 1;
            need(r->message.status >= 400 && r->message.status < 600 && r->message.says);
            need(buf_addf(&r->told, "\nrefused %u %s", r->message.status, r->message.says) == ERR_OK);
        }
        if (event == HTTP_EVENT_DONE) {
            need(buf_add_text(&r->told, "\ndone\n") == ERR_OK);
            http_message_free(&r->message);
            r->begun = 0;
        }
        need(used || again || event == HTTP_EVENT_DONE || r->refused || used == len);
        in += used;
        len -= used;
    }
}

/* `most` 0: all at once; 1: byte by byte; more: in pieces drawn from the input. */
static struct buf read_in_pieces(const uint8_t *data, size_t size, unsigned most)
{
    struct reader r = {.told = BUF_INIT(TOLD_MAX)};
    struct fuzz_cuts cuts = fuzz_cuts(data, size);
    for (size_t at = 0; at < size;) {
        size_t len = most == 0 ? size : most == 1 ? 1 : fuzz_cut(&cuts, size - at);
        char *copy = fuzz_text(data + at, len);
        feed(&r, (const uint8_t *)copy, len);
        free(copy);
        at += len;
    }
    if (r.begun)
        http_message_free(&r.message);
    return r.told;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buf whole = read_in_pieces(data, size, 0);
    for (unsigned most = 1; most <= 2; most++) {
        struct buf other = read_in_pieces(data, size, most);
        need(whole.len == other.len && memcmp(buf_text(&whole), buf_text(&other), whole.len) == 0);
        buf_free(&other);
    }
    buf_free(&whole);
    return 0;
}
