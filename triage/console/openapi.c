/* openapi.c -- see openapi.h. */
#include "triage/console/openapi.h"

#include <stdio.h>
#include <string.h>

#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/text/json.h"
#include "triage/console/refuse.h"
#include "triage/console/routes.h"
#include "triage/console/show.h"

enum { NAME_BYTES = 64 };

/* `value` is taken. */
static void put(json_t *object, const char *key, json_t *value)
{
    need(value != NULL && json_object_set_new(object, key, value) == 0);
}

static void append(json_t *list, json_t *value)
{
    need(value != NULL && json_array_append_new(list, value) == 0);
}

/* The object of that name in `in`; made where there is none. Borrowed. */
static json_t *inner(json_t *in, const char *key)
{
    json_t *object = json_object_get(in, key);
    if (!object) {
        object = json_object();
        put(in, key, object);
    }
    return object;
}

/* ---- a field as a schema ---- */

static json_t *object_schema(const struct field *fields);

static json_t *words_schema(const struct field *field)
{
    json_t *list = json_array();
    for (size_t i = 0; field->words[i]; i++)
        append(list, json_string(field->words[i]));
    return json_pack("{s:s, s:o}", "type", "string", "enum", list);
}

static json_t *text_schema(const struct field *field)
{
    json_t *schema = json_pack("{s:s, s:I, s:s}", "type", "string", "maxLength", (json_int_t)field->max, "description",
                               "The length is counted in bytes of UTF-8.");
    if (field->must)
        put(schema, "minLength", json_integer(1));
    return schema;
}

static json_t *level_schema(const struct field *field)
{
    (void)field;
    return json_pack("{s:s, s:i, s:i}", "type", "integer", "minimum", 1, "maximum", 4);
}

static json_t *count_schema(const struct field *field)
{
    return json_pack("{s:s, s:i, s:I}", "type", "integer", "minimum", 0, "maximum", (json_int_t)field->max);
}

static json_t *flag_schema(const struct field *field)
{
    (void)field;
    return json_pack("{s:s}", "type", "boolean");
}

static json_t *code_schema(const struct field *field)
{
    (void)field;
    return json_pack("{s:s, s:s}", "type", "string", "pattern", "^[a-z0-9_-]{1,40}$");
}

static json_t *codes_schema(const struct field *field)
{
    return json_pack("{s:s, s:I, s:o}", "type", "array", "maxItems", (json_int_t)field->max, "items",
                     code_schema(field));
}

static json_t *time_schema(const struct field *field)
{
    (void)field;
    return json_pack("{s:s, s:s}", "type", "string", "format", "date-time");
}

static json_t *id_schema(const struct field *field)
{
    (void)field;
    return json_pack("{s:s, s:s}", "type", "string", "format", "uuid");
}

static json_t *rows_schema(const struct field *field)
{
    return json_pack("{s:s, s:I, s:o}", "type", "array", "maxItems", (json_int_t)field->max, "items",
                     object_schema(fields_of_row(field->name)));
}

typedef json_t *schema_fn(const struct field *field);
static schema_fn *const schemas[] = {
    [FIELD_TEXT] = text_schema,   [FIELD_CHOICE] = words_schema, [FIELD_LEVEL] = level_schema,
    [FIELD_COUNT] = count_schema, [FIELD_FLAG] = flag_schema,    [FIELD_TICK] = flag_schema,
    [FIELD_CODE] = code_schema,   [FIELD_CODES] = codes_schema,  [FIELD_TIME] = time_schema,
    [FIELD_ID] = id_schema,       [FIELD_ROWS] = rows_schema,
};

/* What need not be said may be null in a body. */
static json_t *body_schema(const struct field *field)
{
    json_t *schema = schemas[field->kind](field);
    return field->must ? schema : json_pack("{s:[o, {s:s}]}", "anyOf", schema, "type", "null");
}

/* "answers.where" stands in an object of its own. */
static json_t *object_schema(const struct field *fields)
{
    json_t *schema = json_pack("{s:s, s:{}}", "type", "object", "properties");
    for (const struct field *field = fields; field && field->name; field++) {
        const char *dot = strchr(field->name, '.');
        json_t *in = schema;
        if (dot) {
            char outer[NAME_BYTES];
            snprintf(outer, sizeof outer, "%.*s", (int)(dot - field->name), field->name);
            in = inner(json_object_get(schema, "properties"), outer);
            put(in, "type", json_string("object"));
        }
        const char *name = dot ? dot + 1 : field->name;
        put(inner(in, "properties"), name, body_schema(field));
        if (!field->must)
            continue;
        if (!json_object_get(in, "required"))
            put(in, "required", json_array());
        append(json_object_get(in, "required"), json_string(name));
    }
    return schema;
}

