/* demo.h -- fill an installation with invented reports, impacts and answers (demo/demo.json), so that a newcomer sees a
 * living queue. All of it goes through the public doors and the staff API, like anybody's.
 *
 * A second time adds nothing: reports carry an Idempotency-Key derived from the installation and their text. */
#ifndef OPERATOR_DEMO_H
#define OPERATOR_DEMO_H

#include "operator/house.h"

/* Says how it went. Takes some seconds and blocks. ERR_PROVIDER, ERR_TIMEOUT, ERR_DENIED: said. */
MUST_CHECK enum err demo_fill(const struct house *house, int64_t port);

#endif
