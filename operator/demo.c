/* demo.c -- see demo.h. Requests: demo_ask.c. */
#include "operator/demo.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/base/conf.h"
#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/base/num.h"
#include "operator/args.h"
#include "operator/ask.h"
#include "operator/commands.h"
#include "operator/demo_ask.h"
#include "operator/program.h"
#include "operator/say.h"

enum {
    PLAN_MAX = 256 * 1024,
    TAKEN = 8,
    WAIT_TRIES = 300,
    WAIT_US = 100 * 1000,
    PROGRESS_EVERY = 10,
    NAMES_MAX = 9,
    LOOKED_AT = 40
};

struct demo {
    const struct house *house;
    json_t *plan;
    struct demo_ask *ask;
    json_t *receipts; /* of the reports that were sent */
    char officer[32]; /* admitted for this and dismissed after it */
};

static const char NAME[] = "demonstration";

static enum err refused(const char *what, long status)
{
    if (status)
        say_wrong("The demonstration stops: %s was answered with %ld.", what, status);
    else
        say_wrong("The demonstration stops: %s was not answered. Is the installation running?", what);
    return ERR_PROVIDER;
}

static const json_t *part(const struct demo *d, const char *name)
{
    return json_object_get(d->plan, name);
}

/* ---- impacts ---- */

static int is_listed(const json_t *list, const char *key, const char *value)
{
    const json_t *items = json_object_get(list, "items");
    for (size_t i = 0; i < json_array_size(items); i++)
        if (strcmp(ask_text(json_array_get(items, i), key), value) == 0)
            return 1;
    return 0;
}

static enum err add_impacts(struct demo *d)
{
    const json_t *impacts = part(d, "impacts");
    size_t count = json_array_size(impacts), added = 0;
    json_t *list = NULL;
    long status = demo_ask_staff(d->ask, "/api/v1/impacts?limit=100", NULL, &list);
    enum err err = status == 200 ? ERR_OK : refused("the list of impacts", status);
    for (size_t i = 0; i < count && err == ERR_OK; i++) {
        const json_t *one = json_array_get(impacts, i);
        if (is_listed(list, "title", ask_text(one, "title")))
            continue;
        status = demo_ask_staff(d->ask, "/api/v1/impacts", one, NULL);
        err = status == 201 ? ERR_OK : refused("an impact", status);
        added++;
    }
    json_decref(list);
    if (err == ERR_OK)
        say("Demonstration: %zu impacts, %zu of them new.", count, added);
    return err;
}

/* ---- reports ---- */

static enum err send_report(struct demo *d, const json_t *report)
{
    char key[DEMO_KEY_SIZE];
    json_t *answer = NULL;
    demo_ask_once(d->ask, ask_text(report, "text"), key);
    long status = demo_ask_public(d->ask, "/api/v1/reports", key, report, &answer);
    if (status == 201)
        json_array_append(d->receipts, json_object_get(answer, "receipt"));
    json_decref(answer);
    return status == 201 ? ERR_OK : refused("a report", status);
}

static enum err send_reports(struct demo *d)
{
    size_t i, count = json_array_size(part(d, "reports"));
    enum err err = ERR_OK;
    for (i = 0; i < count && err == ERR_OK; i++) {
        err = send_report(d, json_array_get(part(d, "reports"), i));
        if (err == ERR_OK && ((i + 1) % PROGRESS_EVERY == 0 || i + 1 == count))
            say("Demonstration: %zu of %zu reports are in.", i + 1, count);
    }
    return err;
}

/* The vault opens what came in by itself; taking before it has would take the first that came and not the gravest. */
static enum err wait_for_queue(struct demo *d)
{
    json_int_t wanted = (json_int_t)json_array_size(part(d, "reports"));
    for (int i = 0; i < WAIT_TRIES; i++) {
        json_t *queue = NULL;
        json_int_t total = 0;
        if (demo_ask_staff(d->ask, "/api/v1/queue?limit=1", NULL, &queue) == 200)
            total = json_integer_value(json_object_get(queue, "total"));
        json_decref(queue);
        if (total >= wanted)
            return ERR_OK;
        usleep(WAIT_US);
    }
    say_wrong("The demonstration stops: its reports did not reach the queue.");
    return ERR_TIMEOUT;
}

/* ---- texts ---- */

struct channel {
    char name[HOUSE_NAME], secret[HOUSE_PATH];
    int is_kannel;
};

/* The first Kannel channel of recourse.ini. */
static const char *find_kannel(void *room, const char *name, const char *key, const char *value)
{
    struct channel *channel = room;
    if (strcmp(name, channel->name) != 0) {
        if (channel->is_kannel)
            return NULL;
        *channel = (struct channel){0};
        snprintf(channel->name, sizeof channel->name, "%s", name);
    }
    if (strcmp(key, "kind") == 0)
        channel->is_kannel = strcmp(value, "kannel") == 0;
    if (strcmp(key, "secret") == 0)
        snprintf(channel->secret, sizeof channel->secret, "%s", value);
    return NULL;
}

