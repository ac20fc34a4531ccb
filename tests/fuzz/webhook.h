/* webhook.h -- what the two harnesses of SMS providers share: a channel whose secrets no input can know, and what holds
 * for any text that was read. */
#ifndef TESTS_FUZZ_WEBHOOK_H
#define TESTS_FUZZ_WEBHOOK_H

#include "common/base/rng.h"
#include "common/text/utf8.h"
#include "sms-gateway/provider.h"
#include "tests/fuzz/fuzz.h"

static inline void webhook_channel(struct channel *channel, const struct sms_provider *provider)
{
    uint8_t secret[32];
    channel->provider = provider;
    rng_bytes(secret, sizeof secret);
    buf_init(&channel->secret, 256);
    buf_init(&channel->password, 256);
    need(buf_add(&channel->secret, secret, sizeof secret) == ERR_OK);
    need(buf_add_text(&channel->password, "sendsms password") == ERR_OK);
    strcpy(channel->name, "a");
    strcpy(channel->number, "12345");
    strcpy(channel->account, "AC1");
    strcpy(channel->username, "user");
    strcpy(channel->public_url, "https://grievance.example.org/sms/a");
    strcpy(channel->api_url, "https://sms.example.org");
}

/* `required`: the provider always names sender, receiver and id. */
static inline void webhook_text_is_good(const struct text_in *in, int required)
{
    need(*in->from && strlen(in->from) <= SMS_NUMBER_MAX && strlen(in->to) <= SMS_NUMBER_MAX);
    need(strlen(in->provider_id) <= SMS_ID_MAX && strlen(in->provider_at) < sizeof in->provider_at);
    need(!required || (*in->to && *in->provider_id));
    need(in->text.len <= SMS_TEXT_MAX && utf8_valid(in->text.bytes, in->text.len));
}

#endif
