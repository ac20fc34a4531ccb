/* settings.c -- see settings.h. Called once in the master before it forks, so that workers share what was read. */
#include "sms-gateway/settings.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "common/base/code.h"
#include "common/base/conf.h"
#include "common/base/file.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/http/tls.h"

#define AT(field) offsetof(struct settings, field)
static const struct conf_row rows[] = {
    {"office", "id", CONF_NUMBER, AT(office), "1", 1, 1000000, 0, "number of the office"},
    {"office", "retention_months", CONF_NUMBER, AT(retention_months), "84", 1, 1200, 0,
     "how long a case is kept after it came"},
    {"http", "address", CONF_TEXT, AT(address), "0.0.0.0", 1, 64, 0, "where webhooks come in over TLS"},
    {"http", "port", CONF_NUMBER, AT(port), "8445", 0, 65535, 0, "its port; 0: none"},
    {"http", "plain_port", CONF_NUMBER, AT(plain_port), "8463", 0, 65535, 0,
     "without TLS, on 127.0.0.1 only, for a gateway on this machine; 0: none"},
    {"http", "health_port", CONF_NUMBER, AT(health_port), "8455", 0, 65535, 0, "health and metrics, 127.0.0.1 only"},
    {"http", "workers", CONF_NUMBER, AT(workers), "1", 1, 64, 0, "processes that take webhooks"},
    {"http", "certificate", CONF_PATH, AT(certificate), NULL, 0, 1024, 1, "certificate chain, PEM"},
    {"http", "key", CONF_PATH, AT(key), NULL, 0, 1024, 1, "its private key, PEM"},
    {"database", "conninfo", CONF_TEXT, AT(conninfo), NULL, 0, 1024, 0, "libpq connection string without password"},
    {"database", "password", CONF_PATH, AT(password), NULL, 0, 1024, 0, "file with the role's password"},
    {"database", "connections", CONF_NUMBER, AT(connections), "1", 1, 8, 0, "connections of a worker"},
    {"keys", "manifest", CONF_PATH, AT(manifest_path), NULL, 0, 1024, 1, "the signed list of public keys"},
    {"keys", "root", CONF_TEXT, AT(root), NULL, 0, 64, 0, "the office's root public key, base64"},
    {"keys", "once", CONF_PATH, AT(once_path), NULL, 0, 1024, 0, "secret under which repeated texts are recognised"},
    {"keys", "seed", CONF_PATH, AT(seed_path), NULL, 0, 1024, 0, "the gateway's signing seed"},
    {"spool", "folder", CONF_PATH, AT(spool), "", 0, 200, 0,
     "where sealed texts wait while the database is away; empty: nowhere, and the provider is told to try again"},
    {"spool", "megabytes", CONF_NUMBER, AT(spool_megabytes), "64", 1, 1000000, 0,
     "the most it may hold, all workers together"},
    {"files", "languages", CONF_PATH, AT(languages), NULL, 0, 1024, 0, "folder of the PO catalogues"},
    {"files", "office", CONF_PATH, AT(office_path), "", 0, 1024, 0, "what the office says (docs/office.md)"},
    {"channel", "*", CONF_TEXT, 0, NULL, 0, 0, 0, "[channel NAME]: docs/sms.md"},
    {"webhook", "*", CONF_TEXT, 0, NULL, 0, 0, 0, "[webhook NAME]: docs/webhooks.md"},
    {0},
};

static void secret_load(const char *path, uint8_t out[static 32])
{
    if (file_read_hex(path, out, 32) != ERR_OK)
        err_die("%s: must hold 64 hexadecimal digits and be readable by its owner alone", path);
}

void settings_load(const char *path, struct settings *out)
{
    char says[256];
    memset(out, 0, sizeof *out);
    if (conf_load(rows, path, out, says) != ERR_OK ||
        office_open(out->office_path, &out->office_says, says) != ERR_OK ||
        channels_load(path, &out->channels, says) != ERR_OK)
        err_die("%s", says);
    if (code_unbase64_exact(out->root, strlen(out->root), out->root_public, sizeof out->root_public) != ERR_OK)
        err_die("%s: [keys] root must be a public key in base64", path);
    const char *slash = strrchr(out->once_path, '/');
    if ((size_t)snprintf(out->seen_path, sizeof out->seen_path, "%.*s/seen/seen.keys",
                         slash ? (int)(slash - out->once_path) : 1,
                         slash ? out->once_path : ".") >= sizeof out->seen_path)
        err_die("%s: [keys] once has too long a path", path);
    secret_load(out->once_path, out->once_secret);
    secret_load(out->seed_path, out->seed);
    enum err err = manifest_load(out->manifest_path, out->root_public, 0, &out->manifest);
    if (err != ERR_OK)
        err_die("%s: the key manifest is not signed by the root in the settings (%s)", out->manifest_path,
                err_says(err));
    if (catalogue_load(out->languages, &out->catalogues, says) != ERR_OK)
        err_die("%s", says);
    if (tls_server_new(out->certificate, out->key, &out->tls) != ERR_OK)
        err_die("%s: the certificate or its key cannot be used", out->certificate);
}

int settings_reload(struct settings *settings)
{
    struct manifest *newer = mem_new(sizeof *newer);
    SSL_CTX *tls = NULL;
    enum err err = manifest_load(settings->manifest_path, settings->root_public, settings->manifest.version, newer);
    if (err == ERR_OK)
        settings->manifest = *newer;
    else
        log_warn("manifest_kept", LOG_ERR(err));
    mem_free(newer);
    err = tls_server_new(settings->certificate, settings->key, &tls);
    if (err != ERR_OK) {
        log_warn("certificate_kept", LOG_ERR(err));
        return 0;
    }
    SSL_CTX_free(settings->tls);
    settings->tls = tls;
    return 1;
}

void settings_print(void)
{
    conf_print(rows, stdout);
}

const char *settings_emergency(const struct settings *settings, const char *language)
{
    const struct office_words *const texts[] = {&settings->office_says->texts[OFFICE_EMERGENCY_SMS],
                                                &settings->office_says->texts[OFFICE_EMERGENCY]};
    /* In their own language first, and the one that was written for it. */
    for (int own = 1; own >= 0; own--)
        for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
            const char *in = NULL, *text = office_says(texts[i], language, &in);
            if (text && office_fits_sms(text) && (!own || strcmp(in, language) == 0))
                return text;
        }
    return "";
}
