/* view_case.c -- the case page (view.h). */
#include "triage/console/view.h"

#include <stdio.h>
#include <string.h>

#include "common/base/buf.h"
#include "common/base/mem.h"
#include "triage/console/fields.h"

static const char *text_at(const json_t *list, size_t i)
{
    const char *text = json_string_value(json_array_get(list, i));
    return text ? text : "";
}

/* ---- what was said ---- */

/* "agree:2" is about the second question: what was done is said by the word. */
static json_t *view_act(const struct reader *reader, const char *act)
{
    char word[20] = "";
    size_t len = strcspn(act, ":");
    if (len == 0 || len >= sizeof word)
        return NULL;
    memcpy(word, act, len);
    return json_string(words_label(reader, WORDS_ACT, word));
}

static json_t *view_message(const struct reader *reader, const json_t *message)
{
    int from_staff = strcmp(view_text(message, "from"), "staff") == 0;
    json_t *to =
        json_pack("{s:s, s:b, s:s, s:s}", "text", view_text(message, "text"), "from_staff", from_staff, "by",
                  view_text(message, "by"), "language", words_language(reader, view_text(message, "language")));
    need(to != NULL);
    view_put(to, "at", words_time(reader, view_text(message, "at"), 0));
    view_put(to, "act", view_act(reader, view_text(message, "act")));
    view_put_label(reader, to, "decision", WORDS_STATE, message, "decision");
    const char *remedies = view_text(message, "open_remedies"), *passed_on = view_text(message, "passed_on");
    view_put(to, "passed_on", *passed_on ? json_string(passed_on) : NULL);
    view_put(to, "open_remedies", *remedies ? json_string(remedies) : NULL);
    view_put_files(reader, message, to);
    return to;
}

static json_t *view_each(const struct reader *reader, const json_t *list,
                         json_t *(*view)(const struct reader *reader, const json_t *one))
{
    json_t *to = json_array();
    for (size_t i = 0; i < json_array_size(list); i++)
        need(json_array_append_new(to, view(reader, json_array_get(list, i))) == 0);
    return to;
}

static json_t *view_note(const struct reader *reader, const json_t *note)
{
    json_t *to = json_pack("{s:s, s:s}", "by", view_text(note, "by"), "text", view_text(note, "text"));
    need(to != NULL);
    view_put(to, "at", words_time(reader, view_text(note, "at"), 0));
    return to;
}

json_t *view_step(const struct reader *reader, const json_t *step)
{
    json_t *to =
        json_pack("{s:s, s:s}", "by", view_text(step, "by"), "what", words_text(reader, view_text(step, "what")));
    need(to != NULL);
    view_put(to, "at", words_time(reader, view_text(step, "at"), 0));
    view_put_label(reader, to, "state", WORDS_STATE, step, "state");
    return to;
}

/* The codes that a case and an impact have in common, as labels. */
static json_t *view_shared(const struct reader *reader, const json_t *codes)
{
    json_t *list = json_array();
    for (size_t i = 0; i < json_array_size(codes); i++) {
        const json_t *one = json_array_get(codes, i);
        enum words_group group = strcmp(view_text(one, "list"), "group") == 0 ? WORDS_PEOPLE : WORDS_RIGHT;
        need(json_array_append_new(list, json_string(words_label(reader, group, view_text(one, "code")))) == 0);
    }
    return list;
}

static json_t *view_link(const struct reader *reader, const json_t *link)
{
    json_t *words = json_object_get(link, "words");
    json_t *to = json_pack("{s:s, s:s, s:b, s:s, s:s}", "impact", view_text(link, "impact"), "title",
                           view_text(link, "title"), "confirmed", json_is_true(json_object_get(link, "confirmed")),
                           "reason", view_text(link, "reason"), "proposed_by", view_text(link, "proposed_by"));
    need(to != NULL);
    view_put_list(to, "codes", view_shared(reader, json_object_get(link, "codes")));
    if (json_is_array(words) && json_array_size(words) > 0) {
        view_put(to, "words", json_incref(words));
        view_put(to, "has_words", json_true());
    } else if (json_is_string(words) && json_string_length(words) > 0) {
        view_put(to, "words", json_pack("[s]", json_string_value(words)));
        view_put(to, "has_words", json_true());
    }
    return to;
}

