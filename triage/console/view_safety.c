/* view_safety.c -- how safe the person is, on the page of their case: what is feared and planned, steps outside, and
 * the check-ins that follow (view.h). */
#include "common/base/mem.h"
#include "triage/console/fields.h"
#include "triage/console/view.h"

static void put_who_when(const struct reader *reader, json_t *to, const json_t *from)
{
    static const char *const texts[] = {"by", NULL};
    view_put_texts(to, from, texts);
    view_put(to, "at", words_time(reader, view_text(from, "at"), 0));
}

static json_t *view_fear(const struct reader *reader, const json_t *safety)
{
    static const char *const texts[] = {"plan", NULL};
    if (!json_is_object(safety))
        return NULL;
    json_t *to = json_object();
    view_put_texts(to, safety, texts);
    view_put_label(reader, to, "level", WORDS_SAFETY, safety, "level");
    put_who_when(reader, to, safety);
    return to;
}

static json_t *view_step_outside(const struct reader *reader, const json_t *step)
{
    static const char *const texts[] = {"says", "could_tell", "consent_how", NULL};
    json_t *to = json_object();
    view_put_texts(to, step, texts);
    view_put_label(reader, to, "what", WORDS_SAFETY, step, "what");
    view_put(to, "consent", json_boolean(json_is_true(json_object_get(step, "consent"))));
    put_who_when(reader, to, step);
    return to;
}

/* `index` is how the vault calls it. */
static json_t *view_checkin(const struct reader *reader, const json_t *checkin, const json_t *steps, size_t index,
                            int64_t now)
{
    static const char *const texts[] = {"says", NULL};
    const json_t *done = json_object_get(checkin, "done");
    const json_t *step = json_array_get(steps, (size_t)view_number(checkin, "step"));
    json_t *to = json_object();
    view_put(to, "index", json_sprintf("%zu", index));
    view_put_label(reader, to, "what", WORDS_SAFETY, step, "what");
    view_put(to, "due", done ? NULL : words_time(reader, view_text(checkin, "due"), now));
    view_put(to, "done", json_boolean(done != NULL));
    view_put_texts(to, done, texts);
    view_put_label(reader, to, "outcome", WORDS_SAFETY, done, "outcome");
    put_who_when(reader, to, done);
    return to;
}

void view_put_safety(const struct reader *reader, const json_t *answer, int64_t now, json_t *to)
{
    json_t *steps = json_array(), *open = json_array(), *done = json_array();
    const json_t *outside = json_object_get(answer, "outside"), *checkins = json_object_get(answer, "checkins");
    for (size_t i = 0; i < json_array_size(outside); i++)
        need(json_array_append_new(steps, view_step_outside(reader, json_array_get(outside, i))) == 0);
    for (size_t i = 0; i < json_array_size(checkins); i++) {
        const json_t *one = json_array_get(checkins, i);
        need(json_array_append_new(json_object_get(one, "done") ? done : open,
                                   view_checkin(reader, one, outside, i, now)) == 0);
    }
    const json_t *safety = json_object_get(answer, "safety");
    view_put(to, "safety", view_fear(reader, safety));
    view_put(to, "levels", words_options(reader, WORDS_SAFETY, LEVELS, view_text(safety, "level")));
    view_put(to, "steps_outside", words_options(reader, WORDS_SAFETY, STEPS_OUTSIDE, ""));
    view_put(to, "outcomes", words_options(reader, WORDS_SAFETY, OUTCOMES, ""));
    view_put_list(to, "outside", steps);
    view_put_list(to, "checkins_open", open);
    view_put_list(to, "checkins_done", done);
}
