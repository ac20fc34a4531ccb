-- 016: a case is erased, because the person asked for it and somebody of the desk agreed: its rows, its files, what waited of
-- them, the wraps of its keys, its state and its head. What stays are leaves of the log, which have no words of it.
SET LOCAL ROLE recourse_owner;
SET LOCAL search_path = recourse, pg_catalog;

GRANT DELETE ON case_state TO recourse_door_vault;

-- How many rows of a writer's run were erased: it has signed for them, and they are not missing.
CREATE TABLE erased_rows (
    door smallint NOT NULL,
    incarnation bigint NOT NULL,
    rows bigint NOT NULL CHECK (rows > 0),
    PRIMARY KEY (door, incarnation)
);
ALTER TABLE erased_rows ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE ON erased_rows TO recourse_door_vault;
GRANT SELECT ON erased_rows TO recourse_door_operator;
CREATE POLICY vault_counts ON erased_rows TO recourse_door_vault USING (true) WITH CHECK (true);
CREATE POLICY operator_reads ON erased_rows FOR SELECT TO recourse_door_operator USING (true);

SET LOCAL ROLE recourse_door_vault;

-- SQLSTATEs: RC001 version, RC002 no such case of this desk, RC003 something of it waits to be opened: it may say the
-- contrary, so it is read first.
CREATE FUNCTION door_vault.erase(p_case uuid, p_version bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, recourse
AS $$
BEGIN
    -- Whoever adds to it has its key-share lock: after this nobody adds to what is being erased.
    PERFORM 1 FROM recourse.sealed_case c WHERE c.case_id = p_case FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'RC002', MESSAGE = 'no such case';
    END IF;
    IF EXISTS (SELECT FROM recourse.message m JOIN recourse.inbox i ON i.row_id = m.row_id WHERE m.case_id = p_case) THEN
        RAISE EXCEPTION USING ERRCODE = 'RC003', MESSAGE = 'something waits to be opened';
    END IF;
    DELETE FROM recourse.case_state s WHERE s.case_id = p_case AND s.version = p_version;
    PERFORM door_vault.conflict_unless(FOUND);
    INSERT INTO recourse.erased_rows AS e (door, incarnation, rows)
    SELECT m.door, m.incarnation, count(*) FROM recourse.message m WHERE m.case_id = p_case AND m.door <> 3 GROUP BY 1, 2
    ON CONFLICT (door, incarnation) DO UPDATE SET rows = e.rows + excluded.rows;
    DELETE FROM recourse.piece p USING recourse.upload u WHERE u.case_id = p_case AND p.upload_id = u.upload_id;
    DELETE FROM recourse.upload u WHERE u.case_id = p_case;
    DELETE FROM recourse.message m WHERE m.case_id = p_case;
    DELETE FROM recourse.case_key k WHERE k.case_id = p_case;
    DELETE FROM recourse.sealed_case c WHERE c.case_id = p_case;
END
$$;

GRANT EXECUTE ON FUNCTION door_vault.erase TO recourse_vault;

SET LOCAL ROLE recourse_door_operator;

-- As in 005, with what was erased.
CREATE OR REPLACE FUNCTION door_operator.counts()
RETURNS TABLE (door smallint, incarnation bigint, n bigint, highest bigint, found bigint, signature bytea,
               manifest_version int)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, recourse
AS $$
    SELECT door, incarnation, c.n, coalesce(f.highest, 0), coalesce(f.found, 0) + coalesce(e.rows, 0), c.signature,
           c.manifest_version
    FROM recourse.door_count c
    FULL JOIN (SELECT m.door, m.incarnation, max(m.n) AS highest, count(*) AS found FROM recourse.message m GROUP BY 1, 2) f
        USING (door, incarnation)
    LEFT JOIN recourse.erased_rows e USING (door, incarnation)
    ORDER BY 1, 2
$$;
RESET ROLE;
