/* http_head.c -- see http_head.h. Lines are judged when their LF comes; bytes that may stand nowhere, at once. */
#include "common/http/http_head.h"

#include <string.h>
#include <strings.h>

#include "common/base/num.h"
#include "common/http/http_chars.h"
#include "common/http/http_line.h"
#include "common/http/http_names.h"

enum phase { PHASE_START, PHASE_START_CR, PHASE_REQUEST, PHASE_FIELDS };

int http_token_byte(uint8_t byte)
{
    return http_chars[byte] & CHAR_TOKEN;
}

void http_head_init(struct http_head *head)
{
    /* The field table needs no zeroes: field_count says what is valid. */
    memset(head, 0, offsetof(struct http_head, fields));
    head->bytes = BUF_INIT(LIMIT_HEAD_BYTES);
}

void http_head_free(struct http_head *head)
{
    buf_free(&head->bytes);
}

static int same_text(const uint8_t *bytes, size_t len, const char *text)
{
    return strlen(text) == len && strncasecmp((const char *)bytes, text, len) == 0;
}

/* --- fields --- */

int http_field_read(const uint8_t *line, size_t len, struct http_field *out)
{
    const uint8_t *colon = memchr(line, ':', len);
    if (!colon || colon == line || !http_chars_all(line, (size_t)(colon - line), CHAR_TOKEN))
        return 0;
    const uint8_t *value = colon + 1, *end = line + len;
    while (value < end && (*value == ' ' || *value == '\t'))
        value++;
    while (end > value && (end[-1] == ' ' || end[-1] == '\t'))
        end--;
    *out = (struct http_field){
        .name_len = (uint16_t)(colon - line), .value = (uint16_t)(value - line), .value_len = (uint16_t)(end - value)};
    return 1;
}

static enum http_verdict meet_host(struct http_head *head, const uint8_t *value, size_t len)
{
    if (head->host_count++)
        return http_head_refuse(head, 400, "There must be exactly one Host.");
    if (!http_authority_is_good(value, len))
        return http_head_refuse(head, 400, "The Host is not well formed.");
    return HTTP_MORE;
}

static enum http_verdict meet_length(struct http_head *head, const uint8_t *value, size_t len)
{
    if (head->has_length)
        return http_head_refuse(head, 400, "There must be at most one Content-Length.");
    head->has_length = 1;
    /* Zeroes in front are within the grammar, but some read them as octal. */
    if (len == 0 || (len > 1 && *value == '0') || len > LIMIT_LENGTH_DIGITS ||
        num_parse((const char *)value, len, 0, UINT64_MAX, &head->length) != ERR_OK)
        return http_head_refuse(head, 400, "The Content-Length is not a number.");
    return HTTP_MORE;
}

/* Calls `each` for the comma-separated parts, spaces around them cut off. */
static void each_part(struct http_head *head, const uint8_t *value, size_t len,
                      void (*each)(struct http_head *head, const uint8_t *part, size_t part_len))
{
    const uint8_t *end = value + len;
    while (value <= end) {
        const uint8_t *comma = memchr(value, ',', (size_t)(end - value));
        const uint8_t *stop = comma ? comma : end, *next = stop + 1;
        while (value < stop && (*value == ' ' || *value == '\t'))
            value++;
        while (stop > value && (stop[-1] == ' ' || stop[-1] == '\t'))
            stop--;
        each(head, value, (size_t)(stop - value));
        value = next;
    }
}

/* Parts of all Transfer-Encoding lines in order: `chunked` must be the only one and the last. */
static void meet_coding(struct http_head *head, const uint8_t *part, size_t len)
{
    if (head->chunked || len == 0)
        head->te_bad = 1;
    else if (same_text(part, len, "chunked"))
        head->chunked = 1;
    else if (http_chars_all(part, len, CHAR_TOKEN))
        head->te_unknown = 1;
    else
        head->te_bad = 1;
}

static enum http_verdict meet_encoding(struct http_head *head, const uint8_t *value, size_t len)
{
    head->te_seen = 1;
    each_part(head, value, len, meet_coding);
    return HTTP_MORE;
}

static void meet_option(struct http_head *head, const uint8_t *part, size_t len)
{
    if (same_text(part, len, "close"))
        head->close = 1;
    else if (len && !http_chars_all(part, len, CHAR_TOKEN))
        head->option_bad = 1;
}

static enum http_verdict meet_connection(struct http_head *head, const uint8_t *value, size_t len)
{
    each_part(head, value, len, meet_option);
    /* Who takes `close;x` for close and who does not would not agree on what comes next. */
    return head->option_bad ? http_head_refuse(head, 400, "The Connection is not well formed.") : HTTP_MORE;
}

static void meet_expectation(struct http_head *head, const uint8_t *part, size_t len)
{
    if (same_text(part, len, "100-continue"))
        head->expects = 1;
    else if (len)
        head->expect_unknown = 1;
}

static enum http_verdict meet_expect(struct http_head *head, const uint8_t *value, size_t len)
{
    each_part(head, value, len, meet_expectation);
    return HTTP_MORE;
}

