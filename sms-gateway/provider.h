/* provider.h -- what a provider of texts must offer: read its webhook, answer it, send through it.
 *
 * A struct of functions for each kind (provider_kannel.c, provider_twilio.c, provider_smtp.c; formats as their makers
 * document them; and provider_webhook.c, which only sends, to the office's own systems). Nothing here talks to a
 * network: reading is pure, and sending only describes the request that sender.c makes. */
#ifndef SMS_GATEWAY_PROVIDER_H
#define SMS_GATEWAY_PROVIDER_H

#include "common/base/buf.h"
#include "sms-gateway/channel.h"

/* A text: the 255 parts that a phone can join, of characters of three bytes each. */
enum { SMS_TEXT_MAX = 52 * 1024, SMS_NUMBER_MAX = 64, SMS_ID_MAX = 128, MAIL_ADDRESS_MAX = 254 };

/* A webhook as it came: the room fills it from the HTTP request. All borrowed. */
struct webhook {
    const char *query;                                    /* raw */
    const char *suffix;                                   /* "" or "/status": the path behind the channel's */
    const char *content_type, *authorization, *signature; /* headers; NULL if absent */
    const char *header_from, *header_to, *header_charset; /* Kannel's X-Kannel-*; NULL if absent */
    const uint8_t *body;
    size_t body_len;
    int is_get;
};

/* A text that somebody sent. Wiped by text_in_wipe(). */
struct text_in {
    char from[SMS_NUMBER_MAX + 1], to[SMS_NUMBER_MAX + 1], provider_id[SMS_ID_MAX + 1], provider_at[33];
    struct buf text; /* UTF-8 */
};
void text_in_init(struct text_in *in);
void text_in_wipe(struct text_in *in);

/* The request that sends a text. Wiped by send_out_wipe(). */
struct send_out {
    char url[CHANNEL_TEXT_MAX + 160];
    char user[129], password[257];                                       /* HTTP Basic; empty: none */
    char headers[6][300];                                                /* "Name: value"; empty ones are left out */
    char mail_from[MAIL_ADDRESS_MAX + 3], mail_to[MAIL_ADDRESS_MAX + 3]; /* "<a@b>": it is mail; else empty */
    const struct buf *ca; /* PEM of who may vouch for it; NULL: the usual */
    struct buf body;
};
void send_out_init(struct send_out *out);
void send_out_wipe(struct send_out *out);

enum send_verdict {
    SEND_DONE = 1,    /* the provider took it */
    SEND_NEVER = 2,   /* it never will: do not try again */
    SEND_STOPPED = 3, /* the person has told the provider that they want no more */
    SEND_LATER = 4,   /* try again */
};

struct sms_provider {
    const char *name;
    int to_phones; /* what is long goes out in pieces (pieces.h) */
    /* NULL, or what the channel's settings lack ("needs a token"). */
    const char *(*lacks)(const struct channel *channel);
    /* ERR_OK when the webhook is genuinely the provider's; ERR_DENIED otherwise. Looks at raw bytes, before reading. */
    enum err (*verify)(const struct channel *channel, const struct webhook *hook);
    /* ERR_MALFORMED: not a text. ERR_TOO_BIG. ERR_NOT_FOUND: genuine, but nothing to store (a delivery report). */
    enum err (*read)(const struct channel *channel, const struct webhook *hook, struct text_in *out);
    /* The body that answers the webhook: `reply` to be texted back, or NULL for silence. Returns the content type;
     * *out_coding is set to "2" where the provider must be told that the reply is not in the GSM alphabet. */
    const char *(*answer)(const char *reply, struct buf *out, const char **out_coding);
    enum err (*send)(const struct channel *channel, const char *to, const char *text, struct send_out *out);
    enum send_verdict (*sent)(long status, const uint8_t *body, size_t len);
};

/* NULL when unknown, or of a kind that no channel can be. */
const struct sms_provider *provider_named(const char *name);
extern const struct sms_provider provider_kannel, provider_twilio, provider_smtp, provider_webhook;

/* "v1,…": the signature of Standard Webhooks over id, time and body. ERR_MALFORMED: the channel's secret is none. */
enum { WEBHOOK_SIGNATURE = 48 };
MUST_CHECK enum err provider_webhook_sign(const struct channel *channel, const char *id, int64_t at, const char *body,
                                          char out[static WEBHOOK_SIGNATURE]);

/* 1 for NAME@DOMAIN of visible ASCII without any character that means something in a header. */
int provider_is_address(const char *text);
/* 1 when every character is in the GSM 03.38 default alphabet or its extension. */
int provider_is_gsm(const char *text);

#endif
