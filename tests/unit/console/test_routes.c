/* test_routes.c -- the table of everything the console can be asked, held against the rules it must keep. */
#include <stdio.h>

#include "common/base/file.h"
#include "tests/unit/console/unit.h"
#include "triage/console/routes.h"

/* The rights of docs/vault-protocol.md. An operation that is missing here must not be in the table. */
static const struct {
    const char *op;
    unsigned role;
    int changes;
} rights[] = {
    {"status", ROLE_NONE, 0},
    {"signin.begin", ROLE_NONE, 0},
    {"signin", ROLE_NONE, 1},
    {"signin.passkey", ROLE_NONE, 1},
    {"account.passkey", ROLE_ANY, 1},
    {"people.recoveries", ROLE_ADMINISTRATOR | ROLE_MEMBER, 0},
    {"people.recover", ROLE_ADMINISTRATOR | ROLE_MEMBER, 1},
    {"people.recover.confirm", ROLE_ADMINISTRATOR | ROLE_MEMBER, 1},
    {"people.recover.finish", ROLE_ADMINISTRATOR, 1},
    {"people.recover.stop", ROLE_ADMINISTRATOR | ROLE_MEMBER, 1},
    {"account.recovery.stop", ROLE_ANY, 1},
    {"account.session.end", ROLE_ANY, 1},
    {"account.token", ROLE_ANY, 1},
    {"account.token.end", ROLE_ANY, 1},
    {"account.passkey.add", ROLE_ANY, 1},
    {"account.passkey.end", ROLE_ANY, 1},
    {"signout", ROLE_ANY, 1},
    {"whoami", ROLE_ANY, 0},
    {"queue.list", ROLE_MEMBER, 0},
    {"queue.take", ROLE_OFFICER, 1},
    {"case.show", ROLE_MEMBER | ROLE_REVIEWER, 0},
    {"case.return", ROLE_MEMBER, 1},
    {"case.look", ROLE_OFFICER, 1},
    {"case.move", ROLE_MEMBER, 1},
    {"case.assess", ROLE_OFFICER, 1},
    {"case.why", ROLE_MEMBER, 0},
    {"case.answer", ROLE_MEMBER, 1},
    {"case.note", ROLE_MEMBER, 1},
    {"translation.ask", ROLE_MEMBER, 1},
    {"translation.list", ROLE_MEMBER | ROLE_TRANSLATOR, 0},
    {"translation.show", ROLE_MEMBER | ROLE_TRANSLATOR, 0},
    {"translation.write", ROLE_MEMBER | ROLE_TRANSLATOR, 1},
    {"case.graphic", ROLE_MEMBER, 1},
    {"case.safety", ROLE_MEMBER, 1},
    {"case.outside", ROLE_MEMBER, 1},
    {"case.checkin", ROLE_MEMBER, 1},
    {"checkin.list", ROLE_MEMBER, 0},
    {"case.join", ROLE_MEMBER, 1},
    {"case.leave", ROLE_MEMBER, 1},
    {"participant.add", ROLE_MEMBER, 1},
    {"participant.change", ROLE_MEMBER, 1},
    {"participant.end", ROLE_MEMBER, 1},
    {"aside.list", ROLE_MEMBER, 0},
    {"aside.decide", ROLE_OFFICER, 1},
    {"group.list", ROLE_MEMBER, 0},
    {"group.show", ROLE_MEMBER, 0},
    {"group.rename", ROLE_MEMBER, 1},
    {"group.take", ROLE_OFFICER, 1},
    {"group.answer", ROLE_MEMBER, 1},
    {"group.link", ROLE_MEMBER, 1},
    {"case.link", ROLE_MEMBER, 1},
    {"case.skip", ROLE_OFFICER, 1},
    {"case.hand_over", ROLE_OFFICER, 1},
    {"case.watch", ROLE_MEMBER, 1},
    {"case.recuse", ROLE_MEMBER, 1},
    {"case.pause", ROLE_OFFICER, 1},
    {"case.resume", ROLE_OFFICER, 1},
    {"oncall.show", ROLE_MEMBER | ROLE_ADMINISTRATOR, 0},
    {"oncall.set", ROLE_OFFICER | ROLE_ADMINISTRATOR, 1},
    {"oncall.roster", ROLE_OFFICER | ROLE_ADMINISTRATOR, 1},
    {"oncall.acknowledge", ROLE_MEMBER, 1},
    {"case.decide", ROLE_OFFICER | ROLE_REVIEWER, 1},
    {"case.second", ROLE_OFFICER | ROLE_REVIEWER, 1},
    {"second.list", ROLE_OFFICER | ROLE_REVIEWER, 0},
    {"remedy.offer", ROLE_MEMBER, 1},
    {"remedy.deliver", ROLE_MEMBER, 1},
    {"remedy.heard", ROLE_MEMBER, 1},
    {"remedy.list", ROLE_MEMBER, 0},
    {"impact.list", ROLE_MEMBER, 0},
    {"impact.show", ROLE_MEMBER, 0},
    {"impact.create", ROLE_MEMBER, 1},
    {"impact.update", ROLE_MEMBER, 1},
    {"impact.entity", ROLE_MEMBER, 1},
    {"impact.involve", ROLE_MEMBER, 1},
    {"action.list", ROLE_MEMBER, 0},
    {"action.show", ROLE_MEMBER, 0},
    {"action.add", ROLE_MEMBER, 1},
    {"action.update", ROLE_MEMBER, 1},
    {"action.attempt", ROLE_MEMBER, 1},
    {"receiver.list", ROLE_MEMBER | ROLE_REVIEWER, 0},
    {"receiver.show", ROLE_MEMBER | ROLE_REVIEWER, 0},
    {"receiver.add", ROLE_OFFICER, 1},
    {"receiver.update", ROLE_OFFICER, 1},
    {"receiver.check", ROLE_OFFICER | ROLE_REVIEWER, 1},
    {"receiver.end", ROLE_OFFICER, 1},
    {"consent.ask", ROLE_MEMBER, 1},
    {"consent.record", ROLE_MEMBER, 1},
    {"referral.list", ROLE_MEMBER, 0},
    {"referral.show", ROLE_MEMBER | ROLE_REVIEWER, 0},
    {"referral.draft", ROLE_MEMBER, 1},
    {"referral.edit", ROLE_MEMBER, 1},
    {"referral.approve", ROLE_OFFICER, 1},
    {"referral.send", ROLE_OFFICER, 1},
    {"referral.note", ROLE_MEMBER, 1},
    {"search", ROLE_MEMBER, 1}, /* changes nothing, but its words must stand in no address */
    {"export.begin", ROLE_MEMBER, 1},
    {"file.look", ROLE_MEMBER | ROLE_REVIEWER,
     1}, /* pages show it in answer to a form, since it counts as an opening */
    {"file.download", ROLE_MEMBER, 1},
    {"export.list", ROLE_MEMBER, 0},
    {"walkin", ROLE_OFFICER, 1},
    {"consultation.list", ROLE_MEMBER, 0},
    {"consultation.show", ROLE_MEMBER, 0},
    {"consultation.link", ROLE_MEMBER, 1},
    {"people.list", ROLE_ADMINISTRATOR, 0},
    {"people.add", ROLE_ADMINISTRATOR, 1},
    {"people.end", ROLE_ADMINISTRATOR, 1},
    {"people.aliases", ROLE_ADMINISTRATOR, 1},
    {"people.waiting", ROLE_MEMBER, 0},
    {"people.admit", ROLE_MEMBER, 1},
    {"account.show", ROLE_ANY, 0},
    {"account.totp", ROLE_ANY, 1},
    {"account.confirm", ROLE_ANY, 1},
    {"account.password", ROLE_ANY, 1},
    {"figures", ROLE_MEMBER | ROLE_MANAGER | ROLE_AUDITOR, 0},
    {"office.settings", ROLE_MEMBER | ROLE_ADMINISTRATOR, 0},
    {"figures.flow", ROLE_MEMBER | ROLE_MANAGER | ROLE_AUDITOR, 0},
    {"audit.recent", ROLE_AUDITOR, 0},
    {"case.trail", ROLE_AUDITOR, 0},
};
enum { RIGHT_COUNT = sizeof rights / sizeof *rights };

