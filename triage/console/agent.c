/* agent.c -- see agent.h. */
#include "triage/console/agent.h"

#include <stdio.h>
#include <string.h>

struct mark {
    const char *in, *name;
};

/* The first that is found counts: browsers name their ancestors. */
static const struct mark browsers[] = {{"Edg/", "Edge"},          {"OPR/", "Opera"},     {"Firefox/", "Firefox"},
                                       {"Chromium/", "Chromium"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"}};
static const struct mark systems[] = {{"Android", "Android"}, {"iPhone", "iPhone"},  {"iPad", "iPad"},
                                      {"Windows", "Windows"}, {"Mac OS X", "macOS"}, {"Linux", "Linux"}};

static const char *find(const struct mark *marks, size_t count, const char *header)
{
    for (size_t i = 0; i < count; i++)
        if (strstr(header, marks[i].in))
            return marks[i].name;
    return "?";
}

void agent_name(const char *header, char out[static AGENT_MAX])
{
    const char *text = header ? header : "";
    out[0] = 0;
    if (*text)
        snprintf(out, AGENT_MAX, "%s, %s", find(browsers, sizeof browsers / sizeof *browsers, text),
                 find(systems, sizeof systems / sizeof *systems, text));
}
