/* graphic.c -- see graphic.h. */
#include "triage/vault/graphic.h"

#include <string.h>

#include "common/base/mem.h"
#include "triage/vault/case_state.h"

/* ---- what is ---- */

/* Danger classes whose words mostly tell of bodies being hurt. */
static const char *const classes[] = {"words.life", "words.self_harm",   "words.child",    "words.sea",
                                      "words.gbv",  "words.trafficking", "words.detention"};

static int is_class(const char *rule)
{
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        if (strcmp(classes[i], rule) == 0)
            return 1;
    return 0;
}

int graphic_is(const json_t *state)
{
    static const char *const said[] = {"proposal", "since"};
    const json_t *by_person = json_object_get(state, "graphic");
    size_t i;
    json_t *one;
    if (json_is_boolean(by_person))
        return json_is_true(by_person);
    for (size_t s = 0; s < sizeof said / sizeof *said; s++)
        json_array_foreach(json_object_get(json_object_get(state, said[s]), "fired"), i,
                           one) if (is_class(state_text(one, "rule"))) return 1;
    return 0;
}

/* ---- how much of it ---- */

struct taker {
    char who[VAULT_WHO_MAX + 1];
    unsigned taken;
};

struct graphic {
    struct taker *takers;
    size_t count;
    int32_t day; /* of the counts */
};

struct graphic *graphic_new(void)
{
    return mem_new(sizeof(struct graphic));
}

void graphic_free(struct graphic *graphic)
{
    mem_free(graphic->takers);
    mem_free(graphic);
}

static int32_t day_of(const struct vault *vault, int64_t now)
{
    return workdays_day(&vault->office.calendar, now);
}

void graphic_took(struct graphic *graphic, const struct vault *vault, const char *who, int64_t now)
{
    size_t i = 0;
    if (graphic->day != day_of(vault, now)) {
        graphic->count = 0;
        graphic->day = day_of(vault, now);
    }
    while (i < graphic->count && strcmp(graphic->takers[i].who, who) != 0)
        i++;
    if (i == graphic->count) {
        graphic->takers = mem_grow(graphic->takers, (graphic->count + 1) * sizeof *graphic->takers);
        graphic->takers[graphic->count] = (struct taker){0};
        memcpy(graphic->takers[graphic->count++].who, who, strnlen(who, VAULT_WHO_MAX));
    }
    graphic->takers[i].taken++;
}

unsigned graphic_today(const struct graphic *graphic, const struct vault *vault, const char *who, int64_t now)
{
    if (graphic->day != day_of(vault, now))
        return 0;
    for (size_t i = 0; i < graphic->count; i++)
        if (strcmp(graphic->takers[i].who, who) == 0)
            return graphic->takers[i].taken;
    return 0;
}

int graphic_may_take(const struct vault *vault, const struct case_file *file, const char *who, int64_t now)
{
    int64_t most = vault->settings.graphic_day;
    return !file->is_graphic || file->place.severity.danger_now || most == 0 ||
           graphic_today(vault->graphic, vault, who, now) < most;
}
