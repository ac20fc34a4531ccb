/* rules.c -- see rules.h: answers first, which are facts a person gave; then the rules, which only raise. */
#include "triage/vault/rules.h"

#include <string.h>

#include "common/base/mem.h"
#include "common/text/utf8.h"
#include "triage/vault/affected.h"
#include "triage/vault/rules_inside.h"

unsigned rules_version(const struct rules *rules)
{
    return rules->version;
}

/* ---- what the person said about size and chance ---- */

void rules_people(const struct rules *rules, int64_t from[static SEVERITY_AXIS_MAX])
{
    for (size_t i = 0; i < SEVERITY_AXIS_MAX; i++)
        from[i] = INT64_MAX;
    for (size_t i = 0; i < rules->people_count; i++)
        from[rules->people[i].scope - 1] = rules->people[i].from;
}

static uint8_t scope_of(const struct rules *rules, const json_t *answers)
{
    const struct affected_people people = {.low = json_integer_value(json_object_get(answers, "people_low")),
                                           .high = json_integer_value(json_object_get(answers, "people_high"))};
    int64_t from[SEVERITY_AXIS_MAX];
    rules_people(rules, from);
    return affected_scope(&people, from);
}

static uint8_t likelihood_of(const json_t *answers)
{
    static const char *const names[] = {
        [LIKELIHOOD_LOW] = "low", [LIKELIHOOD_MEDIUM] = "medium", [LIKELIHOOD_HIGH] = "high"};
    const char *said = json_string_value(json_object_get(answers, "likelihood"));
    for (uint8_t i = LIKELIHOOD_LOW; said && i <= LIKELIHOOD_HIGH; i++)
        if (strcmp(said, names[i]) == 0)
            return i;
    return LIKELIHOOD_HAPPENED;
}

/* ---- firing ---- */

struct proposing {
    const struct rules *rules;
    const struct rules_input *input;
    struct rules_proposal *out;
    int64_t due_s;            /* the shortest that a rule asks for; 0: none yet */
    uint8_t place[RULES_MAX]; /* in out->fired, plus one */
    const char *text;         /* that is being looked at, and its end */
    const char *end;
    const struct rules_text *cut; /* the same in words */
    struct rules_marks marks;     /* of the sets */
};

static struct rules_fired *fire(struct proposing *p, size_t rule)
{
    const struct rules_rule *r = &p->rules->rules[rule];
    if (p->place[rule])
        return &p->out->fired[p->place[rule] - 1];
    if (p->out->count == RULES_FIRED_MAX)
        return NULL;
    struct severity raises = r->raises;
    if (r->within_s)
        raises.by = p->input->arrived + r->within_s;
    severity_raise(&p->out->severity, &raises);
    if (r->due_s && (!p->due_s || r->due_s < p->due_s))
        p->due_s = r->due_s;
    struct rules_fired *fired = &p->out->fired[p->out->count];
    fired->rule = r->id;
    fired->says = r->says;
    fired->desk = r->desk;
    fired->is_danger = r->has_words;
    p->out->is_danger |= r->has_words;
    p->place[rule] = (uint8_t)++p->out->count;
    return fired;
}

/* Words that mean something only where hardly anything else is said ("help"): whether that is so here. */
static int is_short_enough(const struct proposing *p, unsigned most, const char *from, size_t len)
{
    const char *start = from, *end = from + len;
    struct words words;
    struct word word;
    unsigned count = 0;
    while (start > p->text && !rules_ends_sentence(start - 1, p->end))
        start--;
    while (end < p->end && !rules_ends_sentence(end, p->end))
        end++;
    words_begin(&words, start, (size_t)(end - start));
    while (count <= most && words_next(&words, &word))
        count++;
    return count <= most;
}

static void note(struct proposing *p, size_t rule, const char *from, size_t len)
{
    struct rules_fired *fired = fire(p, rule);
    if (!fired || fired->hit_count == RULES_HITS_MAX)
        return;
    char *to = fired->hits[fired->hit_count];
    if (len > RULES_HIT_BYTES)
        len = RULES_HIT_BYTES;
    while (len > 0 && !utf8_valid(from, len))
        len--;
    memcpy(to, from, len);
    to[len] = 0;
    for (unsigned i = 0; i < fired->hit_count; i++)
        if (strcmp(fired->hits[i], to) == 0) {
            mem_wipe(to, len);
            return;
        }
    fired->hit_count++;
}

