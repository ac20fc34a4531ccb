-- The way in, with less work for what nearly always comes: a batch of new cases that nobody has sent before.
--
-- Such a batch is put in by one plain insert for each table, without looking first, without joining, and without a copy
-- of the bodies. When something of it is there already (a unit sent again, a handle or a tag that is known, the same
-- twice in one batch) a unique index says so: what this way did is taken back, and the other way, which looks at each
-- unit, decides. Both are one transaction and one answer. The row id is the gate here too: messages go in first, in the
-- order of their ids, so that two batches never wait for one another in a circle.
--
-- An answer "there already" must be as safe as the first one was. The transaction that gives it writes nothing, so its
-- COMMIT would wait for no standby, and the row that it found may be in no standby yet: an empty message in the log
-- makes the COMMIT wait for everything before it.

SET LOCAL ROLE recourse_owner;
SET LOCAL search_path = recourse, pg_catalog;

-- Outcomes as before: 1 stored, 2 there already, 3 its idempotency handle is used by another body, 4 no such case,
-- 0 undecided because of another unit in this batch (send it again alone). SQLSTATE RC002: no such desk. The arrays of
-- handles and tags may be NULL where no unit has one.
CREATE OR REPLACE FUNCTION append_units(
    p_door smallint, p_office int[], p_desk text[], p_new boolean[], p_month date[], p_case uuid[], p_row uuid[],
    p_root smallint[], p_generation bigint[], p_part smallint[], p_author smallint[], p_incarnation bigint[], p_n bigint[],
    p_body bytea[], p_once_handle bytea[], p_once_tag bytea[], p_once_slot smallint[], p_seen_tag bytea[],
    p_seen_slot smallint[],
    p_wrap_unit bigint[], p_wrap_root smallint[], p_wrap_generation bigint[], p_wrap_kind smallint[],
    p_wrap_recipient bytea[], p_wrap_epoch int[], p_wrap bytea[], p_wrap_commitment bytea[])
RETURNS TABLE (outcome smallint, at_desk text)
LANGUAGE plpgsql
SET search_path = pg_catalog, recourse
SET enable_seqscan = off
SET enable_bitmapscan = off
SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
    any_there boolean := false;
