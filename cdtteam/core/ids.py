"""Identifiers: UUID version 7 for every row (RFC 9562)."""

from uuid import UUID

from uuid_utils.compat import uuid7

__all__ = ["is_uuid7", "new_id"]


def new_id() -> UUID:
    """A fresh UUID version 7."""
    return uuid7()


def is_uuid7(value: UUID) -> bool:
    """Whether `value` has version 7 and the RFC's variant."""
    return value.version == 7
