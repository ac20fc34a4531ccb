/* fuzz_language.c -- any Accept-Language: the answer is one that there is, the case of the letters does not matter, and
 * who can only have one language gets it. */
#include <ctype.h>

#include "common/text/language.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const there[] = {"en", "fr", "ar", "sw"};
    char *accept = fuzz_text(data, size);
    const char *got = language_negotiate(accept, there, 4);
    size_t i = 0;
    while (i < 4 && there[i] != got)
        i++;
    need(i < 4);
    need(language_negotiate(accept, there + 1, 1) == there[1]);
    for (char *c = accept; *c; c++)
        *c = (char)toupper((unsigned char)*c);
    need(language_negotiate(accept, there, 4) == got);
    const struct language *known = language_find(accept);
    need(!known || strcmp(known->code, accept) == 0);
    free(accept);
    return 0;
}
