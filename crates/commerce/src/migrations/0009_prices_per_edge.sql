-- Prices that the seller of an edge named for its buyer, one row an import. A list is whole; of two with one date the later
-- import holds. `digest` is of the document, so that the same content again is found to be the same.
CREATE TABLE edge_price_sheet (
    id TEXT PRIMARY KEY,
    edge TEXT NOT NULL,
    seller TEXT NOT NULL,
    buyer TEXT NOT NULL,
    import_no BIGINT NOT NULL UNIQUE,
    market TEXT NOT NULL,
    currency TEXT NOT NULL,
    effective_from BIGINT NOT NULL,
    meters BIGINT NOT NULL,
    imported_at BIGINT NOT NULL,
    digest TEXT NOT NULL,
    document BYTEA NOT NULL
);

CREATE INDEX edge_price_sheet_edge ON edge_price_sheet (edge, effective_from, import_no);
CREATE INDEX edge_price_sheet_buyer ON edge_price_sheet (buyer);
CREATE INDEX edge_price_sheet_seller ON edge_price_sheet (seller);

-- What one unit of a currency costs in another in a month, as the provider imported it. Of two of a pair and month the
-- later import holds; documents name theirs.
CREATE TABLE fx_rate (
    import_no BIGINT NOT NULL,
    month TEXT NOT NULL,
    from_currency TEXT NOT NULL,
    to_currency TEXT NOT NULL,
    rate TEXT NOT NULL,
    source TEXT NOT NULL,
    dated TEXT NOT NULL,
    imported_at BIGINT NOT NULL,
    PRIMARY KEY (from_currency, to_currency, month, import_no)
);

CREATE INDEX fx_rate_import ON fx_rate (import_no);
