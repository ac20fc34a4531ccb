/* fuzz_channels.c -- any sms.ini (sms-gateway/channel.h): channels that have all their provider needs, each found by
 * its name, or one sentence. @SECRET in the input stands for the path of a file with a secret. */
#include <stdio.h>

#include "sms-gateway/channel.h"
#include "sms-gateway/provider.h"
#include "tests/fuzz/fuzz.h"

/* The input with the path in place of each @SECRET. */
static void fill_in(const uint8_t *data, size_t size, struct buf *out)
{
    static const char mark[] = "@SECRET";
    static char path[256];
    const size_t len = sizeof mark - 1;
    if (!*path)
        snprintf(path, sizeof path, "%s", fuzz_file("secret", (const uint8_t *)"0123456789abcdef\n", 17));
    for (size_t i = 0; i < size;) {
        int is_mark = size - i >= len && memcmp(data + i, mark, len) == 0;
        need((is_mark ? buf_add_text(out, path) : buf_add_byte(out, data[i])) == ERR_OK);
        i += is_mark ? len : 1;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct channels channels;
    char says[256] = "";
    struct buf ini = BUF_INIT(4 << 20);
    fill_in(data, size, &ini);
    enum err err = channels_load(fuzz_file("sms.ini", ini.bytes, ini.len), &channels, says);
    buf_free(&ini);
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
