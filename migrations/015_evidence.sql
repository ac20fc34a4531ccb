-- What people send besides words: files, sealed piece by piece under a key that the database never sees (docs/evidence.md).
--
-- An upload belongs to nobody at first. When the report that names it is sent it is kept, and when the desk's vault has
-- read that report it is claimed for its case; from then on it lives and goes with the case. What nobody kept goes after a
-- day. In clear: ids, how many pieces, their padded sizes, the hour of the last change modulo 4096.

SET LOCAL ROLE recourse_owner;
SET LOCAL search_path = recourse, pg_catalog;

CREATE TABLE upload (
    upload_id uuid PRIMARY KEY,
    office int NOT NULL,
    case_id uuid,
    slot smallint NOT NULL,
    kept boolean NOT NULL DEFAULT false,
    is_whole boolean NOT NULL DEFAULT false,
    pieces int NOT NULL DEFAULT 0,
    bytes bigint NOT NULL DEFAULT 0,
    head bytea NOT NULL CHECK (octet_length(head) BETWEEN 1 AND 4096)
);
CREATE INDEX upload_case ON upload (case_id) WHERE case_id IS NOT NULL;
CREATE INDEX upload_slot ON upload (slot) WHERE case_id IS NULL;

-- Sealed bytes do not compress, and are read whole.
CREATE TABLE piece (
    upload_id uuid NOT NULL,
    n int NOT NULL CHECK (n >= 0),
    body bytea NOT NULL,
    PRIMARY KEY (upload_id, n)
);
ALTER TABLE piece ALTER body SET STORAGE EXTERNAL;
ALTER TABLE upload ALTER head SET STORAGE PLAIN;

ALTER TABLE upload ENABLE ROW LEVEL SECURITY;
ALTER TABLE piece ENABLE ROW LEVEL SECURITY;

-- --- the public door ---

GRANT SELECT, INSERT, DELETE ON upload TO recourse_door_intake;
GRANT UPDATE (slot, kept, is_whole, pieces, bytes, head) ON upload TO recourse_door_intake;
GRANT SELECT (upload_id, n), INSERT, DELETE ON piece TO recourse_door_intake;
-- What is claimed is the desk's alone.
CREATE POLICY intake_sees ON upload FOR SELECT TO recourse_door_intake USING (true);
CREATE POLICY intake_begins ON upload FOR INSERT TO recourse_door_intake WITH CHECK (case_id IS NULL);
CREATE POLICY intake_goes_on ON upload FOR UPDATE TO recourse_door_intake USING (case_id IS NULL) WITH CHECK (case_id IS NULL);
CREATE POLICY intake_ends ON upload FOR DELETE TO recourse_door_intake USING (case_id IS NULL);
CREATE POLICY intake_own ON piece TO recourse_door_intake
    USING (EXISTS (SELECT FROM upload u WHERE u.upload_id = piece.upload_id AND u.case_id IS NULL))
    WITH CHECK (EXISTS (SELECT FROM upload u WHERE u.upload_id = piece.upload_id AND NOT u.is_whole));

SET LOCAL ROLE recourse_door_intake;

-- The upload as it is. No row: there is none, or it is claimed already.
CREATE FUNCTION door_intake.upload(p_id uuid)
RETURNS TABLE (head bytea, pieces int, bytes bigint, is_whole boolean, kept boolean)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, recourse
AS $$
    SELECT u.head, u.pieces, u.bytes, u.is_whole, u.kept FROM recourse.upload u
    WHERE u.upload_id = p_id AND u.case_id IS NULL
$$;

