/* show_search.c -- finding cases: one field for words, and filters as plain selects. Words travel by POST, so that they
 * stand in no address; the answer to it is the page, and further pages are buttons of the same form. */
#include <string.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "triage/console/show.h"
#include "triage/console/view.h"
#include "triage/console/view_filter.h"

enum { PAGE_ITEMS = 25, IMPACTS_MAX = 100, DEEPEST = 5000 /* what a vault takes as `after` */ };

/* ---- the filters ---- */

json_t *show_filter_form(const struct call *call, const json_t *impacts)
{
    const struct reader *reader = &call->reader;
    const json_t *filter = json_object_get(call->ask, "filter");
    json_t *context = json_object();
    view_put(context, "words", json_string(view_text(call->ask, "words")));
    view_put(context, "lanes", words_options(reader, WORDS_LANE, LANES, view_text(filter, "lane")));
    view_put_filter(reader, filter, impacts, context);
    return context;
}

/* ---- what was found ---- */

static json_int_t number(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

static void put_sentence(json_t *context, const char *key, char *says)
{
    view_put(context, key, json_string(says));
    mem_free(says);
}

/* Why there may be more than what stands here. */
static void put_progress(const struct call *call, const json_t *answer, json_t *context)
{
    json_int_t read = number(answer, "read"), cases = number(answer, "cases");
    if (!json_is_true(json_object_get(answer, "partial")))
        return;
    if (read < cases)
        put_sentence(
            context, "progress",
            words_fill(&call->reader,
                       T("Searching {{percent}} %: {{read}} of {{all}} cases have been read since the start. "
                         "There may be more."),
                       json_pack("{s:I, s:I, s:I}", "percent", read * 100 / cases, "read", read, "all", cases)));
    if (json_object_get(answer, "newest"))
        put_sentence(context, "newest",
                     words_fill(&call->reader,
                                T("So many hold these words that only the newest {{percent}} % were looked through. "
                                  "One more word makes them fewer."),
                                json_pack("{s:I}", "percent", number(answer, "newest"))));
}

static void put_pages(const struct call *call, const json_t *answer, json_t *context)
{
    json_int_t after = number(call->ask, "after"), total = number(answer, "total");
    json_int_t behind = after + (json_int_t)json_array_size(json_object_get(answer, "items"));
    if (after > 0)
        view_put(context, "before", json_sprintf("%lld", after > PAGE_ITEMS ? after - PAGE_ITEMS : 0));
    if (behind < total && behind <= DEEPEST)
        view_put(context, "behind", json_sprintf("%lld", behind));
}

static void with_impacts(struct call *call, struct http_req *req, const json_t *impacts)
{
    const json_t *answer = call->kept;
    json_t *context = show_filter_form(call, impacts);
    if (answer) {
        json_t *items = view_items(&call->reader, json_object_get(answer, "items"), "/cases", clock_wall());
        json_int_t total = number(answer, "total");
        view_put(context, "searched", json_true());
        view_put(context, "has_items", json_boolean(json_array_size(items) > 0));
        view_put(context, "items", items);
        put_sentence(
            context, "found",
            words_count(&call->reader, TN("{{n}} case found", "{{n}} cases found"), total > 0 ? (uint64_t)total : 0));
        put_progress(call, answer, context);
        put_pages(call, answer, context);
    }
    show_page(call, req, 200, "search", context);
}

static void ask_impacts(struct call *call, struct http_req *req)
{
    call_ask(call, req, json_pack("{s:s, s:i}", "op", "impact.list", "limit", IMPACTS_MAX), with_impacts);
}

void show_search_form(struct call *call, struct http_req *req, const json_t *answer)
{
    (void)answer;
    ask_impacts(call, req);
}

void show_found(struct call *call, struct http_req *req, const json_t *answer)
{
    call->kept = json_deep_copy(answer);
    need(call->kept != NULL);
    ask_impacts(call, req);
}
