/* http_chunk.c -- see http_chunk.h. Lines are gathered, judged at their LF; content passes through uncopied. */
#include "common/http/http_chunk.h"

#include "common/http/http_chars.h"
#include "common/http/http_names.h"

enum phase { PHASE_SIZE, PHASE_CONTENT, PHASE_CONTENT_CR, PHASE_CONTENT_LF, PHASE_TRAILER };

/* 7 hex digits say 256 MiB, above every body limit: more than that is too large. 15 still fit in every 64-bit number:
 * more digits are no size but an attempt to overflow. */
enum { SIZE_DIGITS_MAX = 15, SIZE_MAX_VALUE = 0xfffffff };

void http_chunk_init(struct http_chunk *chunk)
{
    *chunk = (struct http_chunk){.line = BUF_INIT(LIMIT_TRAILER_BYTES), .shown = BUF_INIT(LIMIT_TRAILER_BYTES + 2)};
}

void http_chunk_free(struct http_chunk *chunk)
{
    buf_free(&chunk->line);
    buf_free(&chunk->shown);
}

static void show(struct http_chunk *chunk, const uint8_t *line, size_t len)
{
    need(buf_add(&chunk->shown, line, len) == ERR_OK && buf_add_text(&chunk->shown, "\r\n") == ERR_OK);
}

static enum http_verdict refuse(struct http_chunk *chunk, unsigned status, const char *says)
{
    chunk->status = status;
    chunk->says = says;
    return HTTP_REFUSED;
}

static size_t skip_space(const uint8_t *at, size_t i, size_t len)
{
    while (i < len && (at[i] == ' ' || at[i] == '\t'))
        i++;
    return i;
}

static size_t skip_token(const uint8_t *at, size_t i, size_t len)
{
    while (i < len && http_chars[at[i]] & CHAR_TOKEN)
        i++;
    return i;
}

/* Behind the closing quote, or 0. */
static size_t skip_quoted(const uint8_t *at, size_t i, size_t len)
{
    for (i++; i < len; i++) {
        if (at[i] == '\\')
            i++;
        else if (at[i] == '"')
            return i + 1;
    }
    return 0;
}

/* *( BWS ";" BWS token [ BWS "=" BWS ( token / quoted-string ) ] ) and nothing behind it. */
static int extensions_are_good(const uint8_t *at, size_t len)
{
    size_t i = 0;
    while (i < len) {
        i = skip_space(at, i, len);
        if (i == len || at[i] != ';')
            return 0;
        size_t name = skip_space(at, i + 1, len);
        i = skip_token(at, name, len);
        if (i == name)
            return 0;
        size_t equals = skip_space(at, i, len);
        if (equals == len || at[equals] != '=')
            continue;
        size_t value = skip_space(at, equals + 1, len);
        i = value < len && at[value] == '"' ? skip_quoted(at, value, len) : skip_token(at, value, len);
        if (i <= value)
            return 0;
    }
    return 1;
}

static enum http_verdict read_size(struct http_chunk *chunk, const uint8_t *line, size_t len)
{
    size_t digits = 0;
    uint64_t size = 0;
    for (; digits < len && http_chars[line[digits]] & CHAR_HEX; digits++) {
        if (digits == SIZE_DIGITS_MAX)
            return refuse(chunk, 400, "A chunk size has too many digits.");
        size = size * 16 + http_hex(line[digits]);
    }
    if (digits == 0)
        return refuse(chunk, 400, "A chunk size must be hexadecimal digits.");
    if (!extensions_are_good(line + digits, len - digits))
        return refuse(chunk, 400, "A chunk size is followed by something else.");
    chunk->extension_bytes = (uint16_t)(chunk->extension_bytes + (len - digits));
    if (chunk->extension_bytes > LIMIT_CHUNK_EXTENSIONS)
        return refuse(chunk, 400, "There are too many chunk extensions.");
    if (size > SIZE_MAX_VALUE)
        return refuse(chunk, 413, "The body is too large.");
    show(chunk, line, digits);
    chunk->left = size;
    chunk->phase = size ? PHASE_CONTENT : PHASE_TRAILER;
    return HTTP_MORE;
}

