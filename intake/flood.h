/* flood.h -- is this report taken as it is, has it to be paid for first, or is it to be set aside? The one place where
 * the doors for reports (api.c, page_report.c) meet budgets (budget.h) and payments (proof.h). docs/abuse.md. */
#ifndef INTAKE_FLOOD_H
#define INTAKE_FLOOD_H

#include "intake/budget.h"
#include "intake/intake.h"
#include "intake/proof.h"

struct flood_ask {
    const char *key;          /* of the report; never NULL */
    const char *proof, *wait; /* what the client brought; may be NULL */
};

/* Counts the report, unless it has to be paid for (BUDGET_ASKS). Once for each whole and sound report. */
enum budget_says flood_take(struct intake *intake, struct http_req *req, const struct flood_ask *ask);
/* 1, and counted: what is not sent yet may take so many pieces of DRAFTS_SMALLEST bytes more on this machine's disk. */
int flood_keeps(struct intake *intake, struct http_req *req, int64_t pieces);
/* What is to be computed. */
void flood_work(const struct intake *intake, struct http_req *req, const char *key, char out[static PROOF_STAMP]);
/* The stamp of a wait that begins now, or of the one that goes on; the seconds that are left, at least 1. */
int64_t flood_wait(const struct intake *intake, const struct flood_ask *ask, char out[static PROOF_STAMP]);

#endif
