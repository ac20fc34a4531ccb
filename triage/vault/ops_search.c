/* ops_search.c -- finding cases by their words and by filters. Results stand in the queue's order of severity; the
 * words that were looked for are sealed in the audit log before the search begins. */
#include <string.h>

#include "common/base/mem.h"
#include "triage/vault/audit.h"
#include "triage/vault/indexer.h"
#include "triage/vault/listing.h"
#include "triage/vault/ops.h"
#include "triage/vault/search.h"
#include "triage/vault/seen.h"

enum { WORDS_MAX = 400, LIST_MAX = 100, LIST_USUAL = 25, STEP_US = 3000 };

/* A search under way; others have their turn between its steps. */
struct finding {
    struct request *request;
    uint64_t rebuilds; /* of then: the index is of one of these */
    struct filter filter;
    struct search_run run;
    int has_words;
    size_t after, limit;
};

static void finding_free(struct finding *f)
{
    if (f->has_words)
        search_run_end(&f->run);
    mem_free(f);
}

static void answer(struct finding *f)
{
    struct request *request = f->request;
    struct vault *vault = request->vault;
    const struct listing ask = {.filter = &f->filter,
                                .who = request->who,
                                .found = f->has_words ? &f->run : NULL,
                                .after = f->after,
                                .limit = f->limit};
    size_t total, cases = seen_count(vault, request->who), read = indexer_count(vault->indexer);
    json_t *items = listing_page(vault, &ask, &total);
    int is_filling = f->has_words && read < cases;
    json_t *fields =
        json_pack("{s:o,s:I,s:I,s:I,s:b}", "items", items, "total", (json_int_t)total, "cases", (json_int_t)cases,
                  "read", (json_int_t)(read < cases ? read : cases), "partial", is_filling);
    if (f->has_words && f->run.messages_read < f->run.messages) {
        json_object_set_new(fields, "partial", json_true());
        json_object_set_new(fields, "newest", json_integer((json_int_t)(f->run.messages_read * 100 / f->run.messages)));
    }
    finding_free(f);
    request_ok(request, fields);
}

static void step(void *arg)
{
    struct finding *f = arg;
    struct request *request = f->request;
    struct vault *vault = request->vault;
    if (vault->phase != PHASE_OPEN || vault->rebuilds != f->rebuilds) {
        finding_free(f);
        request_fail_with(request, ERR_CANCELLED);
    } else if (f->has_words && search_run_step(&f->run, STEP_US)) {
        loop_next_turn(vault->loop, step, f);
    } else {
        answer(f);
    }
}

/* All that may be wrong with it is said before anything is kept. 0: the request was answered. */
static int read_ask(struct request *request, struct finding *f, const char **words)
{
    int64_t after = 0, limit = LIST_USUAL;
    *words = "";
    if (!request_text(request, "words", 0, WORDS_MAX, words) ||
        !request_int(request, "after", 0, 0, LISTING_AFTER_MAX, &after) ||
        !request_int(request, "limit", 0, 1, LIST_MAX, &limit))
        return 0;
    if (!listing_asked(request, &f->filter))
        return 0;
    f->after = (size_t)after;
    f->limit = (size_t)limit;
    f->has_words = **words != 0;
    if (!f->has_words && filter_is_empty(&f->filter)) {
        request_fail(request, "malformed", "There is no word to look for.", "words");
        return 0;
    }
    return 1;
}

static void search_kept(void *room, enum err err)
{
    struct request *request = room;
    struct vault *vault = request->vault;
    struct finding read = {.request = request}, *f;
    const char *words;
    if (err == ERR_OK && vault->phase != PHASE_OPEN)
        err = ERR_CANCELLED;
    if (err != ERR_OK) {
        request_fail_with(request, err);
        return;
    }
    if (!read_ask(request, &read, &words))
        return;
    read.rebuilds = vault->rebuilds;
    err = read.has_words ? search_run_begin(vault->search, words, strlen(words), &read.run) : ERR_OK;
    if (err == ERR_MALFORMED) {
        request_fail(request, "malformed", "There is no word to look for.", "words");
    } else if (err != ERR_OK) {
        request_fail_with(request, err);
    } else {
        f = mem_new(sizeof *f);
        *f = read;
        step(f);
    }
}

void ops_search(struct request *request)
{
    struct finding read = {.request = request};
    const char *words;
    if (!read_ask(request, &read, &words))
        return;
    json_t *detail = json_pack("{s:s}", "words", words), *filter = json_object_get(request->body, "filter");
    if (json_is_object(filter))
        json_object_set(detail, "filter", filter);
    audit_alone(request->vault, request->who, "search", NULL, detail, search_kept, request);
}
