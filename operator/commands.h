/* commands.h -- what `recourse` can be told. Each returns the exit code; most end with a sentence when they cannot. */
#ifndef OPERATOR_COMMANDS_H
#define OPERATOR_COMMANDS_H

#include "operator/house.h"

/* `argc` words behind the command's own; `usage` is its line of help. */
typedef int command_fn(struct house *house, int argc, char *const *argv, const char *usage);

command_fn command_init, command_up, command_migrate, command_unlock, command_doctor;
command_fn command_reload;
command_fn command_desk_add, command_channel_add, command_webhook_add, command_keys_show, command_keys_renew;
command_fn command_staff_add, command_staff_token, command_staff_list, command_staff_end;
command_fn command_partner_add, command_partner_list, command_partner_end, command_round_add, command_round_list;
command_fn command_backup, command_backup_key, command_backup_verify, command_restore;
command_fn command_keys_backup, command_keys_restore;
command_fn command_office_check;
command_fn command_audit_verify, command_demo, command_prepare, command_units;

#endif
