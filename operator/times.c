/* times.c -- see times.h. A time in working days and one in months are compared by about how long they are: both are
 * kept, so that whichever is told is true. */
#include "operator/times.h"

#include <stdio.h>
#include <string.h>

#include "common/text/numbered.h"
#include "common/text/term.h"
#include "operator/say.h"

enum { FILE_MOST = 256 * 1024, HOURS_OF_DAY = 24, HOURS_OF_MONTH = 730, DAYS_OF_WEEK = 7 };

static const char GAPS[] = " \t,";
static const char STAGES[][12] = {"look", "acknowledge", "outcome"};

/* How many words of the list are `word`; NULL: how many there are. */
static unsigned count(const char *list, const char *word)
{
    unsigned found = 0;
    for (list += strspn(list, GAPS); *list; list += strspn(list, GAPS)) {
        size_t len = strcspn(list, GAPS);
        found += !word || (strlen(word) == len && memcmp(list, word, len) == 0);
        list += len;
    }
    return found;
}

/* About how many hours; a working day ends in the evening, and a week has some on which nobody works. */
static unsigned about(const struct term *term, unsigned rest, unsigned acknowledge)
{
    unsigned days = term->amount, hours = 0;
    if (term->unit == TERM_HOURS)
        hours = days;
    else if (term->unit == TERM_DAYS)
        hours = days * HOURS_OF_DAY;
    else if (term->unit == TERM_MONTHS)
        hours = days * HOURS_OF_MONTH;
    else
        hours = (days * DAYS_OF_WEEK / (DAYS_OF_WEEK - rest) + 1) * HOURS_OF_DAY;
    return hours + (term->after_acknowledged ? acknowledge : 0);
}

/* Every grievance stands in it, whatever is found in its words. */
static int is_for_all(const json_t *classes, const char *id)
{
    size_t i, k;
    const json_t *one, *kind;
    json_array_foreach(classes, i, one)
    {
        const char *name = json_string_value(json_object_get(one, "id"));
        if (!name || strcmp(name, id) != 0)
            continue;
        json_array_foreach(json_object_get(one, "kinds"), k, kind)
        {
            const char *text = json_string_value(kind);
            if (text && strcmp(text, "grievance") == 0)
                return 1;
        }
        return json_is_true(json_object_get(one, "any"));
    }
    return 0;
}

struct reading {
    const json_t *classes;
    unsigned rest, acknowledge; /* hours, once that is known */
    char *text;                 /* TIMES_TEXT: the earliest so far */
    unsigned least;
};

static void look_at(struct reading *r, const json_t *profile, const char *stage)
{
    const char *class_id;
    json_t *times;
    json_object_foreach(json_object_get(profile, "times"), class_id, times)
    {
        const char *time = json_string_value(json_object_get(times, stage));
        struct term term;
        if (!time || strlen(time) >= TIMES_TEXT || !is_for_all(r->classes, class_id) || !term_read(time, &term))
            continue;
        unsigned hours = about(&term, r->rest, r->acknowledge);
        if (*r->text && hours >= r->least)
            continue;
        snprintf(r->text, TIMES_TEXT, "%s", time);
        r->least = hours;
    }
}

void times_read(const struct house *house, const char *folder, struct times *out)
{
    char *const texts[] = {out->look, out->acknowledge, out->outcome};
    char says[SAYS_SIZE];
    json_t *json = NULL;
    *out = (struct times){0};
    if (numbered_read(folder, "deadlines", numbered_newest(folder, "deadlines"), FILE_MOST, &json, says) != ERR_OK)
        err_die("The deadlines cannot be read: %s.", says);
    unsigned rest = count(house->rest_days, NULL);
    struct reading r = {.classes = json_object_get(json, "classes"), .rest = rest < DAYS_OF_WEEK ? rest : 0};
    for (size_t s = 0; s < sizeof texts / sizeof *texts; s++) {
        size_t i;
        const json_t *profile;
        r.text = texts[s];
        r.least = 0;
        json_array_foreach(json_object_get(json, "profiles"), i, profile)
        {
            const char *id = json_string_value(json_object_get(profile, "id"));
            if (id && count(house->profiles, id))
                look_at(&r, profile, STAGES[s]);
        }
        if (texts[s] == out->acknowledge)
            r.acknowledge = r.least;
    }
    json_decref(json);
}
