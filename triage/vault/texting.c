/* texting.c -- see texting.h. A hash table from (channel, number) to case, keyed with random bytes of this run. */
#include "triage/vault/texting.h"

#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "common/base/rng.h"
#include "triage/vault/case_state.h"
#include "triage/vault/consent.h"
#include "triage/vault/outbox.h"

struct number {
    uint8_t tag[32]; /* HMAC of channel and number: all that is compared */
    uint8_t case_id[16];
    uint8_t begun_id[16]; /* of the case that a text of it began last, while that is not written yet */
    int is_used;
    char moved_to[17];      /* "": its case is here */
    char recorded_to[17];   /* as the last record says; "": there is none */
    int64_t record_version; /* of the record that said so once; 0: there is none */
    uint8_t record_hash[32];
};

struct texting {
    uint8_t key[32];
    struct number *slots;
    size_t slot_count, count;
};

enum { SLOTS_FIRST = 64, NAME_MAX_BYTES = 100 };

struct texting *texting_new(void)
{
    struct texting *t = mem_new(sizeof *t);
    rng_bytes(t->key, sizeof t->key);
    t->slot_count = SLOTS_FIRST;
    t->slots = mem_new_array(t->slot_count, sizeof *t->slots);
    return t;
}

void texting_free(struct texting *t)
{
    if (!t)
        return;
    mem_free(t->slots);
    mem_free(t);
}

static void tag_of(const struct texting *t, const char *channel, const char *from, uint8_t out[static 32])
{
    char name[NAME_MAX_BYTES];
    int len = snprintf(name, sizeof name, "%.48s %.48s", channel, from);
    sign_hmac(t->key, sizeof t->key, name, (size_t)len, out);
    mem_wipe(name, sizeof name);
}

static struct number *slot_of(const struct texting *t, const uint8_t tag[static 32])
{
    uint64_t hash;
    memcpy(&hash, tag, sizeof hash);
    size_t at = (size_t)(hash % t->slot_count);
    while (t->slots[at].is_used && memcmp(t->slots[at].tag, tag, 32) != 0)
        at = (at + 1) % t->slot_count;
    return &t->slots[at];
}

static void grow(struct texting *t)
{
    struct number *old = t->slots;
    size_t count = t->slot_count;
    t->slot_count *= 2;
    t->slots = mem_new_array(t->slot_count, sizeof *t->slots);
    for (size_t i = 0; i < count; i++)
        if (old[i].is_used)
            *slot_of(t, old[i].tag) = old[i];
    mem_free(old);
}

/* A slot for a number that has none yet. */
static void use(struct texting *t, struct number *slot, const uint8_t tag[static 32])
{
    *slot = (struct number){.is_used = 1};
    memcpy(slot->tag, tag, sizeof slot->tag);
    if (++t->count * 2 > t->slot_count)
        grow(t);
}

void texting_know(struct texting *t, const json_t *state, const struct case_file *file)
{
    static const uint8_t none[16];
    const json_t *sms = json_object_get(state, "sms");
    uint8_t tag[32];
    if (!json_is_object(sms))
        return;
    tag_of(t, state_text(sms, "channel"), state_text(sms, "from"), tag);
    struct number *slot = slot_of(t, tag);
    if (slot->is_used && !*slot->moved_to && memcmp(slot->case_id, none, sizeof none) != 0)
        return; /* the first case of a number keeps it */
    if (!slot->is_used) {
        use(t, slot, tag);
        slot = slot_of(t, tag);
    }
    memset(slot->moved_to, 0, sizeof slot->moved_to);
    memcpy(slot->case_id, file->id, sizeof slot->case_id);
}

void texting_forget(struct texting *t, const json_t *state, const struct case_file *file)
{
    const json_t *sms = json_object_get(state, "sms");
    uint8_t tag[32];
    if (!json_is_object(sms))
        return;
    tag_of(t, state_text(sms, "channel"), state_text(sms, "from"), tag);
    struct number *slot = slot_of(t, tag);
    if (!slot->is_used || *slot->moved_to || memcmp(slot->case_id, file->id, sizeof slot->case_id) != 0)
        return;
    memset(slot->case_id, 0, sizeof slot->case_id);
    memcpy(slot->moved_to, slot->recorded_to, sizeof slot->moved_to);
}

/* ---- numbers whose case went elsewhere ---- */

