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
/* ops_hold.c */
void ops_case_skip(struct request *request);
void ops_case_hand_over(struct request *request);
void ops_case_watch(struct request *request);
/* ops_decide.c */
void ops_case_decide(struct request *request);
void ops_case_second(struct request *request);
void ops_second_list(struct request *request);
/* ops_case.c */
void ops_case_show(struct request *request);
void ops_case_move(struct request *request);
void ops_case_return(struct request *request);
void ops_case_note(struct request *request);
void ops_case_answer(struct request *request);
/* ops_look.c */
void ops_case_look(struct request *request);
/* ops_assess.c */
void ops_case_assess(struct request *request);
/* ops_impact.c */
void ops_case_link(struct request *request);
void ops_impact_list(struct request *request);
void ops_impact_show(struct request *request);
void ops_impact_create(struct request *request);
/* ops_search.c */
void ops_search(struct request *request);
/* ops_walkin.c */
void ops_walkin(struct request *request);

#endif
