/* case_state.c -- see case_state.h. */
#include "triage/vault/case_state.h"

#include <string.h>

#include "common/base/clock.h"
#include "common/base/code.h"
#include "common/base/mem.h"
#include "triage/vault/aside.h"
#include "triage/vault/graphic.h"
#include "triage/vault/life.h"
#include "triage/vault/message.h"
#include "triage/vault/severity_json.h"
#include "triage/vault/stages.h"

static void set(json_t *state, const char *key, json_t *value)
{
    need(json_object_set_new(state, key, value) == 0);
}

const char *state_text(const json_t *state, const char *key)
{
    const char *text = json_string_value(json_object_get(state, key));
    return text ? text : "";
}

void state_set_text(json_t *state, const char *key, const char *text)
{
    set(state, key, json_string(text));
}

json_t *state_list(json_t *state, const char *key)
{
    json_t *list = json_object_get(state, key);
    if (!json_is_array(list)) {
        list = json_array();
        set(state, key, list);
    }
    return list;
}

json_t *state_now(void)
{
    char text[CLOCK_TEXT_SIZE];
    clock_text(clock_wall(), text);
    return json_string(text);
}

void state_history(json_t *state, const char *who, const char *what)
{
    need(json_array_append_new(state_list(state, "history"),
                               json_pack("{s:o,s:s,s:s}", "at", state_now(), "by", who, "what", what)) == 0);
}

/* ---- messages ---- */

void state_count_message(json_t *state)
{
    set(state, "messages", json_integer(json_integer_value(json_object_get(state, "messages")) + 1));
}

/* How many files the messages of the case brought, as they said. */
static void count_files(json_t *state, const struct message *m)
{
    if (m->file_count)
        set(state, "files",
            json_integer(json_integer_value(json_object_get(state, "files")) + (json_int_t)m->file_count));
}

/* What linked.c wrote into the case it opened. */
static void name_origin(json_t *state, const json_t *json)
{
    uint8_t id[16];
    const char *from = state_text(json, "linked_from");
    if (code_unid(from, strlen(from), id) != ERR_OK)
        return;
    need(json_array_append_new(state_list(state, "linked"), json_string(from)) == 0);
    set(state, "copy", json_true());
}

int state_is_copy(const json_t *state)
{
    return json_is_true(json_object_get(state, "copy"));
}

json_t *state_new(const struct message *m, json_t *proposal)
{
    char at[CLOCK_TEXT_SIZE];
    clock_text(m->at, at);
    int is_consultation = strcmp(m->kind, "consultation") == 0;
    json_t *state =
        json_pack("{s:i,s:s,s:s,s:s,s:s,s:s,s:b,s:b,s:s,s:s,s:o,s:n,s:s}", "v", 1, "kind", m->kind, "language",
                  m->language, "channel", m->channel, "arrived", at, "speaking_as", m->speaking_as, "synthetic",
                  m->synthetic, "read_back", m->read_back, "life", life_name(LIFE_RECEIVED), "lane",
                  queue_lane_name(is_consultation ? LANE_CONSULTATION : LANE_FIRST_LOOK), "proposal", proposal,
                  "assessment", "taken_by", "");
    need(state != NULL);
    if (m->is_sms)
        set(state, "sms",
            json_pack("{s:s,s:s,s:s,s:b}", "from", m->from, "to", m->to ? m->to : "", "channel",
                      m->sms_channel ? m->sms_channel : "", "stopped", 0));
    if (m->organisation)
        state_set_text(state, "organisation", m->organisation);
    if (m->round)
        state_set_text(state, "round", m->round);
    name_origin(state, m->json);
    struct severity severity = {.arrived = m->at};
    severity_from_json(proposal, &severity);
    set(state, "first_rank", severity_json(&severity));
    set(state, "messages", json_integer(1));
    count_files(state, m);
    state_history(state, "", "Arrived");
    return state;
}

void state_heard(json_t *state)
{
    enum life life = life_now(state);
    int is_assessed = json_is_object(json_object_get(state, "assessment"));
    if (life_is_ending(life))
        life_follow(state, LIFE_REOPENED, LIFE_BY_RULE, "");
    else if (life == LIFE_WAITING_FOR_YOU)
        life_follow(state, is_assessed ? LIFE_ASSESSED : LIFE_ACKNOWLEDGED, LIFE_BY_RULE, "");
    else if (life_waits_for_person(life))
        set(state, "unread", json_true());
}

