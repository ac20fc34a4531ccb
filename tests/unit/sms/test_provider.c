/* What providers send, and what we send to them, as their makers document it. */
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/mem.h"
#include "common/http/urlencoded.h"
#include "sms-gateway/provider.h"

static struct channel *channel_new(const struct sms_provider *provider, const char *secret)
{
    struct channel *channel = mem_new(sizeof *channel);
    channel->provider = provider;
    strcpy(channel->number, "12345");
    buf_init(&channel->secret, 256);
    buf_init(&channel->password, 256);
    assert_int_equal(buf_add_text(&channel->secret, secret), ERR_OK);
    return channel;
}

static void channel_end(struct channel *channel)
{
    buf_free(&channel->secret);
    buf_free(&channel->password);
    mem_free(channel);
}

/* Twilio's own published example, and what an attacker would change. */
static void twilio_signature_as_published(void **state)
{
    (void)state;
    json_t *cases = json_load_file(VECTORS "/webhooks.json", 0, NULL);
    assert_non_null(cases);
    size_t i, played = 0;
    json_t *one;
    json_array_foreach(cases, i, one)
    {
        if (strcmp(json_string_value(json_object_get(one, "provider")), "twilio") != 0)
            continue;
        struct channel *channel = channel_new(&provider_twilio, json_string_value(json_object_get(one, "auth_token")));
        struct buf body = BUF_INIT(4096);
        const char *name;
        json_t *values;
        json_object_foreach(json_object_get(one, "params"), name, values)
        {
            const char *value = json_string_value(json_array_get(values, 0));
            if (body.len)
                assert_int_equal(buf_add_text(&body, "&"), ERR_OK);
            assert_int_equal(urlencoded_write(&body, name, strlen(name)), ERR_OK);
            assert_int_equal(buf_add_text(&body, "="), ERR_OK);
            assert_int_equal(urlencoded_write(&body, value, strlen(value)), ERR_OK);
        }
        char url[256];
        snprintf(url, sizeof url, "%s", json_string_value(json_object_get(one, "signed_url")));
        char *query = strchr(url, '?');
        need(query != NULL);
        *query++ = 0;
        strcpy(channel->public_url, url);
        struct webhook hook = {.query = query,
                               .suffix = "",
                               .body = body.bytes,
                               .body_len = body.len,
                               .signature = json_string_value(json_object_get(one, "expected"))};
        assert_int_equal(provider_twilio.verify(channel, &hook), ERR_OK);
        hook.query = "foo=1&bar=3";
        assert_int_equal(provider_twilio.verify(channel, &hook), ERR_DENIED);
        hook.query = query;
        body.bytes[body.len - 1] ^= 1;
        assert_int_equal(provider_twilio.verify(channel, &hook), ERR_DENIED);
        hook.signature = NULL;
        assert_int_equal(provider_twilio.verify(channel, &hook), ERR_DENIED);
        buf_free(&body);
        channel_end(channel);
        played++;
    }
    assert_true(played >= 1);
    json_decref(cases);
}

static void twilio_text_is_read(void **state)
{
    (void)state;
    struct channel *channel = channel_new(&provider_twilio, "token");
    const char *body = "MessageSid=SM1&From=%2B254700111222&To=%2B15005550006&Body=Maji+hayatoki+%F0%9F%98%A2";
    struct webhook hook = {.query = "", .suffix = "", .body = (const uint8_t *)body, .body_len = strlen(body)};
    struct text_in in;
    text_in_init(&in);
    assert_int_equal(provider_twilio.read(channel, &hook, &in), ERR_OK);
    assert_string_equal(in.from, "+254700111222");
    assert_string_equal(in.provider_id, "SM1");
    assert_string_equal(buf_text(&in.text), "Maji hayatoki \xf0\x9f\x98\xa2");
    text_in_wipe(&in);
    const char *status = "MessageSid=SM1&MessageStatus=delivered&To=%2B1";
    hook.body = (const uint8_t *)status;
    hook.body_len = strlen(status);
    assert_int_equal(provider_twilio.read(channel, &hook, &in), ERR_NOT_FOUND);
    text_in_wipe(&in);
    channel_end(channel);
}

static void twilio_reply_is_inert_xml(void **state)
{
    (void)state;
    struct buf out = BUF_INIT(1024);
    const char *coding;
    assert_string_equal(provider_twilio.answer("a <b> & c", &out, &coding), "text/xml; charset=UTF-8");
    assert_non_null(strstr(buf_text(&out), "<Response><Message>a &lt;b&gt; &amp; c</Message></Response>"));
    buf_clear(&out);
    provider_twilio.answer(NULL, &out, &coding);
    assert_non_null(strstr(buf_text(&out), "<Response></Response>"));
    buf_free(&out);
}

