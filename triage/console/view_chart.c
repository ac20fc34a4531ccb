/* view_chart.c -- see view_chart.h. */
#include "triage/console/view_chart.h"

#include <string.h>

#include "common/base/code.h"
#include "triage/console/view.h"

enum { FEW = -1, WHOLE = 100, ROOM = 8 /* for a number inside a bar */ };

/* Names of charts.css. */
static const char *const forms[] = {
    [CHART_COLUMNS] = "column multiple show-labels show-4-secondary-axes",
    [CHART_COLUMNS_STACKED] = "column multiple stacked show-labels show-4-secondary-axes",
    [CHART_BARS] = "bar multiple show-labels",
    [CHART_BARS_STACKED] = "bar multiple stacked show-labels",
};

json_t *chart_new(const char *id, const char *title, enum chart_form form)
{
    int stacks = form == CHART_COLUMNS_STACKED || form == CHART_BARS_STACKED;
    json_t *chart = json_pack("{s:s, s:s, s:s, s:b, s:b, s:n, s:[], s:[]}", "id", id, "title", title, "form",
                              forms[form], "stacks", stacks, "is_column",
                              form == CHART_COLUMNS || form == CHART_COLUMNS_STACKED, "hint", "columns", "rows");
    need(chart != NULL);
    return chart;
}

void chart_column(json_t *chart, const char *label)
{
    need(json_array_append_new(json_object_get(chart, "columns"), json_pack("{s:s}", "label", label)) == 0);
}

json_t *chart_row(json_t *chart, const char *label, const char *short_label)
{
    json_t *row = json_pack("{s:s, s:s, s:b, s:[]}", "label", label, "short", short_label ? short_label : "", "hides",
                            short_label == NULL, "cells");
    need(row && json_array_append_new(json_object_get(chart, "rows"), row) == 0);
    return row;
}

void chart_cell(const struct reader *reader, json_t *row, const json_t *number, json_t *text)
{
    int is_few = !json_is_integer(number);
    json_int_t n = is_few ? FEW : json_integer_value(number);
    if (!text)
        text = is_few ? json_string(words_text(reader, T("few"))) : json_sprintf("%lld", n);
    json_t *cell = json_pack("{s:I, s:o, s:b, s:s}", "n", n, "text", text, "few", is_few, "size", "0");
    need(cell && json_array_append_new(json_object_get(row, "cells"), cell) == 0);
}

/* ---- ready ---- */

static json_int_t cell_of(const json_t *row, size_t column)
{
    return json_integer_value(json_object_get(json_array_get(json_object_get(row, "cells"), column), "n"));
}

static void drop_empty(json_t *chart)
{
    json_t *columns = json_object_get(chart, "columns"), *rows = json_object_get(chart, "rows");
    for (size_t column = json_array_size(columns); column-- > 0;) {
        json_int_t most = 0;
        for (size_t i = 0; i < json_array_size(rows); i++)
            if (cell_of(json_array_get(rows, i), column) > most)
                most = cell_of(json_array_get(rows, i), column);
        if (most > 0)
            continue;
        json_array_remove(columns, column);
        for (size_t i = 0; i < json_array_size(rows); i++)
            json_array_remove(json_object_get(json_array_get(rows, i), "cells"), column);
    }
}

/* What the longest bar measures, or the sum of the highest stack. */
static json_int_t highest(const json_t *chart, int stacks)
{
    const json_t *rows = json_object_get(chart, "rows");
    json_int_t most = 0;
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        json_int_t sum = 0;
        for (size_t c = 0; c < json_array_size(json_object_get(row, "cells")); c++) {
            json_int_t n = cell_of(row, c) > 0 ? cell_of(row, c) : 0;
            sum = stacks ? sum + n : n > sum ? n : sum;
        }
        most = sum > most ? sum : most;
    }
    return most;
}

/* The next of 4, 8, 12, ... 36, 40, 80, ...: the four axes stand at numbers that can be read. */
static json_int_t top_of(json_int_t most)
{
    enum { AXES = 4 };
    json_int_t unit = 1;
    while (unit * AXES * 10 < most)
        unit *= 10;
    json_int_t steps = (most + unit * AXES - 1) / (unit * AXES);
    return unit * AXES * (steps > 0 ? steps : 1);
}

/* In a stack what is rounded is the sum so far, so that it never grows above the whole. */
static void measure(json_t *row, json_int_t top, int stacks)
{
    json_int_t before = 0, drawn = 0;
    size_t i;
    json_t *cell;
    json_array_foreach(json_object_get(row, "cells"), i, cell)
    {
        json_int_t n = view_number(cell, "n"), least = n > 0 ? 1 : 0, size;
        if (n < 0)
            size = 1;
        else if (stacks) {
            before += n;
            size = before * WHOLE / top - drawn;
        } else
            size = n * WHOLE / top;
        if (size < least) /* what was widened before may be ahead of the sum */
            size = least;
        drawn += stacks ? size : 0;
        view_put(cell, "narrow", json_boolean(n >= 0 && size < ROOM));
        view_put(cell, "size", json_sprintf("%lld", size > WHOLE ? (json_int_t)WHOLE : size));
    }
}

void chart_end(json_t *chart, int drops_empty)
{
    int stacks = json_is_true(json_object_get(chart, "stacks"));
    int is_column = json_is_true(json_object_get(chart, "is_column"));
    json_t *rows = json_object_get(chart, "rows");
    if (drops_empty)
        drop_empty(chart);
    json_int_t most = highest(chart, stacks), top = is_column ? top_of(most) : most > 0 ? most : 1;
    for (size_t i = 0; i < json_array_size(rows); i++)
        measure(json_array_get(rows, i), top, stacks);
    view_put(chart, "top", json_sprintf("%lld", top));
    view_put(chart, "has_numbers", json_boolean(most > 0));
    view_put(chart, "has_legend", json_boolean(json_array_size(json_object_get(chart, "columns")) > 1));
}
