-- The public door: append, read one thread by its handle, read what is published for partners.

SET LOCAL ROLE recourse_owner;
SET LOCAL search_path = recourse, pg_catalog;

GRANT SELECT ON desk, sealed_case, case_key, message, once_record, partner, round, health, door_count
    TO recourse_door_intake;
GRANT INSERT ON sealed_case, case_key, message, inbox, once_record, sms_seen, door_count, health TO recourse_door_intake;
GRANT SELECT ON sms_seen TO recourse_door_intake;
GRANT UPDATE ON door_count, health TO recourse_door_intake;
GRANT DELETE ON once_record TO recourse_door_intake;
-- For row locks alone; the policy lets no update through.
GRANT UPDATE (office) ON sealed_case TO recourse_door_intake;

CREATE POLICY intake_reads ON desk FOR SELECT TO recourse_door_intake USING (true);
CREATE POLICY intake_reads ON round FOR SELECT TO recourse_door_intake USING (true);
CREATE POLICY intake_reads ON sealed_case FOR SELECT TO recourse_door_intake USING (true);
CREATE POLICY intake_locks ON sealed_case FOR UPDATE TO recourse_door_intake USING (true) WITH CHECK (false);
CREATE POLICY intake_appends ON sealed_case FOR INSERT TO recourse_door_intake WITH CHECK (true);
CREATE POLICY intake_reads ON case_key FOR SELECT TO recourse_door_intake USING (recipient_kind = 2);
CREATE POLICY intake_appends ON case_key FOR INSERT TO recourse_door_intake WITH CHECK (true);
CREATE POLICY intake_reads ON message FOR SELECT TO recourse_door_intake USING (root = 1 OR door = 1);
CREATE POLICY intake_appends ON message FOR INSERT TO recourse_door_intake
    WITH CHECK (door = 1 AND part = 1 AND author IN (1, 4) AND signature IS NULL);
CREATE POLICY intake_appends ON inbox FOR INSERT TO recourse_door_intake WITH CHECK (true);
CREATE POLICY intake_counts ON door_count TO recourse_door_intake USING (door = 1) WITH CHECK (door = 1);

SET LOCAL ROLE recourse_door_intake;

CREATE FUNCTION door_intake.append(
    p_office int[], p_desk text[], p_new boolean[], p_month date[], p_case uuid[], p_row uuid[],
    p_root smallint[], p_generation bigint[], p_part smallint[], p_author smallint[], p_incarnation bigint[], p_n bigint[],
    p_body bytea[], p_once_handle bytea[], p_once_tag bytea[], p_once_slot smallint[], p_seen_tag bytea[],
    p_seen_slot smallint[],
    p_wrap_unit bigint[], p_wrap_root smallint[], p_wrap_generation bigint[], p_wrap_kind smallint[],
    p_wrap_recipient bytea[], p_wrap_epoch int[], p_wrap bytea[], p_wrap_commitment bytea[])
RETURNS TABLE (outcome smallint, at_desk text)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, recourse
AS $$
BEGIN
    RETURN QUERY SELECT * FROM recourse.append_units(1::smallint, p_office, p_desk, p_new, p_month, p_case, p_row, p_root,
        p_generation, p_part, p_author, p_incarnation, p_n, p_body, p_once_handle, p_once_tag, p_once_slot, p_seen_tag,
        p_seen_slot, p_wrap_unit, p_wrap_root, p_wrap_generation, p_wrap_kind, p_wrap_recipient, p_wrap_epoch, p_wrap,
        p_wrap_commitment);
END
$$;

CREATE FUNCTION door_intake.ring(p_desks text[]) RETURNS void
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, recourse
AS $$
    SELECT recourse.ring_desks(p_desks)
$$;

-- One thread: kind 0 its head, kind 1 its rows in order, kind 2 the receipt's wraps of the thread root. One statement,
-- known handle or not, so that both take the same way.
CREATE FUNCTION door_intake.thread(p_handles bytea[])
RETURNS TABLE (kind smallint, case_id uuid, office int, desk text, row_id uuid, root smallint, generation bigint,
               part smallint, author smallint, door smallint, incarnation bigint, n bigint, body bytea, signature bytea,
               pos bigint, epoch int, recipient bytea, commitment bytea)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, recourse
