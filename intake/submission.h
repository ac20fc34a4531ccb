/* submission.h -- one piece of consultation input, as a partner sends it: read, checked, named, and sealed like
 * everything else.
 *
 *   {"id":"row-17","language":"fr","text":"...","answers":{"q1":"...","q2":3},"synthetic":false}
 *
 * `id` is the partner's own name for the row; the same id again is the same row. */
#ifndef INTAKE_SUBMISSION_H
#define INTAKE_SUBMISSION_H

#include "common/seal/once.h"
#include "common/text/json.h"
#include "intake/report.h"
#include "intake/submit.h"

/* From whom, to what. */
struct submission_round {
    char partner[65], code[33], desk[17];
    uint8_t partner_id[16];
};

/* Fills `out` (kind "consultation"); `body` must outlive it. `*out_id` is NULL when there is none and none is needed.
 * Errors as report_read(). */
MUST_CHECK enum err submission_read(const json_t *body, enum json_presence id_presence, struct report *out,
                                    const char **out_id, struct json_fault *fault);
/* Names case and row after the partner's own id; NULL: random. */
void submission_name(const uint8_t secret[static 32], const struct submission_round *round, const char *id,
                     struct once *out);
/* Seal and append; errors and callback as submit_case(). */
MUST_CHECK enum err submission_send(struct intake *intake, const struct submission_round *round,
                                    const struct report *report, const char *id, submit_done_fn *done, void *room,
                                    uint64_t tag);

#endif
