-- Files of usage on their way in, piece by piece. A row moves on in the same commit as the events it speaks of.
CREATE TABLE usage_upload (
    id TEXT PRIMARY KEY,
    -- Whose it is: the reporter of its events; empty for the provider.
    tenant TEXT NOT NULL,
    format TEXT NOT NULL,
    -- For formats whose records name neither.
    source TEXT,
    subscription TEXT,
    -- Bytes of the whole file; none while the sender has not said.
    length BIGINT,
    -- Bytes whose lines were dealt with...
    taken BIGINT NOT NULL,
    -- ...and the beginning of a line behind them, whose end has not come.
    tail BYTEA NOT NULL,
    -- 1 while the rest of a line that is too long is passed over.
    skipping BIGINT NOT NULL,
    -- The first line of a CSV file; empty before it came.
    header BYTEA NOT NULL,
    lines BIGINT NOT NULL,
    accepted BIGINT NOT NULL,
    unrated BIGINT NOT NULL,
    duplicate BIGINT NOT NULL,
    refused BIGINT NOT NULL,
    done BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);

CREATE INDEX usage_upload_tenant ON usage_upload (tenant, created_at);

-- What was refused, many lines a row: JSON lines in the order of the file.
CREATE TABLE usage_upload_refusals (
    upload TEXT NOT NULL REFERENCES usage_upload (id) ON DELETE CASCADE,
    first_line BIGINT NOT NULL,
    last_line BIGINT NOT NULL,
    bytes BYTEA NOT NULL,
    PRIMARY KEY (upload, first_line)
);
