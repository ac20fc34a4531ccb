/* thread.c -- see thread.h. */
#include "intake/thread.h"

#include <string.h>

#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/seal/sign.h"
#include "common/text/json.h"
#include "intake/evidence.h"
#include "intake/limits.h"
#include "intake/states.h"

struct lookup {
    struct intake *intake;
    thread_opened_fn *done;
    void *room;
    int spool_waited, is_on_disk; /* when the question left */
    size_t count;
    uint8_t handles[PEPPERS_MAX][32], keys[PEPPERS_MAX][32];
};

/* ---- rows ---- */

static int is_staff(const struct envelope_place *place)
{
    return place->author == AUTHOR_STAFF || place->author == AUTHOR_VAULT;
}

/* By the desk that has the case, or by one that had it before: any desk of the office, since a case may be moved. */
static int is_signed(const struct manifest *manifest, const char *desk, const struct thread_row *row)
{
    uint8_t said[ENVELOPE_PLACE_SIZE + 32];
    const uint8_t *key;
    if (!row->signature)
        return 0;
    envelope_place_bytes(&row->place, said);
    sign_sha256(row->body, row->body_len, said + ENVELOPE_PLACE_SIZE);
    if (manifest_key(manifest, "state", desk, &key) == ERR_OK &&
        sign_check(key, said, sizeof said, row->signature) == ERR_OK)
        return 1;
    for (size_t i = 0; i < manifest->key_count; i++)
        if (strcmp(manifest->keys[i].use, "state") == 0 &&
            sign_check(manifest->keys[i].key, said, sizeof said, row->signature) == ERR_OK)
            return 1;
    return 0;
}

/* The JSON inside a row, or NULL. */
static json_t *open_row(const struct thread_key *keys, size_t key_count, const struct thread_row *row)
{
    struct buf text = BUF_INIT(LIMIT_SEALED);
    struct json_fault fault;
    json_t *inside = NULL;
    for (size_t i = 0; i < key_count && !inside; i++)
        if (keys[i].generation == row->place.generation &&
            envelope_open(keys[i].key, &row->place, row->body, row->body_len, &text) == ERR_OK &&
            json_read_object(buf_text(&text), text.len, &inside, &fault) != ERR_OK)
            break;
    buf_free(&text);
    return inside;
}

/* The day of the time under `key`, or "". */
static void day_of(const json_t *inside, const char *key, char out[static 11])
{
    const char *at = json_string_value(json_object_get(inside, key));
    int64_t wall = at ? clock_parse(at) : -1;
    out[0] = 0;
    if (wall >= 0)
        clock_day(wall, out);
}

static void put(json_t *shown, const char *key, json_t *value)
{
    need(value && json_object_set_new(shown, key, value) == 0);
}

static const char *text_of(const json_t *inside, const char *key)
{
    const char *text = json_string_value(json_object_get(inside, key));
    return text ? text : "";
}

/* Why the office's time limits stand still, since when, and in which words of its staff. */
static void show_pause(const json_t *pause, json_t *shown)
{
    char day[11];
    day_of(pause, "since", day);
    if (*day && states_pause_says(text_of(pause, "code")))
        put(shown, "pause",
            json_pack("{s:s, s:s, s:s}", "code", text_of(pause, "code"), "since", day, "says", text_of(pause, "says")));
}

/* What they were asked to agree to, and what they said: days for times, no member that we do not know. */
static json_t *questions_of(const json_t *consents)
{
    static const char *const texts[] = {"to", "purpose", "what", "answer", "how"};
    json_t *list = json_array();
    for (size_t i = 0; i < json_array_size(consents); i++) {
        const json_t *consent = json_array_get(consents, i);
        char day[11];
        day_of(consent, "at", day);
        json_t *one = json_pack("{s:I,s:s}", "n", json_integer_value(json_object_get(consent, "n")), "day", day);
        need(one && json_array_append_new(list, one) == 0);
        for (size_t t = 0; t < sizeof texts / sizeof *texts; t++)
            if (*text_of(consent, texts[t]) || strcmp(texts[t], "answer") == 0)
                put(one, texts[t], json_string(text_of(consent, texts[t])));
    }
    return list;
}

