/* cmd_prepare.c -- recourse prepare: all that `up` does before it starts anything. For containers and service managers,
 * which start the processes themselves (docs/containers.md). A second time it finishes, renews and changes nothing
 * else.
 */
#include "operator/args.h"
#include "operator/commands.h"
#include "operator/database.h"
#include "operator/init.h"
#include "operator/program.h"
#include "operator/say.h"
#include "operator/schema.h"
#include "operator/settings.h"

int command_prepare(struct house *house, int argc, char *const *argv, const char *usage)
{
    struct init_options options = {0};
    struct program program;
    const struct args_row rows[] = {
        {"--database", ARGS_TEXT, &options.database, 1},
        {"--port", ARGS_TEXT, &options.port, 0},
        {"--name", ARGS_TEXT, &options.name, 0},
        {"--locked", ARGS_FLAG, &options.locked, 0},
        {0},
    };
    args_read(rows, argc, argv, usage);
    if (house->exists && house->own_database)
        err_die("This installation has a database of its own, which only `up` starts.");
    if (house->exists)
        database_keep_url(house, options.database);
    init_house(house, &options);
    if (schema_bring_up(house) != ERR_OK)
        return 1;
    program_find(house, &program);
    settings_write(house, &program, house->port);
    say("The installation is prepared%s.",
        house->locked ? "; its keys are locked" : ". Demonstration mode: its keys lie in files without a passphrase");
    return 0;
}