static const struct {
    const char *name;
    enum http_verdict (*meet)(struct http_head *head, const uint8_t *value, size_t len);
} known_fields[] = {
    {"Host", meet_host},
    {"Content-Length", meet_length},
    {"Transfer-Encoding", meet_encoding},
    {"Connection", meet_connection},
    {"Expect", meet_expect},
};

/* Tabs around a value mean the same as spaces (RFC 9110 section 5.6.3), but not to every llhttp. */
static void blank_around(uint8_t *line, size_t len, const struct http_field *field)
{
    size_t before = (size_t)field->name_len + 1, after = (size_t)field->value + field->value_len;
    memset(line + before, ' ', field->value - before);
    memset(line + after, ' ', len - after);
}

static int has_field(const struct http_head *head, const uint8_t *name, size_t len)
{
    for (unsigned i = 0; i < head->field_count; i++)
        if (head->fields[i].name_len == len &&
            strncasecmp((const char *)head->bytes.bytes + head->fields[i].name, (const char *)name, len) == 0)
            return 1;
    return 0;
}

static enum http_verdict read_field(struct http_head *head, size_t len)
{
    uint8_t *line = head->bytes.bytes + head->line;
    struct http_field field;
    if (*line == ' ' || *line == '\t')
        return http_head_refuse(head, 400, "A header line may not begin with a space.");
    if (!http_field_read(line, len, &field))
        return http_head_refuse(head, 400, "A header line is not a name, a colon and a value.");
    if (head->field_count == LIMIT_HEADER_COUNT)
        return http_head_refuse(head, 431, "There are too many header lines.");
    for (size_t i = 0; i < sizeof known_fields / sizeof known_fields[0]; i++)
        if (same_text(line, field.name_len, known_fields[i].name)) {
            enum http_verdict verdict = known_fields[i].meet(head, line + field.value, field.value_len);
            if (verdict != HTTP_MORE)
                return verdict;
        }
    if (http_name_is_single(line, field.name_len) && has_field(head, line, field.name_len))
        return http_head_refuse(head, 400, "A header line stands twice that may stand once.");
    if (http_name_is_disguised(line, field.name_len))
        return http_head_refuse(head, 400, "A header line has a name that others may take for another.");
    blank_around(line, len, &field);
    field.name = head->line;
    field.value = (uint16_t)(field.value + head->line);
    head->fields[head->field_count++] = field;
    return HTTP_MORE;
}

/* --- the whole --- */

/* The port that goes without saying is cut off, and an empty one. */
static size_t bare_authority(const uint8_t *at, size_t len)
{
    static const char *const usual[] = {":80", ":443", ":"};
    for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++) {
        size_t port = strlen(usual[i]);
        if (len > port && memcmp(at + len - port, usual[i], port) == 0)
            return len - port;
    }
    return len;
}

static int host_agrees(const struct http_head *head)
{
    for (unsigned i = 0; i < head->field_count; i++) {
        const struct http_field *f = &head->fields[i];
        if (!same_text(head->bytes.bytes + f->name, f->name_len, "Host"))
            continue;
        const uint8_t *host = head->bytes.bytes + f->value, *authority = head->bytes.bytes + head->authority;
        size_t host_len = bare_authority(host, f->value_len);
        return host_len == bare_authority(authority, head->authority_len) &&
               strncasecmp((const char *)host, (const char *)authority, host_len) == 0;
    }
    return 1;
}

static enum http_verdict judge(struct http_head *head)
{
    int sends = (head->method & (HTTP_POST | HTTP_PUT | HTTP_PATCH)) != 0;
    if (head->host_count == 0 && head->minor)
        return http_head_refuse(head, 400, "There must be exactly one Host.");
    if (head->absolute && !host_agrees(head))
        return http_head_refuse(head, 400, "The Host and the address do not agree.");
    if (head->te_seen) {
        if (head->has_length)
            return http_head_refuse(head, 400, "Content-Length and Transfer-Encoding exclude each other.");
        if (head->minor == 0)
            return http_head_refuse(head, 400, "HTTP/1.0 has no Transfer-Encoding.");
        if (head->te_bad || !(head->chunked || head->te_unknown))
            return http_head_refuse(head, 400, "The Transfer-Encoding is not well formed.");
        if (head->te_unknown)
            return head->chunked ? http_head_refuse(head, 501, "Only the transfer coding chunked is known here.")
                                 : http_head_refuse(head, 400, "The last transfer coding must be chunked.");
    }
    if (head->chunked || head->length) {
        if (head->method & (HTTP_GET | HTTP_HEAD))
            return http_head_refuse(head, 400, "GET and HEAD have no body.");
        if (head->method == HTTP_OPTIONS && !has_field(head, (const uint8_t *)"Content-Type", strlen("Content-Type")))
            return http_head_refuse(head, 400, "A body of OPTIONS must say of what type it is.");
    }
    if (head->minor == 0)
        head->close = 1, head->expects = 0;
    else if (head->expect_unknown)
        return http_head_refuse(head, 417, "Only 100-continue can be expected here.");
    /* HTTP/1.1 without either has no body (RFC 9112 section 6.3); who asks to continue announces one. */
    if (sends && !head->has_length && !head->chunked && (head->minor == 0 || head->expects))
        return http_head_refuse(head, 411, "The length of the body must be given.");
    return HTTP_DONE;
}

