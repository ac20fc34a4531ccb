/* view_chart.h -- a panel of numbers as pages/chart.mustache shows it: a table drawn as a chart by charts.css, and the
 * same numbers as a table to read.
 *
 * Begin, add columns, add rows and their cells in the order of the columns, end. What a bar measures is a class of its
 * cell, s-0 to s-100, as the Content-Security-Policy allows no styles in attributes. A number that is not told ("few")
 * is drawn as a sliver of its own kind, never as nothing. */
#ifndef TRIAGE_CONSOLE_VIEW_CHART_H
#define TRIAGE_CONSOLE_VIEW_CHART_H

#include "triage/console/words.h"

enum chart_form { CHART_COLUMNS, CHART_COLUMNS_STACKED, CHART_BARS, CHART_BARS_STACKED };

/* `id` of the panel in the page. New reference; chart_end() makes it ready. */
json_t *chart_new(const char *id, const char *title, enum chart_form form);
void chart_column(json_t *chart, const char *label);
/* `short_label` stands under the chart, where there is little room; NULL: none does. Borrowed from the chart. */
json_t *chart_row(json_t *chart, const char *label, const char *short_label);
/* An integer, or null: a number too small to be told. `text` (taken): how it is read; NULL: as a number. */
void chart_cell(const struct reader *reader, json_t *row, const json_t *number, json_t *text);
/* Columns in which nothing is told go, where `drops_empty`; measures are worked out. */
void chart_end(json_t *chart, int drops_empty);

#endif
