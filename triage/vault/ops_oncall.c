/* ops_oncall.c -- who is on call: shown, set, and the acknowledgement by hand. Setting directs messages to the outside,
 * so who sets it shows once more who they are. */
#include <string.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "triage/vault/audit.h"
#include "triage/vault/case_state.h"
#include "triage/vault/fresh.h"
#include "triage/vault/oncall.h"
#include "triage/vault/ops.h"
#include "triage/vault/pager.h"

enum { TO_MAX = 254, CHANNEL_MAX = 10 };

void ops_oncall_show(struct request *request)
{
    static const char *const keys[] = {"name", "channel", "to", "from", "until", "by", "at"};
    const json_t *record = oncall_record(request->vault->oncall);
    json_t *answer = json_pack("{s:o,s:o}", "on_call", pager_json(request->vault->pager, request->who), "passkey",
                               passkey_asking(request));
    need(answer != NULL);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        state_set_text(answer, keys[i], state_text(record, keys[i]));
    request_ok(request, answer);
}

/* ---- setting ---- */

static void kept(void *room, enum err err)
{
    struct request *request = room;
    if (err == ERR_OK) {
        pager_anew(request->vault->pager);
        request_ok(request, NULL);
    } else {
        request_fail_with(request, err);
    }
}

/* "" or a time; 0: it is neither, and the request was answered. */
static int time_of(struct request *request, const char *key, const char **out)
{
    *out = "";
    if (!request_text(request, key, 0, CLOCK_TEXT_SIZE, out))
        return 0;
    if (!**out || clock_parse(*out) >= 0)
        return 1;
    request_fail(request, "malformed", "This is missing, or not in the form it must have.", key);
    return 0;
}

/* A time that has passed would leave the desk with nobody, and nobody would notice. */
static int is_to_come(struct request *request, const char *from, const char *until)
{
    int64_t begins = *from ? clock_parse(from) : 0, now = clock_wall();
    if (!*until || clock_parse(until) > (begins > now ? begins : now))
        return 1;
    request_fail(request, "malformed", "That time has passed, or is before the beginning.", "until");
    return 0;
}

/* The address as it is kept, or 0: it is none, and the request was answered. `to` may be empty: nobody. */
static int read_to(struct request *request, const char *channel, const char *typed, char to[static TO_MAX + 1])
{
    int is_email = strcmp(channel, "email") == 0;
    *to = '\0';
    if (!is_email && strcmp(channel, "sms") != 0) {
        request_fail(request, "malformed", "This is missing, or not in the form it must have.", "channel");
        return 0;
    }
    if (is_email && oncall_is_address(typed))
        memcpy(to, typed, strlen(typed) + 1);
    else if (*typed && (is_email || oncall_number(typed, to) != ERR_OK)) {
        request_fail(request, "malformed",
                     is_email ? "That is no address of e-mail."
                              : "That is no telephone number: write it with its country, +254 ...",
                     "to");
        return 0;
    }
    return 1;
}

static void set(struct request *request)
{
    const char *name = "", *typed = "", *channel = "sms", *from, *until;
    char to[TO_MAX + 1];
    if (!request_text(request, "name", 0, VAULT_WHO_MAX, &name) || !request_text(request, "to", 0, TO_MAX, &typed) ||
        !request_text(request, "channel", 0, CHANNEL_MAX, &channel) || !time_of(request, "from", &from) ||
        !time_of(request, "until", &until) || !is_to_come(request, from, until) ||
        !read_to(request, channel, typed, to))
        return;
    json_t *json =
        json_pack("{s:i,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:o}", "v", 1, "kind", "oncall", "name", *to ? name : "", "channel",
                  channel, "to", to, "from", from, "until", until, "by", request->who, "at", state_now());
    need(json != NULL);
    oncall_change(request->vault, request->who, json, kept, request);
}

void ops_oncall_set(struct request *request)
{
    fresh_check(request, set);
}

/* ---- acknowledging ---- */

static void told(void *room, enum err err)
{
    struct request *request = room;
    if (err == ERR_OK) {
        (void)pager_acknowledge(request->vault->pager);
        request_ok(request, NULL);
    } else {
        request_fail_with(request, err);
    }
}

void ops_oncall_acknowledge(struct request *request)
{
    audit_alone(request->vault, request->who, "alarm.acknowledged", NULL, NULL, told, request);
}
