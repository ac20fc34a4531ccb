/* change.c -- see change.h: the pieces of a change, and how they are written into a unit (more than once when a shared
 * transaction is refused). Neighbour: committer.c. */
#include "triage/vault/change.h"

#include <string.h>

#include "common/base/mem.h"
#include "triage/vault/change_inside.h"

static struct piece *piece_new(struct change *change, enum piece_kind kind)
{
    struct piece *piece = mem_new(sizeof *piece);
    piece->kind = kind;
    *change->last = piece;
    change->last = &piece->next;
    return piece;
}

static void take_buf(struct buf *into, struct buf *from)
{
    *into = *from;
    buf_init(from, from->max);
}

static void copy_name(char *into, size_t size, const char *from)
{
    memcpy(into, from, strnlen(from, size - 1));
}

struct change *change_new(struct vault *vault)
{
    struct change *change = mem_new(sizeof *change);
    change->vault = vault;
    change->last = &change->first;
    return change;
}

void change_free(struct change *change)
{
    if (!change)
        return;
    while (change->first) {
        struct piece *piece = change->first;
        change->first = piece->next;
        buf_free(&piece->body);
        mem_free(piece);
    }
    mem_free(change);
}

/* ---- the pieces ---- */

void change_put(struct change *change, struct sealed_item *item, const uint8_t *before)
{
    struct piece *piece = piece_new(change, PIECE_ITEM);
    take_buf(&piece->body, &item->body);
    piece->shelf = item->shelf;
    piece->item = item->item;
    memcpy(piece->signature, item->signature, sizeof piece->signature);
    memcpy(piece->hash, item->hash, sizeof piece->hash);
    if (before)
        memcpy(piece->before, before, sizeof piece->before);
    if (item->shelf == SHELF_IMPACT)
        change->has_impact = 1;
    if (!change->item)
        change->item = piece;
}

void change_row(struct change *change, const struct envelope_place *place, struct buf *body, const uint8_t *signature)
{
    struct piece *piece = piece_new(change, PIECE_ROW);
    take_buf(&piece->body, body);
    piece->place = *place;
    piece->is_signed = signature != NULL;
    if (signature)
        memcpy(piece->signature, signature, sizeof piece->signature);
}

void change_wrap(struct change *change, const struct envelope_wrap *wrap)
{
    piece_new(change, PIECE_WRAP)->wrap = *wrap;
}

void change_case(struct change *change, const uint8_t case_id[static 16], const char *desk, const char *month)
{
    struct piece *piece = piece_new(change, PIECE_CASE);
    memcpy(piece->id, case_id, sizeof piece->id);
    copy_name(piece->name, sizeof piece->name, desk);
    copy_name(piece->month, sizeof piece->month, month);
}

void change_inbox(struct change *change, const uint8_t row_id[static 16], const char *desk)
{
    struct piece *piece = piece_new(change, PIECE_INBOX);
    memcpy(piece->id, row_id, sizeof piece->id);
    copy_name(piece->name, sizeof piece->name, desk);
}

void change_taken(struct change *change, int64_t inbox)
{
    piece_new(change, PIECE_TAKEN)->number = inbox;
}

void change_claim(struct change *change, const uint8_t case_id[static 16], const uint8_t (*ids)[16], size_t count)
{
    if (count == 0)
        return;
    struct piece *piece = piece_new(change, PIECE_CLAIM);
    memcpy(piece->id, case_id, sizeof piece->id);
    buf_init(&piece->body, CHANGE_FILES_MAX * sizeof *ids);
    need(buf_add(&piece->body, ids, count * sizeof *ids) == ERR_OK);
}

void change_dissolve(struct change *change, const uint8_t case_id[static 16])
{
    memcpy(piece_new(change, PIECE_DISSOLVE)->id, case_id, 16);
}

void change_erase(struct change *change, const uint8_t case_id[static 16], int64_t version,
                  const uint8_t state_hash[static 32])
{
    struct piece *piece = piece_new(change, PIECE_ERASE);
    memcpy(piece->id, case_id, sizeof piece->id);
    memcpy(piece->before, state_hash, sizeof piece->before);
    piece->number = version;
    if (!change->item)
        change->item = piece; /* it has no hash: nothing takes the place of what was there */
}

void change_move(struct change *change, const uint8_t case_id[static 16], int64_t version, const char *desk)
{
    struct piece *piece = piece_new(change, PIECE_MOVE);
    memcpy(piece->id, case_id, sizeof piece->id);
    copy_name(piece->name, sizeof piece->name, desk);
    piece->number = version;
}

void change_outbox(struct change *change, const uint8_t id[static 16], const char *channel,
                   const uint8_t key_id[static 8], struct buf *body)
{
    struct piece *piece = piece_new(change, PIECE_OUTBOX);
    take_buf(&piece->body, body);
    memcpy(piece->id, id, sizeof piece->id);
    memcpy(piece->key_id, key_id, sizeof piece->key_id);
    copy_name(piece->name, sizeof piece->name, channel);
}

void change_ended(struct change *change, const uint8_t id[static 16])
{
    memcpy(piece_new(change, PIECE_ENDED)->id, id, 16);
}

