/* view_waiting.c -- what waits on disk, in the reader's words (view.h). */
#include "common/base/mem.h"
#include "triage/console/view.h"

enum { MINUTE = 60, HOUR = 3600, DAY = 24 * HOUR };

static const struct {
    uint64_t seconds;
    const char *one, *more;
} spans[] = {
    {DAY, TN("The oldest has waited for {{n}} day.", "The oldest has waited for {{n}} days.")},
    {HOUR, TN("The oldest has waited for {{n}} hour.", "The oldest has waited for {{n}} hours.")},
    {MINUTE, TN("The oldest has waited for {{n}} minute.", "The oldest has waited for {{n}} minutes.")},
};
enum { SPAN_COUNT = sizeof spans / sizeof *spans };

static char *age_says(const struct reader *reader, uint64_t age_s)
{
    for (size_t i = 0; i < SPAN_COUNT; i++)
        if (age_s >= spans[i].seconds)
            return words_count(reader, spans[i].one, spans[i].more, age_s / spans[i].seconds);
    return mem_copy_text(words_text(reader, T("The oldest has waited for less than a minute.")));
}

json_t *view_waiting(const struct reader *reader, uint64_t rows, uint64_t age_s, int in_doubt)
{
    char *count =
        words_count(reader,
                    TN("{{n}} message waits on the server's disk because the database is away. Nothing is lost.",
                       "{{n}} messages wait on the server's disk because the database is away. Nothing is lost."),
                    rows);
    char *age = age_says(reader, age_s);
    json_t *waiting = json_pack("{s:s, s:s, s:b}", "count", count, "age", age, "in_doubt", in_doubt);
    need(waiting != NULL);
    mem_free(count);
    mem_free(age);
    return waiting;
}
