/* test_wrap.c -- root keys for their readers, and boxes: opened by whom they are for, in their own place, or not at
 * all. */
#include "common/base/rng.h"
#include "common/seal/envelope_open.h"
#include "common/seal/hpke_open.h"
#include "tests/unit/seal/vectors.h"

/* One office with one desk, one case, one receipt. */
struct house {
    struct envelope_desk desk;
    uint8_t desk_private[32], case_id[16], thread_key[32], staff_key[32], handle[32], receipt_key[32];
    struct envelope_wrap wraps[2], receipt_wrap;
};

static int open_house(void **state)
{
    static struct house house;
    house = (struct house){.desk = {.office = 1, .epoch = 3, .code = "usual"}};
    hpke_key_new(house.desk_private, house.desk.key);
    rng_bytes(house.case_id, 16);
    rng_bytes(house.thread_key, 32), rng_bytes(house.staff_key, 32);
    rng_bytes(house.handle, 32), rng_bytes(house.receipt_key, 32);
    assert_int_equal(envelope_wrap_case(&house.desk, house.case_id, house.thread_key, house.staff_key, house.wraps),
                     ERR_OK);
    assert_int_equal(envelope_wrap_receipt(1, house.receipt_key, house.handle, 2, house.case_id, ROOT_THREAD, 1,
                                           house.thread_key, &house.receipt_wrap),
                     ERR_OK);
    *state = &house;
    return 0;
}

static int close_house(void **state)
{
    (void)state;
    hpke_open_forget();
    return 0;
}

/* What was refused must not leave a key behind. */
static enum err try_desk(const struct envelope_desk *desk, const uint8_t *private_key, const struct envelope_wrap *wrap)
{
    static const uint8_t zero[32];
    uint8_t key[32] = {0};
    enum err err = envelope_open_desk_wrap(desk, private_key, wrap, key);
    assert_int_equal(memcmp(key, zero, 32) == 0, err != ERR_OK);
    return err;
}

static enum err try_receipt(uint32_t office, const uint8_t *receipt_key, const struct envelope_wrap *wrap)
{
    static const uint8_t zero[32];
    uint8_t key[32] = {0};
    enum err err = envelope_unwrap_receipt(office, receipt_key, wrap, key);
    assert_int_equal(memcmp(key, zero, 32) == 0, err != ERR_OK);
    return err;
}

static void the_desk_unwraps_both_roots_of_a_case(void **state)
{
    struct house *h = *state;
    uint8_t key[32];
    assert_int_equal(envelope_open_desk_wrap(&h->desk, h->desk_private, &h->wraps[0], key), ERR_OK);
    assert_memory_equal(key, h->thread_key, 32);
    assert_int_equal(envelope_open_desk_wrap(&h->desk, h->desk_private, &h->wraps[1], key), ERR_OK);
    assert_memory_equal(key, h->staff_key, 32);
    assert_int_equal(h->wraps[0].wrap_len, WRAP_DESK_SIZE);
    assert_int_equal(h->wraps[0].root, ROOT_THREAD);
    assert_int_equal(h->wraps[1].root, ROOT_STAFF);
    assert_int_equal(h->wraps[1].generation, 1);
    assert_int_equal(h->wraps[1].epoch, 3);
    assert_string_equal((char *)h->wraps[1].recipient_id, "usual");
    assert_memory_equal(h->wraps[0].wrap + 3, h->wraps[1].wrap + 3, HPKE_ENC); /* one ephemeral key for both */
}

