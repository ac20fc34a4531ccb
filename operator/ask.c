/* ask.c -- see ask.h. Answers may hold a password or a token: the buffers wipe, and so does jansson (mem.h). */
#include "operator/ask.h"

#include <string.h>

#include "common/base/frame.h"
#include "common/base/mem.h"

enum { ANSWER_MAX = 1024 * 1024 };

enum err ask_vault(const struct house *house, const char *desk, json_t *ask, int64_t deadline_ms, json_t **out)
{
    char path[HOUSE_PATH];
    struct buf answer = BUF_INIT(ANSWER_MAX);
    house_path(house, path, "run/vault-%s/operator.sock", desk);
    char *text = json_dumps(ask, JSON_COMPACT);
    need(text != NULL);
    json_decref(ask);
    enum err err = frame_ask_once(path, text, strlen(text), deadline_ms, &answer);
    mem_free(text);
    if (err == ERR_OK) {
        *out = json_loadb(buf_text(&answer), answer.len, JSON_REJECT_DUPLICATES, NULL);
        err = json_is_object(*out) ? ERR_OK : ERR_MALFORMED;
    }
    buf_free(&answer);
    return err;
}

json_t *ask_vault_or_die(const struct house *house, const char *desk, json_t *ask)
{
    json_t *answer;
    if (!house_has_desk(house, desk))
        err_die("There is no desk %s.", house_is_name(desk) ? desk : "of that name");
    enum err err = ask_vault(house, desk, ask, ASK_MS, &answer);
    if (err == ERR_NOT_FOUND)
        err_die("The vault of desk %s is not running. Start the installation: recourse --data %s up", desk, house->dir);
    if (err == ERR_DENIED)
        err_die("The vault of desk %s listens to the user that started it alone.", desk);
    if (err != ERR_OK)
        err_die("The vault of desk %s did not answer: %s.", desk, err_says(err));
    if (strcmp(ask_text(answer, "error"), "locked") == 0)
        err_die("The vault of desk %s is locked: recourse --data %s unlock", desk, house->dir);
    if (!json_is_true(json_object_get(answer, "ok")))
        err_die("The vault of desk %s says: %s", desk, ask_text(answer, "says"));
    return answer;
}

void ask_done(json_t *answer)
{
    json_decref(answer);
}

const char *ask_text(const json_t *answer, const char *key)
{
    const char *text = json_string_value(json_object_get(answer, key));
    return text ? text : "";
}

enum err ask_unlock(const struct house *house, const char *desk, const char *passphrase, size_t len)
{
    json_t *answer, *ask = json_pack("{s:s, s:s%}", "op", "unlock", "passphrase", passphrase, len);
    if (!ask)
        return ERR_DENIED; /* not UTF-8: no passphrase of ours */
    enum err err = ask_vault(house, desk, ask, ASK_MS, &answer);
    if (err != ERR_OK)
        return err;
    if (!json_is_true(json_object_get(answer, "ok")))
        err = strcmp(ask_text(answer, "error"), "denied") == 0 ? ERR_DENIED : ERR_INTERNAL;
    ask_done(answer);
    return err;
}