SET enable_seqscan = off
SET plan_cache_mode = force_generic_plan
AS $$
BEGIN
    RETURN QUERY
    WITH held AS MATERIALIZED (
        SELECT k.* FROM recourse.case_key k
        WHERE k.recipient_kind = 2 AND k.recipient_id = ANY (p_handles) AND k.root = 1
    ), head AS MATERIALIZED (
        SELECT c.* FROM recourse.sealed_case c WHERE c.case_id = (SELECT h.case_id FROM held h LIMIT 1)
    )
    SELECT * FROM (
        SELECT 0::smallint AS a_kind, h.case_id, h.office, h.desk, NULL::uuid, NULL::smallint, NULL::bigint,
               NULL::smallint, NULL::smallint, NULL::smallint, NULL::bigint, NULL::bigint, NULL::bytea, NULL::bytea,
               0::bigint AS a_pos, NULL::int, NULL::bytea, NULL::bytea
        FROM head h
        UNION ALL
        SELECT 1::smallint, m.case_id, m.office, NULL, m.row_id, m.root, m.generation, m.part, m.author, m.door,
               m.incarnation, m.n, m.body, m.signature, m.pos, NULL, NULL, NULL
        FROM head h, recourse.message m WHERE m.case_id = h.case_id AND m.root = 1
        UNION ALL
        SELECT 2::smallint, k.case_id, NULL, NULL, NULL, k.root, k.generation, NULL, NULL, NULL, NULL, NULL, k.wrap,
               NULL, k.generation, k.epoch, k.recipient_id, k.commitment
        FROM head h JOIN held k ON k.case_id = h.case_id
    ) all_of_it
    ORDER BY a_kind, a_pos;
END
$$;

CREATE FUNCTION door_intake.partner(p_token_hash bytea)
RETURNS TABLE (partner_id uuid, name text, scopes text)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, recourse
AS $$
    SELECT p.partner_id, p.name, array_to_string(p.scopes, ' ') FROM recourse.partner p
    WHERE p.token_hash = p_token_hash AND p.active
$$;

CREATE FUNCTION door_intake.round(p_code text)
RETURNS TABLE (code text, desk text, title text, questions text, opens bigint, closes bigint)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, recourse
AS $$
    SELECT r.code, r.desk, r.title, r.questions::text, extract(epoch FROM r.opens)::bigint,
           extract(epoch FROM r.closes)::bigint
    FROM recourse.round r WHERE r.code = p_code
$$;

CREATE FUNCTION door_intake.desks() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, recourse
AS $$
    SELECT coalesce(string_agg(d.code, ' ' ORDER BY d.code), '') FROM recourse.desk d WHERE d.offered
$$;

CREATE FUNCTION door_intake.beat(p_office int, p_incarnation bigint, p_n bigint, p_signature bytea,
                                 p_manifest_version int, p_oldest smallint, p_newest smallint) RETURNS void
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, recourse
SET enable_seqscan = off
AS $$
    INSERT INTO recourse.door_count VALUES (p_office, 1, p_incarnation, p_n, p_signature, p_manifest_version)
    ON CONFLICT (door, incarnation) DO UPDATE
    SET n = EXCLUDED.n, signature = EXCLUDED.signature, manifest_version = EXCLUDED.manifest_version
    -- Two beats may come over two connections in either order; a count only grows.
    WHERE EXCLUDED.n >= recourse.door_count.n;
    -- A part at a time: a purge that takes longer than a statement may would never end.
    DELETE FROM recourse.once_record o WHERE o.handle = ANY (ARRAY(
        SELECT h.handle FROM recourse.once_record h WHERE h.slot = ANY (recourse.slots_over(p_oldest, p_newest))
        LIMIT 100000));
    SELECT recourse.beat_once('intake');
$$;

GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA door_intake TO recourse_intake;
RESET ROLE;
