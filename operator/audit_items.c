/* audit_items.c -- see audit_items.h. */
#include "operator/audit_items.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/base/code.h"
#include "common/base/rw.h"
#include "common/seal/sign.h"
#include "store/hashes.h"

static const char count_name[] = "recourse door count";
static const char *const shelves[] = {
    [AUDIT_SHELF_STATE] = "The state of case", [AUDIT_SHELF_RECORD] = "Staff record", [AUDIT_SHELF_IMPACT] = "Impact"};

void audit_count_bytes(const struct operator_count *count, uint8_t out[static AUDIT_COUNT_SIZE])
{
    uint8_t *at = put_raw(out, count_name, sizeof count_name - 1);
    at = put_u64(put_u8(at, count->door), count->incarnation);
    at = put_u32(put_u64(at, count->n), count->manifest_version);
    need(at == out + AUDIT_COUNT_SIZE);
}

/* ---- one signed item ---- */

/* 1 when the desk that it names has signed it. */
static int check_signature(struct audit_items *items, const struct hashes_item *item, const char *desk,
                           const uint8_t *signature, const char *id)
{
    uint8_t bytes[HASHES_SIGNED_SIZE];
    const uint8_t *signer;
    hashes_signed_bytes(item, bytes);
    if (manifest_key(items->manifest, "state", desk, &signer) != ERR_OK)
        audit_found(items->found, "%s %s names desk %s, which the list of keys does not know.", shelves[item->shelf],
                    id, desk);
    else if (sign_check(signer, bytes, sizeof bytes, signature) != ERR_OK)
        audit_found(items->found, "%s %s was changed: the signature of desk %s does not fit.", shelves[item->shelf], id,
                    desk);
    else
        return 1;
    return 0;
}

/* `is_newest` 0: one that may and should have been replaced. */
static void check_verdict(struct audit_items *items, enum audit_shelf shelf, const char *id, int64_t version,
                          enum audit_chain_verdict verdict, int is_newest)
{
    if (verdict == AUDIT_CHAIN_OLD && is_newest)
        audit_found(items->found, "%s %s is an old one put back: the log knows one newer than version %" PRId64 ".",
                    shelves[shelf], id, version);
    if (verdict == AUDIT_CHAIN_UNKNOWN)
        audit_found(items->found, "%s %s (version %" PRId64 ") is not in the log.", shelves[shelf], id, version);
}

/* ---- cases ---- */

static void check_rows(struct audit_items *items, const struct operator_case *one, const char *id)
{
    const char *what = NULL;
    if (one->found_messages < one->messages)
        what = "are missing";
    else if (one->found_messages > one->messages)
        what = "were added";
    else if (memcmp(one->found_rows_hash, one->rows_hash, sizeof one->rows_hash) != 0)
        what = "were changed or swapped";
    if (what)
        audit_found(items->found, "Messages of case %s %s: its state counts %" PRId64 ", and there are %" PRId64 ".",
                    id, what, one->messages, one->found_messages);
}

/* 1 when its desk has signed the state as it stands, or as it stood. */
static int check_state_signed(struct audit_items *items, const struct operator_case *one, const char *id)
{
    const struct hashes_item item = {.shelf = AUDIT_SHELF_STATE,
                                     .id = one->case_id,
                                     .version = one->version,
                                     .messages = one->messages,
                                     .fence = one->fence,
                                     .rows_hash = one->rows_hash,
                                     .body = one->body,
                                     .body_len = one->body_len,
                                     .body_hash = one->body_hash};
    return check_signature(items, &item, one->state_desk, one->signature, id);
}

static void check_state(struct audit_items *items, const struct operator_case *one, const char *id)
{
    items->states++;
    if (!check_state_signed(items, one, id))
        return;
    if (memcmp(one->state_hash, one->found_state_hash, sizeof one->state_hash) != 0)
        audit_found(items->found, "The hash that is stored beside the state of case %s is not its own.", id);
    check_verdict(items, AUDIT_SHELF_STATE, id, one->version, audit_chain_there(items->chain, one->found_state_hash),
                  1);
    items->messages += (uint64_t)one->found_messages;
    check_rows(items, one, id);
}

void audit_items_case(struct audit_items *items, const struct operator_case *one)
{
    char id[CODE_ID_SIZE];
    code_id(one->case_id, id);
    if (!one->has_head)
        audit_found(items->found, "Case %s has rows and no head: it was taken away, or something was slipped in.", id);
    if (!one->body) {
        /* Before a vault has opened it a case has no state, and all its rows wait in the inbox. */
        items->unopened++;
        if (one->found_messages)
            audit_found(items->found, "Case %s has %" PRId64 " opened messages and no state: it is missing.", id,
                        one->found_messages);
        return;
    }
    if (one->has_head && strcmp(one->desk, one->state_desk) != 0)
        audit_found(items->found, "Case %s lies at desk %s, and its state at desk %s.", id, one->desk, one->state_desk);
    check_state(items, one, id);
}

