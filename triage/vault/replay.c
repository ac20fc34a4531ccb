/* replay.c -- see replay.h. A set of rules is loaded once for messages in a row that met the same. */
#include "triage/vault/replay.h"

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "triage/vault/severity_json.h"

/* What the proposal notes of its message number `i`: of the first in itself, of the others under "later". */
static const json_t *run_of(const json_t *stored, size_t i)
{
    return i == 0 ? stored : json_array_get(json_object_get(stored, "later"), i - 1);
}

static enum err read_run(const json_t *run, unsigned *version, int64_t *arrived, char says[static SAYS_SIZE])
{
    const char *at = json_string_value(json_object_get(run, "arrived"));
    json_int_t number = json_integer_value(json_object_get(run, "rules"));
    *arrived = at ? clock_parse(at) : -1;
    if (*arrived < 0 || number < 1 || number > RULES_VERSION_MAX)
        return says_fail(says, ERR_MALFORMED, "the proposal does not say which rules met the message, and when");
    *version = (unsigned)number;
    return ERR_OK;
}

static json_t *propose(const struct rules *rules, const struct message *message, int64_t arrived)
{
    struct rules_input *input = mem_new(sizeof *input);
    struct rules_proposal *proposal = mem_new(sizeof *proposal);
    message_rules_input(message, input);
    input->arrived = arrived;
    rules_propose(rules, input, proposal);
    json_t *json = proposal_json(proposal, rules_version(rules));
    mem_free(proposal);
    mem_free(input);
    return json;
}

enum err replay_proposal(const char *folder, const json_t *stored, const struct message *messages, size_t count,
                         json_t **out, char says[static SAYS_SIZE])
{
    struct rules *rules = NULL;
    json_t *all = NULL;
    enum err err = ERR_OK;
    if (count != 1 + json_array_size(json_object_get(stored, "later")))
        return says_fail(says, ERR_CONFLICT, "the proposal does not come from %zu messages", count);
    for (size_t i = 0; i < count && err == ERR_OK; i++) {
        unsigned version = 0;
        int64_t arrived = 0;
        if ((err = read_run(run_of(stored, i), &version, &arrived, says)) != ERR_OK)
            break;
        if (!rules || rules_version(rules) != version) {
            rules_free(rules);
            rules = NULL;
            if ((err = rules_load_version(folder, version, &rules, says)) != ERR_OK)
                break;
        }
        json_t *one = propose(rules, &messages[i], arrived);
        if (!all) {
            all = one;
        } else {
            proposal_raise(all, one);
            json_decref(one);
        }
    }
    rules_free(rules);
    if (err == ERR_OK)
        *out = all;
    else
        json_decref(all);
    return err;
}
