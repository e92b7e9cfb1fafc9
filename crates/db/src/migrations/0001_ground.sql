-- Numbers given out without gaps: outbox positions, invoice numbers.
CREATE TABLE counter (
    name TEXT PRIMARY KEY,
    value BIGINT NOT NULL
);

-- What happened, in commit order, for everybody who must hear of it.
CREATE TABLE outbox (
    position BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    topic TEXT NOT NULL,
    subject TEXT NOT NULL,
    payload TEXT NOT NULL
);

CREATE TABLE outbox_cursor (
    consumer TEXT PRIMARY KEY,
    position BIGINT NOT NULL
);

-- Work to be done at an instant of world time.
CREATE TABLE due_job (
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    due_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    last_error TEXT,
    done_at BIGINT,
    PRIMARY KEY (kind, subject)
);

CREATE INDEX due_job_next ON due_job (done_at, due_at);

-- Who did what. The line is written before the act and completed after it.
CREATE TABLE audit_line (
    id TEXT PRIMARY KEY,
    tenant TEXT,
    actor TEXT NOT NULL,
    act TEXT NOT NULL,
    target TEXT NOT NULL,
    request_id TEXT NOT NULL,
    correlation_id TEXT NOT NULL,
    opened_at BIGINT NOT NULL,
    completed_at BIGINT,
    outcome TEXT
);

CREATE INDEX audit_line_tenant ON audit_line (tenant, opened_at);

-- Answers of writes, to be given again when the same request comes again.
CREATE TABLE replay (
    tenant TEXT NOT NULL,
    request_key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    status BIGINT NOT NULL,
    headers TEXT NOT NULL,
    body BYTEA NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (tenant, request_key)
);

CREATE INDEX replay_at ON replay (at);

-- The usage log: one record a batch. A partition has one owner, told apart by its epoch.
CREATE TABLE usage_partition (
    partition_no BIGINT PRIMARY KEY,
    epoch BIGINT NOT NULL,
    next_seq BIGINT NOT NULL
);

CREATE TABLE usage_log (
    partition_no BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    epoch BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    first_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    checksum BIGINT NOT NULL,
    bytes BYTEA NOT NULL,
    PRIMARY KEY (partition_no, seq)
);

CREATE TABLE usage_checkpoint (
    partition_no BIGINT PRIMARY KEY,
    seq BIGINT NOT NULL,
    checksum BIGINT NOT NULL,
    bytes BYTEA NOT NULL
);
