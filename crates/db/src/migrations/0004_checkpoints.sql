-- A checkpoint is named by what it says: the digest of all its bytes. Its pieces are put under that name, each whenever
-- it is ready; the row in usage_checkpoint, written last, makes the whole valid. So pieces of two checkpoints never meet,
-- whoever was killed at writing one. Checkpoints of older versions are dropped: the log has it all.
DROP TABLE usage_checkpoint_chunk;
DROP TABLE usage_checkpoint;
CREATE TABLE usage_checkpoint (
    partition_no BIGINT PRIMARY KEY,
    seq BIGINT NOT NULL,
    digest TEXT NOT NULL,
    pieces BIGINT NOT NULL
);
CREATE TABLE usage_checkpoint_piece (
    partition_no BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    digest TEXT NOT NULL,
    piece_no BIGINT NOT NULL,
    checksum BIGINT NOT NULL,
    bytes BYTEA NOT NULL,
    PRIMARY KEY (partition_no, seq, digest, piece_no)
);
