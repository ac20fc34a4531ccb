-- The sequencer's door: put pending leaves in order, publish checkpoints. It sees hashes, no entries.

SET LOCAL ROLE recourse_owner;
SET LOCAL search_path = recourse, pg_catalog;

GRANT SELECT (leaf_id, desk, entry_sha256, state_hash, before_hash) ON audit_leaf TO recourse_door_audit;
GRANT SELECT ON audit_pending, audit_seq, audit_checkpoint, health TO recourse_door_audit;
GRANT INSERT ON audit_seq, audit_checkpoint, health TO recourse_door_audit;
GRANT UPDATE ON health TO recourse_door_audit;
GRANT DELETE ON audit_pending TO recourse_door_audit;
CREATE POLICY audit_reads ON audit_leaf FOR SELECT TO recourse_door_audit USING (true);
CREATE POLICY audit_places ON audit_pending TO recourse_door_audit USING (true) WITH CHECK (false);

SET LOCAL ROLE recourse_door_audit;

CREATE FUNCTION door_audit.pending(p_limit int)
RETURNS TABLE (leaf_id uuid, desk text, state_hash bytea, before_hash bytea, entry_sha256 bytea, seq bigint,
               leaf_hash bytea)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, recourse
AS $$
    SELECT l.leaf_id, l.desk, l.state_hash, l.before_hash, l.entry_sha256, 0::bigint, NULL::bytea
    FROM recourse.audit_pending p JOIN recourse.audit_leaf l ON l.leaf_id = p.leaf_id ORDER BY p.pos LIMIT p_limit
$$;

CREATE FUNCTION door_audit.placed(p_from bigint, p_limit int)
RETURNS TABLE (leaf_id uuid, desk text, state_hash bytea, before_hash bytea, entry_sha256 bytea, seq bigint,
               leaf_hash bytea)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, recourse
AS $$
    SELECT s.leaf_id, l.desk, l.state_hash, l.before_hash, l.entry_sha256, s.seq, s.leaf_hash
    FROM recourse.audit_seq s LEFT JOIN recourse.audit_leaf l ON l.leaf_id = s.leaf_id
    WHERE s.seq >= p_from ORDER BY s.seq LIMIT p_limit
$$;

-- Without a gap behind what is there. The same leaves at the same places again: nothing to do.
CREATE FUNCTION door_audit.place(p_first bigint, p_leaves uuid[], p_hashes bytea[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, recourse
AS $$
DECLARE
    wanted int := cardinality(p_leaves);
    there int;
BEGIN
    SELECT count(*) INTO there
    FROM unnest(p_leaves, p_hashes) WITH ORDINALITY AS u(leaf_id, leaf_hash, i)
    JOIN recourse.audit_seq s ON s.seq = p_first + u.i - 1 AND s.leaf_id = u.leaf_id AND s.leaf_hash = u.leaf_hash;
    IF there = wanted THEN
        RETURN;
    END IF;
    IF p_first = coalesce((SELECT max(s.seq) FROM recourse.audit_seq s), 0) + 1 THEN
        INSERT INTO recourse.audit_seq (seq, leaf_id, leaf_hash)
        SELECT p_first + u.i - 1, u.leaf_id, u.leaf_hash
        FROM unnest(p_leaves, p_hashes) WITH ORDINALITY AS u(leaf_id, leaf_hash, i)
        JOIN recourse.audit_leaf l ON l.leaf_id = u.leaf_id
        ORDER BY u.i
        ON CONFLICT DO NOTHING;
        GET DIAGNOSTICS there = ROW_COUNT;
    END IF;
    IF there <> wanted THEN
        RAISE EXCEPTION USING ERRCODE = 'RC001', MESSAGE = 'another sequencer was faster';
    END IF;
    DELETE FROM recourse.audit_pending p WHERE p.leaf_id = ANY (p_leaves);
END
$$;

CREATE FUNCTION door_audit.checkpoint(p_size bigint, p_note text) RETURNS void
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, recourse
AS $$
    INSERT INTO recourse.audit_checkpoint VALUES (p_size, p_note) ON CONFLICT DO NOTHING;
    SELECT recourse.beat_once('audit');
$$;

GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA door_audit TO recourse_audit;
RESET ROLE;