/* What was passed on, to whom, and what became of it; the words themselves are messages ("passed_on"). */
static json_t *referrals_of(const json_t *referrals)
{
    static const char *const texts[] = {"to", "purpose", "status", "words", "ground"};
    json_t *list = json_array();
    for (size_t i = 0; i < json_array_size(referrals); i++) {
        const json_t *referral = json_array_get(referrals, i);
        json_t *one = json_object();
        char day[11];
        need(one && json_array_append_new(list, one) == 0);
        for (size_t t = 0; t < sizeof texts / sizeof *texts; t++)
            if (*text_of(referral, texts[t]))
                put(one, texts[t], json_string(text_of(referral, texts[t])));
        if (json_is_true(json_object_get(referral, "hidden")))
            put(one, "hidden", json_true());
        day_of(referral, "at", day);
        put(one, "day", json_string(day));
        day_of(referral, "noted", day);
        if (*day)
            put(one, "status_day", json_string(day));
    }
    return list;
}

/* They ask that it is erased: from which day somebody decides, and after which no copy of it can be opened. */
static void show_erase(const json_t *erase, json_t *shown)
{
    char until[11], copies[11];
    day_of(erase, "until", until);
    day_of(erase, "copies_until", copies);
    if (*until && *copies)
        put(shown, "erase",
            json_pack("{s:s, s:s, s:b}", "until", until, "copies_until", copies, "asked",
                      json_is_true(json_object_get(erase, "asked"))));
}

/* The newest notice says all there is to say of the state; what an older one said besides is over. 0: a state that we
 * do not know. */
static int show_notice(const json_t *inside, json_t *shown)
{
    const char *state = text_of(inside, "state");
    const json_t *wish = json_object_get(inside, "wish");
    char day[11];
    if (!states_is_known(state))
        return 0;
    day_of(inside, "at", day);
    put(shown, "state", json_string(state));
    put(shown, "since", *day ? json_string(day) : json_null());
    json_object_del(shown, "wish");
    json_object_del(shown, "erase");
    json_object_del(shown, "hidden");
    json_object_del(shown, "review_until");
    json_object_del(shown, "final");
    json_object_del(shown, "pause");
    json_object_del(shown, "consents");
    json_object_del(shown, "referrals");
    json_object_del(shown, "represented");
    json_object_del(shown, "speaks_for");
    day_of(wish, "until", day);
    if (*day && states_is_act(text_of(wish, "act")))
        put(shown, "wish", json_pack("{s:s, s:s}", "act", text_of(wish, "act"), "until", day));
    show_erase(json_object_get(inside, "erase"), shown);
    if (json_integer_value(json_object_get(inside, "hidden")) > 0)
        put(shown, "hidden", json_integer(json_integer_value(json_object_get(inside, "hidden"))));
    day_of(inside, "review_until", day);
    if (*day)
        put(shown, "review_until", json_string(day));
    show_pause(json_object_get(inside, "pause"), shown);
    if (json_array_size(json_object_get(inside, "consents")))
        put(shown, "consents", questions_of(json_object_get(inside, "consents")));
    if (json_array_size(json_object_get(inside, "referrals")))
        put(shown, "referrals", referrals_of(json_object_get(inside, "referrals")));
    const json_t *participant = json_object_get(inside, "participant");
    if (*text_of(participant, "represented"))
        put(shown, "represented", json_string(text_of(participant, "represented")));
    if (json_is_true(json_object_get(participant, "speaks_for")))
        put(shown, "speaks_for", json_true());
    if (json_is_true(json_object_get(inside, "final")))
        put(shown, "final", json_true());
    return 1;
}

