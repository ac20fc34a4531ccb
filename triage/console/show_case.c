/* show_case.c -- the case page, and what can be done from it. */
#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "triage/console/show.h"
#include "triage/console/view.h"

/* The other desks of the office: where the case could go. */
static void put_desks(const struct call *call, json_t *context)
{
    const struct settings *settings = call->console->settings;
    json_t *desks = json_array();
    for (size_t i = 0; i < settings->desk_count; i++) {
        const struct desk *desk = &settings->desks[i];
        if (strcmp(desk->code, call->session.desk) != 0)
            need(json_array_append_new(desks, json_pack("{s:s, s:s}", "code", desk->code, "label",
                                                        words_text(&call->reader, desk->title))) == 0);
    }
    view_put(context, "has_desks", json_boolean(json_array_size(desks) > 0));
    view_put(context, "desks", desks);
}

/* The last of the answers: the directory, NULL where nobody asked for it. */
static void with_directory(struct call *call, struct http_req *req, const json_t *answer)
{
    const char *base = strncmp(http_req_path(req), "/consultations", 14) == 0 ? "/consultations" : "/cases";
    json_t *context = view_case(&call->reader, call->kept, json_object_get(call->kept, "register"), base, clock_wall());
    json_t *groups = json_deep_copy(json_object_get(call->kept, "groups"));
    view_put(context, "case", json_string(call->id));
    put_desks(call, context);
    view_put_list(context, "groups", groups ? groups : json_array());
    view_put_consents(&call->reader, call->kept, json_object_get(answer, "items"), context);
    view_put_referrals(&call->reader, call->kept, context);
    show_page(call, req, 200, "case", context);
}

static void with_groups(struct call *call, struct http_req *req, const json_t *answer)
{
    need(json_object_set(call->kept, "groups", json_object_get(answer, "items")) == 0);
    call_ask(call, req, json_pack("{s:s, s:i}", "op", "receiver.list", "limit", 100), with_directory);
}

static void with_impacts(struct call *call, struct http_req *req, const json_t *answer)
{
    need(json_object_set(call->kept, "register", json_object_get(answer, "items")) == 0);
    call_ask(call, req, json_pack("{s:s, s:i}", "op", "group.list", "limit", 100), with_groups);
}

/* Register, group cases and directory give the choices; what the case says was kept meanwhile. */
void show_case(struct call *call, struct http_req *req, const json_t *answer)
{
    call->kept = json_deep_copy(answer);
    need(call->kept != NULL);
    if (!(call_role(call) & ROLE_MEMBER)) {
        with_directory(call, req, NULL); /* none of them is for a reviewer */
        return;
    }
    call_ask(call, req, json_pack("{s:s, s:i}", "op", "impact.list", "limit", 100), with_impacts);
}

/* `said` is what the form or the vault says of an answer: "text", "language", "state", "sms", "page_only". */
static json_t *preview_of(const struct call *call, const json_t *said)
{
    const char *code = view_text(said, "language"), *sms = view_text(said, "sms");
    const struct language *language = language_find(code);
    json_t *context = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:b}", "case", call->id, "text",
                                view_text(said, "text"), "code", code, "native", words_language(&call->reader, code),
                                "text_dir", language ? language->direction : "auto", "state", view_text(said, "state"),
                                "sms", sms, "page_only", json_is_true(json_object_get(said, "page_only")));
    need(context != NULL);
    view_put_label(&call->reader, context, "state_label", WORDS_STATE, said, "state");
    return context;
}

/* What the person will see, before it is sealed. No content of the case is needed, so nothing is opened. */
void show_preview(struct call *call, struct http_req *req, const json_t *answer)
{
    (void)answer;
    show_page(call, req, 200, "preview", preview_of(call, call->ask));
}

/* The same with the words that the vault has prepared from the assessment. */
void show_why(struct call *call, struct http_req *req, const json_t *answer)
{
    json_t *context = preview_of(call, answer);
    view_put(context, "why", json_true());
    view_put(context, "other_language", json_boolean(!json_is_true(json_object_get(answer, "is_theirs"))));
    view_put(context, "is_older", json_boolean(json_is_true(json_object_get(answer, "is_older"))));
    show_page(call, req, 200, "preview", context);
}

/* ---- after a form: back to the page ---- */

static void back(const struct call *call, struct http_req *req, const char *base, const char *said)
{
    char path[96];
    snprintf(path, sizeof path, "%s/%s", base, call->id);
    show_then(req, path, said);
}

/* Lowering what is severe takes a second person; the vault says whether it waits for one. */
static int waits(const json_t *answer)
{
    return json_is_true(json_object_get(answer, "waits_for_second"));
}

void show_answered(struct call *call, struct http_req *req, const json_t *answer)
{
    (void)answer;
    back(call, req, "/cases", "answered");
}

void show_assessed(struct call *call, struct http_req *req, const json_t *answer)
{
    back(call, req, "/cases", waits(answer) ? "second" : "assessed");
}

void show_noted(struct call *call, struct http_req *req, const json_t *answer)
{
    (void)answer;
    back(call, req, "/cases", "noted");
}

void show_linked(struct call *call, struct http_req *req, const json_t *answer)
{
    (void)answer;
    back(call, req, "/cases", "linked");
}

void show_participant(struct call *call, struct http_req *req, const json_t *answer)
{
    (void)answer;
    back(call, req, "/cases", "participants");
}

void show_consultation_linked(struct call *call, struct http_req *req, const json_t *answer)
{
    (void)answer;
    back(call, req, "/consultations", "linked");
}

/* The third tap: whose desk. Moving needs a reason; the look is one. */
void show_looked(struct call *call, struct http_req *req, const json_t *answer)
{
    (void)answer;
    const char *to = view_text(call->ask, "to");
    if (!*to) {
        back(call, req, "/cases", "looked");
        return;
    }
    call_ask(call, req,
             json_pack("{s:s, s:s, s:s, s:s}", "op", "case.move", "case", call->id, "to", to, "reason",
                       words_text(&call->reader, T("Seen at the first look"))),
             show_moved);
}

void show_moved(struct call *call, struct http_req *req, const json_t *answer)
{
    (void)call;
    (void)answer;
    show_then(req, "/queue", "moved");
}

void show_returned(struct call *call, struct http_req *req, const json_t *answer)
{
    (void)call;
    (void)answer;
    show_then(req, "/queue", "returned");
}
