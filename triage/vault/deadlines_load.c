/* deadlines_load.c -- reading a set of profiles: every fault is a sentence for whoever maintains it. */
#include <stdio.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/text/json.h"
#include "common/text/numbered.h"
#include "triage/vault/deadlines_inside.h"

enum { HOUR = 3600, ID_MAX = 40, LEAD_HOURS_MAX = 720 };

static size_t class_of(const struct deadlines *deadlines, const char *id)
{
    size_t i = 0;
    while (i < deadlines->class_count && strcmp(deadlines->classes[i].id, id) != 0)
        i++;
    return i;
}

static enum deadline_stage stage_of(const char *name)
{
    enum deadline_stage stage = DEADLINE_LOOK;
    while (stage < DEADLINE_STAGES && strcmp(deadlines_stage_name(stage), name) != 0)
        stage++;
    return stage;
}

/* ---- classes ---- */

static int is_texts(const json_t *list)
{
    size_t i;
    const json_t *one;
    json_array_foreach(list, i, one) if (!json_is_string(one)) return 0;
    return !list || json_is_array(list);
}

static enum err read_class(struct deadlines *deadlines, const json_t *json, char says[static SAYS_SIZE])
{
    struct json_fault fault = {0};
    const char *id;
    int danger_now = 0, grave = 0, severe = 0, any = 0;
    if (deadlines->class_count == DEADLINES_CLASSES_MAX)
        return says_fail(says, ERR_TOO_BIG, "more than %d classes", DEADLINES_CLASSES_MAX);
    if (json_text(json, "id", JSON_REQUIRED, ID_MAX, &id, &fault) != ERR_OK ||
        json_flag(json, "danger_now", JSON_MAY_MISS, &danger_now, &fault) != ERR_OK ||
        json_flag(json, "grave", JSON_MAY_MISS, &grave, &fault) != ERR_OK ||
        json_flag(json, "severe", JSON_MAY_MISS, &severe, &fault) != ERR_OK ||
        json_flag(json, "any", JSON_MAY_MISS, &any, &fault) != ERR_OK)
        return says_fail(says, ERR_MALFORMED, "class %zu: %s %s", deadlines->class_count + 1, fault.field, fault.says);
    json_t *rules = json_object_get(json, "rules"), *kinds = json_object_get(json, "kinds");
    if (!is_texts(rules) || !is_texts(kinds))
        return says_fail(says, ERR_MALFORMED, "class %s: rules and kinds are lists of names", id);
    if (!rules && !kinds && !danger_now && !grave && !severe && !any)
        return says_fail(says, ERR_MALFORMED, "class %s: no case would ever stand in it", id);
    if (class_of(deadlines, id) < deadlines->class_count)
        return says_fail(says, ERR_MALFORMED, "class %s is there twice", id);
    deadlines->classes[deadlines->class_count++] = (struct deadline_class){.id = mem_copy_text(id),
                                                                           .rules = json_incref(rules),
                                                                           .kinds = json_incref(kinds),
                                                                           .danger_now = (uint8_t)danger_now,
                                                                           .grave = (uint8_t)grave,
                                                                           .severe = (uint8_t)severe,
                                                                           .any = (uint8_t)any};
    return ERR_OK;
}

/* ---- profiles ---- */

static enum err read_times(struct deadlines *deadlines, struct deadline_profile *profile, const char *class_id,
                           const json_t *times, char says[static SAYS_SIZE])
{
    const char *name;
    json_t *time;
    size_t class = class_of(deadlines, class_id);
    if (class == deadlines->class_count)
        return says_fail(says, ERR_MALFORMED, "profile %s: there is no class %s", profile->id, class_id);
    if (!json_is_object(times))
        return says_fail(says, ERR_MALFORMED, "profile %s, class %s: stages and times are wanted", profile->id,
                         class_id);
    json_object_foreach((json_t *)(uintptr_t)times, name, time)
    {
        enum deadline_stage stage = stage_of(name);
        if (stage == DEADLINE_STAGES)
            return says_fail(says, ERR_MALFORMED, "profile %s, class %s: there is no stage %s", profile->id, class_id,
                             name);
        if (!json_is_string(time) || !term_read(json_string_value(time), &profile->times[class][stage]))
            return says_fail(says, ERR_MALFORMED,
                             "profile %s, class %s, %s: a time is 4h, 7d, 5w (working days) or 3m, and may be counted "
                             "\"after acknowledge\"",
                             profile->id, class_id, name);
        if (profile->times[class][stage].after_acknowledged && stage != DEADLINE_OUTCOME)
            return says_fail(says, ERR_MALFORMED,
                             "profile %s, class %s: only the outcome is counted from the acknowledgement", profile->id,
                             class_id);
    }
    return ERR_OK;
}

