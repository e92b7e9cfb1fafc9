-- How many codes and sessions are open at once is bounded; what is counted for that is found by these.

CREATE INDEX authorization_code_user ON authorization_code (tenant, user_id);
CREATE INDEX device_code_app ON device_code (app, state);
