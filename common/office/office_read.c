/* office_read.c -- office.yaml: what may stand where. See office.h, and docs/office.md for the same as prose. */
#include <stdio.h>
#include <string.h>

#include "common/base/buf.h"
#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/office/office_fields.h"
#include "common/office/office_node.h"

const char *const office_way_kinds[] = {"court",  "ombuds",    "human_rights", "data_protection", "labour", "oecd",
                                        "police", "legal_aid", "safe_shelter", "support",         "union",  "other",
                                        NULL};

#define IN(type, member) offsetof(struct type, member)

/* ---- choices ---- */

static const struct office_key choice_keys[] = {
    {"code", office_node_code, IN(office_choice, code), 1},
    {"says", office_node_words_line, IN(office_choice, says), 1},
    {0},
};

/* Each code stands once. */
static void read_choices(struct office_reading *r, yaml_node_t *node, struct office_choice *choices, size_t most,
                         size_t *count)
{
    office_node_list(r, node, choice_keys, choices, sizeof *choices, most, count);
    for (size_t i = 0; i < *count; i++)
        for (size_t k = 0; k < i; k++)
            if (choices[i].code[0] && strcmp(choices[i].code, choices[k].code) == 0)
                office_fault(r, choices[i].says.line, "is of a code that stands twice");
}

static void read_services(struct office_reading *r, yaml_node_t *node, void *into)
{
    struct office *office = into;
    read_choices(r, node, office->services, OFFICE_SERVICES_MAX, &office->service_count);
}

/* ---- steps, and other ways ---- */

static const struct office_key step_keys[] = {
    {"what", office_node_words, IN(office_step, what), 1},
    {"within", office_node_words_line, IN(office_step, within), 0},
    {0},
};

static void read_steps(struct office_reading *r, yaml_node_t *node, void *into)
{
    struct office *office = into;
    office_node_list(r, node, step_keys, office->steps, sizeof *office->steps, OFFICE_STEPS_MAX, &office->step_count);
}

static void read_way_kind(struct office_reading *r, yaml_node_t *node, void *into)
{
    const char *text = office_node_text(r, node);
    if (text && !office_fields_has(office_way_kinds, text))
        office_fault(r, office_node_line(node), "is not a kind of institution (docs/office.md lists them)");
    else if (text)
        memcpy(into, text, strlen(text) + 1);
}

/* A page leads there: nothing but the web, and nothing hidden in it. */
static void read_web(struct office_reading *r, yaml_node_t *node, void *into)
{
    const char *text = office_node_text(r, node);
    if (text && (strncmp(text, "https://", 8) != 0 || strpbrk(text, " \"'<>@\\")))
        office_fault(r, office_node_line(node), "must be an address that begins with https://");
    else if (text)
        office_node_line_text(r, node, into);
}

static const struct office_key way_keys[] = {
    {"kind", read_way_kind, IN(office_way, kind), 1},
    {"name", office_node_words_line, IN(office_way, name), 1},
    {"what", office_node_words, IN(office_way, what), 0},
    {"telephone", office_node_line_text, IN(office_way, telephone), 0},
    {"web", read_web, IN(office_way, web), 0},
    {0},
};

static void read_ways(struct office_reading *r, yaml_node_t *node, void *into)
{
    struct office *office = into;
    office_node_list(r, node, way_keys, office->ways, sizeof *office->ways, OFFICE_WAYS_MAX, &office->way_count);
}

/* ---- questions of ours ---- */

static void read_asked(struct office_reading *r, yaml_node_t *node, void *into)
{
    int asked = 1;
    office_node_yes_no(r, node, &asked);
    *(int *)into = !asked;
}

static void read_only(struct office_reading *r, yaml_node_t *node, void *into)
{
    struct office_field *field = into;
    if (node->type != YAML_SEQUENCE_NODE) {
        office_fault(r, office_node_line(node), "must be a list of codes, such as [one, two]");
        return;
    }
    for (const yaml_node_item_t *item = node->data.sequence.items.start; item < node->data.sequence.items.top; item++) {
        yaml_node_t *code = yaml_document_get_node(&r->document, *item);
        if (field->only_count == OFFICE_CHOICES_MAX) {
            office_fault(r, office_node_line(code), "is one too many");
            return;
        }
        office_node_code(r, code, field->only[field->only_count++]);
    }
}

static const struct office_key field_keys[] = {
    {"ask", read_asked, IN(office_field, is_left_out), 0},
    {"asks", office_node_words_line, IN(office_field, asks), 0},
    {"help", office_node_words, IN(office_field, help), 0},
    {"only", read_only, 0, 0},
    {0},
};

static void check_only(struct office_reading *r, unsigned line, const struct office_field *field,
                       const struct office_known *known)
{
    int has_must = !known->must;
    if (!field->only_count)
        return;
    if (!known->choices) {
        office_fault(r, line, "has no choices that could be left out");
        return;
    }
    for (size_t i = 0; i < field->only_count; i++) {
        has_must |= known->must && strcmp(field->only[i], known->must) == 0;
        if (field->only[i][0] && !office_fields_has(known->choices, field->only[i]))
            office_fault(r, line, "offers a choice that this question does not have");
        for (size_t k = 0; k < i; k++)
            if (field->only[i][0] && strcmp(field->only[i], field->only[k]) == 0)
                office_fault(r, line, "offers a choice twice");
    }
    if (!has_must)
        office_fault(r, line, "must offer \"%s\"", known->must);
}

