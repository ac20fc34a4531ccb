/* people.c -- see people.h. */
#include "triage/vault/people.h"

#include <string.h>
#include <strings.h>

#include "common/base/code.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/base/rng.h"
#include "common/text/json.h"
#include "common/text/utf8.h"
#include "triage/vault/audit.h"
#include "triage/vault/case_state.h"
#include "triage/vault/marks.h"
#include "triage/vault/oncall.h"
#include "triage/vault/texting.h"

enum { PASSWORD_GROUPS = 5, PASSWORD_GROUP = 4 };

struct people {
    struct person **list;
    size_t count, room;
    struct writing *adding; /* first records under way: nobody is found by their names yet */
};

static const struct {
    enum role role;
    const char *name;
} role_rows[] = {
    {ROLE_OFFICER, "officer"},   {ROLE_ADMINISTRATOR, "administrator"},
    {ROLE_HANDLER, "handler"},   {ROLE_TRANSLATOR, "translator"},
    {ROLE_MANAGER, "manager"},   {ROLE_AUDITOR, "auditor"},
    {ROLE_REVIEWER, "reviewer"},
};
enum { ROLE_ROWS = sizeof role_rows / sizeof *role_rows };

static const char *const protected_desks[] = {"safeguarding", "oversight"};

const char *people_role_name(enum role role)
{
    for (size_t i = 0; i < ROLE_ROWS; i++)
        if (role_rows[i].role == role)
            return role_rows[i].name;
    return "";
}

enum role people_role_of(const char *name)
{
    for (size_t i = 0; i < ROLE_ROWS; i++)
        if (strcmp(name, role_rows[i].name) == 0)
            return role_rows[i].role;
    return ROLE_NONE;
}

int people_is_protected(const char *desk)
{
    for (size_t i = 0; i < sizeof protected_desks / sizeof *protected_desks; i++)
        if (strcmp(desk, protected_desks[i]) == 0)
            return 1;
    return 0;
}

static int is_member(const struct person *p)
{
    return (p->role & ROLES_MEMBER) && !p->is_ended && !p->is_waiting;
}

size_t people_members(const struct people *people)
{
    size_t count = 0;
    for (size_t i = 0; i < people->count; i++)
        count += is_member(people->list[i]) != 0;
    return count;
}

int people_is_last(const struct people *people, const struct person *person)
{
    size_t others = 0;
    for (size_t i = 0; i < people->count; i++)
        others += people->list[i] != person && is_member(people->list[i]) && !people->list[i]->is_ending;
    return is_member(person) && others == 0;
}

