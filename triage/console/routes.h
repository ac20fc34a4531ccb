/* routes.h -- everything that the console can be asked, in one table: address, door, right, the vault's operation, its
 * fields, and who shows the answer.
 *
 * X(name, method, path, door, role, op, id, fields, body_max, show, fail) */
#ifndef TRIAGE_CONSOLE_ROUTES_H
#define TRIAGE_CONSOLE_ROUTES_H

#include "triage/console/call.h"

/* Bytes of a body. Percent-encoding makes three bytes of one. */
enum { BODY_NONE = 0, BODY_SHORT = 16 * 1024, BODY_TEXT = 256 * 1024 };

#define ROUTE_LIST(X)                                                                                                  \
    /* pages */                                                                                                        \
    X(home, HTTP_GET, "/", DOOR_PAGE, ROLE_ANY, NULL, NULL, NULL, BODY_NONE, show_home, NULL)                          \
    X(signin, HTTP_GET, "/signin", DOOR_OPEN, ROLE_NONE, "status", NULL, NULL, BODY_NONE, show_signin, fail_signin)    \
    X(sign_in, HTTP_POST, "/signin", DOOR_OPEN, ROLE_NONE, "signin", NULL, FIELDS_SIGNIN, BODY_SHORT, show_signed_in,  \
      fail_signin)                                                                                                     \
    X(sign_out, HTTP_POST, "/signout", DOOR_FORM, ROLE_ANY, "signout", NULL, NULL, BODY_SHORT, show_signed_out,        \
      fail_signout)                                                                                                    \
    X(queue, HTTP_GET, "/queue", DOOR_PAGE, ROLE_OFFICER, "queue.list", NULL, FIELDS_PAGE, BODY_NONE, show_queue,      \
      NULL)                                                                                                            \
    X(take, HTTP_POST, "/queue/take", DOOR_FORM, ROLE_OFFICER, "queue.take", NULL, NULL, BODY_SHORT, show_taken, NULL) \
    X(case_page, HTTP_GET, "/cases/{id}", DOOR_PAGE, ROLE_OFFICER, "case.show", "case", NULL, BODY_NONE, show_case,    \
      NULL)                                                                                                            \
    X(case_assess, HTTP_POST, "/cases/{id}/assess", DOOR_FORM, ROLE_OFFICER, "case.assess", "case", FIELDS_ASSESS,     \
      BODY_TEXT, show_assessed, NULL)                                                                                  \
    X(case_preview, HTTP_POST, "/cases/{id}/preview", DOOR_FORM, ROLE_OFFICER, NULL, "case", FIELDS_ANSWER, BODY_TEXT, \
      show_preview, NULL)                                                                                              \
    X(case_answer, HTTP_POST, "/cases/{id}/answer", DOOR_FORM, ROLE_OFFICER, "case.answer", "case", FIELDS_ANSWER,     \
      BODY_TEXT, show_answered, NULL)                                                                                  \
    X(case_note, HTTP_POST, "/cases/{id}/note", DOOR_FORM, ROLE_OFFICER, "case.note", "case", FIELDS_NOTE, BODY_TEXT,  \
      show_noted, NULL)                                                                                                \
    X(case_link, HTTP_POST, "/cases/{id}/link", DOOR_FORM, ROLE_OFFICER, "case.link", "case", FIELDS_LINK, BODY_SHORT, \
      show_linked, NULL)                                                                                               \
    X(case_return, HTTP_POST, "/cases/{id}/return", DOOR_FORM, ROLE_OFFICER, "case.return", "case", FIELDS_RETURN,     \
      BODY_SHORT, show_returned, NULL)                                                                                 \
    X(impacts, HTTP_GET, "/impacts", DOOR_PAGE, ROLE_OFFICER, "impact.list", NULL, FIELDS_PAGE, BODY_NONE,             \
      show_impacts, NULL)                                                                                              \
    X(impact_create, HTTP_POST, "/impacts", DOOR_FORM, ROLE_OFFICER, "impact.create", NULL, FIELDS_IMPACT, BODY_TEXT,  \
      show_impact_created, NULL)                                                                                       \
    X(impact_form, HTTP_GET, "/impacts/new", DOOR_PAGE, ROLE_OFFICER, NULL, NULL, NULL, BODY_NONE, show_impact_form,   \
      NULL)                                                                                                            \
    X(impact_page, HTTP_GET, "/impacts/{id}", DOOR_PAGE, ROLE_OFFICER, "impact.show", "impact", NULL, BODY_NONE,       \
      show_impact, NULL)                                                                                               \
    X(search_form, HTTP_GET, "/search", DOOR_PAGE, ROLE_OFFICER, NULL, NULL, NULL, BODY_NONE, show_search_form, NULL)  \
    X(search, HTTP_POST, "/search", DOOR_FORM, ROLE_OFFICER, "search", NULL, FIELDS_SEARCH, BODY_SHORT, show_found,    \
      NULL)                                                                                                            \
    X(walkin_form, HTTP_GET, "/walkin", DOOR_PAGE, ROLE_OFFICER, NULL, NULL, NULL, BODY_NONE, show_walkin_form, NULL)  \
    X(walkin, HTTP_POST, "/walkin", DOOR_FORM, ROLE_OFFICER, "walkin", NULL, FIELDS_WALKIN, BODY_TEXT, show_receipt,   \
      NULL)                                                                                                            \
    X(consultations, HTTP_GET, "/consultations", DOOR_PAGE, ROLE_OFFICER, "consultation.list", NULL, FIELDS_PAGE,      \
      BODY_NONE, show_consultations, NULL)                                                                             \
    X(consultation, HTTP_GET, "/consultations/{id}", DOOR_PAGE, ROLE_OFFICER, "consultation.show", "case", NULL,       \
      BODY_NONE, show_case, NULL)                                                                                      \
    X(consultation_link, HTTP_POST, "/consultations/{id}/link", DOOR_FORM, ROLE_OFFICER, "consultation.link", "case",  \
      FIELDS_LINK, BODY_SHORT, show_consultation_linked, NULL)                                                         \
    X(people, HTTP_GET, "/people", DOOR_PAGE, ROLE_ADMINISTRATOR, "people.list", NULL, NULL, BODY_NONE, show_people,   \
      NULL)                                                                                                            \
    X(person_add, HTTP_POST, "/people", DOOR_FORM, ROLE_ADMINISTRATOR, "people.add", NULL, FIELDS_PERSON, BODY_SHORT,  \
      show_person_added, NULL)                                                                                         \
    X(person_end, HTTP_POST, "/people/end", DOOR_FORM, ROLE_ADMINISTRATOR, "people.end", NULL, FIELDS_END, BODY_SHORT, \
      show_person_ended, NULL)                                                                                         \
    X(help, HTTP_GET, "/help", DOOR_PAGE, ROLE_ANY, NULL, NULL, NULL, BODY_NONE, show_help, NULL)                      \
    /* for programs */                                                                                                 \
    X(api_queue, HTTP_GET, "/api/v1/queue", DOOR_API, ROLE_OFFICER, "queue.list", NULL, FIELDS_QUEUE, BODY_NONE,       \
      api_item, NULL)                                                                                                  \
    X(api_take, HTTP_POST, "/api/v1/queue/take", DOOR_API, ROLE_OFFICER, "queue.take", NULL, NULL, BODY_SHORT,         \
      api_taken, NULL)                                                                                                 \
    X(api_case, HTTP_GET, "/api/v1/cases/{id}", DOOR_API, ROLE_OFFICER, "case.show", "case", NULL, BODY_NONE,          \
      api_item, NULL)                                                                                                  \
    X(api_answers, HTTP_POST, "/api/v1/cases/{id}/answers", DOOR_API, ROLE_OFFICER, "case.answer", "case",             \
      FIELDS_ANSWER, BODY_TEXT, api_created, NULL)                                                                     \
    X(api_assessment, HTTP_POST, "/api/v1/cases/{id}/assessment", DOOR_API, ROLE_OFFICER, "case.assess", "case",       \
      FIELDS_ASSESS, BODY_TEXT, api_item, NULL)                                                                        \
    X(api_case_impacts, HTTP_POST, "/api/v1/cases/{id}/impacts", DOOR_API, ROLE_OFFICER, "case.link", "case",          \
      FIELDS_LINK, BODY_TEXT, api_item, NULL)                                                                          \
    X(api_notes, HTTP_POST, "/api/v1/cases/{id}/notes", DOOR_API, ROLE_OFFICER, "case.note", "case", FIELDS_NOTE,      \
      BODY_TEXT, api_created, NULL)                                                                                    \
    X(api_return, HTTP_POST, "/api/v1/cases/{id}/return", DOOR_API, ROLE_OFFICER, "case.return", "case",               \
      FIELDS_RETURN, BODY_TEXT, api_item, NULL)                                                                        \
    X(api_impacts, HTTP_GET, "/api/v1/impacts", DOOR_API, ROLE_OFFICER, "impact.list", NULL, FIELDS_PAGE, BODY_NONE,   \
      api_item, NULL)                                                                                                  \
    X(api_impact_create, HTTP_POST, "/api/v1/impacts", DOOR_API, ROLE_OFFICER, "impact.create", NULL, FIELDS_IMPACT,   \
      BODY_TEXT, api_created, NULL)                                                                                    \
    X(api_impact, HTTP_GET, "/api/v1/impacts/{id}", DOOR_API, ROLE_OFFICER, "impact.show", "impact", NULL, BODY_NONE,  \
      api_item, NULL)                                                                                                  \
    X(api_search, HTTP_POST, "/api/v1/search", DOOR_API, ROLE_OFFICER, "search", NULL, FIELDS_SEARCH, BODY_SHORT,      \
      api_item, NULL)                                                                                                  \
    X(api_walkins, HTTP_POST, "/api/v1/walkins", DOOR_API, ROLE_OFFICER, "walkin", NULL, FIELDS_WALKIN, BODY_TEXT,     \
      api_created, NULL)                                                                                               \
    X(api_waiting, HTTP_GET, "/api/v1/waiting", DOOR_API, ROLE_ANY, "whoami", NULL, NULL, BODY_NONE, api_waiting, NULL)

/* The rows as the server takes them (ends with a row whose path is NULL), and as the console does (ends with a row
 * whose name is NULL); the same order. */
extern const struct http_route routes[];
extern const struct action actions[];

#endif
