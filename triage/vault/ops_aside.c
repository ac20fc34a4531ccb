/* ops_aside.c -- what was set aside as part of a flood (aside.h): the list, where those that say nearly the same are
 * one line, and a person's word on one, on many, or on all that say the same: into the queue, or closed. Closing is a
 * decision like any other: with a reason, told to the person, who may ask for a review. */
#include <string.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "common/text/catalogue.h"
#include "triage/vault/alike.h"
#include "triage/vault/aside.h"
#include "triage/vault/audit.h"
#include "triage/vault/case_change.h"
#include "triage/vault/case_state.h"
#include "triage/vault/case_view.h"
#include "triage/vault/decision.h"
#include "triage/vault/life.h"
#include "triage/vault/ops.h"
#include "triage/vault/outbox.h"
#include "triage/vault/seen.h"
#include "triage/vault/together.h"

enum { REASON_MAX = 2000, LIST_MAX = 100, LIST_USUAL = 25, NAMED_MAX = 100, WORD_MAX = 10 };

/* ---- the list ---- */

static json_t *aside_item(const struct vault *vault, const struct case_file *file)
{
    const uint32_t *members;
    size_t alike = alike_members(vault->alike_aside, file->number, &members);
    json_t *item = case_item(vault, file);
    json_object_set_new(item, "alike", json_integer(alike > 1 ? (json_int_t)alike - 1 : 0));
    return item;
}

/* Another of those that say the same stands in the list for it. */
static int is_behind(const struct vault *vault, const struct case_file *file)
{
    uint32_t first = alike_first(vault->alike_aside, file->number);
    return first != ALIKE_NONE && first != file->number;
}

void ops_aside_list(struct request *request)
{
    const struct vault *vault = request->vault;
    int64_t after = 0, limit = LIST_USUAL, total = 0, cases = 0, soonest = 0;
    size_t index = 0;
    const struct case_file *file;
    char until[CLOCK_TEXT_SIZE] = "";
    if (!request_int(request, "after", 0, 0, INT32_MAX, &after) ||
        !request_int(request, "limit", 0, 1, LIST_MAX, &limit))
        return;
    json_t *items = json_array();
    for (; (file = seen_lane_next(vault, request->who, LANE_ASIDE, &index)); cases++) {
        if (!soonest || file->place.due < soonest)
            soonest = file->place.due;
        if (is_behind(vault, file))
            continue;
        if (total >= after && total < after + limit)
            json_array_append_new(items, aside_item(vault, file));
        total++;
    }
    if (soonest)
        clock_text(soonest, until);
    request_ok(request, json_pack("{s:o,s:I,s:I,s:o}", "items", items, "total", (json_int_t)total, "cases",
                                  (json_int_t)cases, "soonest", soonest ? json_string(until) : json_null()));
}

/* ---- a person's word ---- */

struct word {
    int closes;
    char who[VAULT_WHO_MAX + 1];
    char *reason;
};

/* What the person is told: in their language, where we have the words in it. */
static json_t *closing(const struct vault *vault, const json_t *state, const struct word *word)
{
    const char *language = state_text(state, "language");
    if (!vault->texts || !catalogue_has(vault->texts, language))
        language = LANGUAGE_ENGLISH;
    json_t *what = json_pack(
        "{s:s,s:s,s:s,s:s,s:s,s:s}", "state", life_name(LIFE_OUT_OF_SCOPE), "by", word->who, "reason", word->reason,
        "text",
        outbox_sentence(vault, language,
                        T("Very many reports came in at once, and this one looked like a part of that. We have closed "
                          "it without working on it. If you wrote it because something has happened, ask for a review: "
                          "somebody else then reads it.")),
        "language", language, "open_remedies",
        outbox_sentence(vault, language,
                        T("You lose nothing by this: every other office, court or authority stays open to you.")));
    need(what != NULL);
    return what;
}

