/* fuzz_kannel.c -- any webhook in Kannel's form (sms-gateway/provider_kannel.c). Lines: query, sender, charset,
 * Authorization; then the body. Without the secret it is never genuine; what is read is UTF-8 within its limits; what
 * we send carries the text unchanged and no line that somebody else chose. */
#include "tests/fuzz/webhook.h"

static struct channel channel;

void fuzz_start(void)
{
    webhook_channel(&channel, &provider_kannel);
}

static void read_one(const struct webhook *hook)
{
    struct text_in in;
    text_in_init(&in);
    enum err err = provider_kannel.read(&channel, hook, &in);
    need(err == ERR_OK || err == ERR_MALFORMED || err == ERR_TOO_BIG || err == ERR_NOT_FOUND);
    if (err == ERR_OK)
        webhook_text_is_good(&in, 0);
    text_in_wipe(&in);
}

static void send_one(const char *to, const char *text)
{
    struct send_out out;
    send_out_init(&out);
    if (provider_kannel.send(&channel, to, text, &out) == ERR_OK) {
        need(strcmp(buf_text(&out.body), text) == 0 && strcmp(out.url, channel.api_url) == 0);
        need((*out.headers[5] == 0) == provider_is_gsm(text));
    }
    send_out_wipe(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *query = fuzz_line(&data, &size), *from = fuzz_line(&data, &size), *charset = fuzz_line(&data, &size);
    char *authorization = fuzz_line(&data, &size), *body = fuzz_text(data, size);
    const char *coding;
    struct webhook hook = {.query = query,
                           .suffix = "",
                           .content_type = *charset == 't' ? charset : NULL,
                           .authorization = *authorization ? authorization : NULL,
                           .header_from = *from ? from : NULL,
                           .header_to = "12345",
                           .header_charset = charset,
                           .body = (const uint8_t *)body,
                           .body_len = size};
    struct buf answer = BUF_INIT(64 * 1024);
    need(provider_kannel.verify(&channel, &hook) == ERR_DENIED);
    read_one(&hook);
    hook.is_get = 1;
    read_one(&hook);
    if (utf8_valid(body, strlen(body)))
        send_one("+254700111222", body);
    need(provider_kannel.answer(body, &answer, &coding) && (strcmp(buf_text(&answer), body) == 0 || !answer.len));
    need(provider_kannel.sent(202, (const uint8_t *)body, size) == SEND_DONE);
    buf_free(&answer);
    free(query);
    free(from);
    free(charset);
    free(authorization);
    free(body);
    return 0;
}
