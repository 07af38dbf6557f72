"""The lines of a page's table: the areas of a level, so that together they are the whole."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote

from flask_babel import gettext

from cdtteam.areas.ground import called
from cdtteam.areas.models import Level
from cdtteam.areas.queries import AreaOnMap
from cdtteam.participation.choices import Links
from cdtteam.participation.figures import Participation
from cdtteam.participation.tally import Figures, Tally, total


@dataclass(frozen=True, slots=True)
class Line:
    """A line before it has figures; `id` is the area's, 32 hexadecimal digits, empty for one of several areas."""

    id: str
    name: str
    url: str
    areas: Sequence[AreaOnMap]

    def figures(self, tally: Tally) -> Figures:
        """The line's figures in a period."""
        return tally.of(self.areas[0]) if self.id else total(map(tally.of, self.areas))


def at_desk_level(answer: Participation) -> Participation:
    """The answer by the level that a page shows where none was chosen.

    It is the one below, unless communes lie under the province beside its districts: those would be in no row.
    """
    is_mixed = answer.by == Level.DISTRICT and bool(_outside_districts(answer))
    return replace(answer, by=Level.COMMUNE) if is_mixed else answer


def lines_of(links: Links, answer: Participation) -> list[Line]:
    """A line for every area of the level shown; by district also one for the communes that lie in none."""
    before, after = links.below()
    lines = [
        Line(area.id.hex, called(area), f"{before}{quote(area.code, safe='')}{after}", [area])
        for area, _ in answer.rows
    ]
    if answer.by == Level.DISTRICT and (others := _outside_districts(answer)):
        lines.append(Line("", gettext("Communes in no district"), links.to(by=Level.COMMUNE.value), others))
    return lines


def _outside_districts(answer: Participation) -> list[AreaOnMap]:
    below = answer.tally.areas.children.get(answer.area.id, ())
    return [area for area in below if area.level == Level.COMMUNE] if answer.area.level == Level.PROVINCE else []
