/* why.c -- see why.h. One table of sentences for each part of the assessment. */
#include "triage/vault/why.h"

#include <string.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "common/text/mustache.h"
#include "triage/vault/case_state.h"
#include "triage/vault/decision.h"
#include "triage/vault/pauses.h"
#include "triage/vault/severity_json.h"
#include "triage/vault/texting.h"

/* ---- what is known, as numbers ---- */

/* The answer that carries the words is itself the contact and the acknowledgement: what is due after it counts. */
static void due_after_answer(const struct stages_office *office, const json_t *state, const struct severity *counts,
                             int64_t now, struct why *out)
{
    struct stage_fact facts[DEADLINE_STAGES];
    json_t *then = json_deep_copy(state);
    need(then != NULL);
    stages_did(then, DEADLINE_CONTACT);
    stages_did(then, DEADLINE_ACKNOWLEDGE);
    stages_facts(office, then, counts, now, facts);
    json_decref(then);
    const struct stage_fact *outcome = &facts[DEADLINE_OUTCOME];
    if (outcome->is_reached || outcome->due == STAGES_NEVER)
        return;
    out->next = outcome->due < now ? WHY_NEXT_LATE : WHY_NEXT_DUE;
    out->day = outcome->due + office->calendar.ahead_s;
}

static void read_next(const struct stages_office *office, const json_t *state, const struct severity *counts,
                      int64_t now, struct why *out)
{
    enum life life = life_now(state);
    out->next = WHY_NEXT_OPEN;
    if (life_is_ending(life)) {
        out->next = WHY_NEXT_OVER;
    } else if (pauses_now(state)) {
        out->next = WHY_NEXT_PAUSED;
    } else if (life == LIFE_UNDER_REVIEW) {
        out->next = WHY_NEXT_REVIEW;
        out->day = decision_review_due(state) + office->calendar.ahead_s;
    } else if (life_waits_for_person(life)) {
        out->next = WHY_NEXT_THEIRS;
    } else {
        due_after_answer(office, state, counts, now, out);
    }
}

static enum why_text text_of(const json_t *state)
{
    const json_t *pause = pauses_now(state);
    if (!texting_may_send(state) || strcmp(state_text(pause, "code"), PAUSE_NO_SAFE_WAY) == 0)
        return WHY_TEXT_NONE;
    return strcmp(state_text(json_object_get(state, "safety"), "level"), "high") == 0 ? WHY_TEXT_QUIET : WHY_TEXT_SHORT;
}

int why_of(const struct stages_office *office, const json_t *state, const struct severity *counts, int64_t now,
           struct why *out)
{
    const json_t *assessment = json_object_get(state, "assessment");
    if (!json_is_object(assessment))
        return 0;
    *out = (struct why){.text = text_of(state)};
    severity_from_json(assessment, &out->severity);
    out->severity.looked = now; /* a clock that ran out is known to whoever assessed it */
    read_next(office, state, counts, now, out);
    return 1;
}

/* ---- as words ---- */

static const char *urgency(const struct severity *s, int64_t now)
{
    if (s->danger_now)
        return T("We think that somebody may be in danger now. We take up such reports before all others.");
    if (s->grave)
        return T("We think that this is very grave. We take up such reports before others.");
    if (severity_band(s, now) != BAND_LATER)
        return T("We think that this is urgent, because it may soon be too late to put it right.");
    if (severity_is_severe(s, now))
        return T("We think that this is serious.");
    if (!s->scale || !s->scope || !s->irremediability)
        return T("We do not know enough yet to say how urgent this is. Until we do, we treat it as serious.");
    return T("We think that this is less urgent than reports of danger or serious harm. Those come first, and then we "
             "take up yours.");
}

