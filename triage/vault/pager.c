/* pager.c -- see pager.h. Two orders over the cases that nobody has looked at: by when their look is due, and, of those
 * that page, by the number under which they came up. */
#include "triage/vault/pager.h"

#include <stddef.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/code.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/text/mustache.h"
#include "triage/vault/alarm.h"
#include "triage/vault/audit.h"
#include "triage/vault/oncall.h"
#include "triage/vault/outbox.h"
#include "triage/vault/seen.h"
#include "triage/vault/told.h"

enum { LATE_A_TICK = 1000, AGAIN_S = 5, TEXT_MAX = 2048 };

struct case_page {
    struct order_node coming, paging;
    struct case_file *file;
    struct pager *pager;
    int64_t due; /* of its look; STAGES_NEVER: none */
    enum queue_lane lane;
    int is_danger; /* now */
    int is_unseen; /* in danger since nobody of staff had it before their eyes */
    int is_late;
};

#define PAGE_OF(node, member) ((struct case_page *)((char *)(node)-offsetof(struct case_page, member)))

struct pager {
    struct vault *vault;
    struct order coming, paging;
    uint64_t number; /* of what came up last */
    struct alarm alarm;
    struct told told;
    int is_writing;
    int is_said;      /* that nobody could be told */
    int64_t again_at; /* nothing is written before: the last was not kept. Wall seconds */
};

/* ---- the lists ---- */

static void comes_up(struct pager *pager, struct case_page *page)
{
    order_remove(&pager->paging, &page->paging);
    order_add(&pager->paging, &page->paging, (struct order_key){++pager->number, page->file->number, 0});
}

void pager_lane(struct pager *pager, struct case_file *file)
{
    struct case_page *page = file->page;
    if (!page)
        return;
    enum queue_lane lane = file->place.lane;
    int worked = lane == LANE_FIRST_LOOK || lane == LANE_HELD;
    /* Who took it has seen what was there then. */
    if (lane == LANE_FIRST_LOOK)
        page->is_unseen = page->is_danger;
    else if (lane == LANE_HELD && page->lane == LANE_FIRST_LOOK)
        page->is_unseen = 0;
    page->lane = lane;
    order_remove(&pager->coming, &page->coming);
    if (worked && (page->is_late || page->is_unseen)) {
        if (!page->paging.size)
            comes_up(pager, page);
    } else {
        order_remove(&pager->paging, &page->paging);
    }
    if (worked && !page->is_late && page->due < STAGES_NEVER)
        order_add(&pager->coming, &page->coming, (struct order_key){(uint64_t)page->due, file->number, 0});
}

void pager_know(struct pager *pager, struct case_file *file, const struct stage_fact *look)
{
    struct case_page *page = file->page;
    int64_t now = clock_wall();
    if (!look || look->is_reached || file->place.lane == LANE_CONSULTATION) {
        pager_forget(file);
        return;
    }
    if (!page) {
        page = file->page = mem_new(sizeof *page);
        page->file = file;
        page->pager = pager;
    }
    page->due = look->due;
    /* New words of danger in a case that somebody holds: they may have gone home. */
    if (file->place.severity.danger_now && !page->is_danger && page->lane != LANE_FIRST_LOOK)
        page->is_unseen = 1;
    page->is_danger = file->place.severity.danger_now;
    if (page->due > now)
        page->is_late = 0;
    pager_lane(pager, file);
}

void pager_forget(struct case_file *file)
{
    struct case_page *page = file->page;
    if (!page)
        return;
    order_remove(&page->pager->coming, &page->coming);
    order_remove(&page->pager->paging, &page->paging);
    mem_free(page);
    file->page = NULL;
}

/* Looks whose time has come. */
static void turn_late(struct pager *pager, int64_t now)
{
    for (int i = 0; i < LATE_A_TICK; i++) {
        struct order_node *first = order_at(&pager->coming, 0);
        if (!first || first->key.first > (uint64_t)now)
            return;
        struct case_page *page = PAGE_OF(first, coming);
        order_remove(&pager->coming, &page->coming);
        page->is_late = 1;
        comes_up(pager, page);
    }
}

/* Numbers only rise, so what is unknown stands behind all that is known. */
static struct alarm_waiting waiting_of(const struct pager *pager)
{
    size_t total = order_count(&pager->paging), low = 0, high = total;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (order_at(&pager->paging, middle)->key.first > pager->alarm.known)
            high = middle;
        else
            low = middle + 1;
    }
    return (struct alarm_waiting){.unknown = total - low,
                                  .newest = total ? order_at(&pager->paging, total - 1)->key.first : 0};
}

size_t pager_waiting(const struct pager *pager)
{
    return order_count(&pager->paging);
}

/* ---- who ---- */

/* The gateway's channel for somebody; "": none is named. */
static const char *channel_of(const struct vault *vault, int is_email)
{
    return is_email ? vault->settings.alarm_email_channel : vault->settings.alarm_channel;
}

int pager_has_channel(const struct pager *pager, int is_email)
{
    return *channel_of(pager->vault, is_email) != '\0';
}

