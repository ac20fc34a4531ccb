/* tus_metadata.c -- see tus_metadata.h. */
#include "intake/tus_metadata.h"

#include <string.h>

#include "common/base/code.h"

/* "filename d2VsbC5qcGc=,filetype aW1hZ2UvanBlZw==" */
void tus_metadata(const char *header, const char *key, struct buf *out)
{
    size_t key_len = strlen(key);
    for (const char *at = header; at && *at;) {
        const char *end = strchrnul(at, ',');
        at += strspn(at, " ");
        if ((size_t)(end - at) > key_len && strncmp(at, key, key_len) == 0 && at[key_len] == ' ') {
            const char *value = at + key_len + 1;
            (void)!code_unbase64(value, (size_t)(end - value), out); /* a file without a name is taken as well */
            return;
        }
        at = *end ? end + 1 : end;
    }
}
