-- A case moves to another desk of its office. The source vault writes the last version of its state, seals both roots to
-- the target's key and lets go; the target finds the state, signed by the source, and goes on from it. What the source
-- had of keys in the database is gone.

SET LOCAL ROLE recourse_owner;
SET LOCAL search_path = recourse, pg_catalog;

-- The desk whose vault signed the state, where that is not the desk that has the case.
ALTER TABLE case_state ADD COLUMN signer text;
CREATE INDEX case_state_moved ON case_state (desk, case_id) WHERE signer IS NOT NULL;

-- As owner, because row security lets no vault give anything away. It checks what row security would: the caller's desk
-- has the case, the version is the last, the target is another desk of the same office and has a wrap of each root.
-- What came in meanwhile waits at the target.
-- SQLSTATEs: RC001 version, RC002 no such case or desk, RC003 a root without a wrap for the target.
CREATE FUNCTION move_case(p_case uuid, p_version bigint, p_desk text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, recourse
AS $$
DECLARE
    source text := recourse.my_desk();
    theirs bytea := decode(rpad(encode(convert_to(p_desk, 'UTF8'), 'hex'), 64, '0'), 'hex');
    waiting uuid[];
BEGIN
    -- Whoever adds to it has its key-share lock: after this nobody adds to what the source still has.
    PERFORM 1 FROM recourse.sealed_case c JOIN recourse.desk d ON d.code = p_desk AND d.office = c.office
    WHERE c.case_id = p_case AND c.desk = source AND p_desk <> source FOR UPDATE OF c;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'RC002', MESSAGE = 'no such case or desk';
    END IF;
    UPDATE recourse.case_state s SET desk = p_desk, signer = source
    WHERE s.case_id = p_case AND s.desk = source AND s.version = p_version;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'RC001', MESSAGE = 'version';
    END IF;
    IF EXISTS (SELECT FROM recourse.case_key k
               WHERE k.case_id = p_case AND k.recipient_kind = 1 AND k.recipient_id <> theirs
                 AND NOT EXISTS (SELECT FROM recourse.case_key t
                                 WHERE t.case_id = p_case AND t.recipient_kind = 1 AND t.recipient_id = theirs
                                   AND t.root = k.root AND t.generation = k.generation)) THEN
        RAISE EXCEPTION USING ERRCODE = 'RC003', MESSAGE = 'a root without a wrap';
    END IF;
    DELETE FROM recourse.case_key k WHERE k.case_id = p_case AND k.recipient_kind = 1 AND k.recipient_id <> theirs;
    WITH gone AS (
        DELETE FROM recourse.inbox i USING recourse.message m
        WHERE m.case_id = p_case AND i.row_id = m.row_id RETURNING i.row_id, i.pos
    )
    SELECT array_agg(g.row_id ORDER BY g.pos) INTO waiting FROM gone g;
    UPDATE recourse.sealed_case c SET desk = p_desk WHERE c.case_id = p_case;
    INSERT INTO recourse.inbox (desk, row_id)
    SELECT p_desk, w.r FROM unnest(waiting) WITH ORDINALITY AS w(r, n) ORDER BY w.n;
    PERFORM pg_notify('desk_' || p_desk, '');
END
$$;
REVOKE EXECUTE ON FUNCTION move_case FROM PUBLIC;
GRANT EXECUTE ON FUNCTION move_case TO recourse_door_vault;

SET LOCAL ROLE recourse_door_vault;

CREATE FUNCTION door_vault.move_case(p_case uuid, p_version bigint, p_desk text) RETURNS void
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, recourse
AS $$
    SELECT recourse.move_case(p_case, p_version, p_desk)
$$;

-- As in 007, with whose signature a state bears; and shelf 4, the states that were moved here and not written since.
CREATE OR REPLACE FUNCTION door_vault.items(p_shelf smallint, p_after uuid, p_limit int)
RETURNS TABLE (kind smallint, id uuid, version bigint, fence bigint, body bytea, signature bytea, messages bigint,
               rows_hash bytea, desk text, root smallint, generation bigint, epoch int, recipient bytea, commitment bytea)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, recourse
SET enable_seqscan = off
AS $$
BEGIN
    RETURN QUERY
    WITH page AS MATERIALIZED (
        SELECT s.case_id AS an_id, s.version, s.fence, s.body, s.signature, s.messages, s.rows_hash, coalesce(s.signer, s.desk)
        FROM recourse.case_state s WHERE p_shelf = 1 AND s.case_id > p_after ORDER BY s.case_id LIMIT p_limit
    ), moved AS MATERIALIZED (
        SELECT s.case_id AS an_id, s.version, s.fence, s.body, s.signature, s.messages, s.rows_hash, s.signer
        FROM recourse.case_state s
        WHERE p_shelf = 4 AND s.desk = recourse.my_desk() AND s.signer IS NOT NULL AND s.case_id > p_after
        ORDER BY s.case_id LIMIT p_limit
    ), records AS MATERIALIZED (
        SELECT r.record_id AS an_id, r.version, r.fence, r.body, r.signature, 0::bigint, NULL::bytea, r.desk
        FROM recourse.record r WHERE p_shelf = 2 AND r.record_id > p_after ORDER BY r.record_id LIMIT p_limit
    ), impacts AS MATERIALIZED (
        SELECT DISTINCT ON (i.impact_id) i.impact_id AS an_id, i.version, i.fence, i.body, i.signature, 0::bigint,
               NULL::bytea, i.desk
        FROM recourse.impact i WHERE p_shelf = 3 AND i.impact_id > p_after
        ORDER BY i.impact_id, i.version DESC LIMIT p_limit
    )
    SELECT * FROM (
        SELECT 0::smallint AS a_kind, x.*, NULL::smallint AS a_root, NULL::bigint, NULL::int, NULL::bytea, NULL::bytea
        FROM (SELECT * FROM page UNION ALL SELECT * FROM moved UNION ALL SELECT * FROM records UNION ALL SELECT * FROM impacts) x
        UNION ALL
        SELECT 2::smallint, k.case_id, NULL, NULL, k.wrap, NULL, NULL, NULL, NULL, k.root, k.generation, k.epoch,
               k.recipient_id, k.commitment
        FROM (SELECT p.an_id FROM page p UNION ALL SELECT v.an_id FROM moved v) c
        JOIN recourse.case_key k ON k.case_id = c.an_id WHERE k.recipient_kind = 1
    ) all_of_it
    ORDER BY a_kind, an_id, a_root;
END
$$;

-- As in 007: what this vault writes it signs itself.
CREATE OR REPLACE FUNCTION door_vault.put_state(p_case uuid, p_version bigint, p_fence bigint, p_body bytea, p_signature bytea,
                                     p_messages bigint, p_rows_hash bytea, p_state_hash bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, recourse
AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM recourse.sealed_case c WHERE c.case_id = p_case) THEN
        RAISE EXCEPTION USING ERRCODE = 'RC002', MESSAGE = 'no such case';
    END IF;
    IF p_version = 1 THEN
        INSERT INTO recourse.case_state (case_id, desk, version, fence, body, signature, messages, rows_hash, state_hash)
        VALUES (p_case, recourse.my_desk(), 1, p_fence, p_body, p_signature, p_messages, p_rows_hash, p_state_hash)
        ON CONFLICT DO NOTHING;
    ELSE
        UPDATE recourse.case_state s
        SET version = p_version, fence = p_fence, body = p_body, signature = p_signature, messages = p_messages,
            rows_hash = p_rows_hash, state_hash = p_state_hash, signer = NULL
        WHERE s.case_id = p_case AND s.desk = recourse.my_desk() AND s.version = p_version - 1;
    END IF;
    PERFORM door_vault.conflict_unless(FOUND);
END
$$;

GRANT EXECUTE ON FUNCTION door_vault.move_case TO recourse_vault;
RESET ROLE;

SET LOCAL ROLE recourse_door_operator;
SET LOCAL search_path = recourse, pg_catalog;

-- As in 005, and the desk that signed: a case on its way lies, as its state does, where it was until the target writes.
CREATE OR REPLACE FUNCTION door_operator.cases(p_after uuid, p_limit int)
RETURNS TABLE (case_id uuid, kind smallint, pos bigint, has_head boolean, desk text, state_desk text, version bigint,
               fence bigint, body bytea, signature bytea, messages bigint, rows_hash bytea, state_hash bytea,
               office int, row_id uuid, root smallint, generation bigint, part smallint, author smallint, door smallint,
               incarnation bigint, n bigint)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, recourse
AS $$
    WITH page AS MATERIALIZED (
        SELECT u.id FROM (
            (SELECT c.case_id AS id FROM recourse.sealed_case c WHERE c.case_id > p_after ORDER BY 1 LIMIT p_limit)
            UNION
            (SELECT s.case_id FROM recourse.case_state s WHERE s.case_id > p_after ORDER BY 1 LIMIT p_limit)
            UNION
            (SELECT DISTINCT m.case_id FROM recourse.message m WHERE m.case_id > p_after ORDER BY 1 LIMIT p_limit)
        ) u ORDER BY u.id LIMIT p_limit
    )
    SELECT p.id, 0::smallint, 0::bigint, c.case_id IS NOT NULL,
           CASE WHEN s.signer IS NULL OR c.desk IS DISTINCT FROM s.desk THEN c.desk ELSE s.signer END,
           coalesce(s.signer, s.desk), s.version, s.fence, s.body, s.signature,
           s.messages, s.rows_hash, s.state_hash, c.office, NULL::uuid, NULL::smallint, NULL::bigint, NULL::smallint,
           NULL::smallint, NULL::smallint, NULL::bigint, NULL::bigint
    FROM page p LEFT JOIN recourse.sealed_case c ON c.case_id = p.id LEFT JOIN recourse.case_state s ON s.case_id = p.id
    UNION ALL
    SELECT m.case_id, 1::smallint, m.pos, NULL, NULL, NULL, NULL, NULL, m.body, m.signature, NULL, NULL, NULL,
           m.office, m.row_id, m.root, m.generation, m.part, m.author, m.door, m.incarnation, m.n
    FROM page p JOIN recourse.message m ON m.case_id = p.id
    WHERE NOT EXISTS (SELECT FROM recourse.inbox i WHERE i.row_id = m.row_id)
    ORDER BY 1, 2, 3
$$;
RESET ROLE;
