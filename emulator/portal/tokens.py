"""The token in every form: it proves that the form was made by this portal, for the person who sends it."""

import hmac
import secrets

_SECRET = secrets.token_bytes(32)  # Of this process: a page that was open across a restart has to be opened anew.


def of(user_id: str) -> str:
    """The token of one person's forms."""
    return hmac.new(_SECRET, user_id.encode(), "sha256").hexdigest()


def fits(token: str, user_id: str) -> bool:
    """Whether a form that came with this token was made for this person."""
    return hmac.compare_digest(token.encode(), of(user_id).encode())
