/* ops_oncall.c -- who is on call: shown, set, the roster, and the acknowledgement by hand. Setting directs messages to
 * the outside, so who sets it shows once more who they are. */
#include <string.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "triage/vault/audit.h"
#include "triage/vault/case_state.h"
#include "triage/vault/fresh.h"
#include "triage/vault/oncall.h"
#include "triage/vault/ops.h"
#include "triage/vault/pager.h"

enum { CHANNEL_MAX = 10 };

static json_t *time_json(int64_t wall)
{
    char text[CLOCK_TEXT_SIZE];
    if (wall <= 0)
        return json_null();
    clock_text(wall, text);
    return json_string(text);
}

/* Who is on call now, in their order, and whether they can be told: names, and no numbers. */
static json_t *told_now(const struct vault *vault, int64_t now)
{
    struct roster_person people[ROSTER_MOST];
    size_t count = oncall_now(vault->oncall, now, people);
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        need(json_array_append_new(list, json_pack("{s:s,s:b}", "name", people[i].name, "has_channel",
                                                   pager_has_channel(vault->pager, people[i].is_email))) == 0);
    return list;
}

static void add_gaps(const struct oncall *oncall, int64_t now, json_t *answer)
{
    struct roster_gap found[ROSTER_GAPS_MAX];
    size_t count = oncall_gaps(oncall, now, found);
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        need(json_array_append_new(list, json_pack("{s:o,s:o}", "from", time_json(found[i].from), "until",
                                                   time_json(found[i].until))) == 0);
    need(json_object_set_new(answer, "gaps", list) == 0);
    need(json_object_set_new(answer, "more_gaps", json_boolean(count == ROSTER_GAPS_MAX)) == 0);
}

static void add_roster(const struct vault *vault, const json_t *record, json_t *answer)
{
    static const char *const keys[] = {"roster_by", "roster_at"};
    int64_t now = clock_wall();
    json_t *rows = json_object_get(record, "roster");
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        state_set_text(answer, keys[i], state_text(record, keys[i]));
    need(json_object_set_new(answer, "roster", rows ? json_deep_copy(rows) : json_array()) == 0);
    need(json_object_set_new(answer, "now", told_now(vault, now)) == 0);
    add_gaps(vault->oncall, now, answer);
    need(json_object_set_new(answer, "next_s", json_integer(vault->settings.alarm_next_s)) == 0);
    need(json_object_set_new(answer, "ahead_minutes", json_integer(vault->settings.ahead_minutes)) == 0);
}

void ops_oncall_show(struct request *request)
{
    static const char *const keys[] = {"name", "channel", "to", "from", "until", "by", "at"};
    const json_t *record = oncall_record(request->vault->oncall);
    json_t *answer = json_pack("{s:o,s:o}", "on_call", pager_json(request->vault->pager, request->who), "passkey",
                               passkey_asking(request));
    need(answer != NULL);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        state_set_text(answer, keys[i], state_text(record, keys[i]));
    add_roster(request->vault, record, answer);
    request_ok(request, answer);
}

/* ---- setting ---- */

static void kept(void *room, enum err err)
{
    struct request *request = room;
    if (err == ERR_OK) {
        pager_anew(request->vault->pager);
        request_ok(request, NULL);
    } else {
        request_fail_with(request, err);
    }
}

/* "" or a time; 0: it is neither, and the request was answered. */
static int time_of(struct request *request, const char *key, const char **out)
{
    *out = "";
    if (!request_text(request, key, 0, CLOCK_TEXT_SIZE, out))
        return 0;
    if (!**out || clock_parse(*out) >= 0)
        return 1;
    request_fail(request, "malformed", "This is missing, or not in the form it must have.", key);
    return 0;
}

/* A time that has passed would leave the desk with nobody, and nobody would notice. */
static int is_to_come(struct request *request, const char *from, const char *until)
{
    int64_t begins = *from ? clock_parse(from) : 0, now = clock_wall();
    if (!*until || clock_parse(until) > (begins > now ? begins : now))
        return 1;
    request_fail(request, "malformed", "That time has passed, or is before the beginning.", "until");
    return 0;
}

