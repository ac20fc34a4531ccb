/* operator_verify.c -- the readings of door_operator.h that verification hashes: page by page, each page of one moment.
 */
#include <stdio.h>
#include <string.h>

#include "common/base/code.h"
#include "store/hashes.h"
#include "store/operator_query.h"

#define PAGE     "500"
#define FIRST_ID "00000000-0000-0000-0000-000000000000"

enum { SHELF_STATE = 1, SHELF_RECORD = 2, SHELF_IMPACT = 3 };

/* Where the next page begins: the key of the last row, as parameters. */
struct cursor {
    char id[CODE_ID_SIZE], number[24];
};

static void cursor_set(struct cursor *cursor, const uint8_t *id, int64_t number)
{
    if (id)
        code_id(id, cursor->id);
    snprintf(cursor->number, sizeof cursor->number, "%lld", (long long)number);
}

/* Calls `read` for each row of each page until a page brings none; `read` moves the cursor. */
typedef enum err page_row_fn(const struct operator_reader *reader, const PGresult *result, int row,
                             struct cursor *cursor);
static enum err read_pages(struct door_operator *door, char *says, const char *sql, int count,
                           const char *const *values, page_row_fn *read, const struct operator_reader *reader,
                           struct cursor *cursor)
{
    for (;;) {
        enum err err;
        PGresult *result = operator_page(door, says, sql, count, values, &err);
        int rows = result ? PQntuples(result) : 0;
        for (int i = 0; i < rows && err == ERR_OK; i++)
            err = read(reader, result, i, cursor);
        PQclear(result);
        if (err != ERR_OK || rows == 0)
            return err;
    }
}

/* --- the log --- */

static enum err leaf_read(const struct operator_reader *reader, const PGresult *result, int row, struct cursor *cursor)
{
    struct operator_leaf leaf = {.seq = operator_i64(result, row, 6)};
    operator_fixed(result, row, 0, leaf.leaf_id, sizeof leaf.leaf_id);
    snprintf(leaf.desk, sizeof leaf.desk, "%s", operator_text(result, row, 1));
    leaf.entry = operator_bytes(result, row, 2, &leaf.entry_len);
    operator_fixed(result, row, 3, leaf.entry_sha256, sizeof leaf.entry_sha256);
    operator_fixed(result, row, 4, leaf.state_hash, sizeof leaf.state_hash);
    operator_fixed(result, row, 5, leaf.before_hash, sizeof leaf.before_hash);
    operator_fixed(result, row, 7, leaf.leaf_hash, sizeof leaf.leaf_hash);
    cursor_set(cursor, leaf.leaf_id, leaf.seq);
    return ((operator_leaf_fn *)reader->each)(reader->room, &leaf);
}

enum err door_operator_leaves(struct door_operator *door, operator_leaf_fn *each, void *room,
                              char says[static DOOR_OPERATOR_SAYS])
{
    const struct operator_reader reader = {(operator_any_fn *)each, room};
    struct cursor cursor = {FIRST_ID, "0"};
    enum err err = read_pages(door, says, "SELECT * FROM door_operator.leaves_placed($1::bigint, " PAGE ")", 1,
                              (const char *[]){cursor.number}, leaf_read, &reader, &cursor);
    cursor = (struct cursor){FIRST_ID, "0"};
    if (err == ERR_OK)
        err = read_pages(door, says, "SELECT * FROM door_operator.leaves_unplaced($1::uuid, " PAGE ")", 1,
                         (const char *[]){cursor.id}, leaf_read, &reader, &cursor);
    return err;
}

static enum err checkpoint_read(const struct operator_reader *reader, const PGresult *result, int row,
                                struct cursor *cursor)
{
    int64_t size = operator_i64(result, row, 0);
    cursor_set(cursor, NULL, size);
    return ((operator_checkpoint_fn *)reader->each)(reader->room, size, operator_text(result, row, 1));
}

enum err door_operator_checkpoints(struct door_operator *door, operator_checkpoint_fn *each, void *room,
                                   char says[static DOOR_OPERATOR_SAYS])
{
    struct cursor cursor = {FIRST_ID, "-1"};
    return read_pages(door, says, "SELECT * FROM door_operator.checkpoints($1::bigint, " PAGE ")", 1,
                      (const char *[]){cursor.number}, checkpoint_read,
                      &(struct operator_reader){(operator_any_fn *)each, room}, &cursor);
}

