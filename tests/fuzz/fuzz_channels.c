/* fuzz_channels.c -- any sms.ini (sms-gateway/channel.h): channels that have all their provider needs, each found by
 * its name, or one sentence. */
#include "sms-gateway/channel.h"
#include "sms-gateway/provider.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct channels channels;
    char says[256] = "";
    enum err err = channels_load(fuzz_file("sms.ini", data, size), &channels, says);
    need(err == ERR_OK ? channels.count <= CHANNELS_MAX : channels.count == 0 && *says && strlen(says) < 256);
    for (size_t i = 0; i < channels.count; i++) {
        const struct channel *channel = &channels.list[i];
        need(channel->provider && !channel->provider->lacks(channel));
        need(channels_find(&channels, channel->name) == channel);
    }
    if (err == ERR_OK)
        channels_free(&channels);
    return 0;
}
