/* demo_ask.c -- see demo_ask.h. */
#include "operator/demo_ask.h"

#include <curl/curl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/base/code.h"
#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/seal/sign.h"

enum { ANSWER_MAX = 1024 * 1024, CONSOLE_BEHIND = 1, PLAIN_BEHIND = 20, URL_MAX = 4096, HEADER_MAX = 512 };
enum { CHALLENGE_MAX = 128, BITS_MAX = 20, NONCES_MAX = 1 << 24 };

struct demo_ask {
    const struct house *house;
    int64_t port;
    CURL *curl;
    struct curl_slist *headers;
    struct buf answer;
    char token[DEMO_TOKEN_MAX];
};

struct demo_ask *demo_ask_new(const struct house *house, int64_t port)
{
    struct demo_ask *ask = mem_new(sizeof *ask);
    *ask = (struct demo_ask){.house = house, .port = port, .answer = BUF_INIT(ANSWER_MAX)};
    need(curl_global_init(CURL_GLOBAL_DEFAULT) == 0 && (ask->curl = curl_easy_init()) != NULL);
    return ask;
}

void demo_ask_free(struct demo_ask *ask)
{
    curl_easy_cleanup(ask->curl);
    buf_free(&ask->answer);
    mem_free(ask);
    curl_global_cleanup();
}

void demo_ask_as(struct demo_ask *ask, const char *token)
{
    mem_wipe(ask->token, sizeof ask->token);
    snprintf(ask->token, sizeof ask->token, "%s", token);
}

void demo_ask_once(const struct demo_ask *ask, const char *what, char out[static DEMO_KEY_SIZE])
{
    char path[HOUSE_PATH];
    uint8_t tag[32];
    struct buf secret = BUF_INIT(256);
    house_path(ask->house, path, "secrets/intake/once");
    if (file_read(path, &secret) != ERR_OK)
        err_die("%s cannot be read.", path);
    sign_hmac(secret.bytes, secret.len, what, strlen(what), tag);
    code_base64url(tag, sizeof tag, out);
    buf_free(&secret);
}

/* ---- one request ---- */

static size_t collect(char *piece, size_t size, size_t count, void *arg)
{
    struct demo_ask *ask = arg;
    return buf_add(&ask->answer, piece, size * count) == ERR_OK ? size * count : 0;
}

__attribute__((format(printf, 2, 3))) static void add_header(struct demo_ask *ask, const char *format, ...)
{
    char line[HEADER_MAX];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    ask->headers = curl_slist_append(ask->headers, line);
    need(ask->headers != NULL);
    mem_wipe(line, sizeof line);
}