/* 1: the draft is closed. */
static int close_as_flood(struct case_change *cc, const struct word *word)
{
    json_t *what = closing(cc->vault, cc->state, word);
    aside_end(cc->state, "closed", word->who, word->reason);
    (void)life_follow(cc->state, LIFE_FIRST_LOOK, LIFE_BY_OFFICER, word->who);
    enum life_end end = decision_make(cc, LIFE_BY_OFFICER, what);
    json_decref(what);
    return end == LIFE_MOVED;
}

static int one(void *errand, struct vault *vault, struct case_file *file, change_done_fn *done, void *room)
{
    const struct word *word = errand;
    if (file->place.lane != LANE_ASIDE || !seen_by(file, word->who) || !book_key(file, ROOT_THREAD, 1))
        return 0; /* somebody was faster; or it is not there for who decides */
    struct case_change *cc = case_change_begin(vault, file, NULL);
    if (word->closes && !close_as_flood(cc, word)) {
        case_change_drop(cc);
        return 0;
    }
    aside_end(cc->state, "taken", word->who, word->reason);
    audit_leaf(vault, cc->change, word->who, word->closes ? "case.aside_closed" : "case.aside_taken", file->id,
               json_pack("{s:s}", "reason", word->reason));
    case_change_submit(cc, done, room);
    return 1;
}

static void ended(void *errand)
{
    struct word *word = errand;
    mem_free(word->reason);
    mem_free(word);
}

/* ---- whom it is about ---- */

struct named {
    uint8_t (*ids)[16];
    size_t count, room;
};

static void name_one(struct named *named, const struct case_file *file)
{
    if (named->count == named->room) {
        named->room = named->room ? 2 * named->room : 128;
        named->ids = mem_grow(named->ids, named->room * sizeof *named->ids);
    }
    memcpy(named->ids[named->count++], file->id, sizeof *named->ids);
}

/* The one, and those that say nearly the same. Named twice it is done once: the second time it is not there any more.
 */
static void name(const struct request *request, const char *id, int alike, struct named *named)
{
    const struct vault *vault = request->vault;
    const struct case_file *file = seen_find(vault, request->who, id), *other;
    const uint32_t *members;
    if (!file || file->place.lane != LANE_ASIDE)
        return;
    size_t count = alike ? alike_members(vault->alike_aside, file->number, &members) : 0;
    for (size_t i = 0; i < count; i++)
        if (members[i] != file->number && (other = seen_at(vault, request->who, members[i])))
            name_one(named, other);
    name_one(named, file);
}

static int names_are_right(struct request *request, const json_t *list)
{
    size_t count = json_array_size(list);
    int right = count >= 1 && count <= NAMED_MAX;
    for (size_t i = 0; i < count; i++)
        right = right && json_is_string(json_array_get(list, i));
    if (!right)
        request_fail(request, "malformed", "This is missing, or not in the form it must have.", "cases");
    return right;
}

void ops_aside_decide(struct request *request)
{
    const char *what, *reason;
    int alike = 0;
    size_t i;
    json_t *each;
    const json_t *list = json_object_get(request->body, "cases");
    if (!names_are_right(request, list) || !request_text(request, "what", 1, WORD_MAX, &what) ||
        !request_text(request, "reason", 1, REASON_MAX, &reason) || !request_flag(request, "alike", 0, &alike))
        return;
    int closes = strcmp(what, "close") == 0;
    if (!closes && strcmp(what, "take") != 0) {
        request_fail(request, "malformed", "This is missing, or not in the form it must have.", "what");
        return;
    }
    struct named named = {0};
    json_array_foreach(list, i, each) name(request, json_string_value(each), alike, &named);
    if (!named.count) {
        request_fail(request, "conflict", "None of these is set aside any more.", "cases");
        return;
    }
    struct word *word = mem_new(sizeof *word);
    word->closes = closes;
    memcpy(word->who, request->who, sizeof word->who);
    word->reason = mem_copy_text(reason);
    json_int_t count = (json_int_t)named.count;
    together_begin(request->vault, named.ids, named.count, one, ended, word);
    request_ok(request, json_pack("{s:I}", "cases", count));
}
