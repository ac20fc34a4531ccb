/* ops.h -- the operations, one function each; their table is permit.c. Each answers its request exactly once. */
#ifndef TRIAGE_VAULT_OPS_H
#define TRIAGE_VAULT_OPS_H

#include "triage/vault/request.h"

/* ops_desk.c */
void ops_status(struct request *request);
void ops_keys_status(struct request *request);
void ops_unlock(struct request *request);
void ops_whoami(struct request *request);
void ops_signout(struct request *request);
/* signin.c */
void ops_signin(struct request *request);
/* ops_people.c */
void ops_people_list(struct request *request);
void ops_people_add(struct request *request);
void ops_people_end(struct request *request);
void ops_people_token(struct request *request);
/* ops_queue.c */
void ops_queue_list(struct request *request);
void ops_queue_take(struct request *request);
void ops_consultation_list(struct request *request);
/* ops_case.c */
void ops_case_show(struct request *request);
void ops_case_return(struct request *request);
void ops_case_note(struct request *request);
void ops_case_answer(struct request *request);
/* ops_assess.c */
void ops_case_assess(struct request *request);
/* ops_link.c */
void ops_case_link(struct request *request);
/* ops_register.c */
void ops_impact_list(struct request *request);
void ops_impact_show(struct request *request);
/* The impact that the request names; NULL when it was answered. */
struct impact *ops_register_impact(struct request *request);
/* The answer to a write on the register; takes `fields`. Somebody who was faster is no fault as long as both can be
 * true: the operation then runs again, and finds out. */
void ops_register_answer(struct request *request, enum err err, json_t *fields);
/* ops_impact.c */
void ops_impact_create(struct request *request);
void ops_impact_update(struct request *request);
void ops_impact_entity(struct request *request);
void ops_impact_involve(struct request *request);
/* ops_action.c */
void ops_action_list(struct request *request);
void ops_action_show(struct request *request);
void ops_action_add(struct request *request);
void ops_action_update(struct request *request);
void ops_action_attempt(struct request *request);
/* ops_search.c */
void ops_search(struct request *request);
/* ops_walkin.c */
void ops_walkin(struct request *request);

#endif
