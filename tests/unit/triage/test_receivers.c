/* test_receivers.c -- the directory: nothing can be sealed before somebody else confirmed the fingerprint, and what was
 * confirmed holds for that certificate and that name alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/clock.h"
#include "common/base/file.h"
#include "common/text/says.h"
#include "triage/vault/cms.h"
#include "triage/vault/entry.h"
#include "triage/vault/receivers.h"

enum { YEAR = 365 * 86400 };

static char folder[] = "/tmp/rc-receivers-XXXXXX";
static struct buf pem = BUF_INIT(1 << 16);

static int begin(void **state)
{
    (void)state;
    char command[400], path[100];
    if (!mkdtemp(folder))
        return -1;
    snprintf(
        command, sizeof command,
        "cd %s && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=x -days 30 -keyout "
        "key -out pem 2>/dev/null",
        folder);
    if (system(command) != 0)
        return -1;
    snprintf(path, sizeof path, "%s/pem", folder);
    return file_read(path, &pem) == ERR_OK ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    char command[100];
    buf_free(&pem);
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command);
}

static json_t *inspectorate(void)
{
    json_t *r = json_pack("{s:s,s:s,s:s}", "kind", "receiver", "name", "Labour inspectorate", "mechanism", "labour");
    assert_null(receiver_certificate(r, buf_text(&pem), "amina", clock_wall()));
    return r;
}

static void check(json_t *receiver)
{
    json_object_set_new(receiver, "checked", json_pack("{s:s}", "by", "joseph"));
}

static void nothing_is_sealed_to_what_one_person_brought(void **state)
{
    (void)state;
    int64_t now = clock_wall();
    json_t *r = json_pack("{s:s}", "name", "Labour inspectorate");
    assert_non_null(strstr(receiver_lacks(r, now), "no certificate"));
    assert_false(receiver_may_check(r, "joseph"));
    json_decref(r);
    r = inspectorate();
    assert_non_null(strstr(receiver_lacks(r, now), "Somebody else"));
    assert_false(receiver_may_check(r, "amina"));
    assert_true(receiver_may_check(r, "joseph"));
    check(r);
    assert_null(receiver_lacks(r, now));
    assert_false(receiver_may_check(r, "joseph"));
    assert_non_null(strstr(receiver_lacks(r, now + YEAR), "over"));
    json_object_set_new(r, "ended", json_object());
    assert_non_null(strstr(receiver_lacks(r, now), "no more"));
    json_decref(r);
}

/* Else one could rename what two have confirmed, and send to it under another name. */
static void who_renames_it_vouches_for_it_anew(void **state)
{
    (void)state;
    json_t *r = inspectorate();
    check(r);
    receiver_vouch(r, "grace", clock_wall());
    assert_non_null(receiver_lacks(r, clock_wall()));
    assert_false(receiver_may_check(r, "grace"));
    assert_true(receiver_may_check(r, "amina"));
    assert_true(strlen(entry_text(json_object_get(r, "certificate"), "pem")) > 100);
    check(r);
    assert_null(receiver_certificate(r, buf_text(&pem), "grace", clock_wall()));
    assert_non_null(receiver_lacks(r, clock_wall()));
    json_decref(r);
}

static void a_fingerprint_is_read_as_people_write_it(void **state)
{
    (void)state;
    struct cms_certificate read;
    char said[200] = "";
    assert_int_equal(cms_read(buf_text(&pem), pem.len, clock_wall(), &read), ERR_OK);
    json_t *r = inspectorate();
    assert_true(receiver_is_fingerprint(r, read.sha256));
    for (size_t i = 0; i < 64; i++)
        snprintf(said + strlen(said), 8, "%c%s", read.sha256[i] >= 'a' ? read.sha256[i] - 32 : read.sha256[i],
                 i % 2 ? (i % 3 ? ":" : " ") : "");
    assert_true(receiver_is_fingerprint(r, said));
    assert_false(receiver_is_fingerprint(r, ""));
    assert_false(receiver_is_fingerprint(r, "12"));
    read.sha256[63] = read.sha256[63] == '0' ? '1' : '0';
    assert_false(receiver_is_fingerprint(r, read.sha256));
    read.sha256[63] = 0;
    assert_false(receiver_is_fingerprint(r, read.sha256));
    json_decref(r);
    r = json_object();
    assert_false(receiver_is_fingerprint(r, ""));
    json_decref(r);
}

