/* provider.c -- the table of providers and what they share. See provider.h. */
#include "sms-gateway/provider.h"

#include <string.h>

#include "common/base/mem.h"
#include "common/text/utf8.h"

static const struct sms_provider *const providers[] = {&provider_kannel, &provider_twilio, &provider_smtp};

const struct sms_provider *provider_named(const char *name)
{
    for (size_t i = 0; i < sizeof providers / sizeof *providers; i++)
        if (strcmp(providers[i]->name, name) == 0)
            return providers[i];
    return NULL;
}

void text_in_init(struct text_in *in)
{
    memset(in, 0, sizeof *in);
    buf_init(&in->text, SMS_TEXT_MAX);
}

void text_in_wipe(struct text_in *in)
{
    buf_free(&in->text);
    mem_wipe(in, sizeof *in);
    buf_init(&in->text, SMS_TEXT_MAX);
}

void send_out_init(struct send_out *out)
{
    memset(out, 0, sizeof *out);
    buf_init(&out->body, SMS_TEXT_MAX * 4);
}

void send_out_wipe(struct send_out *out)
{
    buf_free(&out->body);
    mem_wipe(out, sizeof *out);
    buf_init(&out->body, SMS_TEXT_MAX * 4);
}

int provider_is_address(const char *text)
{
    const char *at = strchr(text, '@');
    if (!at || at == text || !at[1] || strchr(at + 1, '@') || strlen(text) > MAIL_ADDRESS_MAX)
        return 0;
    for (const char *c = text; *c; c++)
        if (*c <= 0x20 || *c >= 0x7f || strchr("<>()[]\\,;:\"", *c))
            return 0;
    return 1;
}

/* GSM 03.38: the basic table and the extension table, as code points. */
static int gsm_has(uint32_t c)
{
    static const uint16_t others[] = {0x40,  0xa3,  0x24,  0xa5,  0xe8,  0xe9,  0xf9, 0xec,  0xf2,  0xc7,  0x0a,
                                      0xd8,  0xf8,  0x0d,  0xc5,  0xe5,  0x394, 0x5f, 0x3a6, 0x393, 0x39b, 0x3a9,
                                      0x3a0, 0x3a8, 0x3a3, 0x398, 0x39e, 0xc6,  0xe6, 0xdf,  0xc9,  0xa4,  0xa1,
                                      0xc4,  0xd6,  0xd1,  0xdc,  0xa7,  0xbf,  0xe4, 0xf6,  0xf1,  0xfc,  0xe0,
                                      0x0c,  0x5e,  0x7b,  0x7d,  0x5c,  0x5b,  0x7e, 0x5d,  0x7c,  0x20ac};
    if ((c >= 0x20 && c <= 0x5a && c != 0x60) || (c >= 'a' && c <= 'z'))
        return 1;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (others[i] == c)
            return 1;
    return 0;
}

int provider_is_gsm(const char *text)
{
    size_t len = strlen(text), at = 0;
    while (at < len) {
        uint32_t c;
        size_t took = utf8_next(text + at, len - at, &c);
        if (took == 0 || !gsm_has(c))
            return 0;
        at += took;
    }
    return 1;
}
