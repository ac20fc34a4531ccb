/* unit.h -- what every unit of the console begins with. */
#ifndef TESTS_UNIT_CONSOLE_UNIT_H
#define TESTS_UNIT_CONSOLE_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "triage/console/console.h"

/* The pages and catalogues as they ship, and one desk. */
static inline void load_texts(struct settings *settings, struct console_texts *texts)
{
    char says[SAYS_SIZE];
    memset(settings, 0, sizeof *settings);
    settings->office_name = (char *)(uintptr_t) "Office";
    settings->pages = (char *)(uintptr_t)SOURCE_ROOT "/triage/console/pages";
    settings->languages = (char *)(uintptr_t)SOURCE_ROOT "/triage/console/languages";
    settings->codes = (char *)(uintptr_t)SOURCE_ROOT "/triage/codes";
    settings->office_path = (char *)(uintptr_t) "";
    if (console_texts_load(settings, texts, says) != ERR_OK)
        fail_msg("%s", says);
}

#endif