/* What was agreed on for one wrap opens the next of its case, and nothing else. */
static void wraps_one_behind_the_other_open_as_each_alone(void **state)
{
    struct house *h = *state;
    uint8_t other_id[16] = {9}, key[32];
    struct envelope_agreed agreed = {0};
    struct envelope_wrap other[2];
    assert_int_equal(envelope_wrap_case(&h->desk, other_id, h->staff_key, h->thread_key, other), ERR_OK);
    const struct envelope_wrap *row[] = {&h->wraps[0], &h->wraps[1], &other[1], &h->wraps[1], &other[0]};
    const uint8_t *keys[] = {h->thread_key, h->staff_key, h->thread_key, h->staff_key, h->staff_key};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        assert_int_equal(envelope_open_next_wrap(&agreed, &h->desk, h->desk_private, row[i], key), ERR_OK);
        assert_memory_equal(key, keys[i], 32);
    }
    struct envelope_wrap changed = other[0];
    changed.wrap[40] ^= 1;
    assert_int_equal(envelope_open_next_wrap(&agreed, &h->desk, h->desk_private, &changed, key), ERR_CRYPTO);
    assert_int_equal(envelope_open_next_wrap(&agreed, &h->desk, h->desk_private, &other[0], key), ERR_OK);
    struct envelope_desk next_door = h->desk; /* another office: nothing that was agreed on counts */
    next_door.office++;
    assert_int_equal(envelope_open_next_wrap(&agreed, &next_door, h->desk_private, &other[1], key), ERR_CRYPTO);
    assert_int_equal(envelope_open_next_wrap(&agreed, &h->desk, h->desk_private, &other[1], key), ERR_OK);
    envelope_agreed_wipe(&agreed);
}

static void a_later_generation_is_wrapped_alone(void **state)
{
    struct house *h = *state;
    struct envelope_wrap wrap;
    uint8_t key[32];
    assert_int_equal(envelope_wrap_desk(&h->desk, h->case_id, ROOT_STAFF, 7, h->staff_key, &wrap), ERR_OK);
    assert_int_equal(envelope_open_desk_wrap(&h->desk, h->desk_private, &wrap, key), ERR_OK);
    assert_memory_equal(key, h->staff_key, 32);
    wrap.generation = 6;
    assert_int_equal(try_desk(&h->desk, h->desk_private, &wrap), ERR_CRYPTO);
}

static void a_wrap_opens_in_its_own_place_only(void **state)
{
    struct house *h = *state;
    struct envelope_wrap moved[] = {h->wraps[0], h->wraps[0], h->wraps[0], h->wraps[0], h->wraps[0], h->wraps[0]};
    moved[0].case_id[0]++, moved[1].root = ROOT_STAFF, moved[2].generation = 2, moved[3].wrap[2] = 1;
    moved[4].epoch = 4, moved[5].recipient_id[0]++;
    for (size_t i = 0; i < sizeof moved / sizeof moved[0]; i++)
        assert_int_equal(try_desk(&h->desk, h->desk_private, &moved[i]), ERR_CRYPTO);
}

/* The row's columns are rewritten to match, so that only the seal can tell. */
static void another_desk_epoch_or_office_is_refused(void **state)
{
    struct house *h = *state;
    struct envelope_desk desks[] = {h->desk, h->desk, h->desk};
    struct envelope_wrap wraps[] = {h->wraps[0], h->wraps[0], h->wraps[0]};
    strcpy(desks[0].code, "oversight");
    memcpy(wraps[0].recipient_id, "oversight", 9);
    desks[1].epoch = wraps[1].epoch = 4;
    desks[2].office = 2;
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(try_desk(&desks[i], h->desk_private, &wraps[i]), ERR_CRYPTO);
    uint8_t other_private[32], other_public[32];
    hpke_key_new(other_private, other_public);
    assert_int_equal(try_desk(&h->desk, other_private, &h->wraps[0]), ERR_CRYPTO);
}

