"""Steps: each says what a user can rely on, and fails loudly."""

import base64
import json
import sys
import traceback
from contextlib import contextmanager


@contextmanager
def step(what):
    """Runs a step and prints its line. The first that fails ends the program."""
    try:
        yield
    except Exception:  # whatever a client raises is a failure of the step
        traceback.print_exc()
        print(f"FAILED  {what}", flush=True)
        sys.exit(1)
    print(f"ok  {what}", flush=True)


def token_of(answer):
    """The access token of what a library gave; its whole answer if there is none."""
    token = answer.get("access_token") or answer.get("accessToken")
    assert token, f"no token: {json.dumps(answer, default=str)}"
    return token


def claims_of(token):
    """What a token says. Clients may look at theirs; its signature is for the API that takes it."""
    body = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))


def expect(seen, expected):
    assert seen == expected, f"expected {expected!r}, saw {seen!r}"
