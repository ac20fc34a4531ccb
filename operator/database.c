/* database.c -- see database.h. */
#include "operator/database.h"

#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "common/base/file.h"
#include "common/base/mem.h"
#include "operator/crew.h"
#include "operator/say.h"

static const char URL_FILE[] = "secrets/operator/database.url";

static void read_url(const struct house *house, char out[static DATABASE_URL_MAX])
{
    char path[HOUSE_PATH];
    struct buf text = BUF_INIT(DATABASE_URL_MAX - 1);
    house_path(house, path, "%s", URL_FILE);
    if (file_read(path, &text) != ERR_OK)
        err_die("%s cannot be read: give --database URL again.", path);
    snprintf(out, DATABASE_URL_MAX, "%s", buf_text(&text));
    buf_free(&text);
}

/* Behind "postgresql://": where the host begins, past the name and password. NULL: not such a URL. */
static const char *host_in(const char *url)
{
    static const char *const BEGINNINGS[] = {"postgresql://", "postgres://"};
    for (size_t i = 0; i < 2; i++) {
        size_t len = strlen(BEGINNINGS[i]);
        if (strncmp(url, BEGINNINGS[i], len) != 0)
            continue;
        const char *host = url + len;
        size_t before_path = strcspn(host, "/?");
        const char *at = memrchr(host, '@', before_path);
        return at ? at + 1 : host;
    }
    return NULL;
}

void database_keep_url(const struct house *house, const char *url)
{
    char path[HOUSE_PATH];
    const char *host = host_in(url);
    if (!host || strlen(url) >= DATABASE_URL_MAX || strpbrk(url, " \t\r\n\\'"))
        err_die("--database wants postgresql://ROLE[:PASSWORD]@HOST[:PORT]/NAME in one piece.");
    if (strstr(host, "password=") || strstr(host, "user="))
        err_die("--database wants role and password in front of the @, because each process puts its own there.");
    house_path(house, path, "secrets/operator");
    crew_folder(house, path, NULL, 0700);
    house_path(house, path, "%s", URL_FILE);
    crew_secret(house, path, NULL, url, strlen(url));
}

/* One host of the list; "" for numbers and sockets, and for a name that is not found. */
static void look_up(const char *address, char out[static NI_MAXHOST])
{
    char host[NI_MAXHOST];
    struct addrinfo *found = NULL;
    const struct addrinfo numeric = {.ai_flags = AI_NUMERICHOST}, any = {.ai_socktype = SOCK_STREAM};
    size_t len = strcspn(address, ":,/?");
    out[0] = '\0';
    if (len == 0 || len >= sizeof host || address[0] == '[' || address[0] == '%')
        return;
    snprintf(host, sizeof host, "%.*s", (int)len, address);
    if (getaddrinfo(host, NULL, &numeric, &found) == 0) {
        freeaddrinfo(found);
        return;
    }
    if (getaddrinfo(host, NULL, &any, &found) != 0) {
        say("A host name of the database cannot be found now; it is looked up again at the next start.");
        return;
    }
    if (getnameinfo(found->ai_addr, found->ai_addrlen, out, NI_MAXHOST, NULL, 0, NI_NUMERICHOST) != 0)
        out[0] = '\0';
    freeaddrinfo(found);
}

/* The processes' sandboxes leave no way to look up names (and libpq's look-up would stand still in the loop), so each
 * is looked up here, at each start, and its number is given beside it: "&hostaddr=192.0.2.1,192.0.2.2", with nothing
 * between the commas where none is needed; "" when there is no name among them. */
static void look_up_all(const char *address, char out[static DATABASE_URL_MAX])
{
    char numbers[DATABASE_URL_MAX] = "", number[NI_MAXHOST];
    size_t end = strcspn(address, "/?");
    int found = 0, len = 0;
    for (const char *host = address; host && host < address + end;) {
        look_up(host, number);
        found |= number[0] != '\0';
        len += snprintf(numbers + len, sizeof numbers - (size_t)len, "%s%s", host == address ? "" : ",", number);
        if ((size_t)len >= sizeof numbers)
            err_die("The database's hosts are too many.");
        host = memchr(host, ',', (size_t)(address + end - host));
        host = host ? host + 1 : NULL;
    }
    if (!found)
        numbers[0] = '\0';
    const char *before = !found ? "" : strchr(address, '?') ? "&hostaddr=" : "?hostaddr=";
    if (snprintf(out, DATABASE_URL_MAX, "%s%s", before, numbers) >= DATABASE_URL_MAX)
        err_die("The database's hosts are too many.");
}

void database_conninfo(const struct house *house, const char *role, char out[static HOUSE_PATH])
{
    char url[DATABASE_URL_MAX];
    int len;
    if (house->own_database) {
        len = snprintf(out, HOUSE_PATH, "host=%s/run/pg dbname=recourse user=%s", house->dir, role);
    } else {
        read_url(house, url);
        const char *address = host_in(url);
        char numbers[DATABASE_URL_MAX];
        if (!address)
            err_die("%s is not a postgresql:// address: give --database URL again.", URL_FILE);
        look_up_all(address, numbers);
        len = snprintf(out, HOUSE_PATH, "postgresql://%s@%s%s", role, address, numbers);
        mem_wipe(url, sizeof url);
    }
    if (len >= HOUSE_PATH)
        err_die("The database's address is too long.");
}

void database_operator(const struct house *house, char out[static DATABASE_URL_MAX])
{
    if (!house->own_database) {
        read_url(house, out);
        return;
    }
    char conninfo[HOUSE_PATH];
    database_conninfo(house, "recourse_operator", conninfo);
    snprintf(out, DATABASE_URL_MAX, "%s", conninfo);
}

static void add_login(const struct house *house, struct database_login *login, const char *role, const char *process,
                      const char *file, const char *user)
{
    snprintf(login->role, sizeof login->role, "%s", role);
    snprintf(login->user, sizeof login->user, "%s", user);
    house_path(house, login->path, "secrets/%s/%s", process, file);
}

size_t database_logins(const struct house *house, struct database_login out[static DATABASE_LOGINS_MAX])
{
    size_t count = 0;
    add_login(house, &out[count++], "recourse_intake", "intake", "db.password", "recourse-intake");
    add_login(house, &out[count++], "recourse_sms", "sms", "db.password", "recourse-sms");
    add_login(house, &out[count++], "recourse_triage", "console", "db.password", "recourse-triage");
    for (size_t i = 0; i < house->desk_count; i++) {
        char role[48], process[40], user[40];
        const char *desk = house->desks[i].name;
        snprintf(role, sizeof role, "recourse_vault_%s", desk);
        snprintf(process, sizeof process, "vault-%s", desk);
        snprintf(user, sizeof user, "recourse-vault-%s", desk);
        add_login(house, &out[count++], role, process, "db.password", user);
        /* The sequencer is a child of the first desk's vault. */
        if (i == 0)
            add_login(house, &out[count++], "recourse_audit", process, "audit.password", user);
    }
    return count;
}
