/* test_hpke.c -- all 32 vectors of RFC 9180 for our KEM, both halves; and what the halves refuse. */
#include "common/seal/hpke_open.h"
#include "tests/unit/seal/vectors.h"

enum { EXPORT_ONLY = 0xffff };

static uint16_t number(const json_t *vector, const char *field)
{
    return (uint16_t)json_integer_value(json_object_get(vector, field));
}

/* Both halves seal and open each published message at its own place in the sequence. */
static void play_encryptions(const json_t *vector, struct hpke_context *sender, struct hpke_context *receiver)
{
    size_t i;
    json_t *message;
    json_array_foreach(json_object_get(vector, "encryptions"), i, message)
    {
        struct buf aad = vectors_hex(message, "aad"), text = vectors_hex(message, "pt"),
                   expected = vectors_hex(message, "ct");
        uint8_t sealed[256], opened[256];
        unsigned seq = (unsigned)strtoul(buf_text(&aad) + strlen("Count-"), NULL, 10);
        sender->seq = receiver->seq = seq;
        assert_int_equal(hpke_seal(sender, aad.bytes, aad.len, text.bytes, text.len, sealed), ERR_OK);
        assert_memory_equal(sealed, expected.bytes, expected.len);
        assert_int_equal(hpke_open(receiver, aad.bytes, aad.len, sealed, expected.len, opened), ERR_OK);
        assert_memory_equal(opened, text.bytes, text.len);
        assert_int_equal(sender->seq, seq + 1);
        assert_int_equal(receiver->seq, seq + 1);
        receiver->seq = seq;
        sealed[3] ^= 4;
        assert_int_equal(hpke_open(receiver, aad.bytes, aad.len, sealed, expected.len, opened), ERR_CRYPTO);
        assert_int_equal(receiver->seq, seq);
        buf_free(&aad), buf_free(&text), buf_free(&expected);
    }
}

static void play_exports(const json_t *vector, const struct hpke_context *sender, const struct hpke_context *receiver)
{
    size_t i;
    json_t *export;
    json_array_foreach(json_object_get(vector, "exports"), i, export)
    {
        struct buf context = vectors_hex(export, "exporter_context"), expected = vectors_hex(export, "exported_value");
        uint8_t out[64];
        assert_int_equal(hpke_export(sender, context.bytes, context.len, out, expected.len), ERR_OK);
        assert_memory_equal(out, expected.bytes, expected.len);
        assert_int_equal(hpke_export(receiver, context.bytes, context.len, out, expected.len), ERR_OK);
        assert_memory_equal(out, expected.bytes, expected.len);
        buf_free(&context), buf_free(&expected);
    }
    assert_true(i > 0);
}

static void play(const json_t *vector)
{
    struct buf info = vectors_hex(vector, "info"), psk = vectors_hex(vector, "psk"),
               psk_id = vectors_hex(vector, "psk_id"), receiver_private = vectors_hex(vector, "skRm"),
               receiver_public = vectors_hex(vector, "pkRm"), sender_private = vectors_hex(vector, "skSm"),
               sender_public = vectors_hex(vector, "pkSm"), ephemeral = vectors_hex(vector, "skEm"),
               expected_enc = vectors_hex(vector, "enc"), key = vectors_hex(vector, "key"),
               base_nonce = vectors_hex(vector, "base_nonce"), exporter = vectors_hex(vector, "exporter_secret");
    struct hpke_params params = {
        .suite = {number(vector, "kem_id"), number(vector, "kdf_id"), number(vector, "aead_id")},
        .mode = (enum hpke_mode)number(vector, "mode"),
        .info = info.bytes,
        .info_len = info.len,
        .psk = psk.bytes,
        .psk_len = psk.len,
        .psk_id = psk_id.bytes,
        .psk_id_len = psk_id.len};
    struct hpke_context sender, receiver;
    uint8_t enc[32], public_key[32], unused[32];

    assert_int_equal(hpke_key_public(receiver_private.bytes, public_key), ERR_OK);
    assert_memory_equal(public_key, receiver_public.bytes, 32);
    assert_int_equal(
        hpke_setup_sender(&params, receiver_public.bytes, sender_private.bytes, ephemeral.bytes, enc, &sender), ERR_OK);
    assert_memory_equal(enc, expected_enc.bytes, 32);
    assert_int_equal(hpke_open_setup(&params, enc, receiver_private.bytes, sender_public.bytes, &receiver), ERR_OK);
    assert_memory_equal(sender.exporter_secret, exporter.bytes, exporter.len);
    assert_memory_equal(receiver.exporter_secret, exporter.bytes, exporter.len);
    play_exports(vector, &sender, &receiver);
    if (params.suite.aead == EXPORT_ONLY) {
        assert_int_equal(hpke_seal(&sender, NULL, 0, "x", 1, unused), ERR_MALFORMED);
        assert_int_equal(hpke_open(&receiver, NULL, 0, unused, sizeof unused, unused), ERR_MALFORMED);
    } else {
        assert_memory_equal(sender.key, key.bytes, key.len);
        assert_memory_equal(sender.base_nonce, base_nonce.bytes, base_nonce.len);
        assert_true(json_array_size(json_object_get(vector, "encryptions")) > 0);
        play_encryptions(vector, &sender, &receiver);
    }
    hpke_wipe(&sender);
    hpke_wipe(&receiver);
    struct buf *all[] = {&info,           &psk,           &psk_id,    &receiver_private, &receiver_public,
                         &sender_private, &sender_public, &ephemeral, &expected_enc,     &key,
                         &base_nonce,     &exporter};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        buf_free(all[i]);
}