void state_add_message(json_t *state, const struct message *m, json_t *proposal)
{
    json_t *since = json_object_get(state, "since");
    const char *lane = state_text(state, "lane");
    int was_danger = json_is_true(json_object_get(json_object_get(state, "proposal"), "danger"));
    proposal_raise(json_object_get(state, "proposal"), proposal);
    if (json_is_object(since))
        proposal_raise(since, proposal);
    else
        json_object_set(state, "since", proposal);
    /* Whoever asked to lower it did not know of this. */
    if (json_array_size(json_object_get(proposal, "fired")))
        json_object_del(state, "lowering");
    /* New words about danger are for a person's eyes, whatever was decided before. Where nobody has looked yet the
     * clock runs from the first of them: nothing is late from the start, and who goes on writing puts nothing off. */
    int is_assessed = strcmp(lane, "assessed") == 0, waits = strcmp(lane, "first_look") == 0 && !was_danger;
    if (json_is_true(json_object_get(proposal, "danger")) && (is_assessed || waits)) {
        state_set_text(state, "lane", "first_look");
        stages_look_again(state);
    }
    count_files(state, m);
    aside_heard(state);
    if (!*m->act || *m->text || m->file_count) { /* an act may come without words */
        state_count_message(state);
        state_history(state, "", "A further message arrived");
    }
    json_decref(proposal);
}

void state_look_within(json_t *state, int64_t seconds)
{
    json_t *since = json_object_get(state, "since");
    if (!json_is_object(since))
        set(state, "since", since = json_object());
    json_int_t least = json_integer_value(json_object_get(since, "due_s"));
    if (least <= 0 || seconds < least)
        set(since, "due_s", json_integer(seconds));
    aside_end(state, "danger", "", "");
    state_set_text(state, "lane", "first_look");
    stages_look_again(state);
}

json_t *state_draft(const struct case_file *file)
{
    json_t *state = json_loadb(file->state, file->state_len, 0, NULL);
    need(state != NULL); /* we wrote it */
    return state;
}

/* ---- reading ---- */

void state_severity(const json_t *state, struct severity *out)
{
    const json_t *assessment = json_object_get(state, "assessment"), *since = json_object_get(state, "since");
    int is_assessed = json_is_object(assessment);
    *out = (struct severity){.arrived = clock_parse(state_text(state, "arrived"))};
    severity_from_json(is_assessed ? assessment : json_object_get(state, "proposal"), out);
    if (is_assessed) {
        int64_t looked = clock_parse(state_text(assessment, "at"));
        out->looked = looked > 0 ? looked : 0;
    }
    const json_t *look = json_object_get(state, "look");
    if (json_is_object(look) && !is_assessed) {
        struct severity raised = {0};
        int64_t looked = clock_parse(state_text(look, "at"));
        severity_from_json(json_object_get(look, "raises"), &raised);
        raised.likelihood = 0;
        severity_raise(out, &raised);
        out->looked = looked > 0 ? looked : 0;
    }
    if (json_is_object(since)) {
        struct severity raised = {0};
        severity_from_json(since, &raised);
        raised.likelihood = 0; /* a message that says nothing of chance does not make it certain */
        severity_raise(out, &raised);
    }
}

int state_is_ours(const json_t *state)
{
    enum life life = life_now(state);
    if (life_is_ending(life))
        return 0;
    if (!life_waits_for_person(life) || json_is_true(json_object_get(state, "unread")))
        return 1;
    return strcmp(state_text(state, "lane"), "first_look") == 0 && !stages_is_reached(state, DEADLINE_LOOK);
}

static enum queue_lane lane_of(const json_t *state, const struct case_file *file)
{
    if (life_is_ending(life_now(state)))
        return LANE_NONE;
    if (*file->taken_by)
        return LANE_HELD;
    if (!state_is_ours(state))
        return LANE_NONE;
    enum queue_lane lane = queue_lane_of(state_text(state, "lane"));
    return lane == LANE_COUNT ? LANE_FIRST_LOOK : lane;
}

void state_read(const json_t *state, struct case_file *file)
{
    const char *holder = state_text(state, "taken_by");
    memset(file->taken_by, 0, sizeof file->taken_by);
    memcpy(file->taken_by, holder, strnlen(holder, sizeof file->taken_by - 1));
    state_severity(state, &file->place.severity);
    file->place.lane = lane_of(state, file);
    file->is_graphic = graphic_is(state);
    file->place.due = STAGES_NEVER; /* what the office asks for, case_place.c knows */
}