/* ---- an address ---- */

static json_t *parameters_of(const struct action *action)
{
    json_t *list = json_array();
    if (action->id)
        append(list, json_pack("{s:s, s:s, s:b, s:{s:s, s:s}}", "name", "id", "in", "path", "required", 1, "schema",
                               "type", "string", "format", "uuid"));
    append(list, json_pack("{s:s}", "$ref", "#/components/parameters/desk"));
    for (const struct field *field = action->fields; action->method == HTTP_GET && field && field->name; field++)
        append(list, json_pack("{s:s, s:s, s:b, s:o}", "name", field->name, "in", "query", "required", field->must,
                               "schema", schemas[field->kind](field)));
    return list;
}

/* What shows content costs of the budget. */
static int is_opening(const char *op)
{
    static const char *const openings[] = {"case.show", "consultation.show", "export.begin"};
    for (size_t i = 0; i < sizeof openings / sizeof *openings; i++)
        if (strcmp(openings[i], op) == 0)
            return 1;
    return 0;
}

/* 0: it cannot come from this address. */
static int may_refuse(const struct action *action, unsigned status)
{
    int posts = action->method == HTTP_POST;
    switch (status) {
    case 404:
        return 1; /* the desk, where nothing else */
    case 409:     /* what shows has nothing to be late for, but where somebody has to assess first */
        return posts || strcmp(action->op, "case.why") == 0;
    case 413:
    case 415:
        return posts;
    case 429:
        return is_opening(action->op);
    default:
        return 1;
    }
}

/* What HTTP itself refuses, whatever the address: no answer of an operation. */
static int is_of_any(unsigned status)
{
    static const unsigned any[] = {405, 408, 411, 414, 417, 431, 501, 505};
    for (size_t i = 0; i < sizeof any / sizeof *any; i++)
        if (any[i] == status)
            return 1;
    return 0;
}

/* Its name among the responses. */
static void response_name(unsigned status, char out[static NAME_BYTES])
{
    snprintf(out, NAME_BYTES, is_of_any(status) ? "default" : "%u", status);
}

static json_t *json_content(const char *schema)
{
    char ref[NAME_BYTES * 2];
    snprintf(ref, sizeof ref, "#/components/schemas/%s", schema);
    return json_pack("{s:{s:{s:s}}}", "application/json", "schema", "$ref", ref);
}

/* What is said of it by hand, where that is no JSON. An export is a table, or lines that are each as the schema says.
 */
static json_t *content_of(const struct action *action, const json_t *told, const char *schema)
{
    const json_t *types = json_object_get(told, "types");
    json_t *other = json_object();
    for (size_t i = 0; i < json_array_size(types); i++)
        put(other, json_string_value(json_array_get(types, i)), json_pack("{s:{s:s}}", "schema", "type", "string"));
    if (json_object_size(other) > 0)
        return other;
    json_decref(other);
    json_t *content = json_content(schema ? schema : "Done");
    if (action->show != show_exported)
        return content;
    put(content, "application/x-ndjson", json_incref(json_object_get(content, "application/json")));
    json_object_del(content, "application/json");
    put(content, "text/csv", json_pack("{s:{s:s}}", "schema", "type", "string"));
    return content;
}

static json_t *responses_of(const struct action *action, const json_t *told)
{
    json_t *responses = json_object();
    const char *schema = json_string_value(json_object_get(told, "schema"));
    const char *key = action->show == api_created ? "201" : "200";
    json_t *good = json_pack("{s:s, s:o}", "description", json_string_value(json_object_get(told, "answer")), "content",
                             content_of(action, told, schema));
    put(responses, key, good);
    if (action->show == api_taken)
        put(responses, "204", json_pack("{s:s}", "description", "Nothing waits."));
    unsigned status = 0;
    for (size_t i = 0; refuse_kind(i, &status); i++) {
        char name[NAME_BYTES], ref[NAME_BYTES * 2];
        response_name(status, name);
        snprintf(ref, sizeof ref, "#/components/responses/%s", name);
        if (may_refuse(action, status))
            put(responses, name, json_pack("{s:s}", "$ref", ref));
    }
    return responses;
}

static json_t *roles_of(const struct action *action)
{
    json_t *list = json_array();
    for (size_t i = 0; ROLES[i]; i++)
        if (action->role & call_role_of(ROLES[i]))
            append(list, json_string(ROLES[i]));
    return list;
}

/* "/api/v1/cases/{id}/look": "cases" */
static json_t *tag_of(const struct action *action)
{
    const char *from = action->path + strlen("/api/v1/");
    return json_stringn(from, strcspn(from, "/"));
}

