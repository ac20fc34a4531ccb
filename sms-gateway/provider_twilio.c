/* provider_twilio.c -- Twilio's Programmable Messaging: signed form posts in, Messages.json out.
 *
 * Signature: base64(HMAC-SHA1(auth token, URL + every parameter name and value, sorted by name, repeated values once,
 * sorted)). The URL is the one configured (never from Host), with the query of the request; Twilio may sign it with or
 * without its port, so each form is tried. Source: twilio-python request_validator.py, twilio-node webhooks.ts; vectors
 * in tests/vectors/webhooks.json. */
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/code.h"
#include "common/base/mem.h"
#include "common/http/form.h"
#include "common/http/urlencoded.h"
#include "common/text/json.h"
#include "sms-gateway/provider.h"

enum { SIGNED_MAX = 256 * 1024, URL_VARIANTS = 2 };

static const char *twilio_lacks(const struct channel *channel)
{
    return !channel->account[0]      ? "needs `account`, the Twilio account id"
           : !channel->secret.len    ? "needs `token`, a file with the account's auth token"
           : !channel->public_url[0] ? "needs `public_url`, the address Twilio calls"
                                     : NULL;
}

struct pair {
    const char *name, *value;
};

static int pair_order(const void *a, const void *b)
{
    const struct pair *x = a, *y = b;
    int by_name = strcmp(x->name, y->name);
    return by_name ? by_name : strcmp(x->value, y->value);
}

/* Names and values in the order in which they are signed; a value repeated under one name counts once. */
static enum err add_sorted(struct buf *out, const struct form *form)
{
    struct pair *pairs = mem_new_array(form->count + 1, sizeof *pairs);
    enum err err = ERR_OK;
    for (unsigned i = 0; i < form->count; i++)
        pairs[i] = (struct pair){form->fields[i].name, form->fields[i].value};
    qsort(pairs, form->count, sizeof *pairs, pair_order);
    for (unsigned i = 0; i < form->count && err == ERR_OK; i++) {
        if (i && pair_order(&pairs[i - 1], &pairs[i]) == 0)
            continue;
        err = buf_add_text(out, pairs[i].name);
        if (err == ERR_OK)
            err = buf_add_text(out, pairs[i].value);
    }
    mem_free(pairs);
    return err;
}

/* Variant 0: as configured. Variant 1: the default port added, or a given port taken away. */
static enum err add_url(struct buf *out, const char *url, int variant)
{
    const char *host = strstr(url, "://");
    if (!host)
        return ERR_MALFORMED;
    host += 3;
    size_t host_len = strcspn(host, "/?");
    const char *port = memchr(host, ':', host_len);
    if (variant == 0)
        return buf_add_text(out, url);
    size_t keep = port ? (size_t)(port - url) : (size_t)(host + host_len - url);
    enum err err = buf_add(out, url, keep);
    if (err == ERR_OK && !port)
        err = buf_add_text(out, strncmp(url, "https", 5) == 0 ? ":443" : ":80");
    return err == ERR_OK ? buf_add_text(out, host + host_len) : err;
}

static int signature_matches(const struct channel *channel, const struct buf *text, const char *given)
{
    uint8_t mac[EVP_MAX_MD_SIZE];
    unsigned mac_len = 0;
    char expected[CODE_BASE64_SIZE(20)];
    if (!HMAC(EVP_sha1(), channel->secret.bytes, (int)channel->secret.len, text->bytes, text->len, mac, &mac_len) ||
        mac_len != 20)
        return 0;
    code_base64(mac, mac_len, expected);
    return strlen(given) == strlen(expected) && mem_same(given, expected, strlen(expected));
}

static enum err twilio_verify(const struct channel *channel, const struct webhook *hook)
{
    if (!hook->signature)
        return ERR_DENIED;
    struct form form;
    struct buf text = BUF_INIT(SIGNED_MAX);
    enum err err = form_read(&form, hook->body ? (const char *)hook->body : "", hook->body_len);
    int same = 0;
    for (int variant = 0; err == ERR_OK && !same && variant < URL_VARIANTS; variant++) {
        buf_clear(&text);
        err = add_url(&text, channel->public_url, variant);
        if (err == ERR_OK)
            err = buf_add_text(&text, hook->suffix);
        if (err == ERR_OK && hook->query[0])
            err = buf_addf(&text, "?%s", hook->query);
        if (err == ERR_OK)
            err = add_sorted(&text, &form);
        if (err == ERR_OK)
            same = signature_matches(channel, &text, hook->signature);
    }
    buf_free(&text);
    form_free(&form);
    return same ? ERR_OK : ERR_DENIED;
}

