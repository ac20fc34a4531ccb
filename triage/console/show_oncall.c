/* show_oncall.c -- who is on call: the page, what is said after its forms, and what stands on every page of members. */
#include <string.h>

#include "common/base/mem.h"
#include "triage/console/show.h"
#include "triage/console/view.h"

/* Why nobody would be told; "somebody" has no sentence. */
static const struct {
    const char *standing, *says;
} standings[] = {
    {"nobody", T("Nobody is on call: nobody is told when someone is in danger and nobody looks.")},
    {"no_channel", T("Who is on call cannot be told: no channel is named for it. The operator can name one.")},
    {"no_gateway", T("Who is on call cannot be told now: the gateway for texts does not answer.")},
};

static json_t *standing_says(const struct reader *reader, const json_t *on_call)
{
    for (size_t i = 0; i < sizeof standings / sizeof *standings; i++)
        if (strcmp(standings[i].standing, view_text(on_call, "standing")) == 0)
            return json_string(words_text(reader, standings[i].says));
    return json_null();
}

json_t *show_alarm(const struct reader *reader, const json_t *on_call)
{
    if (!json_is_object(on_call))
        return NULL;
    json_t *shown = json_pack("{s:o, s:b, s:b}", "says", standing_says(reader, on_call), "undelivered",
                              json_is_true(json_object_get(on_call, "undelivered")), "unknown",
                              view_number(on_call, "unknown") > 0);
    need(shown != NULL);
    view_put_counted(reader, shown, "waiting",
                     TN("{{n}} case waits for a look now.", "{{n}} cases wait for a look now."),
                     view_number(on_call, "waiting"));
    return shown;
}

void show_oncall(struct call *call, struct http_req *req, const json_t *answer)
{
    static const char *const texts[] = {"name", "to", "by", NULL};
    static const char *const times[] = {"from", "until", "at"};
    json_t *context = json_object();
    view_put_texts(context, answer, texts);
    for (size_t i = 0; i < sizeof times / sizeof *times; i++)
        view_put(context, times[i], words_time(&call->reader, view_text(answer, times[i]), 0));
    view_put(context, "way", json_string(words_label(&call->reader, WORDS_WAY, view_text(answer, "channel"))));
    view_put(context, "ways", words_options(&call->reader, WORDS_WAY, ONCALL_WAYS, view_text(answer, "channel")));
    view_put(context, "is_set", json_boolean(*view_text(answer, "to") != 0));
    view_put(context, "can_set", json_boolean((call_role(call) & (ROLE_OFFICER | ROLE_ADMINISTRATOR)) != 0));
    view_put(context, "standing", standing_says(&call->reader, json_object_get(answer, "on_call")));
    view_put(context, "passkey", show_asking(json_object_get(answer, "passkey")));
    show_page(call, req, 200, "oncall", context);
}

void show_oncall_set(struct call *call, struct http_req *req, const json_t *answer)
{
    (void)call;
    (void)answer;
    show_then(req, "/oncall", "oncall");
}

void show_oncall_acknowledged(struct call *call, struct http_req *req, const json_t *answer)
{
    (void)call;
    (void)answer;
    show_then(req, "/queue", "acknowledged");
}