static void hit(void *room, uint16_t of, size_t first, size_t last)
{
    struct proposing *p = room;
    if (of >= RULES_MAX) {
        rules_mark(&p->marks, of, first, last);
        return;
    }
    const struct word *words = p->cut->words;
    const char *from = p->text + words[first].from;
    size_t rule = of, len = words[last].to - words[first].from;
    unsigned most = p->rules->rules[rule].most_words;
    if (!most || is_short_enough(p, most, from, len))
        note(p, rule, from, len);
}

static int answer_is(const json_t *answer, const json_t *values)
{
    size_t i;
    json_t *value, *one;
    json_array_foreach(values, i, value)
    {
        if (json_equal(value, answer))
            return 1;
        size_t j;
        json_array_foreach(answer, j, one) if (json_equal(value, one)) return 1;
    }
    return 0;
}

static void look_at_answers(struct proposing *p)
{
    for (size_t i = 0; i < p->rules->rule_count; i++) {
        const struct rules_rule *r = &p->rules->rules[i];
        if (!r->answer)
            continue;
        const json_t *answer = json_object_get(p->input->answers, r->answer);
        if (!answer || !answer_is(answer, r->values))
            continue;
        if (json_is_string(answer))
            note(p, i, json_string_value(answer), json_string_length(answer));
        else
            fire(p, i);
    }
}

static void look_at_text(struct proposing *p, const char *text, size_t len)
{
    struct words words;
    struct rules_text cut = {.text = text};
    /* A word and its separator take two bytes at least, a pair without separators three. */
    size_t room = len / 2 + 1 < RULES_WORDS_MAX ? len / 2 + 1 : RULES_WORDS_MAX;
    cut.words = mem_new_array(room, sizeof *cut.words);
    p->text = text;
    p->end = text + len;
    words_begin(&words, text, len);
    while (cut.count < room && words_next(&words, &cut.words[cut.count]))
        cut.count++;
    p->cut = &cut; /* cppcheck-suppress autoVariables ; until the end of this function */
    rules_match(p->rules, &cut, hit, p);
    rules_look_together(p->rules, &cut, &p->marks, hit, p);
    p->cut = NULL;
    mem_free(cut.words);
}

const char *rules_desk_at(const struct rules *rules, size_t number)
{
    if (number >= rules->rule_count)
        return NULL;
    return rules->rules[number].desk ? rules->rules[number].desk : "";
}

/* ---- all of it ---- */

int rules_is_voice(const char *kind)
{
    static const char *const voices[] = {"question", "suggestion", "thanks", "consultation"};
    for (size_t i = 0; kind && i < sizeof voices / sizeof *voices; i++)
        if (strcmp(kind, voices[i]) == 0)
            return 1;
    return 0;
}

static int64_t due_of(const struct proposing *p)
{
    const struct severity *s = &p->out->severity;
    int64_t due = p->rules->due_other_s;
    if (rules_is_voice(p->input->kind))
        due = p->rules->due_voice_s;
    else if (severity_is_severe(s, p->input->arrived) || (!s->scale && !s->scope))
        due = p->rules->due_severe_s; /* not known is not low */
    return p->due_s && p->due_s < due ? p->due_s : due;
}

void rules_propose(const struct rules *rules, const struct rules_input *input, struct rules_proposal *out)
{
    struct proposing p = {.rules = rules, .input = input, .out = out};
    memset(out, 0, sizeof *out);
    out->severity.arrived = input->arrived;
    out->severity.scope = scope_of(rules, input->answers);
    out->severity.likelihood = likelihood_of(input->answers);
    look_at_answers(&p);
    for (size_t i = 0; i < input->text_count; i++)
        look_at_text(&p, input->texts[i].text, input->texts[i].len);
    out->due_s = due_of(&p);
}