/* A stage by its deadline, and when it was reached: what is late stays marked. */
static json_t *view_deadline(const struct reader *reader, const json_t *stage, int64_t now)
{
    int is_late = json_is_true(json_object_get(stage, "late")), is_reached = *view_text(stage, "reached") != 0;
    json_t *to = json_pack("{s:s, s:b, s:b}", "label", words_label(reader, WORDS_DEADLINE, view_text(stage, "stage")),
                           "late", is_late && is_reached, "open", !is_reached);
    need(to != NULL);
    view_put(to, "paused", json_boolean(json_is_true(json_object_get(stage, "paused"))));
    view_put(to, "due", words_time(reader, view_text(stage, "due"), is_reached ? 0 : now));
    view_put(to, "reached", words_time(reader, view_text(stage, "reached"), 0));
    return to;
}

static json_t *view_deadlines(const struct reader *reader, const json_t *stages, int64_t now)
{
    json_t *to = json_array();
    for (size_t i = 0; i < json_array_size(stages); i++)
        need(json_array_append_new(to, view_deadline(reader, json_array_get(stages, i), now)) == 0);
    return to;
}

/* ---- answers and contact ---- */

enum { ANSWER_MAX = 128 * 1024 }; /* of forty choices, each as long as an office may word it */

static const struct {
    const char *key;
    enum words_group group;
} value_groups[] = {{"ongoing", WORDS_HAPPENED},
                    {"speaking_as", WORDS_SPEAKING},
                    {"likelihood", WORDS_LIKELIHOOD},
                    {"how", WORDS_WAY},
                    {"groups", WORDS_PEOPLE}};

static const char *value_label(const struct reader *reader, const char *key, const char *code)
{
    for (size_t i = 0; i < sizeof value_groups / sizeof *value_groups; i++)
        if (strcmp(value_groups[i].key, key) == 0)
            return words_label(reader, value_groups[i].group, code);
    /* Free texts are not codes: only the three short words are put into the reader's language. */
    return words_label(reader, WORDS_YES_NO, code);
}

/* Of a list, parted so that it can be read in any direction; `key` NULL: as it stands. */
static json_t *joined(const struct reader *reader, const char *key, const json_t *list)
{
    struct buf all = BUF_INIT(ANSWER_MAX);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *code = json_string_value(json_array_get(list, i));
        if (code && buf_addf(&all, "%s%s", all.len ? " · " : "", key ? value_label(reader, key, code) : code) != ERR_OK)
            break;
    }
    json_t *says = json_string(buf_text(&all));
    buf_free(&all);
    return says;
}

static json_t *value_says(const struct reader *reader, const char *key, const json_t *value)
{
    if (json_is_string(value) && strcmp(key, "service") == 0)
        return words_service(reader, json_string_value(value));
    if (json_is_string(value))
        return json_string(value_label(reader, key, json_string_value(value)));
    if (json_is_boolean(value))
        return json_string(words_label(reader, WORDS_YES_NO, json_is_true(value) ? "yes" : "no"));
    if (json_is_integer(value))
        return json_sprintf("%lld", json_integer_value(value));
    return json_is_array(value) ? joined(reader, key, value) : NULL;
}

/* Answers to questions of the office's own: the question and the answer as the person read them. */
static void add_own(json_t *list, const json_t *own)
{
    for (size_t i = 0; i < json_array_size(own); i++) {
        const json_t *one = json_array_get(own, i);
        need(json_array_append_new(list, json_pack("{s:s, s:o}", "label", view_text(one, "asks"), "value",
                                                   joined(NULL, NULL, json_object_get(one, "says")))) == 0);
    }
}

static int is_own(const char *key, const json_t *value)
{
    return strcmp(key, "own") == 0 && json_is_object(json_array_get(value, 0));
}

