/* fuzz_message.c -- anything inside a seal, as the vault reads it (triage/vault/message.h), and what the rules say to
 * it: known words only, within the limits, the same again for the same input, and more text never lowers a case. */
#include "tests/fuzz/fuzz.h"
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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct message message;
    if (message_read(data, size, &message) == ERR_OK) {
        is_as_promised(&message);
        rules_raise(&message);
    }
    message_free(&message);
    return 0;
}
