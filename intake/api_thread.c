/* api_thread.c -- see api_thread.h. */
#include "intake/api_thread.h"

#include <string.h>

#include "common/base/mem.h"
#include "intake/add.h"
#include "intake/api.h"
#include "intake/evidence.h"
#include "intake/limits.h"
#include "intake/report.h"
#include "intake/states.h"
#include "intake/thread.h"

static void unknown_receipt(struct http_req *req)
{
    http_problem(req, 404, "unknown-receipt", "There is nothing under this receipt.", "receipt");
}

/* On error the request has been answered. */
static enum err read_receipt(struct http_req *req, const json_t *body, struct receipt *out)
{
    struct json_fault fault;
    const char *text = NULL;
    enum err err = json_text(body, "receipt", JSON_REQUIRED, 1024, &text, &fault);
    if (err == ERR_OK) {
        err = receipt_parse(text, strlen(text), out);
        fault = (struct json_fault){.field = "receipt",
                                    .says = err == ERR_CONFLICT ? "has one digit mistyped" : "must have 28 digits"};
    }
    if (err != ERR_OK)
        api_fault(req, &fault);
    return err;
}

static void thread_ended(void *room, enum err err, const struct thread *thread)
{
    struct waiter *waiter = room;
    struct http_req *req = intake_waiter_req(waiter);
    if (req && err == ERR_OK)
        api_answer(req, 200, json_incref(thread->shown));
    else if (req && err == ERR_NOT_FOUND)
        unknown_receipt(req);
    else if (req)
        api_away(req);
    if (err != ERR_NOT_FOUND)
        (void)intake_store_is_away(err);
    mem_free(waiter);
}

void api_thread(struct http_req *req, void *room)
{
    struct intake *intake = room;
    struct receipt receipt = {0};
    json_t *body;
    if (api_body(req, &body) != ERR_OK)
        return;
    if (read_receipt(req, body, &receipt) == ERR_OK) {
        struct waiter *waiter = mem_new(sizeof *waiter);
        *waiter = intake_waiter(intake, req);
        thread_open(intake, &receipt, LIMIT_STORE_MS, thread_ended, waiter);
    }
    receipt_wipe(&receipt);
    json_decref(body);
}

static void message_ended(void *room, enum add_end end)
{
    struct waiter *waiter = room;
    struct http_req *req = intake_waiter_req(waiter);
    if (req && end == ADD_STORED)
        api_answer(req, 201, json_pack("{s:b}", "stored", 1));
    else if (req && end == ADD_UNKNOWN)
        unknown_receipt(req);
    else if (req && end == ADD_FILES)
        api_refuse_files(req);
    else if (req && end == ADD_OTHER_BODY)
        api_other_body(req);
    else if (req)
        api_away(req);
    mem_free(waiter);
}

static void take_message(struct intake *intake, struct http_req *req, const char *key, const json_t *body)
{
    struct add_message what = {.key = key, .channel = "api", .language = "und"};
    struct json_fault fault;
    struct receipt receipt = {0};
    if (read_receipt(req, body, &receipt) != ERR_OK)
        return;
    enum err err = json_text(body, "act", JSON_MAY_MISS, LIMIT_LANGUAGE, &what.act, &fault);
    if (err == ERR_OK && what.act && !states_is_act(what.act)) {
        fault = (struct json_fault){.field = "act", .says = "must be one of those that can lists"};
        err = ERR_MALFORMED;
    }
    what.text = ""; /* an act may come without words */
    if (err == ERR_OK)
        err = json_text(body, "text", what.act ? JSON_MAY_MISS : JSON_REQUIRED, (size_t)LIMIT_TEXT * 4, &what.text,
                        &fault);
    if (err == ERR_OK)
        err = json_text(body, "language", JSON_MAY_MISS, LIMIT_LANGUAGE, &what.language, &fault);
    if (err == ERR_OK && (!what.act || *what.text) && !report_text_fits(what.text, strlen(what.text), LIMIT_TEXT)) {
        fault = (struct json_fault){.field = "text", .says = "must have 1 to 20,000 characters"};
        err = ERR_TOO_BIG;
    }
    if (err == ERR_OK && !report_is_language(what.language)) {
        fault = (struct json_fault){.field = "language", .says = "must be a language tag"};
        err = ERR_MALFORMED;
    }
    if (err == ERR_OK)
        err = evidence_read(intake, body, &what.files, &fault);
    if (err == ERR_OK) {
        struct waiter *waiter = mem_new(sizeof *waiter);
        *waiter = intake_waiter(intake, req);
        what.receipt = &receipt;
        what.text_len = strlen(what.text);
        add_message(intake, &what, message_ended, waiter);
    } else {
        api_fault(req, &fault);
    }
    receipt_wipe(&receipt);
}

void api_messages(struct http_req *req, void *room)
{
    json_t *body;
    const char *key;
    if (api_body(req, &body) != ERR_OK)
        return;
    if (api_key(req, &key) == ERR_OK)
        take_message(room, req, key, body);
    json_decref(body);
}
