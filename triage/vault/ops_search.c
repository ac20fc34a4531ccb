/* ops_search.c -- finding cases by their words. Results stand in the queue's order of severity; the words that were
 * looked for are sealed in the audit log. */
#include <stdlib.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "triage/vault/audit.h"
#include "triage/vault/case_view.h"
#include "triage/vault/ops.h"
#include "triage/vault/search.h"

enum { WORDS_MAX = 400, LIST_MAX = 100, LIST_USUAL = 25 };

struct ranked {
    const struct case_file *file;
    uint32_t weight;
};

static int rank_compare(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    if (x->weight != y->weight)
        return x->weight > y->weight ? -1 : 1;
    int64_t of_x = x->file->place.severity.arrived, of_y = y->file->place.severity.arrived;
    return (of_x > of_y) - (of_x < of_y);
}

static json_t *ranked_items(const struct vault *vault, const uint32_t *numbers, size_t count, size_t limit)
{
    struct ranked *ranked = mem_new_array(count + 1, sizeof *ranked);
    json_t *items = json_array();
    int64_t now = clock_wall();
    for (size_t i = 0; i < count; i++) {
        ranked[i].file = book_at(vault->book, numbers[i]);
        ranked[i].weight = severity_weight(&ranked[i].file->place.severity, now);
    }
    qsort(ranked, count, sizeof *ranked, rank_compare);
    for (size_t i = 0; i < count && i < limit; i++)
        json_array_append_new(items, case_item(vault, ranked[i].file));
    mem_free(ranked);
    return items;
}

static void search_kept(void *room, enum err err)
{
    struct request *request = room;
    const char *words = json_string_value(json_object_get(request->body, "words"));
    json_int_t limit = json_integer_value(request->kept);
    uint32_t *numbers;
    size_t count;
    if (err == ERR_OK && request->vault->phase != PHASE_OPEN)
        err = ERR_CANCELLED;
    if (err != ERR_OK) {
        request_fail_with(request, err);
    } else if (search_find(request->vault->search, words, strlen(words), &numbers, &count) != ERR_OK) {
        request_fail(request, "malformed", "There is no word to look for.", "words");
    } else {
        json_t *items = ranked_items(request->vault, numbers, count, (size_t)limit);
        mem_free(numbers);
        request_ok(request, json_pack("{s:o,s:I}", "items", items, "total", (json_int_t)count));
    }
}

void ops_search(struct request *request)
{
    const char *words;
    int64_t limit = LIST_USUAL;
    if (!request_text(request, "words", 1, WORDS_MAX, &words) || !request_int(request, "limit", 0, 1, LIST_MAX, &limit))
        return;
    request->kept = json_integer(limit);
    audit_alone(request->vault, request->who, "search", NULL, json_pack("{s:s}", "words", words), search_kept, request);
}