json_t *view_pairs(const struct reader *reader, enum words_group names, const json_t *object)
{
    json_t *list = json_array();
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)object, key, value)
    {
        json_t *says = is_own(key, value) ? NULL : value_says(reader, key, value);
        if (!says)
            continue;
        json_t *pair = json_pack("{s:s, s:o}", "label", words_label(reader, names, key), "value", says);
        need(pair && json_array_append_new(list, pair) == 0);
    }
    if (is_own("own", json_object_get(object, "own")))
        add_own(list, json_object_get(object, "own"));
    return list;
}

/* ---- the whole ---- */

static void put_can(const json_t *answer, json_t *to)
{
    static const struct {
        const char *op, *key;
    } rows[] = {{"case.assess", "can_assess"},
                {"case.answer", "can_answer"},
                {"case.note", "can_note"},
                {"case.link", "can_link"},
                {"case.return", "can_return"},
                {"consultation.link", "can_link"},
                {"case.skip", "can_skip"},
                {"case.hand_over", "can_hand"},
                {"case.watch", "can_watch"},
                {"case.decide", "can_decide"},
                {"case.move", "can_move"},
                {"case.look", "can_look"},
                {"case.join", "can_join"},
                {"case.safety", "can_safety"},
                {"case.graphic", "can_graphic"},
                {"translation.ask", "can_translate"},
                {"remedy.offer", "can_offer"},
                {"remedy.deliver", "can_deliver"},
                {"remedy.heard", "can_heard"},
                {"case.recuse", "can_recuse"},
                {"case.pause", "can_pause"},
                {"case.resume", "can_resume"},
                {"consent.ask", "can_consent"},
                {"referral.draft", "can_refer"},
                {"case.why", "can_why"},
                {"file.download", "can_download"},
                {"participant.change", "can_participants"}};
    const json_t *can = json_object_get(answer, "can");
    for (size_t i = 0; i < json_array_size(can); i++)
        for (size_t r = 0; r < sizeof rows / sizeof *rows; r++)
            if (strcmp(rows[r].op, text_at(can, i)) == 0)
                view_put(to, rows[r].key, json_true());
}

static json_t *view_in_group(const struct reader *reader, const json_t *group)
{
    static const char *const texts[] = {"id", "title", "reason", NULL};
    if (!json_is_object(group))
        return NULL;
    json_t *to = json_object();
    view_put_texts(to, group, texts);
    view_put_counted(reader, to, "cases", TN("{{n}} case", "{{n}} cases"), view_number(group, "cases"));
    return to;
}

/* What the rules propose, raised by the first look: who confirms it as it stands lowers nothing. New reference. */
static json_t *with_look(const json_t *proposal, const json_t *look)
{
    json_t *both = json_is_object(proposal) ? json_deep_copy(proposal) : json_object();
    const json_t *raises = json_object_get(look, "raises");
    const char *by = view_text(raises, "by"), *before = view_text(both, "by");
    need(both != NULL);
    if (json_is_true(json_object_get(raises, "danger_now")))
        json_object_set_new(both, "danger_now", json_true());
    if (*by && (!*before || strcmp(by, before) < 0)) /* both are RFC 3339 in UTC */
        json_object_set_new(both, "by", json_string(by));
    return both;
}

static json_t *impact_choices(const json_t *impacts, const json_t *links)
{
    json_t *list = json_array();
    for (size_t i = 0; i < json_array_size(impacts); i++) {
        const json_t *impact = json_array_get(impacts, i);
        int linked = 0;
        for (size_t l = 0; l < json_array_size(links); l++)
            linked |= strcmp(view_text(json_array_get(links, l), "impact"), view_text(impact, "impact")) == 0;
        if (!linked)
            need(json_array_append_new(list, json_pack("{s:s, s:s}", "impact", view_text(impact, "impact"), "title",
                                                       view_text(impact, "title"))) == 0);
    }
    return list;
}

/* The language to answer in: the person's. */
static json_t *answer_languages(const char *current)
{
    size_t count;
    const struct language *table = language_table(&count);
    json_t *list = json_array();
    int known = 0;
    for (size_t i = 0; i < count; i++) {
        int chosen = strcmp(table[i].code, current) == 0;
        known |= chosen;
        need(json_array_append_new(list, json_pack("{s:s, s:s, s:b}", "code", table[i].code, "label", table[i].native,
                                                   "chosen", chosen)) == 0);
    }
    if (!known && *current && strcmp(current, "und") != 0)
        need(json_array_insert_new(list, 0,
                                   json_pack("{s:s, s:s, s:b}", "code", current, "label", current, "chosen", 1)) == 0);
    return list;
}

