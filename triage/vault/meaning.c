/* meaning.c -- see meaning.h. */
#include "triage/vault/meaning.h"

#include "common/base/mem.h"
#include "triage/vault/alike.h"
#include "triage/vault/book.h"
#include "triage/vault/breaches.h"
#include "triage/vault/filter.h"
#include "triage/vault/groups.h"
#include "triage/vault/impacts.h"
#include "triage/vault/marks.h"
#include "triage/vault/oncall.h"
#include "triage/vault/pager.h"
#include "triage/vault/people.h"
#include "triage/vault/search.h"
#include "triage/vault/tally.h"
#include "triage/vault/texting.h"

/* What is known of a text's likeness goes with the case from one list to the other. */
static void same_key(struct vault *vault)
{
    uint8_t key[ALIKE_KEY];
    alike_key(vault->alike, key);
    alike_take_key(vault->alike_aside, key);
    mem_wipe(key, sizeof key);
}

void meaning_new(struct vault *vault)
{
    vault->rebuilds++;
    vault->book = book_new(vault->loop);
    vault->queue = (struct queue){0};
    vault->sides = (struct sides){0};
    vault->people = people_new();
    vault->marks = marks_new();
    vault->impacts = impacts_new();
    vault->search = search_new();
    vault->roll = filter_roll_new();
    vault->breaches = breaches_new();
    vault->tally = tally_new();
    vault->texting = texting_new();
    vault->alike = alike_new();
    vault->alike_aside = alike_new();
    same_key(vault);
    vault->aside_upto = vault->held_upto = 0;
    vault->groups = groups_new(GROUPS_OF_CASES);
    vault->circles = groups_new(GROUPS_OF_PARTICIPANTS);
    vault->oncall = oncall_new((int32_t)(vault->settings.ahead_minutes * 60));
    pager_reset(vault->pager);
}

static void free_book(void *arg)
{
    book_free(arg);
}
static void free_people(void *arg)
{
    people_free(arg);
}
static void free_marks(void *arg)
{
    marks_free(arg);
}
static void free_impacts(void *arg)
{
    impacts_free(arg);
}

void meaning_bury(struct vault *vault)
{
    loop_bury(vault->loop, vault->book, free_book);
    loop_bury(vault->loop, vault->people, free_people);
    loop_bury(vault->loop, vault->marks, free_marks);
    loop_bury(vault->loop, vault->impacts, free_impacts);
    search_free(vault->search);
    filter_roll_free(vault->roll);
    breaches_free(vault->breaches);
    tally_free(vault->tally);
    texting_free(vault->texting);
    alike_free(vault->alike);
    alike_free(vault->alike_aside);
    groups_free(vault->groups);
    groups_free(vault->circles);
    oncall_free(vault->oncall);
}