static void any_changed_byte_of_a_wrap_is_noticed(void **state)
{
    struct house *h = *state;
    for (size_t i = 0; i < WRAP_DESK_SIZE; i++) {
        struct envelope_wrap wrap = h->wraps[0];
        wrap.wrap[i] ^= 0x20;
        assert_int_equal(try_desk(&h->desk, h->desk_private, &wrap), i < 3 ? ERR_MALFORMED : ERR_CRYPTO);
    }
    for (size_t i = 0; i < WRAP_RECEIPT_SIZE; i++) {
        struct envelope_wrap wrap = h->receipt_wrap;
        wrap.wrap[i] ^= 0x20;
        assert_int_equal(try_receipt(1, h->receipt_key, &wrap), i < 2 ? ERR_MALFORMED : ERR_CRYPTO);
    }
    struct envelope_wrap shorter = h->wraps[0];
    shorter.wrap_len--;
    assert_int_equal(try_desk(&h->desk, h->desk_private, &shorter), ERR_MALFORMED);
    assert_int_equal(try_desk(&h->desk, h->desk_private, &h->receipt_wrap), ERR_MALFORMED);
    assert_int_equal(try_receipt(1, h->receipt_key, &h->wraps[0]), ERR_MALFORMED);
}

static void a_wrong_commitment_is_refused(void **state)
{
    struct house *h = *state;
    for (size_t i = 0; i < 32; i++) {
        struct envelope_wrap desk = h->wraps[0], receipt = h->receipt_wrap;
        desk.commitment[i] ^= 1, receipt.commitment[i] ^= 1;
        assert_int_equal(try_desk(&h->desk, h->desk_private, &desk), ERR_CRYPTO);
        assert_int_equal(try_receipt(1, h->receipt_key, &receipt), ERR_CRYPTO);
    }
}

static void a_commitment_is_of_one_key_in_one_place(void **state)
{
    struct house *h = *state;
    uint8_t made[6][32];
    uint8_t other_case[16];
    memcpy(other_case, h->case_id, 16);
    other_case[3]++;
    envelope_commitment(h->thread_key, 1, h->case_id, ROOT_THREAD, 1, made[0]);
    envelope_commitment(h->staff_key, 1, h->case_id, ROOT_THREAD, 1, made[1]);
    envelope_commitment(h->thread_key, 2, h->case_id, ROOT_THREAD, 1, made[2]);
    envelope_commitment(h->thread_key, 1, other_case, ROOT_THREAD, 1, made[3]);
    envelope_commitment(h->thread_key, 1, h->case_id, ROOT_STAFF, 1, made[4]);
    envelope_commitment(h->thread_key, 1, h->case_id, ROOT_THREAD, 2, made[5]);
    assert_memory_equal(made[0], h->wraps[0].commitment, 32);
    assert_memory_equal(made[0], h->receipt_wrap.commitment, 32); /* both readers check that they hold the same key */
    for (size_t i = 0; i < 6; i++)
        for (size_t j = 0; j < i; j++)
            assert_memory_not_equal(made[i], made[j], 32);
}

static void the_receipt_unwraps_its_thread_and_nothing_else(void **state)
{
    struct house *h = *state;
    uint8_t key[32], other[32];
    assert_int_equal(envelope_unwrap_receipt(1, h->receipt_key, &h->receipt_wrap, key), ERR_OK);
    assert_memory_equal(key, h->thread_key, 32);
    assert_int_equal(h->receipt_wrap.recipient_kind, RECIPIENT_RECEIPT);
    assert_int_equal(h->receipt_wrap.epoch, 2);
    assert_memory_equal(h->receipt_wrap.recipient_id, h->handle, 32);
    struct envelope_wrap moved[] = {h->receipt_wrap, h->receipt_wrap, h->receipt_wrap};
    moved[0].case_id[0]++, moved[1].root = ROOT_STAFF, moved[2].generation = 2;
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(try_receipt(1, h->receipt_key, &moved[i]), ERR_CRYPTO);
    assert_int_equal(try_receipt(2, h->receipt_key, &h->receipt_wrap), ERR_CRYPTO);
    rng_bytes(other, 32);
    assert_int_equal(try_receipt(1, other, &h->receipt_wrap), ERR_CRYPTO);
}

