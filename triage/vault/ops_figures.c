/* ops_figures.c -- how the desk does, without what anybody wrote: figures for managers, the trail for auditors. */
#include <string.h>

#include "common/base/clock.h"
#include "common/base/code.h"
#include "common/base/mem.h"
#include "triage/vault/audit.h"
#include "triage/vault/breaches.h"
#include "triage/vault/case_state.h"
#include "triage/vault/case_view.h"
#include "triage/vault/life.h"
#include "triage/vault/ops.h"
#include "triage/vault/pager.h"
#include "triage/vault/seen.h"
#include "triage/vault/severity_json.h"
#include "triage/vault/tally.h"
#include "triage/vault/trail.h"

enum { LOOKED_AT = 5000, LIST_MAX = 100, BANDS = BAND_LATER + 1 };

struct lateness {
    int64_t now, soonest; /* soonest: 0 while there is none */
    size_t late[DEADLINE_STAGES + 1],
        soon[DEADLINE_STAGES + 1];   /* by what is next; the last: all. soon: within a day */
    size_t bands[LANE_COUNT][BANDS]; /* of each lane, by the time until it cannot be remedied */
    int is_whole;                    /* all of them were looked at */
};

static void count_one(size_t counts[static DEADLINE_STAGES + 1], enum deadline_stage stage)
{
    counts[DEADLINE_STAGES]++;
    if (stage < DEADLINE_STAGES)
        counts[stage]++;
}

static void look_at(const struct request *request, enum queue_lane lane, struct lateness *out)
{
    const struct case_file *file;
    size_t index = 0;
    if (seen_lane_count(request->vault, request->who, lane) > LOOKED_AT)
        out->is_whole = 0;
    for (size_t i = 0; i < LOOKED_AT && (file = seen_lane_next(request->vault, request->who, lane, &index)); i++) {
        int64_t due = file->place.due;
        out->bands[lane][severity_band(&file->place.severity, out->now)]++;
        if (due < out->now + 86400)
            count_one(due < out->now ? out->late : out->soon, file->next_stage);
        if (due != STAGES_NEVER && (!out->soonest || due < out->soonest))
            out->soonest = due;
    }
}

/* Of cases that somebody holds: figures know nobody. */
static const char *lane_name(enum queue_lane lane)
{
    return lane == LANE_HELD ? "held" : queue_lane_name(lane);
}

static json_t *stages(const struct lateness *l)
{
    json_t *list = json_array();
    for (int i = 0; i < DEADLINE_STAGES; i++)
        need(json_array_append_new(list,
                                   json_pack("{s:s,s:I,s:I}", "stage", deadlines_stage_name((enum deadline_stage)i),
                                             "late", (json_int_t)l->late[i], "soon", (json_int_t)l->soon[i])) == 0);
    return list;
}

/* Cases in which one is promised, and where its day is over. */
static json_t *remedies(const struct vault *vault, const char *who, int64_t now)
{
    return json_pack("{s:I,s:I}", "due", (json_int_t)seen_side_count(vault, who, SIDES_PROMISED), "overdue",
                     (json_int_t)seen_overdue(vault, who, now));
}

/* The bands from the shortest to the longest, under the names of the lanes. */
static json_t *bands(const struct lateness *l, const enum queue_lane *lanes, size_t count)
{
    json_t *list = json_array();
    for (size_t band = 0; band < BANDS; band++) {
        json_t *row = json_pack("{s:s}", "band", severity_band_name((enum severity_band)band));
        for (size_t i = 0; row && i < count; i++)
            need(json_object_set_new(row, lane_name(lanes[i]), json_integer((json_int_t)l->bands[lanes[i]][band])) ==
                 0);
        need(row && json_array_append_new(list, row) == 0);
    }
    return list;
}