static void every_vector_of_rfc_9180_holds_on_both_sides(void **state)
{
    (void)state;
    json_t *whole = vectors_load("crypto/rfc9180-x25519.json"), *vector;
    size_t i;
    int modes[4] = {0};
    json_array_foreach(whole, i, vector)
    {
        play(vector);
        modes[number(vector, "mode")]++;
    }
    assert_int_equal(i, 32);
    for (size_t mode = 0; mode < 4; mode++)
        assert_int_equal(modes[mode], 8);
    json_decref(whole);
    hpke_open_forget();
}

static void no_two_messages_share_an_ephemeral_key(void **state)
{
    (void)state;
    struct hpke_params params = {.suite = HPKE_SUITE, .mode = HPKE_BASE};
    struct hpke_context context;
    uint8_t private_key[32], public_key[32], enc[100][32];
    hpke_key_new(private_key, public_key);
    for (size_t i = 0; i < 100; i++) {
        assert_int_equal(hpke_setup_sender(&params, public_key, NULL, NULL, enc[i], &context), ERR_OK);
        for (size_t j = 0; j < i; j++)
            assert_memory_not_equal(enc[i], enc[j], 32);
    }
}

static void a_public_key_of_small_order_is_refused(void **state)
{
    (void)state;
    struct hpke_params params = {.suite = HPKE_SUITE, .mode = HPKE_BASE};
    struct hpke_context context;
    uint8_t zero[32] = {0}, one[32] = {1}, enc[32], private_key[32], public_key[32];
    hpke_key_new(private_key, public_key);
    assert_int_equal(hpke_setup_sender(&params, zero, NULL, NULL, enc, &context), ERR_CRYPTO);
    assert_int_equal(hpke_setup_sender(&params, one, NULL, NULL, enc, &context), ERR_CRYPTO);
    assert_int_equal(hpke_open_setup(&params, zero, private_key, NULL, &context), ERR_CRYPTO);
    hpke_open_forget();
}

static void what_does_not_fit_its_mode_is_refused(void **state)
{
    (void)state;
    uint8_t private_key[32], public_key[32], enc[32];
    struct hpke_context context;
    hpke_key_new(private_key, public_key);
    const struct hpke_params wrong[] = {
        {.suite = {0x0010, 1, 2}, .mode = HPKE_BASE},                       /* another KEM */
        {.suite = {0x0020, 2, 2}, .mode = HPKE_BASE},                       /* a KDF without vectors here */
        {.suite = {0x0020, 1, 4}, .mode = HPKE_BASE},                       /* no such AEAD */
        {.suite = HPKE_SUITE, .mode = HPKE_BASE, .psk = "x", .psk_len = 1}, /* a PSK nobody asked for */
        {.suite = HPKE_SUITE, .mode = HPKE_PSK, .psk = "x", .psk_len = 1},  /* a PSK without its name */
        {.suite = HPKE_SUITE, .mode = HPKE_AUTH},                           /* no sender's key */
        {.suite = HPKE_SUITE, .mode = (enum hpke_mode)4},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_int_equal(hpke_setup_sender(&wrong[i], public_key, NULL, NULL, enc, &context), ERR_MALFORMED);
        assert_int_equal(hpke_open_setup(&wrong[i], public_key, private_key, NULL, &context), ERR_MALFORMED);
    }
    struct hpke_params base = {.suite = HPKE_SUITE, .mode = HPKE_BASE};
    assert_int_equal(hpke_setup_sender(&base, public_key, private_key, NULL, enc, &context), ERR_MALFORMED);
}

static void limits_are_kept(void **state)
{
    (void)state;
    struct hpke_params params = {.suite = HPKE_SUITE, .mode = HPKE_BASE};
    struct hpke_context context;
    uint8_t private_key[32], public_key[32], enc[32], out[32];
    static uint8_t much[255 * 32 + 1];
    hpke_key_new(private_key, public_key);
    assert_int_equal(hpke_setup_sender(&params, public_key, NULL, NULL, enc, &context), ERR_OK);
    assert_int_equal(hpke_export(&context, NULL, 0, much, sizeof much - 1), ERR_OK);
    assert_int_equal(hpke_export(&context, NULL, 0, much, sizeof much), ERR_TOO_BIG);
    context.seq = UINT64_MAX;
    assert_int_equal(hpke_seal(&context, NULL, 0, "x", 1, out), ERR_TOO_BIG);
    assert_int_equal(hpke_open(&context, NULL, 0, out, 15, out), ERR_TOO_BIG);
    context.seq = 0;
    assert_int_equal(hpke_open(&context, NULL, 0, out, 15, out), ERR_MALFORMED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_vector_of_rfc_9180_holds_on_both_sides),
        cmocka_unit_test(no_two_messages_share_an_ephemeral_key),
        cmocka_unit_test(a_public_key_of_small_order_is_refused),
        cmocka_unit_test(what_does_not_fit_its_mode_is_refused),
        cmocka_unit_test(limits_are_kept),
    };
    hpke_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
