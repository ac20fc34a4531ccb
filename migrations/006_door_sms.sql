-- The gateway's door: append sealed texts, publish the outbox key of the day, take and end outbox rows.

SET LOCAL ROLE recourse_owner;
SET LOCAL search_path = recourse, pg_catalog;

GRANT SELECT ON desk, sealed_case, message, once_record, sms_seen, outbox, gateway_key, health, door_count
    TO recourse_door_sms;
GRANT INSERT ON sealed_case, case_key, message, inbox, once_record, sms_seen, outbox_end, gateway_key, door_count, health
    TO recourse_door_sms;
GRANT UPDATE ON gateway_key, door_count, health TO recourse_door_sms;
GRANT DELETE ON outbox, sms_seen TO recourse_door_sms;
-- For row locks alone; the policy lets no update through.
GRANT UPDATE (office) ON sealed_case TO recourse_door_sms;

CREATE POLICY sms_reads ON desk FOR SELECT TO recourse_door_sms USING (true);
CREATE POLICY sms_reads ON sealed_case FOR SELECT TO recourse_door_sms USING (true);
CREATE POLICY sms_locks ON sealed_case FOR UPDATE TO recourse_door_sms USING (true) WITH CHECK (false);
CREATE POLICY sms_appends ON sealed_case FOR INSERT TO recourse_door_sms WITH CHECK (true);
CREATE POLICY sms_appends ON case_key FOR INSERT TO recourse_door_sms WITH CHECK (true);
CREATE POLICY sms_reads ON message FOR SELECT TO recourse_door_sms USING (door = 2);
CREATE POLICY sms_appends ON message FOR INSERT TO recourse_door_sms
    WITH CHECK (door = 2 AND part = 1 AND author IN (1, 5) AND signature IS NULL);
CREATE POLICY sms_appends ON inbox FOR INSERT TO recourse_door_sms WITH CHECK (true);
CREATE POLICY sms_takes ON outbox FOR SELECT TO recourse_door_sms USING (true);
CREATE POLICY sms_ends ON outbox FOR DELETE TO recourse_door_sms USING (true);
CREATE POLICY sms_ends ON outbox_end FOR INSERT TO recourse_door_sms WITH CHECK (true);
CREATE POLICY sms_counts ON door_count TO recourse_door_sms USING (door = 2) WITH CHECK (door = 2);

SET LOCAL ROLE recourse_door_sms;

CREATE FUNCTION door_sms.append(
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
    RETURN QUERY SELECT * FROM recourse.append_units(2::smallint, p_office, p_desk, p_new, p_month, p_case, p_row, p_root,
        p_generation, p_part, p_author, p_incarnation, p_n, p_body, p_once_handle, p_once_tag, p_once_slot, p_seen_tag,
        p_seen_slot, p_wrap_unit, p_wrap_root, p_wrap_generation, p_wrap_kind, p_wrap_recipient, p_wrap_epoch, p_wrap,
        p_wrap_commitment);
END
$$;

CREATE FUNCTION door_sms.ring(p_desks text[]) RETURNS void
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, recourse
AS $$
    SELECT recourse.ring_desks(p_desks)
$$;

CREATE FUNCTION door_sms.key(p_office int, p_key_id bytea, p_public bytea, p_signature bytea) RETURNS void
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, recourse
AS $$
    INSERT INTO recourse.gateway_key VALUES (p_office, p_key_id, p_public, p_signature)
    ON CONFLICT (office) DO UPDATE
    SET key_id = EXCLUDED.key_id, public = EXCLUDED.public, signature = EXCLUDED.signature
$$;

CREATE FUNCTION door_sms.outbox(p_key_ids bytea[], p_limit int)
RETURNS TABLE (id uuid, key_id bytea, channel text, body bytea)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, recourse
AS $$
    SELECT o.id, o.key_id, o.channel, o.body FROM recourse.outbox o WHERE o.key_id = ANY (p_key_ids) LIMIT p_limit
$$;

-- A row that is no longer there was ended before: the same call again does nothing.
CREATE FUNCTION door_sms.outbox_end(p_id uuid, p_outcome smallint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, recourse
AS $$
DECLARE
    whose text;
BEGIN
    DELETE FROM recourse.outbox o WHERE o.id = p_id RETURNING o.desk INTO whose;
    IF FOUND THEN
        INSERT INTO recourse.outbox_end (id, desk, outcome) VALUES (p_id, whose, p_outcome);
        PERFORM pg_notify('desk_' || whose, '');
    END IF;
END
$$;

CREATE FUNCTION door_sms.beat(p_office int, p_incarnation bigint, p_n bigint, p_signature bytea,
                              p_manifest_version int, p_oldest smallint, p_newest smallint) RETURNS void
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, recourse
SET enable_seqscan = off
AS $$
    INSERT INTO recourse.door_count VALUES (p_office, 2, p_incarnation, p_n, p_signature, p_manifest_version)
    ON CONFLICT (door, incarnation) DO UPDATE
    SET n = EXCLUDED.n, signature = EXCLUDED.signature, manifest_version = EXCLUDED.manifest_version
    -- Two beats may come over two connections in either order; a count only grows.
    WHERE EXCLUDED.n >= recourse.door_count.n;
    DELETE FROM recourse.sms_seen o WHERE o.tag = ANY (ARRAY(
        SELECT h.tag FROM recourse.sms_seen h WHERE h.slot = ANY (recourse.slots_over(p_oldest, p_newest))
        LIMIT 100000));
    SELECT recourse.beat_once('sms');
$$;

GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA door_sms TO recourse_sms;
RESET ROLE;
