/* ops_remedy.c -- operations on remedies: offer, say what the person said elsewhere, deliver, and the list of what is
 * promised. The person's own part: acts.c; what they are told: remedy_tell.c. */
#include <stdlib.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "triage/vault/acts.h"
#include "triage/vault/audit.h"
#include "triage/vault/case_state.h"
#include "triage/vault/case_view.h"
#include "triage/vault/entry.h"
#include "triage/vault/facts.h"
#include "triage/vault/ops.h"
#include "triage/vault/participants_keep.h"
#include "triage/vault/remedy_tell.h"
#include "triage/vault/seen.h"
#include "triage/vault/together.h"

enum { TEXT_MAX = 20000, LANGUAGE_MAX_BYTES = 20, ACT_MAX = 20, TYPES_MAX = 17, WHAT_MAX = 4000, EVIDENCE_MAX = 4000 };
enum { LIST_MAX = 100, LIST_USUAL = 25, LOOKED_AT = 5000, TIME_MAX = 20, DAY_LEN = sizeof "2026-11-22" - 1 };
/* Of an office's day: when a person is asked who chose no more than the day. */
enum { ASK_HOUR_S = 10 * 3600, ASK_AHEAD_MAX_S = 366 * 86400 };

/* ---- one change of a case ---- */

static void kept(void *room, enum err err)
{
    struct request *request = room;
    if (err == ERR_OK)
        request_ok(request, json_incref(request->kept));
    else
        request_fail_with(request, err);
}

/* The case that the request names, in the version that it was seen in; NULL when the request was answered or waits. */
static struct case_file *asked(struct request *request)
{
    int64_t version = 0; /* none: the one that is there */
    struct case_file *file = case_asked(request, 1);
    if (!file || !request_int(request, "version", 0, 1, INT64_MAX, &version))
        return NULL;
    if (version && book_is_stale(file, version)) {
        case_conflict(request, file);
        return NULL;
    }
    if (book_key(file, ROOT_THREAD, 1))
        return participant_is_reached(request, file) ? file : NULL;
    request_fail_with(request, ERR_CRYPTO); /* its wrap did not open: nobody could read it */
    return NULL;
}

static void refuse(struct request *request, struct case_change *cc)
{
    case_change_drop(cc);
    request_fail(request, "conflict", "This is not open in the state that the case is in now.", NULL);
}

static void submit_then(struct request *request, struct case_change *cc, const char *leaf, json_t *detail,
                        change_done_fn *done, void *room)
{
    case_change_notice(cc);
    json_decref(request->kept);
    request->kept = json_pack("{s:s}", "state", life_name(life_now(cc->state)));
    audit_leaf(request->vault, cc->change, request->who, leaf, cc->file->id, detail);
    case_change_submit(cc, done, room);
}

static void submit(struct request *request, struct case_change *cc, const char *leaf, json_t *detail)
{
    submit_then(request, cc, leaf, detail, kept, request);
}

/* ---- offer ---- */

static const struct fact offer_facts[] = {
    {"types", FACT_CODES, 1, TYPES_MAX, "remedy", NULL},
    {"what", FACT_TEXT, 1, WHAT_MAX, NULL, NULL},
    {"by", FACT_DUE, 0, 0, NULL, NULL},
    {0},
};

/* Two codes say that there was none: nothing that could be offered. 0: answered. */
static int are_offered(struct request *request, const json_t *types)
{
    if (json_array_size(types) && !entry_holds(types, "none_offered") && !entry_holds(types, "refused"))
        return 1;
    request_fail(request, "malformed", "Say what kind of remedy it is.", "types");
    return 0;
}

/* A promise is about what is still to come: a year that was mistyped is not told to the person. 0: answered. */
static int is_to_come(struct request *request, const json_t *by)
{
    if (!json_is_string(by) || clock_parse(json_string_value(by)) >= clock_wall())
        return 1;
    request_fail(request, "malformed", "That day is over already.", "by");
    return 0;
}

/* The same for each other participant who reads the language: each answers for themself, and is told of nobody. */
struct offering {
    struct request *request; /* not answered before its own offer is kept */
    uint32_t number;         /* of its own case in the book */
    char who[VAULT_WHO_MAX + 1];
    json_t *facts, *body;
};