static const char *const scales[SEVERITY_AXIS_MAX + 1] = {
    T("How bad it is: we do not know yet."),
    T("How bad it is: it makes trouble, and people can live with it for a while."),
    T("How bad it is: it matters, and people can still cope with it."),
    T("How bad it is: serious."),
    T("How bad it is: very serious."),
};
static const char *const remedies[SEVERITY_AXIS_MAX + 1] = {
    T("Whether it can be put right: we do not know yet."),
    T("Whether it can be put right: yes, fully and quickly."),
    T("Whether it can be put right: yes, but it takes work."),
    T("Whether it can be put right: only in part, or only in the next days."),
    T("Whether it can be put right: hardly, or only if something is done very soon."),
};
static const char *const nexts[WHY_NEXTS] = {
    [WHY_NEXT_OPEN] = T("What happens next: we work on it, and write to you as soon as there is something new."),
    [WHY_NEXT_DUE] = T("What happens next: we work on it, and tell you by {{day}} what became of it."),
    [WHY_NEXT_LATE] = T("What happens next: we work on it. You should have heard by {{day}} what became of it. We are "
                        "late, and we are sorry."),
    [WHY_NEXT_REVIEW] = T("What happens next: somebody else looks at the decision again, by {{day}}."),
    [WHY_NEXT_PAUSED] = T("What happens next: this has to wait at the moment. You can read on this page why."),
    [WHY_NEXT_THEIRS] = T("What happens next: we wait for what you write to us."),
    [WHY_NEXT_OVER] = T("What happens next: we have ended our work on this. If you write to us, we look at it again."),
};
static const char *const quiet =
    T("There is a message for you. Send RECEIPT to read it on our page, or write back when it is safe.");
static const char *const with_day =
    T("We have read your message. You hear from us by {{day}}. If something is wrong or gets worse, write back when it "
      "is safe. Send RECEIPT to read more on our page.");
static const char *const without_day =
    T("We have read your message. If something is wrong or gets worse, write back when it is safe. Send RECEIPT to "
      "read more on our page.");

struct writer {
    const struct catalogue_set *texts;
    const char *language;
    json_t *values; /* {"day"} */
};

static void say(const struct writer *w, const char *before, const char *english, struct buf *out)
{
    const char *says = w->texts ? catalogue_text(w->texts, w->language, english) : english;
    need(buf_add_text(out, before) == ERR_OK && mustache_fill(says, w->values, out) == ERR_OK);
}

static void write_page(const struct writer *w, const struct why *why, int64_t now, struct buf *page)
{
    const struct severity *s = &why->severity;
    say(w, "", T("We have read what you told us. This is how urgent we think it is, and why."), page);
    say(w, "\n\n", urgency(s, now), page);
    say(w, "\n\n", T("We looked at these things:"), page);
    say(w, "\n- ", scales[s->scale <= SEVERITY_AXIS_MAX ? s->scale : SEVERITY_UNKNOWN], page);
    say(w, "\n- ", T("How many people it touches."), page);
    uint8_t remedy = severity_irremediability(s, now);
    say(w, "\n- ", remedies[remedy <= SEVERITY_AXIS_MAX ? remedy : SEVERITY_UNKNOWN], page);
    if (s->ongoing)
        say(w, "\n- ", T("That it is still going on."), page);
    if (s->likelihood && s->likelihood != LIKELIHOOD_HAPPENED)
        say(w, "\n- ", T("That it has not happened yet, but may happen."), page);
    say(w, "\n\n", nexts[why->next], page);
    say(w, "\n\n", T("If we have something wrong, or if it gets worse, write to us here. We look at it again."), page);
}

void why_write(const struct catalogue_set *texts, const char *language, const struct why *why, int64_t now,
               struct buf *page, struct buf *text)
{
    char day[11];
    clock_day(why->day, day);
    struct writer w = {.texts = texts, .language = language, .values = json_pack("{s:s}", "day", day)};
    need(w.values != NULL);
    write_page(&w, why, now, page);
    if (why->text == WHY_TEXT_QUIET)
        say(&w, "", quiet, text);
    else if (why->text == WHY_TEXT_SHORT)
        say(&w, "", why->next == WHY_NEXT_DUE || why->next == WHY_NEXT_REVIEW ? with_day : without_day, text);
    json_decref(w.values);
}
