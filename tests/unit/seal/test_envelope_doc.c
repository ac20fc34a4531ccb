/* test_envelope_doc.c -- the worked example of docs/envelope.md, recomputed. Its bytes came from another
 * implementation. */
#include <stdio.h>

#include "common/base/code.h"
#include "common/base/file.h"
#include "common/seal/aead.h"
#include "common/seal/envelope_open.h"
#include "common/seal/hpke_open.h"
#include "common/seal/once.h"
#include "common/seal/sign.h"
#include "tests/unit/seal/vectors.h"

static const char message[] = "{\"v\":1,\"kind\":\"grievance\",\"language\":\"en\",\"text\":\"The well is dry.\"}";
static const char outgoing[] = "{\"to\":\"+10000000000\",\"text\":\"Received.\"}";
static const char once_key[] = "7c9e6679-7425-40de-944b-e07fc1f90ae7";

static struct buf document = BUF_INIT(1 << 18);

static int read_document(void **state)
{
    (void)state;
    return file_read(SOURCE_ROOT "/docs/envelope.md", &document) == ERR_OK ? 0 : -1;
}

static int free_document(void **state)
{
    (void)state;
    buf_free(&document);
    hpke_open_forget();
    return 0;
}

/* The value behind "name" in the last block, which may go on over indented lines; white space is left out. */
static struct buf text_of(const char *name)
{
    struct buf out = BUF_INIT(1 << 14);
    char line[64];
    snprintf(line, sizeof line, "\n%s ", name);
    const char *at = strstr(strstr(strstr(buf_text(&document), "## A worked example"), "\n```"), line);
    if (!at)
        fail_msg("the example has no %s", name);
    /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): fail_msg() does not return */
    for (at += strlen(line); *at && !(at[0] == '\n' && at[1] != ' '); at++)
        if (*at != ' ' && *at != '\n')
            assert_int_equal(buf_add(&out, at, 1), ERR_OK);
    return out;
}

static struct buf bytes_of(const char *name)
{
    struct buf text = text_of(name), out = BUF_INIT(1 << 14);
    uint8_t *at;
    assert_int_equal(buf_extend(&out, text.len / 2, &at), ERR_OK);
    assert_int_equal(code_unhex(buf_text(&text), text.len, at, text.len / 2), ERR_OK);
    buf_free(&text);
    return out;
}

/* Copy a value of known size. */
static void take(const char *name, void *out, size_t len)
{
    struct buf bytes = bytes_of(name);
    assert_int_equal(bytes.len, len);
    memcpy(out, bytes.bytes, len);
    buf_free(&bytes);
}

static void is(const char *name, const void *made, size_t len)
{
    struct buf bytes = bytes_of(name);
    assert_int_equal(bytes.len, len);
    assert_memory_equal(bytes.bytes, made, len);
    buf_free(&bytes);
}

static struct envelope_place example_place(void)
{
    struct envelope_place place = {.office = 1,
                                   .root = ROOT_THREAD,
                                   .part = PART_MESSAGE,
                                   .author = AUTHOR_REPORTER,
                                   .door = DOOR_INTAKE,
                                   .generation = 1,
                                   .incarnation = 0x0102030405060708,
                                   .n = 9};
    take("case", place.case_id, 16);
    take("row", place.row_id, 16);
    return place;
}

static struct envelope_desk example_desk(void)
{
    struct envelope_desk desk = {.office = 1, .epoch = 1, .code = "usual"};
    take("desk_public", desk.key, 32);
    return desk;
}

/* By the page's own words, from the primitives; then by the reader. */
static void the_row_is_made_as_the_page_says(void **state)
{
    (void)state;
    struct envelope_place place = example_place();
    uint8_t place_bytes[ENVELOPE_PLACE_SIZE], key[32], salt[32], derived[44], inside[1024] = {0};
    uint8_t info[16 + ENVELOPE_PLACE_SIZE], sealed[2 + 32 + 1024 + 16] = {1, 1};
    envelope_place_bytes(&place, place_bytes);
    is("place", place_bytes, sizeof place_bytes);
    take("thread_key", key, 32);
    take("salt", salt, 32);
    memcpy(info, "recourse row key", 16);
    memcpy(info + 16, place_bytes, sizeof place_bytes);
    sign_hkdf(key, 32, salt, 32, info, sizeof info, derived, sizeof derived);
    is("subkey", derived, 32);
    is("nonce", derived + 32, 12);
    inside[3] = (uint8_t)strlen(message);
    memcpy(inside + 4, message, strlen(message));
    memcpy(sealed + 2, salt, 32);
    struct aead_key with = {AEAD_AES_256_GCM, derived, derived + 32};
    assert_int_equal(aead_seal(&with, place_bytes, sizeof place_bytes, inside, sizeof inside, sealed + 34), ERR_OK);
    is("sealed", sealed, sizeof sealed);

    struct buf opened = BUF_INIT(4096);
    assert_int_equal(envelope_open(key, &place, sealed, sizeof sealed, &opened), ERR_OK);
    assert_string_equal(buf_text(&opened), message);
    buf_free(&opened);
}

