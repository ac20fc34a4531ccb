-- 018: what became of a text is not gone from here before the vault has kept it: the row is deleted in the transaction that
-- writes the ending into the case's state. Until then whoever asks is told it again.
SET LOCAL ROLE recourse_door_vault;

CREATE OR REPLACE FUNCTION door_vault.outbox_ends() RETURNS TABLE (id uuid, outcome smallint)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, recourse
AS $$
    SELECT e.id, e.outcome FROM recourse.outbox_end e WHERE e.desk = recourse.my_desk()
$$;

-- Part of a unit of change. Known before: nothing happens.
CREATE FUNCTION door_vault.outbox_end_known(p_id uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, recourse
AS $$
    DELETE FROM recourse.outbox_end e WHERE e.id = p_id AND e.desk = recourse.my_desk()
$$;
GRANT EXECUTE ON FUNCTION door_vault.outbox_end_known TO recourse_vault;

-- As before, but a text that has ended, which the vault did not know yet when it sealed it anew, goes out once.
CREATE OR REPLACE FUNCTION door_vault.outbox(p_id uuid, p_channel text, p_key_id bytea, p_body bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, recourse
AS $$
BEGIN
    DELETE FROM recourse.outbox o WHERE o.id = p_id AND o.desk = recourse.my_desk();
    IF EXISTS (SELECT FROM recourse.outbox_end e WHERE e.id = p_id AND e.desk = recourse.my_desk()) THEN
        RETURN;
    END IF;
    INSERT INTO recourse.outbox (id, desk, channel, key_id, body)
    VALUES (p_id, recourse.my_desk(), p_channel, p_key_id, p_body);
    PERFORM pg_notify('outbox', '');
END
$$;
RESET ROLE;