static enum err copy_required(char *to, size_t size, const char *from)
{
    if (!from || !*from)
        return ERR_MALFORMED;
    if (strlen(from) >= size)
        return ERR_TOO_BIG;
    snprintf(to, size, "%s", from);
    return ERR_OK;
}

static enum err twilio_read(const struct channel *channel, const struct webhook *hook, struct text_in *out)
{
    (void)channel;
    struct form form;
    enum err err = form_read(&form, hook->body ? (const char *)hook->body : "", hook->body_len);
    const struct form_field *text = err == ERR_OK ? form_find(&form, "Body") : NULL;
    if (err == ERR_OK && !text)
        err = form_get(&form, "MessageStatus") ? ERR_NOT_FOUND : ERR_MALFORMED;
    if (err == ERR_OK)
        err = copy_required(out->from, sizeof out->from, form_get(&form, "From"));
    if (err == ERR_OK)
        err = copy_required(out->to, sizeof out->to, form_get(&form, "To"));
    if (err == ERR_OK)
        err = copy_required(out->provider_id, sizeof out->provider_id, form_get(&form, "MessageSid"));
    if (err == ERR_OK)
        err = buf_add(&out->text, text->value, text->value_len);
    form_free(&form);
    return err;
}

static enum err add_xml(struct buf *out, const char *text)
{
    static const char *const escapes[128] = {['<'] = "&lt;", ['>'] = "&gt;", ['&'] = "&amp;", ['"'] = "&quot;"};
    enum err err = ERR_OK;
    for (const unsigned char *c = (const unsigned char *)text; *c && err == ERR_OK; c++)
        err = *c < 128 && escapes[*c] ? buf_add_text(out, escapes[*c]) : buf_add_byte(out, *c);
    return err;
}

static const char *twilio_answer(const char *reply, struct buf *out, const char **out_coding)
{
    *out_coding = NULL;
    enum err err = buf_add_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response>");
    if (err == ERR_OK && reply)
        err = buf_add_text(out, "<Message>");
    if (err == ERR_OK && reply)
        err = add_xml(out, reply);
    if (err == ERR_OK && reply)
        err = buf_add_text(out, "</Message>");
    if (err == ERR_OK)
        err = buf_add_text(out, "</Response>");
    need(err == ERR_OK);
    return "text/xml; charset=UTF-8";
}

static enum err twilio_send(const struct channel *channel, const char *to, const char *text, struct send_out *out)
{
    const char *base = channel->api_url[0] ? channel->api_url : "https://api.twilio.com";
    if ((size_t)snprintf(out->url, sizeof out->url, "%s/2010-04-01/Accounts/%s/Messages.json", base,
                         channel->account) >= sizeof out->url)
        return ERR_TOO_BIG;
    snprintf(out->user, sizeof out->user, "%s", channel->account);
    snprintf(out->password, sizeof out->password, "%s", buf_text(&channel->secret));
    snprintf(out->headers[0], sizeof out->headers[0], "Content-Type: application/x-www-form-urlencoded");
    const char *const fields[][2] = {{"To=", to}, {"&From=", channel->number}, {"&Body=", text}};
    enum err err = ERR_OK;
    for (size_t i = 0; i < 3 && err == ERR_OK; i++) {
        err = buf_add_text(&out->body, fields[i][0]);
        if (err == ERR_OK)
            err = urlencoded_write(&out->body, fields[i][1], strlen(fields[i][1]));
    }
    return err;
}

/* 21610: the recipient has sent STOP to Twilio itself. */
static enum send_verdict twilio_sent(long status, const uint8_t *body, size_t len)
{
    if (status >= 200 && status < 300)
        return SEND_DONE;
    /* Too many at once, or no answer of Twilio's own (a proxy that leads elsewhere), or a wrong token, or an account
     * that is closed or unknown: that may be put right while the text waits. */
    if (status < 400 || status == 401 || status == 403 || status == 404 || status == 408 || status == 429 ||
        status >= 500)
        return SEND_LATER;
    json_t *said = NULL;
    struct json_fault fault;
    int64_t code = 0;
    enum send_verdict verdict = SEND_NEVER;
    if (json_read_object(body, len, &said, &fault) == ERR_OK &&
        json_int(said, "code", JSON_MAY_MISS, 0, 1000000, &code, &fault) == ERR_OK && code == 21610)
        verdict = SEND_STOPPED;
    json_decref(said);
    return verdict;
}

const struct sms_provider provider_twilio = {
    .name = "twilio",
    .to_phones = 1,
    .lacks = twilio_lacks,
    .verify = twilio_verify,
    .read = twilio_read,
    .answer = twilio_answer,
    .send = twilio_send,
    .sent = twilio_sent,
};
