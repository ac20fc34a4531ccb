/* fuzz_envelope.c -- any text sealed as a row opens as itself and in its own place only; any byte changed, any length
 * cut, any key or place exchanged, and it does not open. Any bytes taken for a sealed row do not open either. */
#include "common/seal/envelope.h"
#include "common/seal/envelope_inside.h"
#include "tests/fuzz/fuzz.h"

static const uint8_t key[32] = {7, 1, 2}, other_key[32] = {7, 1, 3};
static const struct envelope_place place = {.office = 1,
                                            .case_id = {9},
                                            .row_id = {8},
                                            .root = ROOT_STAFF,
                                            .part = PART_MESSAGE,
                                            .author = AUTHOR_REPORTER,
                                            .door = DOOR_INTAKE,
                                            .generation = 1,
                                            .incarnation = 5,
                                            .n = 3};

static void does_not_open(const uint8_t *with, const struct envelope_place *at, const uint8_t *sealed, size_t len)
{
    struct buf out = BUF_INIT(1 << 20);
    char *copy = fuzz_text(sealed, len);
    need(envelope_open(with, at, (uint8_t *)copy, len, &out) != ERR_OK && out.len == 0);
    free(copy);
    buf_free(&out);
}

static void moved_does_not_open(struct fuzz_cuts *cuts, const struct buf *sealed)
{
    struct envelope_place moved[9];
    for (size_t i = 0; i < 9; i++)
        moved[i] = place;
    moved[0].office++;
    moved[1].case_id[fuzz_draw(cuts, 16)] ^= 1;
    moved[2].row_id[fuzz_draw(cuts, 16)] ^= 1;
    moved[3].root = ROOT_THREAD;
    moved[4].part = PART_STATE;
    moved[5].author = AUTHOR_STAFF;
    moved[6].door = DOOR_VAULT;
    moved[7].generation++;
    moved[8].n++;
    does_not_open(key, &moved[fuzz_draw(cuts, 9)], sealed->bytes, sealed->len);
}

/* What unpads is exactly what pads. */
static void padding_is_one_way(const uint8_t *data, size_t size)
{
    size_t len;
    for (size_t least = 1; least <= ENVELOPE_LEAST; least += ENVELOPE_LEAST - 1)
        if (envelope_unpad(data, size, least, &len) == ERR_OK) {
            uint8_t *again = malloc(size);
            need(len + 4 <= size && envelope_padded_size(len, least) == size);
            envelope_pad(data + 4, len, size, again);
            need(memcmp(again, data, size) == 0);
            free(again);
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_cuts cuts = fuzz_cuts(data, size);
    struct buf sealed = BUF_INIT(1 << 20), opened = BUF_INIT(1 << 20);
    need(envelope_seal(key, &place, data, size, &sealed) == ERR_OK && sealed.len == envelope_sealed_size(size));
    need(envelope_open(key, &place, sealed.bytes, sealed.len, &opened) == ERR_OK && opened.len == size);
    need(memcmp(buf_text(&opened), data, size) == 0);
    need(size < 8 || !fuzz_has(&sealed, data, size));
    does_not_open(other_key, &place, sealed.bytes, sealed.len);
    does_not_open(key, &place, sealed.bytes, fuzz_draw(&cuts, sealed.len));
    moved_does_not_open(&cuts, &sealed);
    sealed.bytes[fuzz_draw(&cuts, sealed.len)] ^= (uint8_t)(1u << fuzz_draw(&cuts, 8));
    does_not_open(key, &place, sealed.bytes, sealed.len);
    does_not_open(key, &place, data, size);
    padding_is_one_way(data, size);
    buf_free(&sealed);
    buf_free(&opened);
    return 0;
}
