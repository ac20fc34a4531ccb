/* doctor_desks.c -- whether each desk's vault is open, and whether anybody would be told of danger there. */
#include <string.h>

#include "operator/ask.h"
#include "operator/doctor.h"

enum { STATUS_MS = 5000 };

static void check_told(struct doctor *d, const char *code, const json_t *answer)
{
    if (json_is_true(json_object_get(answer, "on_call")))
        doctor_good(d, "desk %s is open, and who is on call would be told of danger", code);
    else if (!*d->house->alarm_channel && !*d->house->alarm_email_channel)
        doctor_good(d, "desk %s is open; recourse.ini names no [alarm] channel, so nobody is told of danger at night",
                    code);
    else
        doctor_bad(d, "set who is on call in the console (docs/operating.md, \"The on-call telephone\")",
                   "desk %s: nobody would be told of danger now", code);
}

static void check_desk(struct doctor *d, const char *code)
{
    char cure[DOCTOR_CURE];
    json_t *answer;
    enum err err = ask_vault(d->house, code, json_pack("{s:s}", "op", "status"), STATUS_MS, &answer);
    if (err == ERR_NOT_FOUND)
        return; /* it does not run: doctor_processes.c says so */
    if (err != ERR_OK) {
        doctor_cure(d, cure, "up");
        doctor_bad(d, cure, "desk %s: its vault does not answer: %s", code, err_says(err));
        return;
    }
    if (json_is_false(json_object_get(answer, "locked"))) {
        check_told(d, code, answer);
    } else {
        doctor_cure(d, cure, "unlock");
        doctor_bad(d, cure, "desk %s is locked: nobody is told of danger there", code);
    }
    ask_done(answer);
}

/* A name in [alarm] that no channel has would be noticed when it is too late. */
static void check_channel(struct doctor *d, const char *name)
{
    for (size_t i = 0; i < d->house->channel_count; i++)
        if (strcmp(d->house->channels[i].name, name) == 0)
            return;
    if (*name)
        doctor_bad(d, "recourse.ini: name one of its [channel NAME] sections",
                   "[alarm] names the channel %.40s, and there is none", name);
}

void doctor_desks(struct doctor *d)
{
    char says[256];
    if (house_channels_lead(d->house, says) != ERR_OK)
        doctor_bad(d, "name one of the [desk NAME] sections", "%s", says);
    check_channel(d, d->house->alarm_channel);
    check_channel(d, d->house->alarm_email_channel);
    for (size_t i = 0; i < d->house->desk_count; i++)
        check_desk(d, d->house->desks[i].name);
}
