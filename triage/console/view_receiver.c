/* view_receiver.c -- the directory of other mechanisms as pages show it (view.h). */
#include <string.h>

#include "triage/console/view.h"

enum { FINGERPRINT_GROUP = 4 };

/* "12ab 34cd …": to be read aloud, and compared. */
static json_t *in_groups(const char *hex)
{
    json_t *groups = json_array();
    size_t len = strlen(hex);
    for (size_t i = 0; i < len; i += FINGERPRINT_GROUP)
        need(json_array_append_new(
                 groups, json_stringn(hex + i, len - i < FINGERPRINT_GROUP ? len - i : FINGERPRINT_GROUP)) == 0);
    return groups;
}

static json_t *by_and_when(const struct reader *reader, const json_t *from, const char *words)
{
    static const char *const texts[] = {"by", NULL};
    if (!json_is_object(from))
        return NULL;
    json_t *to = json_object();
    view_put_texts(to, from, texts);
    view_put(to, "second", json_string(view_text(from, "by")));
    view_put(to, "at", words_time(reader, view_text(from, "at"), 0));
    view_put(to, "words", json_string(view_text(from, words)));
    return to;
}

json_t *view_receiver(const struct reader *reader, const json_t *receiver)
{
    static const char *const texts[] = {"receiver", "name", "jurisdiction", "takes", "contact", NULL};
    const json_t *certificate = json_object_get(receiver, "certificate");
    const char *lacks = view_text(receiver, "lacks"), *sha256 = view_text(certificate, "sha256");
    json_t *to = json_object(), *chosen = json_pack("[s]", view_text(receiver, "mechanism"));
    view_put_texts(to, receiver, texts);
    view_put_number(to, "version", receiver);
    view_put_label(reader, to, "mechanism", WORDS_MECHANISM, receiver, "mechanism");
    view_put_label(reader, to, "class", WORDS_MECHANISM_CLASS, receiver, "class");
    view_put(to, "mechanisms", words_codes(reader, WORDS_MECHANISM, chosen));
    view_put(to, "lacks", *lacks ? json_string(words_text(reader, lacks)) : NULL);
    view_put(to, "is_ended", json_boolean(json_is_true(json_object_get(receiver, "is_ended"))));
    view_put(to, "may_check", json_boolean(json_is_true(json_object_get(receiver, "may_check"))));
    view_put(to, "vouched", by_and_when(reader, certificate, "sha256"));
    view_put(to, "until", words_time(reader, view_text(certificate, "until"), 0));
    view_put_list(to, "fingerprint", in_groups(sha256));
    view_put(to, "checked", by_and_when(reader, json_object_get(receiver, "checked"), "how"));
    view_put(to, "ended", by_and_when(reader, json_object_get(receiver, "ended"), "reason"));
    view_put_list(to, "history", view_history(reader, json_object_get(receiver, "history")));
    json_decref(chosen);
    return to;
}
