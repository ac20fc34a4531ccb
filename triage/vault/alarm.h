/* alarm.h -- when the person on call is told, and told again: pure, with time and what waits as arguments.
 *
 * What pages is numbered in the order in which it came up (pager.c). The first is told at once; what comes within
 * `gather_s` of a message goes out together in the next; while something is unknown to the person the message is
 * repeated every `repeat_s`, and after every `next_s` goes to the next person as well. An acknowledgement makes all
 * that came up until then known; what is looked at, or taken, no longer waits. Either way there is silence when nothing
 * unknown is left. */
#ifndef TRIAGE_VAULT_ALARM_H
#define TRIAGE_VAULT_ALARM_H

#include <stddef.h>
#include <stdint.h>

enum { ALARM_CODE = 6, ALARM_WRONG_MAX = 5 };

struct alarm_rhythm {
    int64_t repeat_s, gather_s, next_s; /* next_s 0: only the first is told */
};

struct alarm_waiting {
    size_t unknown;  /* how many that came up behind `known` still wait */
    uint64_t newest; /* the number of the last of them */
};

struct alarm {
    uint64_t known;                                    /* up to here the person on call has acknowledged */
    uint64_t told;                                     /* up to here the last message spoke of */
    int64_t sent_at;                                   /* wall seconds */
    int64_t began_at;                                  /* of the first message since the last silence */
    unsigned pushed;                                   /* how many were told sooner because one could not be reached */
    unsigned sent;                                     /* messages since the last silence */
    unsigned wrong;                                    /* wrong codes since then */
    char code[ALARM_CODE + 1], before[ALARM_CODE + 1]; /* of this alarm and of the one before; "": none */
};

/* 1 if a message has to go out now; alarm_sent() says that it does. Nothing unknown: the alarm falls silent. */
int alarm_is_due(struct alarm *alarm, const struct alarm_waiting *waiting, const struct alarm_rhythm *rhythm,
                 int64_t now);
/* Before the message is written: the first of an alarm draws its code, which stays until there is silence. */
void alarm_begin(struct alarm *alarm);
void alarm_sent(struct alarm *alarm, const struct alarm_waiting *waiting, int64_t now);
/* It was not kept: due again `after_s` from now. */
void alarm_failed(struct alarm *alarm, const struct alarm_rhythm *rhythm, int64_t now, int64_t after_s);
/* How many of the `people` on call are to be told by now, in their order: one more every `next_s` that nobody
 * acknowledges, and one for whoever could not be reached. */
size_t alarm_reach(const struct alarm *alarm, const struct alarm_rhythm *rhythm, size_t people, int64_t now);
/* A message could not be delivered: the next is told. */
void alarm_push(struct alarm *alarm);
/* Somebody else is on call: they have been told nothing. */
void alarm_anew(struct alarm *alarm);
/* All up to `newest` is known. */
void alarm_acknowledge(struct alarm *alarm, uint64_t newest);
/* 1 if it is the code of this alarm or of the one before. After ALARM_WRONG_MAX wrong ones none is right any more until
 * the next alarm. */
int alarm_code_fits(struct alarm *alarm, const char *code);
/* "OK 123456", with blanks and in either case: the code, or NULL. `out` holds it. */
const char *alarm_code_in(const char *text, char out[static ALARM_CODE + 1]);

#endif
