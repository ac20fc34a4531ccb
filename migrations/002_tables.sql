-- Every table. What stands here in clear is all that a stolen database tells (docs/database.md lists it).
--
-- The hot tables (sealed_case, case_key, message, inbox, case_state) carry no foreign keys: rows enter only through the
-- doors' functions, which keep them together, and a key check on each insert costs a tenth of the whole.
-- No column holds a time, but for checkpoints (their notes are public) and consultation rounds.

SET LOCAL ROLE recourse_owner;
SET LOCAL search_path = recourse, pg_catalog;

CREATE TABLE office (
    id int PRIMARY KEY
);
INSERT INTO office VALUES (1);

CREATE TABLE desk (
    code text PRIMARY KEY CHECK (code ~ '^[a-z][a-z0-9_]{0,15}$'),
    office int NOT NULL REFERENCES office,
    fence bigint NOT NULL DEFAULT 0,
    offered boolean NOT NULL DEFAULT false
);

CREATE TABLE sealed_case (
    case_id uuid PRIMARY KEY,
    office int NOT NULL,
    desk text NOT NULL,
    month date NOT NULL CHECK (extract(day FROM month) = 1)
);

CREATE TABLE case_key (
    case_id uuid NOT NULL,
    root smallint NOT NULL CHECK (root BETWEEN 1 AND 2),
    generation bigint NOT NULL CHECK (generation >= 1),
    recipient_kind smallint NOT NULL CHECK (recipient_kind BETWEEN 1 AND 2),
    recipient_id bytea NOT NULL CHECK (octet_length(recipient_id) = 32),
    epoch int NOT NULL,
    wrap bytea NOT NULL CHECK (octet_length(wrap) BETWEEN 1 AND 96),
    commitment bytea NOT NULL CHECK (octet_length(commitment) = 32),
    PRIMARY KEY (case_id, root, generation, recipient_kind, recipient_id)
);
-- A receipt's handle, to find its case; a case may be rekeyed for it, so not unique.
CREATE INDEX case_key_receipt ON case_key (recipient_id) WHERE recipient_kind = 2;

CREATE TABLE message (
    row_id uuid PRIMARY KEY,
    case_id uuid NOT NULL,
    office int NOT NULL,
    door smallint NOT NULL,
    incarnation bigint NOT NULL,
    n bigint NOT NULL,
    root smallint NOT NULL CHECK (root BETWEEN 1 AND 2),
    generation bigint NOT NULL CHECK (generation >= 1),
    part smallint NOT NULL CHECK (part BETWEEN 1 AND 2),
    author smallint NOT NULL CHECK (author BETWEEN 1 AND 5),
    body bytea NOT NULL,
    signature bytea CHECK (octet_length(signature) = 64),
    pos bigint NOT NULL GENERATED ALWAYS AS IDENTITY
);
CREATE INDEX message_case ON message (case_id, pos);

CREATE TABLE inbox (
    pos bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    desk text NOT NULL,
    row_id uuid NOT NULL UNIQUE
);
CREATE INDEX inbox_desk ON inbox (desk, pos);

CREATE TABLE once_record (
    handle bytea PRIMARY KEY CHECK (octet_length(handle) = 32),
    tag bytea NOT NULL CHECK (octet_length(tag) = 32),
    slot smallint NOT NULL
);
CREATE INDEX once_record_slot ON once_record (slot);

CREATE TABLE sms_seen (
    tag bytea PRIMARY KEY CHECK (octet_length(tag) = 32),
    slot smallint NOT NULL
);
CREATE INDEX sms_seen_slot ON sms_seen (slot);

CREATE TABLE case_state (
    case_id uuid PRIMARY KEY,
    desk text NOT NULL,
    version bigint NOT NULL CHECK (version >= 1),
    fence bigint NOT NULL,
    body bytea NOT NULL,
    signature bytea NOT NULL CHECK (octet_length(signature) = 64),
    messages bigint NOT NULL,
    rows_hash bytea NOT NULL CHECK (octet_length(rows_hash) = 32),
    state_hash bytea NOT NULL CHECK (octet_length(state_hash) = 32)
);

CREATE TABLE record (
    record_id uuid PRIMARY KEY,
    desk text NOT NULL,
    version bigint NOT NULL CHECK (version >= 1),
    fence bigint NOT NULL,
    body bytea NOT NULL,
    signature bytea NOT NULL CHECK (octet_length(signature) = 64)
);

CREATE TABLE impact (
    impact_id uuid NOT NULL,
    version bigint NOT NULL CHECK (version >= 1),
    desk text NOT NULL,
    fence bigint NOT NULL,
    body bytea NOT NULL,
    signature bytea NOT NULL CHECK (octet_length(signature) = 64),
    PRIMARY KEY (impact_id, version)
);

CREATE TABLE outbox (
    id uuid PRIMARY KEY,
    desk text NOT NULL,
    channel text NOT NULL,
    key_id bytea NOT NULL CHECK (octet_length(key_id) = 8),
    body bytea NOT NULL
);

CREATE TABLE outbox_end (
    id uuid PRIMARY KEY,
    desk text NOT NULL,
    outcome smallint NOT NULL CHECK (outcome BETWEEN 1 AND 3)
);

