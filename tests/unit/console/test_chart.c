/* test_chart.c -- tables that are drawn: what a bar measures, what is not told, what is left out; and a filter as a
 * query. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "triage/console/view.h"
#include "triage/console/view_chart.h"
#include "triage/console/view_filter.h"

static const struct reader reader = {NULL, "en"};

/* -1: not told. */
static void row(json_t *chart, const char *label, const int *numbers, size_t count)
{
    json_t *to = chart_row(chart, label, label);
    for (size_t i = 0; i < count; i++) {
        json_t *number = numbers[i] < 0 ? json_null() : json_integer(numbers[i]);
        chart_cell(&reader, to, number, json_sprintf("%d", numbers[i]));
        json_decref(number);
    }
}

static const json_t *cell(const json_t *chart, size_t at, size_t column)
{
    const json_t *cells = json_object_get(json_array_get(json_object_get(chart, "rows"), at), "cells");
    const json_t *found = json_array_get(cells, column);
    assert_non_null(found);
    return found;
}

static json_t *chart_of(enum chart_form form, const int (*numbers)[3], size_t rows, int drops)
{
    json_t *chart = chart_new("id", "Title", form);
    static const char *const columns[] = {"a", "b", "c"};
    for (size_t i = 0; i < 3; i++)
        chart_column(chart, columns[i]);
    for (size_t i = 0; i < rows; i++)
        row(chart, "r", numbers[i], 3);
    chart_end(chart, drops);
    return chart;
}

static void a_bar_is_its_share_of_a_top_that_can_be_read(void **state)
{
    (void)state;
    static const int numbers[][3] = {{11, 22, 0}, {1, 37, 4}};
    json_t *chart = chart_of(CHART_COLUMNS, numbers, 2, 0);
    assert_string_equal(view_text(chart, "top"), "40");
    assert_string_equal(view_text(cell(chart, 0, 0), "size"), "27");
    assert_string_equal(view_text(cell(chart, 0, 1), "size"), "55");
    assert_string_equal(view_text(cell(chart, 0, 2), "size"), "0");
    assert_string_equal(view_text(cell(chart, 1, 1), "size"), "92");
    json_decref(chart);
}

static void the_smallest_number_is_seen_and_none_is_not(void **state)
{
    (void)state;
    static const int numbers[][3] = {{1, 0, 100000}};
    json_t *chart = chart_of(CHART_COLUMNS, numbers, 1, 0);
    assert_string_equal(view_text(cell(chart, 0, 0), "size"), "1");
    assert_string_equal(view_text(cell(chart, 0, 1), "size"), "0");
    json_decref(chart);
}

static void a_stack_never_grows_above_the_whole(void **state)
{
    (void)state;
    static const int numbers[][3] = {{33, 33, 34}, {1, 1, 1}};
    json_t *chart = chart_of(CHART_BARS_STACKED, numbers, 2, 0);
    int sum = 0;
    for (size_t i = 0; i < 3; i++)
        sum += atoi(view_text(cell(chart, 0, i), "size"));
    assert_int_equal(sum, 100);
    assert_string_equal(view_text(cell(chart, 1, 2), "size"), "1");
    json_decref(chart);
}

/* Three in time, none late, 332 not yet: what is made wide enough to be seen takes nothing from a number that is none.
 */
static void in_a_stack_none_is_not_seen_behind_the_smallest(void **state)
{
    (void)state;
    static const int numbers[][3] = {{3, 0, 332}, {1, 1, 319}, {0, 0, 0}};
    static const char *const sizes[][3] = {{"1", "0", "99"}, {"1", "1", "93"}, {"0", "0", "0"}};
    json_t *chart = chart_of(CHART_BARS_STACKED, numbers, 3, 0);
    for (size_t row = 0; row < 3; row++)
        for (size_t i = 0; i < 3; i++)
            assert_string_equal(view_text(cell(chart, row, i), "size"), sizes[row][i]);
    json_decref(chart);
}

static void what_is_not_told_is_drawn_as_such_and_counts_for_nothing(void **state)
{
    (void)state;
    static const int numbers[][3] = {{-1, 5, 3}};
    json_t *chart = chart_of(CHART_COLUMNS_STACKED, numbers, 1, 0);
    assert_true(json_is_true(json_object_get(cell(chart, 0, 0), "few")));
    assert_string_equal(view_text(cell(chart, 0, 0), "size"), "1");
    assert_string_equal(view_text(chart, "top"), "8");
    json_decref(chart);
}

static void columns_without_a_number_go_where_they_may(void **state)
{
    (void)state;
    static const int numbers[][3] = {{0, 5, -1}, {0, 2, 0}};
    json_t *chart = chart_of(CHART_COLUMNS_STACKED, numbers, 2, 1);
    assert_int_equal(json_array_size(json_object_get(chart, "columns")), 1);
    assert_string_equal(view_text(cell(chart, 0, 0), "text"), "5");
    assert_true(json_is_false(json_object_get(chart, "has_legend")));
    json_decref(chart);
    chart = chart_of(CHART_COLUMNS_STACKED, numbers, 2, 0);
    assert_int_equal(json_array_size(json_object_get(chart, "columns")), 3);
    json_decref(chart);
}

static void nothing_is_no_chart(void **state)
{
    (void)state;
    static const int numbers[][3] = {{0, 0, 0}};
    json_t *chart = chart_of(CHART_BARS, numbers, 1, 1);
    assert_true(json_is_false(json_object_get(chart, "has_numbers")));
    json_decref(chart);
}

static void a_filter_stands_in_an_address(void **state)
{
    (void)state;
    json_t *filter = json_pack("{s:s, s:b, s:s}", "kind", "flag", "overdue", 1, "language", "a&b=c d");
    json_t *query = view_filter_query(filter);
    const char *text = json_string_value(query);
    assert_non_null(text);
    assert_non_null(strstr(text, "filter.kind=flag&"));
    assert_non_null(strstr(text, "filter.overdue=yes&"));
    assert_non_null(strstr(text, "filter.language=a%26b%3Dc"));
    json_decref(query);
    json_decref(filter);
    assert_null(view_filter_query(NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bar_is_its_share_of_a_top_that_can_be_read),
        cmocka_unit_test(the_smallest_number_is_seen_and_none_is_not),
        cmocka_unit_test(a_stack_never_grows_above_the_whole),
        cmocka_unit_test(in_a_stack_none_is_not_seen_behind_the_smallest),
        cmocka_unit_test(what_is_not_told_is_drawn_as_such_and_counts_for_nothing),
        cmocka_unit_test(columns_without_a_number_go_where_they_may),
        cmocka_unit_test(nothing_is_no_chart),
        cmocka_unit_test(a_filter_stands_in_an_address),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
