/* channel.c -- see channel.h. A table of keys, each with the place its value goes to. */
#include "sms-gateway/channel.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "common/base/conf.h"
#include "common/base/file.h"
#include "common/base/mem.h"
#include "sms-gateway/provider.h"

enum { SECRET_MAX = 256, CA_MAX = 256 * 1024 };

/* Texts are copied, secrets are read from the file that is named. */
static const struct {
    const char *key;
    size_t at, size;
} texts[] = {
    {"desk", offsetof(struct channel, desk), sizeof((struct channel *)0)->desk},
    {"language", offsetof(struct channel, language), sizeof((struct channel *)0)->language},
    {"number", offsetof(struct channel, number), sizeof((struct channel *)0)->number},
    {"address", offsetof(struct channel, address), sizeof((struct channel *)0)->address},
    {"account", offsetof(struct channel, account), sizeof((struct channel *)0)->account},
    {"username", offsetof(struct channel, username), sizeof((struct channel *)0)->username},
    {"public_url", offsetof(struct channel, public_url), sizeof((struct channel *)0)->public_url},
    {"api_url", offsetof(struct channel, api_url), sizeof((struct channel *)0)->api_url},
    {"send_url", offsetof(struct channel, api_url), sizeof((struct channel *)0)->api_url},
};
static const struct {
    const char *key;
    size_t at;
} secrets[] = {
    {"secret", offsetof(struct channel, secret)},
    {"token", offsetof(struct channel, secret)},
    {"password", offsetof(struct channel, password)},
};

static struct channel *channel_named(struct channels *channels, const char *name)
{
    for (size_t i = 0; i < channels->count; i++)
        if (strcmp(channels->list[i].name, name) == 0)
            return &channels->list[i];
    if (channels->count == CHANNELS_MAX || strlen(name) > CHANNEL_NAME_MAX)
        return NULL;
    struct channel *channel = &channels->list[channels->count++];
    snprintf(channel->name, sizeof channel->name, "%s", name);
    snprintf(channel->desk, sizeof channel->desk, "usual");
    snprintf(channel->language, sizeof channel->language, "en");
    buf_init(&channel->secret, SECRET_MAX);
    buf_init(&channel->password, SECRET_MAX);
    buf_init(&channel->ca, CA_MAX);
    return channel;
}

static const char *read_secret(struct buf *into, const char *path)
{
    buf_clear(into);
    if (file_is_open_to_others(path))
        return "names a file that others than its owner may read";
    if (file_read(path, into) != ERR_OK)
        return "names a file that cannot be read";
    while (into->len && (into->bytes[into->len - 1] == '\n' || into->bytes[into->len - 1] == '\r'))
        buf_cut(into, into->len - 1);
    return into->len < 8 ? "names a file with a secret shorter than 8 bytes" : NULL;
}

static const char *channel_set(void *room, const char *name, const char *key, const char *value)
{
    struct channel *channel = channel_named(room, name);
    if (!channel)
        return "is one channel too many, or its name is longer than 32 bytes";
    if (strcmp(key, "kind") == 0) {
        channel->provider = provider_named(value);
        return channel->provider ? NULL : "must be kannel, twilio or smtp";
    }
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (strcmp(texts[i].key, key) == 0) {
            if (strlen(value) >= texts[i].size)
                return "is too long";
            snprintf((char *)channel + texts[i].at, texts[i].size, "%s", value);
            return NULL;
        }
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++)
        if (strcmp(secrets[i].key, key) == 0)
            return read_secret((struct buf *)((char *)channel + secrets[i].at), value);
    if (strcmp(key, "ca") == 0) {
        buf_clear(&channel->ca);
        return file_read(value, &channel->ca) == ERR_OK ? NULL : "names a file that cannot be read";
    }
    return "is not a setting of a channel";
}

/* Which desks and events, the vaults know: they are told the same section. */
static const char *webhook_set(void *room, const char *name, const char *key, const char *value)
{
    char full[CHANNEL_NAME_MAX + 1];
    if (strcmp(key, "desks") == 0 || strcmp(key, "events") == 0)
        return NULL;
    if ((size_t)snprintf(full, sizeof full, CHANNEL_WEBHOOK "%s", name) >= sizeof full)
        return "has too long a name";
    if (strcmp(key, "url") == 0)
        key = "api_url";
    else if (strcmp(key, "secret") != 0)
        return "is not a setting of a webhook";
    const char *says = channel_set(room, full, key, value);
    struct channel *channel = channel_named(room, full);
    if (channel)
        channel->provider = &provider_webhook;
    return says;
}

enum err channels_load(const char *path, struct channels *out, char says[static 256])
{
    memset(out, 0, sizeof *out);
    enum err err = conf_each(path, "channel", channel_set, out, says);
    if (err == ERR_OK)
        err = conf_each(path, "webhook", webhook_set, out, says);
    for (size_t i = 0; err == ERR_OK && i < out->count; i++) {
        const struct channel *channel = &out->list[i];
        const char *lacks = !channel->provider ? "needs a kind" : channel->provider->lacks(channel);
        if (lacks) {
            snprintf(says, 256, "channel %s %s", channel->name, lacks);
            err = ERR_MALFORMED;
        }
    }
    if (err != ERR_OK)
        channels_free(out);
    return err;
}

void channels_free(struct channels *channels)
{
    for (size_t i = 0; i < channels->count; i++) {
        buf_free(&channels->list[i].secret);
        buf_free(&channels->list[i].password);
        buf_free(&channels->list[i].ca);
    }
    mem_wipe(channels, sizeof *channels);
}

const struct channel *channels_find(const struct channels *channels, const char *name)
{
    for (size_t i = 0; i < channels->count; i++)
        if (strcmp(channels->list[i].name, name) == 0)
            return &channels->list[i];
    return NULL;
}
