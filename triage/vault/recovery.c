/* recovery.c -- see recovery.h. */
#include "triage/vault/recovery.h"

#include "common/base/clock.h"
#include "common/base/err.h"

static const char key[] = "recovery";
/* Of a record: all that lets somebody in, but the password. */
static const char *const ways_in[] = {"totp", "codes", "passkeys"};

static json_t *time_text(int64_t at)
{
    char text[CLOCK_TEXT_SIZE];
    clock_text(at, text);
    return json_string(text);
}

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

enum recovery_step recovery_step(const json_t *record, int64_t now)
{
    const json_t *recovery = json_object_get(record, key);
    int64_t due = clock_parse(text_of(recovery, "due"));
    if (!json_is_object(recovery))
        return RECOVERY_NONE;
    if (due < 0)
        return RECOVERY_ASKED;
    return now < due ? RECOVERY_WAITS : RECOVERY_RIPE;
}

void recovery_ask(json_t *record, const char *by, const char *reason, int64_t now)
{
    need(recovery_step(record, now) == RECOVERY_NONE);
    need(json_object_set_new(record, key,
                             json_pack("{s:s,s:s,s:o}", "by", by, "reason", reason, "at", time_text(now))) == 0);
}

void recovery_confirm(json_t *record, const char *by, int64_t hours, int64_t now)
{
    json_t *recovery = json_object_get(record, key);
    need(recovery_step(record, now) == RECOVERY_ASKED);
    need(json_object_set_new(recovery, "confirmed_by", json_string(by)) == 0);
    need(json_object_set_new(recovery, "due", time_text(now + hours * 3600)) == 0);
}

void recovery_finish(json_t *record, const char *password, int64_t now)
{
    json_t *recovery = json_incref(json_object_get(record, key));
    need(recovery_step(record, now) == RECOVERY_RIPE);
    for (size_t i = 0; i < sizeof ways_in / sizeof *ways_in; i++)
        json_object_del(record, ways_in[i]);
    need(json_object_set_new(record, "tokens", json_array()) == 0);
    need(json_object_set_new(record, "password", json_string(password)) == 0);
    /* Shown to the person, who may not have asked for it. */
    need(json_object_set_new(record, "recovered",
                             json_pack("{s:s,s:s,s:o}", "by", text_of(recovery, "by"), "confirmed_by",
                                       text_of(recovery, "confirmed_by"), "at", time_text(now))) == 0);
    json_object_del(record, key);
    json_decref(recovery);
}

void recovery_stop(json_t *record)
{
    json_object_del(record, key);
}

json_t *recovery_row(const json_t *record, int64_t now)
{
    static const char *const steps[] = {"", "asked", "waits", "ripe"};
    const json_t *recovery = json_object_get(record, key);
    enum recovery_step step = recovery_step(record, now);
    if (step == RECOVERY_NONE)
        return json_null();
    json_t *row = json_pack("{s:s,s:s,s:s,s:s,s:s,s:s}", "by", text_of(recovery, "by"), "reason",
                            text_of(recovery, "reason"), "at", text_of(recovery, "at"), "confirmed_by",
                            text_of(recovery, "confirmed_by"), "due", text_of(recovery, "due"), "step", steps[step]);
    need(row != NULL);
    return row;
}
