/* provider_kannel.c -- Kannel 1.4.5: smsbox calls us with get-url or post-url, we call its sendsms.
 *
 * Kannel signs nothing, so the webhook carries a secret of at least 128 bits (query parameter `key`, or Basic password)
 * and comes over loopback or TLS. Source: Kannel User's Guide 1.4.5, "SMS-service group" and "Using the HTTP
 * interface". docs/sms.md ships the configuration that fits this file. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "common/base/code.h"
#include "common/base/mem.h"
#include "common/http/form.h"
#include "common/seal/sign.h"
#include "common/text/utf8.h"
#include "sms-gateway/provider.h"

static const char *kannel_lacks(const struct channel *channel)
{
    return channel->secret.len < 16 ? "needs `secret`, a file with at least 16 characters that its webhook carries"
           : !channel->api_url[0]   ? "needs `send_url`, Kannel's sendsms address"
                                    : NULL;
}

/* Compare by hash: the time tells neither the length nor where the two differ. */
static int same_secret(const struct buf *secret, const char *given, size_t len)
{
    uint8_t a[32], b[32];
    sign_sha256(secret->bytes, secret->len, a);
    sign_sha256(given, len, b);
    return mem_same(a, b, sizeof a);
}

static int basic_password_matches(const struct channel *channel, const char *authorization)
{
    struct buf plain = BUF_INIT(512);
    int same = 0;
    if (authorization && strncasecmp(authorization, "Basic ", 6) == 0 &&
        code_unbase64(authorization + 6, strlen(authorization + 6), &plain) == ERR_OK) {
        const char *colon = strchr(buf_text(&plain), ':');
        same = colon && same_secret(&channel->secret, colon + 1, strlen(colon + 1));
    }
    buf_free(&plain);
    return same;
}

static enum err kannel_verify(const struct channel *channel, const struct webhook *hook)
{
    if (basic_password_matches(channel, hook->authorization))
        return ERR_OK;
    struct form form;
    enum err err = form_read(&form, hook->query, strlen(hook->query));
    const char *key = err == ERR_OK ? form_get(&form, "key") : NULL;
    err = key && same_secret(&channel->secret, key, strlen(key)) ? ERR_OK : ERR_DENIED;
    form_free(&form);
    return err;
}

static enum err copy_field(char *to, size_t size, const char *from)
{
    if (!from)
        return ERR_OK;
    if (strlen(from) >= size)
        return ERR_TOO_BIG;
    snprintf(to, size, "%s", from);
    /* A name in place of a number may come in the letters of its line. It could not be sealed, and so the text not
     * kept. */
    for (char *c = to; *c && !utf8_valid(to, strlen(to)); c++)
        if (*c & 0x80)
            *c = '?';
    return ERR_OK;
}

/* Kannel's %b without mo-recode: big-endian UTF-16. */
static enum err utf16_to_utf8(const uint8_t *bytes, size_t len, struct buf *out)
{
    if (len % 2)
        return ERR_MALFORMED;
    enum err err = ERR_OK;
    for (size_t i = 0; i < len && err == ERR_OK; i += 2) {
        uint32_t c = (uint32_t)bytes[i] << 8 | bytes[i + 1];
        if (c >= 0xd800 && c < 0xdc00 && i + 3 < len) {
            uint32_t low = (uint32_t)bytes[i + 2] << 8 | bytes[i + 3];
            if (low >= 0xdc00 && low < 0xe000) {
                c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
                i += 2;
            }
        }
        if (c >= 0xd800 && c < 0xe000)
            c = 0xfffd;
        char put[4];
        err = buf_add(out, put, utf8_put(c, put));
    }
    return err;
}

/* Bytes that are not UTF-8 are Latin-1 (Kannel's WINDOWS-1252 differs only where nobody types). */
static enum err add_text(struct buf *out, const uint8_t *bytes, size_t len, const char *charset)
{
    if (charset && strncasecmp(charset, "UTF-16BE", 8) == 0)
        return utf16_to_utf8(bytes, len, out);
    if (utf8_valid(bytes, len))
        return buf_add(out, bytes, len);
    enum err err = ERR_OK;
    for (size_t i = 0; i < len && err == ERR_OK; i++) {
        char put[4];
        err = buf_add(out, put, utf8_put(bytes[i], put));
    }
    return err;
}

