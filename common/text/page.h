/* page.h -- a room's pages: a folder of Mustache templates, each in every language, found by name.
 *
 * All is read and compiled when the program starts, so a broken template or translation stops the start and never a
 * reader. Every page finds in its context, behind the caller's own values:
 *   lang, dir     "ar", "rtl", for <html lang="{{lang}}" dir="{{dir}}">
 *   language      the native name
 *   languages     a list of {code, native, dir, current} to choose from */
#ifndef COMMON_TEXT_PAGE_H
#define COMMON_TEXT_PAGE_H

#include <jansson.h>

#include "common/base/buf.h"
#include "common/text/catalogue.h"

#define PAGE_MAX 128 /* templates of one folder */

struct page_set;

/* Every *.mustache in `folder` (a name of a-z 0-9 _ -). They are each other's partials; one that is missing is an error
 * here. ERR_MALFORMED, ERR_TOO_BIG, ERR_NOT_FOUND, ERR_SYSTEM, with the file, the language, the line and the reason.
 * `catalogues` is used only during the call. The caller owns *out; on an error it is NULL. */
MUST_CHECK enum err page_load(const char *folder, const struct catalogue_set *catalogues, struct page_set **out,
                              char says[static SAYS_SIZE]);
/* NULL is fine. */
void page_free(struct page_set *set);

/* Append the page `name` ("receipt") in `language` (unknown: English) to `out`. `context` may be NULL. ERR_NOT_FOUND if
 * there is no such page, ERR_TOO_BIG if it does not fit; then `out` is as it was. */
MUST_CHECK enum err page_render(const struct page_set *set, const char *name, const char *language,
                                const json_t *context, struct buf *out);

#endif
