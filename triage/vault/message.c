/* message.c -- see message.h. */
#include "triage/vault/message.h"

#include <string.h>

#include "common/base/clock.h"
#include "common/base/code.h"
#include "common/base/mem.h"
#include "common/text/json.h"
#include "triage/vault/evidence.h"

enum { CODE_MAX = 40, NUMBER_MAX = 32, NAME_MAX_BYTES = 200 };

static const char *code(const json_t *json, const char *key, size_t max, const char *otherwise)
{
    struct json_fault fault;
    const char *text = otherwise;
    return json_text(json, key, JSON_MAY_MISS, max, &text, &fault) == ERR_OK && *text ? text : otherwise;
}

static const json_t *object(const json_t *json, const char *key)
{
    const json_t *value = json_object_get(json, key);
    return json_is_object(value) ? value : NULL;
}

static const char *one_of(const char *text, const char *const *words, const char *otherwise)
{
    for (; *words; words++)
        if (strcmp(text, *words) == 0)
            return *words;
    return otherwise;
}

static const char *optional(const json_t *json, const char *key, size_t max)
{
    const char *text = code(json, key, max, "");
    return *text ? text : NULL;
}

static void read_receipts(const json_t *list, struct message *out)
{
    for (size_t i = 0; i < json_array_size(list) && out->receipt_count < PEPPERS_MAX; i++) {
        const json_t *each = json_array_get(list, i);
        if (json_is_string(each) && code_unhex(json_string_value(each), json_string_length(each),
                                               out->receipts[out->receipt_count], 32) == ERR_OK)
            out->receipt_count++;
    }
}

/* An act that we know; those about a question have its number behind a colon. */
static const char *act_of(const char *said)
{
    static const char *const acts[] = {"review", "withdraw",   "solved",     "keep",  "accept",
                                       "refuse", "helped",     "not_helped", "alone", "together",
                                       "partly", "not_solved", "erase",      "show",  NULL};
    static const struct {
        const char *act;
        size_t digits;
    } numbered[] = {{"agree:", 2}, {"disagree:", 2}, {"revoke:", 2}, {"hide:", 4}};
    for (size_t i = 0; i < sizeof numbered / sizeof *numbered; i++) {
        size_t len = strlen(numbered[i].act);
        size_t digits = strncmp(said, numbered[i].act, len) == 0 ? strlen(said) - len : 0;
        if (digits >= 1 && digits <= numbered[i].digits && strspn(said + len, "0123456789") == digits)
            return said;
    }
    return one_of(said, acts, "");
}

enum err message_read(const void *bytes, size_t len, struct message *out)
{
    static const char *const kinds[] = {"grievance", "flag", "question", "suggestion", "thanks", "consultation", NULL};
    static const char *const asides[] = {"flood", NULL};
    struct json_fault fault;
    *out = (struct message){0};
    enum err err = json_read_object(bytes, len, &out->json, &fault);
    if (err != ERR_OK)
        return ERR_MALFORMED;
    const json_t *j = out->json;
    out->kind = one_of(code(j, "kind", CODE_MAX, ""), kinds, "grievance");
    out->language = code(j, "language", CODE_MAX, "en");
    out->channel = code(j, "channel", CODE_MAX, "web");
    out->text = code(j, "text", MESSAGE_TEXT_MAX, "");
    out->act = act_of(code(j, "act", CODE_MAX, ""));
    out->from = optional(j, "from", NUMBER_MAX);
    out->to = optional(j, "to", NUMBER_MAX);
    /* A copy for another desk is no text of that number: what goes to the phone, and its STOP, is one case's. */
    out->is_sms = out->from && !json_object_get(j, "linked_from");
    out->sms_channel = optional(j, "sms_channel", NUMBER_MAX);
    if (out->is_sms && !out->sms_channel)
        out->sms_channel = out->channel;
    if (out->from)
        out->channel = "sms";
    out->organisation = optional(j, "organisation", NAME_MAX_BYTES);
    out->round = optional(j, "round", NAME_MAX_BYTES);
    out->answers = object(j, "answers");
    out->contact = object(j, "contact");
    out->speaking_as = code(out->answers ? out->answers : j, "speaking_as", CODE_MAX, "");
    out->at = clock_parse(code(j, "at", CODE_MAX, ""));
    if (out->at < 0 || out->at > clock_wall())
        out->at = clock_wall();
    out->read_back = json_is_true(json_object_get(j, "read_back"));
    out->synthetic = json_is_true(json_object_get(j, "synthetic"));
    out->aside = one_of(code(j, "aside", CODE_MAX, ""), asides, "");
    read_receipts(json_object_get(j, "receipts"), out);
    struct evidence_file files[MESSAGE_FILES_MAX];
    out->file_count = evidence_files(j, files, MESSAGE_FILES_MAX);
    for (size_t i = 0; i < out->file_count; i++)
        memcpy(out->files[i], files[i].id, sizeof out->files[i]);
    mem_wipe(files, sizeof files);
    return ERR_OK;
}

