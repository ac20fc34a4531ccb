/* audit_findings.c -- see audit_findings.h. */
#include "operator/audit_findings.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/base/mem.h"

void audit_findings_free(struct audit_findings *found)
{
    mem_free(found->sentences);
    *found = (struct audit_findings){0};
}

void audit_found(struct audit_findings *found, const char *format, ...)
{
    found->count++;
    if (found->kept == AUDIT_KEPT)
        return;
    if (!found->sentences)
        found->sentences = mem_new_array(AUDIT_KEPT, sizeof *found->sentences);
    va_list args;
    va_start(args, format);
    vsnprintf(found->sentences[found->kept++], AUDIT_SENTENCE, format, args);
    va_end(args);
}

static int has(const struct audit_findings *found, const char *sentence)
{
    for (size_t i = 0; i < found->kept; i++)
        if (strcmp(found->sentences[i], sentence) == 0)
            return 1;
    return 0;
}

void audit_findings_only_both(struct audit_findings *found, const struct audit_findings *again)
{
    size_t kept = 0;
    uint64_t beyond = found->count - found->kept, beyond_again = again->count - again->kept;
    for (size_t i = 0; i < found->kept; i++)
        if (has(again, found->sentences[i])) {
            if (kept != i)
                memcpy(found->sentences[kept], found->sentences[i], AUDIT_SENTENCE);
            kept++;
        }
    found->kept = kept;
    found->count = kept + (beyond < beyond_again ? beyond : beyond_again);
}
