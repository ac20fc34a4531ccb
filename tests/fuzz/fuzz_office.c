/* fuzz_office.c -- any office.yaml: read whole, or refused with at least one fault and nothing left of it; what was
 * read stays within the limits that pages rely on. */
#include "common/office/office.h"
#include "common/office/office_fields.h"
#include "common/text/utf8.h"
#include "tests/fuzz/fuzz.h"

static void count(void *room, unsigned line, const char *says)
{
    unsigned *told = room;
    (void)line;
    need(*says);
    ++*told;
}

static void look_at(const struct office_words *words, size_t most)
{
    for (size_t i = 0; i < LANGUAGE_MAX; i++)
        if (words->in[i]) {
            size_t len = strlen(words->in[i]);
            need(len && utf8_valid(words->in[i], len) && utf8_count(words->in[i], len) <= most);
            need(office_says(words, LANGUAGE_ENGLISH, NULL)); /* never one without English */
        }
}

static void look_at_questions(const struct office *office)
{
    for (size_t i = 0; i < office->field_count; i++) {
        const struct office_field *field = &office->fields[i];
        const struct office_known *known = office_fields_find(field->name);
        need(known && (!field->is_left_out || known->may_be_left_out));
        need(!known->must || office_offers(office, field->name, known->must));
        look_at(&field->asks, OFFICE_LINE_MOST);
    }
    for (size_t i = 0; i < office->own_count; i++) {
        const struct office_own *own = &office->own[i];
        need(office_own(office, own->code) == own && office_fields_has(office_fields_steps, own->step));
        need((own->answer == OFFICE_ANSWER_TEXT) == (own->choice_count == 0));
        look_at(&own->asks, OFFICE_LINE_MOST);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct office office;
    unsigned told = 0;
    enum err err = office_read(&office, data, size, count, &told);
    need((err == ERR_OK) == (told == 0));
    for (size_t i = 0; i < OFFICE_TEXTS; i++)
        look_at(&office.texts[i], OFFICE_TEXT_MOST);
    for (size_t i = 0; i < office.way_count; i++)
        need(office_fields_has(office_way_kinds, office.ways[i].kind) &&
             (!office.ways[i].web || strncmp(office.ways[i].web, "https://", 8) == 0));
    for (size_t i = 0; i < office.service_count; i++)
        need(office_service(&office, office.services[i].code) == &office.services[i]);
    look_at_questions(&office);
    office_free(&office);
    return 0;
}