static enum err read_profile(struct deadlines *deadlines, const json_t *json, char says[static SAYS_SIZE])
{
    struct json_fault fault = {0};
    const char *id, *sentence, *source, *dated, *class_id;
    int64_t lead = 0;
    json_t *times = json_object_get(json, "times"), *of_class;
    enum err err = ERR_OK;
    if (deadlines->profile_count == DEADLINES_PROFILES_MAX)
        return says_fail(says, ERR_TOO_BIG, "more than %d profiles", DEADLINES_PROFILES_MAX);
    if (json_text(json, "id", JSON_REQUIRED, ID_MAX, &id, &fault) != ERR_OK ||
        json_text(json, "says", JSON_REQUIRED, 300, &sentence, &fault) != ERR_OK ||
        json_text(json, "source", JSON_REQUIRED, 300, &source, &fault) != ERR_OK ||
        json_text(json, "dated", JSON_REQUIRED, 10, &dated, &fault) != ERR_OK ||
        json_int(json, "lead_hours", JSON_MAY_MISS, 0, LEAD_HOURS_MAX, &lead, &fault) != ERR_OK)
        return says_fail(says, ERR_MALFORMED, "profile %zu: %s %s", deadlines->profile_count + 1, fault.field,
                         fault.says);
    if (deadlines_profile(deadlines, id))
        return says_fail(says, ERR_MALFORMED, "profile %s is there twice", id);
    struct deadline_profile *profile = &deadlines->profiles[deadlines->profile_count++];
    profile->id = mem_copy_text(id);
    profile->lead_s = lead * HOUR;
    profile->note = json_pack("{s:s,s:s,s:s,s:s}", "profile", id, "says", sentence, "source", source, "dated", dated);
    need(profile->note != NULL);
    if (!json_is_object(times) || json_object_size(times) == 0)
        return says_fail(says, ERR_MALFORMED, "profile %s has no times", id);
    json_object_foreach(times, class_id, of_class) if (err == ERR_OK) err =
        read_times(deadlines, profile, class_id, of_class, says);
    return err;
}

/* ---- the set ---- */

void deadlines_free(struct deadlines *deadlines)
{
    if (!deadlines)
        return;
    for (size_t i = 0; i < deadlines->class_count; i++) {
        mem_free(deadlines->classes[i].id);
        json_decref(deadlines->classes[i].rules);
        json_decref(deadlines->classes[i].kinds);
    }
    for (size_t i = 0; i < deadlines->profile_count; i++) {
        mem_free(deadlines->profiles[i].id);
        json_decref(deadlines->profiles[i].note);
    }
    mem_free(deadlines);
}

enum err deadlines_from(const json_t *json, struct deadlines **out, char says[static SAYS_SIZE])
{
    struct json_fault fault = {0};
    int64_t version = 0;
    size_t i;
    json_t *one;
    enum err err = json_int(json, "version", JSON_REQUIRED, 1, 100000, &version, &fault);
    if (err != ERR_OK)
        return says_fail(says, err, "%s %s", fault.field, fault.says);
    struct deadlines *deadlines = mem_new(sizeof *deadlines);
    deadlines->version = (unsigned)version;
    json_array_foreach(json_object_get(json, "classes"), i, one) if (err == ERR_OK) err =
        read_class(deadlines, one, says);
    json_array_foreach(json_object_get(json, "profiles"), i, one) if (err == ERR_OK) err =
        read_profile(deadlines, one, says);
    if (err == ERR_OK && (deadlines->class_count == 0 || deadlines->profile_count == 0))
        err = says_fail(says, ERR_MALFORMED, "there are no classes, or no profiles");
    if (err == ERR_OK)
        *out = deadlines;
    else
        deadlines_free(deadlines);
    return err;
}

enum err deadlines_load(const char *folder, struct deadlines **out, char says[static SAYS_SIZE])
{
    json_t *json = NULL;
    enum err err =
        numbered_read(folder, "deadlines", numbered_newest(folder, "deadlines"), DEADLINES_FILE_MAX, &json, says);
    if (err == ERR_OK)
        err = deadlines_from(json, out, says);
    json_decref(json);
    return err;
}
