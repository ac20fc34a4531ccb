/* permit.c -- see permit.h. */
#include "triage/vault/permit.h"

#include <string.h>

#include "triage/vault/ops.h"

enum { C = SOCKET_CONSOLE, P = SOCKET_OPERATOR, OFFICER = ROLE_OFFICER, ADMIN = ROLE_ADMINISTRATOR };
enum { ANY = OFFICER | ADMIN, OPENING = 1, LOCKED = 1 };

/* On the operator's socket the uid is the right: roles are not asked there. */
static const struct permit rows[] = {
    {"status", C | P, 0, 0, LOCKED, ops_status},
    {"unlock", P, 0, 0, LOCKED, ops_unlock},
    {"keys.status", P, 0, 0, LOCKED, ops_keys_status},
    {"signin", C, 0, 0, 0, ops_signin},
    {"signout", C, ANY, 0, 0, ops_signout},
    {"whoami", C, ANY, 0, 0, ops_whoami},
    {"queue.list", C, OFFICER, 0, 0, ops_queue_list},
    {"queue.take", C, OFFICER, 0, 0, ops_queue_take},
    {"case.show", C, OFFICER, OPENING, 0, ops_case_show},
    {"case.return", C, OFFICER, 0, 0, ops_case_return},
    {"case.assess", C, OFFICER, 0, 0, ops_case_assess},
    {"case.answer", C, OFFICER, 0, 0, ops_case_answer},
    {"case.note", C, OFFICER, 0, 0, ops_case_note},
    {"case.link", C, OFFICER, 0, 0, ops_case_link},
    {"impact.list", C, OFFICER, 0, 0, ops_impact_list},
    {"impact.show", C, OFFICER, 0, 0, ops_impact_show},
    {"impact.create", C, OFFICER, 0, 0, ops_impact_create},
    {"search", C, OFFICER, 0, 0, ops_search},
    {"walkin", C, OFFICER, 0, 0, ops_walkin},
    {"consultation.list", C, OFFICER, 0, 0, ops_consultation_list},
    {"consultation.show", C, OFFICER, OPENING, 0, ops_case_show},
    {"consultation.link", C, OFFICER, 0, 0, ops_case_link},
    {"people.list", C, ADMIN, 0, 0, ops_people_list},
    {"people.add", C, ADMIN, 0, 0, ops_people_add},
    {"people.end", C, ADMIN, 0, 0, ops_people_end},
    {"staff.list", P, 0, 0, 0, ops_people_list},
    {"staff.add", P, 0, 0, 0, ops_people_add},
    {"staff.end", P, 0, 0, 0, ops_people_end},
    {"staff.token", P, 0, 0, 0, ops_people_token},
    {"impact.update", C, OFFICER, 0, 0, ops_impact_update},
    {"impact.entity", C, OFFICER, 0, 0, ops_impact_entity},
    {"impact.involve", C, OFFICER, 0, 0, ops_impact_involve},
    {"action.list", C, OFFICER, 0, 0, ops_action_list},
    {"action.show", C, OFFICER, 0, 0, ops_action_show},
    {"action.add", C, OFFICER, 0, 0, ops_action_add},
    {"action.update", C, OFFICER, 0, 0, ops_action_update},
    {"action.attempt", C, OFFICER, 0, 0, ops_action_attempt},
};

const struct permit *permit_at(size_t index)
{
    return index < sizeof rows / sizeof *rows ? &rows[index] : NULL;
}

const struct permit *permit_find(const char *op, enum request_socket socket)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if ((rows[i].sockets & socket) && strcmp(rows[i].op, op) == 0)
            return &rows[i];
    return NULL;
}
