/* door_console.h -- all that the console may do in the database: say that it lives. Role recourse_triage. */
#ifndef STORE_DOOR_CONSOLE_H
#define STORE_DOOR_CONSOLE_H

#include "store/store.h"

struct door_console;
struct door_console *door_console_new(struct loop *loop, const char *conninfo, const char *password_path);
void door_console_free(struct door_console *door);
int door_console_is_up(const struct door_console *door);
/* Once a minute; nobody waits for it. */
void door_console_beat(struct door_console *door);

#endif