static int offer_too(void *errand, struct vault *vault, struct case_file *file, change_done_fn *done, void *room)
{
    const struct offering *o = errand;
    const char *language = state_text(o->body, "language");
    struct case_change *cc = case_change_begin(vault, file, NULL);
    if (!seen_by(file, o->who) || strcmp(state_text(cc->state, "language"), language) != 0 ||
        !book_key(file, ROOT_THREAD, 1) || file->state_len > STATE_FULL ||
        participants_say(vault, file, cc->state) == SAY_ENDED || !remedy_has_room(cc->state) ||
        remedy_offer(cc->state, o->facts, o->who) != LIFE_MOVED) {
        case_change_drop(cc);
        return 0;
    }
    remedy_tell_offer(cc, o->who, state_text(o->body, "text"), language);
    case_change_notice(cc);
    audit_leaf(vault, cc->change, o->who, "remedy.offer", file->id,
               json_pack("{s:O}", "types", json_object_get(o->facts, "types")));
    case_change_submit(cc, done, room);
    return 1;
}

static void offered_all(void *errand)
{
    struct offering *o = errand;
    json_decref(o->facts);
    json_decref(o->body);
    mem_free(o);
}

static struct offering *offering_new(struct request *request, const struct case_file *file, const json_t *facts)
{
    struct offering *o = mem_new(sizeof *o);
    o->request = request;
    o->number = file->number;
    memcpy(o->who, request->who, sizeof o->who);
    o->facts = json_deep_copy(facts);
    o->body = json_incref(request->body);
    return o;
}

/* Nobody else is offered what the person was not. */
static void offered_one(void *room, enum err err)
{
    struct offering *o = room;
    struct request *request = o->request;
    const struct case_file *file = err == ERR_OK ? seen_at(request->vault, o->who, o->number) : NULL;
    size_t count;
    if (file) {
        uint8_t(*ids)[16] = participants_beside(request->vault, o->who, file, &count);
        together_begin(request->vault, ids, count, offer_too, offered_all, o);
    } else {
        offered_all(o);
    }
    kept(request, err);
}

static void offer(struct request *request, struct case_file *file, const json_t *facts)
{
    const char *text, *language;
    int others = 0;
    if (!request_text(request, "text", 1, TEXT_MAX, &text) ||
        !request_text(request, "language", 1, LANGUAGE_MAX_BYTES, &language) ||
        !request_flag(request, "others", 0, &others))
        return;
    struct case_change *cc = case_change_begin(request->vault, file, NULL);
    if (!remedy_has_room(cc->state)) {
        case_change_drop(cc);
        request_fail(request, "conflict", "There are too many of them.", NULL);
    } else if (remedy_offer(cc->state, facts, request->who) != LIFE_MOVED) {
        refuse(request, cc);
    } else {
        remedy_tell_offer(cc, request->who, text, language);
        json_t *detail = json_pack("{s:O}", "types", json_object_get(facts, "types"));
        if (others)
            submit_then(request, cc, "remedy.offer", detail, offered_one, offering_new(request, file, facts));
        else
            submit(request, cc, "remedy.offer", detail);
    }
}

void ops_remedy_offer(struct request *request)
{
    struct case_file *file = asked(request);
    json_t *facts = json_object();
    if (file && facts_read(request, offer_facts, 0, facts) && are_offered(request, json_object_get(facts, "types")) &&
        is_to_come(request, json_object_get(facts, "by")))
        offer(request, file, facts);
    json_decref(facts);
}

/* ---- deliver ---- */

/* The day on which the person wants to be asked; "" for now. 0: answered. */
static int ask_on(struct request *request, char out[static CLOCK_TEXT_SIZE])
{
    const char *said = "";
    int64_t now = clock_wall();
    out[0] = 0;
    if (!request_text(request, "ask_on", 0, TIME_MAX, &said))
        return 0;
    if (!*said)
        return 1;
    int64_t at = clock_parse(said);
    if (at >= 0 && strlen(said) == DAY_LEN)
        at += ASK_HOUR_S - request->vault->office.calendar.ahead_s;
    if (at < 0 || at > now + ASK_AHEAD_MAX_S) {
        request_fail(request, "malformed", "This is missing, or not in the form it must have.", "ask_on");
        return 0;
    }
    if (at > now)
        clock_text(at, out);
    return 1;
}

static void deliver(struct request *request, struct case_change *cc, json_t *remedy, const char *evidence,
                    const char *ask)
{
    struct life_step step = {.to = LIFE_DELIVERED, .mover = LIFE_BY_OFFICER, .who = request->who, .reason = evidence};
    if (life_move(cc->state, &step) != LIFE_MOVED) {
        refuse(request, cc);
        return;
    }
    remedy_delivered(remedy, request->who, evidence);
    if (*ask)
        state_set_text(remedy, "ask_on", ask);
    else
        remedy_tell_question(cc, request->who);
    submit(request, cc, "remedy.deliver", NULL);
}