/* --- cases --- */

enum {
    CASE_ID,
    CASE_KIND,
    CASE_POS,
    CASE_HAS_HEAD,
    CASE_DESK,
    CASE_STATE_DESK,
    CASE_VERSION,
    CASE_FENCE,
    CASE_BODY,
    CASE_SIGNATURE,
    CASE_MESSAGES,
    CASE_ROWS_HASH,
    CASE_STATE_HASH,
    CASE_OFFICE,
    CASE_ROW,
    CASE_ROOT,
    CASE_GENERATION,
    CASE_PART,
    CASE_AUTHOR,
    CASE_DOOR,
    CASE_INCARNATION,
    CASE_N
};

static void case_head_read(const PGresult *result, int row, struct operator_case *one)
{
    size_t len;
    *one = (struct operator_case){.version = operator_i64(result, row, CASE_VERSION),
                                  .fence = (uint64_t)operator_i64(result, row, CASE_FENCE),
                                  .messages = operator_i64(result, row, CASE_MESSAGES),
                                  .has_head = operator_bool(result, row, CASE_HAS_HEAD)};
    operator_fixed(result, row, CASE_ID, one->case_id, sizeof one->case_id);
    snprintf(one->desk, sizeof one->desk, "%s", operator_text(result, row, CASE_DESK));
    snprintf(one->state_desk, sizeof one->state_desk, "%s", operator_text(result, row, CASE_STATE_DESK));
    one->body = operator_bytes(result, row, CASE_BODY, &one->body_len);
    one->signature = operator_bytes(result, row, CASE_SIGNATURE, &len);
    operator_fixed(result, row, CASE_ROWS_HASH, one->rows_hash, sizeof one->rows_hash);
    operator_fixed(result, row, CASE_STATE_HASH, one->state_hash, sizeof one->state_hash);
}

static void case_row_add(const PGresult *result, int row, struct operator_case *one)
{
    struct envelope_place place = {.office = (uint32_t)operator_i64(result, row, CASE_OFFICE),
                                   .root = (uint8_t)operator_i64(result, row, CASE_ROOT),
                                   .part = (uint8_t)operator_i64(result, row, CASE_PART),
                                   .author = (uint8_t)operator_i64(result, row, CASE_AUTHOR),
                                   .door = (uint8_t)operator_i64(result, row, CASE_DOOR),
                                   .generation = (uint64_t)operator_i64(result, row, CASE_GENERATION),
                                   .incarnation = (uint64_t)operator_i64(result, row, CASE_INCARNATION),
                                   .n = (uint64_t)operator_i64(result, row, CASE_N)};
    size_t len, signature_len;
    operator_fixed(result, row, CASE_ID, place.case_id, sizeof place.case_id);
    operator_fixed(result, row, CASE_ROW, place.row_id, sizeof place.row_id);
    const uint8_t *body = operator_bytes(result, row, CASE_BODY, &len);
    const uint8_t *signature = operator_bytes(result, row, CASE_SIGNATURE, &signature_len);
    if (!one->body_hash)
        hashes_add_row(one->found_rows_hash, &place, body, len, signature);
    else if (len == 32) /* the table takes no other */
        hashes_add_row_hash(one->found_rows_hash, &place, body, signature);
    one->found_messages++;
}

static void case_hash_state(struct operator_case *one)
{
    const struct hashes_item item = {.shelf = SHELF_STATE,
                                     .id = one->case_id,
                                     .version = one->version,
                                     .messages = one->messages,
                                     .fence = one->fence,
                                     .rows_hash = one->rows_hash,
                                     .body = one->body,
                                     .body_len = one->body_len,
                                     .body_hash = one->body_hash};
    if (one->body && one->signature)
        hashes_state(&item, one->state_desk, one->signature, one->found_state_hash);
}