static void what_is_no_certificate_is_refused_and_changes_nothing(void **state)
{
    (void)state;
    json_t *r = inspectorate();
    check(r);
    json_t *before = json_deep_copy(r);
    assert_non_null(receiver_certificate(r, "-----BEGIN CERTIFICATE-----\nno\n", "amina", clock_wall()));
    assert_non_null(strstr(receiver_certificate(r, buf_text(&pem), "amina", clock_wall() + YEAR), "time"));
    assert_true(json_equal(r, before));
    json_decref(before);
    json_decref(r);
}

static void whoever_has_to_hear_the_fingerprint_is_not_shown_it(void **state)
{
    (void)state;
    struct codes *codes;
    char says[SAYS_SIZE];
    assert_int_equal(codes_load(SOURCE_ROOT "/triage/codes", &codes, says), ERR_OK);
    struct receiver receiver = {.version = 3, .json = inspectorate()};
    json_t *own = receiver_shown(&receiver, codes, "amina", clock_wall());
    json_t *other = receiver_shown(&receiver, codes, "joseph", clock_wall());
    assert_string_equal(entry_text(own, "class"), "state");
    assert_int_equal(strlen(entry_text(json_object_get(own, "certificate"), "sha256")), 64);
    assert_string_equal(entry_text(json_object_get(other, "certificate"), "sha256"), "");
    assert_string_equal(entry_text(json_object_get(other, "certificate"), "pem"), "");
    assert_true(json_is_true(json_object_get(other, "may_check")));
    assert_true(json_is_false(json_object_get(other, "ready")));
    json_decref(own);
    json_decref(other);
    check(receiver.json);
    other = receiver_shown(&receiver, codes, "joseph", clock_wall());
    assert_int_equal(strlen(entry_text(json_object_get(other, "certificate"), "sha256")), 64);
    assert_true(json_is_true(json_object_get(other, "ready")));
    json_decref(other);
    json_decref(receiver.json);
    codes_free(codes);
}

static void the_newest_version_is_kept(void **state)
{
    (void)state;
    struct receivers all = {0};
    uint8_t id[16] = {7}, hash[32] = {1};
    assert_int_equal(receivers_version(&all, id), 0);
    receivers_keep(&all, id, 1, hash, json_pack("{s:s}", "name", "one"));
    receivers_keep(&all, id, 2, hash, json_pack("{s:s}", "name", "two"));
    for (uint8_t i = 8; i < 60; i++) {
        uint8_t other[16] = {i};
        receivers_keep(&all, other, 1, hash, json_object());
    }
    assert_int_equal(receivers_version(&all, id), 2);
    const struct receiver *found = receivers_find(&all, "07000000-0000-0000-0000-000000000000");
    assert_string_equal(entry_text(found->json, "name"), "two");
    assert_null(receivers_find(&all, "ff000000-0000-0000-0000-000000000000"));
    assert_null(receivers_find(&all, "x"));
    assert_int_equal(all.count, 53);
    receivers_free(&all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_sealed_to_what_one_person_brought),
        cmocka_unit_test(who_renames_it_vouches_for_it_anew),
        cmocka_unit_test(a_fingerprint_is_read_as_people_write_it),
        cmocka_unit_test(what_is_no_certificate_is_refused_and_changes_nothing),
        cmocka_unit_test(whoever_has_to_hear_the_fingerprint_is_not_shown_it),
        cmocka_unit_test(the_newest_version_is_kept),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
