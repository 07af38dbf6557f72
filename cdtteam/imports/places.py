"""A commune's villages, by the names that lists give them, also those that they had before they were merged."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdtteam.areas.ground import home_on, piece_on
from cdtteam.areas.models import AreaTerm
from cdtteam.areas.queries import AreaMap, AreaOnMap, area_in_place_of, area_map, in_force
from cdtteam.core.text import fold, spelling

_KINDS = r"(thon|lang|xom|khu pho|kp|to dan pho|tdp|ban|ap|buon|khu|khom|khoi|plei)"

_COMMUNE = re.compile(r"^(xã|phường|thị trấn|đặc khu)\s+", re.IGNORECASE)

_TEAM = re.compile(r"^\s*tổ\s+(cnscđ|cns|công nghệ số( cộng đồng)?)\s+(?=\S)", re.IGNORECASE)


@dataclass
class Villages:
    """A commune's pieces of ground by whole folded name, and by the name without its kind where that means one only.

    `ended` says for those of villages that have ended which village stands in their place: lists go on naming them.
    """

    names: dict[UUID, str]
    by_key: dict[str, dict[UUID, str]]  # with the name that has this key
    ended: dict[UUID, UUID] = field(default_factory=dict)
    codes: dict[UUID, str] = field(default_factory=dict)

    def named(self, text: str) -> list[UUID]:
        """The villages that a cell can mean: one when it is clear. Marks tell apart what is alike without them.

        An address begins with its village (Thôn 3, xã Vĩnh Sơn); a team may be called by its own (Tổ CNSCĐ thôn 3).
        """
        bare = _TEAM.sub("", text)
        parts = re.split(r"[,;\n]| - ", bare)
        return self._named(bare) or (next(filter(None, map(self._named, parts)), []) if len(parts) > 1 else [])

    def _named(self, text: str) -> list[UUID]:
        key = _key(text)
        found = self.by_key.get(key) or self.by_key.get(_without_kind(key)) or {}
        return [one for one, name in found.items() if len(found) == 1 or _is_spelt_so(name, text)] or list(found)

    def clear_words(self, piece: UUID) -> str:
        """What can be written in a list so that a piece of ground is clear: its name, else the village's code."""
        name, code = self.names[piece], self.codes.get(piece)
        return f"“{name}”" if code is None or self.named(name) == [piece] else f"“{code}” ({name})"

    def village_of(self, piece: UUID) -> UUID:
        """The village of today to which a piece of ground belongs."""
        return self.ended.get(piece, piece)

    def ground(self, piece: UUID) -> list[UUID]:
        """All the ground of the village to which a piece belongs, the village's own first."""
        village = self.village_of(piece)
        return [village, *(other for other, stand_in in self.ended.items() if stand_in == village)]

    def meant_by(self, piece: UUID) -> list[UUID]:
        """The pieces of ground on which something may be that stands in a list under the name of a piece."""
        return [piece] if piece in self.ended else self.ground(piece)


def villages_of(session: Session, commune_id: UUID, on: date) -> Villages:
    """The villages of a commune on a day, or where it has ended of the one in its place, by all their names."""
    areas = area_map(session, on)
    standing = area_in_place_of(session, commune_id, on)
    ground = areas.ground_below(standing) if standing in areas.by_id else []
    pieces = [home for piece in ground if (home := home_on(areas, piece))]
    fuller = [(piece.id, text) for piece in pieces for text in _other_words(areas, piece)]
    names = {piece.id: piece.name for piece in sorted(pieces, key=lambda piece: piece.id)}
    ended = {id_: village.id for id_ in names if (village := areas.village_of(id_)) and village.id != id_}
    columns = (AreaTerm.area_id, AreaTerm.name, AreaTerm.code)
    terms = select(*columns).where(AreaTerm.area_id.in_(names), AreaTerm.from_on <= on)
    rows = session.execute(terms.order_by(AreaTerm.area_id, AreaTerm.from_on.desc())).all()
    former = [(row.area_id, text) for row in rows for text in (row.name, row.code)]
    codes = {piece.id: piece.code for piece in pieces if piece.id in areas.by_id}
    return replace(with_names(names, former, ended, fuller), codes=codes)


def _other_words(areas: AreaMap, piece: AreaOnMap) -> Iterator[str]:
    """By what else than its full name a piece of ground can be told in a list.

    A whole village by its name alone and its code; one of several of a name by the commune from which it came.
    """
    village = areas.by_id.get(piece.id)
    if village is None:
        return
    part = piece_on(areas, piece.id)
    yield from (village.name, village.code, part.name if part else village.name)
    if village.whence:
        yield f"{village.name} {village.whence}"
        yield f"{village.name} {_COMMUNE.sub('', village.whence)}"


def with_names(
    names: dict[UUID, str],
    former: Iterable[Sequence[Any]] = (),
    ended: dict[UUID, UUID] | None = None,
    fuller: Iterable[Sequence[Any]] = (),
) -> Villages:
    """Villages that are called so, or by a `fuller` text; `former` ones mean a village where none is called so today.

    Of both the village stands before the text.
    """
    today = _by_key([*names.items(), *fuller])
    return Villages(names, _by_key(former) | today, ended or {})


def _by_key(names: Iterable[Sequence[Any]]) -> dict[str, dict[UUID, str]]:
    found: dict[str, dict[UUID, str]] = {}
    for area_id, name in names:
        for key in dict.fromkeys((_key(name), _without_kind(_key(name)))):
            found.setdefault(key, {}).setdefault(area_id, name)
    return found


def commune_names(session: Session, commune_ids: set[UUID], on: date) -> dict[UUID, str]:
    """The names of communes on a day."""
    wanted = select(AreaTerm.area_id, AreaTerm.name).where(AreaTerm.area_id.in_(commune_ids), in_force(on))
    return dict(session.execute(wanted).all())


def in_a_sentence(name: str) -> str:
    """A village's name behind other words: thôn 3, khu phố 5, but Vĩnh Sơn."""
    return name[:1].lower() + name[1:] if _without_kind(_key(name)) != _key(name) else name


def _key(text: str) -> str:
    """A name's words, numbers without zeros in front: Thôn 03 is Thôn 3."""
    words = re.sub(r"[^\w]+", " ", fold(text)).split()
    return " ".join(word.lstrip("0") or "0" if word.isdecimal() else word for word in words)


def _is_spelt_so(name: str, text: str) -> bool:
    """Whether a text is a name, marks included, with or without its kind: An Thạnh is Thôn An Thạnh, not An Thành."""
    longer, shorter = sorted((spelling(name), spelling(text)), key=len, reverse=True)
    return longer[len(longer) - len(shorter) :] == shorter


def _without_kind(key: str) -> str:
    return re.sub(rf"^{_KINDS} (?=.)", "", key)
