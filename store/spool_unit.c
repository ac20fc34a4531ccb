/* spool_unit.c -- see spool_unit.h. */
#include "store/spool_unit.h"

#include <string.h>

#include "common/base/mem.h"
#include "common/base/rw.h"

enum {
    UNIT_FORM = 1,
    UNIT_NEW_CASE = 1,
    UNIT_ONCE = 2,
    UNIT_SEEN = 4,
    UNIT_LETTER = 8,
    BODY_MAX = 16 * 1024 * 1024, /* far over every room's own limit */
};

/* A writer that stops at the first fault, so that a list of fields reads as a list of fields. */
struct writing {
    struct buf *out;
    enum err err;
};

static void raw(struct writing *w, const void *bytes, size_t len)
{
    if (w->err == ERR_OK)
        w->err = buf_add(w->out, bytes, len);
}

static void number(struct writing *w, uint64_t v, unsigned size)
{
    uint8_t wire[8];
    put_u64(wire, v);
    raw(w, wire + 8 - size, size);
}

static void counted(struct writing *w, const void *bytes, size_t len)
{
    if (w->err == ERR_OK)
        w->err = wr_bytes(w->out, bytes, len);
}

static void write_place(struct writing *w, const struct envelope_place *place)
{
    number(w, place->office, 4);
    raw(w, place->case_id, sizeof place->case_id);
    raw(w, place->row_id, sizeof place->row_id);
    number(w, place->root, 1);
    number(w, place->part, 1);
    number(w, place->author, 1);
    number(w, place->door, 1);
    number(w, place->generation, 8);
    number(w, place->incarnation, 8);
    number(w, place->n, 8);
}

static void read_place(struct rd *r, struct envelope_place *place)
{
    place->office = rd_u32(r);
    rd_raw(r, place->case_id, sizeof place->case_id);
    rd_raw(r, place->row_id, sizeof place->row_id);
    place->root = rd_u8(r);
    place->part = rd_u8(r);
    place->author = rd_u8(r);
    place->door = rd_u8(r);
    place->generation = rd_u64(r);
    place->incarnation = rd_u64(r);
    place->n = rd_u64(r);
}

static void write_wrap(struct writing *w, const struct envelope_wrap *wrap)
{
    number(w, wrap->root, 1);
    number(w, wrap->recipient_kind, 1);
    number(w, wrap->generation, 8);
    raw(w, wrap->recipient_id, sizeof wrap->recipient_id);
    number(w, wrap->epoch, 4);
    counted(w, wrap->wrap, wrap->wrap_len);
    raw(w, wrap->commitment, sizeof wrap->commitment);
}

static void read_wrap(struct rd *r, const uint8_t case_id[static ENVELOPE_ID], struct envelope_wrap *wrap)
{
    memcpy(wrap->case_id, case_id, ENVELOPE_ID);
    wrap->root = rd_u8(r);
    wrap->recipient_kind = rd_u8(r);
    wrap->generation = rd_u64(r);
    rd_raw(r, wrap->recipient_id, sizeof wrap->recipient_id);
    wrap->epoch = rd_u32(r);
    const uint8_t *bytes = rd_bytes(r, sizeof wrap->wrap, &wrap->wrap_len);
    if (bytes)
        memcpy(wrap->wrap, bytes, wrap->wrap_len);
    rd_raw(r, wrap->commitment, sizeof wrap->commitment);
}

static void write_letter(struct writing *w, const struct append_letter *letter)
{
    number(w, letter->handle_count, 1);
    for (size_t i = 0; i < letter->handle_count; i++)
        raw(w, letter->handles[i], sizeof letter->handles[i]);
    number(w, letter->desk_count, 1);
    for (size_t i = 0; i < letter->desk_count; i++) {
        counted(w, letter->desks[i].code, strlen(letter->desks[i].code));
        write_wrap(w, &letter->desks[i].wraps[0]);
        write_wrap(w, &letter->desks[i].wraps[1]);
    }
}