static void read_field(struct office_reading *r, const char *key, yaml_node_t *key_node, yaml_node_t *value, void *into)
{
    struct office *office = into;
    const struct office_known *known = office_fields_find(key);
    unsigned line = office_node_line(key_node);
    if (!known) {
        office_fault(r, line, "is not a question of the form (docs/office.md lists them)");
        return;
    }
    need(office->field_count < OFFICE_FIELDS_MAX); /* each stands once, and there are fewer */
    struct office_field *field = &office->fields[office->field_count++];
    memcpy(field->name, known->name, strlen(known->name) + 1);
    office_node_map(r, value, field_keys, field);
    if (field->is_left_out && !known->may_be_left_out)
        office_fault(r, line, "is always asked: it may be worded anew, not left out");
    check_only(r, line, field, known);
}

static void read_fields(struct office_reading *r, yaml_node_t *node, void *into)
{
    office_node_pairs(r, node, read_field, into);
}

/* ---- questions of the office's own ---- */

static void read_step_name(struct office_reading *r, yaml_node_t *node, void *into)
{
    const char *text = office_node_text(r, node);
    if (text && !office_fields_has(office_fields_steps, text))
        office_fault(r, office_node_line(node), "must be one of: story, when, speaker, about, groups, safety");
    else if (text)
        memcpy(into, text, strlen(text) + 1);
}

static void read_answer(struct office_reading *r, yaml_node_t *node, void *into)
{
    static const char *const kinds[] = {"text", "one", "several", NULL};
    const char *text = office_node_text(r, node);
    for (int i = 0; text && kinds[i]; i++)
        if (strcmp(text, kinds[i]) == 0) {
            *(enum office_answer *)into = (enum office_answer)i;
            return;
        }
    if (text)
        office_fault(r, office_node_line(node), "must be text, one or several");
}

static void read_own_choices(struct office_reading *r, yaml_node_t *node, void *into)
{
    struct office_own *own = into;
    read_choices(r, node, own->choices, OFFICE_CHOICES_MAX, &own->choice_count);
}

static const struct office_key own_keys[] = {
    {"code", office_node_code, IN(office_own, code), 1},
    {"step", read_step_name, IN(office_own, step), 1},
    {"answer", read_answer, IN(office_own, answer), 1},
    {"asks", office_node_words_line, IN(office_own, asks), 1},
    {"help", office_node_words, IN(office_own, help), 0},
    {"choices", read_own_choices, 0, 0},
    {0},
};

static size_t len_in(const struct office_words *words, size_t place, size_t english)
{
    const char *text = words->in[place] ? words->in[place] : words->in[english];
    return text ? strlen(text) : 0;
}

/* A report holds the words of what it answers: they have a limit together, in each language. */
static void check_own_together(struct office_reading *r, const struct office *office)
{
    size_t languages, fields = 0, english = 0;
    const struct language *table = language_table(&languages);
    while (strcmp(table[english].code, LANGUAGE_ENGLISH) != 0)
        english++;
    for (size_t i = 0; i < office->own_count; i++) {
        fields += office->own[i].answer == OFFICE_ANSWER_SEVERAL ? office->own[i].choice_count : 1;
        if (fields > OFFICE_OWN_FIELDS) {
            office_fault(r, office->own[i].asks.line,
                         "is too much: own questions have %d answers together at most, each that may be ticked counts",
                         OFFICE_OWN_FIELDS);
            return;
        }
    }
    for (size_t place = 0; place < languages; place++) {
        size_t bytes = 0;
        for (size_t i = 0; i < office->own_count; i++) {
            bytes += len_in(&office->own[i].asks, place, english);
            for (size_t k = 0; k < office->own[i].choice_count; k++)
                bytes += len_in(&office->own[i].choices[k].says, place, english);
            if (bytes > OFFICE_OWN_BYTES) {
                office_fault(r, office->own[i].asks.line,
                             "is too much: own questions and their choices have %d bytes together at most",
                             OFFICE_OWN_BYTES);
                return;
            }
        }
    }
}

static void check_own(struct office_reading *r, struct office *office)
{
    for (size_t i = 0; i < office->own_count; i++) {
        struct office_own *own = &office->own[i];
        memcpy(own->field, OFFICE_OWN_PREFIX, sizeof OFFICE_OWN_PREFIX - 1);
        memcpy(own->field + sizeof OFFICE_OWN_PREFIX - 1, own->code, strlen(own->code) + 1);
        int is_text = own->answer == OFFICE_ANSWER_TEXT;
        if (is_text && own->choice_count)
            office_fault(r, own->asks.line, "is answered in words: it has no choices");
        if (!is_text && own->choice_count < 2)
            office_fault(r, own->asks.line, "needs two choices at least");
        for (size_t k = 0; k < i; k++)
            if (own->code[0] && strcmp(own->code, office->own[k].code) == 0)
                office_fault(r, own->asks.line, "is of a code that stands twice");
    }
    check_own_together(r, office);
}

