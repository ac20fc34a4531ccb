/* demo_ask.h -- how the demonstration asks: the public API and the staff API over HTTPS, and the gateway's plain
 * listener on loopback, as anybody would. Blocking. */
#ifndef OPERATOR_DEMO_ASK_H
#define OPERATOR_DEMO_ASK_H

#include <jansson.h>

#include "operator/house.h"

enum { DEMO_TOKEN_MAX = 256, DEMO_KEY_SIZE = 44 };

struct demo_ask;

/* `port`: the first port of the installation. Stops the process when libcurl cannot be had. Borrows `house`. */
struct demo_ask *demo_ask_new(const struct house *house, int64_t port);
void demo_ask_free(struct demo_ask *ask);
/* The token for the staff API; "" again takes it away. */
void demo_ask_as(struct demo_ask *ask, const char *token);

/* Each returns the HTTP status, 0 when there was no answer. `body` NULL: GET; borrowed. *out, where it is not NULL, is
 * the answer, or NULL when it is no JSON; the caller's to let go. */
long demo_ask_public(struct demo_ask *ask, const char *path, const char *once, const json_t *body, json_t **out);
long demo_ask_staff(struct demo_ask *ask, const char *path, const json_t *body, json_t **out);
/* A text by a Kannel channel, as Kannel's smsbox hands it on. */
long demo_ask_text(struct demo_ask *ask, const char *channel, const char *secret, const json_t *text);

/* An Idempotency-Key for `what`: the same for the same installation, and not to be guessed from outside. Stops the
 * process when the installation's secret cannot be read. */
void demo_ask_once(const struct demo_ask *ask, const char *what, char out[static DEMO_KEY_SIZE]);

#endif