/* What the record says beside one person: whoever sets the one keeps the other. */
static void carry_over(const json_t *record, const char *const *keys, json_t *to)
{
    for (; *keys; keys++) {
        json_t *value = json_object_get(record, *keys);
        if (value)
            need(json_object_set(to, *keys, value) == 0);
    }
}

static void set(struct request *request)
{
    static const char *const others[] = {"roster", "roster_by", "roster_at", NULL};
    const char *name = "", *typed = "", *channel = "sms", *from, *until;
    char to[ROSTER_TO_MAX + 1];
    if (!request_text(request, "name", 0, VAULT_WHO_MAX, &name) ||
        !request_text(request, "to", 0, ROSTER_TO_MAX, &typed) ||
        !request_text(request, "channel", 0, CHANNEL_MAX, &channel) || !time_of(request, "from", &from) ||
        !time_of(request, "until", &until) || !is_to_come(request, from, until))
        return;
    const char *wrong = oncall_address(channel, typed, to);
    if (wrong) {
        request_fail(request, "malformed", wrong, "to");
        return;
    }
    name = *to ? name : "";
    json_t *json = json_pack("{s:i,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:o}", "v", 1, "kind", "oncall", "name", name, "channel",
                             channel, "to", to, "from", from, "until", until, "by", request->who, "at", state_now());
    need(json != NULL);
    carry_over(oncall_record(request->vault->oncall), others, json);
    /* Who is told, not where: the number stays with the desk. */
    oncall_change(request->vault, request->who, "oncall.set", json_pack("{s:s}", "name", name), json, kept, request);
}

void ops_oncall_set(struct request *request)
{
    fresh_check(request, set);
}

/* ---- the roster ---- */

/* The rows as they are kept; NULL: the request was answered. */
static json_t *rows_of(struct request *request)
{
    const json_t *typed = json_object_get(request->body, "roster");
    const char *field = "roster", *says = "The roster has too many rows.";
    json_t *rows = json_array(), *row;
    size_t count = json_array_size(typed);
    if (typed && !json_is_array(typed)) {
        json_decref(rows);
        request_fail(request, "malformed", "This is missing, or not in the form it must have.", field);
        return NULL;
    }
    for (size_t i = 0; i < count && count <= ROSTER_ROWS_MAX; i++) {
        if (!(row = roster_row(json_array_get(typed, i), &field, &says)))
            break;
        need(json_array_append_new(rows, row) == 0);
    }
    if (json_array_size(rows) == count)
        return rows;
    json_decref(rows);
    request_fail(request, "malformed", says, field);
    return NULL;
}

static void set_roster(struct request *request)
{
    static const char *const others[] = {"name", "channel", "to", "from", "until", "by", "at", NULL};
    const json_t *record = oncall_record(request->vault->oncall);
    const char *seen = "";
    if (!request_text(request, "seen", 0, CLOCK_TEXT_SIZE, &seen))
        return;
    if (strcmp(seen, state_text(record, "roster_at")) != 0) {
        request_fail(request, "conflict", "Somebody changed the roster since: look at it again.", NULL);
        return;
    }
    json_t *rows = rows_of(request);
    if (!rows)
        return;
    json_t *json = json_pack("{s:i,s:s,s:O,s:s,s:o}", "v", 1, "kind", "oncall", "roster", rows, "roster_by",
                             request->who, "roster_at", state_now());
    need(json != NULL);
    carry_over(record, others, json);
    oncall_change(request->vault, request->who, "oncall.roster",
                  json_pack("{s:I}", "rows", (json_int_t)json_array_size(rows)), json, kept, request);
    json_decref(rows);
}

void ops_oncall_roster(struct request *request)
{
    fresh_check(request, set_roster);
}

/* ---- acknowledging ---- */

static void told(void *room, enum err err)
{
    struct request *request = room;
    if (err == ERR_OK) {
        (void)pager_acknowledge(request->vault->pager);
        request_ok(request, NULL);
    } else {
        request_fail_with(request, err);
    }
}

void ops_oncall_acknowledge(struct request *request)
{
    audit_alone(request->vault, request->who, "alarm.acknowledged", NULL, NULL, told, request);
}
