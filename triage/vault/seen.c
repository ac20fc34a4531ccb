/* seen.c -- see seen.h. Counts are those of the book less the few that are hidden from somebody (SIDES_HIDDEN). */
#include "triage/vault/seen.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/code.h"
#include "common/base/mem.h"
#include "triage/vault/people.h"

int seen_by(const struct case_file *file, const char *who)
{
    return !sides_hides(file, who);
}

static struct case_file *only(struct case_file *file, const char *who)
{
    return file && file->version > 0 && seen_by(file, who) ? file : NULL;
}

struct case_file *seen_find(const struct vault *vault, const char *who, const char *id_text)
{
    uint8_t id[16];
    return code_unid(id_text, strlen(id_text), id) == ERR_OK ? only(book_find(vault->book, id), who) : NULL;
}

int seen_hides(const struct vault *vault, const char *who, const char *id_text, uint8_t id[static 16])
{
    const struct case_file *file =
        code_unid(id_text, strlen(id_text), id) == ERR_OK ? book_find(vault->book, id) : NULL;
    return file && file->version > 0 && !seen_by(file, who);
}

struct case_file *seen_at(const struct vault *vault, const char *who, size_t number)
{
    return only(book_at(vault->book, number), who);
}

/* ---- what is hidden from them ---- */

/* The next of those, from *index on. */
static struct case_file *next_hidden(const struct vault *vault, const char *who, size_t *index)
{
    struct case_file *file;
    while ((file = sides_at(&vault->sides, SIDES_HIDDEN, (*index)++)))
        if (!seen_by(file, who))
            return file;
    return NULL;
}

static int by_number(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

struct hidden seen_hidden(const struct vault *vault, const char *who)
{
    struct hidden hidden = {0};
    size_t index = 0, most = sides_count(&vault->sides, SIDES_HIDDEN);
    const struct case_file *file;
    if (most == 0)
        return hidden;
    hidden.numbers = mem_new_array(most, sizeof *hidden.numbers);
    while ((file = next_hidden(vault, who, &index)))
        hidden.numbers[hidden.count++] = file->number;
    qsort(hidden.numbers, hidden.count, sizeof *hidden.numbers, by_number);
    return hidden;
}

size_t seen_count(const struct vault *vault, const char *who)
{
    size_t count = book_known(vault->book), index = 0;
    while (next_hidden(vault, who, &index))
        count--;
    return count;
}

static int has_officer(const struct vault *vault, const struct case_file *file)
{
    for (size_t i = 0; i < people_count(vault->people); i++) {
        const struct person *p = people_at(vault->people, i);
        if (p->role == ROLE_OFFICER && !p->is_ended && !p->is_waiting && seen_by(file, p->name))
            return 1;
    }
    return 0;
}

size_t seen_without_officer(const struct vault *vault, const char *who)
{
    size_t count = 0;
    const struct case_file *file;
    for (size_t i = 0; (file = sides_at(&vault->sides, SIDES_HIDDEN, i)); i++)
        count += file->place.stands_in != LANE_NONE && seen_by(file, who) && !has_officer(vault, file);
    return count;
}

/* ---- a lane ---- */

size_t seen_lane_count(const struct vault *vault, const char *who, enum queue_lane lane)
{
    size_t count = queue_count(&vault->queue, lane), index = 0;
    const struct case_file *file;
    while ((file = next_hidden(vault, who, &index)))
        count -= file->place.stands_in == lane;
    return count;
}

static int by_size(const void *a, const void *b)
{
    const size_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

size_t seen_lane_begin(const struct vault *vault, const char *who, enum queue_lane lane, size_t after)
{
    size_t count = 0, index = 0, most = sides_count(&vault->sides, SIDES_HIDDEN);
    const struct case_file *file;
    if (most == 0)
        return after;
    size_t *hidden = mem_new_array(most, sizeof *hidden);
    while ((file = next_hidden(vault, who, &index)))
        if (file->place.stands_in == lane)
            hidden[count++] = queue_index(&vault->queue, &file->place);
    qsort(hidden, count, sizeof *hidden, by_size);
    for (size_t i = 0; i < count && hidden[i] <= after; i++)
        after++;
    mem_free(hidden);
    return after;
}

struct case_file *seen_lane_next(const struct vault *vault, const char *who, enum queue_lane lane, size_t *index)
{
    struct queue_place *place;
    while ((place = queue_at(&vault->queue, lane, (*index)++)))
        if (seen_by(book_of_place(place), who))
            return book_of_place(place);
    return NULL;
}

/* ---- sides ---- */

struct case_file *seen_side_next(const struct vault *vault, const char *who, enum sides_list list, size_t *index)
{
    struct case_file *file;
    while ((file = sides_at(&vault->sides, list, (*index)++)))
        if (seen_by(file, who))
            return file;
    return NULL;
}

size_t seen_side_count(const struct vault *vault, const char *who, enum sides_list list)
{
    size_t count = sides_count(&vault->sides, list), index = 0;
    const struct case_file *file;
    while ((file = next_hidden(vault, who, &index)))
        count -= sides_stands(file, list) != 0;
    return count;
}

size_t seen_overdue(const struct vault *vault, const char *who, int64_t now)
{
    size_t count = sides_overdue(&vault->sides, now), index = 0;
    const struct case_file *file;
    while ((file = next_hidden(vault, who, &index)))
        count -= sides_stands(file, SIDES_PROMISED) && sides_promised(file) <= now;
    return count;
}

/* ---- the register ---- */

size_t seen_impact_count(const struct vault *vault, const char *who, const struct impact *impact)
{
    size_t count = impact->case_count, index = 0;
    const struct case_file *file;
    while ((file = next_hidden(vault, who, &index)))
        for (size_t i = 0; i < file->impact_count; i++)
            count -= file->impacts[i] == impact->number;
    return count;
}
