/* fuzz_cookie.c -- any Cookie header: the value found stands in it, ends before a semicolon, and is refused as soon as
 * the name comes twice. */
#include "common/http/cookie.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char name[] = "session";
    char *header = fuzz_text(data, size);
    struct buf value = BUF_INIT(128), again = BUF_INIT(128), twice = BUF_INIT(size + 64);
    enum err err = cookie_read(header, name, &value);
    need(err == ERR_OK || err == ERR_NOT_FOUND || err == ERR_CONFLICT || err == ERR_TOO_BIG);
    need(err == ERR_OK || value.len == 0);
    need(!memchr(buf_text(&value), ';', value.len) && strstr(header, buf_text(&value)));
    need(buf_addf(&twice, "%s; %s=planted", header, name) == ERR_OK);
    need(cookie_read(buf_text(&twice), name, &again) == (err == ERR_NOT_FOUND ? ERR_OK : ERR_CONFLICT));
    need(err != ERR_NOT_FOUND || strcmp(buf_text(&again), "planted") == 0);
    buf_free(&value);
    buf_free(&again);
    buf_free(&twice);
    free(header);
    return 0;
}
