/* cmd_staff.c -- recourse staff ...: people are admitted by the vault of their desk, which signs and seals the record;
 * nothing here touches the database. Passwords and tokens are shown once and kept nowhere. */
#include <string.h>

#include "common/base/num.h"
#include "operator/args.h"
#include "operator/ask.h"
#include "operator/commands.h"
#include "operator/say.h"

static json_t *ask_about(struct house *house, const char *desk, const char *op, const char *name, const char *role)
{
    json_t *ask = role ? json_pack("{s:s, s:s, s:s}", "op", op, "name", name, "role", role)
                       : json_pack("{s:s, s:s}", "op", op, "name", name);
    if (!ask)
        err_die("The name must be UTF-8.");
    return ask_vault_or_die(house, desk ? desk : house->desks[0].name, ask);
}

static int is_role(const char *role)
{
    static const char *const roles[] = {"officer", "handler",       "translator", "manager",
                                        "auditor", "administrator", "reviewer"};
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
        if (strcmp(role, roles[i]) == 0)
            return 1;
    return 0;
}

int command_staff_add(struct house *house, int argc, char *const *argv, const char *usage)
{
    const char *name = NULL, *role = NULL, *desk = NULL;
    const struct args_row rows[] = {
        {"--name", ARGS_TEXT, &name, 1}, {"--role", ARGS_TEXT, &role, 1}, {"--desk", ARGS_TEXT, &desk, 0}, {0}};
    args_read(rows, argc, argv, usage);
    if (!is_role(role))
        err_die("--role is one of: officer (takes and works on cases), handler (works on cases), translator, manager "
                "(figures), auditor (the log, no content), administrator (people, no content), reviewer (from outside; "
                "sees cases where a "
                "second person is asked for).");
    json_t *answer = ask_about(house, desk, "staff.add", name, role);
    if (json_is_true(json_object_get(answer, "waiting")))
        say("%s waits until a member of the desk admits them. The password, shown this once:", name);
    else
        say("%s is admitted. The password, shown this once:", name);
    say("%s", ask_text(answer, "password"));
    ask_done(answer);
    return 0;
}

int command_staff_token(struct house *house, int argc, char *const *argv, const char *usage)
{
    const char *name = NULL, *desk = NULL, *scope = NULL, *text = NULL;
    uint64_t days = 0;
    const struct args_row rows[] = {{"NAME", ARGS_PLACE, &name, 1},
                                    {"--scope", ARGS_TEXT, &scope, 0},
                                    {"--days", ARGS_TEXT, &text, 0},
                                    {"--desk", ARGS_TEXT, &desk, 0},
                                    {0}};
    args_read(rows, argc, argv, usage);
    if (text && num_parse(text, strlen(text), 1, 366, &days) != ERR_OK)
        err_die("--days wants a number from 1 to 366.");
    json_t *ask = json_pack("{s:s, s:s}", "op", "staff.token", "name", name);
    if (!ask)
        err_die("The name must be UTF-8.");
    if (scope)
        json_object_set_new(ask, "scope", json_string(scope));
    if (days)
        json_object_set_new(ask, "days", json_integer((json_int_t)days));
    json_t *answer = ask_vault_or_die(house, desk ? desk : house->desks[0].name, ask);
    say("A token for %s, shown this once. Use it as: Authorization: Bearer TOKEN", name);
    say("%s", ask_text(answer, "token"));
    ask_done(answer);
    return 0;
}

int command_staff_end(struct house *house, int argc, char *const *argv, const char *usage)
{
    const char *name = NULL, *desk = NULL;
    const struct args_row rows[] = {{"NAME", ARGS_PLACE, &name, 1}, {"--desk", ARGS_TEXT, &desk, 0}, {0}};
    args_read(rows, argc, argv, usage);
    ask_done(ask_about(house, desk, "staff.end", name, NULL));
    say("The access of %s is ended.", name);
    return 0;
}

int command_staff_list(struct house *house, int argc, char *const *argv, const char *usage)
{
    const char *desk = NULL;
    const struct args_row rows[] = {{"--desk", ARGS_TEXT, &desk, 0}, {0}};
    args_read(rows, argc, argv, usage);
    json_t *ask = json_pack("{s:s}", "op", "staff.list"), *item;
    json_t *answer = ask_vault_or_die(house, desk ? desk : house->desks[0].name, ask);
    size_t i;
    json_array_foreach(json_object_get(answer, "items"), i, item)
        say("%-14s %s%s", ask_text(item, "role"), ask_text(item, "name"),
            json_is_true(json_object_get(item, "ended"))     ? " (ended)"
            : json_is_true(json_object_get(item, "waiting")) ? " (waits for a member)"
                                                             : "");
    ask_done(answer);
    return 0;
}
