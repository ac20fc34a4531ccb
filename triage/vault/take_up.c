/* take_up.c -- see take_up.h. */
#include "triage/vault/take_up.h"

#include <string.h>

#include "common/base/log.h"
#include "common/base/mem.h"
#include "triage/vault/audit.h"
#include "triage/vault/case_place.h"
#include "triage/vault/case_state.h"
#include "triage/vault/conflict.h"
#include "triage/vault/conversation.h"
#include "triage/vault/message.h"
#include "triage/vault/route.h"

enum { AT_ONCE = 16 };

struct taking {
    struct vault *vault;
    uint64_t rebuilds; /* of then */
    uint8_t case_id[16];
    struct names_text *text;
    char *first;   /* what was written first, for those that say nearly the same */
    loop_fn *done; /* of take_up_again(); NULL */
    void *room;
};

/* NULL: it is gone, or the vault begins anew and its files with it. */
static struct case_file *file_of(const struct taking *t)
{
    const struct vault *vault = t->vault;
    return t->rebuilds == vault->rebuilds && vault->phase == PHASE_OPEN ? book_find(vault->book, t->case_id) : NULL;
}

static void taking_end(struct taking *t)
{
    struct case_file *file = file_of(t);
    if (file)
        file->is_going = 0;
    if (t->done)
        t->done(t->room);
    names_text_free(t->text);
    mem_free(t->first);
    mem_free(t);
}

static void taken(void *room, enum err err)
{
    struct taking *t = room;
    struct vault *vault = t->vault;
    struct case_file *file = err == ERR_OK ? file_of(t) : NULL;
    if (t->done) {
        taking_end(t);
        return;
    }
    if (file && t->first)
        case_says(vault, file, t->first, strlen(t->first));
    taking_end(t); /* not kept: a tick tries again */
    if (err == ERR_OK) {
        route_go_on(vault);
        take_up(vault);
    }
}

static void look(void *arg)
{
    struct taking *t = arg;
    struct vault *vault = t->vault;
    struct case_file *file = file_of(t);
    if (!file || file->version == 0 || (!t->done && !file->is_unmatched)) {
        taking_end(t);
        return;
    }
    if (file->writing) {
        book_wait(file, look, t);
        return;
    }
    struct case_change *cc = case_change_begin(vault, file, NULL);
    int is_thanks = strcmp(state_text(cc->state, "kind"), "thanks") == 0;
    if (t->done) {
        if (conflict_look_through(cc, t->text, 0, is_thanks, 0) > 0) {
            case_change_submit(cc, taken, t);
        } else {
            case_change_drop(cc);
            taking_end(t);
        }
        return;
    }
    state_set_text(cc->state, "matched", vault_desk(vault));
    state_history(cc->state, "", "Taken up from another desk");
    route_taken_up(cc, t->text);
    audit_leaf(vault, cc->change, "", "case.taken_up", file->id, NULL);
    case_change_submit(cc, taken, t);
}

/* The texts of answers as the rules read them. */
static void add_first(struct names_text *text, const json_t *first)
{
    const struct message message = {.json = (json_t *)(uintptr_t)first, .text = ""};
    struct rules_input *input = mem_new(sizeof *input);
    message_rules_input(&message, input);
    for (size_t i = 1; i < input->text_count; i++)
        names_text_add(text, input->texts[i].text, input->texts[i].len);
    mem_free(input);
}

/* What does not open now never will, and nobody can read it: there is nothing in it to look through. */
static int is_final(enum err err)
{
    return err == ERR_NOT_FOUND || err == ERR_CRYPTO || err == ERR_MALFORMED;
}

static void opened(void *room, enum err err, json_t *messages, const json_t *first)
{
    struct taking *t = room;
    size_t i;
    json_t *one;
    if (err != ERR_OK && !is_final(err)) {
        log_warn("take_up_waits", LOG_ERR(err));
        taking_end(t);
        return;
    }
    t->text = names_text_new();
    json_array_foreach(messages, i, one)
    {
        const char *words = state_text(one, "text");
        if (strcmp(state_text(one, "from"), "staff") == 0)
            continue;
        names_text_add(t->text, words, strlen(words));
        if (!t->first)
            t->first = mem_copy_text(words);
    }
    if (first)
        add_first(t->text, first);
    look(t);
}

static void begin(struct vault *vault, struct case_file *file, loop_fn *done, void *room)
{
    struct taking *t = mem_new(sizeof *t);
    *t = (struct taking){.vault = vault, .rebuilds = vault->rebuilds, .done = done, .room = room};
    memcpy(t->case_id, file->id, sizeof t->case_id);
    file->is_going = 1;
    conversation_open(vault, t->case_id, opened, t);
}

void take_up_again(struct vault *vault, struct case_file *file, loop_fn *done, void *room)
{
    begin(vault, file, done, room);
}

void take_up(struct vault *vault)
{
    struct case_file *file;
    size_t under_way = 0;
    for (size_t i = 0;
         door_vault_is_up(vault->door) && under_way < AT_ONCE && (file = sides_at(&vault->sides, SIDES_HIDDEN, i));
         i++) {
        if (!file->is_unmatched || file->version == 0)
            continue;
        under_way++;
        if (!file->is_going)
            begin(vault, file, NULL, NULL);
    }
}
