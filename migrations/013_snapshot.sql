-- 013: a vault that kept a sealed picture of its memory (docs/snapshot.md) asks what changed since.
SET LOCAL ROLE recourse_door_vault;
SET LOCAL search_path = recourse, pg_catalog;

-- Of every state of the desk, in order of their ids: which version, under which name in the audit.
CREATE FUNCTION door_vault.state_names(p_after uuid, p_limit int)
RETURNS TABLE (id uuid, version bigint, state_hash bytea)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, recourse
SET enable_seqscan = off
AS $$
BEGIN
    RETURN QUERY
    SELECT s.case_id, s.version, s.state_hash FROM recourse.case_state s
    WHERE s.case_id > p_after ORDER BY s.case_id LIMIT p_limit;
END
$$;

-- These states, those that are there, as door_vault.items() gives a page of them.
CREATE FUNCTION door_vault.states(p_ids uuid[])
RETURNS TABLE (kind smallint, id uuid, version bigint, fence bigint, body bytea, signature bytea, messages bigint,
               rows_hash bytea, desk text, root smallint, generation bigint, epoch int, recipient bytea, commitment bytea)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, recourse
SET enable_seqscan = off
AS $$
BEGIN
    RETURN QUERY
    WITH asked AS MATERIALIZED (
        SELECT s.case_id AS an_id, s.version, s.fence, s.body, s.signature, s.messages, s.rows_hash, coalesce(s.signer, s.desk)
        FROM recourse.case_state s WHERE s.case_id = ANY (p_ids)
    )
    SELECT * FROM (
        SELECT 0::smallint AS a_kind, a.*, NULL::smallint AS a_root, NULL::bigint, NULL::int, NULL::bytea, NULL::bytea
        FROM asked a
        UNION ALL
        SELECT 2::smallint, k.case_id, NULL, NULL, k.wrap, NULL, NULL, NULL, NULL, k.root, k.generation, k.epoch,
               k.recipient_id, k.commitment
        FROM asked a JOIN recourse.case_key k ON k.case_id = a.an_id WHERE k.recipient_kind = 1
    ) all_of_it
    ORDER BY a_kind, an_id, a_root;
END
$$;

GRANT EXECUTE ON FUNCTION door_vault.state_names, door_vault.states TO recourse_vault;
RESET ROLE;
