/* http_line.c -- see http_line.h. */
#include "common/http/http_line.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

#include "common/base/num.h"
#include "common/http/http_chars.h"

static const struct {
    const char *name;
    enum http_method method;
} methods[] = {
    {"GET", HTTP_GET},     {"HEAD", HTTP_HEAD},     {"POST", HTTP_POST},       {"PUT", HTTP_PUT},
    {"PATCH", HTTP_PATCH}, {"DELETE", HTTP_DELETE}, {"OPTIONS", HTTP_OPTIONS},
};
enum { METHOD_COUNT = sizeof methods / sizeof methods[0] };

const char *http_method_name(enum http_method method)
{
    for (unsigned i = 0; i < METHOD_COUNT; i++)
        if (methods[i].method == method)
            return methods[i].name;
    return "";
}

enum http_verdict http_head_refuse(struct http_head *head, unsigned status, const char *says)
{
    head->status = status;
    head->says = says;
    return HTTP_REFUSED;
}

static enum http_verdict read_version(struct http_head *head, uint8_t *at, size_t len)
{
    if (len != 8 || memcmp(at, "HTTP/", 5) != 0 || at[6] != '.' || !(http_chars[at[5]] & CHAR_DIGIT) ||
        !(http_chars[at[7]] & CHAR_DIGIT))
        return http_head_refuse(head, 400, "The request line does not end in an HTTP version.");
    if (at[5] != '1')
        return http_head_refuse(head, 505, "Only HTTP/1.1 and HTTP/1.0 are spoken here.");
    head->minor = at[7] != '0';
    /* A higher minor version is spoken to as the highest that we know (RFC 9110 section 2.5). */
    if (head->minor)
        at[7] = '1';
    return HTTP_MORE;
}

static enum http_verdict read_method(struct http_head *head, const uint8_t *at, size_t len)
{
    if (len == 0 || !http_chars_all(at, len, CHAR_TOKEN))
        return http_head_refuse(head, 400, "The request line does not begin with a method.");
    for (unsigned i = 0; i < METHOD_COUNT; i++)
        if (strlen(methods[i].name) == len && memcmp(methods[i].name, at, len) == 0) {
            head->method = methods[i].method;
            return HTTP_MORE;
        }
    return http_head_refuse(head, 501, "This method is not known here.");
}

int http_authority_is_good(const uint8_t *at, size_t len)
{
    const uint8_t *end = at + len, *port;
    if (len && *at == '[') {
        const uint8_t *close = memchr(at, ']', len);
        char inside[INET6_ADDRSTRLEN];
        struct in6_addr address;
        if (!close || (size_t)(close - at - 1) >= sizeof inside)
            return 0;
        memcpy(inside, at + 1, (size_t)(close - at - 1));
        inside[close - at - 1] = 0;
        if (inet_pton(AF_INET6, inside, &address) != 1)
            return 0;
        port = close + 1;
    } else {
        for (port = at; port < end && http_chars[*port] & CHAR_HOST; port++)
            ;
        if (port == at || port - at > 255)
            return 0;
    }
    if (port == end)
        return 1;
    uint64_t number;
    return *port == ':' && (port + 1 == end ||
                            num_parse((const char *)port + 1, (size_t)(end - port - 1), 1, 65535, &number) == ERR_OK);
}

/* No tunnels here, but what asks for one without a host or a port is not even a method that we lack (RFC 9110 section
 * 9.3.6). */
static enum http_verdict read_connect(struct http_head *head, const uint8_t *target, size_t len)
{
    if (len && http_authority_is_good(target, len) && memchr(target, ':', len) &&
        http_chars[target[len - 1]] & CHAR_DIGIT)
        return HTTP_MORE;
    return http_head_refuse(head, 400, "CONNECT must name a host and a port.");
}

/* What `%XX` may stand for. In a path: no control character and no byte that UTF-8 never has. In a query, where a text
 * of several lines is honest: anything but NUL. */
static int percent_is_good(uint8_t byte, int in_query)
{
    int in_utf8 = byte != 0xc0 && byte != 0xc1 && byte < 0xf5;
    return in_query ? byte != 0 : byte >= 0x20 && byte != 0x7f && in_utf8;
}

