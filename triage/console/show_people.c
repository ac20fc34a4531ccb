/* show_people.c -- registering someone who came in person or called, and the accounts of staff. */
#include <stdio.h>
#include <string.h>

#include "common/base/buf.h"
#include "common/base/mem.h"
#include "triage/console/show.h"
#include "triage/console/view.h"

enum { GROUP_DIGITS = 4, LINES_BYTES = 4096 };

static json_t *languages_of(void)
{
    size_t count;
    const struct language *table = language_table(&count);
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        need(json_array_append_new(list, json_pack("{s:s, s:s}", "code", table[i].code, "label", table[i].native)) ==
             0);
    return list;
}

void show_walkin_form(struct call *call, struct http_req *req, const json_t *answer)
{
    (void)answer;
    const struct reader *reader = &call->reader;
    json_t *context =
        json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "channels",
                  words_options(reader, WORDS_CHANNEL, CHANNELS_IN_PERSON, "in_person"), "kinds",
                  words_options(reader, WORDS_KIND, KINDS, "grievance"), "spoken", languages_of(), "yes_no",
                  words_options(reader, WORDS_YES_NO, YES_NO, NULL), "happened",
                  words_options(reader, WORDS_HAPPENED, HAPPENED, NULL), "speaking",
                  words_options(reader, WORDS_SPEAKING, SPEAKING, NULL), "ways",
                  words_options(reader, WORDS_WAY, WAYS, NULL), "groups", words_codes(reader, WORDS_PEOPLE, NULL),
                  "likelihoods", words_options(reader, WORDS_LIKELIHOOD, LIKELIHOODS, NULL));
    show_page(call, req, 200, "walkin", context);
}

/* Shown once, on the page that answers the form: it stands in no address, log or cookie. */
void show_receipt(struct call *call, struct http_req *req, const json_t *answer)
{
    json_t *groups = json_array();
    char group[GROUP_DIGITS + 1];
    size_t len = 0;
    for (const char *at = view_text(answer, "receipt"); *at; at++) {
        if (*at < '0' || *at > '9')
            continue;
        group[len++] = *at;
        if (len < GROUP_DIGITS && at[1])
            continue;
        group[len] = 0;
        len = 0;
        need(json_array_append_new(groups, json_string(group)) == 0);
    }
    memset(group, 0, sizeof group);
    http_set(req, "Clear-Site-Data", "\"cache\"");
    show_page(call, req, 201, "receipt", json_pack("{s:o, s:s}", "groups", groups, "case", view_text(answer, "case")));
}

/* ---- accounts ---- */

static int is(const json_t *person, const char *key)
{
    return json_is_true(json_object_get(person, key));
}

/* What else they are called, a line each. */
static json_t *view_lines(const json_t *list)
{
    struct buf lines = BUF_INIT(LINES_BYTES);
    for (size_t i = 0; i < json_array_size(list); i++)
        need(buf_addf(&lines, i ? "\n%s" : "%s", json_string_value(json_array_get(list, i))) == ERR_OK);
    json_t *text = json_string(buf_text(&lines));
    buf_free(&lines);
    return text;
}

static void people_page(struct call *call, struct http_req *req, const json_t *people, const char *password)
{
    const json_t *items = json_object_get(people, "items");
    json_t *list = json_array();
    for (size_t i = 0; i < json_array_size(items); i++) {
        const json_t *person = json_array_get(items, i);
        json_t *one = json_pack("{s:s, s:s, s:b, s:b, s:b, s:o}", "name", view_text(person, "name"), "role",
                                words_label(&call->reader, WORDS_ROLE, view_text(person, "role")), "ended",
                                is(person, "ended"), "is_waiting", is(person, "waiting") && !is(person, "ended"),
                                "is_bare", !is(person, "second_factor") && !is(person, "ended"), "aliases",
                                view_lines(json_object_get(person, "aliases")));
        need(one && json_array_append_new(list, one) == 0);
    }
    show_page(call, req, 200, "people",
              json_pack("{s:o, s:o, s:s*, s:s, s:b}", "people", list, "roles",
                        words_options(&call->reader, WORDS_ROLE, ROLES, "officer"), "password", password, "added",
                        call_form(call, "name"), "must_wait", is(call->kept, "waiting")));
}

void show_people(struct call *call, struct http_req *req, const json_t *answer)
{
    people_page(call, req, answer, NULL);
}

static void with_password(struct call *call, struct http_req *req, const json_t *answer)
{
    people_page(call, req, answer, view_text(call->kept, "password"));
}

/* The first password is shown once, here. */
void show_person_added(struct call *call, struct http_req *req, const json_t *answer)
{
    call->kept = json_deep_copy(answer);
    need(call->kept != NULL);
    call_ask(call, req, json_pack("{s:s}", "op", "people.list"), with_password);
}

void show_person_ended(struct call *call, struct http_req *req, const json_t *answer)
{
    (void)call;
    (void)answer;
    show_then(req, "/people", "ended");
}

void show_aliases_changed(struct call *call, struct http_req *req, const json_t *answer)
{
    (void)call;
    (void)answer;
    show_then(req, "/people", "aliases");
}
