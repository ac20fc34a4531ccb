/* schema.c -- see schema.h. */
#include "operator/schema.h"

#include <string.h>

#include "common/base/file.h"
#include "common/base/mem.h"
#include "operator/args.h"
#include "operator/commands.h"
#include "operator/database.h"
#include "operator/program.h"
#include "operator/say.h"
#include "store/door_operator.h"
#include "store/migrate.h"

enum err schema_migrate(const struct house *house, unsigned *applied)
{
    char conninfo[DATABASE_URL_MAX], folder[HOUSE_PATH], says[MIGRATE_SAYS];
    database_operator(house, conninfo);
    program_shared(folder, "migrations");
    enum err err = migrate_run(conninfo, NULL, folder, applied, says);
    mem_wipe(conninfo, sizeof conninfo);
    if (err != ERR_OK)
        say_wrong("The database cannot be brought up: %s", says);
    return err;
}

static enum err open_door(const struct house *house, struct door_operator **out, char says[static DOOR_OPERATOR_SAYS])
{
    char conninfo[DATABASE_URL_MAX];
    database_operator(house, conninfo);
    enum err err = door_operator_open(conninfo, NULL, out, says);
    mem_wipe(conninfo, sizeof conninfo);
    return err;
}

static enum err set_password(struct door_operator *door, const struct database_login *login,
                             char says[static DOOR_OPERATOR_SAYS])
{
    struct buf password = BUF_INIT(256);
    enum err err = file_read(login->path, &password);
    if (err != ERR_OK)
        err_die("%s cannot be read.", login->path);
    if (password.len && password.bytes[password.len - 1] == '\n')
        buf_cut(&password, password.len - 1);
    err = door_operator_set_password(door, login->role, buf_text(&password), says);
    buf_free(&password);
    return err;
}

enum err schema_bring_up(const struct house *house)
{
    char says[DOOR_OPERATOR_SAYS] = "";
    struct database_login logins[DATABASE_LOGINS_MAX];
    struct door_operator *door = NULL;
    unsigned applied;
    enum err err = schema_migrate(house, &applied);
    if (err != ERR_OK)
        return err;
    err = open_door(house, &door, says);
    for (size_t i = 0; err == ERR_OK && i < house->desk_count; i++)
        err = door_operator_desk_add(door, house->desks[i].name, says);
    size_t count = database_logins(house, logins);
    for (size_t i = 0; err == ERR_OK && i < count; i++)
        err = set_password(door, &logins[i], says);
    door_operator_close(door);
    if (err != ERR_OK)
        say_wrong("The database cannot be brought up: %s", says);
    return err;
}

struct door_operator *schema_open_or_die(const struct house *house)
{
    char says[DOOR_OPERATOR_SAYS] = "";
    struct door_operator *door;
    if (open_door(house, &door, says) != ERR_OK)
        err_die("The database cannot be reached (is the installation running?): %s", says);
    return door;
}

int command_migrate(struct house *house, int argc, char *const *argv, const char *usage)
{
    const struct args_row rows[] = {{0}};
    unsigned applied = 0;
    args_read(rows, argc, argv, usage);
    /* Desks and passwords too: where systemd starts the processes, nobody else sees to them. */
    if (schema_migrate(house, &applied) != ERR_OK || schema_bring_up(house) != ERR_OK)
        return 1;
    say(applied ? "The database is up to date: %u migrations were applied." : "The database was up to date.", applied);
    return 0;
}
