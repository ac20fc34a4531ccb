/* limits.h -- every limit of the public door, with its reason. Bytes where nothing else is said. */
#ifndef INTAKE_LIMITS_H
#define INTAKE_LIMITS_H

enum intake_limit {
    /* A JSON body that holds a receipt. Over it: 413. */
    LIMIT_API_BODY = 64 * 1024,
    /* A report or a message: 20,000 characters of any script fit, also where a client writes each as \uXXXX (six bytes
     * for most scripts, twelve for emoji), with room for the answers. */
    LIMIT_REPORT_BODY = 256 * 1024,
    /* The same as a form: percent-encoding makes three bytes of one. A story of 20,000 characters of three bytes has 180
     * KB, the answers 60, and twelve questions of the office's own 54. */
    LIMIT_FORM_BODY = 320 * 1024,
    /* Fields of a form: the page has 28 of ours, one of them ticked up to 19 times, and what leads it through its steps
     * (96 together), and the office's own (OFFICE_OWN_FIELDS); a draft has two more (FORM_FIELDS_MAX). */
    LIMIT_FORM_FIELDS = 196,
    /* Characters of the story itself: some forty pages of a notebook. */
    LIMIT_TEXT = 20000,
    /* Characters of the long answers (what would help) and of the short ones (when, where, who). */
    LIMIT_LONG_ANSWER = 2000,
    LIMIT_SHORT_ANSWER = 500,
    LIMIT_NUMBER = 40,
    LIMIT_EMAIL = 254,
    LIMIT_LANGUAGE = 35, /* the longest tag RFC 5646 tells software to expect */
    LIMIT_GROUPS = 20,   /* the list has 19 */
    /* What is sealed: the JSON inside is the body in other words and never three times as long, also where it has the
     * words of the office's own questions (OFFICE_OWN_BYTES): what people write has 40,000 characters at most. */
    LIMIT_INSIDE = 3 * LIMIT_REPORT_BODY,
    LIMIT_SEALED = 2 * LIMIT_INSIDE,
    /* A conversation as an answer. The store returns whole threads; 2 MiB are a hundred long letters. */
    LIMIT_THREAD = 2 * 1024 * 1024,
    LIMIT_PAGE = 4 * 1024 * 1024,
    /* The description of the API: it has 15 KB. */
    LIMIT_OPENAPI = 128 * 1024,
    LIMIT_SCRIPT = 16 * 1024, /* it has 2 KB */
    /* Partners: lines of a request, bytes of one, bytes of all, and how many may be on their way to the store. */
    LIMIT_LINES = 10000,
    LIMIT_LINE = 64 * 1024,
    LIMIT_UPLOAD = 16 * 1024 * 1024,
    LIMIT_LINES_ON_THE_WAY = 256,
    /* Lines sealed in one turn of the loop (some 10 ms), so that nobody else waits long. */
    LIMIT_LINES_A_TURN = 64,
    /* Uploads held by one worker at a time: 8 of 16 MiB. Over it: 503. */
    LIMIT_UPLOADS = 8,
    /* The most files of one report: photographs of a place, a recording, a folder of papers. The operator may set less.
     */
    LIMIT_FILES = 20,
    /* Bytes of one request that brings a file, or a part of one; the file's own limit is the office's. */
    LIMIT_PATCH = 2000 * 1024 * 1024,
    /* Files that one worker takes in at a time, each with less than a megabyte of memory. Over it: 503. */
    LIMIT_FILES_AT_ONCE = 64,
    /* Hours for which a file that nobody has sent is kept after its last piece, and days for one that was sent and
     * whose report has not reached a desk (its vault may be locked for long). */
    LIMIT_UPLOAD_HOURS = 25,
    LIMIT_UPLOAD_KEPT_DAYS = 90,
    LIMIT_PARTNER_ID = 128,
    LIMIT_PARTNER_ANSWERS = 100,
    /* Total time for the store to answer: under the handler's deadline, over a failover of a few seconds. */
    LIMIT_STORE_MS = 10000,
    /* Time to find the conversation that a message is for; then it becomes a letter (docs/spool.md). */
    LIMIT_FIND_MS = 2500,
    /* What a client is told to wait after 503. */
    LIMIT_RETRY_S = 10,
    /* How often the list of desks with members is read again. */
    LIMIT_DESKS_MS = 15000,
    LIMIT_BEAT_MS = 60000,
    /* The same when the spool's disk cannot be trusted any more: what is under way in the database gets its answer. */
    LIMIT_BREAK_GRACE_MS = 2000,
    /* Finish what was begun when asked to stop. */
    LIMIT_GRACE_MS = 20000,
    LIMIT_CONNECTIONS = 10000,
    /* Requests under way in one worker: two batches of 128 (APPEND_BATCH_MAX) are all that its two connections to the
     * database work at. More would only wait longer; they wait in the HTTP server and are told 503 after a second. */
    LIMIT_HANDLING = 256,
    /* Floods (docs/abuse.md). Reports are counted over ten minutes: long enough that a burst of an hour's honest
     * reports fits into a few times the budget, short enough that nobody pays long for what others did. */
    LIMIT_BUDGET_WINDOW_S = 600,
    /* Networks that are counted at a time: 16,384 rows of four, half a MiB, made once and never more. */
    LIMIT_BUDGET_ROWS = 16384,
    /* The key under which networks are counted; with it all counts are forgotten. */
    LIMIT_BUDGET_KEY_S = 3600,
    /* While the whole office is over its budget, a network with so few reports has no part in that: its reports are
     * never set aside for what others send. */
    LIMIT_BUDGET_FEW = 3,
    /* Zero bits that a proof begins with: 4,096 hashes on average. A cheap phone's browser makes some ten thousand a
     * second. */
    LIMIT_PROOF_BITS = 12,
    /* A proof is computed and sent at once; the page may have stood in the background for a while. */
    LIMIT_PROOF_LIFE_S = 600,
    /* Who has waited may come back the next day: a shorter time would only make people wait twice. */
    LIMIT_WAIT_LIFE_S = 24 * 3600,
    /* Hours for which an answer is kept under its Idempotency-Key (the API promises a day). */
    LIMIT_ONCE_HOURS = 25,
};

#endif