BEGIN
    -- A desk that does not exist is the fault of one unit: the other way says so.
    IF true = ALL (p_new) AND p_desk <@ ARRAY(SELECT d.code FROM recourse.desk d) THEN
        BEGIN
            INSERT INTO recourse.message (row_id, case_id, office, door, incarnation, n, root, generation, part, author,
                                          body)
            SELECT t.row_id, t.case_id, t.office, p_door, t.incarnation, t.n, t.root, t.generation, t.part, t.author,
                   t.body
            FROM unnest(p_row, p_case, p_office, p_incarnation, p_n, p_root, p_generation, p_part, p_author, p_body)
                AS t(row_id, case_id, office, incarnation, n, root, generation, part, author, body)
            ORDER BY t.row_id;
            INSERT INTO recourse.sealed_case (case_id, office, desk, month)
            SELECT t.case_id, t.office, t.desk, t.month
            FROM unnest(p_case, p_office, p_desk, p_month) AS t(case_id, office, desk, month);
            IF p_once_handle IS NOT NULL THEN
                INSERT INTO recourse.once_record (handle, tag, slot)
                SELECT t.handle, t.tag, t.slot FROM unnest(p_once_handle, p_once_tag, p_once_slot) AS t(handle, tag, slot)
                WHERE t.handle IS NOT NULL ORDER BY t.handle;
            END IF;
            IF p_seen_tag IS NOT NULL THEN
                INSERT INTO recourse.sms_seen (tag, slot)
                SELECT t.tag, t.slot FROM unnest(p_seen_tag, p_seen_slot) AS t(tag, slot)
                WHERE t.tag IS NOT NULL ORDER BY t.tag;
            END IF;
            INSERT INTO recourse.case_key (case_id, root, generation, recipient_kind, recipient_id, epoch, wrap,
                                           commitment)
            SELECT p_case[w.unit], w.root, w.generation, w.kind, w.recipient, w.epoch, w.wrap, w.commitment
            FROM unnest(p_wrap_unit, p_wrap_root, p_wrap_generation, p_wrap_kind, p_wrap_recipient, p_wrap_epoch, p_wrap,
                        p_wrap_commitment) AS w(unit, root, generation, kind, recipient, epoch, wrap, commitment);
            INSERT INTO recourse.inbox (desk, row_id)
            SELECT t.desk, t.row_id FROM unnest(p_desk, p_row, p_part) AS t(desk, row_id, part) WHERE t.part = 1;
            RETURN QUERY SELECT 1::smallint, t.desk FROM unnest(p_desk) AS t(desk);
            RETURN;
        EXCEPTION WHEN unique_violation THEN
            NULL;
        END;
    END IF;
    -- A case that is written to must not be dissolved meanwhile.
    IF false = ANY (p_new) THEN
        PERFORM 1 FROM recourse.sealed_case c WHERE c.case_id = ANY (p_case) ORDER BY c.case_id FOR KEY SHARE;
    END IF;
    FOR outcome, at_desk IN
        WITH given AS MATERIALIZED (
            SELECT t.*,
                   (SELECT c.desk FROM recourse.sealed_case c WHERE c.case_id = t.case_id) AS case_desk,
                   CASE WHEN t.is_new THEN (SELECT d.code FROM recourse.desk d WHERE d.code = t.desk) END AS new_desk,
                   CASE WHEN t.once_handle IS NOT NULL
                        THEN (SELECT o.tag FROM recourse.once_record o WHERE o.handle = t.once_handle) END AS once_there,
                   CASE WHEN t.seen_tag IS NOT NULL
                        THEN (SELECT true FROM recourse.sms_seen s WHERE s.tag = t.seen_tag) END AS seen_there,
                   row_number() OVER (PARTITION BY t.case_id, t.is_new ORDER BY t.unit) AS case_turn,
                   row_number() OVER (PARTITION BY t.row_id ORDER BY t.unit) AS row_turn,
                   CASE WHEN t.once_handle IS NULL THEN 1
                        ELSE row_number() OVER (PARTITION BY t.once_handle ORDER BY t.unit) END AS once_turn,
                   CASE WHEN t.seen_tag IS NULL THEN 1
                        ELSE row_number() OVER (PARTITION BY t.seen_tag ORDER BY t.unit) END AS seen_turn
            FROM unnest(p_office, p_desk, p_new, p_month, p_case, p_row, p_root, p_generation, p_part, p_author,
                        p_incarnation, p_n, p_body, p_once_handle, p_once_tag, p_once_slot, p_seen_tag, p_seen_slot)
                WITH ORDINALITY AS t(office, desk, is_new, month, case_id, row_id, root, generation, part, author,
                                     incarnation, n, body, once_handle, once_tag, once_slot, seen_tag, seen_slot, unit)
        ), judged AS MATERIALIZED (
            SELECT g.*, coalesce(g.case_desk, g.new_desk) AS goes_to,
                   CASE WHEN g.once_there <> g.once_tag THEN 3
                        WHEN g.once_there IS NOT NULL OR g.seen_there THEN 2
                        WHEN g.is_new AND g.case_desk IS NOT NULL THEN 2
                        WHEN NOT g.is_new AND g.case_desk IS NULL THEN 4
                        WHEN g.row_turn > 1 OR g.once_turn > 1 OR g.seen_turn > 1 OR (g.is_new AND g.case_turn > 1) THEN 0
                        ELSE 1 END AS verdict
            FROM given g
        ), put_message AS (
            INSERT INTO recourse.message (row_id, case_id, office, door, incarnation, n, root, generation, part, author, body)
            SELECT j.row_id, j.case_id, j.office, p_door, j.incarnation, j.n, j.root, j.generation, j.part, j.author, j.body
            FROM judged j
            WHERE CASE WHEN j.verdict = 1 THEN recourse.need_desk(j.goes_to) END
            ORDER BY j.row_id
            ON CONFLICT DO NOTHING
            RETURNING row_id
        ), stored AS MATERIALIZED (
            SELECT j.* FROM judged j JOIN put_message m ON m.row_id = j.row_id WHERE j.verdict = 1
        ), put_case AS (
            INSERT INTO recourse.sealed_case (case_id, office, desk, month)
            SELECT s.case_id, s.office, s.goes_to, s.month FROM stored s WHERE s.is_new ORDER BY s.case_id
        ), put_once AS (
            INSERT INTO recourse.once_record (handle, tag, slot)
            SELECT s.once_handle, s.once_tag, s.once_slot FROM stored s WHERE s.once_handle IS NOT NULL
            ORDER BY s.once_handle
        ), put_seen AS (
            INSERT INTO recourse.sms_seen (tag, slot)
            SELECT s.seen_tag, s.seen_slot FROM stored s WHERE s.seen_tag IS NOT NULL ORDER BY s.seen_tag
        ), put_key AS (
            INSERT INTO recourse.case_key (case_id, root, generation, recipient_kind, recipient_id, epoch, wrap, commitment)
            SELECT s.case_id, w.root, w.generation, w.kind, w.recipient, w.epoch, w.wrap, w.commitment
            FROM unnest(p_wrap_unit, p_wrap_root, p_wrap_generation, p_wrap_kind, p_wrap_recipient, p_wrap_epoch, p_wrap,
                        p_wrap_commitment) AS w(unit, root, generation, kind, recipient, epoch, wrap, commitment)
            JOIN stored s ON s.unit = w.unit
            ORDER BY s.case_id, w.root, w.generation, w.kind, w.recipient
        ), put_inbox AS (
            INSERT INTO recourse.inbox (desk, row_id)
            SELECT s.goes_to, s.row_id FROM stored s WHERE s.part = 1 ORDER BY s.unit
        )
        SELECT (CASE WHEN j.verdict = 1 AND m.row_id IS NULL THEN 2 ELSE j.verdict END)::smallint AS outcome,
               CASE WHEN j.verdict = 1 AND m.row_id IS NOT NULL THEN j.goes_to END AS at_desk
        FROM judged j LEFT JOIN put_message m ON m.row_id = j.row_id
        ORDER BY j.unit
    LOOP
        any_there := any_there OR outcome = 2;
        RETURN NEXT;
    END LOOP;
    IF any_there THEN
        PERFORM pg_logical_emit_message(true, 'recourse', '');
    END IF;
END
$$;
RESET ROLE;
