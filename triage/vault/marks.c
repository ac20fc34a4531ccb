/* marks.c -- see marks.h. */
#include "triage/vault/marks.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/code.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/text/json.h"
#include "triage/vault/audit.h"
#include "triage/vault/people.h"
#include "triage/vault/words.h"

enum { DESKS_MAX = 16, NAME_WORDS = 16, MARK = 16 };
static const char oversight[] = "oversight";
static const char item_use[] = "recourse staff of ", name_use[] = "recourse staff name ";

struct desk_marks {
    char desk[17];
    int64_t version;
    uint8_t hash[32];
    json_t *names; /* {"HEX": true} */
};

struct marks {
    struct desk_marks desks[DESKS_MAX];
    size_t count;
    int is_writing;
};

struct marks *marks_new(void)
{
    return mem_new(sizeof(struct marks));
}

void marks_free(struct marks *marks)
{
    if (!marks)
        return;
    for (size_t i = 0; i < marks->count; i++)
        json_decref(marks->desks[i].names);
    mem_free(marks);
}

/* ---- what stands for what ---- */

static void keyed(const struct vault *vault, const char *use, const char *text, uint8_t out[static 32])
{
    struct buf bytes = BUF_INIT(4096);
    need(buf_addf(&bytes, "%s%s", use, text) == ERR_OK);
    sign_hmac(vault->register_key, sizeof vault->register_key, bytes.bytes, bytes.len, out);
    buf_free(&bytes);
}

static void item_id(const struct vault *vault, const char *desk, uint8_t out[static 16])
{
    uint8_t hash[32];
    keyed(vault, item_use, desk, hash);
    memcpy(out, hash, 16);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(((const struct word *)a)->text, ((const struct word *)b)->text);
}

/* "Amara OKAFOR" and "Okafor, Amara" are one; a name without any letter stands for itself. */
static void mark_of(const struct vault *vault, const char *name, char out[static CODE_HEX_SIZE(MARK)])
{
    struct word list[NAME_WORDS];
    struct words words;
    size_t count = 0;
    uint8_t hash[32];
    struct buf folded = BUF_INIT(NAME_WORDS * (WORD_BYTES + 1) + VAULT_WHO_MAX);
    words_begin(&words, name, strlen(name));
    while (count < NAME_WORDS && words_next(&words, &list[count]))
        count++;
    qsort(list, count, sizeof *list, by_text);
    for (size_t i = 0; i < count; i++)
        need(buf_addf(&folded, "%s ", list[i].text) == ERR_OK);
    if (count == 0)
        need(buf_add_text(&folded, name) == ERR_OK);
    keyed(vault, name_use, buf_text(&folded), hash);
    code_hex(hash, MARK, out);
    buf_free(&folded);
}

/* ---- keeping ---- */

static struct desk_marks *marks_of(struct marks *marks, const char *desk)
{
    for (size_t i = 0; i < marks->count; i++)
        if (strcmp(marks->desks[i].desk, desk) == 0)
            return &marks->desks[i];
    if (marks->count == DESKS_MAX)
        return NULL;
    struct desk_marks *one = &marks->desks[marks->count++];
    memcpy(one->desk, desk, strnlen(desk, sizeof one->desk - 1));
    one->names = json_object();
    return one;
}

/* Takes `names`. */
static void keep(struct marks *marks, const char *desk, int64_t version, const uint8_t hash[static 32], json_t *names)
{
    struct desk_marks *one = marks_of(marks, desk);
    if (!one || one->version >= version) {
        json_decref(names);
        return;
    }
    json_decref(one->names);
    one->names = names;
    one->version = version;
    memcpy(one->hash, hash, sizeof one->hash);
}

