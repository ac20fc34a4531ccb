/* pager.c -- see pager.h. Two orders over the cases that nobody has looked at: by when their look is due, and, of those
 * that page, by the number under which they came up. */
#include "triage/vault/pager.h"

#include <stddef.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/code.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/base/rng.h"
#include "common/text/mustache.h"
#include "triage/vault/alarm.h"
#include "triage/vault/audit.h"
#include "triage/vault/oncall.h"
#include "triage/vault/outbox.h"
#include "triage/vault/seen.h"

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
    uint8_t row[16]; /* of the message under way */
    int is_under_way, is_writing, is_undelivered;
    int is_said; /* that nobody could be told */
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

/* ---- the message ---- */

/* The gateway's channel for who is on call; "": none is named. */
static const char *channel_of(const struct vault *vault)
{
    return oncall_is_email(vault->oncall) ? vault->settings.alarm_email_channel : vault->settings.alarm_channel;
}

static const char *standing(const struct pager *pager)
{
    const struct vault *vault = pager->vault;
    if (!vault->oncall || !oncall_to(vault->oncall, clock_wall()))
        return "nobody";
    if (!*channel_of(vault))
        return "no_channel";
    return outbox_can_send(vault->outbox) ? "somebody" : "no_gateway";
}

int pager_reaches_somebody(const struct pager *pager)
{
    return strcmp(standing(pager), "somebody") == 0;
}

static struct alarm_rhythm rhythm_of(const struct pager *pager)
{
    const struct settings *s = &pager->vault->settings;
    return (struct alarm_rhythm){.repeat_s = s->alarm_repeat_s, .gather_s = s->alarm_gather_s};
}

struct sending {
    struct vault *vault;
    uint8_t row[16];
};

static void sent(void *room, enum err err)
{
    struct sending *s = room;
    struct pager *pager = s->vault->pager;
    pager->is_writing = 0;
    if (err == ERR_OK) {
        memcpy(pager->row, s->row, sizeof pager->row);
        pager->is_under_way = 1;
    } else {
        const struct alarm_rhythm rhythm = rhythm_of(pager);
        log_warn("page_not_written", LOG_ERR(err));
        alarm_failed(&pager->alarm, &rhythm, clock_wall(), AGAIN_S);
    }
    mem_free(s);
}

/* Nothing of any case: how many wait, and how to answer. ERR_TOO_BIG, ERR_MALFORMED. */
static enum err write_text(const struct pager *pager, struct buf *out)
{
    const struct vault *vault = pager->vault;
    static const char *const sentences[][2] = {
        {TN("recourse: {{n}} case waits for a look now. Sign in. Answer OK {{code}}.",
            "recourse: {{n}} cases wait for a look now. Sign in. Answer OK {{code}}.")},
        /* to an e-mail nobody can answer */
        {TN("recourse: {{n}} case waits for a look now. Sign in and say that you know.",
            "recourse: {{n}} cases wait for a look now. Sign in and say that you know.")}};
    const char *const *english = sentences[oncall_is_email(vault->oncall)];
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

/* While the gateway has not said what became of the message before, this one takes its place. */
static void send(struct pager *pager, const struct alarm_waiting *waiting, int64_t now)
{
    struct vault *vault = pager->vault;
    struct buf text = BUF_INIT(TEXT_MAX);
    alarm_begin(&pager->alarm);
    if (write_text(pager, &text) == ERR_OK) {
        struct sending *s = mem_new(sizeof *s);
        struct change *change = change_new(vault);
        s->vault = vault;
        if (pager->is_under_way)
            memcpy(s->row, pager->row, sizeof s->row);
        else
            rng_bytes(s->row, sizeof s->row);
        outbox_page(vault->outbox, change, s->row, oncall_to(vault->oncall, now), channel_of(vault), buf_text(&text));
        audit_leaf(
            vault, change, "", "alarm.sent", NULL,
            json_pack("{s:s,s:I}", "name", oncall_name(vault->oncall, now), "unknown", (json_int_t)waiting->unknown));
        pager->is_writing = 1;
        change_submit(change, sent, s);
    }
    alarm_sent(&pager->alarm, waiting, now);
    buf_free(&text);
}

static void tick(void *room, int64_t now_ms)
{
    (void)now_ms;
    struct pager *pager = room;
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
    if (is_due && reaches && !pager->is_writing && door_vault_is_up(pager->vault->door))
        send(pager, &waiting, now);
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
    pager->is_undelivered = 0;
    alarm_anew(&pager->alarm);
}

const char *pager_hears(struct pager *pager, const struct message *message)
{
    char code[ALARM_CODE + 1];
    const struct vault *vault = pager->vault;
    const char *to = oncall_to(vault->oncall, clock_wall());
    if (!to || oncall_is_email(vault->oncall) || !message->sms_channel ||
        strcmp(message->sms_channel, vault->settings.alarm_channel) != 0 || !oncall_is_same(to, message->from) ||
        !alarm_code_in(message->text, code))
        return NULL;
    if (!alarm_code_fits(&pager->alarm, code))
        return "alarm.wrong_code";
    (void)pager_acknowledge(pager);
    return "alarm.acknowledged";
}

int pager_ended(struct pager *pager, const char *id, int is_sent)
{
    char mine[CODE_ID_SIZE];
    code_id(pager->row, mine);
    if (!pager->is_under_way || strcmp(mine, id) != 0)
        return 0;
    pager->is_under_way = 0;
    pager->is_undelivered = !is_sent;
    if (!is_sent)
        log_warn("page_not_delivered");
    return 1;
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
                             "unknown", (json_int_t)unknown, "undelivered", pager->is_undelivered);
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
