/* facts.h -- what a request says of an impact or an action, by a table: members with their forms and limits, codes held
 * against the code lists. */
#ifndef TRIAGE_VAULT_FACTS_H
#define TRIAGE_VAULT_FACTS_H

#include "triage/vault/request.h"

enum fact_kind {
    FACT_TEXT,   /* at most `max` bytes */
    FACT_CODE,   /* one of the list `list` */
    FACT_CODES,  /* at most `max` of them, each once */
    FACT_WORD,   /* one of `words` */
    FACT_LEVEL,  /* 1 to 4 */
    FACT_NUMBER, /* 0 to `max` */
    FACT_FLAG,
    FACT_TIME, /* RFC 3339, or a day: its beginning */
    FACT_DUE,  /* the same, but a day means its end */
};

struct fact {
    const char *name;
    enum fact_kind kind;
    int must;
    int64_t max;
    const char *list;
    const char *const *words; /* ends with NULL */
};

/* Put what the request says into `into`. With `whole`, what it does not say is put there as nothing ("", null, false,
 * an empty list); without, it is left out. `table` ends with a row whose name is NULL. 0: the request has been answered
 * `malformed`. */
int facts_read(struct request *request, const struct fact *table, int whole, json_t *into);

#endif
