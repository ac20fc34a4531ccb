/* cmd_channel.c -- recourse channel add: a telephone number, spoken through a provider (docs/sms.md). Secrets go into
 * files that the gateway alone reads; recourse.ini names them. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/base/file.h"
#include "common/base/mem.h"
#include "operator/args.h"
#include "operator/commands.h"
#include "operator/crew.h"
#include "operator/say.h"

enum { SECRET_MAX_BYTES = 256 * 1024 }; /* a file of authorities is the longest */

struct channel {
    const char *name, *kind, *number, *desk, *language;
    const char *send_url, *username, *password_file; /* kannel */
    const char *account, *token_file, *public_url;   /* twilio */
    const char *address, *ca;                        /* smtp */
    struct buf lines;
};

static void add_line(struct channel *c, const char *key, const char *value)
{
    if (!house_is_line(value))
        err_die("The value of %s must be one line of at most 150 bytes.", key);
    need(buf_addf(&c->lines, "%s = %s\n", key, value) == ERR_OK);
}

static void need_value(const char *option, const char *value)
{
    if (!value)
        err_die("%s is missing for a channel of this kind.", option);
}

/* Copy a secret that the operator has in a file to where the gateway may read it. */
static void keep_secret(const struct house *house, struct channel *c, const char *key, const char *from)
{
    char path[HOUSE_PATH];
    struct buf text = BUF_INIT(SECRET_MAX_BYTES);
    if (file_read(from, &text) != ERR_OK || !text.len)
        err_die("The file given for %s cannot be read, or is empty.", key);
    house_path(house, path, "secrets/sms/channel-%s.%s", c->name, key);
    crew_secret(house, path, "recourse-sms", text.bytes, text.len);
    add_line(c, key, path);
    buf_free(&text);
}

static void add_kannel(const struct house *house, struct channel *c)
{
    char path[HOUSE_PATH];
    struct buf secret = BUF_INIT(256);
    need_value("--send-url", c->send_url);
    need_value("--username", c->username);
    need_value("--password-file", c->password_file);
    house_path(house, path, "secrets/sms/channel-%s.secret", c->name);
    crew_random_secret(house, path, "recourse-sms", 24);
    add_line(c, "secret", path);
    add_line(c, "send_url", c->send_url);
    add_line(c, "username", c->username);
    keep_secret(house, c, "password", c->password_file);
    if (file_read(path, &secret) != ERR_OK)
        err_die("%s cannot be read.", path);
    say("Kannel's post-url (docs/kannel has a whole configuration; the key is a secret):");
    say("http://127.0.0.1:%" PRId64 "/sms/%s?key=%.*s&id=%%I&time=%%T", house->port + 20, c->name,
        (int)strcspn(buf_text(&secret), "\n"), buf_text(&secret));
    buf_free(&secret);
}

static void add_twilio(const struct house *house, struct channel *c)
{
    need_value("--account", c->account);
    need_value("--token-file", c->token_file);
    need_value("--public-url", c->public_url);
    add_line(c, "account", c->account);
    add_line(c, "public_url", c->public_url);
    if (c->send_url) /* a regional edge of Twilio's, or a proxy of one's own */
        add_line(c, "api_url", c->send_url);
    keep_secret(house, c, "token", c->token_file);
    say("Twilio's webhook, by POST: %s", c->public_url);
}

/* For messages to who is on call: nothing comes in by it, and most relays want a name and a password. */
static void add_smtp(const struct house *house, struct channel *c)
{
    need_value("--address", c->address);
    need_value("--send-url", c->send_url);
    add_line(c, "address", c->address);
    add_line(c, "send_url", c->send_url);
    if (c->username) {
        need_value("--password-file", c->password_file);
        add_line(c, "username", c->username);
        keep_secret(house, c, "password", c->password_file);
    }
    if (c->ca)
        keep_secret(house, c, "ca", c->ca);
    say("Who is on call can be told by e-mail once [alarm] email_channel = %s stands in recourse.ini.", c->name);
}

static const struct {
    const char *kind;
    void (*add)(const struct house *house, struct channel *c);
} KINDS[] = {{"kannel", add_kannel}, {"twilio", add_twilio}, {"smtp", add_smtp}};

int command_channel_add(struct house *house, int argc, char *const *argv, const char *usage)
{
    struct channel c = {.lines = BUF_INIT(4096)};
    const struct args_row rows[] = {{"NAME", ARGS_PLACE, &c.name, 1},
                                    {"--kind", ARGS_TEXT, &c.kind, 1},
                                    {"--number", ARGS_TEXT, &c.number, 0},
                                    {"--address", ARGS_TEXT, &c.address, 0},
                                    {"--ca-file", ARGS_TEXT, &c.ca, 0},
                                    {"--desk", ARGS_TEXT, &c.desk, 0},
                                    {"--language", ARGS_TEXT, &c.language, 0},
                                    {"--send-url", ARGS_TEXT, &c.send_url, 0},
                                    {"--username", ARGS_TEXT, &c.username, 0},
                                    {"--password-file", ARGS_TEXT, &c.password_file, 0},
                                    {"--account", ARGS_TEXT, &c.account, 0},
                                    {"--token-file", ARGS_TEXT, &c.token_file, 0},
                                    {"--public-url", ARGS_TEXT, &c.public_url, 0},
                                    {0}};
    args_read(rows, argc, argv, usage);
    if (!house_is_name(c.name))
        err_die("A channel's name has at most 16 lower-case letters, digits, - and _ and begins with a letter.");
    for (size_t i = 0; i < house->channel_count; i++)
        if (strcmp(house->channels[i].name, c.name) == 0)
            err_die("There is a channel %s already.", c.name);
    if (c.desk && !house_has_desk(house, c.desk))
        err_die("There is no such desk.");
    size_t kind = 0;
    while (kind < sizeof KINDS / sizeof *KINDS && strcmp(KINDS[kind].kind, c.kind) != 0)
        kind++;
    if (kind == sizeof KINDS / sizeof *KINDS)
        err_die("--kind is kannel, twilio or smtp.");
    add_line(&c, "kind", c.kind);
    if (strcmp(c.kind, "smtp") != 0) {
        need_value("--number", c.number);
        add_line(&c, "number", c.number);
    }
    add_line(&c, "desk", c.desk ? c.desk : house->desks[0].name);
    add_line(&c, "language", c.language ? c.language : "en");
    KINDS[kind].add(house, &c);
    house_add_section(house, "channel", c.name, buf_text(&c.lines));
    buf_free(&c.lines);
    say("Channel %s starts with the next start of the installation.", c.name);
    return 0;
}
