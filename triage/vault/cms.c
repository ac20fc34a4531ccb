/* cms.c -- see cms.h. OpenSSL makes AuthEnvelopedData where the cipher authenticates; for RSA the key goes by OAEP with
 * SHA-256, for elliptic curves by ephemeral agreement. */
#include "triage/vault/cms.h"

#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "common/base/mem.h"

enum { RSA_LEAST_BITS = 2048, EC_LEAST_BITS = 256 };

/* ---- the certificate ---- */

static int key_is_good(const X509 *certificate)
{
    const EVP_PKEY *key = X509_get0_pubkey(certificate);
    if (!key)
        return 0;
    int kind = EVP_PKEY_get_base_id(key), bits = EVP_PKEY_get_bits(key);
    return (kind == EVP_PKEY_RSA && bits >= RSA_LEAST_BITS) || (kind == EVP_PKEY_EC && bits >= EC_LEAST_BITS);
}

static int64_t seconds_of(const ASN1_TIME *time)
{
    struct tm when;
    return ASN1_TIME_to_tm(time, &when) == 1 ? (int64_t)timegm(&when) : -1;
}

static enum err parse(const char *pem, size_t len, int64_t now, X509 **out)
{
    X509 *certificate = NULL, *another = NULL;
    enum err err = ERR_OK;
    if (len > CMS_CERTIFICATE_MAX)
        return ERR_TOO_BIG;
    BIO *bio = BIO_new_mem_buf(pem, (int)len);
    need(bio != NULL);
    if (!(certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL)) ||
        (another = PEM_read_bio_X509(bio, NULL, NULL, NULL)))
        err = ERR_MALFORMED;
    else if (!key_is_good(certificate))
        err = ERR_CRYPTO;
    else if (seconds_of(X509_get0_notBefore(certificate)) > now || seconds_of(X509_get0_notAfter(certificate)) <= now)
        err = ERR_LOCKED;
    X509_free(another);
    BIO_free(bio);
    ERR_clear_error();
    if (err == ERR_OK)
        *out = certificate;
    else
        X509_free(certificate);
    return err;
}

enum err cms_read(const char *pem, size_t len, int64_t now, struct cms_certificate *out)
{
    X509 *certificate;
    uint8_t hash[EVP_MAX_MD_SIZE];
    unsigned hash_len = 0;
    enum err err = parse(pem, len, now, &certificate);
    if (err != ERR_OK)
        return err;
    need(X509_digest(certificate, EVP_sha256(), hash, &hash_len) == 1 && hash_len == 32);
    for (unsigned i = 0; i < hash_len; i++)
        snprintf(out->sha256 + 2 * i, 3, "%02x", hash[i]);
    out->until = seconds_of(X509_get0_notAfter(certificate));
    X509_free(certificate);
    return ERR_OK;
}

/* ---- sealing ---- */

static int add_receiver(CMS_ContentInfo *cms, X509 *certificate)
{
    CMS_RecipientInfo *receiver = CMS_add1_recipient_cert(cms, certificate, CMS_KEY_PARAM);
    EVP_PKEY_CTX *key = receiver ? CMS_RecipientInfo_get0_pkey_ctx(receiver) : NULL;
    if (!receiver || EVP_PKEY_get_base_id(X509_get0_pubkey(certificate)) != EVP_PKEY_RSA)
        return receiver != NULL;
    return key && EVP_PKEY_CTX_set_rsa_padding(key, RSA_PKCS1_OAEP_PADDING) > 0 &&
           EVP_PKEY_CTX_set_rsa_oaep_md(key, EVP_sha256()) > 0;
}

static enum err append_der(CMS_ContentInfo *cms, struct buf *out)
{
    BIO *bio = BIO_new(BIO_s_mem());
    char *der;
    need(bio != NULL);
    enum err err = i2d_CMS_bio(bio, cms) == 1 ? ERR_OK : ERR_CRYPTO;
    long len = BIO_get_mem_data(bio, &der);
    if (err == ERR_OK)
        err = buf_add(out, der, (size_t)len);
    BIO_free(bio);
    return err;
}

enum err cms_seal(const char *pem, size_t len, int64_t now, const void *content, size_t content_len, struct buf *out)
{
    X509 *certificate;
    if (content_len > CMS_CONTENT_MAX)
        return ERR_TOO_BIG;
    enum err err = parse(pem, len, now, &certificate);
    if (err != ERR_OK)
        return err;
    BIO *bio = BIO_new_mem_buf(content, (int)content_len);
    CMS_ContentInfo *cms = CMS_AuthEnvelopedData_create(EVP_aes_256_gcm());
    need(bio != NULL);
    if (!cms || CMS_set_detached(cms, 0) != 1 || !add_receiver(cms, certificate) ||
        CMS_final(cms, bio, NULL, CMS_BINARY) != 1)
        err = ERR_CRYPTO;
    if (err == ERR_OK)
        err = append_der(cms, out);
    CMS_ContentInfo_free(cms);
    BIO_free(bio);
    X509_free(certificate);
    ERR_clear_error();
    return err;
}