static void twilio_request_and_verdicts(void **state)
{
    (void)state;
    struct channel *channel = channel_new(&provider_twilio, "token");
    strcpy(channel->account, "AC1");
    struct send_out out;
    send_out_init(&out);
    assert_int_equal(provider_twilio.send(channel, "+254700111222", "é & ok", &out), ERR_OK);
    assert_string_equal(out.url, "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages.json");
    assert_string_equal(buf_text(&out.body), "To=%2B254700111222&From=12345&Body=%C3%A9+%26+ok");
    send_out_wipe(&out);
    const char *stopped = "{\"code\":21610,\"message\":\"x\"}", *never = "{\"code\":21211}";
    assert_int_equal(provider_twilio.sent(201, NULL, 0), SEND_DONE);
    assert_int_equal(provider_twilio.sent(400, (const uint8_t *)stopped, strlen(stopped)), SEND_STOPPED);
    assert_int_equal(provider_twilio.sent(400, (const uint8_t *)never, strlen(never)), SEND_NEVER);
    assert_int_equal(provider_twilio.sent(429, NULL, 0), SEND_LATER);
    static const long MENDED[] = {401, 403, 404}; /* a wrong token is put right while it waits */
    for (size_t i = 0; i < sizeof MENDED / sizeof *MENDED; i++) {
        assert_int_equal(provider_twilio.sent(MENDED[i], NULL, 0), SEND_LATER);
        assert_int_equal(provider_kannel.sent(MENDED[i], NULL, 0), SEND_LATER);
    }
    assert_int_equal(provider_twilio.sent(307, NULL, 0), SEND_LATER); /* a proxy, not Twilio */
    assert_int_equal(provider_kannel.sent(429, NULL, 0), SEND_LATER);
    assert_int_equal(provider_kannel.sent(400, NULL, 0), SEND_NEVER);
    assert_int_equal(provider_twilio.sent(503, NULL, 0), SEND_LATER);
    channel_end(channel);
}

/* Those that the standard's own libraries are tested with. */
static void webhook_signatures_as_published(void **state)
{
    (void)state;
    static const struct {
        const char *secret, *id, *body, *signature;
        int64_t at;
    } rows[] = {{"whsec_plJ3nmyCDGBKInavdOK15jsl", "msg_loFOjxBNrRLzqYUf",
                 "{\"event_type\":\"ping\",\"data\":{\"success\":true}}",
                 "v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=", 1731705121},
                {"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", "{\"test\": 2432232314}",
                 "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", 1614265330}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char signature[WEBHOOK_SIGNATURE];
        struct channel *channel = channel_new(&provider_webhook, rows[i].secret);
        assert_int_equal(provider_webhook_sign(channel, rows[i].id, rows[i].at, rows[i].body, signature), ERR_OK);
        assert_string_equal(signature, rows[i].signature);
        channel_end(channel);
    }
}

static void a_webhook_is_sent_and_nothing_comes_in_by_it(void **state)
{
    (void)state;
    static const char *const bad[] = {"whsec_", "plJ3nmyCDGBKInavdOK15jsl", "whsec_c2hvcnQ=", "whsec_not base64"};
    struct channel *channel = channel_new(&provider_webhook, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    assert_non_null(strstr(provider_webhook.lacks(channel), "https://"));
    strcpy(channel->api_url, "http://board.example.org/hook");
    assert_non_null(provider_webhook.lacks(channel));
    strcpy(channel->api_url, "https://board.example.org/hook");
    assert_null(provider_webhook.lacks(channel));
    struct send_out out;
    send_out_init(&out);
    assert_int_equal(provider_webhook.send(channel, "msg_1", "{}", &out), ERR_OK);
    assert_string_equal(out.url, "https://board.example.org/hook");
    assert_string_equal(out.headers[1], "webhook-id: msg_1");
    assert_int_equal(strncmp(out.headers[2], "webhook-timestamp: ", 19), 0);
    assert_int_equal(strncmp(out.headers[3], "webhook-signature: v1,", 22), 0);
    assert_string_equal(buf_text(&out.body), "{}");
    send_out_wipe(&out);
    const struct webhook hook = {.query = "", .suffix = "", .body = (const uint8_t *)"", .body_len = 0};
    assert_int_equal(provider_webhook.verify(channel, &hook), ERR_DENIED);
    assert_int_equal(provider_webhook.sent(204, NULL, 0), SEND_DONE);
    assert_int_equal(provider_webhook.sent(410, NULL, 0), SEND_NEVER);
    assert_int_equal(provider_webhook.sent(301, NULL, 0), SEND_LATER);
    assert_int_equal(provider_webhook.sent(400, NULL, 0), SEND_LATER);
    assert_int_equal(provider_webhook.sent(503, NULL, 0), SEND_LATER);
    channel_end(channel);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        channel = channel_new(&provider_webhook, bad[i]);
        strcpy(channel->api_url, "https://board.example.org/hook");
        assert_non_null(strstr(provider_webhook.lacks(channel), "whsec_"));
        channel_end(channel);
    }
}

