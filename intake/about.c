/* about.c -- see about.h. */
#include "intake/about.h"

#include <stdio.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/text/catalogue.h"
#include "common/text/mustache.h"
#include "intake/api.h"
#include "intake/limits.h"
#include "intake/pages.h"

enum { WITHIN_SIZE = 512, MONTHS_OF_YEAR = 12, NO_TIME = SETTINGS_TIMES };

struct reader {
    const struct intake *intake;
    const char *language;
};

static const char *says(const struct reader *reader, const char *english)
{
    return catalogue_text(reader->intake->catalogues, reader->language, english);
}

static void put(json_t *to, const char *key, const char *text)
{
    need(json_object_set_new(to, key, json_string(text)) == 0);
}

/* `n` filled into a text. */
static void put_counted(const struct reader *reader, json_t *to, const char *key, const char *one, const char *many,
                        int64_t n)
{
    struct buf text = BUF_INIT(WITHIN_SIZE);
    json_t *values = json_pack("{s:I}", "n", (json_int_t)n);
    const char *form = catalogue_plural(reader->intake->catalogues, reader->language, one, many, (uint64_t)n);
    if (mustache_fill(form, values, &text) == ERR_OK)
        put(to, key, buf_text(&text));
    json_decref(values);
    buf_free(&text);
}

/* ---- what happens, and within which time ---- */

static const struct {
    const char *one, *many;
} units[] = {
    [TERM_HOURS] = {TN("within {{n}} hour", "within {{n}} hours")},
    [TERM_DAYS] = {TN("within {{n}} day", "within {{n}} days")},
    [TERM_WORKDAYS] = {TN("within {{n}} working day", "within {{n}} working days")},
    [TERM_MONTHS] = {TN("within {{n}} month", "within {{n}} months")},
};

static const struct {
    const char *what;
    size_t time; /* enum settings_time, or NO_TIME */
} own_steps[] = {
    {T("It is locked and kept the moment it arrives, and you get a number. With it you come back here, read answers "
       "and write more."),
     NO_TIME},
    {T("Somebody of the team reads it and looks at how serious it is. Danger comes first."), SETTINGS_LOOK},
    {T("You are told that it was read."), SETTINGS_ACKNOWLEDGE},
    {T("We look into it. We may ask you something, and you can always write more."), NO_TIME},
    {T("You get an answer: what we found and why, what will be done, and what other ways are open to you."),
     SETTINGS_OUTCOME},
    {T("You can say whether it is solved. If you think that the answer is wrong, you can ask that somebody else looks "
       "at it again."),
     NO_TIME},
    {T("Then it is closed. If something is not right or happens again, you can still write."), NO_TIME},
};

static void put_within(const struct reader *reader, json_t *step, const struct term *term)
{
    if (term->unit == TERM_NONE)
        return;
    put_counted(reader, step, "within", units[term->unit].one, units[term->unit].many, term->amount);
    if (!term->after_acknowledged)
        return;
    struct buf text = BUF_INIT(WITHIN_SIZE);
    /* TRANSLATORS: {{within}} is "within 3 months" */
    const char *form = says(reader, T("{{within}} after you were told that it was read"));
    if (mustache_fill(form, step, &text) == ERR_OK)
        put(step, "within", buf_text(&text));
    buf_free(&text);
}

static json_t *steps_of(const struct reader *reader)
{
    const struct settings *settings = reader->intake->settings;
    const struct office *office = settings->office_says;
    json_t *list = json_array();
    for (size_t i = 0; i < office->step_count; i++) {
        json_t *step = json_object();
        (void)pages_put_office(step, "what", &office->steps[i].what, reader->language);
        (void)pages_put_office(step, "within", &office->steps[i].within, reader->language);
        need(json_array_append_new(list, step) == 0);
    }
    for (size_t i = 0; !office->step_count && i < sizeof own_steps / sizeof *own_steps; i++) {
        json_t *step = json_object();
        put(step, "what", says(reader, own_steps[i].what));
        if (own_steps[i].time != NO_TIME)
            put_within(reader, step, &settings->times[own_steps[i].time]);
        need(json_array_append_new(list, step) == 0);
    }
    return list;
}

/* Our own steps with a time of the office in them: from when it counts, and when it stands still, is to be said. */
static int has_times(const struct settings *settings)
{
    size_t i = 0;
    while (i < SETTINGS_TIMES && settings->times[i].unit == TERM_NONE)
        i++;
    return settings->office_says->step_count == 0 && i < SETTINGS_TIMES;
}

/* ---- who else there is ---- */

static const struct {
    const char *kind, *says;
} kinds[] = {
    {"court", T("Courts")},
    {"ombuds", T("Ombuds offices")},
    {"human_rights", T("Human rights institutions")},
    {"data_protection", T("Data protection authorities")},
    {"labour", T("Labour inspectors and tribunals")},
    {"oecd", T("OECD contact points, for complaints about companies")},
    {"police", T("Police")},
    {"legal_aid", T("Legal help")},
    {"safe_shelter", T("Safe places to stay")},
    {"support", T("Organisations that stand by you")},
    {"union", T("Unions")},
    {"other", T("Others")},
};

/* What a telephone dials; nothing where words stand beside the number. */
static void put_dialled(json_t *way, const char *telephone)
{
    char digits[64];
    size_t len = 0;
    for (const char *at = telephone; *at; at++) {
        if (!strchr("+0123456789 -./()", *at) || len + 1 == sizeof digits)
            return;
        if (strchr("+0123456789", *at))
            digits[len++] = *at;
    }
    digits[len] = '\0';
    if (len > 1)
        put(way, "dials", digits);
}

