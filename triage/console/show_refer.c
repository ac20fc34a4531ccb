/* show_refer.c -- what is done about consent and referral from the page of a case. */
#include <stdio.h>

#include "triage/console/show.h"
#include "triage/console/view.h"

static void to_case(const struct call *call, struct http_req *req, const char *said)
{
    char path[96];
    snprintf(path, sizeof path, "/cases/%s", call->id);
    show_then(req, path, said);
}

void show_consent_asked(struct call *call, struct http_req *req, const json_t *answer)
{
    (void)answer;
    to_case(call, req, "asked");
}

void show_consent_recorded(struct call *call, struct http_req *req, const json_t *answer)
{
    (void)answer;
    to_case(call, req, "recorded");
}