/* Those who are on call and have a channel, in their order. */
static size_t people_now(const struct pager *pager, int64_t now, struct roster_person out[static ROSTER_MOST])
{
    const struct vault *vault = pager->vault;
    size_t all = vault->oncall ? oncall_now(vault->oncall, now, out) : 0, count = 0;
    for (size_t i = 0; i < all; i++)
        if (pager_has_channel(pager, out[i].is_email))
            out[count++] = out[i];
    return count;
}

static const char *standing(const struct pager *pager)
{
    struct roster_person people[ROSTER_MOST];
    const struct vault *vault = pager->vault;
    int64_t now = clock_wall();
    if (!vault->oncall || oncall_now(vault->oncall, now, people) == 0)
        return "nobody";
    if (people_now(pager, now, people) == 0)
        return "no_channel";
    return outbox_can_send(vault->outbox) ? "somebody" : "no_gateway";
}

int pager_reaches_somebody(const struct pager *pager)
{
    return strcmp(standing(pager), "somebody") == 0;
}

/* ---- the message ---- */

static struct alarm_rhythm rhythm_of(const struct pager *pager)
{
    const struct settings *s = &pager->vault->settings;
    return (struct alarm_rhythm){
        .repeat_s = s->alarm_repeat_s, .gather_s = s->alarm_gather_s, .next_s = s->alarm_next_s};
}

struct sending {
    struct vault *vault;
    uint8_t rows[ROSTER_MOST][16];
    size_t count;
};

static void sent(void *room, enum err err)
{
    struct sending *s = room;
    struct pager *pager = s->vault->pager;
    pager->is_writing = 0;
    for (size_t i = 0; err == ERR_OK && i < s->count; i++)
        told_kept(&pager->told, s->rows[i]);
    if (err != ERR_OK) {
        const struct alarm_rhythm rhythm = rhythm_of(pager);
        const int64_t now = clock_wall();
        log_warn("page_not_written", LOG_ERR(err));
        alarm_failed(&pager->alarm, &rhythm, now, AGAIN_S);
        pager->again_at = now + AGAIN_S;
    }
    mem_free(s);
}

/* Nothing of any case: how many wait, and how to answer. ERR_TOO_BIG, ERR_MALFORMED. */
static enum err write_text(const struct pager *pager, int is_email, struct buf *out)
{
    const struct vault *vault = pager->vault;
    static const char *const sentences[][2] = {
        {TN("recourse: {{n}} case waits for a look now. Sign in. Answer OK {{code}}.",
            "recourse: {{n}} cases wait for a look now. Sign in. Answer OK {{code}}.")},
        /* to an e-mail nobody can answer */
        {TN("recourse: {{n}} case waits for a look now. Sign in and say that you know.",
            "recourse: {{n}} cases wait for a look now. Sign in and say that you know.")}};
    const char *const *english = sentences[is_email];
    size_t n = pager_waiting(pager);
    const char *says = vault->texts ? catalogue_plural(vault->texts, vault->settings.alarm_language, english[0],
                                                       english[1], (uint64_t)n)
                                    : english[n != 1];
    json_t *values = json_pack("{s:o,s:s}", "n", json_sprintf("%zu", n), "code", pager->alarm.code);
    need(values != NULL);
    enum err err = mustache_fill(says, values, out);
    json_decref(values);
    return err;
}

static void write_to(struct pager *pager, struct change *change, const struct roster_person *person, size_t unknown,
                     struct sending *s)
{
    struct vault *vault = pager->vault;
    struct buf text = BUF_INIT(TEXT_MAX);
    if (write_text(pager, person->is_email, &text) == ERR_OK) {
        uint8_t *row = s->rows[s->count++];
        told_write(&pager->told, person, row);
        outbox_page(vault->outbox, change, row, person->to, channel_of(vault, person->is_email), buf_text(&text));
        audit_leaf(vault, change, "", "alarm.sent", NULL,
                   json_pack("{s:s,s:I}", "name", person->name, "unknown", (json_int_t)unknown));
    }
    buf_free(&text);
}

/* To all of `people`, or to those alone who were not told yet. */
static void send(struct pager *pager, const struct roster_person *people, size_t count, int to_all, size_t unknown)
{
    struct vault *vault = pager->vault;
    struct sending *s = mem_new(sizeof *s);
    struct change *change = change_new(vault);
    s->vault = vault;
    for (size_t i = 0; i < count; i++)
        if (to_all || !told_is(&pager->told, &people[i]))
            write_to(pager, change, &people[i], unknown, s);
    if (s->count == 0) {
        change_free(change);
        mem_free(s);
        return;
    }
    pager->is_writing = 1;
    change_submit(change, sent, s);
}

/* 1: somebody who is to be told by now was not: their turn has come, or their shift has begun. */
static int lacks_somebody(const struct pager *pager, const struct roster_person *people, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!told_is(&pager->told, &people[i]))
            return 1;
    return 0;
}

