"""The secret and the short code of an invitation: told when it is made, kept as hashes.

Both come from the server's key and the form with which the invitation was made, so that a form sent twice tells the
same link, and nothing is kept in clear. 160 bits for the link; the code is for typing and lives behind a throttle.
"""

import base64
import hashlib
import hmac
import re
from uuid import UUID

from flask import current_app

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that is read or written for something else
LENGTH = 8
_OCTETS = 20


def make_secret(form_id: UUID, member_id: UUID) -> str:
    """The secret of the invitation that a form makes for a member."""
    return base64.urlsafe_b64encode(_mac("secret", form_id.bytes + member_id.bytes)[:_OCTETS]).decode().rstrip("=")


def code_of(secret: str) -> str:
    """The short code that goes with a secret."""
    number = int.from_bytes(_mac("code", secret.encode()), "big")
    letters = []
    for _ in range(LENGTH):
        number, place = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[place])
    return "".join(letters)


def spaced(code: str) -> str:
    """A code as it is printed: ABCD-EFGH."""
    return f"{code[: LENGTH // 2]}-{code[LENGTH // 2 :]}"


def secret_digest(secret: str) -> bytes:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).digest()


def code_digest(code: str) -> bytes:
    """What is kept of a code, however it was typed; keyed, for there are few enough codes to try them all."""
    return _mac("kept code", re.sub(r"[\W_]", "", code).upper().encode())


def _mac(purpose: str, octets: bytes) -> bytes:
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.digest(key, f"invitation {purpose}\0".encode() + octets, "sha256")
