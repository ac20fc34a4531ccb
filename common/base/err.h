/* err.h -- every way a call can fail, and nothing else.
 *
 * Small on purpose: a caller acts on these; details for people are logged once, where they are known.
 * ERR_OK is zero. Results are MUST_CHECK. `need()` is our assert: it stays in release builds, because a
 * process that has met an impossible state must stop before it acknowledges anything. */
#ifndef COMMON_BASE_ERR_H
#define COMMON_BASE_ERR_H

#define MUST_CHECK __attribute__((warn_unused_result))

#define ERR_LIST(X)                                                                                                    \
    X(OK, "ok")                                                                                                        \
    X(AGAIN, "not yet")                                                                                                \
    X(TOO_BIG, "larger than its limit")                                                                                \
    X(MALFORMED, "not in the form it must have")                                                                       \
    X(DENIED, "not allowed")                                                                                           \
    X(NOT_FOUND, "not there")                                                                                          \
    X(CONFLICT, "conflicts with what is there")                                                                        \
    X(DB_DOWN, "the database is away")                                                                                 \
    X(DB_REFUSED, "the database refused")                                                                              \
    X(DB_UNKNOWN, "it is not known whether the database kept it")                                                      \
    X(TIMEOUT, "took longer than its deadline")                                                                        \
    X(CRYPTO, "a cryptographic check failed")                                                                          \
    X(PROVIDER, "the provider refused")                                                                                \
    X(SYSTEM, "the operating system refused")                                                                          \
    X(CANCELLED, "was cancelled")                                                                                      \
    X(LOCKED, "is locked")                                                                                             \
    X(BUSY, "is overloaded")                                                                                           \
    X(INTERNAL, "an internal fault")

enum err {
#define X(name, says) ERR_##name,
    ERR_LIST(X)
#undef X
};

/* The short name ("TOO_BIG") for logs, and the plain half-sentence. Never NULL. */
const char *err_name(enum err err);
const char *err_says(enum err err);

/* Stops the process if `truth` does not hold. For our own mistakes, never for input. */
#define need(truth) ((truth) ? (void)0 : err_need_failed(#truth, __FILE__, __LINE__))
_Noreturn void err_need_failed(const char *truth, const char *file, int line);

/* Cannot start: say why on stderr in one sentence and exit 1. Only before a process serves. */
_Noreturn void err_die(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