static void play_desk_wrap(struct hpke_context *sender, const uint8_t *enc, uint8_t root, const char *root_name)
{
    struct envelope_desk desk = example_desk();
    struct envelope_wrap wrap = {.root = root,
                                 .recipient_kind = RECIPIENT_DESK,
                                 .generation = 1,
                                 .recipient_id = "usual",
                                 .epoch = 1,
                                 .wrap = {1, 1, (uint8_t)sender->seq},
                                 .wrap_len = WRAP_DESK_SIZE};
    uint8_t key[32], private_key[32], aad[WRAP_AAD_SIZE], unwrapped[32];
    char name[32];
    snprintf(name, sizeof name, "%s_key", root_name);
    take(name, key, 32);
    take("case", wrap.case_id, 16);
    take("desk_private", private_key, 32);
    snprintf(name, sizeof name, "wrap_aad_%s", root_name);
    envelope_wrap_aad(1, wrap.case_id, root, 1, (uint8_t)sender->seq, aad);
    is(name, aad, sizeof aad);
    memcpy(wrap.wrap + 3, enc, 32);
    assert_int_equal(hpke_seal(sender, aad, sizeof aad, key, 32, wrap.wrap + 35), ERR_OK);
    snprintf(name, sizeof name, "wrap_%s", root_name);
    is(name, wrap.wrap, wrap.wrap_len);
    envelope_commitment(key, 1, wrap.case_id, root, 1, wrap.commitment);
    snprintf(name, sizeof name, "commitment_%s", root_name);
    is(name, wrap.commitment, 32);
    assert_int_equal(envelope_open_desk_wrap(&desk, private_key, &wrap, unwrapped), ERR_OK);
    assert_memory_equal(unwrapped, key, 32);
}

static void the_desk_wraps_are_made_as_the_page_says(void **state)
{
    (void)state;
    struct envelope_desk desk = example_desk();
    uint8_t info[WRAP_INFO_MAX], ephemeral[32], enc[32];
    size_t info_len = envelope_wrap_info(&desk, info);
    struct hpke_params params = {.suite = HPKE_SUITE, .mode = HPKE_BASE, .info = info, .info_len = info_len};
    struct hpke_context sender;
    is("wrap_info", info, info_len);
    take("ephemeral", ephemeral, 32);
    assert_int_equal(hpke_setup_sender(&params, desk.key, NULL, ephemeral, enc, &sender), ERR_OK);
    play_desk_wrap(&sender, enc, ROOT_THREAD, "thread");
    play_desk_wrap(&sender, enc, ROOT_STAFF, "staff");
}

static void the_receipt_opens_its_wrap(void **state)
{
    (void)state;
    struct buf digits = text_of("receipt");
    struct receipt receipt;
    struct pepper pepper = {.epoch = 1};
    uint8_t handle[32], receipt_key[32], thread_key[32], key[32];
    struct envelope_wrap wrap = {
        .root = ROOT_THREAD, .recipient_kind = RECIPIENT_RECEIPT, .generation = 1, .wrap_len = WRAP_RECEIPT_SIZE};
    assert_int_equal(receipt_parse(buf_text(&digits), digits.len, &receipt), ERR_OK);
    take("pepper", pepper.key, 32);
    receipt_derive(&receipt, &pepper, handle, receipt_key);
    is("handle", handle, 32);
    is("receipt_key", receipt_key, 32);
    take("case", wrap.case_id, 16);
    take("wrap_receipt", wrap.wrap, WRAP_RECEIPT_SIZE);
    take("commitment_thread", wrap.commitment, 32);
    is("receipt_salt", wrap.wrap + 2, 32);
    assert_int_equal(envelope_unwrap_receipt(1, receipt_key, &wrap, key), ERR_OK);
    take("thread_key", thread_key, 32);
    assert_memory_equal(key, thread_key, 32);
    buf_free(&digits);
}

static void the_box_opens(void **state)
{
    (void)state;
    struct buf box = bytes_of("box"), opened = BUF_INIT(1024);
    uint8_t private_key[32];
    is("box_info", "recourse box\1\1\6outbox", 21);
    take("desk_private", private_key, 32);
    assert_int_equal(envelope_open_box(private_key, "outbox", "row 1", 5, box.bytes, box.len, &opened), ERR_OK);
    assert_string_equal(buf_text(&opened), outgoing);
    buf_free(&box), buf_free(&opened);
}

static void once_is_derived_as_the_page_says(void **state)
{
    (void)state;
    uint8_t secret[32], body[32];
    struct once once;
    struct receipt receipt;
    struct buf digits = text_of("once_receipt");
    take("pepper", secret, 32);
    sign_sha256("{}", 2, body);
    is("body_sha256", body, 32);
    once_derive(secret, once_key, strlen(once_key), body, &once);
    is("once_handle", once.handle, 32);
    is("once_body_tag", once.body_tag, 32);
    is("once_case", once.case_id, 16);
    is("once_row", once.row_id, 16);
    is("once_receipt_seed", once.receipt_seed, 32);
    receipt_from_bytes(once.receipt_seed, &receipt);
    assert_string_equal(receipt.digits, buf_text(&digits));
    buf_free(&digits);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_row_is_made_as_the_page_says), cmocka_unit_test(the_desk_wraps_are_made_as_the_page_says),
        cmocka_unit_test(the_receipt_opens_its_wrap),       cmocka_unit_test(the_box_opens),
        cmocka_unit_test(once_is_derived_as_the_page_says),
    };
    return cmocka_run_group_tests(tests, read_document, free_document);
}