static void show_message(const struct thread_row *row, const json_t *inside, struct thread *thread)
{
    json_t *text = json_object_get(inside, "text");
    int staff = is_staff(&row->place);
    char day[11];
    const char *act = text_of(inside, "act");
    if (!json_is_string(text) || (!staff && states_is_quiet(act)))
        return;
    day_of(inside, "at", day);
    thread->read_back |= !staff;
    json_t *message = json_pack("{s:s, s:s, s:O, s:o}", "from", staff ? "staff" : "you", "at_day", day, "text", text,
                                "files", staff ? json_array() : evidence_shown(inside));
    need(message != NULL);
    const char *decision = text_of(inside, "decision"), *remedies = text_of(inside, "open_remedies");
    if (staff && states_is_known(decision))
        put(message, "decision", json_string(decision));
    if (staff && *text_of(inside, "passed_on"))
        put(message, "passed_on", json_string(text_of(inside, "passed_on")));
    if (staff && *remedies)
        put(message, "open_remedies", json_string(remedies));
    if (!staff && states_is_act(act))
        put(message, "act", json_string(act));
    need(json_array_append_new(json_object_get(thread->shown, "messages"), message) == 0);
    if (*day && json_is_null(json_object_get(thread->shown, "since")))
        put(thread->shown, "since", json_string(day));
}

/* What the person has hidden is left out; staff keep it. How many messages there are in all. */
static size_t leave_hidden_out(json_t *shown)
{
    json_t *messages = json_object_get(shown, "messages");
    size_t count = json_array_size(messages);
    json_int_t hidden = json_integer_value(json_object_get(shown, "hidden"));
    for (json_int_t i = 0; i < hidden && json_array_size(messages); i++)
        need(json_array_remove(messages, 0) == 0);
    return count;
}

static int has_answer(const json_t *messages)
{
    size_t i;
    json_t *each;
    json_array_foreach((json_t *)(uintptr_t)messages, i,
                       each) if (strcmp(text_of(each, "from"), "staff") == 0) return 1;
    return 0;
}

static void show_can(json_t *shown, int is_told, size_t messages)
{
    char today[11];
    clock_day(clock_wall(), today);
    const struct states_waits waits = {.wish = json_object_get(shown, "wish") != NULL,
                                       .erase = json_object_get(shown, "erase") != NULL};
    json_t *can = states_can(is_told ? text_of(shown, "state") : NULL, &waits,
                             json_string_value(json_object_get(shown, "review_until")), today);
    states_can_say(can, json_object_get(shown, "consents"));
    states_can_end(can, text_of(shown, "represented"));
    states_can_hide(can, has_answer(json_object_get(shown, "messages")) ? messages : 0,
                    json_object_get(shown, "hidden") != NULL);
    put(shown, "can", can);
}

void thread_show(const struct manifest *manifest, const struct thread_key *keys, size_t key_count,
                 const struct thread_row *rows, size_t row_count, struct thread *thread)
{
    int is_told = 0;
    thread->read_back = 0;
    thread->shown = json_pack("{s:s, s:n, s:[]}", "state", "received", "since", "messages");
    need(thread->shown != NULL);
    for (size_t i = 0; i < row_count; i++) {
        const struct thread_row *row = &rows[i];
        if (is_staff(&row->place) && !is_signed(manifest, thread->desk, row)) {
            metrics_add(COUNT_SIGNATURES_BAD, 1);
            continue;
        }
        json_t *inside = open_row(keys, key_count, row);
        if (!inside) {
            metrics_add(COUNT_ROWS_UNREADABLE, 1);
        } else if (row->place.part == PART_NOTICE && is_staff(&row->place)) {
            is_told |= show_notice(inside, thread->shown);
        } else if (row->place.part == PART_MESSAGE) {
            show_message(row, inside, thread);
        }
        json_decref(inside);
    }
    size_t messages = leave_hidden_out(thread->shown);
    show_can(thread->shown, is_told, messages);
}

/* ---- the receipt's keys ---- */

static size_t unwrap_all(const struct lookup *lookup, const struct thread_found *found, struct thread_key *keys)
{
    size_t count = 0;
    for (size_t w = 0; w < found->wrap_count; w++)
        for (size_t i = 0; i < lookup->count; i++)
            if (memcmp(found->wraps[w].recipient_id, lookup->handles[i], 32) == 0 &&
                found->wraps[w].root == ROOT_THREAD &&
                envelope_unwrap_receipt(found->office, lookup->keys[i], &found->wraps[w], keys[count].key) == ERR_OK)
                keys[count++].generation = found->wraps[w].generation;
    return count;
}