static void a_desk_key_that_yields_nothing_is_refused(void **state)
{
    struct house *h = *state;
    struct envelope_desk broken = h->desk;
    struct envelope_wrap wraps[2];
    memset(broken.key, 0, 32);
    assert_int_equal(envelope_wrap_case(&broken, h->case_id, h->thread_key, h->staff_key, wraps), ERR_CRYPTO);
    assert_int_equal(envelope_wrap_desk(&broken, h->case_id, ROOT_STAFF, 2, h->staff_key, wraps), ERR_CRYPTO);
}

static void a_box_opens_for_its_key_label_and_data_only(void **state)
{
    struct house *h = *state;
    static const char text[] = "{\"to\":\"someone\",\"text\":\"we have read it\"}";
    struct buf box = BUF_INIT(4096), opened = BUF_INIT(4096);
    assert_int_equal(envelope_box(h->desk.key, "outbox", "row 1", 5, text, strlen(text), &box), ERR_OK);
    assert_int_equal(box.len, 2 + 32 + 512 + 16);
    assert_int_equal(envelope_open_box(h->desk_private, "outbox", "row 1", 5, box.bytes, box.len, &opened), ERR_OK);
    assert_string_equal(buf_text(&opened), text);
    buf_clear(&opened);
    assert_int_equal(envelope_open_box(h->desk_private, "audit", "row 1", 5, box.bytes, box.len, &opened), ERR_CRYPTO);
    assert_int_equal(envelope_open_box(h->desk_private, "outbox", "row 2", 5, box.bytes, box.len, &opened), ERR_CRYPTO);
    assert_int_equal(envelope_open_box(h->thread_key, "outbox", "row 1", 5, box.bytes, box.len, &opened), ERR_CRYPTO);
    for (size_t i = 0; i < box.len; i++) {
        box.bytes[i] ^= 0x40;
        assert_int_equal(envelope_open_box(h->desk_private, "outbox", "row 1", 5, box.bytes, box.len, &opened),
                         i < 2 ? ERR_MALFORMED : ERR_CRYPTO);
        box.bytes[i] ^= 0x40;
    }
    for (size_t len = 0; len < box.len; len++)
        assert_int_not_equal(envelope_open_box(h->desk_private, "outbox", "row 1", 5, box.bytes, len, &opened), ERR_OK);
    assert_int_equal(opened.len, 0);
    buf_free(&box), buf_free(&opened);
}

static void boxes_of_close_lengths_have_one_size(void **state)
{
    struct house *h = *state;
    static const char text[600];
    for (size_t len = 0; len <= 508; len += 127) {
        struct buf box = BUF_INIT(4096);
        assert_int_equal(envelope_box(h->desk.key, "audit", NULL, 0, text, len, &box), ERR_OK);
        assert_int_equal(box.len, 2 + 32 + 512 + 16);
        buf_free(&box);
    }
    struct buf small = BUF_INIT(100);
    assert_int_equal(buf_add_text(&small, "abc"), ERR_OK);
    assert_int_equal(envelope_box(h->desk.key, "audit", NULL, 0, text, 1, &small), ERR_TOO_BIG);
    assert_string_equal(buf_text(&small), "abc");
    buf_free(&small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_desk_unwraps_both_roots_of_a_case),
        cmocka_unit_test(wraps_one_behind_the_other_open_as_each_alone),
        cmocka_unit_test(a_later_generation_is_wrapped_alone),
        cmocka_unit_test(a_wrap_opens_in_its_own_place_only),
        cmocka_unit_test(another_desk_epoch_or_office_is_refused),
        cmocka_unit_test(any_changed_byte_of_a_wrap_is_noticed),
        cmocka_unit_test(a_wrong_commitment_is_refused),
        cmocka_unit_test(a_commitment_is_of_one_key_in_one_place),
        cmocka_unit_test(the_receipt_unwraps_its_thread_and_nothing_else),
        cmocka_unit_test(a_desk_key_that_yields_nothing_is_refused),
        cmocka_unit_test(a_box_opens_for_its_key_label_and_data_only),
        cmocka_unit_test(boxes_of_close_lengths_have_one_size),
    };
    return cmocka_run_group_tests(tests, open_house, close_house);
}
