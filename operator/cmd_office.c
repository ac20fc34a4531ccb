/* cmd_office.c -- recourse office check: is what the office says to people as it should be, and in which languages. */
#include <stdio.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/office/office.h"
#include "operator/args.h"
#include "operator/commands.h"
#include "operator/office_file.h"
#include "operator/say.h"

enum { LINES_TOLD = 12 };

struct gaps {
    char text[256];       /* "14, 22, 31" */
    unsigned count, last; /* the line that was noted last */
};

static void note_gap(void *room, unsigned line, const char *says)
{
    (void)says;
    struct gaps *gaps = room;
    size_t len = strlen(gaps->text);
    if (line == gaps->last)
        return; /* several texts on one line */
    gaps->last = line;
    if (gaps->count++ < LINES_TOLD)
        snprintf(gaps->text + len, sizeof gaps->text - len, "%s%u", len ? ", " : "", line);
    else if (gaps->count == LINES_TOLD + 1)
        snprintf(gaps->text + len, sizeof gaps->text - len, " ...");
}

/* Languages in which nothing is said are told together: an office need not speak all. */
static void tell_languages(const struct office *office)
{
    char silent[128] = "";
    size_t count;
    const struct language *table = language_table(&count);
    for (size_t i = 0; i < count; i++) {
        struct gaps gaps = {0};
        size_t all, given = office_given(office, i, &all, note_gap, &gaps), len = strlen(silent);
        if (given == 0)
            snprintf(silent + len, sizeof silent - len, " %s", table[i].code);
        else if (given == all)
            say("  %-3s all %zu texts", table[i].code, all);
        else
            say("  %-3s %zu of %zu texts; missing at lines %s: readers see the English", table[i].code, given, all,
                gaps.text);
    }
    if (*silent)
        say("  nothing in%s: its readers see the English", silent);
}

/* The answer to a text message has room for a line alone. */
static void tell_short_texts(const struct office *office)
{
    const struct office_words *sms = &office->texts[OFFICE_EMERGENCY_SMS], *page = &office->texts[OFFICE_EMERGENCY];
    for (size_t i = 0; i < LANGUAGE_MAX; i++)
        if (!sms->in[i] && page->in[i] && !office_fits_sms(page->in[i])) {
            say("The answer to a text message leaves the emergency text out where it does not fit into %d bytes: give "
                "emergency_sms as well.",
                OFFICE_SMS_MOST);
            return;
        }
}

int command_office_check(struct house *house, int argc, char *const *argv, const char *usage)
{
    const char *file = NULL;
    char path[HOUSE_PATH];
    const struct args_row rows[] = {{"FILE", ARGS_PLACE, &file, 0}, {0}};
    args_read(rows, argc, argv, usage);
    if (!file) {
        house_must_exist(house);
        house_path(house, path, "office.yaml");
        file = path;
    }
    if (!office_file_check(file))
        return 1;
    struct office *office = mem_new(sizeof *office);
    enum err err = office_load(office, file, NULL, NULL);
    if (err == ERR_OK) {
        say("%s is as it should be: %zu steps, %zu other ways, %zu services, %zu of our questions changed, %zu of its "
            "own.",
            file, office->step_count, office->way_count, office->service_count, office->field_count, office->own_count);
        tell_languages(office);
        tell_short_texts(office);
    }
    office_free(office);
    mem_free(office);
    return err == ERR_OK ? 0 : 1;
}