/* What was said and done, by them and by us. */
static void put_told(const struct reader *reader, const json_t *answer, json_t *to)
{
    static const struct {
        const char *key;
        json_t *(*view)(const struct reader *, const json_t *);
    } rows[] = {{"notes", view_note}, {"links", view_link}, {"history", view_step}};
    static const struct {
        const char *key, *member;
        enum words_group words;
    } pairs[] = {{"answers", "answers", WORDS_ANSWER},
                 {"contact", "contact", WORDS_CONTACT},
                 {"behalf", "on_behalf_of", WORDS_ANSWER}};
    view_put(to, "conversation", view_each(reader, json_object_get(answer, "conversation"), view_message));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        view_put_list(to, rows[i].key, view_each(reader, json_object_get(answer, rows[i].key), rows[i].view));
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        view_put_list(to, pairs[i].key, view_pairs(reader, pairs[i].words, json_object_get(answer, pairs[i].member)));
}

/* What the rules proposed, what people said of it, and the form for what the next says. */
static void put_severity(const struct reader *reader, const json_t *answer, json_t *to)
{
    const json_t *assessment = json_object_get(answer, "assessment"), *proposal = json_object_get(answer, "proposal"),
                 *look = json_object_get(answer, "look");
    view_put(to, "lowering", view_wish(reader, json_object_get(answer, "lowering")));
    view_put(to, "proposal", view_judgement(reader, json_object_size(proposal) ? proposal : NULL));
    view_put(to, "look", view_look(reader, look));
    view_look_choices(reader, look, to);
    view_put(to, "assessment", view_judgement(reader, assessment));
    json_t *said = json_is_object(assessment) ? json_deep_copy(assessment) : with_look(proposal, look);
    view_put(to, "assess", view_assess_form(reader, said));
    json_decref(said);
}

json_t *view_case(const struct reader *reader, const json_t *answer, const json_t *impacts, const char *base,
                  int64_t now)
{
    const json_t *item = json_object_get(answer, "item");
    const char *language = view_text(answer, "language");
    if (!*language)
        language = view_text(item, "language");
    json_t *to = json_pack("{s:o, s:s}", "item", view_item(reader, item, base, now), "base", base);
    need(to != NULL);
    const json_t *version = json_object_get(answer, "version");
    view_put(to, "version",
             json_sprintf("%lld", json_integer_value(version ? version : json_object_get(item, "version"))));
    view_put(to, "graphic", json_boolean(json_is_true(json_object_get(item, "graphic"))));
    put_told(reader, answer, to);
    put_severity(reader, answer, to);
    view_put_list(to, "deadlines", view_deadlines(reader, json_object_get(answer, "deadlines"), now));
    view_put_list(to, "choices", impact_choices(impacts, json_object_get(answer, "links")));
    const json_t *linked = json_object_get(answer, "linked");
    view_put_list(to, "linked", json_is_array(linked) ? json_deep_copy(linked) : json_array());
    view_put(to, "is_copy", json_boolean(json_is_true(json_object_get(answer, "copy"))));
    view_put(to, "alike_says", view_alike(reader, json_object_get(answer, "item")));
    view_put_list(to, "alike", json_deep_copy(json_object_get(answer, "alike")));
    view_put(to, "in_group", view_in_group(reader, json_object_get(answer, "group")));
    view_put(to, "answer_languages", answer_languages(language));
    view_put_label(reader, to, "state", WORDS_STATE, item, "state");
    view_put_label(reader, to, "speaking_as", WORDS_SPEAKING, answer, "speaking_as");
    put_can(answer, to);
    view_put_life(reader, answer, to);
    view_put_participants(reader, answer, to);
    view_put_safety(reader, answer, now, to);
    view_put_translations(reader, answer, to);
    view_put_remedies(reader, answer, to, now);
    return to;
}
