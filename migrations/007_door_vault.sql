-- The door of a desk's vault. Row security and the functions say the same: a vault sees its own desk, and may add to
-- another desk's cases only in the transaction that begins them.
--
-- SQLSTATEs: RC001 version or fence is not the expected one, RC002 no such row of this desk, RC003 not this desk's,
-- RC004 this very unit (its audit leaf) was committed before.

SET LOCAL ROLE recourse_owner;
SET LOCAL search_path = recourse, pg_catalog;

-- True for a case of the caller's desk, or one that this transaction has begun. As owner, because the caller cannot see
-- another desk's cases.
CREATE FUNCTION vault_may_write(p_case uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, recourse
AS $$
    SELECT EXISTS (SELECT FROM recourse.sealed_case c
                   WHERE c.case_id = p_case
                     AND (c.desk = recourse.my_desk() OR c.xmin = pg_current_xact_id_if_assigned()::xid))
$$;

-- The desk of a row's case, where vault_may_write() holds for it; else NULL.
CREATE FUNCTION vault_desk_of_row(p_row uuid) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, recourse
AS $$
    SELECT c.desk FROM recourse.message m JOIN recourse.sealed_case c ON c.case_id = m.case_id
    WHERE m.row_id = p_row AND (c.desk = recourse.my_desk() OR c.xmin = pg_current_xact_id_if_assigned()::xid)
$$;

GRANT EXECUTE ON FUNCTION vault_may_write, vault_desk_of_row TO recourse_door_vault;

GRANT SELECT ON desk, sealed_case, case_key, message, inbox, case_state, record, impact, outbox, outbox_end, gateway_key,
    health, audit_leaf TO recourse_door_vault;
GRANT INSERT ON sealed_case, case_key, message, inbox, case_state, record, impact, outbox, audit_leaf, audit_pending, health
    TO recourse_door_vault;
GRANT UPDATE ON desk, case_state, record, health TO recourse_door_vault;
-- For the row lock of dissolve(); no policy lets an update through.
GRANT UPDATE (office) ON sealed_case TO recourse_door_vault;
GRANT DELETE ON sealed_case, case_key, message, inbox, outbox, outbox_end TO recourse_door_vault;

CREATE POLICY vault_reads ON desk FOR SELECT TO recourse_door_vault USING (true);
CREATE POLICY vault_own ON desk FOR UPDATE TO recourse_door_vault USING (code = my_desk()) WITH CHECK (code = my_desk());
CREATE POLICY vault_own ON sealed_case FOR SELECT TO recourse_door_vault USING (desk = my_desk());
CREATE POLICY vault_locks ON sealed_case FOR UPDATE TO recourse_door_vault USING (desk = my_desk()) WITH CHECK (false);
CREATE POLICY vault_ends ON sealed_case FOR DELETE TO recourse_door_vault USING (desk = my_desk());
CREATE POLICY vault_begins ON sealed_case FOR INSERT TO recourse_door_vault WITH CHECK (true);
-- Scalar subqueries, because they are always probed by key; EXISTS may become a scan of all cases.
CREATE POLICY vault_own ON case_key FOR SELECT TO recourse_door_vault
    USING ((SELECT c.desk FROM sealed_case c WHERE c.case_id = case_key.case_id) = my_desk());
CREATE POLICY vault_ends ON case_key FOR DELETE TO recourse_door_vault
    USING ((SELECT c.desk FROM sealed_case c WHERE c.case_id = case_key.case_id) = my_desk());
CREATE POLICY vault_adds ON case_key FOR INSERT TO recourse_door_vault WITH CHECK (vault_may_write(case_id));
CREATE POLICY vault_own ON message FOR SELECT TO recourse_door_vault
    USING ((SELECT c.desk FROM sealed_case c WHERE c.case_id = message.case_id) = my_desk());
CREATE POLICY vault_ends ON message FOR DELETE TO recourse_door_vault
    USING ((SELECT c.desk FROM sealed_case c WHERE c.case_id = message.case_id) = my_desk());
CREATE POLICY vault_adds ON message FOR INSERT TO recourse_door_vault WITH CHECK (door = 3 AND vault_may_write(case_id));
CREATE POLICY vault_own ON inbox FOR SELECT TO recourse_door_vault USING (desk = my_desk());
CREATE POLICY vault_ends ON inbox FOR DELETE TO recourse_door_vault USING (desk = my_desk());
CREATE POLICY vault_adds ON inbox FOR INSERT TO recourse_door_vault WITH CHECK (desk = vault_desk_of_row(row_id));
CREATE POLICY vault_own ON case_state TO recourse_door_vault
    USING (desk = my_desk()) WITH CHECK (desk = my_desk() AND vault_may_write(case_id));
CREATE POLICY vault_own ON record TO recourse_door_vault USING (desk = my_desk()) WITH CHECK (desk = my_desk());
CREATE POLICY vault_reads ON impact FOR SELECT TO recourse_door_vault USING (true);
CREATE POLICY vault_adds ON impact FOR INSERT TO recourse_door_vault WITH CHECK (desk = my_desk());
CREATE POLICY vault_own ON outbox TO recourse_door_vault USING (desk = my_desk()) WITH CHECK (desk = my_desk());
CREATE POLICY vault_own ON outbox_end TO recourse_door_vault USING (desk = my_desk()) WITH CHECK (false);
CREATE POLICY vault_own ON audit_leaf FOR SELECT TO recourse_door_vault USING (desk = my_desk());
CREATE POLICY vault_adds ON audit_leaf FOR INSERT TO recourse_door_vault WITH CHECK (desk = my_desk());
CREATE POLICY vault_adds ON audit_pending FOR INSERT TO recourse_door_vault WITH CHECK (true);

SET LOCAL ROLE recourse_door_vault;

-- --- becoming the one vault ---

CREATE FUNCTION door_vault.lock_key() RETURNS bigint
LANGUAGE sql STABLE
AS $$
    SELECT (1919247221::bigint << 32) | (hashtext(recourse.my_desk())::bigint & 4294967295)
$$;

-- The new fence, or NULL when another session is the desk's vault. The lock lives as long as the session.
CREATE FUNCTION door_vault.fence() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, recourse
AS $$
DECLARE
    raised bigint;
BEGIN
    IF NOT EXISTS (SELECT FROM recourse.desk d WHERE d.code = recourse.my_desk()) THEN
        RAISE EXCEPTION USING ERRCODE = 'RC002', MESSAGE = 'no such desk';
    END IF;
    IF NOT pg_try_advisory_lock(door_vault.lock_key()) THEN
        RETURN NULL;
    END IF;
    UPDATE recourse.desk d SET fence = d.fence + 1 WHERE d.code = recourse.my_desk() RETURNING d.fence INTO raised;
    RETURN raised;
END
$$;

-- After its session was lost: take the lock again, as long as no other vault has come since. The beat of this room.
CREATE FUNCTION door_vault.hold(p_fence bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, recourse
AS $$
BEGIN
    PERFORM recourse.beat_once('vault_' || recourse.my_desk());
    IF NOT EXISTS (SELECT FROM recourse.desk d WHERE d.code = recourse.my_desk() AND d.fence = p_fence) THEN
        RETURN false;
    END IF;
    RETURN EXISTS (SELECT FROM pg_locks l WHERE l.locktype = 'advisory' AND l.pid = pg_backend_pid() AND l.granted)
        OR pg_try_advisory_lock(door_vault.lock_key());
END
$$;

-- --- reading. Columns as door_intake.thread(), and the place in the inbox ---

CREATE FUNCTION door_vault.inbox(p_after bigint, p_limit int)
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
    WITH page AS MATERIALIZED (
        SELECT i.pos, i.row_id FROM recourse.inbox i
        WHERE i.desk = recourse.my_desk() AND i.pos > p_after ORDER BY i.pos LIMIT p_limit
    ), held AS MATERIALIZED (
        SELECT m.*, p.pos AS place FROM page p JOIN recourse.message m ON m.row_id = p.row_id
    )
    SELECT * FROM (
        SELECT 1::smallint AS a_kind, h.case_id, h.office, NULL::text, h.row_id, h.root, h.generation, h.part, h.author,
               h.door, h.incarnation, h.n, h.body, h.signature, h.pos, NULL::int, NULL::bytea, NULL::bytea,
               h.place AS a_place
        FROM held h
        UNION ALL
        SELECT 2::smallint, k.case_id, NULL, NULL, NULL, k.root, k.generation, NULL, NULL, NULL, NULL, NULL, k.wrap, NULL,
               NULL, k.epoch, k.recipient_id, k.commitment, NULL
        FROM (SELECT DISTINCT h.case_id FROM held h) c JOIN recourse.case_key k ON k.case_id = c.case_id
        WHERE k.recipient_kind = 1
    ) all_of_it
    ORDER BY a_kind, a_place;
END
$$;

CREATE FUNCTION door_vault.case_rows(p_case uuid)
RETURNS TABLE (kind smallint, case_id uuid, office int, desk text, row_id uuid, root smallint, generation bigint,
               part smallint, author smallint, door smallint, incarnation bigint, n bigint, body bytea, signature bytea,
               pos bigint, epoch int, recipient bytea, commitment bytea, inbox bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, recourse
SET enable_seqscan = off
SET plan_cache_mode = force_generic_plan
AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM recourse.sealed_case c WHERE c.case_id = p_case) THEN
        RAISE EXCEPTION USING ERRCODE = 'RC002', MESSAGE = 'no such case';
    END IF;
    RETURN QUERY
    SELECT * FROM (
        SELECT 1::smallint AS a_kind, m.case_id, m.office, NULL::text, m.row_id, m.root, m.generation, m.part, m.author,
               m.door, m.incarnation, m.n, m.body, m.signature, m.pos AS a_pos, NULL::int, NULL::bytea, NULL::bytea,
               (SELECT i.pos FROM recourse.inbox i WHERE i.row_id = m.row_id)
        FROM recourse.message m WHERE m.case_id = p_case
        UNION ALL
        SELECT 2::smallint, k.case_id, NULL, NULL, NULL, k.root, k.generation, NULL, NULL, NULL, NULL, NULL, k.wrap, NULL,
               NULL, k.epoch, k.recipient_id, k.commitment, NULL
        FROM recourse.case_key k WHERE k.case_id = p_case AND k.recipient_kind = 1
    ) all_of_it
    ORDER BY a_kind, a_pos;
END
$$;

-- A page of a shelf: kind 0 items, kind 2 desk wraps of the states' cases. body is the wrap there, as above.
CREATE FUNCTION door_vault.items(p_shelf smallint, p_after uuid, p_limit int)
RETURNS TABLE (kind smallint, id uuid, version bigint, fence bigint, body bytea, signature bytea, messages bigint,
               rows_hash bytea, desk text, root smallint, generation bigint, epoch int, recipient bytea, commitment bytea)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, recourse
SET enable_seqscan = off
AS $$
BEGIN
    RETURN QUERY
    WITH page AS MATERIALIZED (
        SELECT s.case_id AS an_id, s.version, s.fence, s.body, s.signature, s.messages, s.rows_hash, s.desk
        FROM recourse.case_state s WHERE p_shelf = 1 AND s.case_id > p_after ORDER BY s.case_id LIMIT p_limit
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
        FROM (SELECT * FROM page UNION ALL SELECT * FROM records UNION ALL SELECT * FROM impacts) x
        UNION ALL
        SELECT 2::smallint, k.case_id, NULL, NULL, k.wrap, NULL, NULL, NULL, NULL, k.root, k.generation, k.epoch,
               k.recipient_id, k.commitment
        FROM page p JOIN recourse.case_key k ON k.case_id = p.an_id WHERE k.recipient_kind = 1
    ) all_of_it
    ORDER BY a_kind, an_id, a_root;
END
$$;

CREATE FUNCTION door_vault.gateway_key() RETURNS TABLE (key_id bytea, public bytea, signature bytea)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, recourse
AS $$
    SELECT g.key_id, g.public, g.signature FROM recourse.gateway_key g
    WHERE g.office = (SELECT d.office FROM recourse.desk d WHERE d.code = recourse.my_desk())
$$;

CREATE FUNCTION door_vault.outbox_ends() RETURNS TABLE (id uuid, outcome smallint)
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, recourse
AS $$
    DELETE FROM recourse.outbox_end e WHERE e.desk = recourse.my_desk() RETURNING e.id, e.outcome
$$;

-- --- a unit of change: one transaction, begin() first ---

CREATE FUNCTION door_vault.begin(p_fence bigint, p_leaves uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, recourse
AS $$
BEGIN
    IF EXISTS (SELECT FROM recourse.audit_leaf l WHERE l.leaf_id = ANY (p_leaves)) THEN
        RAISE EXCEPTION USING ERRCODE = 'RC004', MESSAGE = 'done before';
    END IF;
    -- Shared, so that units run side by side, while a new vault's fence() waits for them.
    PERFORM 1 FROM recourse.desk d WHERE d.code = recourse.my_desk() AND d.fence = p_fence FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'RC001', MESSAGE = 'fence';
    END IF;
END
$$;

CREATE FUNCTION door_vault.leaf(p_leaf uuid, p_entry bytea, p_entry_sha256 bytea, p_state_hash bytea,
                                p_before_hash bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, recourse
AS $$
BEGIN
    INSERT INTO recourse.audit_leaf (leaf_id, office, desk, entry, entry_sha256, state_hash, before_hash)
    SELECT p_leaf, d.office, d.code, p_entry, p_entry_sha256, p_state_hash, p_before_hash
    FROM recourse.desk d WHERE d.code = recourse.my_desk()
    ON CONFLICT DO NOTHING;
    -- The same unit, sent on a connection that was lost, has just been committed.
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'RC004', MESSAGE = 'done before';
    END IF;
    INSERT INTO recourse.audit_pending (leaf_id) VALUES (p_leaf);
END
$$;

CREATE FUNCTION door_vault.conflict_unless(p_found boolean) RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
    IF NOT p_found THEN
        RAISE EXCEPTION USING ERRCODE = 'RC001', MESSAGE = 'version';
    END IF;
END
$$;

CREATE FUNCTION door_vault.put_state(p_case uuid, p_version bigint, p_fence bigint, p_body bytea, p_signature bytea,
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
            rows_hash = p_rows_hash, state_hash = p_state_hash
        WHERE s.case_id = p_case AND s.desk = recourse.my_desk() AND s.version = p_version - 1;
    END IF;
    PERFORM door_vault.conflict_unless(FOUND);
END
$$;

CREATE FUNCTION door_vault.put_record(p_id uuid, p_version bigint, p_fence bigint, p_body bytea, p_signature bytea)
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, recourse
AS $$
BEGIN
    IF p_version = 1 THEN
        INSERT INTO recourse.record (record_id, desk, version, fence, body, signature)
        VALUES (p_id, recourse.my_desk(), 1, p_fence, p_body, p_signature) ON CONFLICT DO NOTHING;
    ELSE
        UPDATE recourse.record r SET version = p_version, fence = p_fence, body = p_body, signature = p_signature
        WHERE r.record_id = p_id AND r.desk = recourse.my_desk() AND r.version = p_version - 1;
    END IF;
    PERFORM door_vault.conflict_unless(FOUND);
END
$$;

-- Every version stays. The register is the office's: all vaults are rung.
CREATE FUNCTION door_vault.put_impact(p_id uuid, p_version bigint, p_fence bigint, p_body bytea, p_signature bytea)
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, recourse
AS $$
BEGIN
    PERFORM door_vault.conflict_unless(
        coalesce((SELECT max(i.version) FROM recourse.impact i WHERE i.impact_id = p_id), 0) = p_version - 1);
    INSERT INTO recourse.impact (impact_id, version, desk, fence, body, signature)
    VALUES (p_id, p_version, recourse.my_desk(), p_fence, p_body, p_signature) ON CONFLICT DO NOTHING;
    PERFORM door_vault.conflict_unless(FOUND);
    PERFORM pg_notify('register', '');
END
$$;

CREATE FUNCTION door_vault.add_case(p_case uuid, p_office int, p_desk text, p_month date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, recourse
AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM recourse.desk d WHERE d.code = p_desk AND d.office = p_office) THEN
        RAISE EXCEPTION USING ERRCODE = 'RC002', MESSAGE = 'no such desk';
    END IF;
    INSERT INTO recourse.sealed_case (case_id, office, desk, month) VALUES (p_case, p_office, p_desk, p_month)
    ON CONFLICT DO NOTHING;
    PERFORM door_vault.conflict_unless(FOUND);
END
$$;

CREATE FUNCTION door_vault.must_own(p_case uuid) RETURNS void
LANGUAGE plpgsql STABLE
AS $$
BEGIN
    IF NOT recourse.vault_may_write(p_case) THEN
        RAISE EXCEPTION USING ERRCODE = 'RC003', MESSAGE = 'not of this desk';
    END IF;
END
$$;

CREATE FUNCTION door_vault.add_row(p_row uuid, p_case uuid, p_office int, p_incarnation bigint, p_n bigint, p_root smallint,
                                   p_generation bigint, p_part smallint, p_author smallint, p_body bytea,
                                   p_signature bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, recourse
AS $$
BEGIN
    PERFORM door_vault.must_own(p_case);
    INSERT INTO recourse.message (row_id, case_id, office, door, incarnation, n, root, generation, part, author, body,
                                  signature)
    VALUES (p_row, p_case, p_office, 3, p_incarnation, p_n, p_root, p_generation, p_part, p_author, p_body, p_signature)
    ON CONFLICT DO NOTHING;
    PERFORM door_vault.conflict_unless(FOUND);
END
$$;

CREATE FUNCTION door_vault.add_wrap(p_case uuid, p_root smallint, p_generation bigint, p_kind smallint, p_recipient bytea,
                                    p_epoch int, p_wrap bytea, p_commitment bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, recourse
AS $$
BEGIN
    PERFORM door_vault.must_own(p_case);
    INSERT INTO recourse.case_key (case_id, root, generation, recipient_kind, recipient_id, epoch, wrap, commitment)
    VALUES (p_case, p_root, p_generation, p_kind, p_recipient, p_epoch, p_wrap, p_commitment) ON CONFLICT DO NOTHING;
    PERFORM door_vault.conflict_unless(FOUND);
END
$$;

CREATE FUNCTION door_vault.add_inbox(p_row uuid, p_desk text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, recourse
AS $$
BEGIN
    IF p_desk IS NULL OR recourse.vault_desk_of_row(p_row) IS DISTINCT FROM p_desk THEN
        RAISE EXCEPTION USING ERRCODE = 'RC003', MESSAGE = 'not of that desk';
    END IF;
    INSERT INTO recourse.inbox (desk, row_id) VALUES (p_desk, p_row);
    PERFORM pg_notify('desk_' || p_desk, '');
END
$$;

CREATE FUNCTION door_vault.taken(p_inbox bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, recourse
AS $$
BEGIN
    DELETE FROM recourse.inbox i WHERE i.pos = p_inbox AND i.desk = recourse.my_desk();
    PERFORM door_vault.conflict_unless(FOUND);
END
$$;

-- Only while nothing has been decided about it, and nothing else has come in for it.
CREATE FUNCTION door_vault.dissolve(p_case uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, recourse
AS $$
BEGIN
    PERFORM 1 FROM recourse.sealed_case c WHERE c.case_id = p_case FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'RC002', MESSAGE = 'no such case';
    END IF;
    PERFORM door_vault.conflict_unless(
        NOT EXISTS (SELECT FROM recourse.case_state s WHERE s.case_id = p_case)
        AND NOT EXISTS (SELECT FROM recourse.message m JOIN recourse.inbox i ON i.row_id = m.row_id
                        WHERE m.case_id = p_case));
    DELETE FROM recourse.message m WHERE m.case_id = p_case;
    DELETE FROM recourse.case_key k WHERE k.case_id = p_case;
    DELETE FROM recourse.sealed_case c WHERE c.case_id = p_case;
END
$$;

-- The same id again is the same text, sealed anew to another day's key.
CREATE FUNCTION door_vault.outbox(p_id uuid, p_channel text, p_key_id bytea, p_body bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, recourse
AS $$
BEGIN
    DELETE FROM recourse.outbox o WHERE o.id = p_id AND o.desk = recourse.my_desk();
    INSERT INTO recourse.outbox (id, desk, channel, key_id, body)
    VALUES (p_id, recourse.my_desk(), p_channel, p_key_id, p_body);
    PERFORM pg_notify('outbox', '');
END
$$;

CREATE FUNCTION door_vault.offered(p_offered boolean) RETURNS void
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, recourse
AS $$
    UPDATE recourse.desk d SET offered = p_offered WHERE d.code = recourse.my_desk()
$$;

-- Whether somebody works at that desk, ours or another: where danger is reported to. False for one that does not exist.
CREATE FUNCTION door_vault.offered(p_desk text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, recourse
AS $$
    SELECT coalesce((SELECT d.offered FROM recourse.desk d WHERE d.code = p_desk), false)
$$;

GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA door_vault TO recourse_vault;
REVOKE EXECUTE ON FUNCTION door_vault.lock_key, door_vault.conflict_unless, door_vault.must_own FROM recourse_vault;
RESET ROLE;
