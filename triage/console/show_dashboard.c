/* show_dashboard.c -- the dashboard: what needs somebody now in large figures, then how the desk did, as charts.
 *
 * Two questions of the vault (figures.flow, figures) and a table of panels: another panel is another row. Links lead to
 * the queue for those who may see it; who may not (managers, auditors) sees the same figures without. */
#include <string.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "triage/console/show.h"
#include "triage/console/view.h"
#include "triage/console/view_chart.h"

enum { LABEL_EVERY = 5, URGENT_BANDS = 3 /* 1 h, 4 h, 24 h */ };

/* ---- what needs somebody now ---- */

struct tiles {
    struct call *call;
    json_t *list;
    int has_links;
};

/* `number` may be null: not told. `tone` counts while there is something to it. */
static void tile(struct tiles *tiles, const json_t *number, const char *tone, const char *english, const char *path)
{
    const struct reader *reader = &tiles->call->reader;
    int is_quiet = json_is_integer(number) && json_integer_value(number) == 0;
    json_t *one = json_pack("{s:s, s:s}", "label", words_text(reader, english), "tone", is_quiet ? "level" : tone);
    need(one && json_array_append_new(tiles->list, one) == 0);
    view_put(one, "n",
             json_is_integer(number) ? json_sprintf("%lld", json_integer_value(number))
                                     : json_string(words_text(reader, T("few"))));
    view_put(one, "path", tiles->has_links && path ? json_string(path) : NULL);
}

/* Of the lanes, those that cannot be undone within a day. */
static json_t *urgent(const json_t *bands)
{
    json_int_t sum = 0;
    for (size_t i = 0; i < URGENT_BANDS; i++) {
        const char *key;
        json_t *value;
        json_object_foreach(json_array_get(bands, i), key, value) sum += json_integer_value(value);
    }
    return json_integer(sum);
}

static json_t *tiles_of(struct call *call, const json_t *flow, const json_t *figures)
{
    const json_t *lanes = json_object_get(figures, "lanes"), *months = json_object_get(flow, "months");
    const json_t *month = json_array_get(months, json_array_size(months) - 1);
    const json_t *remedies = json_object_get(figures, "remedies");
    struct tiles tiles = {.call = call, .list = json_array(), .has_links = (call_role(call) & ROLE_MEMBER) != 0};
    json_t *soon_undone = urgent(json_object_get(figures, "bands"));
    tile(&tiles, soon_undone, "danger", T("cannot be undone within a day"), NULL);
    json_decref(soon_undone);
    tile(&tiles, json_object_get(figures, "late"), "danger", T("deadlines missed"), "/queue?filter.overdue=yes");
    tile(&tiles, json_object_get(figures, "soon"), "clock", T("due within a day"), NULL);
    tile(&tiles, json_object_get(remedies, "overdue"), "danger", T("remedies overdue"), "/remedies");
    tile(&tiles, json_object_get(remedies, "due"), "clock", T("remedies promised"), "/remedies");
    tile(&tiles, json_object_get(lanes, "first_look"), "level", T("wait for a first look"), "/queue?lane=first_look");
    tile(&tiles, json_object_get(lanes, "assessed"), "level", T("looked at, wait"), "/queue?lane=assessed");
    tile(&tiles, json_object_get(lanes, "held"), "level", T("held by someone"), NULL);
    tile(&tiles, json_object_get(month, "came"), "level", T("came in this month"), NULL);
    tile(&tiles, json_object_get(month, "ended"), "level", T("ended this month"), NULL);
    return tiles.list;
}

/* ---- panels ---- */

static const char *label_of(const struct reader *reader, enum words_group group, const char *code)
{
    const char *label = words_find(reader, group, code);
    return label ? label : words_text(reader, T("Other"));
}

/* By day or month: a column for each code that stands in the first period's `of`, or for each of `sums`. */
struct flow_panel {
    const char *id, *title, *list, *name, *of;
    enum words_group group;
    const char *const *sums; /* "came", "ended"; ends with NULL; instead of `of` */
};

static const char *sum_label(const struct reader *reader, const char *sum)
{
    return words_text(reader, strcmp(sum, "came") == 0 ? T("Came in") : T("Ended"));
}

static void put_columns(const struct reader *reader, const struct flow_panel *panel, const json_t *first, json_t *chart)
{
    const char *key;
    json_t *value;
    for (size_t i = 0; panel->sums && panel->sums[i]; i++)
        chart_column(chart, sum_label(reader, panel->sums[i]));
    if (!panel->sums)
        json_object_foreach(json_object_get(first, panel->of), key, value)
            chart_column(chart, label_of(reader, panel->group, key));
}

