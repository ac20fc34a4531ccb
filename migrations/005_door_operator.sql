-- The operator's door: desks, partners, rounds, health; and reading what verification hashes. It opens nothing.

SET LOCAL ROLE recourse_owner;
SET LOCAL search_path = recourse, pg_catalog;

GRANT SELECT ON desk, partner, round, health, audit_leaf, audit_seq, audit_checkpoint, case_state, record, impact, message,
    inbox, sealed_case, door_count TO recourse_door_operator;
GRANT INSERT ON desk, partner, round TO recourse_door_operator;
GRANT UPDATE ON partner, round TO recourse_door_operator;

CREATE POLICY operator_adds ON desk FOR INSERT TO recourse_door_operator WITH CHECK (true);
CREATE POLICY operator_reads ON desk FOR SELECT TO recourse_door_operator USING (true);
CREATE POLICY operator_keeps ON round TO recourse_door_operator USING (true) WITH CHECK (true);
CREATE POLICY operator_reads ON audit_leaf FOR SELECT TO recourse_door_operator USING (true);
CREATE POLICY operator_reads ON case_state FOR SELECT TO recourse_door_operator USING (true);
CREATE POLICY operator_reads ON record FOR SELECT TO recourse_door_operator USING (true);
CREATE POLICY operator_reads ON impact FOR SELECT TO recourse_door_operator USING (true);
CREATE POLICY operator_reads ON message FOR SELECT TO recourse_door_operator USING (true);
CREATE POLICY operator_reads ON inbox FOR SELECT TO recourse_door_operator USING (true);
CREATE POLICY operator_reads ON sealed_case FOR SELECT TO recourse_door_operator USING (true);
CREATE POLICY operator_reads ON door_count FOR SELECT TO recourse_door_operator USING (true);

SET LOCAL ROLE recourse_door_operator;

CREATE FUNCTION door_operator.desk_add(p_code text) RETURNS void
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, recourse
AS $$
    INSERT INTO recourse.desk (code, office) VALUES (p_code, 1) ON CONFLICT DO NOTHING
$$;

CREATE FUNCTION door_operator.desks() RETURNS TABLE (code text, fence bigint, offered boolean)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, recourse
AS $$
    SELECT d.code, d.fence, d.offered FROM recourse.desk d ORDER BY d.code
$$;

