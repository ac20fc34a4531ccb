/* test_item.c -- what a vault sealed and signed opens as it was written, and nothing that was changed beside or in it
 * does: whether the signature is checked at once, or before, by a thread. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "triage/vault/item.h"

static const uint8_t id[16] = {1}, key[32] = {2}, rows_hash[32] = {3};
static char desk[] = "usual";
static struct vault vault;
static struct sealed_item sealed;

static int begin(void **state)
{
    (void)state;
    const uint8_t seed[32] = {7};
    vault.settings.desk = desk;
    vault.settings.office = 1;
    vault.fence = 5;
    assert_int_equal(sign_key_new(seed, &vault.state_key), ERR_OK);
    sign_key_public(vault.state_key, vault.state_public);
    assert_int_equal(item_seal(&vault, SHELF_STATE, id, 2, key, "a state", 7, 4, rows_hash, &sealed), ERR_OK);
    sealed.item.body = sealed.body.bytes;
    sealed.item.signature = sealed.signature;
    return 0;
}

static int end(void **state)
{
    (void)state;
    item_free(&sealed);
    sign_key_free(vault.state_key);
    return 0;
}

/* Both ways, which have to agree. */
static enum err try_item(const struct vault_item *item)
{
    struct buf text = BUF_INIT(64), later = BUF_INIT(64);
    uint8_t hash[32];
    struct item_check check;
    enum err err = item_open(&vault, SHELF_STATE, item, key, &text, hash);
    item_check_begin(&vault, SHELF_STATE, item, &check);
    item_check_run(&check);
    assert_int_equal(item_open_checked(&vault, SHELF_STATE, item, &check, key, &later), err);
    assert_memory_equal(hash, check.hash, sizeof hash);
    if (err == ERR_OK) {
        assert_string_equal(buf_text(&text), "a state");
        assert_string_equal(buf_text(&later), "a state");
        assert_memory_equal(hash, sealed.hash, sizeof hash);
    } else {
        assert_int_equal(text.len + later.len, 0);
    }
    buf_free(&text);
    buf_free(&later);
    return err;
}

static void it_opens_as_it_was_written(void **state)
{
    (void)state;
    assert_int_equal(try_item(&sealed.item), ERR_OK);
}

/* What the seal does not bind is the signature's to find: how many rows it counts, and their hash. */
static void what_was_changed_beside_it_is_found(void **state)
{
    (void)state;
    struct vault_item changed = sealed.item;
    changed.messages++;
    assert_int_equal(try_item(&changed), ERR_CRYPTO);
    changed = sealed.item;
    changed.rows_hash[31] ^= 1;
    assert_int_equal(try_item(&changed), ERR_CRYPTO);
    changed = sealed.item;
    changed.version++;
    assert_int_equal(try_item(&changed), ERR_CRYPTO);
    changed = sealed.item;
    changed.fence++;
    assert_int_equal(try_item(&changed), ERR_CRYPTO);
}

static void a_changed_body_or_signature_is_found(void **state)
{
    (void)state;
    uint8_t *at[] = {sealed.signature, sealed.signature + 63, sealed.body.bytes,
                     sealed.body.bytes + sealed.body.len - 1};
    for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
        *at[i] ^= 1;
        assert_int_not_equal(try_item(&sealed.item), ERR_OK);
        *at[i] ^= 1;
    }
}

static void one_that_another_key_signed_is_found(void **state)
{
    (void)state;
    vault.state_public[0] ^= 1;
    assert_int_equal(try_item(&sealed.item), ERR_CRYPTO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(it_opens_as_it_was_written, begin, end),
        cmocka_unit_test_setup_teardown(what_was_changed_beside_it_is_found, begin, end),
        cmocka_unit_test_setup_teardown(a_changed_body_or_signature_is_found, begin, end),
        cmocka_unit_test_setup_teardown(one_that_another_key_signed_is_found, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
