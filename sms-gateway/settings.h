/* settings.h -- what sms.ini says, and what stands behind it: channels, public keys, secrets. */
#ifndef SMS_GATEWAY_SETTINGS_H
#define SMS_GATEWAY_SETTINGS_H

#include <openssl/ssl.h>

#include "common/seal/manifest.h"
#include "common/text/catalogue.h"
#include "sms-gateway/channel.h"

enum { SMS_LANGUAGES_MAX = 32 };

struct sms_language {
    char code[17];
    char emergency[161]; /* "112", or a short neutral line in that language */
};

struct settings {
    /* rows of the table, in its order */
    int64_t office, retention_months, port, plain_port, health_port, workers, connections, spool_megabytes;
    char *address, *certificate, *key, *conninfo, *password, *manifest_path, *root, *once_path, *seed_path, *languages,
        *spool;
    /* loaded */
    char seen_path[1024]; /* seen/seen.keys, beside the once secret */
    struct channels channels;
    struct sms_language spoken[SMS_LANGUAGES_MAX];
    size_t spoken_count;
    struct manifest manifest;
    uint8_t root_public[32], once_secret[32], seed[32];
    struct catalogue_set *catalogues;
    SSL_CTX *tls;
};

/* All of it, or die with a sentence. */
void settings_load(const char *path, struct settings *out);
/* At SIGHUP: certificate and manifest again; what cannot be read stays as it was, with a log line. 1: TLS changed. */
int settings_reload(struct settings *settings);
void settings_print(void);
/* The emergency line for a language ("" when the operator gave none). */
const char *settings_emergency(const struct settings *settings, const char *language);

#endif
