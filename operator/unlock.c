/* unlock.c -- see unlock.h. */
#include "operator/unlock.h"

#include <string.h>
#include <unistd.h>

#include "operator/args.h"
#include "operator/ask.h"
#include "operator/commands.h"
#include "operator/say.h"

enum { TRIES = 3 };

static enum err unlock_all(const struct house *house, const char *desk, const struct buf *passphrase)
{
    for (size_t i = 0; i < house->desk_count; i++) {
        const char *code = house->desks[i].name;
        if (desk && strcmp(desk, code) != 0)
            continue;
        enum err err = ask_unlock(house, code, buf_text(passphrase), passphrase->len);
        if (err == ERR_DENIED)
            say_wrong("The vault of desk %s says: that is not its passphrase.", code);
        else if (err != ERR_OK)
            say_wrong("The vault of desk %s could not be asked: %s.", code, err_says(err));
        if (err != ERR_OK)
            return err;
        say("The vault of desk %s is unlocked.", code);
    }
    return ERR_OK;
}

enum err unlock_desks(const struct house *house, const char *desk)
{
    enum err err = ERR_DENIED;
    for (int i = 0; i < TRIES && err == ERR_DENIED; i++) {
        struct buf passphrase = BUF_INIT(SAY_PASSPHRASE_MAX);
        err = say_passphrase("Passphrase of the desks' keys", 0, &passphrase);
        if (err != ERR_OK)
            say_wrong("No passphrase was given.");
        else
            err = unlock_all(house, desk, &passphrase);
        buf_free(&passphrase);
        if (!isatty(STDIN_FILENO))
            break;
    }
    return err;
}

int command_unlock(struct house *house, int argc, char *const *argv, const char *usage)
{
    const char *desk = NULL;
    const struct args_row rows[] = {{"--desk", ARGS_TEXT, &desk, 0}, {0}};
    args_read(rows, argc, argv, usage);
    if (desk && !house_has_desk(house, desk))
        err_die("There is no such desk.");
    if (!house->locked)
        err_die("The key files of this installation have no passphrase: its vaults unlock by themselves.");
    return unlock_desks(house, desk) == ERR_OK ? 0 : 1;
}