static enum http_verdict read_trailer(struct http_chunk *chunk, const uint8_t *line, size_t len)
{
    struct http_field field;
    if (len == 0) {
        show(chunk, line, 0);
        return HTTP_DONE;
    }
    if (!http_field_read(line, len, &field))
        return refuse(chunk, 400, "A trailer line is not a name, a colon and a value.");
    if (!http_name_may_trail(line, field.name_len))
        return refuse(chunk, 400, "A trailer line says what can only be said before the body.");
    if (++chunk->trailers > LIMIT_TRAILER_COUNT)
        return refuse(chunk, 431, "There are too many trailer lines.");
    show(chunk, line, len);
    return HTTP_MORE;
}

/* One byte of a chunk line or trailer line. */
static enum http_verdict line_byte(struct http_chunk *chunk, uint8_t byte)
{
    if (chunk->last == '\r' && byte != '\n')
        return refuse(chunk, 400, "A CR stands alone.");
    if (byte == '\n' && chunk->last != '\r')
        return refuse(chunk, 400, "An LF stands alone.");
    chunk->last = byte;
    if (byte == '\r')
        return HTTP_MORE;
    if (byte != '\n') {
        if (!(http_chars[byte] & CHAR_VALUE))
            return refuse(chunk, 400, "A control character may not stand there.");
        if (chunk->phase == PHASE_SIZE && chunk->line.len == LIMIT_CHUNK_LINE)
            return refuse(chunk, 400, "A chunk line is too long.");
        if (chunk->phase == PHASE_TRAILER && ++chunk->trailer_bytes > LIMIT_TRAILER_BYTES)
            return refuse(chunk, 431, "The trailers are too large.");
        need(buf_add_byte(&chunk->line, byte) == ERR_OK);
        return HTTP_MORE;
    }
    const uint8_t *line = (const uint8_t *)buf_text(&chunk->line);
    enum http_verdict verdict = chunk->phase == PHASE_SIZE ? read_size(chunk, line, chunk->line.len)
                                                           : read_trailer(chunk, line, chunk->line.len);
    buf_clear(&chunk->line);
    chunk->last = 0;
    return verdict;
}

static size_t take_content(struct http_chunk *chunk, const uint8_t *in, size_t len, const uint8_t **data,
                           size_t *data_len)
{
    size_t span = len < chunk->left ? len : (size_t)chunk->left;
    *data = in;
    *data_len = span;
    chunk->left -= span;
    if (chunk->left == 0)
        chunk->phase = PHASE_CONTENT_CR;
    return span;
}

/* The CRLF behind a chunk's content. */
static enum http_verdict content_end_byte(struct http_chunk *chunk, uint8_t byte)
{
    if (byte != (chunk->phase == PHASE_CONTENT_CR ? '\r' : '\n'))
        return refuse(chunk, 400, "A chunk does not end where its size says.");
    if (chunk->phase == PHASE_CONTENT_LF)
        show(chunk, NULL, 0);
    chunk->phase = chunk->phase == PHASE_CONTENT_CR ? PHASE_CONTENT_LF : PHASE_SIZE;
    return HTTP_MORE;
}

enum http_verdict http_chunk_feed(struct http_chunk *chunk, const uint8_t *in, size_t len, size_t *used,
                                  const uint8_t **data, size_t *data_len)
{
    *data = NULL;
    *data_len = 0;
    buf_clear(&chunk->shown);
    enum http_verdict verdict = HTTP_MORE;
    size_t i = 0;
    while (i < len && verdict == HTTP_MORE && !chunk->shown.len) {
        if (chunk->phase == PHASE_CONTENT) {
            i += take_content(chunk, in + i, len - i, data, data_len);
            break;
        }
        uint8_t byte = in[i++];
        verdict = chunk->phase == PHASE_CONTENT_CR || chunk->phase == PHASE_CONTENT_LF ? content_end_byte(chunk, byte)
                                                                                       : line_byte(chunk, byte);
    }
    *used = i;
    return verdict;
}
