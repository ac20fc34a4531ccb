/* book.h -- the cases of this desk in memory, by id and by number.
 *
 * A case file keeps what every moment needs (its place in the queue, who holds it, its keys) and its state as the JSON
 * text that was last committed; anything else is read out of that text. While a change of it is under way it is
 * `writing`, and whoever wants to change it too waits here. */
#ifndef TRIAGE_VAULT_BOOK_H
#define TRIAGE_VAULT_BOOK_H

#include "triage/vault/vault.h"

struct case_key {
    uint64_t generation;
    uint8_t root;
    uint8_t key[32];
};

struct case_file {
    uint8_t id[16];
    uint32_t number; /* its place in the book, from 0 */
    int64_t version; /* of the state that is kept; 0: none yet */
    /* The version since which nothing happened that somebody should know before they act, and how much had happened
     * then: what a vault notes for itself (a text went out) counts for nothing. */
    int64_t told;
    size_t happened;
    uint8_t state_hash[32];
    char *state; /* compact JSON, NUL behind it; NULL while there is none */
    size_t state_len;
    int64_t rows; /* how many the state counts, and the running hash over them (store/hashes.h) */
    uint8_t rows_hash[32];
    int64_t last_position;          /* of the last of them; -1 where it is not known: rows of our own were added */
    struct queue_place place;       /* severity, due, lane */
    enum deadline_stage next_stage; /* of which `due` is the time */
    uint8_t own_scope;              /* before that of its impacts (case_place.h) */
    char taken_by[VAULT_WHO_MAX + 1];
    struct case_key *keys;
    size_t key_count;
    int writing;
    struct case_side *side; /* sides.h; NULL: it stands in none of those lists */
    int is_graphic;         /* hard to read (graphic.h) */
    struct case_page *page; /* pager.h; NULL: its look was reached */
    int is_like_any;        /* nobody has looked, and no rule says danger: it may wait with others that say the same */
    int is_escalated;       /* a stage that was escalated is still not reached */
    int is_indexed;
    int is_going;      /* it is being moved by rule (route.c), or looked through for names (take_up.c) */
    int is_refused;    /* the database has a state of it that does not verify: nothing can be added to that */
    int is_unmatched;  /* it was moved here, and nobody sees it before its texts were looked through for our staff */
    int has_texts;     /* it stands in the outbox's list of those with texts under way */
    uint32_t group;    /* the number of its group case + 1; 0: none (groups.h) */
    uint32_t circle;   /* of those with several participants that it is part of, + 1; 0: none (participants_keep.h) */
    uint32_t *impacts; /* numbers of the impacts that it is linked to, confirmed */
    size_t impact_count;
    struct case_waiter *first_waiter, **last_waiter;
};

struct book *book_new(struct loop *loop);
/* Those who wait are called before this returns. */
void book_free(struct book *book);
/* NULL when it is not there. Files live as long as the book. */
struct case_file *book_find(const struct book *book, const uint8_t id[static 16]);
/* Find or make an empty one. */
struct case_file *book_add(struct book *book, const uint8_t id[static 16]);
/* Nobody finds it by its id any more; should the case come back, it is another file. */
void book_forget(struct case_file *file);
/* 1 if something happened since `version`, or there is no such version: who acts on it is to look again. */
int book_is_stale(const struct case_file *file, int64_t version);
/* NULL behind the last. */
struct case_file *book_at(const struct book *book, size_t number);
size_t book_count(const struct book *book);
/* How many have a state. */
size_t book_known(const struct book *book);
struct case_file *book_of_place(struct queue_place *place);

/* Call `fn` once when no change of the case is under way any more; in the order they asked, one at a time. */
void book_wait(struct case_file *file, loop_fn *fn, void *arg);
/* The one setter of `writing`; its end lets the next waiter in. */
void book_set_writing(struct book *book, struct case_file *file, int writing);
/* A case that had no state has one (`known` 1), or has none any more. */
void book_note_known(struct book *book, int known);

/* The root key of that generation, or NULL. */
const uint8_t *book_key(const struct case_file *file, uint8_t root, uint64_t generation);
/* Wiped. */
void book_keys_forget(struct case_file *file);
void book_key_add(struct case_file *file, uint8_t root, uint64_t generation, const uint8_t key[static 32]);

#endif