/* With the headers that were added, which are then gone. */
static long perform(struct demo_ask *ask, const char *url, const char *body)
{
    char certificate[HOUSE_PATH];
    long status = 0;
    house_path(ask->house, certificate, "tls/cert.pem");
    buf_clear(&ask->answer);
    curl_easy_reset(ask->curl);
    curl_easy_setopt(ask->curl, CURLOPT_URL, url);
    curl_easy_setopt(ask->curl, CURLOPT_CAINFO, certificate);
    curl_easy_setopt(ask->curl, CURLOPT_HTTPHEADER, ask->headers);
    curl_easy_setopt(ask->curl, CURLOPT_PROXY, "");
    curl_easy_setopt(ask->curl, CURLOPT_FORBID_REUSE, 1L); /* each is another person's */
    curl_easy_setopt(ask->curl, CURLOPT_TIMEOUT, 20L);
    curl_easy_setopt(ask->curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(ask->curl, CURLOPT_WRITEFUNCTION, collect);
    curl_easy_setopt(ask->curl, CURLOPT_WRITEDATA, ask);
    if (body)
        curl_easy_setopt(ask->curl, CURLOPT_POSTFIELDS, body);
    if (curl_easy_perform(ask->curl) == CURLE_OK)
        curl_easy_getinfo(ask->curl, CURLINFO_RESPONSE_CODE, &status);
    curl_slist_free_all(ask->headers);
    ask->headers = NULL;
    return status;
}

static long ask_json(struct demo_ask *ask, int behind, const char *path, const json_t *body, json_t **out)
{
    /* The certificate of a fresh installation names localhost; one's own is found under the name people know. */
    char url[URL_MAX];
    char *text = body ? json_dumps(body, JSON_COMPACT) : NULL;
    snprintf(url, sizeof url, "https://%s:%" PRId64 "%s", behind ? ask->house->staff_name : ask->house->public_name,
             ask->port + behind, path);
    add_header(ask, "Content-Type: application/json");
    long status = perform(ask, url, text);
    mem_free(text);
    if (out)
        *out = json_loadb(buf_text(&ask->answer), ask->answer.len, JSON_REJECT_DUPLICATES, NULL);
    return status;
}

/* What a program does that is asked to compute because many reports come in (docs/abuse.md). 0: no nonce was found. */
static int find_nonce(const char *challenge, json_int_t bits, uint32_t *nonce)
{
    for (*nonce = 0; *nonce < NONCES_MAX; ++*nonce) {
        char text[HEADER_MAX];
        uint8_t hash[32];
        int len = snprintf(text, sizeof text, "%s:%" PRIu32, challenge, *nonce);
        sign_sha256(text, (size_t)len, hash);
        json_int_t zeroes = 0;
        while (zeroes < bits && !(hash[zeroes / 8] & 0x80 >> zeroes % 8))
            zeroes++;
        if (zeroes >= bits)
            return 1;
    }
    return 0;
}

long demo_ask_public(struct demo_ask *ask, const char *path, const char *once, const json_t *body, json_t **out)
{
    json_t *answer = NULL;
    uint32_t nonce;
    if (once)
        add_header(ask, "Idempotency-Key: %s", once);
    long status = ask_json(ask, 0, path, body, &answer);
    const char *challenge = json_string_value(json_object_get(answer, "challenge"));
    json_int_t bits = json_integer_value(json_object_get(answer, "bits"));
    if (status == 503 && once && challenge && strlen(challenge) < CHALLENGE_MAX && bits <= BITS_MAX &&
        find_nonce(challenge, bits, &nonce)) {
        add_header(ask, "Idempotency-Key: %s", once);
        add_header(ask, "Proof: %s:%" PRIu32, challenge, nonce);
        json_decref(answer);
        answer = NULL;
        status = ask_json(ask, 0, path, body, &answer);
    }
    if (out)
        *out = answer;
    else
        json_decref(answer);
    return status;
}

long demo_ask_staff(struct demo_ask *ask, const char *path, const json_t *body, json_t **out)
{
    add_header(ask, "Authorization: Bearer %s", ask->token);
    return ask_json(ask, CONSOLE_BEHIND, path, body, out);
}

/* ---- a text ---- */

static void add_query(struct demo_ask *ask, char url[static URL_MAX], const json_t *text, const char *key)
{
    const char *value = json_string_value(json_object_get(text, key));
    char *quoted = curl_easy_escape(ask->curl, value ? value : "", 0);
    size_t at = strlen(url);
    need(quoted != NULL);
    snprintf(url + at, URL_MAX - at, "%c%s=%s", strchr(url, '?') ? '&' : '?', key, quoted);
    curl_free(quoted);
}

long demo_ask_text(struct demo_ask *ask, const char *channel, const char *secret, const json_t *text)
{
    char url[URL_MAX], password[HEADER_MAX], encoded[CODE_BASE64_SIZE(HEADER_MAX)];
    snprintf(url, sizeof url, "http://127.0.0.1:%" PRId64 "/sms/%s", ask->port + PLAIN_BEHIND, channel);
    add_query(ask, url, text, "from");
    add_query(ask, url, text, "to");
    add_query(ask, url, text, "text");
    add_query(ask, url, text, "id");
    snprintf(password, sizeof password, "kannel:%s", secret);
    need(strlen(password) < 256);
    code_base64((const uint8_t *)password, strlen(password), encoded);
    add_header(ask, "Authorization: Basic %s", encoded);
    mem_wipe(password, sizeof password);
    mem_wipe(encoded, sizeof encoded);
    return perform(ask, url, NULL);
}
