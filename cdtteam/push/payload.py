"""What is sent to a browser: small, in its reader's language, and without the name of any resident."""

import base64
import hashlib
import unicodedata
from typing import Any

import msgspec

MOST = 3_800  # octets before encryption: push services take 4,096 after it (RFC 8030, 7.2; RFC 8291, 4)
TITLE = 200  # characters
_JOINERS = ("\u200d", "\ufe0e", "\ufe0f")


def payload(fields: dict[str, Any]) -> bytes:
    """The message as JSON of at most MOST octets; `title` and then `text` are cut, by whole characters."""
    fields = fields | {"title": cut(fields["title"], TITLE)}
    whole = msgspec.json.encode(fields)
    if len(whole) <= MOST:
        return whole
    text, fits, too_long = fields["text"], 0, len(fields["text"])
    while too_long - fits > 1:
        middle = (fits + too_long) // 2
        if len(msgspec.json.encode(fields | {"text": cut(text, middle)})) <= MOST:
            fits = middle
        else:
            too_long = middle
    return msgspec.json.encode(fields | {"text": cut(text, fits)})


def cut(text: str, most: int) -> str:
    """`text` in at most `most` characters, an ellipsis included; no letter loses its marks."""
    if len(text) <= most:
        return text
    end = max(most - 1, 0)
    while end and (unicodedata.combining(text[end]) or text[end] in _JOINERS or text[end - 1] == _JOINERS[0]):
        end -= 1
    return f"{text[:end].rstrip()}…"


def topic_of(key: str) -> str:
    """A key as `Topic` may have it: 32 characters of base64url (RFC 8030, 5.4), which tell the service nothing."""
    return base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest()[:24]).decode()
