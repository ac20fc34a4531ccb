/* fuzz_conf.c -- any configuration file: settings within their rows' limits, or one sentence that names the file; a
 * reload that fails changes nothing. */
#include "common/base/conf.h"
#include "tests/fuzz/fuzz.h"

struct settings {
    int64_t port;
    int demonstration;
    char *office, *certificate;
};

static const struct conf_row rows[] = {
    {"http", "port", CONF_NUMBER, offsetof(struct settings, port), "8443", 1, 65535, 1, "The port."},
    {"http", "certificate", CONF_PATH, offsetof(struct settings, certificate), "", 0, 0, 1, "The certificate."},
    {"office", "name", CONF_TEXT, offsetof(struct settings, office), "Office", 0, 20, 1, "Its name."},
    {"office", "demonstration", CONF_BOOL, offsetof(struct settings, demonstration), "no", 0, 0, 0, "Not for people."},
    {"channel", "*", CONF_TEXT, 0, NULL, 0, 0, 0, "A door for texts."},
    {0},
};

static const char *each_setting(void *room, const char *name, const char *key, const char *value)
{
    unsigned *count = room;
    need(*key && strlen(name) <= 48 && strlen(value) < 200);
    return ++*count > 50 ? "is one too many" : NULL;
}

static void is_within_limits(const struct settings *s, const char *path)
{
    need(s->port >= 1 && s->port <= 65535 && (s->demonstration == 0 || s->demonstration == 1));
    need(s->office && strlen(s->office) <= 20);
    need(s->certificate && (*s->certificate == 0 || *s->certificate == '/'));
    (void)path;
}

static void is_unchanged(const struct settings *before, const struct settings *now)
{
    need(now->port == before->port && now->demonstration == before->demonstration);
    need(now->office == before->office && now->certificate == before->certificate);
}

static void sentence_is_good(const char *says)
{
    need(strncmp(says, "room.ini:", 9) == 0 && strlen(says) < 256 && !strchr(says, '\n'));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *path = fuzz_file("room.ini", data, size);
    struct settings settings = {0}, before;
    char says[256] = "";
    unsigned count = 0;
    enum err err = conf_load(rows, path, &settings, says);
    if (err == ERR_OK) {
        is_within_limits(&settings, path);
        need(conf_reload(rows, path, &settings, says) == ERR_OK);
        is_within_limits(&settings, path);
        before = settings;
        need(conf_reload(rows, fuzz_file("room.ini", (const uint8_t *)"[http]\nport=0\n", 14), &settings, says) ==
             ERR_MALFORMED);
        is_unchanged(&before, &settings);
        conf_free(rows, &settings);
    } else {
        need(err == ERR_MALFORMED && !settings.office && !settings.certificate);
        sentence_is_good(says);
    }
    path = fuzz_file("room.ini", data, size);
    if (conf_each(path, "channel", each_setting, &count, says) != ERR_OK)
        sentence_is_good(says);
    return 0;
}
