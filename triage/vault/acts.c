/* acts.c -- see acts.h. The wish that waits: state "wish" {"act","at","until"}; that it is erased: "erase"
 * {"at","until", "copies_until","asked"}, beside it, because no ending of the case makes it void. Whether it is solved:
 * "solved"
 * {"said","at","via"}. How many messages they hid: "hidden". */
#include "triage/vault/acts.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "triage/vault/case_state.h"
#include "triage/vault/consent.h"
#include "triage/vault/decision.h"
#include "triage/vault/life.h"
#include "triage/vault/participants.h"
#include "triage/vault/pauses.h"
#include "triage/vault/referral.h"
#include "triage/vault/second.h"

static const struct {
    const char *act, *says;
    enum life to;
} wishes[] = {
    {"withdraw", "The person wants to withdraw the case", LIFE_WITHDRAWN},
    {"solved", "The person says that it is solved", LIFE_VERIFIED},
    {"helped", "The person says that it helped", LIFE_VERIFIED},
};

static const char says_erase[] = "The person asks that the case is erased";
static const char says_partly[] = "The person says that it is solved in part";
static const char says_not[] = "The person says that it is not solved";
enum { DAY_S = 24 * 3600 };

static void set_time(json_t *to, const char *key, int64_t wall)
{
    char text[CLOCK_TEXT_SIZE];
    clock_text(wall, text);
    state_set_text(to, key, text);
}

static int ask_for_review(json_t *state, int64_t now)
{
    if (decision_review_until(state) <= now || !life_follow(state, LIFE_UNDER_REVIEW, LIFE_BY_PERSON, ""))
        return 0;
    json_t *review = json_object();
    set_time(review, "at", now);
    need(json_object_set_new(state, "review", review) == 0);
    return 1;
}

/* The wish that waits, and what was asked of staff because of it, are no more. 1: there was one. */
static int drop_wish(json_t *state)
{
    const json_t *kept = json_object_get(state, "wish"), *closing = second_asked(state, "closing");
    if (!kept)
        return 0;
    if (closing && !*state_text(closing, "by"))
        json_object_del(state, "closing");
    json_object_del(state, "wish");
    return 1;
}

void acts_erase_over(json_t *state)
{
    json_object_del(state, "erase");
    json_object_del(state, "erasure");
}

/* All that waits: none of it is done, so none of it is lost. */
static int take_back(json_t *state)
{
    int is_voice = strcmp(state_text(json_object_get(state, "wish"), "act"), "withdraw") != 0;
    int is_erase = json_is_object(json_object_get(state, "erase")), is_wish = drop_wish(state);
    if (!is_wish && !is_erase)
        return 0;
    acts_erase_over(state);
    if (is_wish && is_voice) {
        remedy_unsaid(state);
        json_object_del(state, "solved");
    }
    state_history(state, "", "The person took that back");
    return 1;
}

static void say_solved(json_t *state, const char *said, const struct act *act)
{
    json_t *solved = json_pack("{s:s,s:s}", "said", said, "via", act->voice.via);
    need(solved != NULL && json_object_set_new(state, "solved", solved) == 0);
    set_time(solved, "at", act->now);
}

static int wish(json_t *state, size_t which, const struct act *act)
{
    if (!life_may(life_now(state), wishes[which].to, LIFE_BY_PERSON, NULL))
        return 0;
    /* That it is solved says of what was delivered that it helped. */
    if (wishes[which].to == LIFE_VERIFIED && !remedy_said(state, "helped", &act->voice) &&
        strcmp(act->act, "helped") == 0)
        return 0;
    if (strcmp(state_text(json_object_get(state, "wish"), "act"), act->act) != 0)
        (void)drop_wish(state); /* another one takes its place */
    json_t *kept = json_pack("{s:s}", "act", wishes[which].act);
    need(kept != NULL);
    set_time(kept, "at", act->now);
    set_time(kept, "until", act->now + act->wait_s);
    need(json_object_set_new(state, "wish", kept) == 0);
    state_history(state, "", wishes[which].says);
    if (wishes[which].to == LIFE_VERIFIED)
        say_solved(state, "yes", act);
    return 1;
}

/* In part, or not: nothing ends, and it is our turn again. Of what was delivered remedy.c knows where that leads. */
static int not_yet(json_t *state, const struct act *act)
{
    int is_partly = strcmp(act->act, "partly") == 0;
    enum life life = life_now(state);
    if (life_is_ending(life) && life != LIFE_VERIFIED && life != LIFE_CLOSED)
        return 0; /* the office decided: there is the review, and a message opens it */
    if (!remedy_said(state, act->act, &act->voice)) {
        state_history(state, "", is_partly ? says_partly : says_not);
        state_heard(state);
    }
    if (strcmp(state_text(json_object_get(state, "wish"), "act"), "withdraw") != 0)
        (void)drop_wish(state);
    say_solved(state, is_partly ? "partly" : "no", act);
    return 1;
}

static int ask_to_erase(json_t *state, const struct act *act)
{
    if (json_is_object(json_object_get(state, "erase")))
        return 1; /* said again while it waits: its time goes on */
    json_t *erase = json_object();
    set_time(erase, "at", act->now);
    set_time(erase, "until", act->now + act->wait_s);
    set_time(erase, "copies_until", act->now + act->wait_s + act->copies_days * DAY_S);
    need(json_object_set_new(state, "erase", erase) == 0);
    state_history(state, "", says_erase);
    return 1;
}