int marks_read(struct vault *vault, const struct vault_item *item)
{
    uint8_t id[16], hash[32];
    struct json_fault fault;
    json_t *json = NULL;
    /* A desk's own alone: another cannot speak for it, because its name is in the id and its key signs. */
    item_id(vault, item->desk, id);
    if (memcmp(id, item->id, sizeof id) != 0)
        return 0;
    struct buf text = BUF_INIT(ITEM_TEXT_MAX);
    enum err err = item_open(vault, SHELF_IMPACT, item, vault->register_key, &text, hash);
    if (err == ERR_OK)
        err = json_read_object(text.bytes, text.len, &json, &fault);
    if (err == ERR_OK && json_is_object(json_object_get(json, "names")))
        keep(vault->marks, item->desk, item->version, hash, json_incref(json_object_get(json, "names")));
    else
        log_error("marks_refused", LOG_ERR(err));
    json_decref(json);
    buf_free(&text);
    return 1;
}

int marks_exclude(const struct vault *vault, const char *name)
{
    char mark[CODE_HEX_SIZE(MARK)] = "";
    int is_oversight = strcmp(vault_desk(vault), oversight) == 0;
    for (size_t i = 0; i < vault->marks->count; i++) {
        const struct desk_marks *one = &vault->marks->desks[i];
        int excludes = is_oversight ? strcmp(one->desk, oversight) != 0 : strcmp(one->desk, oversight) == 0;
        if (!excludes || json_object_size(one->names) == 0)
            continue;
        if (!*mark)
            mark_of(vault, name, mark);
        if (json_object_get(one->names, mark))
            return 1;
    }
    return 0;
}

/* ---- writing ---- */

struct syncing {
    struct vault *vault;
    uint64_t fence;
    int64_t version;
    uint8_t hash[32];
    json_t *names;
};

static json_t *names_now(const struct vault *vault)
{
    char mark[CODE_HEX_SIZE(MARK)];
    json_t *names = json_object();
    for (size_t i = 0; i < people_count(vault->people); i++) {
        const struct person *person = people_at(vault->people, i);
        if (person->is_ended)
            continue;
        mark_of(vault, person->name, mark);
        need(json_object_set_new(names, mark, json_true()) == 0);
    }
    return names;
}

static void synced(void *room, enum err err)
{
    struct syncing *s = room;
    struct vault *vault = s->vault;
    if (s->fence == vault->fence && err != ERR_CANCELLED) {
        vault->marks->is_writing = 0;
        if (err == ERR_OK) {
            keep(vault->marks, vault_desk(vault), s->version, s->hash, json_incref(s->names));
            /* Somebody may have come or gone meanwhile. */
            marks_sync(vault);
        } else {
            log_warn("marks_not_kept", LOG_ERR(err));
        }
    }
    json_decref(s->names);
    mem_free(s);
}

void marks_sync(struct vault *vault)
{
    uint8_t id[16];
    struct sealed_item item;
    struct desk_marks *own = marks_of(vault->marks, vault_desk(vault));
    if (vault->phase != PHASE_OPEN || vault->marks->is_writing || !own)
        return;
    json_t *names = names_now(vault);
    if (json_equal(names, own->names)) {
        json_decref(names);
        return;
    }
    vault->marks->is_writing = 1;
    struct syncing *s = mem_new(sizeof *s);
    *s = (struct syncing){.vault = vault, .fence = vault->fence, .version = own->version + 1, .names = names};
    json_t *json = json_pack("{s:i,s:O}", "v", 1, "names", names);
    char *text = json_dumps(json, JSON_COMPACT | JSON_SORT_KEYS);
    need(text != NULL);
    item_id(vault, vault_desk(vault), id);
    need(item_seal(vault, SHELF_IMPACT, id, s->version, vault->register_key, text, strlen(text), 0, NULL, &item) ==
         ERR_OK);
    mem_free(text);
    json_decref(json);
    memcpy(s->hash, item.hash, sizeof s->hash);
    struct change *change = change_new(vault);
    change_put(change, &item, own->version ? own->hash : NULL);
    audit_leaf(vault, change, "", "people.marks", NULL, NULL);
    change_submit(change, synced, s);
}
