-- 017: what was erased is vouched for. 016 counted erased rows in a table that whoever owns the database could raise, to
-- hide that a report nobody had opened was taken away. Now an erasure leaves the signed state's hash, count and running hash,
-- and of each row its place and its body's hash: enough to check that these very rows were the case's when its last state was
-- signed, and that the log says it was ended (store/hashes.h). No key, no word, no time stays.
SET LOCAL ROLE recourse_owner;
SET LOCAL search_path = recourse, pg_catalog;

CREATE TABLE erased_case (
    case_id uuid PRIMARY KEY,
    desk text NOT NULL,
    version bigint NOT NULL,
    fence bigint NOT NULL,
    body_hash bytea NOT NULL CHECK (octet_length(body_hash) = 32),
    signature bytea NOT NULL CHECK (octet_length(signature) = 64),
    messages bigint NOT NULL,
    rows_hash bytea NOT NULL CHECK (octet_length(rows_hash) = 32),
    state_hash bytea NOT NULL CHECK (octet_length(state_hash) = 32)
);

CREATE TABLE erased_row (
    row_id uuid PRIMARY KEY,
    case_id uuid NOT NULL REFERENCES erased_case,
    office int NOT NULL,
    door smallint NOT NULL,
    incarnation bigint NOT NULL,
    n bigint NOT NULL,
    root smallint NOT NULL,
    generation bigint NOT NULL,
    part smallint NOT NULL,
    author smallint NOT NULL,
    body_hash bytea NOT NULL CHECK (octet_length(body_hash) = 32),
    signature bytea CHECK (octet_length(signature) = 64),
    pos bigint NOT NULL
);
CREATE INDEX erased_row_case ON erased_row (case_id, pos);

ALTER TABLE erased_case ENABLE ROW LEVEL SECURITY;
ALTER TABLE erased_row ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT ON erased_case, erased_row TO recourse_door_vault;
GRANT SELECT ON erased_case, erased_row TO recourse_door_operator;
CREATE POLICY vault_keeps ON erased_case TO recourse_door_vault USING (true) WITH CHECK (true);
CREATE POLICY vault_keeps ON erased_row TO recourse_door_vault USING (true) WITH CHECK (true);
CREATE POLICY operator_reads ON erased_case FOR SELECT TO recourse_door_operator USING (true);
CREATE POLICY operator_reads ON erased_row FOR SELECT TO recourse_door_operator USING (true);

SET LOCAL ROLE recourse_door_vault;

-- As in 016, but for what is kept.
CREATE OR REPLACE FUNCTION door_vault.erase(p_case uuid, p_version bigint) RETURNS void
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
    INSERT INTO recourse.erased_case
    SELECT s.case_id, s.desk, s.version, s.fence, sha256(s.body), s.signature, s.messages, s.rows_hash, s.state_hash
    FROM recourse.case_state s WHERE s.case_id = p_case AND s.version = p_version;
    PERFORM door_vault.conflict_unless(FOUND);
    INSERT INTO recourse.erased_row
    SELECT m.row_id, m.case_id, m.office, m.door, m.incarnation, m.n, m.root, m.generation, m.part, m.author,
           sha256(m.body), m.signature, m.pos
    FROM recourse.message m WHERE m.case_id = p_case;
    DELETE FROM recourse.case_state s WHERE s.case_id = p_case AND s.version = p_version;
    PERFORM door_vault.conflict_unless(FOUND);
    DELETE FROM recourse.piece p USING recourse.upload u WHERE u.case_id = p_case AND p.upload_id = u.upload_id;
    DELETE FROM recourse.upload u WHERE u.case_id = p_case;
    DELETE FROM recourse.message m WHERE m.case_id = p_case;
    DELETE FROM recourse.case_key k WHERE k.case_id = p_case;
    DELETE FROM recourse.sealed_case c WHERE c.case_id = p_case;
END
$$;

SET LOCAL ROLE recourse_door_operator;

-- As door_operator.cases: heads (has_head: the case is still there, which it must not be) and their rows, with hashes in
-- the place of bodies.
CREATE FUNCTION door_operator.erased(p_after uuid, p_limit int)
RETURNS TABLE (case_id uuid, kind smallint, pos bigint, has_head boolean, desk text, state_desk text, version bigint,
               fence bigint, body bytea, signature bytea, messages bigint, rows_hash bytea, state_hash bytea,
               office int, row_id uuid, root smallint, generation bigint, part smallint, author smallint, door smallint,
               incarnation bigint, n bigint)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, recourse
AS $$
    WITH page AS MATERIALIZED (
        SELECT e.* FROM recourse.erased_case e WHERE e.case_id > p_after ORDER BY e.case_id LIMIT p_limit
    )
    SELECT p.case_id, 0::smallint, 0::bigint,
           EXISTS (SELECT FROM recourse.sealed_case c WHERE c.case_id = p.case_id)
           OR EXISTS (SELECT FROM recourse.case_state s WHERE s.case_id = p.case_id)
           OR EXISTS (SELECT FROM recourse.message m WHERE m.case_id = p.case_id),
           p.desk, p.desk, p.version, p.fence, p.body_hash, p.signature, p.messages, p.rows_hash, p.state_hash, NULL::int,
           NULL::uuid, NULL::smallint, NULL::bigint, NULL::smallint, NULL::smallint, NULL::smallint, NULL::bigint,
           NULL::bigint
    FROM page p
    UNION ALL
    SELECT r.case_id, 1::smallint, r.pos, NULL, NULL, NULL, NULL, NULL, r.body_hash, r.signature, NULL, NULL, NULL,
           r.office, r.row_id, r.root, r.generation, r.part, r.author, r.door, r.incarnation, r.n
    FROM page p JOIN recourse.erased_row r ON r.case_id = p.case_id
    ORDER BY 1, 2, 3
$$;
GRANT EXECUTE ON FUNCTION door_operator.erased TO recourse_operator;

-- Rows that are there and rows that were erased, by their numbers: one that stands in both is one.
CREATE OR REPLACE FUNCTION door_operator.counts()
RETURNS TABLE (door smallint, incarnation bigint, n bigint, highest bigint, found bigint, signature bytea,
               manifest_version int)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, recourse
AS $$
    SELECT door, incarnation, c.n, coalesce(f.highest, 0), coalesce(f.found, 0), c.signature, c.manifest_version
    FROM recourse.door_count c
    FULL JOIN (SELECT k.door, k.incarnation, max(k.n) AS highest, count(*) AS found
               FROM (SELECT m.door, m.incarnation, m.n, m.row_id FROM recourse.message m
                     UNION
                     SELECT r.door, r.incarnation, r.n, r.row_id FROM recourse.erased_row r) k
               GROUP BY 1, 2) f
        USING (door, incarnation)
    ORDER BY 1, 2
$$;

SET LOCAL ROLE recourse_owner;
-- Nobody vouched for what it says. Where something was erased under 016, verifying finds those rows missing from here on.
DROP TABLE erased_rows;
RESET ROLE;
