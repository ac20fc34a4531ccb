/* arrival.c -- see arrival.h. The row is copied, because a case that is being written makes it wait. */
#include "triage/vault/arrival.h"

#include <string.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "triage/vault/acts.h"
#include "triage/vault/aside.h"
#include "triage/vault/audit.h"
#include "triage/vault/by_text.h"
#include "triage/vault/case_change.h"
#include "triage/vault/case_place.h"
#include "triage/vault/case_state.h"
#include "triage/vault/indexer.h"
#include "triage/vault/life.h"
#include "triage/vault/likeness.h"
#include "triage/vault/linked.h"
#include "triage/vault/listing.h"
#include "triage/vault/message.h"
#include "triage/vault/outbox.h"
#include "triage/vault/pager.h"
#include "triage/vault/participants_keep.h"
#include "triage/vault/pauses.h"
#include "triage/vault/route.h"
#include "triage/vault/severity_json.h"
#include "triage/vault/texting.h"

struct arrival {
    struct vault *vault;
    uint64_t fence; /* of then */
    struct vault_row row;
    struct buf body;
    struct message message;
    uint8_t into[16];            /* the case it became part of */
    struct case_change *waiting; /* for all rows of the case, to count them */
    int tells;                   /* the person is told of a new state */
    int is_dissolved;            /* its own case is no more: it became part of another, or of none */
    int asked, leads;            /* a letter: whose receipt it came with was asked; it leads to a case of ours */
    uint8_t leads_to[16];
    change_done_fn *done;
    void *room;
};

static void arrival_end(struct arrival *a, enum err err)
{
    change_done_fn *done = a->done;
    void *room = a->room;
    message_free(&a->message);
    buf_free(&a->body);
    mem_free(a);
    done(room, err);
}

static void taken(void *room, enum err err)
{
    struct arrival *a = room;
    struct case_file *file = err == ERR_OK && a->message.json ? book_find(a->vault->book, a->into) : NULL;
    if (file) {
        indexer_add(a->vault, file, a->message.json);
        case_says(a->vault, file, a->message.text, strlen(a->message.text));
        if (file->version == 1) /* a case known from an earlier start is indexed with all its messages */
            indexer_has(a->vault->indexer, file);
    }
    if (err == ERR_OK)
        route_go_on(a->vault);
    if (err == ERR_OK && a->is_dissolved)
        listing_forget(a->vault, a->row.place.case_id);
    arrival_end(a, err);
}

/* Takes `change`. */
static void take_and_dissolve(struct arrival *a, struct change *change, const char *who, const char *what)
{
    change_taken(change, a->row.inbox);
    change_dissolve(change, a->row.place.case_id);
    a->is_dissolved = 1;
    audit_leaf(a->vault, change, who, what, a->row.place.case_id, NULL);
    change_submit(change, taken, a);
}

/* ---- what the rules and the register say ---- */

static json_t *propose(struct arrival *a, struct rules_proposal *proposal)
{
    struct rules_input input;
    message_rules_input(&a->message, &input);
    rules_propose(a->vault->rules, &input, proposal);
    return proposal_json(proposal, rules_version(a->vault->rules));
}

static void finish(struct arrival *a, struct case_change *cc, const char *what)
{
    memcpy(a->into, cc->file->id, sizeof a->into);
    likeness_propose(a->vault, &a->message, cc->state);
    change_taken(cc->change, a->row.inbox);
    change_claim(cc->change, cc->file->id, (const uint8_t(*)[16])a->message.files, a->message.file_count);
    audit_leaf(a->vault, cc->change, "", what, cc->file->id, NULL);
    case_change_submit(cc, taken, a);
}

/* ---- a web report, a partner's row, a message added to one ---- */

static void begin_case(struct arrival *a, struct case_file *file)
{
    struct rules_proposal *proposal = mem_new(sizeof *proposal);
    json_t *json = propose(a, proposal);
    struct case_change *cc = case_change_begin(a->vault, file, state_new(&a->message, json));
    if (*a->message.aside && strcmp(state_text(cc->state, "lane"), "first_look") == 0)
        aside_begin(cc->state, a->message.aside, a->vault->settings.aside_hours);
    need(case_change_count_row(cc, &a->row)); /* it is the first */
    case_change_notice(cc);
    mem_free(proposal);
    route_first(cc, &a->message);
    finish(a, cc, "case.arrived");
}