static struct number *slot_of_record(const struct texting *t, const json_t *record, uint8_t tag[static 32])
{
    tag_of(t, state_text(record, "channel"), state_text(record, "from"), tag);
    return slot_of(t, tag);
}

json_t *texting_record(const json_t *state, const char *desk)
{
    const json_t *sms = json_object_get(state, "sms");
    if (!json_is_object(sms))
        return NULL;
    json_t *record = json_pack("{s:i,s:s,s:s,s:s,s:s}", "v", 1, "kind", "moved", "channel", state_text(sms, "channel"),
                               "from", state_text(sms, "from"), "desk", desk);
    need(record != NULL);
    return record;
}

int64_t texting_record_version(const struct texting *t, const json_t *record, uint8_t hash[static 32])
{
    uint8_t tag[32];
    const struct number *slot = slot_of_record(t, record, tag);
    memcpy(hash, slot->record_hash, sizeof slot->record_hash);
    return slot->record_version;
}

void texting_recorded(struct texting *t, const json_t *record, int64_t version, const uint8_t hash[static 32])
{
    uint8_t tag[32];
    struct number *slot = slot_of_record(t, record, tag);
    if (!slot->is_used) {
        use(t, slot, tag);
        slot = slot_of(t, tag);
    }
    slot->record_version = version;
    memcpy(slot->record_hash, hash, sizeof slot->record_hash);
}

void texting_moved(struct texting *t, const json_t *record)
{
    const char *desk = state_text(record, "desk");
    uint8_t tag[32];
    struct number *slot = slot_of_record(t, record, tag);
    need(slot->is_used); /* it has been recorded */
    memset(slot->moved_to, 0, sizeof slot->moved_to);
    memcpy(slot->moved_to, desk, strnlen(desk, sizeof slot->moved_to - 1));
    memcpy(slot->recorded_to, slot->moved_to, sizeof slot->recorded_to);
}

const char *texting_elsewhere(const struct texting *t, const struct message *message)
{
    uint8_t tag[32];
    tag_of(t, message->sms_channel ? message->sms_channel : "", message->from, tag);
    const struct number *slot = slot_of(t, tag);
    return slot->is_used && *slot->moved_to ? slot->moved_to : NULL;
}

struct case_file *texting_find(struct vault *vault, const struct message *message)
{
    uint8_t tag[32];
    tag_of(vault->texting, message->sms_channel ? message->sms_channel : "", message->from, tag);
    const struct number *slot = slot_of(vault->texting, tag);
    struct case_file *file = slot->is_used && !*slot->moved_to ? book_find(vault->book, slot->case_id) : NULL;
    return file && file->version > 0 ? file : NULL;
}

void texting_begins(struct texting *t, const struct message *message, const struct case_file *file)
{
    uint8_t tag[32];
    tag_of(t, message->sms_channel ? message->sms_channel : "", message->from, tag);
    struct number *slot = slot_of(t, tag);
    if (!slot->is_used) {
        use(t, slot, tag);
        slot = slot_of(t, tag);
    }
    memcpy(slot->begun_id, file->id, sizeof slot->begun_id);
}

struct case_file *texting_begun(struct vault *vault, const struct message *message)
{
    uint8_t tag[32];
    tag_of(vault->texting, message->sms_channel ? message->sms_channel : "", message->from, tag);
    const struct number *slot = slot_of(vault->texting, tag);
    struct case_file *file = slot->is_used ? book_find(vault->book, slot->begun_id) : NULL;
    return file && file->writing && file->version == 0 ? file : NULL;
}

void texting_heard(struct case_change *cc, enum sms_word word)
{
    json_t *sms = json_object_get(cc->state, "sms");
    int stopped = word == SMS_WORD_STOP;
    if (stopped) {
        outbox_take_back(cc);
        consent_stopped(cc->state, clock_wall());
        state_history(cc->state, "", "The person asked for no more texts");
    } else if (json_is_true(json_object_get(sms, "stopped"))) {
        state_history(cc->state, "", "The person texted again, and may be answered");
    }
    need(json_object_set_new(sms, "stopped", json_boolean(stopped)) == 0);
}

int texting_may_send(const json_t *state)
{
    const json_t *sms = json_object_get(state, "sms");
    return json_is_object(sms) && !json_is_true(json_object_get(sms, "stopped"));
}
