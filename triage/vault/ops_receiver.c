/* ops_receiver.c -- the directory of other mechanisms: listed, shown, added, changed, its certificates confirmed by
 * somebody else, ended. Each change stands in the entry's history (entry.h). Neighbour: receivers.h. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/base/clock.h"
#include "common/base/code.h"
#include "common/base/mem.h"
#include "triage/vault/audit.h"
#include "triage/vault/cms.h"
#include "triage/vault/entry.h"
#include "triage/vault/facts.h"
#include "triage/vault/impacts.h"
#include "triage/vault/ops.h"

enum { LINE_MAX = 200, TEXT_MAX = 2000, FINGERPRINT_MAX = 200, LIST_MAX = 100, LIST_USUAL = 25, DIRECTORY_MAX = 1000 };

static const struct fact receiver_facts[] = {
    {"name", FACT_TEXT, 1, LINE_MAX, NULL, NULL},         {"mechanism", FACT_CODE, 1, 0, "mechanism", NULL},
    {"jurisdiction", FACT_TEXT, 1, LINE_MAX, NULL, NULL}, {"takes", FACT_TEXT, 0, TEXT_MAX, NULL, NULL},
    {"contact", FACT_TEXT, 0, TEXT_MAX, NULL, NULL},      {0},
};

/* ---- writing ---- */

static void kept(void *room, enum err err, const uint8_t id[16])
{
    struct request *request = room;
    char text[CODE_ID_SIZE];
    code_id(id, text);
    const struct receiver *receiver =
        err == ERR_OK ? receivers_find(impacts_receivers(request->vault->impacts), text) : NULL;
    ops_register_answer(
        request, err,
        receiver
            ? json_pack("{s:o}", "item", receiver_shown(receiver, request->vault->codes, request->who, clock_wall()))
            : NULL);
}

/* Takes `json`. */
static void write_receiver(struct request *request, const struct receiver *receiver, const char *what, json_t *json)
{
    struct impacts_write entry = {.what = what, .json = json};
    if (receiver) {
        entry.id = receiver->id;
        entry.hash = receiver->hash;
        entry.version = receiver->version;
    }
    ops_register_write(request, &entry, "receiver", kept);
}

struct receiver *ops_receiver_asked(struct request *request)
{
    const char *id;
    if (!request_text(request, "receiver", 1, CODE_ID_SIZE, &id))
        return NULL;
    struct receiver *receiver = receivers_find(impacts_receivers(request->vault->impacts), id);
    if (!receiver)
        request_fail(request, "not_found", "There is no such place in the directory.", "receiver");
    return receiver;
}

/* A certificate that the request brings. 0: answered. */
static int take_certificate(struct request *request, json_t *json)
{
    const char *pem = "", *says;
    if (!request_text(request, "certificate", 0, CMS_CERTIFICATE_MAX, &pem))
        return 0;
    if (!*pem || !(says = receiver_certificate(json, pem, request->who, clock_wall())))
        return 1;
    request_fail(request, "malformed", says, "certificate");
    return 0;
}

void ops_receiver_add(struct request *request)
{
    int64_t now = clock_wall();
    if (impacts_receivers(request->vault->impacts)->count >= DIRECTORY_MAX) {
        request_fail(request, "malformed", "There are too many of them.", NULL);
        return;
    }
    json_t *json =
        json_pack("{s:i,s:s,s:s,s:o}", "v", 1, "kind", "receiver", "by", request->who, "at", entry_time(now));
    if (facts_read(request, receiver_facts, 1, json) && take_certificate(request, json)) {
        entry_note(json, 1, now, request->who, "Put into the directory", NULL);
        write_receiver(request, NULL, "receiver.add", json_incref(json));
    }
    json_decref(json);
}

