/* text_seal.c -- see text_seal.h. The number stands in the JSON that is sealed, and in a tag that is keyed; both
 * buffers wipe themselves. */
#include "sms-gateway/text_seal.h"

#include <jansson.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "common/base/rng.h"
#include "common/base/rw.h"
#include "common/seal/sign.h"
#include "sms-gateway/seen_key.h"

enum { PAYLOAD_MAX = 128 * 1024, DAY_S = 86400 };

/* What is sealed: docs/envelope.md, "Inside a message". */
static enum err payload_write(const struct channel *channel, const struct text_in *in, struct buf *out)
{
    char at[CLOCK_TEXT_SIZE];
    clock_text(clock_wall(), at);
    json_t *inside =
        json_pack("{s:i, s:s, s:s, s:s, s:s, s:s%, s:s, s:s, s:s, s:s, s:s, s:b}", "v", 1, "kind", "grievance",
                  "channel", "sms", "language", channel->language, "at", at, "text", buf_text(&in->text), in->text.len,
                  "from", in->from, "to", in->to, "provider_id", in->provider_id, "provider_at", in->provider_at,
                  "sms_channel", channel->name, "read_back", 0);
    if (!inside)
        return ERR_MALFORMED;
    char *text = json_dumps(inside, JSON_COMPACT);
    enum err err = text ? buf_add_text(out, text) : ERR_INTERNAL;
    mem_free(text);
    json_decref(inside);
    return err;
}

/* The tag by which a repeated delivery is known: keyed, of a month, and of nothing that leads to a case. */
static enum err unit_tag(const struct settings *settings, const struct channel *channel, const struct text_in *in,
                         struct append_unit *unit)
{
    /* With neither, one who says YES a second time could not be told from a delivery that was repeated: both are kept.
     */
    if (!in->provider_id[0] && !in->provider_at[0])
        return ERR_OK;
    struct buf said = BUF_INIT(SMS_TEXT_MAX + 512);
    uint8_t key[32];
    enum err err = seen_key_now(settings->seen_path, clock_wall(), key);
    if (err != ERR_OK)
        return err;
    need(wr_bytes(&said, channel->name, strlen(channel->name)) == ERR_OK &&
         wr_bytes(&said, in->provider_id, strlen(in->provider_id)) == ERR_OK &&
         wr_bytes(&said, in->from, strlen(in->from)) == ERR_OK &&
         wr_bytes(&said, in->provider_id[0] ? "" : in->provider_at, in->provider_id[0] ? 0 : strlen(in->provider_at)) ==
             ERR_OK &&
         wr_bytes(&said, in->text.bytes, in->text.len) == ERR_OK);
    sign_hmac(key, sizeof key, said.bytes, said.len, unit->seen_tag);
    unit->seen = 1;
    unit->seen_slot = clock_slot(clock_wall(), DAY_S);
    mem_wipe(key, sizeof key);
    buf_free(&said);
    return ERR_OK;
}

/* A row of a case of its own, under ids that are drawn. */
static void place_new(const struct settings *settings, const struct row_counter_number *number,
                      struct envelope_place *place)
{
    *place = (struct envelope_place){.office = (uint32_t)settings->office,
                                     .root = ROOT_STAFF,
                                     .part = PART_MESSAGE,
                                     .author = AUTHOR_REPORTER,
                                     .door = DOOR_SMS,
                                     .generation = 1,
                                     .incarnation = number->incarnation,
                                     .n = number->n};
    rng_bytes(place->case_id, sizeof place->case_id);
    rng_bytes(place->row_id, sizeof place->row_id);
}

enum err text_seal(const struct settings *settings, struct row_counter *counter, const struct channel *channel,
                   const struct text_in *in, struct append_unit *unit)
{
    const struct envelope_desk *desk;
    struct row_counter_number number;
    uint8_t thread_key[32], staff_key[32];
    struct buf payload = BUF_INIT(PAYLOAD_MAX);
    int64_t now = clock_wall();
    enum err err = manifest_desk_today(&settings->manifest, channel->desk, now, &desk);
    if (err == ERR_OK)
        err = payload_write(channel, in, &payload);
    if (err == ERR_OK)
        err = unit_tag(settings, channel, in, unit);
    if (err != ERR_OK)
        goto out;
    row_counter_take(counter, &number);
    rng_bytes(thread_key, sizeof thread_key);
    rng_bytes(staff_key, sizeof staff_key);
    unit->desk = channel->desk;
    unit->new_case = 1;
    clock_month(now, (int)settings->retention_months, unit->month);
    place_new(settings, &number, &unit->place);
    buf_init(&unit->body, PAYLOAD_MAX * 2);
    err = envelope_seal(staff_key, &unit->place, payload.bytes, payload.len, &unit->body);
    if (err == ERR_OK)
        err = envelope_wrap_case(desk, unit->place.case_id, thread_key, staff_key, unit->wraps);
    unit->wrap_count = 2;
    if (err != ERR_OK) {
        row_counter_end(counter, &number, ROW_NOT_STORED);
        buf_free(&unit->body);
    }
out:
    mem_wipe(thread_key, sizeof thread_key);
    mem_wipe(staff_key, sizeof staff_key);
    buf_free(&payload);
    return err;
}
