"""Adding up: figures of villages and teams become those of every area above them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import zip_longest
from uuid import UUID

from cdtteam.areas.models import Level
from cdtteam.areas.queries import AreaMap, AreaOnMap
from cdtteam.participation.days import Services
from cdtteam.participation.standing import Standing, TeamStanding
from cdtteam.participation.summaries import Summary


@dataclass(slots=True)
class Figures:
    """The figures of an area (contracts, "Figures"): the sums of its villages' and of its teams'."""

    in_force: int = 0
    active: int = 0
    reported_nothing: int = 0
    causes: dict[Standing, int] = field(default_factory=dict)
    members_in_force: int = 0
    members_active: int = 0
    visits: int = 0
    people: int = 0
    households: int = 0
    households_unnamed: int = 0
    services: Services = field(default_factory=dict)
    series: list[int] = field(default_factory=list)

    @property
    def silent(self) -> int:
        """Teams that neither had a visit nor said that there was nothing."""
        return sum(self.causes.values())

    @property
    def participation(self) -> float | None:
        """Active teams among those in force, 0 to 1; None where there are no teams."""
        return self.active / self.in_force if self.in_force else None

    def take_team(self, team: TeamStanding) -> None:
        """Counts a team that stands here."""
        self.in_force += 1
        self.members_in_force += len(team.members)
        self.members_active += len(team.active_members)
        if team.standing is Standing.ACTIVE:
            self.active += 1
        elif team.standing is Standing.REPORTED_NOTHING:
            self.reported_nothing += 1
        else:
            self.causes[team.standing] = self.causes.get(team.standing, 0) + 1


def total(parts: Iterable[Figures]) -> Figures:
    """The sum of figures."""
    whole = Figures()
    series: list[list[int]] = []
    for part in parts:
        whole.in_force += part.in_force
        whole.active += part.active
        whole.reported_nothing += part.reported_nothing
        whole.members_in_force += part.members_in_force
        whole.members_active += part.members_active
        whole.visits += part.visits
        whole.people += part.people
        whole.households += part.households
        whole.households_unnamed += part.households_unnamed
        for cause, teams in part.causes.items():
            whole.causes[cause] = whole.causes.get(cause, 0) + teams
        _add_services(whole.services, part.services)
        series.append(part.series)
    whole.series = [sum(step) for step in zip_longest(*series, fillvalue=0)]
    return whole


def _add_services(whole: Services, part: Services) -> None:
    for code, (visits, people) in part.items():
        sums = whole.get(code)
        if sums is None:
            whole[code] = [visits, people]
        else:
            sums[0] += visits
            sums[1] += people


class Tally:
    """The figures of every area of one map, for one period, from one state of the database."""

    def __init__(self, areas: AreaMap, teams: Iterable[TeamStanding], summaries: Mapping[str, Summary]) -> None:
        self.areas = areas
        self.teams: dict[str, list[TeamStanding]] = {}  # by the village of the map under which they stand
        stand_ins = _stand_ins(areas)
        for team in teams:
            self.teams.setdefault(stand_ins.get(team.home, team.home), []).append(team)
        self._summaries = summaries
        self._known: dict[str, Figures] = {}

    def of(self, area: AreaOnMap) -> Figures:
        """The figures of an area on the map."""
        key = area.id.hex
        if key not in self._known:
            below = self.areas.children.get(area.id, ())
            self._known[key] = self._of_village(area.id) if area.level == Level.VILLAGE else total(map(self.of, below))
        return self._known[key]

    def teams_below(self, area: AreaOnMap) -> list[TeamStanding]:
        """The teams that stand in an area's villages."""
        villages = self.areas.below(area.id, Level.VILLAGE)
        return [team for village in villages for team in self.teams.get(village.id.hex, ())]

    def villages_of_team(self, team_id: str) -> list[str]:
        """The pieces of ground in which a team had visits in the period."""
        return [village for village, summary in self._summaries.items() if team_id in summary.teams]

    def _of_village(self, village_id: UUID) -> Figures:
        pieces = [self._of_piece(piece.hex) for piece in self.areas.ground(village_id)]
        figures = total(pieces) if len(pieces) > 1 else pieces[0]
        for team in self.teams.get(village_id.hex, ()):
            figures.take_team(team)
        return figures

    def _of_piece(self, piece: str) -> Figures:
        """What was done on a piece of ground; teams are those of its village."""
        summary = self._summaries.get(piece) or Summary()
        return Figures(
            visits=summary.visits, people=summary.people, households=summary.households,
            households_unnamed=summary.households_unnamed, services=summary.services, series=summary.series,
        )  # fmt: skip


def _stand_ins(areas: AreaMap) -> dict[str, str]:
    """The village of the map for each ended one, by ids of 32 hexadecimal digits."""
    found = ((ended, areas.village_of(ended)) for ended in areas.ended)
    return {ended.hex: village.id.hex for ended, village in found if village}