/* docs/kannel/kannel.conf: the text is the body, its sender a header, the secret in the query or as Basic password. */
static void kannel_post(void **state)
{
    (void)state;
    struct channel *channel = channel_new(&provider_kannel, "0123456789abcdef");
    const char *text = "\xd9\x82\xd9\x81 100%";
    struct webhook hook = {.query = "key=0123456789abcdef&id=b23b3417&time=1795335821",
                           .suffix = "",
                           .content_type = "text/plain; charset=\"UTF-8\"",
                           .header_from = "+254700111222",
                           .header_to = "12345",
                           .body = (const uint8_t *)text,
                           .body_len = strlen(text)};
    assert_int_equal(provider_kannel.verify(channel, &hook), ERR_OK);
    struct text_in in;
    text_in_init(&in);
    assert_int_equal(provider_kannel.read(channel, &hook, &in), ERR_OK);
    assert_string_equal(in.from, "+254700111222");
    assert_string_equal(in.provider_id, "b23b3417");
    assert_string_equal(in.provider_at, "1795335821");
    assert_string_equal(buf_text(&in.text), text);
    text_in_wipe(&in);
    /* A sender with a name, in the letters of its line: what is kept of it can be written down. */
    hook.header_from = "Caf\xe9 Nord";
    assert_int_equal(provider_kannel.read(channel, &hook, &in), ERR_OK);
    assert_string_equal(in.from, "Caf? Nord");
    text_in_wipe(&in);
    hook.query = "key=0123456789abcdeF&id=1";
    assert_int_equal(provider_kannel.verify(channel, &hook), ERR_DENIED);
    hook.query = "id=1";
    assert_int_equal(provider_kannel.verify(channel, &hook), ERR_DENIED);
    hook.authorization = "Basic a2FubmVsOjAxMjM0NTY3ODlhYmNkZWY=";
    assert_int_equal(provider_kannel.verify(channel, &hook), ERR_OK);
    channel_end(channel);
}

static void kannel_get_and_old_encodings(void **state)
{
    (void)state;
    struct channel *channel = channel_new(&provider_kannel, "0123456789abcdef");
    struct text_in in;
    struct webhook hook;
    text_in_init(&in);
    /* The form reader decodes to UTF-8; raw UTF-16 therefore comes by POST. */
    const uint8_t utf16[] = {0x06, 0x42, 0x06, 0x41, 0xd8, 0x3d, 0xde, 0x22};
    hook = (struct webhook){.query = "id=7",
                            .suffix = "",
                            .content_type = "text/plain; charset=UTF-16BE",
                            .header_from = "+1",
                            .header_to = "12345",
                            .body = utf16,
                            .body_len = sizeof utf16};
    assert_int_equal(provider_kannel.read(channel, &hook, &in), ERR_OK);
    assert_string_equal(buf_text(&in.text), "\xd9\x82\xd9\x81\xf0\x9f\x98\xa2");
    text_in_wipe(&in);
    const uint8_t latin[] = {'a', 0xe9};
    hook.content_type = "application/octet-stream";
    hook.body = latin;
    hook.body_len = sizeof latin;
    assert_int_equal(provider_kannel.read(channel, &hook, &in), ERR_OK);
    assert_string_equal(buf_text(&in.text), "a\xc3\xa9");
    text_in_wipe(&in);
    hook = (struct webhook){.query = "from=%2B1&to=12345&id=7&text=help+me", .is_get = 1, .suffix = ""};
    assert_int_equal(provider_kannel.read(channel, &hook, &in), ERR_OK);
    assert_string_equal(buf_text(&in.text), "help me");
    text_in_wipe(&in);
    hook.query = "to=12345&text=help";
    assert_int_equal(provider_kannel.read(channel, &hook, &in), ERR_MALFORMED);
    text_in_wipe(&in);
    channel_end(channel);
}

