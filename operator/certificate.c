/* certificate.c -- see certificate.h. */
#include "operator/certificate.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/base/clock.h"

enum { DAY = 24 * 3600 };

static void add_extension(X509 *x, int nid, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, x, x, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    need(extension && X509_add_ext(x, extension, -1) == 1);
    X509_EXTENSION_free(extension);
}

/* Letters, digits, dashes and dots alone: the name goes into a list with commas. */
static void names_of_machine(char out[static 384])
{
    char host[256] = "";
    (void)gethostname(host, sizeof host - 1);
    size_t plain = strspn(host, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-");
    const char *list = "DNS:localhost,IP:127.0.0.1,IP:::1";
    if (plain && host[plain] == '\0' && strcmp(host, "localhost") != 0)
        snprintf(out, 384, "%s,DNS:%s", list, host);
    else
        snprintf(out, 384, "%s", list);
}

static X509 *make_signed(EVP_PKEY *key)
{
    char names[384];
    X509 *x = X509_new();
    BIGNUM *serial = BN_new();
    need(x && serial && BN_rand(serial, 127, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) == 1);
    need(X509_set_version(x, X509_VERSION_3) == 1 && BN_to_ASN1_INTEGER(serial, X509_get_serialNumber(x)));
    BN_free(serial);
    /* An hour back, for a phone whose clock is a little behind. */
    need(X509_gmtime_adj(X509_getm_notBefore(x), -3600) &&
         X509_gmtime_adj(X509_getm_notAfter(x), CERTIFICATE_DAYS * DAY));
    X509_NAME *name = X509_get_subject_name(x);
    need(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const unsigned char *)"localhost", -1, -1, 0) == 1);
    need(X509_set_issuer_name(x, name) == 1 && X509_set_pubkey(x, key) == 1);
    names_of_machine(names);
    add_extension(x, NID_subject_alt_name, names);
    add_extension(x, NID_basic_constraints, "critical,CA:FALSE");
    add_extension(x, NID_key_usage, "critical,digitalSignature");
    add_extension(x, NID_ext_key_usage, "serverAuth");
    need(X509_sign(x, key, EVP_sha256()) > 0);
    return x;
}

static void take_pem(BIO *bio, struct buf *out)
{
    char *bytes;
    long len = BIO_get_mem_data(bio, &bytes);
    need(len > 0 && buf_add(out, bytes, (size_t)len) == ERR_OK);
    OPENSSL_cleanse(bytes, (size_t)len);
    BIO_free(bio);
}

void certificate_make(struct buf *certificate, struct buf *key)
{
    EVP_PKEY *pair = EVP_EC_gen("P-256");
    need(pair != NULL);
    X509 *x = make_signed(pair);
    BIO *certificate_bio = BIO_new(BIO_s_mem()), *key_bio = BIO_new(BIO_s_mem());
    need(certificate_bio && PEM_write_bio_X509(certificate_bio, x) == 1);
    need(key_bio && PEM_write_bio_PKCS8PrivateKey(key_bio, pair, NULL, NULL, 0, NULL, NULL) == 1);
    take_pem(certificate_bio, certificate);
    take_pem(key_bio, key);
    X509_free(x);
    EVP_PKEY_free(pair);
}

enum err certificate_load(const char *path, X509 **out)
{
    FILE *file = fopen(path, "re");
    if (!file)
        return ERR_NOT_FOUND;
    *out = PEM_read_X509(file, NULL, NULL, NULL);
    fclose(file);
    return *out ? ERR_OK : ERR_MALFORMED;
}

enum err certificate_ends(const char *path, int64_t *out)
{
    X509 *x;
    int days, seconds;
    enum err err = certificate_load(path, &x);
    if (err != ERR_OK)
        return err;
    /* NULL stands for now. */
    if (ASN1_TIME_diff(&days, &seconds, NULL, X509_get0_notAfter(x)) == 1)
        *out = clock_wall() + (int64_t)days * DAY + seconds;
    else
        err = ERR_MALFORMED;
    X509_free(x);
    return err;
}

enum err certificate_is_own(const char *path, int *out)
{
    X509 *x;
    enum err err = certificate_load(path, &x);
    if (err != ERR_OK)
        return err;
    *out = X509_NAME_cmp(X509_get_subject_name(x), X509_get_issuer_name(x)) == 0;
    X509_free(x);
    return ERR_OK;
}

enum err certificate_fits(const char *path, const char *key, int *out)
{
    X509 *x;
    enum err err = certificate_load(path, &x);
    if (err != ERR_OK)
        return err;
    FILE *file = fopen(key, "re");
    EVP_PKEY *own = file ? PEM_read_PrivateKey(file, NULL, NULL, NULL) : NULL;
    if (!own)
        err = file ? ERR_MALFORMED : ERR_NOT_FOUND;
    else
        *out = X509_check_private_key(x, own) == 1;
    ERR_clear_error();
    EVP_PKEY_free(own);
    X509_free(x);
    if (file)
        fclose(file);
    return err;
}
