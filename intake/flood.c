/* flood.c -- see flood.h. */
#include "intake/flood.h"

#include <stdio.h>

#include "common/base/clock.h"
#include "intake/limits.h"
#include "intake/worker.h"

/* On the plain listener all come from this machine: an onion service, a proxy. */
static const uint8_t *network_of(const struct intake *intake, const struct http_req *req)
{
    return http_req_server(req) == intake->servers[WORKER_PLAIN] ? NULL : http_req_network(req);
}

static struct proof_about about(const struct intake *intake, const struct http_req *req, const char *key)
{
    return (struct proof_about){
        .sign_key = budget_sign_key(intake->settings->budget), .network = network_of(intake, req), .key = key};
}

enum budget_says flood_take(struct intake *intake, struct http_req *req, const struct flood_ask *ask)
{
    int64_t now = clock_wall();
    struct proof_about of = about(intake, req, ask->key);
    int is_proof = ask->proof && *ask->proof && proof_is_done(&of, ask->proof, now);
    int is_wait =
        !is_proof && ask->wait && *ask->wait && proof_wait_left(&of, ask->wait, intake->settings->wait_s, now) == 0;
    const struct budget_who who = {.network = of.network, .connection = http_req_tally(req)};
    enum budget_says says = budget_take(intake->settings->budget, &who, is_proof || is_wait, clock_ms() / 1000);
    if (says == BUDGET_ASKS)
        metrics_add(COUNT_FLOOD_ASKED, 1);
    else if (is_proof || is_wait)
        metrics_add(is_proof ? COUNT_FLOOD_COMPUTED : COUNT_FLOOD_WAITED, 1);
    if (says == BUDGET_ASIDE)
        metrics_add(COUNT_FLOOD_ASIDE, 1);
    return says;
}

int flood_keeps(struct intake *intake, struct http_req *req, int64_t pieces)
{
    return budget_fits(intake->settings->drafts_budget, network_of(intake, req), pieces, clock_ms() / 1000);
}

void flood_work(const struct intake *intake, struct http_req *req, const char *key, char out[static PROOF_STAMP])
{
    struct proof_about of = about(intake, req, key);
    proof_work(&of, clock_wall(), out);
}

int64_t flood_wait(const struct intake *intake, const struct flood_ask *ask, char out[static PROOF_STAMP])
{
    int64_t now = clock_wall(), wait_s = intake->settings->wait_s;
    const struct proof_about of = {.sign_key = budget_sign_key(intake->settings->budget), .key = ask->key};
    int64_t left = ask->wait ? proof_wait_left(&of, ask->wait, wait_s, now) : -1;
    if (left > 0) {
        snprintf(out, PROOF_STAMP, "%s", ask->wait);
        return left;
    }
    proof_wait(&of, now, out);
    return wait_s;
}
