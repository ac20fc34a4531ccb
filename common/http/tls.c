/* tls.c -- see tls.h. The lists are Mozilla's intermediate configuration; a test compares them with the published file.
 */
#include "common/http/tls.h"

#include <openssl/err.h>
#include <stdio.h>
#include <string.h>

#include "common/base/log.h"
#include "common/http/http.h"

static const char CIPHERS_TLS12[] = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
                                    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
                                    "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
static const char CIPHERS_TLS13[] = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";

/* Mozilla's groups as far as the library has them: X25519MLKEM768 comes with OpenSSL 3.5. */
static int tls_set_groups(SSL_CTX *ctx)
{
    static const char *const lists[] = {"X25519MLKEM768:X25519:prime256v1:secp384r1", "X25519:prime256v1:secp384r1"};
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        if (SSL_CTX_set1_groups_list(ctx, lists[i]) == 1)
            return 1;
    return 0;
}

/* A client that offers protocols but not ours is refused (RFC 7301 section 3.2). */
static int tls_choose_protocol(SSL *ssl, const unsigned char **out, unsigned char *out_len, const unsigned char *in,
                               unsigned in_len, void *room)
{
    static const unsigned char ours[] = "\x08http/1.1";
    (void)ssl;
    (void)room;
    unsigned char *chosen;
    if (SSL_select_next_proto(&chosen, out_len, ours, sizeof ours - 1, in, in_len) != OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    *out = chosen;
    return SSL_TLSEXT_ERR_OK;
}

static int tls_configure(SSL_CTX *ctx)
{
    /* Mozilla leaves the order to the client, since all are good; testssl.sh calls that not ok. Ours then, but ChaCha20
     * for whoever puts it first: a phone without AES in its processor. */
    SSL_CTX_set_options(ctx, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                 SSL_OP_CLEANSE_PLAINTEXT | SSL_OP_SINGLE_ECDH_USE | SSL_OP_CIPHER_SERVER_PREFERENCE |
                                 SSL_OP_PRIORITIZE_CHACHA);
    SSL_CTX_set_mode(ctx,
                     SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_verify(ctx, SSL_VERIFY_NONE, NULL);
    SSL_CTX_set_alpn_select_cb(ctx, tls_choose_protocol, NULL);
    return SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION) == 1 && SSL_CTX_set_num_tickets(ctx, 0) == 1 &&
           SSL_CTX_set_cipher_list(ctx, CIPHERS_TLS12) == 1 && SSL_CTX_set_ciphersuites(ctx, CIPHERS_TLS13) == 1 &&
           tls_set_groups(ctx);
}

static int tls_load(SSL_CTX *ctx, const char *certificate_path, const char *key_path)
{
    return SSL_CTX_use_certificate_chain_file(ctx, certificate_path) == 1 &&
           SSL_CTX_use_PrivateKey_file(ctx, key_path, SSL_FILETYPE_PEM) == 1 && SSL_CTX_check_private_key(ctx) == 1;
}

/* By opening: the sandbox of a running worker allows no access(2). */
static int readable(const char *path)
{
    FILE *file = fopen(path, "re");
    if (file)
        fclose(file);
    return file != NULL;
}

enum err tls_server_new(const char *certificate_path, const char *key_path, SSL_CTX **out)
{
    *out = NULL;
    if (!readable(certificate_path) || !readable(key_path)) {
        log_error("tls_files_cannot_be_read");
        return ERR_NOT_FOUND;
    }
    ERR_clear_error();
    SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
    if (ctx && tls_configure(ctx) && tls_load(ctx, certificate_path, key_path)) {
        ERR_clear_error();
        *out = ctx;
        return ERR_OK;
    }
    log_error("tls_cannot_be_set_up", LOG_NUM("reason", ERR_GET_REASON(ERR_peek_last_error())));
    ERR_clear_error();
    SSL_CTX_free(ctx);
    return ERR_CRYPTO;
}

enum err tls_server_reload(struct http_server *server, const char *certificate_path, const char *key_path,
                           SSL_CTX **ctx)
{
    SSL_CTX *fresh;
    enum err err = tls_server_new(certificate_path, key_path, &fresh);
    if (err != ERR_OK)
        return err;
    http_server_set_tls(server, fresh);
    SSL_CTX_free(*ctx);
    *ctx = fresh;
    return ERR_OK;
}
