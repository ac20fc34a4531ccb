-- The console's door: its own health row, nothing else. All that it shows it asks of the vault.

SET LOCAL ROLE recourse_owner;
SET LOCAL search_path = recourse, pg_catalog;
GRANT SELECT, INSERT, UPDATE ON health TO recourse_door_console;

SET LOCAL ROLE recourse_door_console;

CREATE FUNCTION door_console.beat() RETURNS void
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, recourse
AS $$
    SELECT recourse.beat_once('console')
$$;

GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA door_console TO recourse_triage;
RESET ROLE;