enum err spool_unit_write(const struct append_unit *unit, struct buf *out)
{
    struct writing w = {out, ERR_OK};
    const char *desk = unit->desk ? unit->desk : "";
    number(&w, UNIT_FORM, 1);
    number(&w,
           (unit->new_case ? UNIT_NEW_CASE : 0) | (unit->once ? UNIT_ONCE : 0) | (unit->seen ? UNIT_SEEN : 0) |
               (unit->letter ? UNIT_LETTER : 0),
           1);
    counted(&w, desk, strlen(desk));
    raw(&w, unit->month, sizeof unit->month);
    write_place(&w, &unit->place);
    counted(&w, unit->body.bytes, unit->body.len);
    number(&w, unit->wrap_count, 1);
    for (size_t i = 0; i < unit->wrap_count; i++)
        write_wrap(&w, &unit->wraps[i]);
    if (unit->once) {
        raw(&w, unit->once_handle, sizeof unit->once_handle);
        raw(&w, unit->once_tag, sizeof unit->once_tag);
        number(&w, (uint16_t)unit->once_slot, 2);
    }
    if (unit->seen) {
        raw(&w, unit->seen_tag, sizeof unit->seen_tag);
        number(&w, (uint16_t)unit->seen_slot, 2);
    }
    if (unit->letter)
        write_letter(&w, unit->letter);
    return w.err;
}

static void read_desk(struct rd *r, char out[static 17])
{
    size_t len;
    const uint8_t *desk = rd_bytes(r, 16, &len);
    if (desk)
        memcpy(out, desk, len);
}

static void read_letter(struct rd *r, const uint8_t case_id[static ENVELOPE_ID], struct append_letter *letter)
{
    letter->handle_count = rd_u8(r);
    r->bad |= letter->handle_count > LETTER_HANDLES_MAX;
    for (size_t i = 0; i < letter->handle_count && !r->bad; i++)
        rd_raw(r, letter->handles[i], sizeof letter->handles[i]);
    letter->desk_count = rd_u8(r);
    r->bad |= letter->desk_count > LETTER_DESKS_MAX;
    for (size_t i = 0; i < letter->desk_count && !r->bad; i++) {
        read_desk(r, letter->desks[i].code);
        read_wrap(r, case_id, &letter->desks[i].wraps[0]);
        read_wrap(r, case_id, &letter->desks[i].wraps[1]);
    }
}

static void read_marks(struct rd *r, struct append_unit *unit)
{
    if (unit->once) {
        rd_raw(r, unit->once_handle, sizeof unit->once_handle);
        rd_raw(r, unit->once_tag, sizeof unit->once_tag);
        unit->once_slot = (int16_t)rd_u16(r);
    }
    if (unit->seen) {
        rd_raw(r, unit->seen_tag, sizeof unit->seen_tag);
        unit->seen_slot = (int16_t)rd_u16(r);
    }
}

enum err spool_unit_read(const void *bytes, size_t len, struct spool_unit *out)
{
    struct rd r = rd_from(bytes, len);
    struct append_unit *unit = &out->unit;
    size_t body_len;
    if (rd_u8(&r) != UNIT_FORM)
        return ERR_MALFORMED;
    uint8_t marks = rd_u8(&r);
    unit->new_case = (marks & UNIT_NEW_CASE) != 0;
    unit->once = (marks & UNIT_ONCE) != 0;
    unit->seen = (marks & UNIT_SEEN) != 0;
    read_desk(&r, out->desk);
    unit->desk = out->desk;
    rd_raw(&r, unit->month, sizeof unit->month);
    read_place(&r, &unit->place);
    const uint8_t *body = rd_bytes(&r, BODY_MAX, &body_len);
    unit->wrap_count = rd_u8(&r);
    if (r.bad || unit->wrap_count > APPEND_WRAPS_MAX || unit->month[sizeof unit->month - 1])
        return ERR_MALFORMED;
    for (size_t i = 0; i < unit->wrap_count; i++)
        read_wrap(&r, unit->place.case_id, &unit->wraps[i]);
    read_marks(&r, unit);
    if (marks & UNIT_LETTER) {
        unit->letter = mem_new(sizeof *unit->letter);
        read_letter(&r, unit->place.case_id, unit->letter);
    }
    buf_init(&unit->body, body_len);
    if (rd_end(&r) == ERR_OK && !(marks & ~(UNIT_NEW_CASE | UNIT_ONCE | UNIT_SEEN | UNIT_LETTER)) &&
        buf_add(&unit->body, body, body_len) == ERR_OK)
        return ERR_OK;
    spool_unit_free(out);
    return ERR_MALFORMED;
}

void spool_unit_free(struct spool_unit *unit)
{
    buf_free(&unit->unit.body);
    mem_free(unit->unit.letter);
    unit->unit.letter = NULL;
}
