/* channel.h -- one door for texts: its name, its provider kind, the desk it leads to, and the secrets it needs.
 *
 * Channels stand in sms.ini as [channel NAME], webhooks of the office's own systems as [webhook NAME], which are
 * channels "webhook:NAME" that only send; secrets are read from files at start and kept in memory only. */
#ifndef SMS_GATEWAY_CHANNEL_H
#define SMS_GATEWAY_CHANNEL_H

#include "common/base/buf.h"

enum { CHANNELS_MAX = 64, CHANNEL_NAME_MAX = 32, CHANNEL_TEXT_MAX = 512 };

struct sms_provider;

struct channel {
    char name[CHANNEL_NAME_MAX + 1];
    char desk[17], language[17];
    const struct sms_provider *provider;
    char number[33];                   /* ours, as the provider writes it */
    char address[255];                 /* ours, of mail */
    char account[129], username[129];  /* Twilio's account id; Kannel's sendsms user */
    char public_url[CHANNEL_TEXT_MAX]; /* what the provider signs (Twilio) */
    char api_url[CHANNEL_TEXT_MAX];    /* where texts are sent: Twilio's API, Kannel's sendsms, a relay */
    struct buf secret;                 /* Kannel: what the webhook must carry; Twilio: the account's auth token */
    struct buf password;               /* Kannel: sendsms password; mail: the relay's */
    struct buf ca;                     /* mail: PEM of who may vouch for the relay; empty: the usual */
};

struct channels {
    struct channel list[CHANNELS_MAX];
    size_t count;
};

#define CHANNEL_WEBHOOK "webhook:"
/* Read every [channel ...] and [webhook ...] of the file at `path` and the secret files they name. On error `says`
 * tells the operator which channel and why. ERR_MALFORMED, ERR_NOT_FOUND. */
MUST_CHECK enum err channels_load(const char *path, struct channels *out, char says[static 256]);
void channels_free(struct channels *channels);
/* NULL when there is none of that name. */
const struct channel *channels_find(const struct channels *channels, const char *name);

#endif