/* What a further message does to its case. The person is told only after the row is counted: notices are rows too. */
static void hear(struct arrival *a, struct case_change *cc)
{
    struct rules_proposal *proposal = mem_new(sizeof *proposal);
    const struct message *m = &a->message;
    enum life before = life_now(cc->state);
    state_add_message(cc->state, m, propose(a, proposal));
    mem_free(proposal);
    int runs_again = pauses_heard(cc->state);
    const struct act act = {.act = m->act,
                            .voice = {.via = m->is_sms ? "text" : "page", .who = "", .words = m->text},
                            .now = clock_wall(),
                            .wait_s = a->vault->settings.wish_wait_s,
                            .copies_days = a->vault->settings.copies_days};
    int counts = !*m->act || participant_counts(participants_say(a->vault, cc->file, cc->state), m->act);
    int done = *m->act && counts && (participant_do(cc->state, m->act, act.voice.via) || acts_do(cc->state, &act));
    if (!counts)
        participant_note(cc->state, m->act, &act.voice);
    else if (!done && *m->act)
        state_history(cc->state, "", "The person asked for what is not open any more");
    /* What they wrote beside it is for somebody to read, though the case waits for the end of a wish. */
    int has_words = *m->text && !m->is_sms && remedy_is_act(m->act);
    if (!done || has_words)
        state_heard(cc->state);
    a->tells = done || runs_again || life_now(cc->state) != before;
    route_further(cc, m, json_integer_value(json_object_get(cc->state, "messages")));
}

static void finish_heard(struct arrival *a, struct case_change *cc, const char *what)
{
    if (a->tells)
        case_change_notice(cc);
    finish(a, cc, *a->message.act ? "message.act" : what);
}

static void rows_read(void *room, uint64_t tag, enum err err, const struct vault_page *page)
{
    (void)tag;
    struct arrival *a = room;
    struct case_change *cc = a->waiting;
    if (err == ERR_OK && cc->rebuilds != a->vault->rebuilds)
        err = ERR_CANCELLED;
    if (err != ERR_OK) {
        case_change_drop(cc);
        arrival_end(a, err);
        return;
    }
    case_change_count_all(cc, page, &a->row);
    finish_heard(a, cc, "message.arrived");
}

static void add_to_case(struct arrival *a, struct case_file *file)
{
    struct case_change *cc = case_change_begin(a->vault, file, NULL);
    hear(a, cc);
    if (case_change_count_row(cc, &a->row)) {
        finish_heard(a, cc, "message.arrived");
        return;
    }
    a->waiting = cc;
    door_vault_case(a->vault->door, file->id, VAULT_DEADLINE_MS, rows_read, a, 0);
}

/* ---- a text ---- */

/* A yes or a no that answers what was asked by text does what the button on the page does. Else it is a message. */
static void read_answer(struct arrival *a, const struct case_change *cc, struct by_text *answer)
{
    unsigned number;
    enum sms_word word = sms_answer_of(a->message.text, strlen(a->message.text), &number);
    by_text_read(cc->state, word, number, answer);
    if (!*answer->act)
        return;
    if (participant_has_noted(cc->state, answer->act)) { /* a second time: somebody reads it */
        *answer = (struct by_text){0};
        return;
    }
    state_set_text(a->message.json, "act", answer->act);
    a->message.act = state_text(a->message.json, "act");
}

static void thread_text(struct arrival *a, struct case_file *into, enum sms_word word)
{
    struct case_change *cc = case_change_begin(a->vault, into, NULL);
    struct by_text answer;
    read_answer(a, cc, &answer);
    if (word != SMS_WORD_STOP && word != SMS_WORD_RECEIPT)
        hear(a, cc);
    texting_heard(cc, word);
    /* Who represents is told the same whether it counts or not: why it does not is not theirs to know. */
    by_text_tell(cc, &answer, a->tells || (*answer.act && participant_has_noted(cc->state, answer.act)));
    case_change_row(cc, a->row.place.root == ROOT_THREAD ? ROOT_THREAD : ROOT_STAFF, PART_MESSAGE, AUTHOR_GATEWAY,
                    a->message.json);
    change_dissolve(cc->change, a->row.place.case_id);
    a->is_dissolved = 1;
    if (word == SMS_WORD_RECEIPT)
        outbox_receipt(cc);
    finish_heard(a, cc, word == SMS_WORD_STOP ? "sms.stop" : "message.arrived");
}

/* Its case went to another desk: sealed to that one, as the gateway would have. Nothing of it stays here. */
static void send_text_on(struct arrival *a, const char *desk)
{
    uint8_t case_id[16], thread_key[32];
    struct change *change = change_new(a->vault);
    enum err err = linked_case(a->vault, change, desk, (uint8_t)a->row.place.root, AUTHOR_GATEWAY, a->message.json,
                               case_id, thread_key);
    mem_wipe(thread_key, sizeof thread_key);
    if (err != ERR_OK) {
        change_free(change);
        arrival_end(a, ERR_CRYPTO); /* no key to seal to today: it waits in the inbox */
        return;
    }
    message_free(&a->message);
    take_and_dissolve(a, change, "", "sms.sent_on");
}

/* ---- a letter: it came with a receipt while nobody could look up where it belongs ---- */

static void arrival_try(void *arg);

static void case_known(void *room, uint64_t tag, enum err err, const uint8_t *case_id)
{
    (void)tag;
    struct arrival *a = room;
    if (err != ERR_OK && err != ERR_NOT_FOUND) {
        arrival_end(a, err);
        return;
    }
    a->asked = 1;
    a->leads = err == ERR_OK;
    if (a->leads)
        memcpy(a->leads_to, case_id, sizeof a->leads_to);
    arrival_try(a);
}