void change_offered(struct change *change, int offered)
{
    piece_new(change, PIECE_OFFERED)->number = offered;
}

void change_leaf(struct change *change, const uint8_t leaf_id[static 16], struct buf *entry)
{
    struct piece *piece = piece_new(change, PIECE_LEAF);
    take_buf(&piece->body, entry);
    memcpy(piece->id, leaf_id, sizeof piece->id);
    if (!change->leaf)
        change->leaf = piece;
}

/* ---- writing ---- */

typedef void piece_fn(const struct change *change, const struct piece *piece, struct vault_unit *unit);

static void write_item(const struct change *change, const struct piece *piece, struct vault_unit *unit)
{
    (void)change;
    struct vault_item item = piece->item;
    item.body = piece->body.bytes;
    item.body_len = piece->body.len;
    item.signature = piece->signature;
    vault_unit_put(unit, piece->shelf, &item);
}

static void write_row(const struct change *change, const struct piece *piece, struct vault_unit *unit)
{
    (void)change;
    vault_unit_row(unit, &piece->place, &piece->body, piece->is_signed ? piece->signature : NULL);
}

static void write_wrap(const struct change *change, const struct piece *piece, struct vault_unit *unit)
{
    (void)change;
    vault_unit_wrap(unit, &piece->wrap);
}

static void write_case(const struct change *change, const struct piece *piece, struct vault_unit *unit)
{
    vault_unit_case(unit, piece->id, vault_office(change->vault), piece->name, piece->month);
}

static void write_inbox(const struct change *change, const struct piece *piece, struct vault_unit *unit)
{
    (void)change;
    vault_unit_inbox(unit, piece->id, piece->name);
}

static void write_taken(const struct change *change, const struct piece *piece, struct vault_unit *unit)
{
    (void)change;
    vault_unit_taken(unit, piece->number);
}

static void write_claim(const struct change *change, const struct piece *piece, struct vault_unit *unit)
{
    (void)change;
    vault_unit_claim(unit, piece->id, (const uint8_t(*)[16])piece->body.bytes, piece->body.len / 16);
}

static void write_dissolve(const struct change *change, const struct piece *piece, struct vault_unit *unit)
{
    (void)change;
    vault_unit_dissolve(unit, piece->id);
}

static void write_erase(const struct change *change, const struct piece *piece, struct vault_unit *unit)
{
    (void)change;
    vault_unit_erase(unit, piece->id, piece->number);
}

static void write_move(const struct change *change, const struct piece *piece, struct vault_unit *unit)
{
    (void)change;
    vault_unit_move(unit, piece->id, piece->number, piece->name);
}

static void write_outbox(const struct change *change, const struct piece *piece, struct vault_unit *unit)
{
    (void)change;
    vault_unit_outbox(unit, piece->id, piece->name, piece->key_id, &piece->body);
}

static void write_ended(const struct change *change, const struct piece *piece, struct vault_unit *unit)
{
    (void)change;
    vault_unit_ended(unit, piece->id);
}

static void write_offered(const struct change *change, const struct piece *piece, struct vault_unit *unit)
{
    (void)change;
    vault_unit_offered(unit, (int)piece->number);
}

static void write_leaf(const struct change *change, const struct piece *piece, struct vault_unit *unit)
{
    static const uint8_t none[32];
    int names_item = change->item && piece == change->leaf;
    vault_unit_leaf(unit, piece->id, &piece->body, names_item ? change->item->hash : none,
                    names_item ? change->item->before : none);
}

static piece_fn *const writers[] = {
    [PIECE_ITEM] = write_item,         [PIECE_ROW] = write_row,         [PIECE_WRAP] = write_wrap,
    [PIECE_CASE] = write_case,         [PIECE_INBOX] = write_inbox,     [PIECE_TAKEN] = write_taken,
    [PIECE_DISSOLVE] = write_dissolve, [PIECE_MOVE] = write_move,       [PIECE_OUTBOX] = write_outbox,
    [PIECE_ERASE] = write_erase,       [PIECE_OFFERED] = write_offered, [PIECE_LEAF] = write_leaf,
    [PIECE_CLAIM] = write_claim,       [PIECE_ENDED] = write_ended,
};

/* A case before its rows, a row before its inbox place, whatever order they were told in. */
static const enum piece_kind write_order[] = {PIECE_CASE,   PIECE_WRAP,  PIECE_ROW,      PIECE_INBOX, PIECE_ITEM,
                                              PIECE_CLAIM,  PIECE_TAKEN, PIECE_DISSOLVE, PIECE_ERASE, PIECE_MOVE,
                                              PIECE_OUTBOX, PIECE_ENDED, PIECE_OFFERED,  PIECE_LEAF};

void change_write(const struct change *change, struct vault_unit *unit)
{
    for (size_t i = 0; i < sizeof write_order / sizeof *write_order; i++)
        for (const struct piece *piece = change->first; piece; piece = piece->next)
            if (piece->kind == write_order[i])
                writers[piece->kind](change, piece, unit);
}
