/* show_waiting.c -- what waits on disk while the database is away, told to staff: a banner on every page, and as JSON.
 */
#include "triage/console/show.h"
#include "triage/console/view.h"

static const char *const names[NEIGHBOUR_COUNT] = {[NEIGHBOUR_INTAKE] = "intake", [NEIGHBOUR_SMS] = "sms"};

/* Over both doors: staff need not know by which one people wrote. *in_doubt: one of them does not answer. */
static struct spool_state sum_of(const struct spools *spools, int *in_doubt)
{
    struct spool_state sum = {0};
    *in_doubt = 0;
    for (unsigned i = 0; i < NEIGHBOUR_COUNT; i++) {
        const struct spool_state *each = spools_state(spools, (enum neighbour)i);
        *in_doubt |= spools_is_asked(spools, (enum neighbour)i) && !each->known;
        sum.rows += each->rows;
        sum.faults += each->faults;
        if (each->age_s > sum.age_s)
            sum.age_s = each->age_s;
    }
    return sum;
}

/* How many, and since when, tells when people write: no stranger learns it. */
static int is_staff(const struct call *call)
{
    return call->who || call->is_remembered;
}

void show_put_waiting(const struct call *call, json_t *context)
{
    int in_doubt;
    if (!is_staff(call))
        return;
    struct spool_state sum = sum_of(call->console->spools, &in_doubt);
    if (sum.rows > 0)
        need(json_object_set_new(context, "waiting", view_waiting(&call->reader, sum.rows, sum.age_s, in_doubt)) == 0);
    need(json_object_set_new(context, "spool_fault", json_boolean(sum.faults > 0)) == 0);
}

static json_t *state_json(const struct spool_state *state)
{
    if (!state->known)
        return json_null();
    return json_pack("{s:I, s:I, s:I, s:I}", "rows", (json_int_t)state->rows, "bytes", (json_int_t)state->bytes,
                     "age_seconds", (json_int_t)state->age_s, "faults", (json_int_t)state->faults);
}

/* The vault's part was to say that the token is someone's. */
void api_waiting(struct call *call, struct http_req *req, const json_t *answer)
{
    (void)answer;
    json_t *doors = json_object();
    for (unsigned i = 0; i < NEIGHBOUR_COUNT; i++)
        need(json_object_set_new(doors, names[i], state_json(spools_state(call->console->spools, (enum neighbour)i))) ==
             0);
    json_t *value = json_pack("{s:o}", "waiting", doors);
    need(value != NULL);
    show_json(req, 200, value);
    json_decref(value);
}