/* As if it had come the usual way: the person reads it back if they chose so for their case. */
static void thread_letter(struct arrival *a, struct case_file *into)
{
    struct case_change *cc = case_change_begin(a->vault, into, NULL);
    int read_back = json_is_true(json_object_get(cc->state, "read_back"));
    hear(a, cc);
    json_object_del(a->message.json, "receipts");
    case_change_row(cc, read_back ? ROOT_THREAD : ROOT_STAFF, PART_MESSAGE, AUTHOR_REPORTER, a->message.json);
    change_dissolve(cc->change, a->row.place.case_id);
    a->is_dissolved = 1;
    finish_heard(a, cc, "message.arrived");
}

/* ---- choosing ---- */

/* 1: it waits. */
static int waits_for(struct arrival *a, struct case_file *file)
{
    if (!file->writing)
        return 0;
    book_wait(file, arrival_try, a);
    return 1;
}

static void take_message(struct arrival *a, struct case_file *file)
{
    struct case_file *leads = a->leads ? book_find(a->vault->book, a->leads_to) : NULL;
    if (leads && leads->version > 0 && leads != file) {
        if (!waits_for(a, leads))
            thread_letter(a, leads);
        return;
    }
    if (a->leads) {
        arrival_end(a, ERR_CRYPTO); /* its case has not been opened yet: it waits in the inbox */
        return;
    }
    enum sms_word word = a->message.is_sms ? sms_word_of(a->message.text, strlen(a->message.text)) : SMS_WORD_NONE;
    struct case_file *known = a->message.is_sms ? texting_find(a->vault, &a->message) : NULL;
    const char *elsewhere = a->message.is_sms ? texting_elsewhere(a->vault->texting, &a->message) : NULL;
    struct case_file *begun = a->message.is_sms && file->version == 0 ? texting_begun(a->vault, &a->message) : NULL;
    const char *who = "";
    const char *answers =
        a->message.is_sms && file->version == 0 ? pager_hears(a->vault->pager, &a->message, &who) : NULL;
    if (answers) { /* the person on call, and no report */
        message_free(&a->message);
        take_and_dissolve(a, change_new(a->vault), who, answers);
    } else if (elsewhere && file->version == 0) {
        send_text_on(a, elsewhere);
    } else if (known && known != file) {
        if (!waits_for(a, known))
            thread_text(a, known, word);
    } else if (begun && begun != file) {
        need(waits_for(a, begun)); /* several texts at once, or the parts of one: they are one case */
    } else if (file->version > 0) {
        add_to_case(a, file);
    } else if (word == SMS_WORD_STOP) {
        take_and_dissolve(a, change_new(a->vault), "",
                          "sms.stop"); /* we know nothing of this number, so there is nothing to stop */
    } else {
        if (a->message.is_sms)
            texting_begins(a->vault->texting, &a->message, file);
        begin_case(a, file);
    }
}

static void arrival_try(void *arg)
{
    struct arrival *a = arg;
    if (a->fence != a->vault->fence || a->vault->phase != PHASE_OPEN) {
        arrival_end(a, ERR_CANCELLED);
        return;
    }
    const struct envelope_place *place = &a->row.place;
    struct case_file *file = book_find(a->vault->book, place->case_id);
    const uint8_t *key = file ? book_key(file, place->root, place->generation) : NULL;
    if (file && waits_for(a, file))
        return;
    /* A first state would take the place of one that stands there, and the vault would begin anew for it, for ever. */
    if (file && file->is_refused) {
        arrival_end(a, ERR_CRYPTO);
        return;
    }
    struct buf text = BUF_INIT(ITEM_TEXT_MAX);
    if (!a->message.json && key && book_key(file, ROOT_STAFF, 1) &&
        envelope_open(key, place, a->row.body, a->row.body_len, &text) == ERR_OK && place->part == PART_MESSAGE &&
        message_read(text.bytes, text.len, &a->message) != ERR_OK)
        message_free(&a->message);
    buf_free(&text);
    if (file && a->message.json && a->message.receipt_count && !a->asked)
        door_vault_case_of(a->vault->door, (const uint8_t(*)[32])a->message.receipts, a->message.receipt_count,
                           VAULT_DEADLINE_MS, case_known, a, 0);
    else if (file && a->message.json)
        take_message(a, file);
    else
        arrival_end(a, ERR_CRYPTO); /* it stays where it is: its key may come */
}

void arrival_take(struct vault *vault, const struct vault_row *row, change_done_fn *done, void *room)
{
    struct arrival *a = mem_new(sizeof *a);
    *a = (struct arrival){.vault = vault, .fence = vault->fence, .row = *row, .done = done, .room = room};
    buf_init(&a->body, row->body_len);
    need(buf_add(&a->body, row->body, row->body_len) == ERR_OK);
    a->row.body = a->body.bytes;
    loop_later(vault->loop, arrival_try, a);
}
