/* test_cms.c -- what is sealed for another mechanism opens with the receiver's key and OpenSSL's own command, and with
 * nothing else; a certificate that cannot protect it is refused. */
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
#include "triage/vault/cms.h"

enum { YEAR = 365 * 86400 };

static char folder[] = "/tmp/rc-cms-XXXXXX";
static const char CONTENT[] =
    "A part of what she said, chosen and cut with her consent. \xd8\xa7\xd9\x84\xd8\xa8\xd8\xa6\xd8\xb1";

/* In the folder, with `name` in the place of each %s. */
static int run(const char *said, const char *name)
{
    char command[1024];
    size_t len = (size_t)snprintf(command, sizeof command, "cd %s && ", folder);
    while (*said && len < sizeof command - 100) {
        const char *mark = strstr(said, "%s");
        size_t part = mark ? (size_t)(mark - said) : strlen(said);
        len += (size_t)snprintf(command + len, sizeof command - len, "%.*s%s", (int)part, said, mark ? name : "");
        said += part + (mark ? 2 : 0);
    }
    assert_int_equal(*said, 0);
    return system(command);
}

static struct buf read_file(const char *name)
{
    char path[100];
    struct buf out = BUF_INIT(1 << 20);
    snprintf(path, sizeof path, "%s/%s", folder, name);
    assert_int_equal(file_read(path, &out), ERR_OK);
    return out;
}

static struct buf make_certificate(const char *name, const char *newkey)
{
    char format[400], file[40];
    snprintf(format, sizeof format,
             "openssl req -x509 -newkey %s -nodes -subj /CN=%%s -days 30 -keyout %%s.key -out %%s.pem 2>/dev/null",
             newkey);
    assert_int_equal(run(format, name), 0);
    snprintf(file, sizeof file, "%s.pem", name);
    return read_file(file);
}

static int begin(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    char command[100];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command);
}

static void write_file(const char *name, const struct buf *what)
{
    char path[100];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(what->bytes, 1, what->len, file), what->len);
    fclose(file);
}

static void opens_with_its_key_and_no_other(const char *name, const char *newkey)
{
    struct buf certificate = make_certificate(name, newkey), other = make_certificate("other", newkey);
    struct buf sealed = BUF_INIT(1 << 20);
    assert_int_equal(cms_seal(buf_text(&certificate), certificate.len, clock_wall(), CONTENT, strlen(CONTENT), &sealed),
                     ERR_OK);
    assert_null(memmem(sealed.bytes, sealed.len, CONTENT, 20));
    write_file("sealed", &sealed);
    assert_int_equal(
        run("openssl cms -decrypt -binary -inform DER -in sealed -recip %s.pem -inkey %s.key -out opened", name), 0);
    struct buf opened = read_file("opened");
    assert_int_equal(opened.len, strlen(CONTENT));
    assert_memory_equal(opened.bytes, CONTENT, opened.len);
    assert_int_not_equal(
        run("openssl cms -decrypt -binary -inform DER -in sealed -inkey %s.key -out opened 2>/dev/null", "other"), 0);
    sealed.bytes[sealed.len - 20] ^= 1; /* in the text or behind it */
    write_file("sealed", &sealed);
    assert_int_not_equal(
        run("openssl cms -decrypt -binary -inform DER -in sealed -recip %s.pem -inkey %s.key -out opened 2>/dev/null",
            name),
        0);
    buf_free(&opened);
    buf_free(&sealed);
    buf_free(&certificate);
    buf_free(&other);
}

static void for_rsa(void **state)
{
    (void)state;
    opens_with_its_key_and_no_other("rsa", "rsa:2048");
}

static void for_elliptic_curves(void **state)
{
    (void)state;
    opens_with_its_key_and_no_other("ec", "ec -pkeyopt ec_paramgen_curve:P-256");
}

static void what_cannot_protect_it_is_refused(void **state)
{
    (void)state;
    struct cms_certificate seen;
    struct buf good = make_certificate("good", "ec -pkeyopt ec_paramgen_curve:P-256");
    struct buf weak = make_certificate("weak", "rsa:1024"), signs = make_certificate("signs", "ed25519");
    int64_t now = clock_wall();
    assert_int_equal(cms_read(buf_text(&good), good.len, now, &seen), ERR_OK);
    assert_int_equal(strlen(seen.sha256), 64);
    assert_in_range(seen.until, now + 29 * 86400, now + 31 * 86400);
    assert_int_equal(cms_read(buf_text(&good), good.len, now + YEAR, &seen), ERR_LOCKED);
    assert_int_equal(cms_read(buf_text(&good), good.len, now - YEAR, &seen), ERR_LOCKED);
    assert_int_equal(cms_read(buf_text(&weak), weak.len, now, &seen), ERR_CRYPTO);
    assert_int_equal(cms_read(buf_text(&signs), signs.len, now, &seen), ERR_CRYPTO);
    assert_int_equal(cms_read("no certificate", 14, now, &seen), ERR_MALFORMED);
    assert_int_equal(cms_read(buf_text(&good), good.len / 2, now, &seen), ERR_MALFORMED);
    assert_int_equal(cms_read(buf_text(&good), CMS_CERTIFICATE_MAX + 1, now, &seen), ERR_TOO_BIG);
    struct buf two = BUF_INIT(1 << 16), out = BUF_INIT(1 << 16);
    assert_int_equal(buf_add(&two, good.bytes, good.len), ERR_OK);
    assert_int_equal(buf_add(&two, good.bytes, good.len), ERR_OK);
    assert_int_equal(cms_seal(buf_text(&two), two.len, now, "x", 1, &out), ERR_MALFORMED); /* whose is it? */
    assert_int_equal(out.len, 0);
    buf_free(&two);
    buf_free(&out);
    buf_free(&good);
    buf_free(&weak);
    buf_free(&signs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(for_rsa),
        cmocka_unit_test(for_elliptic_curves),
        cmocka_unit_test(what_cannot_protect_it_is_refused),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