int people_name_is_good(const char *name)
{
    size_t len = strlen(name);
    /* In the log and in records this word is who speaks at the operator's socket. */
    if (strcasecmp(name, PEOPLE_OPERATOR) == 0)
        return 0;
    if (len == 0 || len > VAULT_WHO_MAX || !utf8_valid(name, len) || name[0] == ' ' || name[len - 1] == ' ')
        return 0;
    for (const char *c = name; *c; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            return 0;
    return 1;
}

void people_password(char out[static PEOPLE_PASSWORD])
{
    static const char letters[] = "abcdefghjkmnpqrstuvwxyz23456789A";
    size_t at = 0;
    for (int i = 0; i < PASSWORD_GROUPS * PASSWORD_GROUP; i++) {
        if (i > 0 && i % PASSWORD_GROUP == 0)
            out[at++] = '-';
        out[at++] = letters[rng_below(sizeof letters - 1)];
    }
    out[at] = 0;
}

struct people *people_new(void)
{
    return mem_new(sizeof(struct people));
}

void people_free(struct people *people)
{
    if (!people)
        return;
    for (size_t i = 0; i < people->count; i++) {
        json_decref(people->list[i]->json);
        mem_free(people->list[i]);
    }
    mem_free(people->list);
    mem_free(people);
}

size_t people_count(const struct people *people)
{
    return people->count;
}

struct person *people_at(const struct people *people, size_t number)
{
    return number < people->count ? people->list[number] : NULL;
}

struct person *people_find(const struct people *people, const char *name)
{
    for (size_t i = 0; i < people->count; i++)
        if (strcmp(people->list[i]->name, name) == 0)
            return people->list[i];
    return NULL;
}

struct person *people_by_id(const struct people *people, const uint8_t id[static 16])
{
    for (size_t i = 0; i < people->count; i++)
        if (memcmp(people->list[i]->id, id, 16) == 0)
            return people->list[i];
    return NULL;
}

struct person *people_by_token(const struct people *people, const uint8_t sha256[static 32], int64_t now,
                               enum token_scope *scope)
{
    for (size_t i = 0; i < people->count; i++)
        if (!people->list[i]->is_ended && (*scope = token_look(people->list[i]->json, sha256, now)) != SCOPE_NONE)
            return people->list[i];
    return NULL;
}

/* ---- keeping ---- */

/* Keep a version; takes `json`. */
static void keep(struct people *people, const uint8_t id[static 16], int64_t version, const uint8_t hash[static 32],
                 json_t *json)
{
    struct person *person = people_by_id(people, id);
    if (!person) {
        if (people->count == people->room) {
            people->room = people->room ? people->room * 2 : 16;
            people->list = mem_grow(people->list, people->room * sizeof *people->list);
        }
        person = people->list[people->count++] = mem_new(sizeof *person);
        memcpy(person->id, id, sizeof person->id);
    }
    const char *name = state_text(json, "name");
    json_decref(person->json);
    person->json = json;
    person->version = version;
    memcpy(person->hash, hash, sizeof person->hash);
    memset(person->name, 0, sizeof person->name);
    memcpy(person->name, name, strnlen(name, VAULT_WHO_MAX));
    person->role = people_role_of(state_text(json, "role"));
    person->is_ended = json_is_true(json_object_get(json, "ended"));
    person->is_waiting = json_is_object(json_object_get(json, "waits"));
}

void people_read(struct vault *vault, const struct vault_item *item)
{
    uint8_t hash[32];
    struct json_fault fault;
    json_t *json = NULL;
    struct buf text = BUF_INIT(ITEM_TEXT_MAX);
    enum err err = item_open(vault, SHELF_RECORD, item, vault->record_key, &text, hash);
    if (err == ERR_OK)
        err = json_read_object(text.bytes, text.len, &json, &fault);
    if (err != ERR_OK) {
        log_error("record_refused", LOG_ERR(err));
    } else if (strcmp(state_text(json, "kind"), "moved") == 0) {
        texting_recorded(vault->texting, json, item->version, hash);
        texting_moved(vault->texting, json);
        json_decref(json);
    } else if (strcmp(state_text(json, "kind"), "oncall") == 0) {
        oncall_read(vault->oncall, item, hash, json);
    } else {
        keep(vault->people, item->id, item->version, hash, json);
    }
    buf_free(&text);
}

/* ---- writing ---- */

struct writing {
    struct vault *vault;
    struct writing *next; /* of those that add somebody */
    uint64_t fence;
    uint8_t id[16], hash[32];
    int64_t version;
    json_t *json;
    enum err at_once;
    people_done_fn *done;
    void *room;
};

static int is_being_added(const struct people *people, const char *name)
{
    for (const struct writing *w = people->adding; w; w = w->next)
        if (strcmp(state_text(w->json, "name"), name) == 0)
            return 1;
    return 0;
}

/* Whoever was cancelled is told before what they were added to is buried. */
static void added(const struct writing *w)
{
    struct writing **at = &w->vault->people->adding;
    while (*at && *at != w)
        at = &(*at)->next;
    if (*at)
        *at = w->next;
}

static void written(void *room, enum err err)
{
    struct writing *w = room;
    struct person *person =
        w->fence == w->vault->fence && err != ERR_CANCELLED ? people_by_id(w->vault->people, w->id) : NULL;
    if (person)
        person->writing = person->is_ending = 0;
    added(w);
    if (err == ERR_OK) {
        keep(w->vault->people, w->id, w->version, w->hash, json_incref(w->json));
        marks_sync(w->vault);
    }
    w->done(w->room, err);
    json_decref(w->json);
    mem_free(w);
}

static void refused_at_once(void *arg)
{
    struct writing *w = arg;
    w->done(w->room, w->at_once);
    json_decref(w->json);
    mem_free(w);
}

/* A desk that nobody could answer for is not offered to the public. */
static int is_offered_with(const struct people *people, const struct writing *w)
{
    int is_offered = people_role_of(state_text(w->json, "role")) == ROLE_OFFICER &&
                     !json_is_true(json_object_get(w->json, "ended")) && !json_object_get(w->json, "waits");
    for (size_t i = 0; i < people->count && !is_offered; i++) {
        const struct person *p = people->list[i];
        if (memcmp(p->id, w->id, sizeof w->id) != 0 && p->role == ROLE_OFFICER && !p->is_ended && !p->is_waiting &&
            !p->is_ending)
            is_offered = 1;
    }
    return is_offered;
}

static void submit(struct writing *w, const char *by, const char *what, const uint8_t *before)
{
    struct sealed_item item;
    struct vault *vault = w->vault;
    char *text = json_dumps(w->json, JSON_COMPACT);
    need(text != NULL);
    need(item_seal(vault, SHELF_RECORD, w->id, w->version, vault->record_key, text, strlen(text), 0, NULL, &item) ==
         ERR_OK);
    mem_free(text);
    memcpy(w->hash, item.hash, sizeof w->hash);
    struct change *change = change_new(vault);
    change_put(change, &item, before);
    change_offered(change, is_offered_with(vault->people, w));
    audit_leaf(vault, change, by, what, NULL,
               json_pack("{s:s,s:s}", "name", state_text(w->json, "name"), "role", state_text(w->json, "role")));
    change_submit(change, written, w);
}

static struct writing *writing_new(struct vault *vault, json_t *json, people_done_fn *done, void *room)
{
    struct writing *w = mem_new(sizeof *w);
    *w = (struct writing){.vault = vault, .fence = vault->fence, .json = json, .done = done, .room = room};
    return w;
}

void people_add(struct vault *vault, const char *by, const struct people_new_one *one, people_done_fn *done, void *room)
{
    json_t *json = json_pack("{s:i,s:s,s:s,s:s,s:[],s:o,s:b,s:o}", "v", 1, "name", one->name, "role",
                             people_role_name(one->role), "password", one->password, "tokens", "since", state_now(),
                             "ended", 0, "aliases", one->aliases ? one->aliases : json_array());
    need(json != NULL);
    json_t *admission = json_pack("{s:s,s:o}", "by", by, "at", state_now());
    need(admission && json_object_set_new(json, one->waits ? "waits" : "admitted", admission) == 0);
    struct writing *w = writing_new(vault, json, done, room);
    if (people_find(vault->people, one->name) || is_being_added(vault->people, one->name)) {
        w->at_once = ERR_CONFLICT;
        loop_later(vault->loop, refused_at_once, w);
        return;
    }
    w->version = 1;
    w->next = vault->people->adding;
    vault->people->adding = w;
    rng_bytes(w->id, sizeof w->id);
    submit(w, by, one->waits ? "people.propose" : "people.add", NULL);
}

void people_change(struct vault *vault, const char *by, const char *what, struct person *person, json_t *json,
                   people_done_fn *done, void *room)
{
    struct writing *w = writing_new(vault, json, done, room);
    if (person->writing) {
        w->at_once = ERR_BUSY;
        loop_later(vault->loop, refused_at_once, w);
        return;
    }
    person->writing = 1;
    person->is_ending = json_is_true(json_object_get(json, "ended"));
    w->version = person->version + 1;
    memcpy(w->id, person->id, sizeof w->id);
    submit(w, by, what, person->hash);
}
