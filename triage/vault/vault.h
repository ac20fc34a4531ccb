/* vault.h -- what the parts of a vault share: the desk's meaning while it is unlocked, and the doors it came in by.
 *
 * One struct, filled by main.c and boot.c; every part takes it as its first argument. Parts own what they keep behind
 * their own type; this file only names them. */
#ifndef TRIAGE_VAULT_VAULT_H
#define TRIAGE_VAULT_VAULT_H

#include "common/base/loop.h"
#include "common/seal/manifest.h"
#include "common/seal/receipt.h"
#include "common/seal/sign.h"
#include "common/text/catalogue.h"
#include "common/text/codes.h"
#include "store/door_vault.h"
#include "triage/vault/queue.h"
#include "triage/vault/rules.h"
#include "triage/vault/settings.h"
#include "triage/vault/sides.h"
#include "triage/vault/stages.h"

struct alike;
struct book;
struct breaches;
struct challenges;
struct cleaning;
struct committer;
struct exports;
struct offers;
struct filter_roll;
struct graphic;
struct groups;
struct hasher;
struct hooks;
struct impacts;
struct indexer;
struct keys_link;
struct look_back;
struct marks;
struct people;
struct requests;
struct search;
struct sequencer;
struct sessions;
struct signin;
struct snapshot;
struct tally;
struct texting;
struct trail;
struct oncall;
struct outbox;
struct pager;
struct inbox;
struct boot;
struct takings;
struct workers;

/* In this order, once; OPEN again and again after a restart of meaning (boot_again). */
enum vault_phase { PHASE_LOCKED, PHASE_FENCING, PHASE_REBUILDING, PHASE_OPEN };

enum { VAULT_DEADLINE_MS = 10000, VAULT_WHO_MAX = 64 };

struct vault {
    struct settings settings;
    struct loop *loop;
    struct manifest manifest;
    struct peppers peppers;
    struct rules *rules;
    struct codes *codes;
    struct stages_office office; /* its deadlines and working days */
    struct catalogue_set *texts; /* NULL: English only */
    struct door_vault *door;
    struct keys_link *keys;

    enum vault_phase phase;
    int has_secrets;
    uint64_t fence, row_n; /* our incarnation, and the rows we numbered in it */
    uint64_t placed;       /* how often a case was put somewhere or forgotten: what a snapshot may lack */
    uint64_t rebuilds;     /* how often the meaning was made anew: pointers into it are of one of these */
    struct sign_key *state_key;
    uint8_t state_public[32], record_key[32], register_key[32];

    struct book *book;
    struct queue queue;
    struct sides sides;
    struct committer *committer;
    struct people *people;
    struct marks *marks;
    struct impacts *impacts;
    struct search *search;
    struct filter_roll *roll;  /* a line of each case, for filters */
    struct breaches *breaches; /* deadlines that were missed */
    size_t escalated_upto;     /* how far they were looked through for what is late by long */
    struct tally *tally;       /* and one for figures over time */
    struct indexer *indexer;
    struct texting *texting;
    struct alike *alike;       /* of those that wait for a first look */
    struct alike *alike_aside; /* of those that are set aside; under the same key */
    size_t aside_upto;         /* how far they were looked through for those whose time is over */
    size_t held_upto;          /* how far those that are held were looked through for whose holder has left */
    size_t retained_upto;      /* how far all cases were looked through for those that are kept no longer */
    struct groups *groups;
    struct groups *circles;  /* cases with several participants */
    int circles_due;         /* what follows from a change of one is about to be done */
    struct graphic *graphic; /* who took how many of them today */
    struct outbox *outbox;
    struct hooks *hooks; /* NULL: nobody is to be told */
    struct oncall *oncall;
    struct pager *pager; /* of who is on call */
    struct inbox *inbox;
    struct offers *offers;
    struct look_back *look_back;
    struct snapshot *snapshot;
    struct boot *boot;
    struct sessions *sessions;
    struct signin *signin;
    struct hasher *hasher;
    struct workers *checkers; /* of signatures, while the vault starts */
    struct trail *trail;
    struct challenges *challenges;
    struct exports *exports;
    struct takings *takings;   /* files on their way out */
    struct cleaning *cleaning; /* NULL: no cleaner is set */
    struct requests *requests;
    struct sequencer *sequencer; /* NULL in desks that have none */
    unsigned inbox_waiting;      /* rows of the last look into the inbox; for status */
};

/* The desk's code and the office, as everything sealed and signed names them. */
static inline const char *vault_desk(const struct vault *vault)
{
    return vault->settings.desk;
}
static inline uint32_t vault_office(const struct vault *vault)
{
    return (uint32_t)vault->settings.office;
}

#endif
