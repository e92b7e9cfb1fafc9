-- When a person of a partner last got a token without a second factor. Rows go a week later.
CREATE TABLE weak_sign_in (
    tenant TEXT NOT NULL REFERENCES tenant (id),
    user_id TEXT NOT NULL,
    last_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, user_id)
);

CREATE INDEX weak_sign_in_last_at ON weak_sign_in (last_at);