/* What is called otherwise is somebody else as far as anybody can tell: what was confirmed is so no more. */
static int is_another(const json_t *changed)
{
    static const char *const parts[] = {"name", "mechanism", "jurisdiction"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (entry_holds(changed, parts[i]))
            return 1;
    return 0;
}

void ops_receiver_update(struct request *request)
{
    int64_t now = clock_wall(), version;
    const struct receiver *receiver = ops_receiver_asked(request);
    if (!receiver || !request_int(request, "version", 1, 1, INT64_MAX, &version))
        return;
    json_t *facts = json_object(), *json = json_deep_copy(receiver->json);
    json_t *since = entry_since(receiver->json, version);
    if (json_array_size(since)) {
        request_conflict(request, since);
    } else if (json_is_object(json_object_get(json, "ended"))) {
        request_fail(request, "conflict", "It is in use no more.", NULL);
    } else if (facts_read(request, receiver_facts, 1, facts)) {
        json_t *changed = entry_apply(json, facts);
        if (is_another(changed))
            receiver_vouch(json, request->who, now);
        if (take_certificate(request, json)) {
            if (*entry_text(request->body, "certificate"))
                need(json_array_append_new(changed, json_string("certificate")) == 0);
            entry_note(json, receiver->version + 1, now, request->who, "Changed", json_incref(changed));
            write_receiver(request, receiver, "receiver.update", json_incref(json));
        }
        json_decref(changed);
    }
    json_decref(since);
    json_decref(facts);
    json_decref(json);
}

/* It may be a slip, or somebody between: whoever looks through the log sees it. */
static void mismatch_kept(void *room, enum err err)
{
    if (err == ERR_OK)
        request_fail(room, "malformed",
                     "That is not the fingerprint of this certificate. Seal nothing to it until you know why.",
                     "fingerprint");
    else
        request_fail_with(room, err);
}

static void mismatched(struct request *request)
{
    audit_alone(request->vault, request->who, "receiver.mismatch", NULL,
                json_pack("{s:s}", "receiver", entry_text(request->body, "receiver")), mismatch_kept, request);
}

void ops_receiver_check(struct request *request)
{
    const char *fingerprint, *how;
    int64_t now = clock_wall(), version;
    const struct receiver *receiver = ops_receiver_asked(request);
    if (!receiver || !request_int(request, "version", 1, 1, INT64_MAX, &version) ||
        !request_text(request, "fingerprint", 1, FINGERPRINT_MAX, &fingerprint) ||
        !request_text(request, "how", 1, TEXT_MAX, &how))
        return;
    json_t *since = entry_since(receiver->json, version);
    if (json_array_size(since)) { /* what is confirmed is what was seen */
        request_conflict(request, since);
    } else if (strcmp(entry_text(json_object_get(receiver->json, "certificate"), "by"), request->who) == 0) {
        request_deny(request, "Nobody is their own second person.");
    } else if (!receiver_may_check(receiver->json, request->who)) {
        request_fail(request, "conflict", "There is no certificate here that waits to be confirmed.", NULL);
    } else if (!receiver_is_fingerprint(receiver->json, fingerprint)) {
        mismatched(request);
    } else {
        json_t *json = json_deep_copy(receiver->json);
        need(json_object_set_new(json, "checked",
                                 json_pack("{s:s,s:o,s:s}", "by", request->who, "at", entry_time(now), "how", how)) ==
             0);
        entry_note(json, receiver->version + 1, now, request->who, "The fingerprint was confirmed", NULL);
        write_receiver(request, receiver, "receiver.check", json);
    }
    json_decref(since);
}

void ops_receiver_end(struct request *request)
{
    const char *reason;
    int64_t now = clock_wall();
    const struct receiver *receiver = ops_receiver_asked(request);
    if (!receiver || !request_text(request, "reason", 1, TEXT_MAX, &reason))
        return;
    if (json_is_object(json_object_get(receiver->json, "ended"))) {
        request_fail(request, "conflict", "It is in use no more.", NULL);
        return;
    }
    json_t *json = json_deep_copy(receiver->json);
    need(json_object_set_new(json, "ended",
                             json_pack("{s:s,s:o,s:s}", "by", request->who, "at", entry_time(now), "reason", reason)) ==
         0);
    entry_note(json, receiver->version + 1, now, request->who, "Taken out of use", NULL);
    write_receiver(request, receiver, "receiver.end", json);
}

/* ---- showing ---- */

void ops_receiver_show(struct request *request)
{
    const struct receiver *receiver = ops_receiver_asked(request);
    if (receiver)
        request_ok(request, json_pack("{s:o}", "item",
                                      receiver_shown(receiver, request->vault->codes, request->who, clock_wall())));
}

static int by_name(const void *a, const void *b)
{
    const struct receiver *const *x = a, *const *y = b;
    int order = strcasecmp(entry_text((*x)->json, "name"), entry_text((*y)->json, "name"));
    return order ? order : memcmp((*x)->id, (*y)->id, sizeof(*x)->id);
}

struct wanted {
    const char *mechanism, *class_, *jurisdiction;
    int all, ready;
};

static int matches(const struct vault *vault, const struct receiver *receiver, const struct wanted *wanted)
{
    const char *mechanism = entry_text(receiver->json, "mechanism");
    const struct codes_row *kind = codes_find(vault->codes, "mechanism", mechanism);
    if (!wanted->all && json_is_object(json_object_get(receiver->json, "ended")))
        return 0;
    if (wanted->ready && receiver_lacks(receiver->json, clock_wall()))
        return 0;
    return (!*wanted->mechanism || strcmp(wanted->mechanism, mechanism) == 0) &&
           (!*wanted->class_ || (kind && kind->to_count && strcmp(kind->to[0], wanted->class_) == 0)) &&
           (!*wanted->jurisdiction || strcasestr(entry_text(receiver->json, "jurisdiction"), wanted->jurisdiction));
}

void ops_receiver_list(struct request *request)
{
    int64_t after = 0, limit = LIST_USUAL;
    struct wanted wanted = {.mechanism = "", .class_ = "", .jurisdiction = ""};
    const struct vault *vault = request->vault;
    const struct receivers *receivers = impacts_receivers(vault->impacts);
    if (!request_text(request, "mechanism", 0, CODES_CODE_MAX, &wanted.mechanism) ||
        !request_text(request, "class", 0, CODES_CODE_MAX, &wanted.class_) ||
        !request_text(request, "jurisdiction", 0, LINE_MAX, &wanted.jurisdiction) ||
        !request_flag(request, "all", 0, &wanted.all) || !request_flag(request, "ready", 0, &wanted.ready) ||
        !request_int(request, "after", 0, 0, INT32_MAX, &after) ||
        !request_int(request, "limit", 0, 1, LIST_MAX, &limit))
        return;
    const struct receiver **found = mem_new_array(receivers->count + 1, sizeof *found);
    int64_t total = 0;
    for (size_t i = 0; i < receivers->count; i++)
        if (matches(vault, receivers->list[i], &wanted))
            found[total++] = receivers->list[i];
    qsort(found, (size_t)total, sizeof *found, by_name);
    json_t *items = json_array();
    for (int64_t i = after; i < after + limit && i < total; i++)
        need(json_array_append_new(items, receiver_row(found[i], vault->codes, clock_wall())) == 0);
    mem_free(found);
    request_ok(request, json_pack("{s:o,s:I}", "items", items, "total", (json_int_t)total));
}
