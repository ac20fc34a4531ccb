-- Letters: a message with a receipt that came while the database was away. Intake could not look up where it belongs, so it
-- lies in the spool and finds its desk when it is drained, and its case when that desk's vault opens it.

SET LOCAL search_path = recourse, pg_catalog;

SET LOCAL ROLE recourse_door_intake;
-- The desk of the case that one of these handles leads to.
CREATE FUNCTION door_intake.desk_of(p_handles bytea[]) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, recourse
SET enable_seqscan = off
AS $$
    SELECT c.desk FROM recourse.case_key k JOIN recourse.sealed_case c ON c.case_id = k.case_id
    WHERE k.recipient_kind = 2 AND k.recipient_id = ANY (p_handles) AND k.root = 1 LIMIT 1
$$;
GRANT EXECUTE ON FUNCTION door_intake.desk_of TO recourse_intake;
RESET ROLE;

SET LOCAL ROLE recourse_door_vault;
-- The case of this vault's desk that one of these handles leads to.
CREATE FUNCTION door_vault.case_of(p_handles bytea[]) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, recourse
SET enable_seqscan = off
AS $$
    SELECT k.case_id FROM recourse.case_key k
    WHERE k.recipient_kind = 2 AND k.recipient_id = ANY (p_handles) AND k.root = 1 LIMIT 1
$$;
GRANT EXECUTE ON FUNCTION door_vault.case_of TO recourse_vault;
RESET ROLE;