static size_t right_of(const char *op)
{
    size_t i = 0;
    while (i < RIGHT_COUNT && strcmp(rights[i].op, op) != 0)
        i++;
    if (i == RIGHT_COUNT)
        fail_msg("no right is known for %s", op);
    return i;
}

static void each_operation_stands_at_its_right(void **state)
{
    (void)state;
    for (const struct action *action = actions; action->name; action++)
        if (action->op)
            assert_int_equal(action->role, rights[right_of(action->op)].role);
}

static void each_operation_is_in_the_protocol(void **state)
{
    (void)state;
    struct buf text = BUF_INIT(256 * 1024);
    assert_int_equal(file_read(SOURCE_ROOT "/docs/vault-protocol.md", &text), ERR_OK);
    for (const struct action *action = actions; action->name; action++) {
        char quoted[64];
        snprintf(quoted, sizeof quoted, "`%s`", action->op ? action->op : "status");
        if (!strstr(buf_text(&text), quoted))
            fail_msg("docs/vault-protocol.md does not have %s", quoted);
    }
    buf_free(&text);
}

static void what_changes_something_goes_by_post_alone(void **state)
{
    (void)state;
    for (const struct action *action = actions; action->name; action++) {
        int changes = action->op && rights[right_of(action->op)].changes;
        assert_int_equal(action->method, changes || action->body_max ? HTTP_POST : HTTP_GET);
    }
}