static void put_cells(const struct reader *reader, const struct flow_panel *panel, const json_t *period, json_t *row)
{
    const char *key;
    json_t *value;
    for (size_t i = 0; panel->sums && panel->sums[i]; i++)
        chart_cell(reader, row, json_object_get(period, panel->sums[i]), NULL);
    if (!panel->sums)
        json_object_foreach(json_object_get(period, panel->of), key, value) chart_cell(reader, row, value, NULL);
}

/* Thirty days have room for a label every now and then: the newest, and each fifth before it. */
static const char *short_of(const char *text, size_t index, size_t count, int is_day)
{
    if (!is_day)
        return text + sizeof "2026-" - 1;
    return (count - 1 - index) % LABEL_EVERY == 0 ? text + sizeof "2026-" - 1 : NULL;
}

static json_t *flow_chart(const struct reader *reader, const struct flow_panel *panel, const json_t *flow)
{
    const json_t *list = json_object_get(flow, panel->list);
    size_t count = json_array_size(list);
    int is_day = strcmp(panel->name, "day") == 0;
    json_t *chart =
        chart_new(panel->id, words_text(reader, panel->title), panel->sums ? CHART_COLUMNS : CHART_COLUMNS_STACKED);
    put_columns(reader, panel, json_array_get(list, 0), chart);
    for (size_t i = 0; i < count; i++) {
        const json_t *period = json_array_get(list, i);
        const char *text = view_text(period, panel->name);
        if (strlen(text) >= sizeof "2026-11" - 1)
            put_cells(reader, panel, period, chart_row(chart, text, short_of(text, i, count, is_day)));
    }
    chart_end(chart, !panel->sums);
    return chart;
}

static json_t *by_day(struct call *call, const json_t *flow, const json_t *figures)
{
    (void)figures;
    static const char *const came[] = {"came", NULL};
    struct flow_panel panel = {
        .id = "days", .title = T("What came in, by day"), .list = "days", .name = "day", .sums = came};
    if (!json_is_true(json_object_get(flow, "guarded"))) {
        panel.sums = NULL;
        panel.of = "channels";
        panel.group = WORDS_CHANNEL;
    }
    return flow_chart(&call->reader, &panel, flow);
}

static json_t *by_month(struct call *call, const json_t *flow, const json_t *figures)
{
    (void)figures;
    static const char *const sums[] = {"came", "ended", NULL};
    const struct flow_panel panel = {.id = "months",
                                     .title = T("What came in and what ended, by month"),
                                     .list = "months",
                                     .name = "month",
                                     .sums = sums};
    return flow_chart(&call->reader, &panel, flow);
}

static json_t *by_door(struct call *call, const json_t *flow, const json_t *figures)
{
    (void)figures;
    const struct flow_panel panel = {.id = "doors",
                                     .title = T("By which door it came, by month"),
                                     .list = "months",
                                     .name = "month",
                                     .of = "channels",
                                     .group = WORDS_CHANNEL};
    return flow_chart(&call->reader, &panel, flow);
}

static json_t *by_kind(struct call *call, const json_t *flow, const json_t *figures)
{
    (void)figures;
    const struct flow_panel panel = {.id = "kinds",
                                     .title = T("Of what kind it was, by month"),
                                     .list = "months",
                                     .name = "month",
                                     .of = "kinds",
                                     .group = WORDS_KIND};
    return flow_chart(&call->reader, &panel, flow);
}

static json_t *by_ending(struct call *call, const json_t *flow, const json_t *figures)
{
    (void)figures;
    const struct flow_panel panel = {.id = "endings",
                                     .title = T("How it ended, by month"),
                                     .list = "months",
                                     .name = "month",
                                     .of = "endings",
                                     .group = WORDS_STATE};
    return flow_chart(&call->reader, &panel, flow);
}

static json_t *waiting(struct call *call, const json_t *flow, const json_t *figures)
{
    (void)flow;
    static const char *const lanes[] = {"first_look", "assessed", "held"};
    const json_t *bands = json_object_get(figures, "bands");
    const struct reader *reader = &call->reader;
    json_t *chart =
        chart_new("waiting", words_text(reader, T("What waits, by how soon it cannot be undone")), CHART_BARS_STACKED);
    for (size_t i = 0; i < sizeof lanes / sizeof *lanes; i++)
        chart_column(chart, words_label(reader, WORDS_LANE, lanes[i]));
    for (size_t band = 0; band < json_array_size(bands); band++) {
        const json_t *one = json_array_get(bands, band);
        const char *label = words_label(reader, WORDS_BAND, view_text(one, "band"));
        json_t *row = chart_row(chart, label, label);
        for (size_t i = 0; i < sizeof lanes / sizeof *lanes; i++)
            chart_cell(reader, row, json_object_get(one, lanes[i]), NULL);
    }
    chart_end(chart, 0);
    return chart;
}

