/* say.h -- what the operator's command tells its operator: plain sentences on standard output, questions on the
 * terminal. No key and no passphrase ever passes through say(). */
#ifndef OPERATOR_SAY_H
#define OPERATOR_SAY_H

#include "common/base/buf.h"

enum { SAY_PASSPHRASE_LEAST = 12, SAY_PASSPHRASE_MAX = 1024 };

/* One line, shown at once even when it goes into a file or a pipe. */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The same on standard error, for what went wrong while other processes run and must still be stopped in order. */
void say_wrong(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Read a passphrase into `out` (its maximum at least SAY_PASSPHRASE_MAX): from the file that RECOURSE_PASSPHRASE_FILE
 * names, else from the terminal without showing it, else one line of standard input. With `twice` it is asked again
 * (terminal only) and must be long enough. ERR_NOT_FOUND: no terminal and nothing on standard input; ERR_CONFLICT: the
 * two differ; ERR_TOO_BIG; ERR_MALFORMED: too short; ERR_CANCELLED: Ctrl-C, which our process group has been told of.
 */
MUST_CHECK enum err say_passphrase(const char *question, int twice, struct buf *out);

#endif
