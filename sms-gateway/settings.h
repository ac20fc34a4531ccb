/* settings.h -- what sms.ini says, and what stands behind it: channels, public keys, secrets. */
#ifndef SMS_GATEWAY_SETTINGS_H
#define SMS_GATEWAY_SETTINGS_H

#include <openssl/ssl.h>

#include "common/office/office.h"
#include "common/seal/manifest.h"
#include "common/text/catalogue.h"
#include "sms-gateway/channel.h"

struct settings {
    /* rows of the table, in its order */
    int64_t office, retention_months, port, plain_port, health_port, workers, connections, spool_megabytes;
    char *address, *certificate, *key, *conninfo, *password, *manifest_path, *root, *once_path, *seed_path, *languages,
        *spool, *office_path;
    /* loaded */
    char seen_path[1024]; /* seen/seen.keys, beside the once secret */
    struct channels channels;
    struct office *office_says;
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
/* Whom to call in danger, as it fits into a text message: in `language`, else in English, else "". */
const char *settings_emergency(const struct settings *settings, const char *language);

#endif