static json_t *deadlines(struct call *call, const json_t *flow, const json_t *figures)
{
    (void)figures;
    static const struct {
        const char *key, *english;
    } ends[] = {{"kept", T("In time")}, {"missed", T("Late")}, {"open", T("Not yet")}};
    const json_t *stages = json_object_get(flow, "stages");
    const struct reader *reader = &call->reader;
    json_t *chart =
        chart_new("kept", words_text(reader, T("Deadlines kept and missed, last 90 days")), CHART_BARS_STACKED);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        chart_column(chart, words_text(reader, ends[i].english));
    for (size_t stage = 0; stage < json_array_size(stages); stage++) {
        const json_t *one = json_array_get(stages, stage);
        const char *label = words_label(reader, WORDS_DEADLINE, view_text(one, "stage"));
        json_t *row = chart_row(chart, label, label);
        for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
            chart_cell(reader, row, json_object_get(one, ends[i].key), NULL);
    }
    chart_end(chart, 0);
    return chart;
}

/* Whole hours, and days where there are many. */
static void time_cell(const struct reader *reader, json_t *row, const json_t *hours)
{
    enum { DAY = 24, HOURS_READ = 2 * DAY };
    json_int_t n = json_integer_value(hours);
    json_t *text = NULL;
    if (json_is_integer(hours)) {
        char *says = n < HOURS_READ ? words_count(reader, TN("{{n}} hour", "{{n}} hours"), (uint64_t)n)
                                    : words_count(reader, TN("{{n}} day", "{{n}} days"), (uint64_t)(n / DAY));
        text = json_string(says);
        mem_free(says);
    }
    chart_cell(reader, row, hours, text);
}

static json_t *times(struct call *call, const json_t *flow, const json_t *figures)
{
    (void)figures;
    const json_t *states = json_object_get(flow, "states");
    const struct reader *reader = &call->reader;
    json_t *chart = chart_new("times", words_text(reader, T("Time in each state, last 90 days")), CHART_BARS);
    view_put(
        chart, "hint",
        json_string(words_text(reader, T("Half of the cases were out of it within the first time, nine in ten within "
                                         "the second. What lasts now is counted with the time so far."))));
    chart_column(chart, words_text(reader, T("Half of the cases")));
    chart_column(chart, words_text(reader, T("Nine in ten")));
    for (size_t i = 0; i < json_array_size(states); i++) {
        const json_t *one = json_array_get(states, i);
        if (json_is_integer(json_object_get(one, "cases")) && view_number(one, "cases") == 0)
            continue;
        const char *label = words_label(reader, WORDS_STATE, view_text(one, "state"));
        json_t *row = chart_row(chart, label, label);
        time_cell(reader, row, json_object_get(one, "median"));
        time_cell(reader, row, json_object_get(one, "most"));
    }
    chart_end(chart, 0);
    return chart;
}

static json_t *(*const panels[])(struct call *call, const json_t *flow, const json_t *figures) = {
    by_day, waiting, deadlines, by_month, times, by_door, by_kind, by_ending};

/* ---- the page ---- */

/* Inside a sentence of a language that is written from the right it stays in its order. */
static json_t *time_in_sentence(const struct reader *reader, const char *iso)
{
    json_t *time = words_time(reader, iso, 0);
    if (time)
        view_put(time, "text", json_sprintf("\u2066%s\u2069", view_text(time, "text")));
    return time;
}

static void with_figures(struct call *call, struct http_req *req, const json_t *figures)
{
    char now[CLOCK_TEXT_SIZE];
    const json_t *flow = call->kept;
    const char *soonest = view_text(figures, "soonest");
    json_t *context = json_object(), *charts = json_array();
    for (size_t i = 0; i < sizeof panels / sizeof *panels; i++)
        need(json_array_append_new(charts, panels[i](call, flow, figures)) == 0);
    clock_text(clock_wall(), now);
    view_put(context, "keeps_fresh", json_true());
    view_put(context, "as_of", time_in_sentence(&call->reader, now));
    view_put(context, "tiles", tiles_of(call, flow, figures));
    view_put(context, "soonest", time_in_sentence(&call->reader, soonest));
    view_put(context, "partly", json_boolean(json_is_false(json_object_get(figures, "whole"))));
    view_put(context, "guarded", json_boolean(json_is_true(json_object_get(flow, "guarded"))));
    view_put(context, "charts", charts);
    show_page(call, req, 200, "dashboard", context);
}

void show_dashboard(struct call *call, struct http_req *req, const json_t *answer)
{
    call->kept = json_deep_copy(answer);
    need(call->kept != NULL);
    call_ask(call, req, json_pack("{s:s}", "op", "figures"), with_figures);
}
