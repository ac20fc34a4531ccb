/* cmd_partner.c -- recourse partner ..., recourse round ...: who may bring consultation input, and to which questions.
 */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/code.h"
#include "common/base/mem.h"
#include "common/base/rng.h"
#include "common/seal/sign.h"
#include "operator/args.h"
#include "operator/commands.h"
#include "operator/say.h"
#include "operator/schema.h"
#include "store/door_operator.h"

enum { TOKEN_BYTES = 32 };

/* ---- partners ---- */

int command_partner_add(struct house *house, int argc, char *const *argv, const char *usage)
{
    const char *name = NULL, *scopes = NULL;
    uint8_t id[16], bytes[TOKEN_BYTES], hash[32];
    char token[CODE_BASE64_SIZE(TOKEN_BYTES)], says[DOOR_OPERATOR_SAYS] = "";
    const struct args_row rows[] = {{"NAME", ARGS_PLACE, &name, 1}, {"--scopes", ARGS_TEXT, &scopes, 1}, {0}};
    args_read(rows, argc, argv, usage);
    struct door_operator *door = schema_open_or_die(house);
    rng_bytes(id, sizeof id);
    rng_bytes(bytes, sizeof bytes);
    code_base64url(bytes, sizeof bytes, token);
    sign_sha256(token, strlen(token), hash);
    enum err err = door_operator_partner_add(door, id, name, scopes, hash, says);
    door_operator_close(door);
    if (err != ERR_OK)
        err_die("The organisation is not admitted: %s", says);
    if (strcmp(scopes, "consultation") != 0)
        say("Of scopes there is so far one that lets somebody do anything: consultation.");
    say("%s is admitted. Its token, shown this once. Use it as: Authorization: Bearer TOKEN", name);
    say("%s", token);
    mem_wipe(bytes, sizeof bytes);
    mem_wipe(token, sizeof token);
    return 0;
}

static void list_partner(void *room, const struct operator_partner *partner)
{
    (void)room;
    say("%-6s %-20s %s", partner->active ? "active" : "ended", partner->scopes, partner->name);
}

int command_partner_list(struct house *house, int argc, char *const *argv, const char *usage)
{
    char says[DOOR_OPERATOR_SAYS] = "";
    const struct args_row rows[] = {{0}};
    args_read(rows, argc, argv, usage);
    struct door_operator *door = schema_open_or_die(house);
    enum err err = door_operator_partners(door, list_partner, NULL, says);
    door_operator_close(door);
    if (err != ERR_OK)
        err_die("The organisations cannot be read: %s", says);
    return 0;
}

int command_partner_end(struct house *house, int argc, char *const *argv, const char *usage)
{
    const char *name = NULL;
    char says[DOOR_OPERATOR_SAYS] = "";
    const struct args_row rows[] = {{"NAME", ARGS_PLACE, &name, 1}, {0}};
    args_read(rows, argc, argv, usage);
    struct door_operator *door = schema_open_or_die(house);
    enum err err = door_operator_partner_end(door, name, says);
    door_operator_close(door);
    if (err == ERR_NOT_FOUND)
        err_die("No organisation of that name is admitted. recourse partner list says which are.");
    if (err != ERR_OK)
        err_die("The organisation's token has not ended: %s", says);
    say("The token of %s has ended. What it has sent stays.", name);
    return 0;
}

/* ---- rounds ---- */

static int64_t time_or_die(const char *option, const char *text)
{
    int64_t wall = clock_parse(text);
    if (wall < 0)
        err_die("%s wants a day (2026-11-22) or a time in UTC (2026-11-22T08:00:00Z).", option);
    return wall;
}

static char *questions_as_json(const struct args_list *questions)
{
    json_t *list = json_array();
    for (size_t i = 0; i < questions->count; i++)
        if (json_array_append_new(list, json_string(questions->items[i])) != 0)
            err_die("A question must be UTF-8.");
    char *text = json_dumps(list, JSON_COMPACT);
    need(text != NULL);
    json_decref(list);
    return text;
}

int command_round_add(struct house *house, int argc, char *const *argv, const char *usage)
{
    struct operator_round round = {0};
    struct args_list questions = {0};
    const char *opens = NULL, *closes = NULL;
    char says[DOOR_OPERATOR_SAYS] = "";
    const struct args_row rows[] = {{"--code", ARGS_TEXT, &round.code, 1},
                                    {"--title", ARGS_TEXT, &round.title, 1},
                                    {"--question", ARGS_LIST, &questions, 1},
                                    {"--opens", ARGS_TEXT, &opens, 1},
                                    {"--closes", ARGS_TEXT, &closes, 1},
                                    {"--desk", ARGS_TEXT, &round.desk, 0},
                                    {0}};
    args_read(rows, argc, argv, usage);
    round.opens = time_or_die("--opens", opens);
    round.closes = time_or_die("--closes", closes);
    if (round.closes <= round.opens)
        err_die("The round would close before it opens.");
    round.desk = round.desk ? round.desk : house->desks[0].name;
    char *text = questions_as_json(&questions);
    round.questions = text;
    struct door_operator *door = schema_open_or_die(house);
    enum err err = door_operator_round_add(door, &round, says);
    door_operator_close(door);
    mem_free(text);
    if (err != ERR_OK)
        err_die("The round is not opened: %s", says);
    say("Round %s takes submissions at /api/v1/consultations/%s/submissions", round.code, round.code);
    return 0;
}

static void list_round(void *room, const struct operator_round *round)
{
    (void)room;
    char opens[CLOCK_TEXT_SIZE], closes[CLOCK_TEXT_SIZE];
    clock_text(round->opens, opens);
    clock_text(round->closes, closes);
    say("%-20s %s to %s  %-12s %s", round->code, opens, closes, round->desk, round->title);
}

int command_round_list(struct house *house, int argc, char *const *argv, const char *usage)
{
    char says[DOOR_OPERATOR_SAYS] = "";
    const struct args_row rows[] = {{0}};
    args_read(rows, argc, argv, usage);
    struct door_operator *door = schema_open_or_die(house);
    enum err err = door_operator_rounds(door, list_round, NULL, says);
    door_operator_close(door);
    if (err != ERR_OK)
        err_die("The rounds cannot be read: %s", says);
    return 0;
}
