/* backup_check.h -- are the keys here that what is in the database would need, were it restored? One sentence for each
 * that is not, naming its file. */
#ifndef OPERATOR_BACKUP_CHECK_H
#define OPERATOR_BACKUP_CHECK_H

#include "operator/audit_findings.h"
#include "operator/house.h"

/* A key that rows name: a desk's epoch, or (desk "") an epoch of the receipts' pepper. */
struct backup_epoch {
    char desk[HOUSE_NAME];
    int64_t epoch;
};
struct backup_epochs {
    struct backup_epoch *list;
    size_t count, room;
};
void backup_epochs_add(struct backup_epochs *epochs, const char *desk, int64_t epoch);
void backup_epochs_free(struct backup_epochs *epochs);

/* Key files of desks (those under a passphrase are there and no more can be seen), pepper, once secrets, signing seeds
 * against the manifest, and the manifest's own keys. `epochs` NULL: what the manifest names alone. */
void backup_check_keys(const struct house *house, const struct backup_epochs *epochs, struct audit_findings *found);

#endif