CREATE TABLE gateway_key (
    office int PRIMARY KEY,
    key_id bytea NOT NULL CHECK (octet_length(key_id) = 8),
    public bytea NOT NULL CHECK (octet_length(public) = 32),
    signature bytea NOT NULL CHECK (octet_length(signature) = 64)
);

CREATE TABLE partner (
    partner_id uuid PRIMARY KEY,
    office int NOT NULL REFERENCES office,
    name text NOT NULL CHECK (octet_length(name) BETWEEN 1 AND 64),
    token_hash bytea NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
    scopes text[] NOT NULL,
    active boolean NOT NULL DEFAULT true
);

CREATE TABLE round (
    code text PRIMARY KEY CHECK (code ~ '^[a-z0-9][a-z0-9-]{0,31}$'),
    office int NOT NULL REFERENCES office,
    desk text NOT NULL REFERENCES desk,
    title text NOT NULL,
    questions jsonb NOT NULL,
    opens timestamptz NOT NULL,
    closes timestamptz NOT NULL CHECK (closes > opens)
);

CREATE TABLE audit_leaf (
    leaf_id uuid PRIMARY KEY,
    office int NOT NULL,
    desk text NOT NULL,
    entry bytea NOT NULL,
    entry_sha256 bytea NOT NULL CHECK (octet_length(entry_sha256) = 32),
    state_hash bytea CHECK (octet_length(state_hash) = 32),
    before_hash bytea CHECK (octet_length(before_hash) = 32)
);

-- Leaves that the sequencer has not placed yet, so that it need not search for them.
CREATE TABLE audit_pending (
    pos bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    leaf_id uuid NOT NULL UNIQUE
);

CREATE TABLE audit_seq (
    seq bigint PRIMARY KEY CHECK (seq >= 1),
    leaf_id uuid NOT NULL UNIQUE,
    leaf_hash bytea NOT NULL CHECK (octet_length(leaf_hash) = 32)
);

CREATE TABLE audit_checkpoint (
    size bigint PRIMARY KEY,
    note text NOT NULL
);

CREATE TABLE door_count (
    office int NOT NULL,
    door smallint NOT NULL,
    incarnation bigint NOT NULL,
    n bigint NOT NULL,
    signature bytea NOT NULL CHECK (octet_length(signature) = 64),
    manifest_version int NOT NULL,
    PRIMARY KEY (door, incarnation)
);

-- A count that grows while the room lives; no time.
CREATE TABLE health (
    room text PRIMARY KEY,
    beat bigint NOT NULL
);

-- Sealed bytes do not compress.
ALTER TABLE message ALTER body SET STORAGE EXTERNAL;
ALTER TABLE case_state ALTER body SET STORAGE EXTERNAL;
ALTER TABLE record ALTER body SET STORAGE EXTERNAL;
ALTER TABLE impact ALTER body SET STORAGE EXTERNAL;
ALTER TABLE outbox ALTER body SET STORAGE EXTERNAL;
ALTER TABLE audit_leaf ALTER entry SET STORAGE EXTERNAL;

-- The desk of a vault is its login: nothing that a session can set enters here.
CREATE FUNCTION my_desk() RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT CASE WHEN starts_with(session_user::text, 'recourse_vault_') THEN substr(session_user::text, 16) END
$$;

-- One beat of a room. Called by the doors' functions, as their owner.
CREATE FUNCTION beat_once(p_room text) RETURNS void
LANGUAGE sql
SET search_path = pg_catalog, recourse
AS $$
    INSERT INTO recourse.health AS h VALUES (p_room, 1) ON CONFLICT (room) DO UPDATE SET beat = h.beat + 1
$$;

-- Slots are numbers modulo 4096; those outside oldest..newest, which may wrap round, are over.
CREATE FUNCTION slots_over(p_oldest smallint, p_newest smallint) RETURNS smallint[]
LANGUAGE sql IMMUTABLE
AS $$
    SELECT array_agg(s::smallint) FROM generate_series(0, 4095) s
    WHERE (s - p_oldest + 4096) % 4096 > (p_newest - p_oldest + 4096) % 4096
$$;

ALTER TABLE desk ENABLE ROW LEVEL SECURITY;
ALTER TABLE sealed_case ENABLE ROW LEVEL SECURITY;
ALTER TABLE case_key ENABLE ROW LEVEL SECURITY;
ALTER TABLE message ENABLE ROW LEVEL SECURITY;
ALTER TABLE inbox ENABLE ROW LEVEL SECURITY;
ALTER TABLE case_state ENABLE ROW LEVEL SECURITY;
ALTER TABLE record ENABLE ROW LEVEL SECURITY;
ALTER TABLE impact ENABLE ROW LEVEL SECURITY;
ALTER TABLE outbox ENABLE ROW LEVEL SECURITY;
ALTER TABLE outbox_end ENABLE ROW LEVEL SECURITY;
ALTER TABLE round ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_leaf ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_pending ENABLE ROW LEVEL SECURITY;
ALTER TABLE door_count ENABLE ROW LEVEL SECURITY;
RESET ROLE;