static enum err send_texts(struct demo *d)
{
    char path[HOUSE_PATH], says[256];
    struct channel channel = {0};
    struct buf secret = BUF_INIT(200);
    const json_t *texts = part(d, "texts");
    size_t count = json_array_size(texts);
    house_path(d->house, path, "recourse.ini");
    if (conf_each(path, "channel", find_kannel, &channel, says) != ERR_OK)
        err_die("%s", says);
    if (!channel.is_kannel) {
        say("Demonstration: no Kannel channel, so no texts.");
        return ERR_OK;
    }
    if (file_read(channel.secret, &secret) != ERR_OK)
        err_die("%s cannot be read.", channel.secret);
    if (secret.len && secret.bytes[secret.len - 1] == '\n')
        buf_cut(&secret, secret.len - 1);
    long status = 200;
    for (size_t i = 0; i < count && status == 200; i++)
        status = demo_ask_text(d->ask, channel.name, buf_text(&secret), json_array_get(texts, i));
    buf_free(&secret);
    if (status != 200)
        return refused("a text", status);
    say("Demonstration: %zu texts came by channel %s.", count, channel.name);
    return ERR_OK;
}

/* ---- what an officer does ---- */

static int has_answer(struct demo *d, const json_t *receipt)
{
    json_t *thread = NULL, *body = json_pack("{s:O}", "receipt", receipt);
    int found = 0;
    (void)demo_ask_public(d->ask, "/api/v1/thread", NULL, body, &thread);
    const json_t *messages = json_object_get(thread, "messages");
    for (size_t i = 0; i < json_array_size(messages); i++)
        found |= strcmp(ask_text(json_array_get(messages, i), "from"), "staff") == 0;
    json_decref(thread);
    json_decref(body);
    return found;
}

/* 1 when staff have answered one of the reports: this is not the first time. */
static int is_answered(struct demo *d)
{
    for (size_t i = 0; i < json_array_size(d->receipts); i++)
        if (has_answer(d, json_array_get(d->receipts, i)))
            return 1;
    return 0;
}

static enum err tell(struct demo *d, const json_t *taken, const char *what, json_t *body, long wanted)
{
    char path[128];
    snprintf(path, sizeof path, "/api/v1/cases/%.40s/%s", ask_text(taken, "case"), what);
    long status = demo_ask_staff(d->ask, path, body, NULL);
    json_decref(body);
    return status == wanted ? ERR_OK : refused(what, status);
}

static enum err confirm_link(struct demo *d, const json_t *shown, unsigned *confirmed)
{
    const json_t *link = json_array_get(json_object_get(shown, "links"), 0);
    if (!link || json_is_true(json_object_get(link, "confirmed")))
        return ERR_OK;
    ++*confirmed;
    return tell(d, shown, "impacts",
                json_pack("{s:s, s:b, s:s}", "impact", ask_text(link, "impact"), "confirm", 1, "reason",
                          "The same harm in the same place."),
                200);
}

/* Confirm the first link that is proposed, then answer in the person's language. */
static enum err work_on(struct demo *d, const json_t *taken, unsigned *confirmed)
{
    const char *language = ask_text(taken, "language");
    const char *text = ask_text(part(d, "answers"), language);
    enum err err = confirm_link(d, taken, confirmed);
    if (err == ERR_OK && *text)
        err = tell(d, taken, "answers",
                   json_pack("{s:s, s:s, s:s}", "text", text, "language", language, "state", "acknowledged"), 201);
    return err;
}

/* Of some of those that wait behind them only the links; to look at a case is an opening, of which there are 60 an
 * hour.
 */
static enum err link_more(struct demo *d, unsigned *confirmed)
{
    json_t *queue = NULL;
    char path[128];
    snprintf(path, sizeof path, "/api/v1/queue?after=%d&limit=%d", TAKEN, LOOKED_AT);
    long status = demo_ask_staff(d->ask, path, NULL, &queue);
    enum err err = status == 200 ? ERR_OK : refused("the queue", status);
    const json_t *items = json_object_get(queue, "items");
    for (size_t i = 0; i < json_array_size(items) && err == ERR_OK; i++) {
        json_t *shown = NULL;
        snprintf(path, sizeof path, "/api/v1/cases/%.40s", ask_text(json_array_get(items, i), "case"));
        status = demo_ask_staff(d->ask, path, NULL, &shown);
        err = status == 200 ? confirm_link(d, shown, confirmed) : refused("a case", status);
        json_decref(shown);
    }
    json_decref(queue);
    return err;
}

