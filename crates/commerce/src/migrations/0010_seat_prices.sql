-- List prices of seats, as the provider imported them: one row an import, and one a price of it. An offer that a list does
-- not name keeps the price it had; of two lists of one day the later import holds.
CREATE TABLE seat_price_list (
    import_no BIGINT PRIMARY KEY,
    market TEXT NOT NULL,
    currency TEXT NOT NULL,
    effective_from TEXT NOT NULL,
    imported_at BIGINT NOT NULL
);

CREATE INDEX seat_price_list_market ON seat_price_list (market, currency, effective_from, import_no);

CREATE TABLE seat_price (
    import_no BIGINT NOT NULL REFERENCES seat_price_list (import_no),
    offer TEXT NOT NULL,
    cycle TEXT NOT NULL,
    rate TEXT NOT NULL,
    first_party BIGINT NOT NULL,
    PRIMARY KEY (import_no, offer, cycle)
);