void audit_items_erased(struct audit_items *items, const struct operator_case *one)
{
    char id[CODE_ID_SIZE];
    code_id(one->case_id, id);
    items->erased++;
    if (one->has_head)
        audit_found(items->found, "Case %s is said to have been erased, and something of it is there.", id);
    if (!one->body_hash || !check_state_signed(items, one, id))
        return;
    if (!audit_chain_is_ended(items->chain, one->found_state_hash))
        audit_found(items->found, "Case %s is said to have been erased, and the log does not say so.", id);
    check_rows(items, one, id);
}

/* ---- records, impacts, counts ---- */

/* All versions of an impact stay: each but the newest must have been replaced. `item` NULL: there is none any more. */
static void next_impact(struct audit_items *items, const struct operator_item *item, enum audit_chain_verdict verdict)
{
    char id[CODE_ID_SIZE];
    int64_t before = items->impact.version;
    int is_same = item && before && memcmp(items->impact.id, item->id, sizeof item->id) == 0;
    if (before) {
        code_id(items->impact.id, id);
        check_verdict(items, AUDIT_SHELF_IMPACT, id, before, items->impact.verdict, !is_same);
    }
    if (!item)
        return;
    code_id(item->id, id);
    if (item->version != (is_same ? before : 0) + 1)
        audit_found(items->found, "Of impact %s a version before %" PRId64 " is missing.", id, item->version);
    memcpy(items->impact.id, item->id, sizeof item->id);
    items->impact.version = item->version;
    items->impact.verdict = verdict;
}

void audit_items_item(struct audit_items *items, enum audit_shelf shelf, const struct operator_item *item)
{
    static const uint8_t no_rows[32];
    char id[CODE_ID_SIZE];
    uint8_t hash[32];
    const struct hashes_item one = {.shelf = (uint8_t)shelf,
                                    .id = item->id,
                                    .version = item->version,
                                    .fence = item->fence,
                                    .rows_hash = no_rows,
                                    .body = item->body,
                                    .body_len = item->body_len};
    code_id(item->id, id);
    hashes_state(&one, item->desk, item->signature, hash);
    int is_good = check_signature(items, &one, item->desk, item->signature, id);
    /* One sentence for a changed one is enough. */
    enum audit_chain_verdict verdict = is_good ? audit_chain_there(items->chain, hash) : AUDIT_CHAIN_HEAD;
    if (shelf == AUDIT_SHELF_RECORD) {
        items->records++;
        check_verdict(items, shelf, id, item->version, verdict, 1);
    } else {
        items->impacts++;
        next_impact(items, item, verdict);
    }
}

void audit_items_count(struct audit_items *items, const struct operator_count *count)
{
    static const struct {
        const char *use, *name;
    } signers[] = {[DOOR_INTAKE] = {"door", "intake"}, [DOOR_SMS] = {"gateway", "sms"}};
    uint8_t bytes[AUDIT_COUNT_SIZE];
    const uint8_t *signer;
    /* A writer that has not lived for a minute has counted nothing yet; a vault's rows are counted by its states. */
    if (!count->signature)
        return;
    items->counts++;
    if (count->door >= sizeof signers / sizeof *signers || !signers[count->door].use ||
        manifest_key(items->manifest, signers[count->door].use, signers[count->door].name, &signer) != ERR_OK) {
        audit_found(items->found, "A count of rows names door %d, which the list of keys does not know.", count->door);
        return;
    }
    audit_count_bytes(count, bytes);
    if (sign_check(signer, bytes, sizeof bytes, count->signature) != ERR_OK)
        audit_found(items->found, "A count of rows by %s was changed: its signature does not fit.",
                    signers[count->door].name);
    /* Intake speaks only for numbers whose rows are all stored. The gateway's numbers have innocent holes: a text that
     * a provider delivers twice takes one, and texts of one number are brought together in one case. */
    else if (count->door == DOOR_INTAKE && (uint64_t)count->rows < count->n)
        audit_found(items->found,
                    "Rows are missing: intake has signed for %" PRIu64
                    " rows of one of its runs, and there are %" PRId64 ".",
                    count->n, count->rows);
}

/* ---- the end ---- */

static void tell_fault(void *room, enum audit_chain_fault fault, int64_t where)
{
    static const char *const says[] = {
        [AUDIT_CHAIN_MISSING] = "wrote something that is not there any more: a row is missing",
        [AUDIT_CHAIN_TWICE] = "says that something was written which an earlier one wrote already",
        [AUDIT_CHAIN_FORK] = "wrote something that two later ones say they replaced",
        [AUDIT_CHAIN_ROOTLESS] = "replaced something that the log does not know",
    };
    struct audit_items *items = room;
    if (where)
        audit_found(items->found, "Log entry %" PRId64 " %s.", where, says[fault]);
    else
        audit_found(items->found, "A log entry that waits for its place %s.", says[fault]);
}

void audit_items_end(struct audit_items *items)
{
    next_impact(items, NULL, AUDIT_CHAIN_HEAD);
    audit_chain_faults(items->chain, tell_fault, items);
}