static json_t *way_of(const struct reader *reader, const struct office_way *from)
{
    json_t *way = json_object();
    (void)pages_put_office(way, "name", &from->name, reader->language);
    (void)pages_put_office(way, "what", &from->what, reader->language);
    if (from->telephone) {
        put(way, "telephone", from->telephone);
        put_dialled(way, from->telephone);
    }
    if (from->web)
        put(way, "web", from->web);
    return way;
}

/* The ways of one kind stand together; a kind without any is not there. */
static json_t *ways_of(const struct reader *reader)
{
    const struct office *office = reader->intake->settings->office_says;
    json_t *groups = json_array();
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        json_t *ways = json_array();
        for (size_t i = 0; i < office->way_count; i++)
            if (strcmp(office->ways[i].kind, kinds[k].kind) == 0)
                need(json_array_append_new(ways, way_of(reader, &office->ways[i])) == 0);
        if (json_array_size(ways))
            need(json_array_append_new(groups, json_pack("{s:s,s:s,s:O}", "code", kinds[k].kind, "kind",
                                                         says(reader, kinds[k].says), "ways", ways)) == 0);
        json_decref(ways);
    }
    return groups;
}

/* ---- all of it ---- */

static void put_kept(const struct reader *reader, json_t *to)
{
    int64_t months = reader->intake->settings->retention_months;
    if (months % MONTHS_OF_YEAR == 0)
        put_counted(reader, to, "kept", TN("We keep it for {{n}} year.", "We keep it for {{n}} years."),
                    months / MONTHS_OF_YEAR);
    else
        put_counted(reader, to, "kept", TN("We keep it for {{n}} month.", "We keep it for {{n}} months."), months);
}

json_t *about_facts(const struct intake *intake, const char *language)
{
    const struct reader reader = {intake, language};
    const struct office_words *texts = intake->settings->office_says->texts;
    json_t *all = json_object();
    (void)pages_put_office(all, "about", &texts[OFFICE_ABOUT], reader.language);
    (void)pages_put_office(all, "cannot", &texts[OFFICE_CANNOT], reader.language);
    put_kept(&reader, all);
    need(json_object_set_new(all, "steps", steps_of(&reader)) == 0);
    need(json_object_set_new(all, "other_ways", ways_of(&reader)) == 0);
    return all;
}

static void put_flag(json_t *context, const char *key, int is)
{
    need(json_object_set_new(context, key, json_boolean(is)) == 0);
}

void about_page(struct http_req *req, void *room)
{
    struct intake *intake = room;
    const char *language = intake_language(intake, req, NULL);
    json_t *context = about_facts(intake, language);
    int safeguarding = intake_offers(intake, "safeguarding"), oversight = intake_offers(intake, "oversight");
    put_flag(context, "has_ways", intake->settings->office_says->way_count > 0);
    put_flag(context, "has_times", has_times(intake->settings));
    put_flag(context, "has_teams", safeguarding || oversight);
    put_flag(context, "safeguarding", safeguarding);
    put_flag(context, "oversight", oversight);
    pages_answer(intake, req, 200, "about", "/about", language, context);
}

static json_t *teams(const struct intake *intake)
{
    static const char *const desks[] = {"usual", "safeguarding", "oversight"};
    json_t *list = json_array();
    for (size_t i = 0; i < sizeof desks / sizeof *desks; i++)
        if (intake_offers(intake, desks[i]))
            need(json_array_append_new(list, json_string(desks[i])) == 0);
    return list;
}

void about_api(struct http_req *req, void *room)
{
    static const char *const stages[SETTINGS_TIMES] = {"look", "acknowledge", "outcome"};
    struct intake *intake = room;
    const struct settings *settings = intake->settings;
    const struct reader reader = {intake, intake_language(intake, req, NULL)};
    const struct office_words *texts = settings->office_says->texts;
    json_t *all = about_facts(intake, reader.language), *times = json_object(), *languages = json_array();
    size_t count;
    const char *const *codes = catalogue_languages(intake->catalogues, &count);
    for (size_t i = 0; i < count; i++)
        need(json_array_append_new(languages, json_string(codes[i])) == 0);
    for (size_t i = 0; i < SETTINGS_TIMES; i++)
        if (*settings->time_texts[i])
            put(times, stages[i], settings->time_texts[i]);
    put(all, "language", reader.language);
    (void)pages_put_office(all, "emergency", &texts[OFFICE_EMERGENCY], reader.language);
    (void)pages_put_office(all, "hours", &texts[OFFICE_HOURS], reader.language);
    need(json_object_set_new(all, "languages", languages) == 0);
    need(json_object_set_new(all, "desks", teams(intake)) == 0);
    need(json_object_set_new(all, "times", times) == 0);
    need(json_object_set_new(all, "retention_months", json_integer((json_int_t)settings->retention_months)) == 0);
    http_set(req, "Content-Language", reader.language);
    api_answer(req, 200, all);
}

void about_put_welcome(const struct intake *intake, const char *language, json_t *context)
{
    const struct reader reader = {intake, language};
    (void)pages_put_office(context, "welcome", &intake->settings->office_says->texts[OFFICE_WELCOME], reader.language);
}
