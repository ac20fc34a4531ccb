/* request.h -- one question over a socket, from its frame to its one answer (docs/vault-protocol.md).
 *
 * A request lives until request_ok() or request_fail(), which send the answer and free it; each is answered exactly
 * once. Before an operation sees it, the table of permit.h has been asked: socket, session, role, budget. */
#ifndef TRIAGE_VAULT_REQUEST_H
#define TRIAGE_VAULT_REQUEST_H

#include <jansson.h>

#include "triage/vault/people.h"
#include "triage/vault/session.h"

enum request_socket { SOCKET_CONSOLE = 1, SOCKET_OPERATOR = 2 }; /* bits */

enum { REQUEST_PAYLOAD_MAX = 1 << 20, REQUEST_PEERS_MAX = 64, REQUEST_WAITING_MAX = 1000 };

struct permit;

struct request {
    struct vault *vault;
    enum request_socket socket;
    uint64_t peer;
    uint32_t number;
    json_t *body;
    const struct permit *permit;
    char who[VAULT_WHO_MAX + 1]; /* "operator" on the operator's socket, "" before sign-in */
    enum role role;
    uint8_t person[16], session[16]; /* zeroes without one */
    int is_token;
    enum token_scope scope;                /* of the token; SCOPE_NONE without one */
    int is_enrolling;                      /* the session may only set up a second factor */
    int is_remembered;                     /* refused before the vault is open, but the session lives */
    json_t *kept;                          /* what an operation carries across a gap; freed with the request */
    void (*then)(struct request *request); /* of fresh.h: what goes on when the person has shown again who they are */
    unsigned tries;                        /* how often it ran again because somebody was faster */
};

/* Both sockets; the vault's listeners. */
struct listening {
    const char *path;
    uid_t uid;
};
/* Before the sandbox. ERR_SYSTEM when a socket cannot be made. */
MUST_CHECK enum err requests_open(struct vault *vault, const struct listening *console,
                                  const struct listening *operator_socket);
void requests_close(struct vault *vault);

/* {"ok":true} and `fields` (taken, may be NULL). */
void request_ok(struct request *request, json_t *fields);
/* {"ok":false}; an id of a case or impact that is not here is a line in the log first. `code` is one of
 * docs/vault-protocol.md, `says` an English sentence of the console's catalogue (in docs/vault-protocol.md), `field`
 * the one at fault or NULL. */
void request_fail(struct request *request, const char *code, const char *says, const char *field);
/* `conflict`: someone was faster. `changed` (borrowed, may be NULL): of a case the newest line of its history, of the
 * register all lines that are newer (entry.h). */
void request_conflict(struct request *request, const json_t *changed);
/* The code and sentence of an error that came from beneath. */
void request_fail_with(struct request *request, enum err err);
/* Refuse by right, with an audit leaf that is committed before the answer. */
void request_deny(struct request *request, const char *says);
/* The living session of the request, or NULL. */
struct session *request_session(const struct request *request);
/* Run the operation again: for those that waited at a case. */
void request_again(void *request);

/* Fields of the body; on a fault the request has been answered `malformed` and 0 is returned. */
int request_text(struct request *request, const char *key, int required, size_t max, const char **out);
int request_int(struct request *request, const char *key, int required, int64_t min, int64_t max, int64_t *out);
int request_flag(struct request *request, const char *key, int required, int *out);

#endif
