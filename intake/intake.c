/* intake.c -- see intake.h. */
#include "intake/intake.h"

#include <string.h>

const struct metric_row intake_metric_rows[INTAKE_METRICS] = {
    [COUNT_REPORTS] = {"recourse_intake_reports_total", "counter", "Reports stored."},
    [COUNT_REPORTS_AGAIN] = {"recourse_intake_reports_again_total", "counter", "Reports sent again and found stored."},
    [COUNT_REPORTS_REFUSED] = {"recourse_intake_reports_refused_total", "counter", "Reports refused as malformed."},
    [COUNT_MESSAGES] = {"recourse_intake_messages_total", "counter", "Messages added with a receipt."},
    [COUNT_THREADS] = {"recourse_intake_threads_total", "counter", "Conversations shown."},
    [COUNT_RECEIPTS_UNKNOWN] = {"recourse_intake_receipts_unknown_total", "counter", "Receipts that led nowhere."},
    [COUNT_SUBMISSIONS] = {"recourse_intake_submissions_total", "counter", "Consultation submissions stored."},
    [COUNT_SUBMISSIONS_REFUSED] = {"recourse_intake_submissions_refused_total", "counter",
                                   "Consultation submissions refused."},
    [COUNT_PARTNERS_REFUSED] = {"recourse_intake_partners_refused_total", "counter",
                                "Partner requests refused: token, scope or round."},
    [COUNT_FLOOD_ASKED] = {"recourse_intake_flood_asked_total", "counter",
                           "Times that somebody was asked to compute or to wait, because many reports came."},
    [COUNT_FLOOD_COMPUTED] = {"recourse_intake_flood_computed_total", "counter",
                              "Reports that were paid for by a computation."},
    [COUNT_FLOOD_WAITED] = {"recourse_intake_flood_waited_total", "counter", "Reports that were paid for by a wait."},
    [COUNT_FLOOD_ASIDE] = {"recourse_intake_flood_aside_total", "counter",
                           "Reports marked to be set aside, for a person to look at."},
    [COUNT_STORE_AWAY] = {"recourse_intake_store_away_total", "counter", "Requests told to come back: no database."},
    [COUNT_SIGNATURES_BAD] = {"recourse_intake_signatures_bad_total", "counter",
                              "Rows of staff that were not shown because their signature is missing or wrong."},
    [COUNT_ROWS_UNREADABLE] = {"recourse_intake_rows_unreadable_total", "counter",
                               "Rows of a conversation that did not open."},
    [COUNT_SPOOLED] = {"recourse_intake_spooled_total", "counter",
                       "Rows kept on this machine's disk because the database was away."},
    [COUNT_SPOOL_FULL] = {"recourse_intake_spool_full_total", "counter",
                          "Rows refused because the spool had no room for them."},
    [COUNT_SPOOL_FAULTS] = {"recourse_intake_spool_faults_total", "counter",
                            "Spool files broken, damaged or kept aside."},
    [GAUGE_SPOOL_BYTES] = {"recourse_intake_spool_bytes", "gauge", "Bytes that wait on disk for the database."},
    [GAUGE_SPOOL_ROWS] = {"recourse_intake_spool_rows", "gauge", "Rows that wait on disk for the database."},
    [GAUGE_SPOOL_AGE] = {"recourse_intake_spool_age_seconds", "gauge_max",
                         "How long something has waited on disk for the database."},
    [GAUGE_DRAFTS_BYTES] = {"recourse_intake_drafts_bytes", "gauge_max", "Bytes of answers that are not sent yet."},
    [COUNT_DRAFTS_FULL] = {"recourse_intake_drafts_full_total", "counter",
                           "Steps whose answers the page had to carry for want of room."},
    [GAUGE_STORE_UP] = {"recourse_intake_store_up", "gauge", "Workers whose database answers."},
};

struct waiter intake_waiter(struct intake *intake, const struct http_req *req)
{
    return (struct waiter){intake, http_req_server(req), http_req_id(req)};
}

struct http_req *intake_waiter_req(const struct waiter *waiter)
{
    return http_find(waiter->server, waiter->req_id);
}

static const char *known_language(const struct intake *intake, const char *code)
{
    return code && catalogue_has(intake->catalogues, code) && language_find(code) ? language_find(code)->code : NULL;
}

static const char *query_language(const struct intake *intake, const struct http_req *req)
{
    struct form query;
    const char *query_text = http_req_query(req), *code = NULL;
    if (!*query_text)
        return NULL;
    if (form_read(&query, query_text, strlen(query_text)) == ERR_OK)
        code = known_language(intake, form_get(&query, "lang"));
    form_free(&query);
    return code;
}

const char *intake_language(const struct intake *intake, const struct http_req *req, const struct form *form)
{
    const char *code = query_language(intake, req);
    if (!code && form)
        code = known_language(intake, form_get(form, "say"));
    if (!code && form)
        code = known_language(intake, form_get(form, "lang"));
    if (code)
        return code;
    size_t count;
    const char *const *codes = catalogue_languages(intake->catalogues, &count);
    return language_negotiate(http_req_header(req, "Accept-Language"), codes, count);
}

/* What the database said last. */
static int is_among(const struct intake *intake, const char *desk)
{
    size_t len = strlen(desk);
    for (const char *at = intake->offered; (at = strstr(at, desk)) != NULL; at += len)
        if ((at == intake->offered || at[-1] == ' ') && (at[len] == ' ' || at[len] == 0))
            return 1;
    return 0;
}

int intake_offers(const struct intake *intake, const char *desk)
{
    size_t len = strlen(desk);
    const struct envelope_desk *key;
    /* A desk that is not in the manifest cannot be sealed to, whatever the database says. */
    if (len == 0 || manifest_desk_today(&intake->manifest, desk, 0, &key) == ERR_NOT_FOUND)
        return 0;
    if (strcmp(desk, "usual") == 0)
        return 1;
    /* Just begun, or begun while the database is away: who chooses a protected desk then is heard by it rather than by
     * nobody. */
    return !intake->offers_known || is_among(intake, desk);
}

int intake_has_members(const struct intake *intake, const char *desk)
{
    return !intake->offers_known || is_among(intake, desk);
}

int intake_store_is_away(enum err err)
{
    int away = err != ERR_OK && err != ERR_NOT_FOUND && err != ERR_DENIED;
    if (away)
        metrics_add(COUNT_STORE_AWAY, 1);
    return away;
}
