/* cmd_webhook.c -- recourse webhook add: a system of the office that is told what happens to cases, without content
 * (docs/webhooks.md). Its secret goes into a file that the gateway alone reads, and is shown once. */
#include <stdio.h>
#include <string.h>

#include "common/base/code.h"
#include "common/base/conf.h"
#include "common/base/mem.h"
#include "common/base/rng.h"
#include "operator/args.h"
#include "operator/commands.h"
#include "operator/crew.h"
#include "operator/say.h"

enum { SECRET_BYTES = 32, LINE_MAX_BYTES = 150 };

static void add_line(struct buf *lines, const char *key, const char *value)
{
    if (!house_is_line(value))
        err_die("The value of %s must be one line of at most %d bytes.", key, LINE_MAX_BYTES);
    need(buf_addf(lines, "%s = %s\n", key, value) == ERR_OK);
}

/* The words with spaces between; `otherwise` where there are none. */
static void add_words(struct buf *lines, const char *key, const struct args_list *list, const char *otherwise)
{
    struct buf text = BUF_INIT(1024);
    for (size_t i = 0; i < list->count; i++)
        need(buf_addf(&text, "%s%s", i ? " " : "", list->items[i]) == ERR_OK);
    add_line(lines, key, text.len ? buf_text(&text) : otherwise);
    buf_free(&text);
}

static int is_event(const char *name)
{
    return strcmp(name, "case.arrived") == 0 || strcmp(name, "case.state_changed") == 0;
}

static void new_secret(const struct house *house, const char *name, struct buf *lines)
{
    char path[HOUSE_PATH], text[CODE_BASE64_SIZE(SECRET_BYTES)], whole[CODE_BASE64_SIZE(SECRET_BYTES) + 8];
    uint8_t bytes[SECRET_BYTES];
    rng_bytes(bytes, sizeof bytes);
    code_base64(bytes, sizeof bytes, text);
    snprintf(whole, sizeof whole, "whsec_%s", text);
    house_path(house, path, "secrets/sms/webhook-%s.secret", name);
    crew_secret(house, path, "recourse-sms", whole, strlen(whole));
    add_line(lines, "secret", path);
    say("The receiver checks signatures with this secret, which is shown once:");
    say("%s", whole);
    mem_wipe(bytes, sizeof bytes);
    mem_wipe(text, sizeof text);
    mem_wipe(whole, sizeof whole);
}

static const char *find_one(void *room, const char *name, const char *key, const char *value)
{
    const char **wanted = room;
    (void)key;
    (void)value;
    return strcmp(name, *wanted) == 0 ? "is there already" : NULL;
}

int command_webhook_add(struct house *house, int argc, char *const *argv, const char *usage)
{
    const char *name = NULL, *url = NULL;
    char path[HOUSE_PATH], says[256];
    struct args_list desks = {0}, events = {0};
    struct buf lines = BUF_INIT(4096);
    const struct args_row rows[] = {{"NAME", ARGS_PLACE, &name, 1},
                                    {"--url", ARGS_TEXT, &url, 1},
                                    {"--desk", ARGS_LIST, &desks, 0},
                                    {"--event", ARGS_LIST, &events, 0},
                                    {0}};
    args_read(rows, argc, argv, usage);
    if (!house_is_name(name))
        err_die("A webhook's name has at most 16 lower-case letters, digits, - and _ and begins with a letter.");
    house_path(house, path, "recourse.ini");
    if (conf_each(path, "webhook", find_one, &name, says) != ERR_OK)
        err_die("There is a webhook %s already.", name);
    if (strncmp(url, "https://", 8) != 0 && strncmp(url, "http://127.0.0.1:", 17) != 0)
        err_die("--url begins with https://");
    for (size_t i = 0; i < desks.count; i++)
        if (!house_has_desk(house, desks.items[i]))
            err_die("There is no desk %s.", desks.items[i]);
    for (size_t i = 0; i < events.count; i++)
        if (!is_event(events.items[i]))
            err_die("--event is case.arrived or case.state_changed.");
    add_line(&lines, "url", url);
    add_words(&lines, "desks", &desks, house->desks[0].name);
    add_words(&lines, "events", &events, "case.arrived case.state_changed");
    new_secret(house, name, &lines);
    house_add_section(house, "webhook", name, buf_text(&lines));
    buf_free(&lines);
    say("Webhook %s starts with the next start of the installation.", name);
    return 0;
}