static int percents_are_good(const uint8_t *at, size_t len)
{
    int in_query = 0;
    for (size_t i = 0; i < len; i++) {
        in_query |= at[i] == '?';
        if (at[i] != '%')
            continue;
        if (len - i < 3 || !(http_chars[at[i + 1]] & CHAR_HEX) || !(http_chars[at[i + 2]] & CHAR_HEX) ||
            !percent_is_good((uint8_t)(http_hex(at[i + 1]) << 4 | http_hex(at[i + 2])), in_query))
            return 0;
    }
    return 1;
}

/* Offset of the path in an absolute-form target, 0 if it is not one. */
static size_t read_absolute(struct http_head *head, const uint8_t *at, size_t len)
{
    size_t scheme = len > 7 && strncasecmp((const char *)at, "http://", 7) == 0    ? 7
                    : len > 8 && strncasecmp((const char *)at, "https://", 8) == 0 ? 8
                                                                                   : 0;
    if (!scheme)
        return 0;
    size_t end = scheme;
    while (end < len && at[end] != '/' && at[end] != '?')
        end++;
    if (!http_authority_is_good(at + scheme, end - scheme))
        return 0;
    head->absolute = 1;
    head->authority = (uint16_t)(head->target + scheme);
    head->authority_len = (uint16_t)(end - scheme);
    return end;
}

static enum http_verdict read_target(struct http_head *head, size_t offset, size_t len)
{
    const uint8_t *at = head->bytes.bytes + offset;
    if (len > LIMIT_TARGET_BYTES)
        return http_head_refuse(head, 414, "The address is too long.");
    head->target = (uint16_t)offset;
    head->target_len = (uint16_t)len;
    size_t path = 0;
    if (len == 0)
        return http_head_refuse(head, 400, "The request line has no address.");
    if (len == 1 && *at == '*') {
        if (head->method != HTTP_OPTIONS)
            return http_head_refuse(head, 400, "Only OPTIONS may ask about '*'.");
    } else if (*at != '/' && !(path = read_absolute(head, at, len))) {
        return http_head_refuse(head, 400, "The address must begin with '/' or be a whole http address.");
    }
    if (!http_chars_all(at + path, len - path, CHAR_TARGET) || !percents_are_good(at + path, len - path))
        return http_head_refuse(head, 400, "The address holds a character that may not stand there.");
    const uint8_t *question = memchr(at + path, '?', len - path);
    size_t path_end = question ? (size_t)(question - at) : len;
    head->path = (uint16_t)(offset + path);
    head->path_len = (uint16_t)(path_end - path);
    head->query = (uint16_t)(offset + (question ? path_end + 1 : len));
    head->query_len = (uint16_t)(question ? len - path_end - 1 : 0);
    return HTTP_MORE;
}

enum http_verdict http_line_too_long(struct http_head *head)
{
    const uint8_t *line = head->bytes.bytes, *space = memchr(line, ' ', head->bytes.len);
    if (!space)
        return http_head_refuse(head, 400, "The request line must be a method, an address and a version.");
    if (space - line > LIMIT_METHOD_BYTES)
        return http_head_refuse(head, 501, "This method is not known here.");
    return http_head_refuse(head, 414, "The address is too long.");
}

enum http_verdict http_line_read(struct http_head *head, size_t len)
{
    uint8_t *line = head->bytes.bytes + head->line;
    uint8_t *first = memchr(line, ' ', len), *last = memrchr(line, ' ', len);
    if (!first || first == last || memchr(first + 1, ' ', (size_t)(last - first - 1)))
        return http_head_refuse(head, 400, "The request line must be a method, an address and a version.");
    size_t method_len = (size_t)(first - line), target_len = (size_t)(last - first - 1);
    enum http_verdict verdict = read_version(head, last + 1, (size_t)(line + len - last - 1));
    if (verdict == HTTP_MORE && method_len == 7 && memcmp(line, "CONNECT", 7) == 0)
        verdict = read_connect(head, first + 1, target_len);
    if (verdict == HTTP_MORE)
        verdict = read_method(head, line, method_len);
    if (verdict == HTTP_MORE)
        verdict = read_target(head, (size_t)(first + 1 - head->bytes.bytes), target_len);
    return verdict;
}
