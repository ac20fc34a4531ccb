/* call.h -- one request on its way through the console: who brought it, what it asks of the vault, who takes the
 * answer.
 *
 *   API:    bearer token -> fields -> the operation -> JSON
 *   page:   cookie -> whoami (name, role, form token) -> fields -> the operation -> page
 *   form:   the same, and before anything is forwarded: same origin, and the form's token is the session's
 *
 * Whatever the vault refuses goes the same way for all: a problem document, or a page with the same sentence. Between
 * two steps only the number of the HTTP request is kept; a client that went away is an ordinary end. */
#ifndef TRIAGE_CONSOLE_CALL_H
#define TRIAGE_CONSOLE_CALL_H

#include <jansson.h>

#include "common/http/form.h"
#include "triage/console/console.h"
#include "triage/console/fields.h"
#include "triage/console/session.h"
#include "triage/console/words.h"

struct call;

/* The vault's answer, "ok" already looked at. Answers the request, or asks again with call_ask(). `answer` is borrowed
 * and NULL where the action asks for nothing. */
typedef void call_show_fn(struct call *call, struct http_req *req, const json_t *answer);
/* A refusal that this action wants to show itself (sign-in). */
typedef void call_fail_fn(struct call *call, struct http_req *req, const char *code, const char *says);

enum call_door {
    DOOR_OPEN, /* page before sign-in */
    DOOR_PAGE, /* page with a session */
    DOOR_FORM, /* POST of one of our forms with a session */
    DOOR_API,  /* JSON with a bearer token */
};
/* Bits. The vault decides; these say what is shown to whom. */
enum call_role {
    ROLE_NONE = 0,
    ROLE_OFFICER = 1,
    ROLE_ADMINISTRATOR = 2,
    ROLE_HANDLER = 4,
    ROLE_TRANSLATOR = 8,
    ROLE_MANAGER = 16,
    ROLE_AUDITOR = 32,
    ROLE_REVIEWER = 64,
    ROLE_MEMBER = ROLE_OFFICER | ROLE_HANDLER, /* who reads and works on cases */
    ROLE_ANY = 127,
};

/* One row of routes.h. */
struct action {
    const char *name;
    unsigned method;
    const char *path;
    enum call_door door;
    unsigned role;              /* bits of enum call_role; looked at here only where nothing is asked of the vault */
    const char *op;             /* the vault's operation; NULL: none */
    const char *id;             /* what the vault calls the {id} of the path; NULL: there is none */
    const struct field *fields; /* NULL: none; from the query at GET, else from the body */
    size_t body_max;
    call_show_fn *show;
    call_fail_fn *fail; /* NULL: call_fail() */
};

struct call {
    struct console *console;
    const struct action *action;
    struct reader reader; /* the language of the pages */
    struct session session;
    struct form query, form;
    json_t *body;                      /* of the API */
    json_t *ask;                       /* what the operation will be asked */
    json_t *who;                       /* whoami's answer; NULL before and at doors without it */
    int is_forged;                     /* the form came from another site */
    json_t *refusal;                   /* the vault's answer where it refused */
    int is_remembered;                 /* a vault that is not open knew the session all the same */
    struct buf file;                   /* what has come of a file (show_file.c) */
    json_t *kept;                      /* an earlier answer of the vault, for actions that ask twice */
    void (*left)(struct call *call);   /* NULL: nothing; the request has ended, answered or not: see call_tell() */
    const char *id;                    /* {id} of the path; borrowed from the request */
    call_show_fn *next;                /* who takes the coming answer */
    char entry[SESSION_TOKEN_MAX + 1]; /* the sign-in form's token */
};

/* The bit of a role's name, ROLE_NONE for an unknown one; and of who is signed in. */
enum call_role call_role_of(const char *name);
enum call_role call_role(const struct call *call);

/* What the router calls, with the row that it found. */
void call_begin(struct console *console, struct http_req *req, const struct action *action);

/* Ask the desk of the call's session; `next` takes the answer. Takes `ask`. */
void call_ask(struct call *call, struct http_req *req, json_t *ask, call_show_fn *next);
/* The same from `left`, when the request has ended: nobody waits for the answer. Takes `tell`. */
void call_tell(struct call *call, json_t *tell);
/* Answer with a refusal: one of the vault's codes or "unreachable". `says` is a msgid or NULL, `field` may be NULL. */
void call_fail(struct call *call, struct http_req *req, const char *code, const char *says, const char *field);
/* HTTP status of a vault's code (500 for an unknown one). */
unsigned call_status(const char *code);
/* "" when the form or query has no such field. */
const char *call_form(const struct call *call, const char *name);
const char *call_query(const struct call *call, const char *name);
/* The language to read in: what was chosen (?lang=, cookie), else what the browser prefers. */
const char *call_language(const struct catalogue_set *catalogues, struct http_req *req);

#endif