/* Of long lanes the first in order are looked at: the gravest. */
void ops_figures(struct request *request)
{
    const struct vault *vault = request->vault;
    static const enum queue_lane worked[] = {LANE_FIRST_LOOK, LANE_ASSESSED, LANE_HELD};
    struct hidden hidden = seen_hidden(vault, request->who);
    struct lateness l = {.now = clock_wall(), .is_whole = 1};
    char soonest[CLOCK_TEXT_SIZE] = "";
    json_t *lanes = json_object();
    for (size_t i = 0; i < sizeof worked / sizeof *worked; i++)
        look_at(request, worked[i], &l);
    for (int lane = LANE_FIRST_LOOK; lane < LANE_COUNT; lane++) {
        json_object_set_new(lanes, lane_name((enum queue_lane)lane),
                            json_integer((json_int_t)seen_lane_count(vault, request->who, (enum queue_lane)lane)));
    }
    if (l.soonest)
        clock_text(l.soonest, soonest);
    json_t *answer = json_pack("{s:o,s:I,s:I,s:I,s:s,s:b,s:I,s:o}", "lanes", lanes, "cases",
                               (json_int_t)seen_count(vault, request->who), "late", (json_int_t)l.late[DEADLINE_STAGES],
                               "soon", (json_int_t)l.soon[DEADLINE_STAGES], "soonest", soonest, "whole", l.is_whole,
                               "members", (json_int_t)people_members(vault->people), "stages", stages(&l));
    json_object_set_new(answer, "bands", bands(&l, worked, sizeof worked / sizeof *worked));
    json_object_set_new(answer, "without_officer", json_integer((json_int_t)seen_without_officer(vault, request->who)));
    json_object_set_new(answer, "remedies", remedies(vault, request->who, l.now));
    json_object_set_new(answer, "breaches", breaches_list(vault->breaches, l.now, &hidden));
    json_object_set_new(answer, "on_call", pager_json(vault->pager, request->who));
    json_object_set_new(answer, "escalated",
                        json_integer((json_int_t)seen_side_count(vault, request->who, SIDES_ESCALATED)));
    mem_free(hidden.numbers);
    request_ok(request, answer);
}

/* Who sees no cases is guarded from what small numbers tell. */
void ops_figures_flow(struct request *request)
{
    const struct vault *vault = request->vault;
    struct hidden hidden = seen_hidden(vault, request->who);
    json_t *shown = tally_json(vault->tally, clock_wall(), vault->office.calendar.ahead_s,
                               !(request->role & ROLES_MEMBER), &hidden);
    mem_free(hidden.numbers);
    request_ok(request, shown);
}

void ops_audit_recent(struct request *request)
{
    const struct trail *trail = request->vault->trail;
    int64_t after = 0, limit = LIST_MAX;
    if (!request_int(request, "after", 0, 0, TRAIL_MAX, &after) ||
        !request_int(request, "limit", 0, 1, LIST_MAX, &limit))
        return;
    request_ok(request, json_pack("{s:o,s:I}", "items", trail_list(trail, (size_t)after, (size_t)limit), "total",
                                  (json_int_t)trail_count(trail)));
}

/* ---- one case, how and not what ---- */

static json_t *copied(const json_t *state, const char *key)
{
    const json_t *value = json_object_get(state, key);
    return value ? json_deep_copy(value) : json_null();
}

static void trail_kept(void *room, enum err err)
{
    struct request *request = room;
    const struct case_file *file = err == ERR_OK ? case_asked(request, 0) : NULL;
    if (err != ERR_OK)
        request_fail_with(request, err);
    if (!file)
        return;
    json_t *state = state_draft(file);
    request_ok(request,
               json_pack("{s:s,s:o,s:o,s:s,s:I,s:o}", "state", life_name(life_now(state)), "lane",
                         copied(state, "lane"), "arrived", copied(state, "arrived"), "taken_by", file->taken_by,
                         "version", (json_int_t)file->version, "history", copied(state, "history")));
    json_decref(state);
}

void ops_case_trail(struct request *request)
{
    const struct case_file *file = case_asked(request, 0);
    if (file)
        audit_alone(request->vault, request->who, "case.trail", file->id, NULL, trail_kept, request);
}