CREATE FUNCTION door_operator.partner_add(p_id uuid, p_name text, p_scopes text, p_token_hash bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, recourse
AS $$
BEGIN
    IF EXISTS (SELECT FROM recourse.partner p WHERE p.name = p_name AND p.active) THEN
        RAISE EXCEPTION USING ERRCODE = 'RC001', MESSAGE = 'there is one';
    END IF;
    INSERT INTO recourse.partner (partner_id, office, name, token_hash, scopes)
    VALUES (p_id, 1, p_name, p_token_hash, string_to_array(p_scopes, ' '));
END
$$;

CREATE FUNCTION door_operator.partner_end(p_name text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, recourse
AS $$
BEGIN
    UPDATE recourse.partner p SET active = false WHERE p.name = p_name AND p.active;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'RC002', MESSAGE = 'there is none';
    END IF;
END
$$;

CREATE FUNCTION door_operator.partners() RETURNS TABLE (partner_id uuid, name text, scopes text, active boolean)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, recourse
AS $$
    SELECT p.partner_id, p.name, array_to_string(p.scopes, ' '), p.active FROM recourse.partner p ORDER BY p.name, p.partner_id
$$;

CREATE FUNCTION door_operator.round_add(p_code text, p_desk text, p_title text, p_questions text, p_opens bigint,
                                        p_closes bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, recourse
AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM recourse.desk d WHERE d.code = p_desk) THEN
        RAISE EXCEPTION USING ERRCODE = 'RC002', MESSAGE = 'no such desk';
    END IF;
    IF jsonb_typeof(p_questions::jsonb) <> 'array' THEN
        RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE = 'questions must be an array';
    END IF;
    INSERT INTO recourse.round (code, office, desk, title, questions, opens, closes)
    VALUES (p_code, 1, p_desk, p_title, p_questions::jsonb, to_timestamp(p_opens), to_timestamp(p_closes))
    ON CONFLICT (code) DO UPDATE SET desk = EXCLUDED.desk, title = EXCLUDED.title, questions = EXCLUDED.questions,
        opens = EXCLUDED.opens, closes = EXCLUDED.closes;
END
$$;

CREATE FUNCTION door_operator.rounds()
RETURNS TABLE (code text, desk text, title text, questions text, opens bigint, closes bigint)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, recourse
AS $$
    SELECT r.code, r.desk, r.title, r.questions::text, extract(epoch FROM r.opens)::bigint,
           extract(epoch FROM r.closes)::bigint
    FROM recourse.round r ORDER BY r.code
$$;

CREATE FUNCTION door_operator.health() RETURNS TABLE (room text, beat bigint)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, recourse
AS $$
    SELECT h.room, h.beat FROM recourse.health h ORDER BY h.room
$$;

-- Pages for verification. A placed seq whose leaf is gone comes with a NULL entry.
CREATE FUNCTION door_operator.leaves_placed(p_after bigint, p_limit int)
RETURNS TABLE (leaf_id uuid, desk text, entry bytea, entry_sha256 bytea, state_hash bytea, before_hash bytea, seq bigint,
               leaf_hash bytea)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, recourse
AS $$
    SELECT s.leaf_id, l.desk, l.entry, l.entry_sha256, l.state_hash, l.before_hash, s.seq, s.leaf_hash
    FROM recourse.audit_seq s LEFT JOIN recourse.audit_leaf l ON l.leaf_id = s.leaf_id
    WHERE s.seq > p_after ORDER BY s.seq LIMIT p_limit
$$;

CREATE FUNCTION door_operator.leaves_unplaced(p_after uuid, p_limit int)
RETURNS TABLE (leaf_id uuid, desk text, entry bytea, entry_sha256 bytea, state_hash bytea, before_hash bytea, seq bigint,
               leaf_hash bytea)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, recourse
AS $$
    SELECT l.leaf_id, l.desk, l.entry, l.entry_sha256, l.state_hash, l.before_hash, 0::bigint, NULL::bytea
    FROM recourse.audit_leaf l
    WHERE l.leaf_id > p_after AND NOT EXISTS (SELECT FROM recourse.audit_seq s WHERE s.leaf_id = l.leaf_id)
    ORDER BY l.leaf_id LIMIT p_limit
$$;

CREATE FUNCTION door_operator.checkpoints(p_after bigint, p_limit int) RETURNS TABLE (size bigint, note text)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, recourse
AS $$
    SELECT c.size, c.note FROM recourse.audit_checkpoint c WHERE c.size > p_after ORDER BY c.size LIMIT p_limit
$$;

-- Cases in order of id, each a head row (kind 0) and its rows that are not in the inbox (kind 1) in order of position. One
-- statement, so state and rows are of one moment. Ids come from every table that names a case, so that nothing hides.
CREATE FUNCTION door_operator.cases(p_after uuid, p_limit int)
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
    SELECT p.id, 0::smallint, 0::bigint, c.case_id IS NOT NULL, c.desk, s.desk, s.version, s.fence, s.body, s.signature,
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

CREATE FUNCTION door_operator.records(p_after uuid, p_after_version bigint, p_limit int)
RETURNS TABLE (id uuid, version bigint, desk text, fence bigint, body bytea, signature bytea)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, recourse
AS $$
    SELECT r.record_id, r.version, r.desk, r.fence, r.body, r.signature FROM recourse.record r
    WHERE (r.record_id, r.version) > (p_after, p_after_version) ORDER BY r.record_id, r.version LIMIT p_limit
$$;

CREATE FUNCTION door_operator.impacts(p_after uuid, p_after_version bigint, p_limit int)
RETURNS TABLE (id uuid, version bigint, desk text, fence bigint, body bytea, signature bytea)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, recourse
AS $$
    SELECT i.impact_id, i.version, i.desk, i.fence, i.body, i.signature FROM recourse.impact i
    WHERE (i.impact_id, i.version) > (p_after, p_after_version) ORDER BY i.impact_id, i.version LIMIT p_limit
$$;

CREATE FUNCTION door_operator.counts()
RETURNS TABLE (door smallint, incarnation bigint, n bigint, highest bigint, found bigint, signature bytea,
               manifest_version int)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, recourse
AS $$
    SELECT door, incarnation, c.n, coalesce(f.highest, 0), coalesce(f.found, 0), c.signature, c.manifest_version
    FROM recourse.door_count c
    FULL JOIN (SELECT m.door, m.incarnation, max(m.n) AS highest, count(*) AS found FROM recourse.message m GROUP BY 1, 2) f
        USING (door, incarnation)
    ORDER BY 1, 2
$$;

GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA door_operator TO recourse_operator;
RESET ROLE;
