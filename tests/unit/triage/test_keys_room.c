/* test_keys_room.c -- what the keys tell a vault, and what they keep to themselves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/base/rng.h"
#include "common/base/rw.h"
#include "common/seal/envelope.h"
#include "common/seal/hpke.h"
#include "triage/keys/keyfile.h"
#include "triage/keys/room.h"

static struct loop *loop;
static struct keyfile keys;
static struct envelope_desk desk = {.office = 1, .epoch = 7, .code = "usual"};

static struct keys_room *room_with(const char *passphrase)
{
    char path[] = "/tmp/recourse-keys-room-XXXXXX";
    struct buf file = BUF_INIT(KEYFILE_BYTES_MAX);
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    assert_int_equal(keyfile_write(path, &keys, passphrase, passphrase ? strlen(passphrase) : 0), ERR_OK);
    assert_int_equal(keyfile_read(path, &file), ERR_OK);
    unlink(path);
    return keys_room_new(loop, "usual", 1, &file);
}

static int fresh(void **state)
{
    (void)state;
    loop = loop_new();
    memset(&keys, 0, sizeof keys);
    keys.office = 1;
    strcpy(keys.desk, "usual");
    keys.epoch_count = 1;
    keys.epochs[0].epoch = 7;
    hpke_key_new(keys.epochs[0].private_key, desk.key);
    rng_bytes(keys.state_seed, 32);
    rng_bytes(keys.record_key, 32);
    return 0;
}

static int ended(void **state)
{
    (void)state;
    loop_free(loop);
    return 0;
}

static struct buf ask(struct keys_room *room, int *has_secrets, const struct buf *message)
{
    struct buf out = BUF_INIT(KEYS_PAYLOAD_MAX);
    keys_room_answer(room, has_secrets, message->bytes, message->len, &out);
    return out;
}

static uint8_t ask_op(struct keys_room *room, int *has_secrets, uint8_t op)
{
    struct buf message = BUF_INIT(10);
    assert_int_equal(wr_u8(&message, op), ERR_OK);
    struct buf out = ask(room, has_secrets, &message);
    uint8_t result = out.bytes[0];
    buf_free(&message);
    buf_free(&out);
    return result;
}

static void put_wrap(struct buf *message, const struct envelope_wrap *wrap)
{
    assert_int_equal(buf_add(message, wrap->case_id, 16), ERR_OK);
    assert_int_equal(wr_u8(message, wrap->root), ERR_OK);
    assert_int_equal(wr_u64(message, wrap->generation), ERR_OK);
    assert_int_equal(wr_u32(message, wrap->epoch), ERR_OK);
    assert_int_equal(buf_add(message, wrap->commitment, 32), ERR_OK);
    assert_int_equal(wr_bytes(message, wrap->wrap, wrap->wrap_len), ERR_OK);
}

static void wraps_of_the_desk_open_and_others_do_not(void **state)
{
    (void)state;
    int has_secrets = 0;
    uint8_t thread[32], staff[32];
    const uint8_t case_id[16] = {5};
    struct envelope_wrap wraps[2];
    struct buf message = BUF_INIT(1000);
    struct keys_room *room = room_with(NULL);
    rng_bytes(thread, 32);
    rng_bytes(staff, 32);
    assert_int_equal(envelope_wrap_case(&desk, case_id, thread, staff, wraps), ERR_OK);
    assert_int_equal(wr_u8(&message, KEYS_UNWRAP), ERR_OK);
    assert_int_equal(wr_u32(&message, 1), ERR_OK);
    assert_int_equal(wr_u16(&message, 4), ERR_OK);
    put_wrap(&message, &wraps[0]);
    put_wrap(&message, &wraps[1]);
    wraps[0].root = ROOT_STAFF; /* in another's place */
    put_wrap(&message, &wraps[0]);
    wraps[1].epoch = 8; /* of an epoch that is not there */
    put_wrap(&message, &wraps[1]);
    struct buf out = ask(room, &has_secrets, &message);
    assert_int_equal(out.bytes[0], KEYS_OK);
    assert_int_equal(out.len, 1 + 2 + 4 * 33);
    assert_int_equal(out.bytes[3], 1);
    assert_memory_equal(out.bytes + 4, thread, 32);
    assert_int_equal(out.bytes[36], 1);
    assert_memory_equal(out.bytes + 37, staff, 32);
    assert_int_equal(out.bytes[69], 0);
    assert_int_equal(out.bytes[102], 0);
    buf_free(&out);
    buf_free(&message);
    keys_room_free(room);
}

