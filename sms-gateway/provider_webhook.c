/* provider_webhook.c -- a webhook of the office's own systems as a channel that only sends: what happened to a case,
 * without content, signed as Standard Webhooks has it (standardwebhooks.com, version 1: HMAC-SHA256 over id.time.body).
 *
 * The vault makes id and body; the time is that of each attempt. docs/webhooks.md */
#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/code.h"
#include "common/base/mem.h"
#include "common/seal/sign.h"
#include "sms-gateway/provider.h"

enum { SECRET_LEAST = 24, SECRET_MOST = 64 };
static const char secret_start[] = "whsec_";
static const char plain_start[] = "http://127.0.0.1:"; /* a receiver on this machine */

/* "whsec_" and bytes in base64, as the standard has it. */
static enum err secret_bytes(const struct channel *channel, struct buf *out)
{
    const char *text = buf_text(&channel->secret);
    size_t start = sizeof secret_start - 1;
    if (strncmp(text, secret_start, start) != 0)
        return ERR_MALFORMED;
    return code_unbase64(text + start, strlen(text + start), out);
}

enum err provider_webhook_sign(const struct channel *channel, const char *id, int64_t at, const char *body,
                               char out[static WEBHOOK_SIGNATURE])
{
    struct buf secret = BUF_INIT(256), said = BUF_INIT(SMS_TEXT_MAX + 256);
    uint8_t mac[32];
    char text[CODE_BASE64_SIZE(32)];
    enum err err = secret_bytes(channel, &secret);
    if (err == ERR_OK)
        err = buf_addf(&said, "%s.%lld.%s", id, (long long)at, body);
    if (err == ERR_OK) {
        sign_hmac(secret.bytes, secret.len, said.bytes, said.len, mac);
        code_base64(mac, sizeof mac, text);
        snprintf(out, WEBHOOK_SIGNATURE, "v1,%s", text);
        mem_wipe(mac, sizeof mac);
    }
    buf_free(&secret);
    buf_free(&said);
    return err;
}

static const char *webhook_lacks(const struct channel *channel)
{
    struct buf secret = BUF_INIT(256);
    int is_good = secret_bytes(channel, &secret) == ERR_OK && secret.len >= SECRET_LEAST && secret.len <= SECRET_MOST;
    buf_free(&secret);
    if (!is_good)
        return "needs `secret`, a file with whsec_ and 24 to 64 bytes in base64";
    if (strncmp(channel->api_url, "https://", 8) != 0 &&
        strncmp(channel->api_url, plain_start, sizeof plain_start - 1) != 0)
        return "needs `url`, which begins with https://";
    return NULL;
}

/* Nothing comes in by it. */
static enum err webhook_verify(const struct channel *channel, const struct webhook *hook)
{
    (void)channel;
    (void)hook;
    return ERR_DENIED;
}

static enum err webhook_read(const struct channel *channel, const struct webhook *hook, struct text_in *out)
{
    (void)channel;
    (void)hook;
    (void)out;
    return ERR_MALFORMED;
}

static const char *webhook_answer(const char *reply, struct buf *out, const char **out_coding)
{
    (void)reply;
    (void)out;
    *out_coding = NULL;
    return "text/plain; charset=UTF-8";
}

static enum err webhook_send(const struct channel *channel, const char *to, const char *text, struct send_out *out)
{
    char signature[WEBHOOK_SIGNATURE];
    int64_t now = clock_wall();
    if ((size_t)snprintf(out->url, sizeof out->url, "%s", channel->api_url) >= sizeof out->url)
        return ERR_TOO_BIG;
    enum err err = provider_webhook_sign(channel, to, now, text, signature);
    if (err != ERR_OK)
        return err;
    snprintf(out->headers[0], sizeof out->headers[0], "Content-Type: application/json");
    snprintf(out->headers[1], sizeof out->headers[1], "webhook-id: %s", to);
    snprintf(out->headers[2], sizeof out->headers[2], "webhook-timestamp: %lld", (long long)now);
    snprintf(out->headers[3], sizeof out->headers[3], "webhook-signature: %s", signature);
    return buf_add_text(&out->body, text);
}

/* 410: the receiver wants no more of them, says the standard. Everything else that is not 2xx may come right. */
static enum send_verdict webhook_sent(long status, const uint8_t *body, size_t len)
{
    (void)body;
    (void)len;
    if (status >= 200 && status < 300)
        return SEND_DONE;
    return status == 410 ? SEND_NEVER : SEND_LATER;
}

const struct sms_provider provider_webhook = {
    .name = "webhook",
    .lacks = webhook_lacks,
    .verify = webhook_verify,
    .read = webhook_read,
    .answer = webhook_answer,
    .send = webhook_send,
    .sent = webhook_sent,
};
