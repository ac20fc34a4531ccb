/* cmd_desk.c -- recourse desk add: desks are data; one more has keys, users, a database role and processes of its own,
 * which the next start brings up. */
#include <stdio.h>
#include <string.h>

#include "operator/args.h"
#include "operator/ceremony.h"
#include "operator/commands.h"
#include "operator/crew.h"
#include "operator/say.h"

enum { TITLE_MAX = 100 };

int command_desk_add(struct house *house, int argc, char *const *argv, const char *usage)
{
    const char *code = NULL, *title = NULL;
    char lines[256];
    struct buf passphrase = BUF_INIT(SAY_PASSPHRASE_MAX);
    const struct args_row rows[] = {{"CODE", ARGS_PLACE, &code, 1}, {"--title", ARGS_TEXT, &title, 1}, {0}};
    args_read(rows, argc, argv, usage);
    /* It becomes part of the names of a database role, of system users, of sockets. */
    if (!house_is_name(code) || strpbrk(code, "-_"))
        err_die("A desk's code has at most 16 lower-case letters and digits and begins with a letter.");
    if (!house_is_line(title) || strlen(title) > TITLE_MAX)
        err_die("--title wants one line of at most %d bytes.", TITLE_MAX);
    if (house_has_desk(house, code))
        err_die("There is a desk %s already.", code);
    if (house->desk_count == HOUSE_NAMED_MAX)
        err_die("There are %d desks, which is as many as there may be.", HOUSE_NAMED_MAX);
    if (house->locked && say_passphrase("Passphrase of the desks' keys", 0, &passphrase) != ERR_OK)
        err_die("No passphrase was given.");
    memcpy(house->desks[house->desk_count++].name, code, strlen(code) + 1);
    crew_make_users(house);
    /* The keys first: a desk that recourse.ini names must have them. */
    ceremony_add_desk(house, code, house->locked ? &passphrase : NULL);
    buf_free(&passphrase);
    snprintf(lines, sizeof lines, "title = %s\n", title);
    house_add_section(house, "desk", code, lines);
    say("Desk %s has its keys. It starts with the next: recourse --data %s up", code, house->dir);
    return 0;
}
