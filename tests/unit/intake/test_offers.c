/* Which desks can be chosen: those that have members, once the database has said which; until then every one there is.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "intake/intake.h"

static struct intake intake;

static int begin(void **state)
{
    static const char *const codes[] = {"usual", "safeguarding"};
    (void)state;
    memset(&intake, 0, sizeof intake);
    for (size_t i = 0; i < 2; i++) {
        strcpy(intake.manifest.desks[i].desk.code, codes[i]);
        intake.manifest.desks[i].last_day = 1;
    }
    intake.manifest.desk_count = 2;
    return 0;
}

static void until_it_is_known_nobody_is_told_that_nobody_reads(void **state)
{
    (void)state;
    assert_true(intake_has_members(&intake, "usual"));
    assert_true(intake_has_members(&intake, "safeguarding"));
    assert_true(intake_offers(&intake, "usual"));
    assert_true(intake_offers(&intake, "safeguarding"));
    assert_false(intake_offers(&intake, "oversight")); /* no key to seal to */
    assert_false(intake_offers(&intake, ""));
}

static void then_only_who_has_members_is_offered(void **state)
{
    (void)state;
    intake.offers_known = 1;
    strcpy(intake.offered, "oversight usual-not");
    assert_true(intake_offers(&intake, "usual")); /* it waits until somebody reads */
    assert_false(intake_has_members(&intake, "usual"));
    assert_false(intake_offers(&intake, "safeguarding"));
    assert_false(intake_has_members(&intake, "safeguarding"));
    assert_false(intake_offers(&intake, "oversight"));
    strcpy(intake.offered, "safeguarding usual");
    assert_true(intake_offers(&intake, "safeguarding"));
    assert_true(intake_has_members(&intake, "usual"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(until_it_is_known_nobody_is_told_that_nobody_reads, begin),
        cmocka_unit_test_setup(then_only_who_has_members_is_offered, begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