/* What they read once they need not read again, nor does whoever looks at their phone. Staff keep all of it. */
static int hide(json_t *state, const char *act)
{
    long count = strncmp(act, "hide:", 5) == 0 ? strtol(act + 5, NULL, 10) : 0;
    if (count <= 0)
        json_object_del(state, "hidden");
    else
        need(json_object_set_new(state, "hidden", json_integer(count)) == 0);
    return 1;
}

/* What waits because they said the contrary is over. */
static int say(json_t *state, const struct act *act)
{
    int is_done = remedy_said(state, act->act, &act->voice);
    if (is_done && strcmp(act->act, "not_helped") == 0)
        (void)drop_wish(state);
    return is_done;
}

int acts_do(json_t *state, const struct act *act)
{
    if (strcmp(act->act, "review") == 0)
        return ask_for_review(state, act->now);
    if (strcmp(act->act, "keep") == 0)
        return take_back(state);
    if (strcmp(act->act, "partly") == 0 || strcmp(act->act, "not_solved") == 0)
        return not_yet(state, act);
    if (strcmp(act->act, "erase") == 0)
        return ask_to_erase(state, act);
    if (strncmp(act->act, "hide:", 5) == 0 || strcmp(act->act, "show") == 0)
        return hide(state, act->act);
    /* Said again while it waits: it is there, and its time goes on. */
    if (strcmp(act->act, "helped") == 0 && strcmp(state_text(json_object_get(state, "wish"), "act"), "helped") == 0)
        return 1;
    for (size_t i = 0; i < sizeof wishes / sizeof *wishes; i++)
        if (strcmp(wishes[i].act, act->act) == 0)
            return wish(state, i, act);
    return (remedy_is_act(act->act) && say(state, act)) || consent_do(state, act->act, act->voice.via, act->now);
}

/* Of what waits under `key`. */
static int64_t due_of(const json_t *state, const char *key)
{
    const json_t *kept = json_object_get(state, key);
    if (!json_is_object(kept) || json_is_true(json_object_get(kept, "asked")))
        return 0;
    int64_t until = clock_parse(state_text(kept, "until"));
    return until > 0 ? until : 0;
}

int64_t acts_due(const json_t *state)
{
    int64_t wish = due_of(state, "wish"), erase = due_of(state, "erase");
    return !wish || (erase && erase < wish) ? erase : wish;
}

/* Somebody decides: the law may ask that it is kept. */
static void ask_about_erasing(json_t *state)
{
    json_t *erase = json_object_get(state, "erase");
    second_ask(state, "erasure", "", says_erase, json_pack("{s:s}", "copies_until", state_text(erase, "copies_until")));
    need(json_object_set_new(erase, "asked", json_true()) == 0);
    state_history(state, "", "Somebody has to decide whether it is erased");
}

void acts_end(json_t *state)
{
    int64_t erase = due_of(state, "erase");
    if (erase && erase == acts_due(state)) {
        ask_about_erasing(state);
        return;
    }
    json_t *kept = json_object_get(state, "wish");
    const char *act = state_text(kept, "act");
    struct severity severity;
    state_severity(state, &severity);
    for (size_t i = 0; i < sizeof wishes / sizeof *wishes; i++) {
        if (strcmp(wishes[i].act, act) != 0)
            continue;
        struct life_step step = {
            .to = wishes[i].to, .mover = LIFE_BY_PERSON, .who = "", .is_grave = severity_is_floor(&severity)};
        enum life_end end = life_move(state, &step);
        if (end == LIFE_MOVED)
            return; /* which ends the wish as well */
        if (end == LIFE_WANTS_SECOND && !second_asked(state, "closing")) {
            second_ask(state, "closing", "", wishes[i].says, json_pack("{s:s}", "state", life_name(step.to)));
            state_history(state, "", "Asked for a second person to close the case");
        }
        need(json_object_set_new(kept, "asked", json_true()) == 0);
        return;
    }
    json_object_del(state, "wish");
}

json_t *acts_notice(const json_t *state)
{
    const json_t *kept = json_object_get(state, "wish"), *last = decision_last(state);
    int64_t until = decision_review_until(state);
    json_t *notice = json_pack("{s:i,s:s,s:o}", "v", 1, "state", life_name(life_now(state)), "at", state_now());
    need(notice != NULL);
    if (json_is_object(kept))
        need(json_object_set_new(
                 notice, "wish",
                 json_pack("{s:s,s:s}", "act", state_text(kept, "act"), "until", state_text(kept, "until"))) == 0);
    if (until)
        set_time(notice, "review_until", until);
    const json_t *erase = json_object_get(state, "erase");
    if (json_is_object(erase))
        need(json_object_set_new(notice, "erase",
                                 json_pack("{s:s,s:s,s:b}", "until", state_text(erase, "until"), "copies_until",
                                           state_text(erase, "copies_until"), "asked",
                                           json_is_true(json_object_get(erase, "asked")))) == 0);
    if (json_object_get(state, "hidden"))
        need(json_object_set(notice, "hidden", json_object_get(state, "hidden")) == 0);
    json_t *pause = pauses_notice(state);
    if (pause)
        need(json_object_set_new(notice, "pause", pause) == 0);
    json_t *consents = consent_notice(state), *referrals = referral_notice(state);
    if (referrals)
        need(json_object_set_new(notice, "referrals", referrals) == 0);
    if (consents)
        need(json_object_set_new(notice, "consents", consents) == 0);
    json_t *participant = participant_notice(state);
    if (participant)
        need(json_object_set_new(notice, "participant", participant) == 0);
    if (life_is_ending(life_now(state)) && last && json_is_true(json_object_get(last, "final")))
        need(json_object_set_new(notice, "final", json_true()) == 0);
    return notice;
}
