/* door_operator.c -- see door_operator.h. The SQL behind each call is in migrations/005_door_operator.sql; making a
 * role is no function's right but recourse_operator's own. */
#include "store/door_operator.h"

#include <stdio.h>
#include <string.h>

#include "common/base/mem.h"
#include "store/operator_query.h"
#include "store/pg_block.h"

void door_operator_close(struct door_operator *door)
{
    if (!door)
        return;
    PQfinish(door->pg);
    mem_free(door);
}

enum err door_operator_open(const char *conninfo, const char *password_path, struct door_operator **out,
                            char says[static DOOR_OPERATOR_SAYS])
{
    PGconn *pg;
    says[0] = 0;
    *out = NULL;
    enum err err = pg_block_open(conninfo, password_path, &pg, says);
    if (err != ERR_OK)
        return err;
    *out = mem_new(sizeof **out);
    (*out)->pg = pg;
    return ERR_OK;
}

/* --- roles and desks --- */

static int is_name(const char *text, size_t most)
{
    size_t len = strlen(text);
    return len >= 1 && len <= most && text[0] >= 'a' && text[0] <= 'z' &&
           strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_") == len;
}

enum err door_operator_set_password(struct door_operator *door, const char *role, const char *password,
                                    char says[static DOOR_OPERATOR_SAYS])
{
    says[0] = 0;
    if (strncmp(role, "recourse_", 9) != 0 || !is_name(role, 63)) {
        snprintf(says, DOOR_OPERATOR_SAYS, "that is not a role of recourse");
        return ERR_MALFORMED;
    }
    /* The password itself never leaves this process: the server gets what it would have derived from it. */
    char *verifier = PQencryptPasswordConn(door->pg, password, role, "scram-sha-256");
    char *quoted = verifier ? PQescapeLiteral(door->pg, verifier, strlen(verifier)) : NULL;
    struct buf sql = BUF_INIT(1024);
    enum err err = ERR_INTERNAL;
    if (quoted && buf_addf(&sql, "ALTER ROLE %s PASSWORD %s", role, quoted) == ERR_OK)
        err = pg_block_run(door->pg, buf_text(&sql));
    if (err != ERR_OK)
        snprintf(says, DOOR_OPERATOR_SAYS, "the database did not take a password for %.63s; is there such a role?",
                 role);
    buf_free(&sql);
    PQfreemem(quoted);
    PQfreemem(verifier);
    return err;
}

/* The same settings as migration 001 gives the other roles; a vault reads whole desks, so it has more time. */
static const char desk_role_sql[] =
    "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'recourse_vault_%s') THEN "
    "CREATE ROLE recourse_vault_%s LOGIN IN ROLE recourse_vault; END IF; END $$;"
    "ALTER ROLE recourse_vault_%s SET statement_timeout = '60s';"
    "ALTER ROLE recourse_vault_%s SET idle_in_transaction_session_timeout = '60s';"
    "ALTER ROLE recourse_vault_%s SET synchronous_commit = on;"
    "ALTER ROLE recourse_vault_%s SET jit = off";

enum err door_operator_desk_add(struct door_operator *door, const char *code, char says[static DOOR_OPERATOR_SAYS])
{
    says[0] = 0;
    if (!is_name(code, 16)) {
        snprintf(says, DOOR_OPERATOR_SAYS, "a desk's code is 1 to 16 of a-z, 0-9 and _, a letter first");
        return ERR_MALFORMED;
    }
    struct buf sql = BUF_INIT(2048);
    need(buf_addf(&sql, desk_role_sql, code, code, code, code, code, code) == ERR_OK);
    enum err err = pg_block_run(door->pg, buf_text(&sql));
    buf_free(&sql);
    if (err != ERR_OK) {
        snprintf(says, DOOR_OPERATOR_SAYS, "the role of the desk's vault could not be made");
        return err;
    }
    return operator_do(door, says, "SELECT door_operator.desk_add($1)", 1, (const char *[]){code});
}

static enum err desk_read(void *room, const PGresult *result, int row)
{
    const struct operator_reader *reader = room;
    struct operator_desk desk = {.fence = (uint64_t)operator_i64(result, row, 1),
                                 .offered = operator_bool(result, row, 2)};
    snprintf(desk.code, sizeof desk.code, "%s", operator_text(result, row, 0));
    ((operator_desk_fn *)reader->each)(reader->room, &desk);
    return ERR_OK;
}

enum err door_operator_desks(struct door_operator *door, operator_desk_fn *each, void *room,
                             char says[static DOOR_OPERATOR_SAYS])
{
    return operator_read(door, says, "SELECT code, fence, offered FROM door_operator.desks()", desk_read,
                         &(struct operator_reader){(operator_any_fn *)each, room});
}

/* --- partners and rounds --- */

