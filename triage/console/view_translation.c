/* view_translation.c -- translations on the page of a case: beside each message what was made of it, our own words that
 * came back, what is still open, and the form that asks for one (view.h). */
#include <string.h>

#include "common/base/mem.h"
#include "triage/console/fields.h"
#include "triage/console/view.h"

static json_t *view_made(const struct reader *reader, const json_t *task)
{
    static const char *const texts[] = {"text", "draft", "done_by", "translator", "note", NULL};
    json_t *to = json_object();
    view_put_texts(to, task, texts);
    view_put(to, "to", json_string(words_language(reader, view_text(task, "to"))));
    view_put(to, "to_code", json_string(view_text(task, "to")));
    view_put(to, "is_open", json_boolean(!*view_text(task, "text")));
    view_put_label(reader, to, "method", WORDS_METHOD, task, "method");
    view_put(to, "done_at", words_time(reader, view_text(task, "done_at"), 0));
    return to;
}

/* Of the message with that row ("": of words of ours). */
static json_t *made_of(const struct reader *reader, const json_t *tasks, const char *row)
{
    json_t *list = json_array();
    for (size_t i = 0; i < json_array_size(tasks); i++) {
        const json_t *task = json_array_get(tasks, i);
        if (strcmp(view_text(task, "row"), row) == 0)
            need(json_array_append_new(list, view_made(reader, task)) == 0);
    }
    return list;
}

/* [{"row","label"}]: the messages by number and first words. */
static json_t *choices_of(const json_t *messages)
{
    enum { SHOWN = 60 };
    json_t *list = json_array();
    for (size_t i = 0; i < json_array_size(messages); i++) {
        const json_t *message = json_array_get(messages, i);
        const char *text = view_text(message, "text");
        size_t len = strlen(text);
        int is_cut = len > SHOWN;
        for (len = is_cut ? SHOWN : len; is_cut && len > 0 && ((unsigned char)text[len] & 0xC0) == 0x80;)
            len--; /* not in the middle of a character */
        json_t *one = json_pack("{s:s, s:o}", "row", view_text(message, "row"), "label",
                                json_sprintf("%zu · %.*s%s", i + 1, (int)len, text, is_cut ? "…" : ""));
        need(one && json_array_append_new(list, one) == 0);
    }
    return list;
}

void view_put_translations(const struct reader *reader, const json_t *answer, json_t *to)
{
    const json_t *tasks = json_object_get(answer, "translations"), *messages = json_object_get(answer, "conversation");
    json_t *shown = json_object_get(to, "conversation"), *names = json_object_get(answer, "translators");
    for (size_t i = 0; i < json_array_size(shown); i++)
        view_put_list(json_array_get(shown, i), "translations",
                      made_of(reader, tasks, view_text(json_array_get(messages, i), "row")));
    view_put_list(to, "own_translations", made_of(reader, tasks, ""));
    view_put_list(to, "to_translate", choices_of(messages));
    view_put_list(to, "translators", json_is_array(names) ? json_incref(names) : json_array());
}