static void secrets_are_given_once_for_each_connection(void **state)
{
    (void)state;
    int first = 0, second = 0;
    struct keys_room *room = room_with(NULL);
    assert_int_equal(ask_op(room, &first, KEYS_SECRETS), KEYS_OK);
    assert_int_equal(ask_op(room, &first, KEYS_SECRETS), KEYS_DENIED);
    assert_int_equal(ask_op(room, &second, KEYS_SECRETS), KEYS_OK);
    keys_room_free(room);
}

static void locked_keys_give_nothing_until_the_passphrase(void **state)
{
    (void)state;
    int has_secrets = 0;
    struct buf message = BUF_INIT(200), out;
    struct keys_room *room = room_with("the rains came late");
    assert_true(keys_room_is_locked(room));
    assert_int_equal(ask_op(room, &has_secrets, KEYS_SECRETS), KEYS_LOCKED);
    assert_int_equal(ask_op(room, &has_secrets, KEYS_UNWRAP), KEYS_LOCKED);
    assert_int_equal(ask_op(room, &has_secrets, KEYS_STATUS), KEYS_OK);
    assert_int_equal(wr_u8(&message, KEYS_UNLOCK), ERR_OK);
    assert_int_equal(wr_bytes(&message, "wrong", 5), ERR_OK);
    out = ask(room, &has_secrets, &message);
    assert_int_equal(out.bytes[0], KEYS_DENIED);
    buf_free(&out);
    buf_clear(&message);
    assert_int_equal(wr_u8(&message, KEYS_UNLOCK), ERR_OK);
    assert_int_equal(wr_bytes(&message, "the rains came late", 19), ERR_OK);
    out = ask(room, &has_secrets, &message);
    assert_int_equal(out.bytes[0], KEYS_OK);
    assert_false(keys_room_is_locked(room));
    assert_int_equal(ask_op(room, &has_secrets, KEYS_SECRETS), KEYS_OK);
    buf_free(&out);
    buf_free(&message);
    keys_room_free(room);
}

/* The last four bytes of a status. */
static uint32_t told_epoch(struct keys_room *room)
{
    int has_secrets = 0;
    struct buf message = BUF_INIT(10);
    assert_int_equal(wr_u8(&message, KEYS_STATUS), ERR_OK);
    struct buf out = ask(room, &has_secrets, &message);
    struct rd r = rd_from(out.bytes + out.len - 4, 4);
    uint32_t epoch = rd_u32(&r);
    buf_free(&message);
    buf_free(&out);
    return epoch;
}

static void the_newest_epoch_is_told_by_keys_that_are_open(void **state)
{
    (void)state;
    keys.epochs[1] = keys.epochs[0];
    keys.epochs[0].epoch = 8;
    keys.epoch_count = 2;
    struct keys_room *open = room_with(NULL), *locked = room_with("the rains came late");
    assert_int_equal(told_epoch(open), 8);
    assert_int_equal(told_epoch(locked), 0);
    keys_room_free(open);
    keys_room_free(locked);
}

static void nonsense_is_malformed(void **state)
{
    (void)state;
    int has_secrets = 0;
    struct keys_room *room = room_with(NULL);
    assert_int_equal(ask_op(room, &has_secrets, 0), KEYS_MALFORMED);
    assert_int_equal(ask_op(room, &has_secrets, 99), KEYS_MALFORMED);
    assert_int_equal(ask_op(room, &has_secrets, KEYS_UNWRAP), KEYS_MALFORMED);
    assert_int_equal(ask_op(room, &has_secrets, KEYS_UNLOCK), KEYS_MALFORMED);
    struct buf nothing = BUF_INIT(1), out = ask(room, &has_secrets, &nothing);
    assert_int_equal(out.bytes[0], KEYS_MALFORMED);
    buf_free(&out);
    keys_room_free(room);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(wraps_of_the_desk_open_and_others_do_not, fresh, ended),
        cmocka_unit_test_setup_teardown(secrets_are_given_once_for_each_connection, fresh, ended),
        cmocka_unit_test_setup_teardown(locked_keys_give_nothing_until_the_passphrase, fresh, ended),
        cmocka_unit_test_setup_teardown(the_newest_epoch_is_told_by_keys_that_are_open, fresh, ended),
        cmocka_unit_test_setup_teardown(nonsense_is_malformed, fresh, ended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