/* The head at `row` and all the rows behind it that belong to it. Returns the row behind the last. */
static int case_read(const PGresult *result, int row, int is_erased, struct operator_case *one)
{
    case_head_read(result, row, one);
    if (is_erased && one->body_len == 32)
        one->body_hash = one->body;
    for (row++; row < PQntuples(result) && operator_i64(result, row, CASE_KIND) == 1; row++)
        case_row_add(result, row, one);
    case_hash_state(one);
    return row;
}

static enum err read_cases(struct door_operator *door, int is_erased, operator_case_fn *each, void *room,
                           char says[static DOOR_OPERATOR_SAYS])
{
    const char *sql = is_erased ? "SELECT * FROM door_operator.erased($1::uuid, " PAGE ")"
                                : "SELECT * FROM door_operator.cases($1::uuid, " PAGE ")";
    struct cursor cursor = {FIRST_ID, "0"};
    for (;;) {
        enum err err;
        PGresult *result = operator_page(door, says, sql, 1, (const char *[]){cursor.id}, &err);
        int rows = result ? PQntuples(result) : 0;
        for (int i = 0; i < rows && err == ERR_OK;) {
            struct operator_case one;
            i = case_read(result, i, is_erased, &one);
            cursor_set(&cursor, one.case_id, 0);
            err = each(room, &one);
        }
        PQclear(result);
        if (err != ERR_OK || rows == 0)
            return err;
    }
}

enum err door_operator_cases(struct door_operator *door, operator_case_fn *each, void *room,
                             char says[static DOOR_OPERATOR_SAYS])
{
    return read_cases(door, 0, each, room, says);
}

enum err door_operator_erased(struct door_operator *door, operator_case_fn *each, void *room,
                              char says[static DOOR_OPERATOR_SAYS])
{
    return read_cases(door, 1, each, room, says);
}

/* --- records and impacts --- */

static enum err item_read(const struct operator_reader *reader, const PGresult *result, int row, struct cursor *cursor)
{
    size_t len;
    struct operator_item item = {.version = operator_i64(result, row, 1),
                                 .fence = (uint64_t)operator_i64(result, row, 3)};
    operator_fixed(result, row, 0, item.id, sizeof item.id);
    snprintf(item.desk, sizeof item.desk, "%s", operator_text(result, row, 2));
    item.body = operator_bytes(result, row, 4, &item.body_len);
    item.signature = operator_bytes(result, row, 5, &len);
    cursor_set(cursor, item.id, item.version);
    return ((operator_item_fn *)reader->each)(reader->room, &item);
}

enum err door_operator_items(struct door_operator *door, int shelf, operator_item_fn *each, void *room,
                             char says[static DOOR_OPERATOR_SAYS])
{
    need(shelf == SHELF_RECORD || shelf == SHELF_IMPACT);
    struct cursor cursor = {FIRST_ID, "0"};
    const char *sql = shelf == SHELF_RECORD ? "SELECT * FROM door_operator.records($1::uuid, $2::bigint, " PAGE ")"
                                            : "SELECT * FROM door_operator.impacts($1::uuid, $2::bigint, " PAGE ")";
    return read_pages(door, says, sql, 2, (const char *[]){cursor.id, cursor.number}, item_read,
                      &(struct operator_reader){(operator_any_fn *)each, room}, &cursor);
}

/* --- counts --- */

static enum err count_read(void *room, const PGresult *result, int row)
{
    const struct operator_reader *reader = room;
    size_t len;
    struct operator_count count = {.door = (uint8_t)operator_i64(result, row, 0),
                                   .incarnation = (uint64_t)operator_i64(result, row, 1),
                                   .n = (uint64_t)operator_i64(result, row, 2),
                                   .highest = (uint64_t)operator_i64(result, row, 3),
                                   .rows = operator_i64(result, row, 4),
                                   .signature = operator_bytes(result, row, 5, &len),
                                   .manifest_version = (uint32_t)operator_i64(result, row, 6)};
    return ((operator_count_fn *)reader->each)(reader->room, &count);
}

enum err door_operator_counts(struct door_operator *door, operator_count_fn *each, void *room,
                              char says[static DOOR_OPERATOR_SAYS])
{
    return operator_read(door, says, "SELECT * FROM door_operator.counts()", count_read,
                         &(struct operator_reader){(operator_any_fn *)each, room});
}
