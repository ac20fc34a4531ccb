/* aside.c -- see aside.h. */
#include "triage/vault/aside.h"

#include <string.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "triage/vault/audit.h"
#include "triage/vault/case_change.h"
#include "triage/vault/case_state.h"
#include "triage/vault/lane_round.h"
#include "triage/vault/life.h"
#include "triage/vault/severity.h"
#include "triage/vault/stages.h"

enum { HOUR = 3600 };

static const struct {
    const char *how, *says;
} ends[] = {
    {"danger", "It speaks of danger: taken out of what was set aside"},
    {"taken", "Taken out of what was set aside"},
    {"closed", "Closed as part of a flood"},
    {"time", "Nobody looked at it in time where it was set aside: it is in the queue"},
};

static json_t *aside_of(const json_t *state)
{
    json_t *aside = json_object_get(state, "aside");
    return json_is_object(aside) ? aside : NULL;
}

/* What the rules said, about this or a later message: danger, or anything that belongs in the floor. */
static int speaks_of_danger(const json_t *state)
{
    static const char *const said[] = {"proposal", "since"};
    struct severity severity;
    state_severity(state, &severity);
    int danger = severity_is_floor(&severity);
    for (size_t i = 0; i < sizeof said / sizeof *said; i++)
        danger |= json_is_true(json_object_get(json_object_get(state, said[i]), "danger"));
    return danger;
}

void aside_begin(json_t *state, const char *why, int64_t hours)
{
    char until[CLOCK_TEXT_SIZE];
    clock_text(clock_wall() + hours * HOUR, until);
    json_t *aside = json_pack("{s:s,s:o,s:s}", "why", why, "at", state_now(), "until", until);
    need(aside && json_object_set_new(state, "aside", aside) == 0);
    state_set_text(state, "lane", "aside");
    if (speaks_of_danger(state))
        aside_end(state, "danger", "", "");
    else
        state_history(state, "", "Set aside: it came among very many");
}

int aside_is(const json_t *state)
{
    return strcmp(state_text(state, "lane"), "aside") == 0;
}

int aside_is_flood(const json_t *state)
{
    const json_t *ended = json_object_get(aside_of(state), "ended");
    return ended && strcmp(state_text(ended, "how"), "closed") == 0 && life_is_ending(life_now(state));
}

int64_t aside_until(const json_t *state)
{
    int64_t until = aside_is(state) ? clock_parse(state_text(aside_of(state), "until")) : 0;
    return until > 0 ? until : 0;
}

void aside_end(json_t *state, const char *how, const char *who, const char *reason)
{
    size_t i = 0;
    json_t *aside = aside_of(state);
    if (!aside_is(state))
        return;
    while (i + 1 < sizeof ends / sizeof *ends && strcmp(ends[i].how, how) != 0)
        i++;
    json_t *ended = json_pack("{s:s,s:s,s:o,s:s}", "how", how, "by", who, "at", state_now(), "reason", reason);
    need(ended && (!aside || json_object_set_new(aside, "ended", ended) == 0));
    state_set_text(state, "lane", "first_look");
    state_history(state, who, ends[i].says);
}

void aside_heard(json_t *state)
{
    if (!aside_is(state) || !speaks_of_danger(state))
        return;
    aside_end(state, "danger", "", "");
    stages_look_again(state);
}

/* ---- by time ---- */

static void kept(void *room, enum err err)
{
    (void)room;
    (void)err; /* not kept: it is due still, and the next round finds it */
}

static int let_out(struct vault *vault, struct case_file *file, int64_t now)
{
    if (file->place.due > now)
        return 0;
    struct case_change *cc = case_change_begin(vault, file, NULL);
    aside_end(cc->state, "time", "", "");
    audit_leaf(vault, cc->change, "", "case.aside_over", file->id, NULL);
    case_change_submit(cc, kept, NULL);
    return 1;
}

void aside_tick(struct vault *vault, int64_t now)
{
    lane_round(vault, LANE_ASIDE, &vault->aside_upto, let_out, now);
}
