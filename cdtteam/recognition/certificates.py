"""What each member of a commune's teams did in a period or a campaign, as a certificate says it.

Figures are those of everybody: visits by participation's functions, for a campaign those that count for its tasks, days
as the attendance sheet has them. Who was along took part, whoever entered the visit.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from cdtteam.areas.queries import AreaOnMap
from cdtteam.assigning.progress import is_counted_for
from cdtteam.campaigns.models import Campaign
from cdtteam.core.periods import Period
from cdtteam.paper.sheet import Sheet, read_sheet
from cdtteam.participation.days import in_period
from cdtteam.participation.members import shares_of
from cdtteam.participation.summaries import Summary
from cdtteam.tasks.models import Task
from cdtteam.teams.models import Team
from cdtteam.visits.models import Visit


@dataclass(frozen=True, slots=True)
class Place:
    """A team in which somebody was, where it stands, and what they were there last."""

    team: Team
    village: AreaOnMap
    position: str


@dataclass(slots=True)
class Certificate:
    """A person's part; `days` are those of attendance in all their teams."""

    member_id: UUID
    name: str
    share: Summary
    places: list[Place] = field(default_factory=list)
    days: int = 0

    @property
    def is_earned(self) -> bool:
        """Whether there is anything to confirm."""
        return bool(self.share.visits or self.days)


def read_certificates(
    session: Session, ground: Sequence[AreaOnMap], period: Period, campaign: Campaign | None
) -> list[Certificate]:
    """A certificate for each member of the period of the teams that stand on some ground, in the order of teams."""
    sheet = read_sheet(session, ground, period, None)
    shares = shares_of(session, *_counted(session, [piece.id for piece in ground], period, campaign))
    return list(_of_people(sheet, shares))


def _counted(
    session: Session, pieces: list[UUID], period: Period, campaign: Campaign | None
) -> tuple[ColumnElement[bool], ...]:
    if campaign is None:
        return Visit.village_id.in_(pieces), in_period(period)
    here = (Task.campaign_id == campaign.id, Task.village_id.in_(pieces))
    return (is_counted_for(session, session.scalars(select(Task).where(*here)).all()),)


def _of_people(sheet: Sheet, shares: dict[UUID, Summary]) -> Iterable[Certificate]:
    found: dict[UUID, Certificate] = {}
    for team in sheet.teams:
        for line in team.lines:
            one = found.setdefault(
                line.member_id, Certificate(line.member_id, line.name, shares.get(line.member_id, Summary()))
            )
            one.places.append(Place(team.team, team.village, line.position))
            one.days += line.days
    return found.values()
