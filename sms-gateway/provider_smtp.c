/* provider_smtp.c -- not a telephone but a mail relay, for messages to who is on call (docs/sms.md). Nothing comes in
 * by it. What goes out is one plain message over TLS, always: a relay that offers none gets nothing. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "common/base/clock.h"
#include "common/base/code.h"
#include "common/base/mem.h"
#include "common/base/rng.h"
#include "sms-gateway/provider.h"

enum { ID_BYTES = 16, DATE_SIZE = 48 };

static const char *domain_of(const char *address)
{
    const char *at = strrchr(address, '@');
    return at ? at + 1 : "";
}

static const char *smtp_lacks(const struct channel *channel)
{
    if (!provider_is_address(channel->address))
        return "needs an address, which the messages are from";
    if (strncmp(channel->api_url, "smtp://", 7) != 0 && strncmp(channel->api_url, "smtps://", 8) != 0)
        return "needs a send_url that begins with smtp:// or smtps://";
    return strchr(strchr(channel->api_url, ':') + 3, '/') ? "has a send_url with a path" : NULL;
}

static enum err smtp_verify(const struct channel *channel, const struct webhook *hook)
{
    (void)channel;
    (void)hook;
    return ERR_DENIED; /* nobody has anything to say here */
}

static enum err smtp_read(const struct channel *channel, const struct webhook *hook, struct text_in *out)
{
    (void)channel;
    (void)hook;
    (void)out;
    return ERR_MALFORMED;
}

static const char *smtp_answer(const char *reply, struct buf *out, const char **out_coding)
{
    (void)reply;
    (void)out;
    *out_coding = NULL;
    return "text/plain; charset=UTF-8";
}

/* In UTC and in English, as RFC 5322 wants it. */
static void date_text(int64_t wall, char out[static DATE_SIZE])
{
    static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    time_t at = (time_t)wall;
    struct tm tm = {0};
    (void)gmtime_r(&at, &tm);
    snprintf(out, DATE_SIZE, "%s, %02d %s %04d %02d:%02d:%02d +0000", days[tm.tm_wday % 7], tm.tm_mday % 32,
             months[tm.tm_mon % 12], (tm.tm_year + 1900) % 10000, tm.tm_hour % 24, tm.tm_min % 60, tm.tm_sec % 61);
}

/* Lines end with CR LF; nothing in `text` can end the message or begin a header, as it comes behind them all. */
static enum err add_lines(struct buf *body, const char *text)
{
    enum err err = ERR_OK;
    for (; *text && err == ERR_OK; text++) {
        if (*text == '\r')
            continue;
        err = *text == '\n' ? buf_add_text(body, "\r\n") : buf_add(body, text, 1);
    }
    return err == ERR_OK ? buf_add_text(body, "\r\n") : err;
}

static enum err smtp_send(const struct channel *channel, const char *to, const char *text, struct send_out *out)
{
    uint8_t id[ID_BYTES];
    char id_text[CODE_HEX_SIZE(ID_BYTES)], date[DATE_SIZE];
    if (!provider_is_address(to))
        return ERR_MALFORMED;
    /* The path is what we call ourselves: the domain, not this machine's name. */
    if ((size_t)snprintf(out->url, sizeof out->url, "%s/%s", channel->api_url, domain_of(channel->address)) >=
        sizeof out->url)
        return ERR_TOO_BIG;
    snprintf(out->user, sizeof out->user, "%s", channel->username);
    snprintf(out->password, sizeof out->password, "%s", buf_text(&channel->password));
    snprintf(out->mail_from, sizeof out->mail_from, "<%s>", channel->address);
    snprintf(out->mail_to, sizeof out->mail_to, "<%s>", to);
    out->ca = channel->ca.len ? &channel->ca : NULL;
    rng_bytes(id, sizeof id);
    code_hex(id, sizeof id, id_text);
    date_text(clock_wall(), date);
    enum err err = buf_addf(&out->body,
                            "Date: %s\r\nFrom: <%s>\r\nTo: <%s>\r\nMessage-ID: <%s@%s>\r\nSubject: recourse\r\n"
                            "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
                            "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n",
                            date, channel->address, to, id_text, domain_of(channel->address));
    return err == ERR_OK ? add_lines(&out->body, text) : err;
}

static enum send_verdict smtp_sent(long status, const uint8_t *body, size_t len)
{
    (void)body;
    (void)len;
    if (status >= 200 && status < 300)
        return SEND_DONE;
    return status >= 500 ? SEND_NEVER : SEND_LATER;
}

const struct sms_provider provider_smtp = {
    .name = "smtp",
    .lacks = smtp_lacks,
    .verify = smtp_verify,
    .read = smtp_read,
    .answer = smtp_answer,
    .send = smtp_send,
    .sent = smtp_sent,
};
