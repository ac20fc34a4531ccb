/* greet.c -- see greet.h. */
#include "operator/greet.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "operator/ask.h"
#include "operator/crew.h"
#include "operator/say.h"

enum { STATUS_MS = 2000 };

/* ---- health ---- */

static int is_ready_at(int64_t port)
{
    static const char ASK[] = "GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    static const char GOOD[] = "HTTP/1.1 200";
    char answer[sizeof GOOD] = "";
    struct timeval wait = {.tv_sec = 1};
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return 0;
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
    int good = connect(fd, (struct sockaddr *)&at, sizeof at) == 0 &&
               send(fd, ASK, sizeof ASK - 1, MSG_NOSIGNAL) == (ssize_t)(sizeof ASK - 1) &&
               recv(fd, answer, sizeof GOOD - 1, MSG_WAITALL) == (ssize_t)(sizeof GOOD - 1) &&
               strcmp(answer, GOOD) == 0;
    close(fd);
    return good;
}

static int vault_status(const struct house *house, const char *desk, json_t **out)
{
    return ask_vault(house, desk, json_pack("{s:s}", "op", "status"), STATUS_MS, out) == ERR_OK;
}

static int member_answers(const struct house *house, int64_t port, const struct crew_member *member)
{
    json_t *answer;
    if (member->kind->health_behind)
        return is_ready_at(port + member->kind->health_behind);
    /* A keys process speaks to its vault alone; the vault's answer stands for both. */
    if (strcmp(member->kind->name, "vault") != 0)
        return 1;
    if (!vault_status(house, member->desk, &answer))
        return 0;
    ask_done(answer);
    return 1;
}

int greet_answers(const struct house *house, int64_t port, int after_unlock, char waiting_for[static HOUSE_PATH])
{
    struct crew_member members[CREW_MAX];
    size_t count = crew_list(house, members);
    for (size_t i = 0; i < count; i++)
        if (members[i].kind->after_unlock == after_unlock && !member_answers(house, port, &members[i])) {
            snprintf(waiting_for, HOUSE_PATH, "%s", members[i].name);
            return 0;
        }
    return 1;
}

int greet_is_unlocked(const struct house *house)
{
    int open = 1;
    for (size_t i = 0; open && i < house->desk_count; i++) {
        json_t *answer;
        if (!vault_status(house, house->desks[i].name, &answer))
            return 0;
        open = json_is_false(json_object_get(answer, "locked")) && !json_is_true(json_object_get(answer, "rebuilding"));
        ask_done(answer);
    }
    return open;
}

/* ---- what is printed ---- */

void greet_addresses(const struct house *house, int64_t port)
{
    say("  people who report   https://%s:%" PRId64 "/", house->public_name, port);
    say("  staff               https://%s:%" PRId64 "/", house->staff_name, port + 1);
    say("  SMS webhooks        https://%s:%" PRId64 "/sms/CHANNEL", house->public_name, port + 2);
}

int greet_first_officer(const struct house *house)
{
    json_t *answer;
    const char *desk = house->desks[0].name;
    if (!vault_status(house, desk, &answer))
        return 0;
    int64_t members = json_integer_value(json_object_get(answer, "members"));
    ask_done(answer);
    if (members > 0)
        return 0;
    json_t *ask = json_pack("{s:s, s:s, s:s}", "op", "staff.add", "name", "officer", "role", "officer");
    if (ask_vault(house, desk, ask, ASK_MS, &answer) != ERR_OK) {
        say_wrong("The first officer could not be admitted: recourse --data %s staff add", house->dir);
        return 0;
    }
    int admitted = json_is_true(json_object_get(answer, "ok"));
    if (admitted)
        say("  first staff login   name officer, password %s (shown this once)", ask_text(answer, "password"));
    else
        say_wrong("The first officer could not be admitted: %s", ask_text(answer, "says"));
    ask_done(answer);
    return admitted;
}