static void tick(void *room, int64_t now_ms)
{
    (void)now_ms;
    struct pager *pager = room;
    struct roster_person people[ROSTER_MOST];
    int64_t now = clock_wall();
    if (pager->vault->phase != PHASE_OPEN)
        return;
    turn_late(pager, now);
    const struct alarm_waiting waiting = waiting_of(pager);
    const struct alarm_rhythm rhythm = rhythm_of(pager);
    int is_due = alarm_is_due(&pager->alarm, &waiting, &rhythm, now), reaches = pager_reaches_somebody(pager);
    if (is_due && !reaches && !pager->is_said)
        log_warn("page_to_nobody", LOG_NAME("why", standing(pager)));
    pager->is_said = is_due && !reaches;
    if (waiting.unknown == 0 || !reaches || pager->is_writing || !door_vault_is_up(pager->vault->door))
        return;
    size_t reach = alarm_reach(&pager->alarm, &rhythm, people_now(pager, now, people), now);
    if (is_due) {
        if (pager->alarm.sent == 0)
            told_anew(&pager->told);
        alarm_begin(&pager->alarm);
        send(pager, people, reach, 1, waiting.unknown);
        alarm_sent(&pager->alarm, &waiting, now);
    } else if ((now >= pager->again_at || now < pager->again_at - AGAIN_S) && lacks_somebody(pager, people, reach)) {
        send(pager, people, reach, 0, waiting.unknown);
    }
}

/* ---- what comes back ---- */

int pager_acknowledge(struct pager *pager)
{
    int had = waiting_of(pager).unknown > 0;
    alarm_acknowledge(&pager->alarm, pager->number);
    return had;
}

void pager_anew(struct pager *pager)
{
    pager->told = (struct told){0};
    alarm_anew(&pager->alarm);
}

/* Whose telephone it is, of those who are on call and those who were told; NULL. */
static const char *name_of(const struct pager *pager, const char *from, struct roster_person people[static ROSTER_MOST])
{
    const struct vault *vault = pager->vault;
    size_t count = vault->oncall ? oncall_now(vault->oncall, clock_wall(), people) : 0;
    for (size_t i = 0; i < count; i++)
        if (!people[i].is_email && oncall_is_same(people[i].to, from))
            return people[i].name;
    return told_name(&pager->told, from);
}

const char *pager_hears(struct pager *pager, const struct message *message, const char **who)
{
    char code[ALARM_CODE + 1];
    struct roster_person people[ROSTER_MOST];
    if (!message->sms_channel || strcmp(message->sms_channel, pager->vault->settings.alarm_channel) != 0)
        return NULL;
    const char *name = name_of(pager, message->from, people);
    if (!name || !alarm_code_in(message->text, code))
        return NULL;
    *who = name;
    if (!alarm_code_fits(&pager->alarm, code))
        return "alarm.wrong_code";
    (void)pager_acknowledge(pager);
    return "alarm.acknowledged";
}

int pager_ended(struct pager *pager, const char *id, int is_sent)
{
    uint8_t row[16];
    int is_news;
    if (code_unid(id, strlen(id), row) != ERR_OK || !told_ended(&pager->told, row, is_sent, &is_news))
        return 0;
    if (is_news)
        alarm_push(&pager->alarm);
    if (!is_sent)
        log_warn("page_not_delivered");
    return 1;
}

/* Of those who are on call now: nobody can do anything about the others any more. */
static int is_undelivered(const struct pager *pager)
{
    struct roster_person people[ROSTER_MOST];
    size_t count = people_now(pager, clock_wall(), people);
    for (size_t i = 0; i < count; i++)
        if (told_is_undelivered(&pager->told, &people[i]))
            return 1;
    return 0;
}

json_t *pager_json(const struct pager *pager, const char *who)
{
    struct hidden hidden = seen_hidden(pager->vault, who);
    size_t waiting = pager_waiting(pager), unknown = waiting_of(pager).unknown;
    for (size_t i = 0; i < hidden.count; i++) {
        const struct case_page *page = book_at(pager->vault->book, hidden.numbers[i])->page;
        if (!page || !page->paging.size)
            continue;
        waiting--;
        unknown -= page->paging.key.first > pager->alarm.known;
    }
    mem_free(hidden.numbers);
    json_t *json = json_pack("{s:s,s:I,s:I,s:b}", "standing", standing(pager), "waiting", (json_int_t)waiting,
                             "unknown", (json_int_t)unknown, "undelivered", is_undelivered(pager));
    need(json != NULL);
    return json;
}

/* ---- life ---- */

void pager_reset(struct pager *pager)
{
    pager->coming = pager->paging = (struct order){0};
}

struct pager *pager_new(struct vault *vault)
{
    struct pager *pager = mem_new(sizeof *pager);
    pager->vault = vault;
    loop_on_tick(vault->loop, tick, pager);
    return pager;
}

void pager_free(struct pager *pager)
{
    if (!pager)
        return;
    loop_off_tick(pager->vault->loop, tick, pager);
    mem_free(pager);
}
