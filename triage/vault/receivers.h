/* receivers.h -- the directory: the other mechanisms that a part of a case can be referred to, each with the
 * certificate that it is sealed with.
 *
 * Kept on the register's shelf (impacts.h; member "kind" is "receiver"), so all desks of an office have the same one.
 * Who chooses a certificate chooses who reads: one says whose it is, another compares its fingerprint by telephone, and
 * nothing is sealed to it before. Neighbours: ops_receiver.c, cms.h. */
#ifndef TRIAGE_VAULT_RECEIVERS_H
#define TRIAGE_VAULT_RECEIVERS_H

#include <jansson.h>

#include "common/text/codes.h"
#include "triage/vault/idmap.h"

struct receiver {
    uint8_t id[16];
    int64_t version;
    uint8_t hash[32];
    json_t *json; /* as docs/referral.md has it */
};

/* All zeroes is an empty one. */
struct receivers {
    struct receiver **list;
    size_t count, room;
    struct idmap by_id;
};

/* A version that is newer than what is known; takes `json`. */
void receivers_keep(struct receivers *receivers, const uint8_t id[static 16], int64_t version,
                    const uint8_t hash[static 32], json_t *json);
void receivers_free(struct receivers *receivers);
/* NULL: there is none. */
struct receiver *receivers_find(const struct receivers *receivers, const char *id_text);
/* 0: it is not known. */
int64_t receivers_version(const struct receivers *receivers, const uint8_t id[static 16]);

/* ---- one of them, as JSON ---- */

/* Why nothing can be sealed to it at `now`: an English sentence of the console's catalogue; NULL: it can be. */
const char *receiver_lacks(const json_t *receiver, int64_t now);
/* A certificate `pem` of which `who` says that it is the receiver's. NULL: it stands there and has to be confirmed;
 * else what is wrong with it, a sentence as above. */
const char *receiver_certificate(json_t *receiver, const char *pem, const char *who, int64_t now);
/* `who` says that the certificate stands for what the receiver is called now: it has to be confirmed again. */
void receiver_vouch(json_t *receiver, const char *who, int64_t now);
/* 1: it has a certificate that waits to be confirmed, and `who` is not the one who vouched for it. */
int receiver_may_check(const json_t *receiver, const char *who);
/* 1: `said` is the fingerprint of its certificate, in any way of writing hex. */
int receiver_is_fingerprint(const json_t *receiver, const char *said);
/* A row of a list, and all of it as `who` may see it: whoever is to confirm a fingerprint has to hear it from the
 * receiver, so it is not shown to them. New references. */
json_t *receiver_row(const struct receiver *receiver, const struct codes *codes, int64_t now);
json_t *receiver_shown(const struct receiver *receiver, const struct codes *codes, const char *who, int64_t now);

#endif