static json_t *operation_of(const struct action *action, const json_t *told)
{
    json_t *operation = json_pack("{s:s, s:s, s:[o], s:s, s:o, s:o, s:o}", "operationId", action->name + strlen("api_"),
                                  "summary", json_string_value(json_object_get(told, "summary")), "tags",
                                  tag_of(action), "x-operation", action->op, "x-roles", roles_of(action), "parameters",
                                  parameters_of(action), "responses", responses_of(action, told));
    if (operation && action->method == HTTP_POST)
        put(operation, "requestBody",
            json_pack("{s:b, s:{s:{s:o}}}", "required", action->fields != NULL, "content", "application/json", "schema",
                      object_schema(action->fields)));
    return operation;
}

/* ---- what all of them share ---- */

static void append_once(json_t *list, json_t *value)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        if (json_equal(json_array_get(list, i), value)) {
            json_decref(value);
            return;
        }
    append(list, value);
}

/* The response of that name, to which a kind of problem is added. */
static void put_problem(json_t *responses, const char *name, unsigned status, const char *uri)
{
    json_t *response = json_object_get(responses, name);
    if (!response) {
        response = json_pack("{s:s, s:{s:{s:{s:[{s:s}, {s:{s:{s:[]}, s:{s:[]}}}]}}}}", "description", "Refused.",
                             "content", "application/problem+json", "schema", "allOf", "$ref",
                             "#/components/schemas/Problem", "properties", "type", "enum", "status", "enum");
        put(responses, name, response);
    }
    json_t *schema =
        json_object_get(json_object_get(json_object_get(response, "content"), "application/problem+json"), "schema");
    json_t *own = json_object_get(json_array_get(json_object_get(schema, "allOf"), 1), "properties");
    append_once(json_object_get(json_object_get(own, "type"), "enum"), json_string(uri));
    append_once(json_object_get(json_object_get(own, "status"), "enum"), json_integer((json_int_t)status));
}

/* A response for each status, which names the kinds of problems it may be; and the list of all kinds. */
static void put_problems(json_t *document)
{
    json_t *components = inner(document, "components");
    json_t *responses = inner(components, "responses"), *all = json_array();
    unsigned status = 0;
    const char *type;
    for (size_t i = 0; (type = refuse_kind(i, &status)); i++) {
        char name[NAME_BYTES], uri[NAME_BYTES];
        response_name(status, name);
        snprintf(uri, sizeof uri, "/problems/%s", type);
        put_problem(responses, name, status, uri);
        append_once(all, json_string(uri));
    }
    json_t *problem = inner(inner(components, "schemas"), "Problem");
    put(inner(inner(problem, "properties"), "type"), "enum", all);
}

/* Each operation's address; what is said of it by hand is taken out of `document`. */
static enum err put_paths(json_t *document, char says[static SAYS_SIZE])
{
    json_t *told = json_incref(json_object_get(document, "operations")), *paths = inner(document, "paths");
    enum err err = ERR_OK;
    json_object_del(document, "operations");
    for (const struct action *action = actions; action->name && err == ERR_OK; action++) {
        if (action->door != DOOR_API)
            continue;
        const char *name = action->name + strlen("api_");
        const json_t *row = json_object_get(told, name);
        if (json_is_string(json_object_get(row, "summary")) && json_is_string(json_object_get(row, "answer")))
            put(inner(paths, action->path), action->method == HTTP_GET ? "get" : "post", operation_of(action, row));
        else
            err = says_fail(says, ERR_MALFORMED, "openapi.json: nothing is said of the operation %s", name);
    }
    json_decref(told);
    return err;
}

enum err openapi_write(const char *pages, struct buf *out, char says[static SAYS_SIZE])
{
    char path[1024];
    struct buf file = BUF_INIT(OPENAPI_MAX);
    struct json_fault fault;
    json_t *document = NULL;
    char *text = NULL;
    enum err err = ERR_TOO_BIG;
    if ((size_t)snprintf(path, sizeof path, "%s/openapi.json", pages) < sizeof path)
        err = file_read(path, &file);
    if (err != ERR_OK)
        err = says_fail(says, err, "%.150s/openapi.json %s", pages, err_says(err));
    else if ((err = json_read_object(file.bytes, file.len, &document, &fault)) != ERR_OK)
        err = says_fail(says, err, "openapi.json line %u column %u: %s", fault.line, fault.column, fault.says);
    if (err == ERR_OK)
        err = put_paths(document, says);
    if (err == ERR_OK) {
        put_problems(document);
        text = json_dumps(document, JSON_COMPACT);
        need(text != NULL);
        err = buf_add_text(out, text);
        if (err != ERR_OK)
            err = says_fail(says, err, "openapi.json: the document %s", err_says(err));
    }
    mem_free(text);
    json_decref(document);
    buf_free(&file);
    return err;
}