/* A line ended; the last two bytes are CR LF. */
static enum http_verdict read_line(struct http_head *head)
{
    size_t len = head->bytes.len - head->line - 2;
    enum http_verdict verdict = HTTP_MORE;
    if (head->phase == PHASE_REQUEST) {
        verdict = http_line_read(head, len);
        head->phase = PHASE_FIELDS;
    } else {
        verdict = len == 0 ? judge(head) : read_field(head, len);
    }
    head->line = (uint16_t)head->bytes.len;
    return verdict;
}

/* Bytes before the request line: one CRLF is forgiven (RFC 9112 section 2.2). */
static enum http_verdict read_start(struct http_head *head, uint8_t byte)
{
    if (head->phase == PHASE_START && byte == '\r' && !head->last) {
        head->phase = PHASE_START_CR;
        return HTTP_MORE;
    }
    if (head->phase == PHASE_START_CR) {
        if (byte != '\n')
            return http_head_refuse(head, 400, "A CR stands alone.");
        head->phase = PHASE_START;
        head->last = '\n';
        return HTTP_MORE;
    }
    if (!http_token_byte(byte))
        return http_head_refuse(head, 400, "The request line does not begin with a method.");
    head->phase = PHASE_REQUEST;
    head->last = 0;
    return HTTP_MORE;
}

static enum http_verdict check_byte(struct http_head *head, uint8_t byte)
{
    if (head->last == '\r' && byte != '\n')
        return http_head_refuse(head, 400, "A CR stands alone.");
    if (byte == '\n' && head->last != '\r')
        return http_head_refuse(head, 400, "An LF stands alone.");
    head->last = byte;
    if (byte == '\r' || byte == '\n')
        return HTTP_MORE;
    if (!(http_chars[byte] & CHAR_VALUE))
        return http_head_refuse(head, 400, "A control character may not stand there.");
    if (head->phase == PHASE_REQUEST) {
        if (byte == '\t' || byte > 0x7f)
            return http_head_refuse(head, 400, "The request line holds a byte that may not stand there.");
        if (head->bytes.len == LIMIT_REQUEST_LINE)
            return http_line_too_long(head);
    }
    return HTTP_MORE;
}

enum http_verdict http_head_feed(struct http_head *head, const uint8_t *in, size_t len, size_t *used)
{
    enum http_verdict verdict = HTTP_MORE;
    size_t i = 0, kept = 0; /* in[kept..i) is looked at and not yet copied */
    while (i < len && verdict == HTTP_MORE) {
        uint8_t byte = in[i];
        if (head->phase < PHASE_REQUEST) {
            verdict = read_start(head, byte);
            if (head->phase < PHASE_REQUEST) {
                kept = ++i;
                continue;
            }
        }
        /* Plain bytes of header lines are the many; the rest of the loop is for the few. */
        if (head->phase == PHASE_FIELDS && head->last != '\r')
            while (i < len && http_chars[in[i]] & CHAR_VALUE)
                head->last = in[i++];
        if (i < len && verdict == HTTP_MORE) {
            byte = in[i++];
            verdict = check_byte(head, byte);
        }
        if (buf_add(&head->bytes, in + kept, i - kept) != ERR_OK) {
            /* The limit is where it is, however the bytes were cut: a fault beyond it is not seen. */
            verdict = http_head_refuse(head, 431, "The header is too large.");
            break;
        }
        kept = i;
        if (verdict == HTTP_MORE && head->last == '\n')
            verdict = read_line(head);
    }
    *used = i;
    return verdict;
}

void http_head_seal(struct http_head *head)
{
    uint8_t *bytes = head->bytes.bytes;
    bytes[head->path + head->path_len] = 0;
    bytes[head->query + head->query_len] = 0;
    for (unsigned i = 0; i < head->field_count; i++) {
        bytes[head->fields[i].name + head->fields[i].name_len] = 0;
        bytes[head->fields[i].value + head->fields[i].value_len] = 0;
    }
}

int http_head_is_bare(const struct http_head *head)
{
    static const char HEAD[] = "HEAD ";
    size_t len = sizeof HEAD - 1;
    return head->method == HTTP_HEAD ||
           (!head->method && head->bytes.len >= len && memcmp(head->bytes.bytes, HEAD, len) == 0);
}

const char *http_head_find(const struct http_head *head, const char *name)
{
    for (unsigned i = 0; i < head->field_count; i++)
        if (strcasecmp((const char *)head->bytes.bytes + head->fields[i].name, name) == 0)
            return (const char *)head->bytes.bytes + head->fields[i].value;
    return NULL;
}
