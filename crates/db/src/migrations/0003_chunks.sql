-- A checkpoint too large for one row: its pieces but the last, which stands in usage_checkpoint and completes it.
CREATE TABLE usage_checkpoint_chunk (
    partition_no BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    chunk_no BIGINT NOT NULL,
    checksum BIGINT NOT NULL,
    bytes BYTEA NOT NULL,
    PRIMARY KEY (partition_no, seq, chunk_no)
);

-- Names of events that were moved out of memory: runs by the stretch of the log they cover. What memory keeps of a run,
-- in pieces; a run is there once these are.
CREATE TABLE usage_identity_run (
    partition_no BIGINT NOT NULL,
    after_seq BIGINT NOT NULL,
    through_seq BIGINT NOT NULL,
    chunk_no BIGINT NOT NULL,
    checksum BIGINT NOT NULL,
    bytes BYTEA NOT NULL,
    PRIMARY KEY (partition_no, after_seq, through_seq, chunk_no)
);

-- The names themselves.
CREATE TABLE usage_identity_page (
    partition_no BIGINT NOT NULL,
    after_seq BIGINT NOT NULL,
    through_seq BIGINT NOT NULL,
    page_no BIGINT NOT NULL,
    checksum BIGINT NOT NULL,
    bytes BYTEA NOT NULL,
    PRIMARY KEY (partition_no, after_seq, through_seq, page_no)
);

-- How many names of events each process of the world keeps in memory, if not as many as usual.
CREATE TABLE usage_memory (
    partition_no BIGINT PRIMARY KEY,
    names BIGINT NOT NULL
);
