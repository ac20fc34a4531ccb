/* fuzz_rules.c -- any rule file (triage/vault/rules.h): refused with a sentence, or a set that proposes within its
 * limits for anything. */
#include "common/text/json.h"
#include "tests/fuzz/fuzz.h"
#include "triage/vault/rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct rules_proposal proposal;
    static struct rules_input input = {.kind = "grievance", .arrived = 1000000, .text_count = 2};
    static const char said[] = "The well is dry. They said they will kill my brother tonight; wataniua.";
    char says[SAYS_SIZE] = "";
    json_t *file;
    struct json_fault fault;
    struct rules *rules;
    if (json_read(data, size, &file, &fault) != ERR_OK)
        return 0;
    enum err err = rules_from(file, &rules, says);
    json_decref(file);
    need(err == ERR_OK ? rules != NULL : *says != 0);
    if (err != ERR_OK)
        return 0;
    char *text = fuzz_text(data, size);
    json_t *answers = json_pack("{s:s, s:i}", "danger_now", "yes", "people_low", 50);
    input.texts[0].text = said;
    input.texts[0].len = sizeof said - 1;
    input.texts[1].text = text;
    input.texts[1].len = size;
    input.answers = answers;
    rules_propose(rules, &input, &proposal);
    need(proposal.count <= RULES_FIRED_MAX);
    rules_free(rules);
    json_decref(answers);
    free(text);
    return 0;
}