/* Every form with a session passes the guard; every program comes by the API's door and no other. */
static void each_address_has_its_door(void **state)
{
    (void)state;
    for (const struct action *action = actions; action->name; action++) {
        int is_openapi = strcmp(action->path, "/api/v1/openapi.json") == 0;
        int is_api = strncmp(action->path, "/api/v1/", 8) == 0 && !is_openapi;
        assert_int_equal(action->door == DOOR_API, is_api);
        assert_int_equal(action->door == DOOR_OPEN, strncmp(action->path, "/signin", 7) == 0 ||
                                                        strcmp(action->path, "/passkey.js") == 0 ||
                                                        strcmp(action->path, "/base.css") == 0 ||
                                                        strcmp(action->path, "/fresh.js") == 0 || is_openapi);
        if (!is_api && action->door != DOOR_OPEN)
            assert_int_equal(action->door, action->method == HTTP_POST ? DOOR_FORM : DOOR_PAGE);
        assert_int_equal(action->role == ROLE_NONE, action->door == DOOR_OPEN);
    }
}

static void an_id_in_the_path_has_a_name(void **state)
{
    (void)state;
    for (const struct action *action = actions; action->name; action++) {
        assert_int_equal(action->id != NULL, strstr(action->path, "{id}") != NULL);
        assert_non_null(action->show);
        if (action->method == HTTP_GET)
            assert_int_equal(action->body_max, 0);
    }
}

static void the_servers_table_is_the_same(void **state)
{
    (void)state;
    size_t i = 0;
    for (; actions[i].name; i++) {
        assert_string_equal(routes[i].path, actions[i].path);
        assert_int_equal(routes[i].methods, actions[i].method);
        assert_int_equal(routes[i].body_max, actions[i].body_max);
        assert_non_null(routes[i].handle);
    }
    assert_null(routes[i].path);
}

static void the_public_shapes_have_their_addresses(void **state)
{
    (void)state;
    static const struct {
        unsigned method;
        const char *path;
    } promised[] = {{HTTP_GET, "/api/v1/queue"},
                    {HTTP_POST, "/api/v1/queue/take"},
                    {HTTP_GET, "/api/v1/cases/{id}"},
                    {HTTP_POST, "/api/v1/cases/{id}/answers"},
                    {HTTP_POST, "/api/v1/cases/{id}/assessment"},
                    {HTTP_POST, "/api/v1/cases/{id}/impacts"},
                    {HTTP_GET, "/api/v1/impacts"},
                    {HTTP_POST, "/api/v1/impacts"},
                    {HTTP_GET, "/api/v1/consultations"},
                    {HTTP_GET, "/api/v1/figures"},
                    {HTTP_GET, "/api/v1/people"},
                    {HTTP_POST, "/api/v1/search"},
                    {HTTP_POST, "/api/v1/walkins"}};
    for (size_t i = 0; i < sizeof promised / sizeof *promised; i++) {
        int found = 0;
        for (const struct action *action = actions; action->name; action++)
            found |= action->method == promised[i].method && strcmp(action->path, promised[i].path) == 0;
        if (!found)
            fail_msg("nobody answers %s", promised[i].path);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_operation_stands_at_its_right),
        cmocka_unit_test(each_operation_is_in_the_protocol),
        cmocka_unit_test(what_changes_something_goes_by_post_alone),
        cmocka_unit_test(each_address_has_its_door),
        cmocka_unit_test(an_id_in_the_path_has_a_name),
        cmocka_unit_test(the_servers_table_is_the_same),
        cmocka_unit_test(the_public_shapes_have_their_addresses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