static void read_own(struct office_reading *r, yaml_node_t *node, void *into)
{
    struct office *office = into;
    office_node_list(r, node, own_keys, office->own, sizeof *office->own, OFFICE_OWN_MAX, &office->own_count);
    check_own(r, office);
}

/* ---- the whole ---- */

#define TEXT(which) (IN(office, texts) + (which) * sizeof(struct office_words))

static const struct office_key text_keys[] = {
    {"emergency", office_node_words, TEXT(OFFICE_EMERGENCY), 0},
    {"emergency_sms", office_node_words_sms, TEXT(OFFICE_EMERGENCY_SMS), 0},
    {"hours", office_node_words, TEXT(OFFICE_HOURS), 0},
    {"instead", office_node_words, TEXT(OFFICE_INSTEAD), 0},
    {"welcome", office_node_words, TEXT(OFFICE_WELCOME), 0},
    {"about", office_node_words, TEXT(OFFICE_ABOUT), 0},
    {"cannot", office_node_words, TEXT(OFFICE_CANNOT), 0},
    {"slip", office_node_words_line, TEXT(OFFICE_SLIP), 0},
    {0},
};

static void read_texts(struct office_reading *r, yaml_node_t *node, void *into)
{
    office_node_map(r, node, text_keys, into);
}

static const struct office_key office_keys[] = {
    {"texts", read_texts, 0, 0},
    {"steps", read_steps, 0, 0},
    {"other_ways", read_ways, 0, 0},
    {"services", read_services, 0, 0},
    {"questions", read_fields, 0, 0},
    {"own_questions", read_own, 0, 0},
    {0},
};

/* libyaml's own words are for programmers and may quote the file. */
static void tell_syntax(struct office_reading *r, const yaml_parser_t *parser)
{
    unsigned line = (unsigned)parser->problem_mark.line + 1;
    if (parser->error == YAML_READER_ERROR)
        office_fault(r, 0, "is not text in UTF-8");
    else
        office_fault(r, line,
                     "cannot be understood here or just above: look at blanks in front of lines, and put texts with "
                     "\": \" or \" #\" into quotes");
}

static void read_document(struct office_reading *r, yaml_parser_t *parser, struct office *office)
{
    yaml_document_t second;
    yaml_node_t *root = yaml_document_get_root_node(&r->document);
    if (root && !(root->type == YAML_SCALAR_NODE && root->data.scalar.length == 0))
        office_node_map(r, root, office_keys, office);
    if (!root)
        return;
    if (!yaml_parser_load(parser, &second)) {
        tell_syntax(r, parser);
        return;
    }
    root = yaml_document_get_root_node(&second);
    if (root)
        office_fault(r, office_node_line(root), "begins a second document; there may be one");
    yaml_document_delete(&second);
}

enum err office_read(struct office *office, const void *bytes, size_t len, office_told_fn *told, void *room)
{
    struct office_reading r = {.told = told, .room = room};
    yaml_parser_t parser;
    memset(office, 0, sizeof *office);
    need(yaml_parser_initialize(&parser));
    yaml_parser_set_input_string(&parser, len ? bytes : (const void *)"", len); /* it takes no NULL */
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    if (yaml_parser_load(&parser, &r.document)) {
        read_document(&r, &parser, office);
        yaml_document_delete(&r.document);
    } else {
        tell_syntax(&r, &parser);
    }
    yaml_parser_delete(&parser);
    if (r.faults)
        office_free(office);
    return r.faults ? ERR_MALFORMED : ERR_OK;
}

static void keep_first(void *room, unsigned line, const char *says)
{
    char *first = room;
    if (!*first)
        snprintf(first, SAYS_SIZE, "office.yaml:%u: %s", line, says);
}

enum err office_load(struct office *office, const char *path, office_told_fn *told, void *room)
{
    struct buf text = BUF_INIT(OFFICE_FILE_MAX);
    memset(office, 0, sizeof *office);
    enum err err = file_read(path, &text);
    if (err == ERR_OK)
        err = office_read(office, text.bytes, text.len, told, room);
    else if (told)
        told(room, 0, err == ERR_TOO_BIG ? "is too big" : err == ERR_NOT_FOUND ? "is not there" : "cannot be read");
    buf_free(&text);
    return err;
}

enum err office_open(const char *path, struct office **out, char says[static SAYS_SIZE])
{
    struct office *office = mem_new(sizeof *office);
    *says = 0;
    enum err err = *path ? office_load(office, path, keep_first, says) : ERR_OK;
    *out = err == ERR_OK ? office : NULL;
    if (err != ERR_OK)
        mem_free(office);
    return err;
}

void office_close(struct office *office)
{
    if (office)
        office_free(office);
    mem_free(office);
}
