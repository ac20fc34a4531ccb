/* ops_translation.c -- translations (translation.h): asked for by who works on the case, made by who sees nothing of it
 * but the one text. */
#include <string.h>

#include "common/base/code.h"
#include "common/base/rng.h"
#include "triage/vault/audit.h"
#include "triage/vault/case_change.h"
#include "triage/vault/case_state.h"
#include "triage/vault/case_view.h"
#include "triage/vault/conversation.h"
#include "triage/vault/ops.h"
#include "triage/vault/seen.h"
#include "triage/vault/translation.h"

enum { TEXT_MAX = 20000, NOTE_MAX = 2000, LANGUAGE_MAX_BYTES = 20, METHOD_MAX = 20, LIST_MAX = 100, LIST_USUAL = 50 };

/* ---- asking ---- */

static void kept(void *room, enum err err)
{
    struct request *request = room;
    if (err == ERR_OK)
        request_ok(request, json_incref(request->kept));
    else
        request_fail_with(request, err);
}

static int may_translate(struct request *request, const struct case_file *file, const char *name)
{
    const struct person *person = people_find(request->vault->people, name);
    if (person && !person->is_ended && !person->is_waiting && seen_by(file, person->name) &&
        (person->role & (ROLE_TRANSLATOR | ROLES_MEMBER)))
        return 1;
    request_fail(request, "not_found", "There is nobody of this name.", "translator");
    return 0;
}

void ops_translation_ask(struct request *request)
{
    uint8_t random[16];
    char id[CODE_ID_SIZE];
    struct translation_order order = {.row = "", .draft = "", .note = ""};
    struct case_file *file = case_asked(request, 1);
    if (!file || !request_text(request, "message", 0, CODE_ID_SIZE, &order.row) ||
        !request_text(request, "draft", 0, TEXT_MAX, &order.draft) ||
        !request_text(request, "from", 1, LANGUAGE_MAX_BYTES, &order.from) ||
        !request_text(request, "to", 1, LANGUAGE_MAX_BYTES, &order.to) ||
        !request_text(request, "translator", 1, VAULT_WHO_MAX, &order.translator) ||
        !request_text(request, "note", 0, NOTE_MAX, &order.note) || !may_translate(request, file, order.translator))
        return;
    if (!*order.row == !*order.draft) {
        request_fail(request, "malformed", "Say which message, or write the words that are to be translated.",
                     "message");
        return;
    }
    struct case_change *cc = case_change_begin(request->vault, file, NULL);
    rng_bytes(random, sizeof random);
    code_id(random, id);
    if (!translation_ask(cc->state, id, &order, request->who)) {
        case_change_drop(cc);
        request_fail_with(request, ERR_TOO_BIG);
        return;
    }
    json_decref(request->kept);
    request->kept = json_pack("{s:s}", "translation", id);
    audit_leaf(request->vault, cc->change, request->who, "translation.ask", file->id,
               json_pack("{s:s}", "translator", order.translator));
    case_change_submit(cc, kept, request);
}

/* ---- what is to be done ---- */

static int is_member(const struct request *request)
{
    return (request->role & ROLES_MEMBER) != 0;
}

static int is_theirs(const struct request *request, const json_t *task)
{
    return is_member(request) || strcmp(state_text(task, "translator"), request->who) == 0;
}

/* Which case it is, a translator does not learn. */
static json_t *task_row(const struct request *request, const struct case_file *file, const json_t *task)
{
    static const char *const texts[] = {"from", "to", "translator", "note", "by"};
    char id[CODE_ID_SIZE];
    json_t *row = json_pack("{s:s,s:O,s:b}", "translation", state_text(task, "id"), "at", json_object_get(task, "at"),
                            "is_draft", *state_text(task, "draft") != 0);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        state_set_text(row, texts[i], state_text(task, texts[i]));
    code_id(file->id, id);
    if (is_member(request))
        state_set_text(row, "case", id);
    return row;
}