void ops_remedy_deliver(struct request *request)
{
    const char *evidence;
    char ask[CLOCK_TEXT_SIZE];
    int64_t number = 0; /* the newest that can be */
    struct case_file *file = asked(request);
    if (!file || !request_text(request, "evidence", 1, EVIDENCE_MAX, &evidence) ||
        !request_int(request, "remedy", 0, 1, REMEDY_MAX, &number) || !ask_on(request, ask))
        return;
    struct case_change *cc = case_change_begin(request->vault, file, NULL);
    json_t *remedy = remedy_to_deliver(cc->state, number);
    if (remedy) {
        deliver(request, cc, remedy, evidence, ask);
    } else {
        case_change_drop(cc);
        request_fail(request, "conflict", "Nothing was offered that could be delivered.", "remedy");
    }
}

/* ---- what the person said elsewhere ---- */

/* That it helped ends a case: it takes a decision and always a second person (case.decide). */
void ops_remedy_heard(struct request *request)
{
    const char *said, *words;
    struct case_file *file = asked(request);
    if (!file || !request_text(request, "said", 1, ACT_MAX, &said) ||
        !request_text(request, "words", 1, REMEDY_WORDS_MAX, &words))
        return;
    if (!remedy_is_act(said) || strcmp(said, "helped") == 0) {
        request_fail(request, "malformed", "This is missing, or not in the form it must have.", "said");
        return;
    }
    if (!participant_may_say(request, file, said))
        return;
    struct case_change *cc = case_change_begin(request->vault, file, NULL);
    const struct act act = {
        .act = said, .voice = {.via = "staff", .who = request->who, .words = words}, .now = clock_wall()};
    if (life_is_ending(life_now(cc->state)) || !acts_do(cc->state, &act))
        refuse(request, cc);
    else
        submit(request, cc, "remedy.heard", json_pack("{s:s}", "said", said));
}

/* ---- what is promised ---- */

/* Of very many, those with the earliest days. The caller frees. */
static struct remedy_owed *owed(const struct vault *vault, const char *who, int64_t now, size_t *count)
{
    size_t all = seen_side_count(vault, who, SIDES_PROMISED), index = 0;
    size_t most = all < LOOKED_AT ? all : LOOKED_AT;
    struct remedy_owed *list = mem_new_array(most + 1, sizeof *list);
    const struct case_file *file;
    for (*count = 0; *count < most && (file = seen_side_next(vault, who, SIDES_PROMISED, &index)); ++*count) {
        int64_t due = sides_promised(file);
        list[*count] = (struct remedy_owed){.is_over = due <= now,
                                            .weight = severity_weight(&file->place.severity, now),
                                            .due = due,
                                            .number = file->number};
    }
    qsort(list, *count, sizeof *list, remedy_compare);
    return list;
}

/* Kind and day of what is promised in a case: what exactly stands on its page. */
static json_t *promised(const struct case_file *file)
{
    json_t *state = state_draft(file), *list = json_array(), *one;
    size_t i;
    json_array_foreach(json_object_get(state, "remedies"), i, one)
    {
        if (!remedy_is_promised(one))
            continue;
        json_t *shown = json_pack("{s:O,s:O,s:O*,s:O*}", "number", json_object_get(one, "number"), "types",
                                  json_object_get(one, "types"), "by", json_object_get(one, "by"), "accepted",
                                  json_object_get(json_object_get(one, "answer"), "at"));
        need(shown != NULL && json_array_append_new(list, shown) == 0);
    }
    json_decref(state);
    return list;
}

static json_t *owed_item(const struct vault *vault, const char *who, const struct remedy_owed *owes)
{
    const struct case_file *file = seen_at(vault, who, owes->number);
    json_t *item = case_item(vault, file);
    need(json_object_set_new(item, "promised", promised(file)) == 0);
    need(json_object_set_new(item, "is_late", json_boolean(owes->is_over)) == 0);
    return item;
}

void ops_remedy_list(struct request *request)
{
    int64_t after = 0, limit = LIST_USUAL;
    const struct vault *vault = request->vault;
    size_t count;
    if (!request_int(request, "after", 0, 0, INT32_MAX, &after) ||
        !request_int(request, "limit", 0, 1, LIST_MAX, &limit))
        return;
    struct remedy_owed *list = owed(vault, request->who, clock_wall(), &count);
    json_t *items = json_array();
    for (size_t i = (size_t)after; i < count && i < (size_t)(after + limit); i++)
        need(json_array_append_new(items, owed_item(vault, request->who, &list[i])) == 0);
    mem_free(list);
    request_ok(request, json_pack("{s:o,s:I,s:I,s:I}", "items", items, "total", (json_int_t)count, "due",
                                  (json_int_t)seen_side_count(vault, request->who, SIDES_PROMISED), "overdue",
                                  (json_int_t)seen_overdue(vault, request->who, clock_wall())));
}
