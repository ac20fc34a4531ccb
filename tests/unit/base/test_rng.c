/* test_rng.c -- no two draws, and no two processes, get the same bytes; a draw below n has no favourites. */
#include "tests/unit/base/unit.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/base/rng.h"

static void draws_of_every_size_differ(void **state)
{
    (void)state;
    uint8_t a[5000], b[5000];
    static const size_t sizes[] = {16, 32, 256, 257, 5000};
    for (size_t i = 0; i < unit_count(sizes); i++) {
        rng_bytes(a, sizes[i]);
        rng_bytes(b, sizes[i]);
        assert_memory_not_equal(a, b, sizes[i]);
    }
    rng_bytes(a, 0);
}

static void the_pool_never_repeats_itself_across_refills(void **state)
{
    (void)state;
    static uint64_t seen[4096];
    for (size_t i = 0; i < unit_count(seen); i++) {
        rng_bytes(&seen[i], sizeof seen[i]);
        for (size_t j = i < 600 ? 0 : i - 600; j < i; j++)
            assert_true(seen[i] != seen[j]);
    }
}

static void a_fork_gets_bytes_of_its_own(void **state)
{
    (void)state;
    uint8_t ours[32], theirs[32], warm[8];
    int ends[2], status;
    rng_bytes(warm, sizeof warm); /* the pool is now half full */
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        rng_bytes(theirs, sizeof theirs);
        _exit(write(ends[1], theirs, sizeof theirs) == sizeof theirs ? 0 : 1);
    }
    rng_bytes(ours, sizeof ours);
    assert_int_equal(read(ends[0], theirs, sizeof theirs), sizeof theirs);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_memory_not_equal(ours, theirs, sizeof ours);
    close(ends[0]);
    close(ends[1]);
}

/* Chi-squared with 9 degrees of freedom passes 40 about once in 130,000 runs. */
static void ten_sides_fall_equally_often(void **state)
{
    (void)state;
    enum { DRAWS = 100000 };
    unsigned counts[10] = {0};
    double sum = 0;
    for (unsigned i = 0; i < DRAWS; i++) {
        uint32_t v = rng_below(10);
        assert_in_range(v, 0, 9);
        counts[v]++;
    }
    for (unsigned i = 0; i < 10; i++)
        sum += (counts[i] - DRAWS / 10.0) * (counts[i] - DRAWS / 10.0) / (DRAWS / 10.0);
    assert_true(sum < 40);
}

/* Taking the remainder alone would draw the lower half of 3 * 2^30 twice as often as the rest. */
static void a_large_range_has_no_favourite_half(void **state)
{
    (void)state;
    enum { DRAWS = 60000 };
    const uint32_t below = 3u << 30;
    unsigned low = 0;
    for (unsigned i = 0; i < DRAWS; i++)
        low += rng_below(below) < below / 3;
    assert_in_range(low, DRAWS / 3 - 900, DRAWS / 3 + 900);
    assert_int_equal(rng_below(1), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(draws_of_every_size_differ),
        cmocka_unit_test(the_pool_never_repeats_itself_across_refills),
        cmocka_unit_test(a_fork_gets_bytes_of_its_own),
        cmocka_unit_test(ten_sides_fall_equally_often),
        cmocka_unit_test(a_large_range_has_no_favourite_half),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