/* post-url: the text is the body, sender and receiver are headers, id and time stand in the query.
 * get-url: everything stands in the query. */
static enum err kannel_read(const struct channel *channel, const struct webhook *hook, struct text_in *out)
{
    (void)channel;
    struct form form;
    enum err err = form_read(&form, hook->query, strlen(hook->query));
    const char *from = hook->header_from, *to = hook->header_to, *charset = hook->header_charset;
    const uint8_t *text = hook->body;
    size_t text_len = hook->body_len;
    if (err == ERR_OK && hook->is_get) {
        from = form_get(&form, "from");
        to = form_get(&form, "to");
        charset = form_get(&form, "charset");
        const struct form_field *said = form_find(&form, "text");
        text = said ? (const uint8_t *)said->value : NULL;
        text_len = said ? said->value_len : 0;
    } else if (err == ERR_OK && hook->content_type) {
        const char *named = strcasestr(hook->content_type, "charset=");
        charset = named ? named + 8 + (named[8] == '"') : charset;
    }
    if (err == ERR_OK && (!from || !*from || (!text && text_len) || (hook->is_get && !text)))
        err = ERR_MALFORMED;
    if (err == ERR_OK)
        err = copy_field(out->from, sizeof out->from, from);
    if (err == ERR_OK)
        err = copy_field(out->to, sizeof out->to, to);
    if (err == ERR_OK)
        err = copy_field(out->provider_id, sizeof out->provider_id, form_get(&form, "id"));
    if (err == ERR_OK)
        err = copy_field(out->provider_at, sizeof out->provider_at, form_get(&form, "time"));
    if (err == ERR_OK)
        err = add_text(&out->text, text, text_len, charset);
    form_free(&form);
    return err;
}

static const char *kannel_answer(const char *reply, struct buf *out, const char **out_coding)
{
    *out_coding = reply && !provider_is_gsm(reply) ? "2" : NULL;
    if (reply && buf_add_text(out, reply) != ERR_OK)
        buf_clear(out);
    return "text/plain; charset=UTF-8";
}

/* sendsms by POST with headers: a GET would put number, text and password into Kannel's log. */
static enum err kannel_send(const struct channel *channel, const char *to, const char *text, struct send_out *out)
{
    if ((size_t)snprintf(out->url, sizeof out->url, "%s", channel->api_url) >= sizeof out->url)
        return ERR_TOO_BIG;
    snprintf(out->headers[0], sizeof out->headers[0], "Content-Type: text/plain; charset=UTF-8");
    snprintf(out->headers[1], sizeof out->headers[1], "X-Kannel-To: %s", to);
    snprintf(out->headers[2], sizeof out->headers[2], "X-Kannel-From: %s", channel->number);
    snprintf(out->headers[3], sizeof out->headers[3], "X-Kannel-Username: %s", channel->username);
    snprintf(out->headers[4], sizeof out->headers[4], "X-Kannel-Password: %s", buf_text(&channel->password));
    if (!provider_is_gsm(text))
        snprintf(out->headers[5], sizeof out->headers[5], "X-Kannel-Coding: 2");
    return buf_add_text(&out->body, text);
}

static enum send_verdict kannel_sent(long status, const uint8_t *body, size_t len)
{
    (void)body;
    (void)len;
    if (status == 200 || status == 202)
        return SEND_DONE;
    /* Not the text is wrong but what the operator has set, and that may be put right while it waits. */
    if (status == 401 || status == 403 || status == 404 || status == 408 || status == 429)
        return SEND_LATER;
    return status >= 400 && status < 500 ? SEND_NEVER : SEND_LATER;
}

const struct sms_provider provider_kannel = {
    .name = "kannel",
    .to_phones = 1,
    .lacks = kannel_lacks,
    .verify = kannel_verify,
    .read = kannel_read,
    .answer = kannel_answer,
    .send = kannel_send,
    .sent = kannel_sent,
};
