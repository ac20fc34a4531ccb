/* add.c -- see add.h. */
#include "intake/add.h"

#include <string.h>

#include "common/base/clock.h"
#include "common/base/code.h"
#include "common/base/mem.h"
#include "common/seal/sign.h"
#include "intake/evidence.h"
#include "intake/limits.h"
#include "intake/report_inside.h"
#include "intake/submit.h"
#include "intake/thread.h"

struct adding {
    struct intake *intake;
    add_done_fn *done;
    void *room;
    struct once once;
    int is_once;
    uint8_t handles[PEPPERS_MAX][32]; /* of the receipt */
    char channel[16], language[LIMIT_LANGUAGE + 1], act[16];
    struct receipt receipt;
    json_t *files;   /* what is sealed of them; NULL: none */
    struct buf text; /* wiped with the rest as soon as it is sealed */
};

static void adding_end(struct adding *adding, enum add_end end)
{
    adding->done(adding->room, end);
    json_decref(adding->files);
    buf_free(&adding->text);
    mem_free(adding);
}

static void add_stored(void *room, uint64_t tag, enum err err, enum append_outcome outcome)
{
    static const enum add_end ends[] = {[APPEND_STORED] = ADD_STORED,
                                        [APPEND_ALREADY] = ADD_STORED,
                                        [APPEND_OTHER_BODY] = ADD_OTHER_BODY,
                                        [APPEND_NO_CASE] = ADD_UNKNOWN,
                                        [APPEND_SPOOLED] = ADD_STORED};
    (void)tag;
    if (err == ERR_OK && append_is_kept(outcome) && outcome != APPEND_ALREADY)
        metrics_add(COUNT_MESSAGES, 1);
    (void)intake_store_is_away(err);
    adding_end(room, err == ERR_OK ? ends[outcome] : ADD_AWAY);
}

static struct report_message message_of(const struct adding *adding)
{
    return (struct report_message){.language = adding->language,
                                   .channel = adding->channel,
                                   .act = *adding->act ? adding->act : NULL,
                                   .files = adding->files,
                                   .text = buf_text(&adding->text),
                                   .text_len = adding->text.len};
}

static enum err add_send(struct adding *adding, const struct thread *thread)
{
    struct buf inside = BUF_INIT(LIMIT_INSIDE);
    struct submit_message what = {.desk = thread->desk,
                                  .case_id = thread->case_id,
                                  .once = &adding->once,
                                  .is_once = adding->is_once,
                                  .thread_key = thread->read_back ? thread->key : NULL,
                                  .generation = thread->generation,
                                  .inside = &inside};
    struct report_message message = message_of(adding);
    message.read_back = thread->read_back;
    enum err err = report_inside_message(&message, clock_wall(), &inside);
    if (err == ERR_OK)
        err = submit_message(adding->intake, &what, add_stored, adding, 0);
    buf_free(&inside);
    buf_free(&adding->text);
    return err;
}

static enum err add_letter(struct adding *adding)
{
    struct buf inside = BUF_INIT(LIMIT_INSIDE);
    json_t *receipts = json_array();
    size_t count = adding->intake->peppers.count;
    for (size_t i = 0; i < count; i++) {
        char hex[CODE_HEX_SIZE(32)];
        code_hex(adding->handles[i], 32, hex);
        need(json_array_append_new(receipts, json_string(hex)) == 0);
    }
    struct submit_letter what = {.handles = (const uint8_t(*)[32])adding->handles,
                                 .handle_count = count,
                                 .once = &adding->once,
                                 .is_once = adding->is_once,
                                 .inside = &inside};
    struct report_message message = message_of(adding);
    message.receipts = receipts;
    enum err err = report_inside_message(&message, clock_wall(), &inside);
    if (err == ERR_OK)
        err = submit_letter(adding->intake, &what, add_stored, adding, 0);
    buf_free(&inside);
    buf_free(&adding->text);
    return err;
}

static void add_found(void *room, enum err err, const struct thread *thread)
{
    struct adding *adding = room;
    if (err == ERR_NOT_FOUND) {
        adding_end(adding, ADD_UNKNOWN);
        return;
    }
    int is_case = err == ERR_OK && !thread->is_stored; /* else it goes after its report, as a letter */
    if (err == ERR_OK && !is_case)
        err = ERR_AGAIN;
    err = is_case ? add_send(adding, thread) : adding->intake->spool ? add_letter(adding) : err;
    if (err != ERR_OK) {
        (void)intake_store_is_away(err);
        adding_end(adding, ADD_AWAY);
    }
}

/* Under one key, the same act and words to the same conversation are the same message. */
static void add_once(struct adding *adding, const struct add_message *what)
{
    uint8_t digest[32];
    struct buf all = BUF_INIT(LIMIT_INSIDE);
    if (!what->key) {
        once_random(&adding->once);
        return;
    }
    need(buf_add(&all, what->receipt->digits, RECEIPT_DIGITS) == ERR_OK);
    need(buf_add_text(&all, adding->act) == ERR_OK);
    need(buf_add(&all, what->text, what->text_len) == ERR_OK); /* a body within its limit fits */
    for (size_t i = 0; i < json_array_size(what->files); i++)
        need(buf_add_text(&all, json_string_value(json_array_get(what->files, i))) == ERR_OK);
    sign_sha256(buf_text(&all), all.len, digest);
    buf_free(&all);
    once_derive(adding->intake->once_secret, what->key, strlen(what->key), digest, &adding->once);
    adding->is_once = 1;
}

static void add_look(struct adding *adding)
{
    thread_open(adding->intake, &adding->receipt, LIMIT_FIND_MS, add_found, adding);
}

static void add_kept(void *room, enum err err, json_t *inside)
{
    struct adding *adding = room;
    adding->files = json_incref(inside);
    if (err == ERR_OK)
        add_look(adding);
    else
        adding_end(adding, ADD_FILES);
}

void add_message(struct intake *intake, const struct add_message *what, add_done_fn *done, void *room)
{
    struct adding *adding = mem_new(sizeof *adding);
    adding->intake = intake;
    adding->done = done;
    adding->room = room;
    need(strlen(what->channel) < sizeof adding->channel && strlen(what->language) < sizeof adding->language);
    memcpy(adding->channel, what->channel, strlen(what->channel) + 1);
    memcpy(adding->language, what->language, strlen(what->language) + 1);
    if (what->act)
        memcpy(adding->act, what->act, strnlen(what->act, sizeof adding->act - 1)); /* one of states.h */
    buf_init(&adding->text, LIMIT_INSIDE);
    need(buf_add(&adding->text, what->text, what->text_len) == ERR_OK);
    add_once(adding, what);
    for (size_t i = 0; i < intake->peppers.count; i++) {
        uint8_t key[32];
        receipt_derive(what->receipt, &intake->peppers.list[i], adding->handles[i], key);
        mem_wipe(key, sizeof key);
    }
    adding->receipt = *what->receipt;
    if (what->files)
        evidence_keep(intake, what->files, add_kept, adding);
    else
        add_look(adding);
}
