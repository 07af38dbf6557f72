"""Passwords are kept as Argon2id hashes."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher()
# Checked for handles that do not exist, so that the answer takes as long.
_NOBODY = _hasher.hash("nobody")


def hash_password(password: str) -> str:
    """The Argon2id hash of a password."""
    return _hasher.hash(password)


def is_password(hashed: str | None, password: str) -> bool:
    """Whether `password` is the one that was hashed; takes as long when there is none."""
    try:
        _hasher.verify(hashed or _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False
    return hashed is not None