CREATE FUNCTION door_intake.upload_begin(p_id uuid, p_office int, p_slot smallint, p_head bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, recourse
AS $$
BEGIN
    INSERT INTO recourse.upload (upload_id, office, slot, head) VALUES (p_id, p_office, p_slot, p_head)
    ON CONFLICT DO NOTHING;
    RETURN FOUND;
END
$$;

-- The next piece. RC001: another stands there, or the file is whole; RC002: no such upload.
CREATE FUNCTION door_intake.upload_piece(p_id uuid, p_n int, p_body bytea, p_head bytea, p_whole boolean, p_slot smallint)
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, recourse
AS $$
DECLARE
    there int;
BEGIN
    SELECT CASE WHEN u.is_whole THEN -1 ELSE u.pieces END INTO there
    FROM recourse.upload u WHERE u.upload_id = p_id FOR UPDATE;
    IF there IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'RC002', MESSAGE = 'no such upload';
    END IF;
    IF there <> p_n THEN
        RAISE EXCEPTION USING ERRCODE = 'RC001', MESSAGE = 'another piece';
    END IF;
    INSERT INTO recourse.piece (upload_id, n, body) VALUES (p_id, p_n, p_body);
    UPDATE recourse.upload u
    SET pieces = p_n + 1, bytes = u.bytes + octet_length(p_body), head = p_head, is_whole = p_whole, slot = p_slot
    WHERE u.upload_id = p_id;
END
$$;

-- These are named by a report that is about to be sent: which of them are whole, and how much they are. What is kept is
-- not ended by its sender any more. One that its desk has taken already is as good: the same report is sent again.
CREATE FUNCTION door_intake.uploads_keep(p_ids uuid[]) RETURNS TABLE (upload_id uuid, bytes bigint)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, recourse
AS $$
BEGIN
    PERFORM 1 FROM recourse.upload u WHERE u.upload_id = ANY (p_ids) ORDER BY u.upload_id FOR UPDATE;
    UPDATE recourse.upload u SET kept = true WHERE u.upload_id = ANY (p_ids) AND u.is_whole AND u.case_id IS NULL;
    RETURN QUERY SELECT u.upload_id, u.bytes FROM recourse.upload u WHERE u.upload_id = ANY (p_ids) AND u.is_whole;
END
$$;

CREATE FUNCTION door_intake.upload_end(p_id uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, recourse
AS $$
BEGIN
    PERFORM 1 FROM recourse.upload u WHERE u.upload_id = p_id AND NOT u.kept FOR UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    DELETE FROM recourse.piece p WHERE p.upload_id = p_id;
    DELETE FROM recourse.upload u WHERE u.upload_id = p_id AND NOT u.kept;
    RETURN true;
END
$$;

-- What was never sent, some at a time; and what was kept but whose report never reached a desk in all that time.
CREATE FUNCTION door_intake.uploads_purge(p_oldest smallint, p_newest smallint, p_kept_oldest smallint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, recourse
AS $$
DECLARE
    gone uuid[];
BEGIN
    SELECT array_agg(o.upload_id) INTO gone FROM (
        SELECT u.upload_id FROM recourse.upload u
        WHERE u.case_id IS NULL
          AND ((NOT u.kept AND u.slot = ANY (recourse.slots_over(p_oldest, p_newest)))
               OR (u.kept AND u.slot = ANY (recourse.slots_over(p_kept_oldest, p_newest))))
        LIMIT 20 FOR UPDATE SKIP LOCKED) o;
    DELETE FROM recourse.piece p WHERE p.upload_id = ANY (gone);
    DELETE FROM recourse.upload u WHERE u.upload_id = ANY (gone);
END
$$;

GRANT EXECUTE ON FUNCTION door_intake.upload, door_intake.upload_begin, door_intake.upload_piece, door_intake.uploads_keep,
    door_intake.upload_end, door_intake.uploads_purge TO recourse_intake;

-- --- the vault ---

RESET ROLE;
SET LOCAL ROLE recourse_owner;

GRANT SELECT, DELETE ON upload, piece TO recourse_door_vault;
GRANT UPDATE (case_id, kept) ON upload TO recourse_door_vault;
CREATE POLICY vault_own ON upload FOR SELECT TO recourse_door_vault
    USING (case_id IS NULL OR (SELECT c.desk FROM sealed_case c WHERE c.case_id = upload.case_id) = my_desk());
CREATE POLICY vault_claims ON upload FOR UPDATE TO recourse_door_vault
    USING (case_id IS NULL OR vault_may_write(case_id)) WITH CHECK (vault_may_write(case_id));
CREATE POLICY vault_ends ON upload FOR DELETE TO recourse_door_vault
    USING ((SELECT c.desk FROM sealed_case c WHERE c.case_id = upload.case_id) = my_desk());
CREATE POLICY vault_own ON piece TO recourse_door_vault
    USING ((SELECT c.desk FROM upload u JOIN sealed_case c ON c.case_id = u.case_id WHERE u.upload_id = piece.upload_id)
           = my_desk());

SET LOCAL ROLE recourse_door_vault;

-- The files that a message names belong to its case from now on. One that is not there, or is another case's, is passed
-- over: whoever asks for it is told.
CREATE FUNCTION door_vault.uploads_claim(p_case uuid, p_ids uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, recourse
AS $$
BEGIN
    UPDATE recourse.upload u SET case_id = p_case, kept = true
    WHERE u.upload_id = ANY (p_ids) AND u.case_id IS NULL;
END
$$;

-- One file of a case of this desk: its head with n -1, then the pieces from p_from on.
CREATE FUNCTION door_vault.upload(p_case uuid, p_id uuid, p_from int, p_limit int)
RETURNS TABLE (n int, body bytea, pieces int, is_whole boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, recourse
SET enable_seqscan = off
SET plan_cache_mode = force_generic_plan
AS $$
BEGIN
    RETURN QUERY
    SELECT -1, u.head, u.pieces, u.is_whole FROM recourse.upload u WHERE u.upload_id = p_id AND u.case_id = p_case;
    IF FOUND THEN
        RETURN QUERY
        SELECT p.n, p.body, NULL::int, NULL::boolean FROM recourse.piece p
        WHERE p.upload_id = p_id AND p.n >= p_from ORDER BY p.n LIMIT p_limit;
    END IF;
END
$$;

-- As before (007), and the files with it.
CREATE OR REPLACE FUNCTION door_vault.dissolve(p_case uuid) RETURNS void
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
    DELETE FROM recourse.piece p USING recourse.upload u WHERE u.case_id = p_case AND p.upload_id = u.upload_id;
    DELETE FROM recourse.upload u WHERE u.case_id = p_case;
    DELETE FROM recourse.message m WHERE m.case_id = p_case;
    DELETE FROM recourse.case_key k WHERE k.case_id = p_case;
    DELETE FROM recourse.sealed_case c WHERE c.case_id = p_case;
END
$$;

GRANT EXECUTE ON FUNCTION door_vault.uploads_claim, door_vault.upload TO recourse_vault;
RESET ROLE;