void message_free(struct message *message)
{
    json_decref(message->json);
    *message = (struct message){0};
}

static void add_text(struct rules_input *input, const json_t *text)
{
    if (!json_is_string(text) || json_string_length(text) == 0 || input->text_count == RULES_TEXTS_MAX)
        return;
    input->texts[input->text_count].text = json_string_value(text);
    input->texts[input->text_count++].len = json_string_length(text);
}

static void add_list(struct rules_input *input, const json_t *list)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        add_text(input, json_array_get(list, i));
}

/* Every text in an object, and in lists inside it: whatever question somebody chose to tell it under, the rules read
 * it. Of the office's own questions what the person said, not what the office asked. */
static void add_texts(struct rules_input *input, json_t *object)
{
    for (void *at = json_object_iter(object); at; at = json_object_iter_next(object, at)) {
        const json_t *each = json_object_iter_value(at);
        add_text(input, each);
        add_list(input, each);
        for (size_t i = 0; i < json_array_size(each); i++)
            add_list(input, json_object_get(json_array_get(each, i), "says"));
    }
}

void message_rules_input(const struct message *message, struct rules_input *out)
{
    *out = (struct rules_input){.answers = message->answers, .kind = message->kind, .arrived = message->at};
    out->texts[0].text = message->text;
    out->texts[0].len = strlen(message->text);
    out->text_count = 1;
    add_texts(out, json_object_get(message->json, "answers"));
    add_texts(out, json_object_get(message->json, "on_behalf_of"));
}

/* ---- what can be found again ---- */

static void add_line(const json_t *text, struct buf *out)
{
    if (json_is_string(text) && json_string_length(text) > 0 &&
        buf_add(out, json_string_value(text), json_string_length(text)) == ERR_OK)
        (void)!buf_add_text(out, "\n");
}

static void add_lines(const json_t *list, struct buf *out)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        add_line(json_array_get(list, i), out);
}

/* A text, several, or the answers to the office's own questions. */
static void add_words(const json_t *value, struct buf *out)
{
    add_line(value, out);
    add_lines(value, out);
    for (size_t i = 0; i < json_array_size(value); i++)
        add_lines(json_object_get(json_array_get(value, i), "says"), out);
}

/* A search for "no" should not find everybody who is in no danger. A round's questions are its partner's own. */
static int is_code(const char *answer)
{
    static const char *const coded[] = {"danger_now", "ongoing", "likelihood", "speaking_as", "groups", "retaliation"};
    for (size_t i = 0; i < sizeof coded / sizeof *coded; i++)
        if (strcmp(answer, coded[i]) == 0)
            return 1;
    return 0;
}

void message_words(const json_t *inside, struct buf *out)
{
    int is_round = strcmp(code(inside, "kind", CODE_MAX, ""), "consultation") == 0;
    json_t *answers = json_object_get(inside, "answers"), *value;
    const char *answer;
    add_words(json_object_get(inside, "text"), out);
    json_object_foreach(answers, answer, value) if (is_round || !is_code(answer)) add_words(value, out);
    add_words(json_object_get(json_object_get(inside, "on_behalf_of"), "who"), out);
    add_words(json_object_get(json_object_get(inside, "on_behalf_of"), "why"), out);
}
