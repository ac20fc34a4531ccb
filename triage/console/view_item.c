/* view_item.c -- queue items, ranks, reasons, counts (view.h). */
#include "triage/console/view.h"

#include <stdio.h>
#include <string.h>

#include "common/base/buf.h"
#include "common/base/mem.h"

enum { REASONS_IN_LIST = 3, BAR_WIDTH = 100, PAGE_ITEMS = 25 /* what a vault lists when nothing else is asked for */ };

const char *view_text(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

void view_put_label(const struct reader *reader, json_t *to, const char *key, enum words_group group,
                    const json_t *object, const char *from)
{
    const char *code = view_text(object, from);
    view_put(to, key, *code ? json_string(words_label(reader, group, code)) : NULL);
}

/* ---- the mark: shape and words, so that colour is never alone ---- */

static int is(const json_t *item, const char *key)
{
    return json_is_true(json_object_get(item, key));
}

static int has_clock(const json_t *item)
{
    const char *band = view_text(item, "band");
    return *band && strcmp(band, "later") != 0;
}

/* A person's reason among the rules': somebody has assessed it. */
static int has_person(const json_t *reasons)
{
    for (size_t i = 0; i < json_array_size(reasons); i++)
        if (*view_text(json_array_get(reasons, i), "person"))
            return 1;
    return 0;
}

static const char *mark_of(const json_t *item)
{
    const char *lane = view_text(item, "lane");
    if (is(item, "danger_now") || is(json_object_get(item, "rank"), "danger_now"))
        return "danger";
    if (is(item, "grave") || is(json_object_get(item, "rank"), "grave") || is(item, "floor"))
        return "grave";
    if (has_clock(item))
        return "clock";
    if (strcmp(lane, "consultation") == 0 || strcmp(view_text(item, "kind"), "consultation") == 0)
        return "voice";
    return strcmp(lane, "first_look") != 0 && has_person(json_object_get(item, "reasons")) ? "level" : "look";
}

static const struct {
    const char *mark, *english;
} marks[] = {
    {"danger", T("Danger now")}, {"grave", T("Grave violation")}, {"look", T("Not assessed yet")},
    {"level", T("Assessed")},    {"voice", T("Consultation")},
};

static void put_mark(const struct reader *reader, const json_t *item, json_t *to)
{
    const char *mark = mark_of(item);
    char shape[24];
    snprintf(shape, sizeof shape, "is_%s", mark);
    view_put(to, "mark", json_string(mark));
    view_put(to, shape, json_true());
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (strcmp(marks[i].mark, mark) == 0)
            view_put(to, "mark_says", json_string(words_text(reader, marks[i].english)));
    if (!has_clock(item))
        view_put(to, "band", NULL);
    else if (strcmp(mark, "clock") == 0)
        view_put_label(reader, to, "mark_says", WORDS_BAND, item, "band");
    else
        view_put_label(reader, to, "band", WORDS_BAND, item, "band");
}

/* ---- rank ---- */

static void add_part(struct buf *line, const char *text)
{
    if (line->len)
        need(buf_add_text(line, " · ") == ERR_OK);
    need(buf_add_text(line, text) == ERR_OK);
}

static void add_level(const struct reader *reader, struct buf *line, const char *english, const json_t *level)
{
    char number[2] = "?";
    if (json_is_integer(level) && json_integer_value(level) >= 1 && json_integer_value(level) <= 4)
        number[0] = (char)('0' + json_integer_value(level));
    char *text = words_fill(reader, english, json_pack("{s:s}", "level", number));
    add_part(line, text);
    mem_free(text);
}

json_t *view_rank(const struct reader *reader, const json_t *rank)
{
    struct buf line = BUF_INIT(4096);
    if (json_is_string(rank))
        return json_string(words_text(reader, json_string_value(rank)));
    if (!json_is_object(rank) || json_object_size(rank) == 0)
        return NULL;
    if (is(rank, "danger_now"))
        add_part(&line, words_text(reader, T("Danger now")));
    if (is(rank, "grave"))
        add_part(&line, words_text(reader, T("Grave violation")));
    add_level(reader, &line, T("scale {{level}}"), json_object_get(rank, "scale"));
    add_level(reader, &line, T("scope {{level}}"), json_object_get(rank, "scope"));
    add_level(reader, &line, T("irremediability {{level}}"), json_object_get(rank, "irremediability"));
    json_t *says = json_string(buf_text(&line));
    buf_free(&line);
    return says;
}

/* ---- reasons ---- */

json_t *view_reasons(const struct reader *reader, const json_t *reasons)
{
    json_t *list = json_array();
    for (size_t i = 0; i < json_array_size(reasons); i++) {
        const json_t *reason = json_array_get(reasons, i);
        const char *person = view_text(reason, "person");
        /* A rule's sentence is a msgid; a person's words are theirs. */
        const char *says = view_text(reason, "says");
        json_t *one = json_pack("{s:s, s:b, s:s, s:s}", "says", *person ? says : words_text(reader, says), "by_person",
                                *person != 0, "person", person, "rule", view_text(reason, "rule"));
        need(one && json_array_append_new(list, one) == 0);
        view_put(one, "words", json_incref(json_object_get(reason, "words")));
        view_put(one, "desk", json_incref(json_object_get(reason, "desk"))); /* that such cases belong to */
    }
    return list;
}

static void put_reasons(const struct reader *reader, const json_t *item, json_t *to)
{
    json_t *all = view_reasons(reader, json_object_get(item, "reasons"));
    size_t count = json_array_size(all);
    while (json_array_size(all) > REASONS_IN_LIST)
        need(json_array_remove(all, REASONS_IN_LIST) == 0);
    view_put(to, "reasons", all);
    view_put(to, "more_reasons", NULL);
    if (count <= REASONS_IN_LIST)
        return;
    char *more = words_count(reader, TN("and {{n}} more reason", "and {{n}} more reasons"), count - REASONS_IN_LIST);
    view_put(to, "more_reasons", json_string(more));
    mem_free(more);
}

/* ---- the item ---- */

/* What the clock makes of irremediability by itself (docs/order.md), from the first moment on; 0: nothing. */
static json_int_t clock_gives(const json_t *item)
{
    static const struct {
        const char *band;
        json_int_t gives;
    } rows[] = {{"1h", 4}, {"4h", 4}, {"24h", 4}, {"72h", 3}, {"7d", 3}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(view_text(item, "band"), rows[i].band) == 0)
            return rows[i].gives;
    return 0;
}

/* Nobody has found anything new: only the clock stands between what it was at first and what it is. */
static int is_but_clock(const struct reader *reader, const json_t *item, const json_t *rank)
{
    json_t *first = json_deep_copy(json_object_get(item, "first_rank"));
    json_int_t gives = clock_gives(item);
    if (json_is_object(first) && gives > view_number(first, "irremediability"))
        need(json_object_set_new(first, "irremediability", json_integer(gives)) == 0);
    json_t *then = view_rank(reader, first);
    int is_it = json_equal(then, rank);
    json_decref(then);
    json_decref(first);
    return is_it;
}

static void put_ranks(const struct reader *reader, const json_t *item, json_t *to)
{
    json_t *rank = view_rank(reader, json_object_get(item, "rank"));
    json_t *first = view_rank(reader, json_object_get(item, "first_rank"));
    int changed = rank && first && !json_equal(rank, first) && !is_but_clock(reader, item, rank);
    view_put(to, "rank", rank);
    view_put(to, "first_rank", first);
    view_put(to, "rank_changed", json_boolean(changed));
}

static void put_messages(const struct reader *reader, const json_t *item, json_t *to)
{
    json_int_t n = json_integer_value(json_object_get(item, "messages"));
    view_put(to, "messages", NULL);
    if (n <= 1)
        return;
    char *text = words_count(reader, TN("{{n}} message", "{{n}} messages"), (uint64_t)n);
    view_put(to, "messages", json_string(text));
    mem_free(text);
}

/* What only some cases have. */
static void put_rare(const struct reader *reader, const json_t *item, json_t *to)
{
    json_int_t skips = json_integer_value(json_object_get(item, "skipped"));
    view_put(to, "graphic", json_boolean(is(item, "graphic")));
    view_put(to, "wants_second", json_boolean(is(item, "wants_second")));
    view_put(to, "is_paused", json_boolean(is(item, "paused")));
    view_put(to, "is_escalated", json_boolean(is(item, "escalated")));
    view_put(to, "is_news", json_boolean(is(item, "is_news")));
    const char *last = view_text(json_object_get(item, "last"), "what");
    view_put(to, "last", *last ? json_string(words_text(reader, last)) : NULL);
    view_put_counted(reader, to, "file_count", TN("{{n}} file", "{{n}} files"), view_number(item, "files"));
    view_put(to, "skipped", NULL);
    if (skips < 1)
        return;
    char *text = words_count(reader, TN("skipped {{n}} time", "skipped {{n}} times"), (uint64_t)skips);
    view_put(to, "skipped", json_string(text));
    mem_free(text);
}

json_t *view_item(const struct reader *reader, const json_t *item, const char *base, int64_t now)
{
    json_t *to = json_pack("{s:s, s:s, s:s}", "case", view_text(item, "case"), "base", base, "language",
                           words_language(reader, view_text(item, "language")));
    need(to != NULL);
    put_mark(reader, item, to);
    put_ranks(reader, item, to);
    put_reasons(reader, item, to);
    put_messages(reader, item, to);
    view_put(to, "alike", view_alike(reader, item));
    put_rare(reader, item, to);
    /* Who holds a case stands beside it; the lane of held ones says no more. */
    if (strcmp(view_text(item, "lane"), "mine") == 0)
        view_put(to, "lane", NULL);
    else
        view_put_label(reader, to, "lane", WORDS_LANE, item, "lane");
    view_put_label(reader, to, "channel", WORDS_CHANNEL, item, "channel");
    view_put_label(reader, to, "kind", WORDS_KIND, item, "kind");
    view_put(to, "due", words_time(reader, view_text(item, "due"), now));
    view_put(to, "synthetic", json_boolean(is(item, "synthetic")));
    static const char *const plain[] = {"taken_by", "organisation", "round"};
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        view_put(to, plain[i], *view_text(item, plain[i]) ? json_string(view_text(item, plain[i])) : NULL);
    return to;
}

json_t *view_items(const struct reader *reader, const json_t *items, const char *base, int64_t now)
{
    json_t *list = json_array();
    for (size_t i = 0; i < json_array_size(items); i++)
        need(json_array_append_new(list, view_item(reader, json_array_get(items, i), base, now)) == 0);
    return list;
}

void view_put_pages(json_int_t after, const json_t *answer, json_t *context)
{
    json_int_t count = (json_int_t)json_array_size(json_object_get(answer, "items"));
    json_int_t total = json_integer_value(json_object_get(answer, "total"));
    if (after > 0)
        view_put(context, "before", json_sprintf("%lld", after > PAGE_ITEMS ? after - PAGE_ITEMS : 0));
    if (after + count < total)
        view_put(context, "behind", json_sprintf("%lld", after + count));
}

/* ---- counts ---- */

json_t *view_counts(const struct reader *reader, const json_t *counts, const char *lane)
{
    static const char *const lanes[] = {"first_look", "assessed", "consultation", "mine", "watched", "escalated"};
    json_t *list = json_array();
    json_int_t most = 1;
    for (size_t i = 0; i < sizeof lanes / sizeof *lanes; i++)
        if (json_integer_value(json_object_get(counts, lanes[i])) > most)
            most = json_integer_value(json_object_get(counts, lanes[i]));
    for (size_t i = 0; i < sizeof lanes / sizeof *lanes; i++) {
        json_int_t n = json_integer_value(json_object_get(counts, lanes[i]));
        json_int_t width = n > 0 && n * BAR_WIDTH / most < 1 ? 1 : n * BAR_WIDTH / most;
        json_t *bar = json_pack("{s:s, s:s, s:b}", "lane", lanes[i], "label", words_label(reader, WORDS_LANE, lanes[i]),
                                "here", strcmp(lane, lanes[i]) == 0);
        need(bar && json_array_append_new(list, bar) == 0);
        /* What one watches is not counted with the lanes: nothing is said rather than 0. */
        int is_known = json_object_get(counts, lanes[i]) || strcmp(lanes[i], "watched") != 0;
        view_put(bar, "n", is_known ? json_sprintf("%lld", n) : json_string(""));
        view_put(bar, "width", json_sprintf("%lld", width));
    }
    return list;
}
