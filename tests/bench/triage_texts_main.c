/* triage_texts_main.c -- the generator's texts, one a line behind the language and a tab; one in eight is in a
 * script without spaces. */
#include <stdio.h>
#include <stdlib.h>

#include "tests/bench/triage_texts.h"

int main(int argc, char **argv)
{
    static struct triage_text text;
    unsigned long count = argc > 1 ? strtoul(argv[1], NULL, 10) : 10;
    for (unsigned long n = 0; n < count; n++) {
        triage_text(n % 8 ? SCRIPTS_SPACED : SCRIPTS_UNSPACED, n, &text);
        printf("%s\t%s\n", text.language, text.bytes);
    }
    return 0;
}