/* As much work as a wrap that is there, so that nobody can measure whether there was one. */
static void unwrap_nothing(const struct lookup *lookup)
{
    struct envelope_wrap wrap = {.root = ROOT_THREAD,
                                 .recipient_kind = RECIPIENT_RECEIPT,
                                 .generation = 1,
                                 .wrap = {ENVELOPE_FORMAT, ENVELOPE_SUITE},
                                 .wrap_len = WRAP_RECEIPT_SIZE};
    uint8_t key[32];
    memcpy(wrap.recipient_id, lookup->handles[0], 32);
    if (envelope_unwrap_receipt((uint32_t)lookup->intake->settings->office, lookup->keys[0], &wrap, key) == ERR_OK)
        log_error("thread_impossible_unwrap");
    mem_wipe(key, sizeof key);
}

static enum err open_found(const struct lookup *lookup, const struct thread_found *found, struct thread *thread)
{
    struct thread_key keys[8];
    size_t count = unwrap_all(lookup, found, keys);
    if (count) {
        memcpy(thread->case_id, found->case_id, sizeof thread->case_id);
        memcpy(thread->desk, found->desk, sizeof thread->desk);
        for (size_t i = 0; i < count; i++) {
            if (keys[i].generation < thread->generation)
                continue;
            thread->generation = keys[i].generation;
            memcpy(thread->key, keys[i].key, sizeof thread->key);
        }
        thread_show(&lookup->intake->manifest, keys, count, found->rows, found->row_count, thread);
    }
    mem_wipe(keys, sizeof keys);
    return count ? ERR_OK : ERR_NOT_FOUND;
}

static int is_on_disk(const struct lookup *lookup)
{
    struct spool_waiting *waiting = lookup->intake->waiting;
    return waiting && spool_waiting_has(waiting, (const uint8_t(*)[32])lookup->handles, lookup->count) == ERR_OK;
}

static void thread_answered(void *room, uint64_t tag, enum err err, const struct thread_found *found)
{
    struct lookup *lookup = room;
    struct thread thread = {0};
    (void)tag;
    if (err == ERR_OK)
        err = open_found(lookup, found, &thread);
    if (err == ERR_NOT_FOUND)
        unwrap_nothing(lookup);
    /* A report that waits on this server's disk is known by the handle of its receipt, and nothing of it can be read.
     */
    if (err != ERR_OK && lookup->is_on_disk) {
        thread.is_stored = 1;
        thread.shown = json_pack("{s:s, s:n, s:[], s:[s], s:b}", "state", "received", "since", "messages", "can", "add",
                                 "stored", 1);
        need(thread.shown != NULL);
        err = ERR_OK;
    }
    /* It may be on its way from the disk to the database: nobody who was given a receipt is told that it is unknown. */
    if (err == ERR_NOT_FOUND && (lookup->spool_waited || metrics_get(GAUGE_SPOOL_ROWS) > 0))
        err = ERR_AGAIN;
    metrics_add(err == ERR_OK ? COUNT_THREADS : COUNT_RECEIPTS_UNKNOWN, err == ERR_OK || err == ERR_NOT_FOUND);
    lookup->done(lookup->room, err, err == ERR_OK ? &thread : NULL);
    json_decref(thread.shown);
    mem_wipe(&thread, sizeof thread);
    mem_free(lookup);
}

void thread_open(struct intake *intake, const struct receipt *receipt, int64_t deadline_ms, thread_opened_fn *done,
                 void *room)
{
    struct lookup *lookup = mem_new(sizeof *lookup);
    lookup->intake = intake;
    lookup->done = done;
    lookup->room = room;
    lookup->count = intake->peppers.count;
    for (size_t i = 0; i < lookup->count; i++)
        receipt_derive(receipt, &intake->peppers.list[i], lookup->handles[i], lookup->keys[i]);
    lookup->spool_waited = metrics_get(GAUGE_SPOOL_ROWS) > 0;
    lookup->is_on_disk = lookup->spool_waited && is_on_disk(lookup);
    if (lookup->is_on_disk && deadline_ms > LIMIT_FIND_MS) /* it is there unless it has just been brought in */
        deadline_ms = LIMIT_FIND_MS;
    door_intake_thread(intake->store, (const uint8_t(*)[32])lookup->handles, lookup->count, deadline_ms,
                       thread_answered, lookup, 0);
}