/* The gravest are taken, worked on, and all given back at the end, so that a newcomer finds them in the queue. */
static enum err work(struct demo *d)
{
    json_t *nothing = json_object(), *all = json_array();
    enum err err = ERR_OK;
    unsigned confirmed = 0;
    for (size_t i = 0; i < TAKEN && err == ERR_OK; i++) {
        json_t *taken = NULL;
        long status = demo_ask_staff(d->ask, "/api/v1/queue/take", nothing, &taken);
        err = status == 200 && taken ? work_on(d, taken, &confirmed) : refused("taking a case", status);
        if (taken)
            json_array_append_new(all, taken);
    }
    for (size_t i = 0; i < json_array_size(all) && err == ERR_OK; i++)
        err =
            tell(d, json_array_get(all, i), "return", json_pack("{s:s}", "reason", "The demonstration is over."), 200);
    json_decref(nothing);
    json_decref(all);
    if (err == ERR_OK)
        err = link_more(d, &confirmed);
    if (err == ERR_OK)
        say("Demonstration: %d cases are answered, %u links to impacts confirmed.", TAKEN, confirmed);
    return err;
}

/* ---- the officer ---- */

/* *out NULL when there is no answer. */
static int tell_vault(struct demo *d, const char *op, const char *role, json_t **out)
{
    json_t *ask = json_pack("{s:s, s:s}", "op", op, "name", d->officer);
    if (role)
        json_object_set_new(ask, "role", json_string(role));
    if (ask_vault(d->house, d->house->desks[0].name, ask, ASK_MS, out) != ERR_OK)
        *out = NULL;
    return json_is_true(json_object_get(*out, "ok"));
}

/* 1 when an officer of ours was admitted once: this is not the first time. */
static int is_known(struct demo *d)
{
    json_t *answer;
    (void)tell_vault(d, "staff.list", NULL, &answer);
    int known = is_listed(answer, "name", NAME);
    ask_done(answer);
    return known;
}

/* A name is admitted once; after an attempt that was cut short the next one takes another. */
static enum err admit(struct demo *d)
{
    json_t *answer = NULL;
    int good = 0;
    for (int i = 1; i <= NAMES_MAX && !good; i++) {
        if (i > 1)
            snprintf(d->officer, sizeof d->officer, "%s-%d", NAME, i);
        good = tell_vault(d, "staff.add", "officer", &answer);
        if (!good && i < NAMES_MAX)
            ask_done(answer);
    }
    if (good) {
        ask_done(answer);
        good = tell_vault(d, "staff.token", NULL, &answer);
    }
    demo_ask_as(d->ask, good ? ask_text(answer, "token") : "");
    if (!good)
        say_wrong("The demonstration stops: its officer is not admitted. %s", ask_text(answer, "says"));
    ask_done(answer);
    return good ? ERR_OK : ERR_DENIED;
}

static void dismiss(struct demo *d)
{
    json_t *answer;
    (void)tell_vault(d, "staff.end", NULL, &answer);
    ask_done(answer);
    demo_ask_as(d->ask, "");
}

/* ---- the whole ---- */

static enum err load_plan(json_t **out)
{
    char path[HOUSE_PATH];
    struct buf text = BUF_INIT(PLAN_MAX);
    program_shared(path, "operator/demo/demo.json");
    enum err err = file_read(path, &text);
    *out = NULL;
    if (err == ERR_OK)
        *out = json_loadb(buf_text(&text), text.len, JSON_REJECT_DUPLICATES, NULL);
    if (err == ERR_OK && !*out)
        err = ERR_MALFORMED;
    if (err != ERR_OK)
        say_wrong("%s cannot be used: %s.", path, err_says(err));
    buf_free(&text);
    return err;
}

/* Impacts first: links are proposed when a report is opened. */
static enum err fill(struct demo *d)
{
    enum err err = admit(d);
    if (err != ERR_OK)
        return err;
    err = add_impacts(d);
    if (err == ERR_OK)
        err = send_reports(d);
    if (err == ERR_OK)
        err = send_texts(d);
    if (err == ERR_OK)
        err = wait_for_queue(d);
    if (err == ERR_OK)
        err = work(d);
    dismiss(d);
    return err;
}

enum err demo_fill(const struct house *house, int64_t port)
{
    struct demo d = {.house = house, .receipts = json_array()};
    snprintf(d.officer, sizeof d.officer, "%s", NAME);
    enum err err = load_plan(&d.plan);
    if (err == ERR_OK) {
        d.ask = demo_ask_new(house, port);
        int again = is_known(&d);
        /* Sent again they add nothing, and their receipts come back. */
        if (again)
            err = send_reports(&d);
        if (again && err == ERR_OK && is_answered(&d))
            say("Demonstration: it was here before; nothing was added.");
        else if (err == ERR_OK)
            err = fill(&d);
        demo_ask_free(d.ask);
    }
    json_decref(d.receipts);
    json_decref(d.plan);
    return err;
}

int command_demo(struct house *house, int argc, char *const *argv, const char *usage)
{
    const char *text = NULL;
    uint64_t port = (uint64_t)house->port;
    const struct args_row rows[] = {{"--port", ARGS_TEXT, &text, 0}, {0}};
    args_read(rows, argc, argv, usage);
    if (text && num_parse(text, strlen(text), 1024, 65000, &port) != ERR_OK)
        err_die("--port wants a number from 1024 to 65000.");
    return demo_fill(house, (int64_t)port) == ERR_OK ? 0 : 1;
}
