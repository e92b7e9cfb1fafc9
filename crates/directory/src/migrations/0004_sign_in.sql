-- Sign-in. Whatever gives access to somebody (codes, tokens, cookies) has 256 random bits, and only its SHA-256 is
-- kept: who reads this database cannot sign in with it.
--
-- `tenant` is where the user is at home, `acted_in` where the tokens are for. `valid_from` is what the user's
-- `tokens_valid_from` was at sign-in: what was given out counts for as long as it stays that.
-- A user or application may be gone while a row of it is left; then the row is worth nothing, and it expires.

CREATE TABLE authorization_code (
    digest TEXT PRIMARY KEY,
    tenant TEXT NOT NULL REFERENCES tenant (id),
    acted_in TEXT NOT NULL REFERENCES tenant (id),
    user_id TEXT NOT NULL,
    second_factor BIGINT NOT NULL,
    signed_in_at BIGINT NOT NULL,
    valid_from BIGINT NOT NULL,
    app TEXT NOT NULL,
    redirect_uri TEXT NOT NULL,
    asked TEXT NOT NULL,
    nonce TEXT,
    challenge TEXT,
    challenge_method TEXT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    redeemed_at BIGINT,
    family TEXT
);

CREATE INDEX authorization_code_tenant ON authorization_code (tenant);
CREATE INDEX authorization_code_expires_at ON authorization_code (expires_at);

-- All refresh tokens that come from one sign-in, each made from the one before. A client that proved who it is when it
-- got the first one must prove it for each.
CREATE TABLE token_family (
    id TEXT PRIMARY KEY,
    tenant TEXT NOT NULL REFERENCES tenant (id),
    user_id TEXT NOT NULL,
    second_factor BIGINT NOT NULL,
    signed_in_at BIGINT NOT NULL,
    valid_from BIGINT NOT NULL,
    app TEXT NOT NULL,
    client_proven BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT
);

CREATE INDEX token_family_user ON token_family (tenant, user_id);
CREATE INDEX token_family_expires_at ON token_family (expires_at);

CREATE TABLE refresh_token (
    digest TEXT PRIMARY KEY,
    family TEXT NOT NULL REFERENCES token_family (id),
    parent TEXT,
    asked TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    redeemed_at BIGINT
);

CREATE INDEX refresh_token_family ON refresh_token (family);
CREATE INDEX refresh_token_parent ON refresh_token (parent);
CREATE INDEX refresh_token_expires_at ON refresh_token (expires_at);

-- `tenant` is where the application was registered; who will decide is not known when the row is made.
CREATE TABLE device_code (
    digest TEXT PRIMARY KEY,
    user_code TEXT NOT NULL UNIQUE,
    tenant TEXT NOT NULL REFERENCES tenant (id),
    asked_of TEXT REFERENCES tenant (id),
    app TEXT NOT NULL,
    asked TEXT NOT NULL,
    state TEXT NOT NULL,
    home TEXT REFERENCES tenant (id),
    user_id TEXT,
    second_factor BIGINT,
    signed_in_at BIGINT,
    valid_from BIGINT,
    interval_seconds BIGINT NOT NULL,
    polled_at BIGINT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE INDEX device_code_tenant ON device_code (tenant);
CREATE INDEX device_code_expires_at ON device_code (expires_at);

-- A browser in which somebody signed in, or (`ticket`) has shown a password and must show the second factor.
CREATE TABLE sign_in_session (
    digest TEXT PRIMARY KEY,
    tenant TEXT NOT NULL REFERENCES tenant (id),
    user_id TEXT NOT NULL,
    stage TEXT NOT NULL,
    second_factor BIGINT NOT NULL,
    signed_in_at BIGINT NOT NULL,
    valid_from BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE INDEX sign_in_session_user ON sign_in_session (tenant, user_id);
CREATE INDEX sign_in_session_expires_at ON sign_in_session (expires_at);

-- What an assertion of a certificate was taken for, until it expires. `identity` is from its `jti`, `digest` from the
-- whole of it.
CREATE TABLE assertion_seen (
    tenant TEXT NOT NULL REFERENCES tenant (id),
    app TEXT NOT NULL,
    identity TEXT NOT NULL,
    purpose TEXT NOT NULL,
    digest TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, app, identity, purpose)
);

CREATE INDEX assertion_seen_expires_at ON assertion_seen (expires_at);

-- A key that no longer signs verifies what it signed until then.
ALTER TABLE signing_key ADD COLUMN retires_at BIGINT;
