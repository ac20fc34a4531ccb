/* fuzz_message.c -- anything inside a seal, as the vault reads it (triage/vault/message.h), and what the rules say to
 * it: known words only, within the limits, the same again for the same input, and more text never lowers a case. Each
 * file that it names well is found once, in order (evidence.h); what can be found again of it is text and has what was
 * told; what is known from it of a person (identify.h) are texts. */
#include "common/base/code.h"
#include "common/base/mem.h"
#include "common/text/utf8.h"
#include "tests/fuzz/fuzz.h"
#include "triage/vault/entry.h"
#include "triage/vault/evidence.h"
#include "triage/vault/identify.h"
#include "triage/vault/message.h"

static struct rules *rules;

void fuzz_start(void)
{
    char says[SAYS_SIZE];
    need(rules_load(SOURCE_ROOT "/triage/rules", &rules, says) == ERR_OK);
}

static void is_as_promised(const struct message *m)
{
    need(m->kind && m->language && m->channel && m->text && m->speaking_as);
    need(strlen(m->kind) <= 40 && strlen(m->language) <= 40 && strlen(m->channel) <= 40);
    need(strlen(m->text) <= MESSAGE_TEXT_MAX && m->at >= 0);
    need((m->from != NULL) == m->is_sms && (!m->is_sms || (m->sms_channel && strcmp(m->channel, "sms") == 0)));
    need((!m->answers || json_is_object(m->answers)) && (!m->contact || json_is_object(m->contact)));
}

static void proposal_is_good(const struct rules_proposal *p)
{
    need(p->count <= RULES_FIRED_MAX);
    for (size_t i = 0; i < p->count; i++) {
        need(p->fired[i].rule && p->fired[i].says && p->fired[i].hit_count <= RULES_HITS_MAX);
        for (unsigned hit = 0; hit < p->fired[i].hit_count; hit++)
            need(strlen(p->fired[i].hits[hit]) <= RULES_HIT_BYTES);
    }
}

static void rules_raise(const struct message *message)
{
    static struct rules_input input;
    static struct rules_proposal whole, same, less;
    message_rules_input(message, &input);
    need(input.text_count >= 1 && input.text_count <= RULES_TEXTS_MAX);
    rules_propose(rules, &input, &whole);
    rules_propose(rules, &input, &same);
    proposal_is_good(&whole);
    need(whole.count == same.count && whole.due_s == same.due_s && whole.is_danger == same.is_danger);
    input.text_count--;
    rules_propose(rules, &input, &less);
    need(less.count <= whole.count && less.is_danger <= whole.is_danger && less.due_s >= whole.due_s);
    need(severity_weight(&less.severity, message->at) <= severity_weight(&whole.severity, message->at));
}

/* ---- files ---- */

/* An entry of the list as docs/evidence.md has it; whether it is one. */
static int is_file(const json_t *entry, struct evidence_file *out)
{
    const char *id = json_string_value(json_object_get(entry, "id"));
    const char *key = json_string_value(json_object_get(entry, "key"));
    return id && key && code_unhex(id, strlen(id), out->id, PIECE_ID) == ERR_OK &&
           code_unbase64_exact(key, strlen(key), out->key, PIECE_KEY) == ERR_OK;
}

/* Those named well are `files`, in order, each id once: the first that has it says the key. */
static void files_are_as_named(const json_t *list, const struct evidence_file *files, size_t count)
{
    size_t found = 0;
    for (size_t i = 0; i < json_array_size(list) && i < EVIDENCE_FILES_MAX; i++) {
        struct evidence_file file;
        size_t at = 0;
        if (!is_file(json_array_get(list, i), &file))
            continue;
        while (at < found && memcmp(files[at].id, file.id, PIECE_ID) != 0)
            at++;
        need(at < count);
        need(at < found || memcmp(&files[at], &file, sizeof file) == 0);
        found += at == found;
    }
    need(found == count);
}

static void files_are_good(const struct message *message)
{
    struct evidence_file files[EVIDENCE_FILES_MAX], fewer[EVIDENCE_FILES_MAX];
    size_t count = evidence_files(message->json, files, EVIDENCE_FILES_MAX);
    need(count <= EVIDENCE_FILES_MAX && message->file_count == count);
    for (size_t i = 0; i < count; i++)
        need(memcmp(message->files[i], files[i].id, PIECE_ID) == 0);
    files_are_as_named(json_object_get(message->json, "files"), files, count);
    for (size_t max = 0; max <= count; max++)
        need(evidence_files(message->json, fewer, max) == max && memcmp(fewer, files, max * sizeof *files) == 0);
}

/* ---- what is found again, and what is known ---- */

static void words_are_text(const struct message *message)
{
    struct buf words = BUF_INIT(MESSAGE_FOUND_MAX), few = BUF_INIT(30);
    size_t len = strlen(message->text);
    message_words(message->json, &words);
    message_words(message->json, &few);
    need(words.len <= MESSAGE_FOUND_MAX && few.len <= 30);
    need(utf8_valid(words.bytes, words.len) && utf8_valid(few.bytes, few.len));
    need(words.len == 0 || words.bytes[words.len - 1] == '\n');
    need(len == 0 || (words.len > len && words.bytes[len] == '\n' && memcmp(words.bytes, message->text, len) == 0));
    buf_free(&words);
    buf_free(&few);
}

static void known_is_text(const struct message *message)
{
    json_t *known = identify_known(message->json, message->json), *found;
    for (size_t i = 0; i < json_array_size(known); i++) {
        const json_t *one = json_array_get(known, i);
        need(strcmp(entry_text(one, "kind"), "contact") == 0 || strcmp(entry_text(one, "kind"), "answer") == 0);
        need(*entry_text(one, "text"));
    }
    found = identify_find(message->text, strlen(message->text), known);
    need(json_array_size(found) <= IDENTIFY_MOST);
    json_decref(found);
    json_decref(known);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct message message;
    if (message_read(data, size, &message) == ERR_OK) {
        is_as_promised(&message);
        rules_raise(&message);
        files_are_good(&message);
        words_are_text(&message);
        known_is_text(&message);
    }
    message_free(&message);
    return 0;
}
