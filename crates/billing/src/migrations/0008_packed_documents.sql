-- The text of a long document, as LZ4; its `document` is empty then. NULL for those whose text lies there as it is.
ALTER TABLE invoice ADD COLUMN packed BYTEA;
