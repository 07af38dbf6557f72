"""Texts of notifications: kept as what they say and of what, and said in the language of who reads them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from cdtteam.core.reasons import Reason

Words = Reason | str
"""A text of the catalogue with what stands in it (`core.reasons.because`), or one as somebody at the desk wrote it."""


def kept(words: Words) -> dict[str, Any]:
    """As a row keeps it; values are texts, numbers and dates."""
    if isinstance(words, str):
        return {"text": words}
    return {"message": words.message, "values": {name: _kept(value) for name, value in words.values.items()}}


def said(words: Mapping[str, Any]) -> str:
    """What a row keeps, in the language at hand."""
    if "text" in words:
        return str(words["text"])
    translated = _  # of a text that stands in the catalogue where it was given
    return str(translated(words["message"], **{name: _shown(value) for name, value in words["values"].items()}))


def said_in(locale: str, *texts: Mapping[str, Any]) -> list[str]:
    """Several texts in one language, for who is not asking at this moment."""
    with force_locale(locale):
        return [said(words) for words in texts]


def _kept(value: object) -> object:
    return {"on": value.isoformat()} if isinstance(value, date) else value


def _shown(value: Any) -> object:
    return f"{date.fromisoformat(value['on']):%d/%m/%Y}" if isinstance(value, dict) else value