enum err door_operator_partner_add(struct door_operator *door, const uint8_t partner_id[static 16], const char *name,
                                   const char *scopes, const uint8_t token_sha256[static 32],
                                   char says[static DOOR_OPERATOR_SAYS])
{
    char id[OPERATOR_HEX(16)], token[OPERATOR_HEX(32)];
    operator_hex(partner_id, 16, id);
    operator_hex(token_sha256, 32, token);
    return operator_do(door, says,
                       "SELECT door_operator.partner_add(encode($1::bytea, 'hex')::uuid, $2, $3, $4::bytea)", 4,
                       (const char *[]){id, name, scopes, token});
}

enum err door_operator_partner_end(struct door_operator *door, const char *name, char says[static DOOR_OPERATOR_SAYS])
{
    return operator_do(door, says, "SELECT door_operator.partner_end($1)", 1, (const char *[]){name});
}

static enum err partner_read(void *room, const PGresult *result, int row)
{
    const struct operator_reader *reader = room;
    struct operator_partner partner = {.active = operator_bool(result, row, 3)};
    operator_fixed(result, row, 0, partner.partner_id, sizeof partner.partner_id);
    snprintf(partner.name, sizeof partner.name, "%s", operator_text(result, row, 1));
    snprintf(partner.scopes, sizeof partner.scopes, "%s", operator_text(result, row, 2));
    ((operator_partner_fn *)reader->each)(reader->room, &partner);
    return ERR_OK;
}

enum err door_operator_partners(struct door_operator *door, operator_partner_fn *each, void *room,
                                char says[static DOOR_OPERATOR_SAYS])
{
    return operator_read(door, says, "SELECT partner_id, name, scopes, active FROM door_operator.partners()",
                         partner_read, &(struct operator_reader){(operator_any_fn *)each, room});
}

enum err door_operator_round_add(struct door_operator *door, const struct operator_round *round,
                                 char says[static DOOR_OPERATOR_SAYS])
{
    char opens[24], closes[24];
    snprintf(opens, sizeof opens, "%lld", (long long)round->opens);
    snprintf(closes, sizeof closes, "%lld", (long long)round->closes);
    return operator_do(door, says, "SELECT door_operator.round_add($1, $2, $3, $4, $5::bigint, $6::bigint)", 6,
                       (const char *[]){round->code, round->desk, round->title, round->questions, opens, closes});
}

static enum err round_read(void *room, const PGresult *result, int row)
{
    const struct operator_reader *reader = room;
    struct operator_round round = {.code = operator_text(result, row, 0),
                                   .desk = operator_text(result, row, 1),
                                   .title = operator_text(result, row, 2),
                                   .questions = operator_text(result, row, 3),
                                   .opens = operator_i64(result, row, 4),
                                   .closes = operator_i64(result, row, 5)};
    ((operator_round_fn *)reader->each)(reader->room, &round);
    return ERR_OK;
}

enum err door_operator_rounds(struct door_operator *door, operator_round_fn *each, void *room,
                              char says[static DOOR_OPERATOR_SAYS])
{
    return operator_read(door, says, "SELECT code, desk, title, questions, opens, closes FROM door_operator.rounds()",
                         round_read, &(struct operator_reader){(operator_any_fn *)each, room});
}

/* --- health --- */

static enum err health_read(void *room, const PGresult *result, int row)
{
    const struct operator_reader *reader = room;
    ((operator_health_fn *)reader->each)(reader->room, operator_text(result, row, 0), operator_i64(result, row, 1));
    return ERR_OK;
}

enum err door_operator_health(struct door_operator *door, operator_health_fn *each, void *room,
                              char says[static DOOR_OPERATOR_SAYS])
{
    return operator_read(door, says, "SELECT room, beat FROM door_operator.health()", health_read,
                         &(struct operator_reader){(operator_any_fn *)each, room});
}

/* --- settings --- */

static enum err setting_read(void *room, const PGresult *result, int row)
{
    const struct operator_reader *reader = room;
    ((operator_setting_fn *)reader->each)(reader->room, operator_text(result, row, 0), operator_text(result, row, 1));
    return ERR_OK;
}

enum err door_operator_settings(struct door_operator *door, operator_setting_fn *each, void *room,
                                char says[static DOOR_OPERATOR_SAYS])
{
    /* What this session was given of its own does not count: what the server gives to everyone does. */
    return operator_read(
        door, says,
        "SELECT name, coalesce(reset_val, setting) FROM pg_catalog.pg_settings"
        " WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit', 'data_checksums',"
        " 'password_encryption', 'restart_after_crash') OR name LIKE 'log\\_%' OR name LIKE 'track\\_%'"
        " ORDER BY name",
        setting_read, &(struct operator_reader){(operator_any_fn *)each, room});
}