static void kannel_tells_the_alphabet(void **state)
{
    (void)state;
    struct buf out = BUF_INIT(1024);
    const char *coding;
    provider_kannel.answer("Hello", &out, &coding);
    assert_null(coding);
    buf_clear(&out);
    provider_kannel.answer("\xd9\x82\xd9\x81", &out, &coding);
    assert_string_equal(coding, "2");
    buf_clear(&out);
    provider_kannel.answer(NULL, &out, &coding);
    assert_int_equal(out.len, 0);
    buf_free(&out);
}

static void alphabet_as_published(void **state)
{
    (void)state;
    json_t *cases = json_load_file(VECTORS "/webhooks.json", 0, NULL);
    size_t i, played = 0;
    json_t *one;
    json_array_foreach(cases, i, one)
    {
        const char *encoding = json_string_value(json_object_get(one, "encoding"));
        const char *text = json_string_value(json_object_get(one, "text"));
        if (!encoding || !text)
            continue;
        assert_int_equal(provider_is_gsm(text), strncmp(encoding, "GSM", 3) == 0 || strncmp(encoding, "gsm", 3) == 0);
        played++;
    }
    assert_true(played >= 8);
    json_decref(cases);
}

static void mail_is_one_plain_message_over_tls_and_nothing_comes_in_by_it(void **state)
{
    (void)state;
    struct channel *channel = channel_new(&provider_smtp, "unused secret");
    snprintf(channel->address, sizeof channel->address, "desk@grievance.example");
    snprintf(channel->api_url, sizeof channel->api_url, "smtp://mail.example:587");
    assert_null(provider_smtp.lacks(channel));
    struct send_out out;
    send_out_init(&out);
    assert_int_equal(provider_smtp.send(channel, "amina@office.example", "2 cases wait\n.\nBcc: x@y.example", &out),
                     ERR_OK);
    assert_string_equal(out.url, "smtp://mail.example:587/grievance.example");
    assert_string_equal(out.mail_from, "<desk@grievance.example>");
    assert_string_equal(out.mail_to, "<amina@office.example>");
    const char *text = buf_text(&out.body), *body = strstr(text, "\r\n\r\n");
    assert_non_null(body);
    assert_string_equal(body + 4, "2 cases wait\r\n.\r\nBcc: x@y.example\r\n");
    assert_non_null(strstr(text, "\r\nTo: <amina@office.example>\r\n"));
    assert_non_null(strstr(text, "\r\nSubject: recourse\r\n"));
    send_out_wipe(&out);
    static const char *const wrong[] = {"amina", "amina@",  "@b",     "a@b@c", "a b@c", "a@b>\r\nBcc: x@y",
                                        "<a@b>", "a@b,c@d", "a@b\x7f"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        send_out_init(&out);
        assert_int_equal(provider_smtp.send(channel, wrong[i], "x", &out), ERR_MALFORMED);
        send_out_wipe(&out);
    }
    snprintf(channel->api_url, sizeof channel->api_url, "http://mail.example");
    assert_non_null(provider_smtp.lacks(channel));
    snprintf(channel->api_url, sizeof channel->api_url, "smtps://mail.example/path");
    assert_non_null(provider_smtp.lacks(channel));
    const struct webhook hook = {.query = "", .suffix = ""};
    assert_int_equal(provider_smtp.verify(channel, &hook), ERR_DENIED);
    assert_int_equal(provider_smtp.sent(250, NULL, 0), SEND_DONE);
    assert_int_equal(provider_smtp.sent(550, NULL, 0), SEND_NEVER);
    assert_int_equal(provider_smtp.sent(451, NULL, 0), SEND_LATER);
    channel_end(channel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(twilio_signature_as_published),
        cmocka_unit_test(twilio_text_is_read),
        cmocka_unit_test(twilio_reply_is_inert_xml),
        cmocka_unit_test(twilio_request_and_verdicts),
        cmocka_unit_test(webhook_signatures_as_published),
        cmocka_unit_test(a_webhook_is_sent_and_nothing_comes_in_by_it),
        cmocka_unit_test(kannel_post),
        cmocka_unit_test(kannel_get_and_old_encodings),
        cmocka_unit_test(kannel_tells_the_alphabet),
        cmocka_unit_test(alphabet_as_published),
        cmocka_unit_test(mail_is_one_plain_message_over_tls_and_nothing_comes_in_by_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