void ops_translation_list(struct request *request)
{
    int64_t after = 0, limit = LIST_USUAL, total = 0;
    if (!request_int(request, "after", 0, 0, INT32_MAX, &after) ||
        !request_int(request, "limit", 0, 1, LIST_MAX, &limit))
        return;
    json_t *items = json_array(), *task;
    const struct case_file *file;
    size_t n = 0;
    while ((file = seen_side_next(request->vault, request->who, SIDES_TRANSLATIONS, &n))) {
        json_t *state = state_draft(file);
        size_t i;
        json_array_foreach(json_object_get(state, "translations"), i, task)
        {
            if (!translation_is_open(task) || !is_theirs(request, task))
                continue;
            if (total >= after && total < after + limit)
                json_array_append_new(items, task_row(request, file, task));
            total++;
        }
        json_decref(state);
    }
    request_ok(request, json_pack("{s:o,s:I}", "items", items, "total", (json_int_t)total));
}

/* The open task that the request names, with its case and the state it stands in (new reference); NULL when the request
 * was answered. Somebody else's is as if it were not there. */
static struct case_file *task_asked(struct request *request, json_t **state, json_t **task)
{
    const char *id;
    struct case_file *file;
    if (!request_text(request, "translation", 1, CODE_ID_SIZE, &id))
        return NULL;
    size_t n = 0;
    while ((file = seen_side_next(request->vault, request->who, SIDES_TRANSLATIONS, &n))) {
        *state = state_draft(file);
        *task = translation_find(*state, id);
        if (*task && translation_is_open(*task) && is_theirs(request, *task))
            return file;
        json_decref(*state);
    }
    request_fail(request, "not_found", "There is nothing to translate here any more.", "translation");
    return NULL;
}

/* ---- reading the one text ---- */

static void answer_text(struct request *request, const char *text)
{
    json_t *state, *task;
    struct case_file *file = task_asked(request, &state, &task);
    if (!file)
        return;
    json_t *row = task_row(request, file, task);
    state_set_text(row, "text", text);
    json_decref(state);
    request_ok(request, row);
}

static void opened(void *room, enum err err, json_t *messages, const json_t *first)
{
    struct request *request = room;
    const char *row = json_string_value(request->kept);
    size_t i;
    json_t *message = NULL;
    (void)first;
    if (err != ERR_OK) {
        request_fail_with(request, err);
        return;
    }
    json_array_foreach(messages, i, message) if (strcmp(state_text(message, "row"), row) == 0) break;
    if (i < json_array_size(messages))
        answer_text(request, state_text(message, "text"));
    else
        request_fail(request, "not_found", "There is nothing to translate here any more.", "translation");
}

static void noted(void *room, enum err err)
{
    struct request *request = room;
    json_t *state, *task;
    struct case_file *file = err == ERR_OK ? task_asked(request, &state, &task) : NULL;
    if (err != ERR_OK)
        request_fail_with(request, err);
    if (!file)
        return;
    json_decref(request->kept);
    request->kept = json_string(*state_text(task, "draft") ? state_text(task, "draft") : state_text(task, "row"));
    int is_draft = *state_text(task, "draft") != 0;
    json_decref(state);
    if (is_draft)
        answer_text(request, json_string_value(request->kept));
    else
        conversation_open(request->vault, file->id, opened, request);
}

void ops_translation_show(struct request *request)
{
    json_t *state, *task;
    const struct case_file *file = task_asked(request, &state, &task);
    if (!file)
        return;
    json_decref(state);
    audit_alone(request->vault, request->who, "translation.show", file->id, NULL, noted, request);
}

/* ---- writing it ---- */

void ops_translation_write(struct request *request)
{
    const char *text, *method;
    json_t *state, *task;
    struct case_file *file = task_asked(request, &state, &task);
    if (!file)
        return;
    json_decref(state);
    if (!request_text(request, "text", 1, TEXT_MAX, &text) || !request_text(request, "method", 1, METHOD_MAX, &method))
        return;
    if (!translation_is_method(method)) {
        request_fail(request, "malformed", "This is missing, or not in the form it must have.", "method");
        return;
    }
    if (file->state_len > STATE_FULL) {
        request_fail_with(request, ERR_TOO_BIG);
        return;
    }
    if (file->writing) {
        book_wait(file, request_again, request);
        return;
    }
    struct case_change *cc = case_change_begin(request->vault, file, NULL);
    task = translation_find(cc->state, json_string_value(json_object_get(request->body, "translation")));
    translation_write(cc->state, task, text, method, request->who);
    audit_leaf(request->vault, cc->change, request->who, "translation.write", file->id, NULL);
    case_change_submit(cc, kept, request);
}
