/* ops_walkin.c -- an officer writes down what someone says in person or on the phone; the receipt is shown once. */
#include <string.h>

#include "common/base/code.h"
#include "common/base/mem.h"
#include "triage/vault/audit.h"
#include "triage/vault/case_state.h"
#include "triage/vault/inbox.h"
#include "triage/vault/linked.h"
#include "triage/vault/ops.h"

enum { TEXT_MAX = 20000, CODE_MAX = 20 };

static void registered(void *room, enum err err)
{
    struct request *request = room;
    if (err == ERR_OK) {
        inbox_bell(request->vault->inbox);
        request_ok(request, json_incref(request->kept));
    } else {
        request_fail_with(request, err);
    }
}

/* How likely it is stands only for what has not happened, as in the form that people fill in themselves: what goes on
 * would otherwise be taken for something that may happen. */
static json_t *answers_of(json_t *asked)
{
    json_t *answers = json_copy(asked);
    const char *ongoing = json_string_value(json_object_get(answers, "ongoing"));
    if (ongoing && strcmp(ongoing, "not_yet") != 0)
        json_object_del(answers, "likelihood");
    return answers;
}

/* The inside of the first message; NULL when the request was answered. */
static json_t *asked_message(struct request *request, int *read_back)
{
    static const char *const kinds[] = {"grievance", "flag", "question", "suggestion", "thanks"};
    const char *channel, *text, *language, *kind = "grievance";
    int known = 0;
    if (!request_text(request, "channel", 1, CODE_MAX, &channel) ||
        !request_text(request, "text", 1, TEXT_MAX, &text) ||
        !request_text(request, "language", 1, CODE_MAX, &language) ||
        !request_text(request, "kind", 0, CODE_MAX, &kind) || !request_flag(request, "read_back", 0, read_back))
        return NULL;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        known |= strcmp(kind, kinds[i]) == 0;
    int is_channel = strcmp(channel, "in_person") == 0 || strcmp(channel, "phone") == 0;
    if (!known || !is_channel) {
        request_fail(request, "malformed", "This is missing, or not in the form it must have.",
                     known ? "channel" : "kind");
        return NULL;
    }
    json_t *json = json_pack("{s:i,s:s,s:s,s:s,s:o,s:s,s:b,s:b,s:s}", "v", 1, "kind", kind, "language", language,
                             "channel", channel, "at", state_now(), "text", text, "read_back", *read_back, "synthetic",
                             0, "written_by", request->who);
    if (json_is_object(json_object_get(request->body, "answers")))
        need(json_object_set_new(json, "answers", answers_of(json_object_get(request->body, "answers"))) == 0);
    if (json_is_object(json_object_get(request->body, "contact")))
        json_object_set(json, "contact", json_object_get(request->body, "contact"));
    return json;
}

/* The receipt's wrap of the thread key, and the digits into `kept`. */
static enum err give_receipt(struct request *request, struct change *change, const uint8_t case_id[static 16],
                             const uint8_t thread_key[static 32])
{
    struct vault *vault = request->vault;
    const struct pepper *pepper = &vault->peppers.list[0];
    struct receipt receipt;
    struct envelope_wrap wrap;
    uint8_t handle[32], key[32];
    char digits[RECEIPT_TEXT], id[CODE_ID_SIZE];
    receipt_new(&receipt);
    receipt_text(&receipt, digits);
    receipt_derive(&receipt, pepper, handle, key);
    enum err err = envelope_wrap_receipt(vault_office(vault), key, handle, pepper->epoch, case_id, ROOT_THREAD, 1,
                                         thread_key, &wrap);
    if (err == ERR_OK)
        change_wrap(change, &wrap);
    code_id(case_id, id);
    json_decref(request->kept);
    request->kept = json_pack("{s:s,s:s}", "case", id, "receipt", digits);
    receipt_wipe(&receipt);
    mem_wipe(digits, sizeof digits);
    mem_wipe(key, sizeof key);
    return err;
}

void ops_walkin(struct request *request)
{
    struct vault *vault = request->vault;
    uint8_t case_id[16], thread_key[32];
    int read_back = 0;
    if (vault->peppers.count == 0) {
        request_fail(request, "denied", "This desk is not set up to give receipts.", NULL);
        return;
    }
    json_t *json = asked_message(request, &read_back);
    if (!json)
        return;
    struct change *change = change_new(vault);
    enum err err = linked_case(vault, change, vault_desk(vault), read_back ? ROOT_THREAD : ROOT_STAFF, AUTHOR_REPORTER,
                               json, case_id, thread_key);
    if (err == ERR_OK)
        err = give_receipt(request, change, case_id, thread_key);
    mem_wipe(thread_key, sizeof thread_key);
    json_decref(json);
    if (err != ERR_OK) {
        change_free(change);
        request_fail_with(request, err);
        return;
    }
    audit_leaf(vault, change, request->who, "walkin", case_id, NULL);
    change_submit(change, registered, request);
}
