/* fuzz_twilio.c -- any webhook in Twilio's form (sms-gateway/provider_twilio.c). Lines: query, signature; then the
 * body. Without the token it is never genuine; what is read is UTF-8 within its limits; the answer is one message whose
 * text cannot become markup; what we send is read back as it was. */
#include "common/http/form.h"
#include "tests/fuzz/webhook.h"

static struct channel channel;

void fuzz_start(void)
{
    webhook_channel(&channel, &provider_twilio);
}

static void answer_is_one_message(const char *text)
{
    struct buf answer = BUF_INIT(1 << 20);
    const char *coding;
    size_t tags = 0;
    need(provider_twilio.answer(text, &answer, &coding) && !coding);
    for (size_t i = 0; i < answer.len; i++)
        tags += answer.bytes[i] == '<';
    need(tags == 5);
    buf_free(&answer);
}

static void send_reads_back(const char *text)
{
    struct send_out out;
    struct form form;
    send_out_init(&out);
    if (provider_twilio.send(&channel, "+254700111222", text, &out) == ERR_OK) {
        need(form_read(&form, buf_text(&out.body), out.body.len) == ERR_OK && form.count == 3);
        need(strcmp(form_get(&form, "To"), "+254700111222") == 0 && strcmp(form_get(&form, "From"), "12345") == 0);
        need(strcmp(form_get(&form, "Body"), text) == 0);
        form_free(&form);
    }
    send_out_wipe(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *query = fuzz_line(&data, &size), *signature = fuzz_line(&data, &size), *body = fuzz_text(data, size);
    struct webhook hook = {.query = query,
                           .suffix = size % 2 ? "/status" : "",
                           .signature = *signature ? signature : NULL,
                           .body = (const uint8_t *)body,
                           .body_len = size};
    struct text_in in;
    need(provider_twilio.verify(&channel, &hook) == ERR_DENIED);
    text_in_init(&in);
    enum err err = provider_twilio.read(&channel, &hook, &in);
    need(err == ERR_OK || err == ERR_MALFORMED || err == ERR_TOO_BIG || err == ERR_NOT_FOUND);
    if (err == ERR_OK)
        webhook_text_is_good(&in, 1);
    text_in_wipe(&in);
    answer_is_one_message(body);
    if (utf8_valid(body, strlen(body)))
        send_reads_back(body);
    for (long status = 200; status <= 500; status += 100) {
        enum send_verdict verdict = provider_twilio.sent(status, (const uint8_t *)body, size);
        need(verdict >= SEND_DONE && verdict <= SEND_LATER && (status != 200 || verdict == SEND_DONE));
    }
    free(query);
    free(signature);
    free(body);
    return 0;
}
