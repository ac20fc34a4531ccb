/* office.c -- see office.h: what stands in an office once it was read. */
#include "common/office/office.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "common/base/mem.h"

/* ---- every text of it ---- */

/* Calls `fn` for each that could be given. The one list of them: freeing and counting go along it. */
static void each_words(struct office *office, void (*fn)(struct office_words *words, void *room), void *room)
{
    for (size_t i = 0; i < OFFICE_TEXTS; i++)
        fn(&office->texts[i], room);
    for (size_t i = 0; i < office->step_count; i++) {
        fn(&office->steps[i].what, room);
        fn(&office->steps[i].within, room);
    }
    for (size_t i = 0; i < office->way_count; i++) {
        fn(&office->ways[i].name, room);
        fn(&office->ways[i].what, room);
    }
    for (size_t i = 0; i < office->service_count; i++)
        fn(&office->services[i].says, room);
    for (size_t i = 0; i < office->field_count; i++) {
        fn(&office->fields[i].asks, room);
        fn(&office->fields[i].help, room);
    }
    for (size_t i = 0; i < office->own_count; i++) {
        fn(&office->own[i].asks, room);
        fn(&office->own[i].help, room);
        for (size_t k = 0; k < office->own[i].choice_count; k++)
            fn(&office->own[i].choices[k].says, room);
    }
}

static void free_words(struct office_words *words, void *room)
{
    (void)room;
    for (size_t i = 0; i < LANGUAGE_MAX; i++)
        mem_free(words->in[i]);
}

void office_free(struct office *office)
{
    each_words(office, free_words, NULL);
    for (size_t i = 0; i < office->way_count; i++) {
        mem_free(office->ways[i].telephone);
        mem_free(office->ways[i].web);
    }
    memset(office, 0, sizeof *office);
}

struct counting {
    size_t place, given, all;
    const char *language;
    office_told_fn *told;
    void *room;
};

static void count_words(struct office_words *words, void *room)
{
    struct counting *c = room;
    if (!words->line)
        return;
    c->all++;
    c->given += words->in[c->place] != NULL;
    if (!words->in[c->place] && c->told) {
        char says[64];
        snprintf(says, sizeof says, "has no \"%s\"", c->language);
        c->told(c->room, words->line, says);
    }
}

size_t office_given(const struct office *office, size_t place, size_t *out_all, office_told_fn *told, void *room)
{
    size_t count;
    const struct language *table = language_table(&count);
    need(place < count);
    struct counting c = {.place = place, .language = table[place].code, .told = told, .room = room};
    each_words((struct office *)(uintptr_t)office, count_words, &c); /* changes nothing */
    *out_all = c.all;
    return c.given;
}

/* ---- looking things up ---- */

const char *office_says(const struct office_words *words, const char *language, const char **out_language)
{
    size_t count, own = 0, english = 0;
    const struct language *table = language_table(&count);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(table[i].code, language) == 0)
            own = i;
        if (strcmp(table[i].code, LANGUAGE_ENGLISH) == 0)
            english = i;
    }
    size_t which = words->in[own] ? own : english;
    if (out_language)
        *out_language = table[which].code;
    return words->in[which];
}

int office_fits_sms(const char *text)
{
    return strlen(text) <= OFFICE_SMS_MOST && !strchr(text, '\n');
}

const struct office_choice *office_service(const struct office *office, const char *code)
{
    for (size_t i = 0; i < office->service_count; i++)
        if (strcmp(office->services[i].code, code) == 0)
            return &office->services[i];
    return NULL;
}

const struct office_field *office_field(const struct office *office, const char *name)
{
    for (size_t i = 0; i < office->field_count; i++)
        if (strcmp(office->fields[i].name, name) == 0)
            return &office->fields[i];
    return NULL;
}

const struct office_own *office_own(const struct office *office, const char *code)
{
    for (size_t i = 0; i < office->own_count; i++)
        if (strcmp(office->own[i].code, code) == 0)
            return &office->own[i];
    return NULL;
}

void office_leave_out(struct office *office, const char *name)
{
    size_t i = 0;
    while (i < office->field_count && strcmp(office->fields[i].name, name) != 0)
        i++;
    need(i < OFFICE_FIELDS_MAX && strlen(name) <= OFFICE_CODE_MAX);
    struct office_field *field = &office->fields[i];
    memcpy(field->name, name, strlen(name) + 1);
    field->is_left_out = 1;
    if (i == office->field_count)
        office->field_count++;
}

int office_asks(const struct office *office, const char *name)
{
    const struct office_field *field = office_field(office, name);
    return !field || !field->is_left_out;
}

int office_offers(const struct office *office, const char *name, const char *code)
{
    const struct office_field *field = office_field(office, name);
    if (!field || !field->only_count)
        return 1;
    for (size_t i = 0; i < field->only_count; i++)
        if (strcmp(field->only[i], code) == 0)
            return 1;
    return 0;
}
