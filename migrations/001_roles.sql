-- Roles and schemas. Run by recourse_operator, who owns the database and may create roles; all else follows from here.
--
-- Three kinds of role:
--   recourse_owner            owns the tables; nobody logs in as it
--   recourse_door_*           own the functions of one door and hold exactly the table rights those need; no login
--   recourse_*                what processes log in as: they may connect, and call their own door's functions
-- Vault logins, recourse_vault_<desk>, are made by `recourse desk add`, because desks are data.

ALTER ROLE recourse_operator NOINHERIT;

DO $$
DECLARE
    role text;
BEGIN
    FOREACH role IN ARRAY ARRAY['recourse_owner', 'recourse_door_intake', 'recourse_door_sms', 'recourse_door_vault',
                                'recourse_door_audit', 'recourse_door_console', 'recourse_door_operator',
                                'recourse_vault'] LOOP
        IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = role) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN', role);
        END IF;
        IF role <> 'recourse_vault' THEN
            EXECUTE format('GRANT %I TO recourse_operator', role);
            EXECUTE format('ALTER DEFAULT PRIVILEGES FOR ROLE %I REVOKE ALL ON FUNCTIONS FROM PUBLIC', role);
            EXECUTE format('ALTER DEFAULT PRIVILEGES FOR ROLE %I REVOKE ALL ON TYPES FROM PUBLIC', role);
        END IF;
    END LOOP;
    FOREACH role IN ARRAY ARRAY['recourse_intake', 'recourse_sms', 'recourse_triage', 'recourse_audit'] LOOP
        IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = role) THEN
            EXECUTE format('CREATE ROLE %I LOGIN', role);
        END IF;
        EXECUTE format('ALTER ROLE %I SET statement_timeout = ''15s''', role);
        EXECUTE format('ALTER ROLE %I SET idle_in_transaction_session_timeout = ''15s''', role);
        -- An answer means stored: nobody may lower this for a whole server without these roles keeping it.
        EXECUTE format('ALTER ROLE %I SET synchronous_commit = on', role);
        EXECUTE format('ALTER ROLE %I SET jit = off', role);
    END LOOP;
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO recourse_operator, recourse_intake, recourse_sms, recourse_triage,'
                   ' recourse_audit, recourse_vault', current_database());
END
$$;

SET LOCAL ROLE pg_database_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
RESET ROLE;
REVOKE ALL ON SCHEMA recourse FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA recourse TO recourse_owner;
GRANT USAGE ON SCHEMA recourse TO recourse_door_intake, recourse_door_sms, recourse_door_vault, recourse_door_audit,
    recourse_door_console, recourse_door_operator;

CREATE SCHEMA door_intake AUTHORIZATION recourse_door_intake;
CREATE SCHEMA door_sms AUTHORIZATION recourse_door_sms;
CREATE SCHEMA door_vault AUTHORIZATION recourse_door_vault;
CREATE SCHEMA door_audit AUTHORIZATION recourse_door_audit;
CREATE SCHEMA door_console AUTHORIZATION recourse_door_console;
CREATE SCHEMA door_operator AUTHORIZATION recourse_door_operator;

SET LOCAL ROLE recourse_door_intake;
GRANT USAGE ON SCHEMA door_intake TO recourse_intake;
SET LOCAL ROLE recourse_door_sms;
GRANT USAGE ON SCHEMA door_sms TO recourse_sms;
SET LOCAL ROLE recourse_door_vault;
GRANT USAGE ON SCHEMA door_vault TO recourse_vault;
SET LOCAL ROLE recourse_door_audit;
GRANT USAGE ON SCHEMA door_audit TO recourse_audit;
SET LOCAL ROLE recourse_door_console;
GRANT USAGE ON SCHEMA door_console TO recourse_triage;
SET LOCAL ROLE recourse_door_operator;
GRANT USAGE ON SCHEMA door_operator TO recourse_operator;
RESET ROLE;
