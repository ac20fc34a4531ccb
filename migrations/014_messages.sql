-- 014: a vault that fills its search index reads the messages of some cases at a time.
SET LOCAL ROLE recourse_door_vault;
SET LOCAL search_path = recourse, pg_catalog;

-- The messages (part 1) of these cases, those that are this desk's, case by case in their order; columns as of
-- door_vault.case_rows().
CREATE FUNCTION door_vault.messages(p_cases uuid[])
RETURNS TABLE (kind smallint, case_id uuid, office int, desk text, row_id uuid, root smallint, generation bigint,
               part smallint, author smallint, door smallint, incarnation bigint, n bigint, body bytea, signature bytea,
               pos bigint, epoch int, recipient bytea, commitment bytea, inbox bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, recourse
SET enable_seqscan = off
SET plan_cache_mode = force_generic_plan
AS $$
BEGIN
    RETURN QUERY
    SELECT 1::smallint, m.case_id, m.office, NULL::text, m.row_id, m.root, m.generation, m.part, m.author, m.door,
           m.incarnation, m.n, m.body, m.signature, m.pos, NULL::int, NULL::bytea, NULL::bytea, NULL::bigint
    FROM recourse.message m WHERE m.case_id = ANY (p_cases) AND m.part = 1
    ORDER BY m.case_id, m.pos;
END
$$;

GRANT EXECUTE ON FUNCTION door_vault.messages TO recourse_vault;
RESET ROLE;
