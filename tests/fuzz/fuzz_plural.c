/* fuzz_plural.c -- any Plural-Forms: what is read gives a form below nplurals for every number there is. */
#include "common/text/plural.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint64_t far[] = {1001, 65535, 1000000, UINT32_MAX, INT64_MAX, UINT64_MAX - 1, UINT64_MAX};
    struct plural plural;
    char says[SAYS_SIZE] = "";
    enum err err = plural_read((const char *)data, size, &plural, says);
    if (err != ERR_OK) {
        need((err == ERR_MALFORMED || err == ERR_TOO_BIG) && *says);
        return 0;
    }
    need(plural.forms >= 1 && plural.forms <= PLURAL_FORMS && plural.count <= PLURAL_NODES);
    for (uint64_t n = 0; n <= 1000; n++)
        need(plural_form(&plural, n) < plural.forms);
    for (size_t i = 0; i < sizeof far / sizeof *far; i++)
        need(plural_form(&plural, far[i]) < plural.forms);
    return 0;
}
