"""A team that has a leader gets another one only where that is meant."""

from uuid import UUID

from flask_babel import gettext as _

from cdtteam.admin.form import Field, Values
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.problems import Problem
from cdtteam.teams.models import Position
from cdtteam.teams.queries import members_of_teams


def leader_fields(team_id: UUID, *, besides: UUID | None = None) -> list[Field]:
    """The box for a second leader, where somebody leads the team now; `besides` is who is to get a position."""
    names = ", ".join(_leaders(team_id, besides))
    if not names:
        return []
    about = _("%(name)s leads this team now. Only for a second leader.", name=names)
    return [Field("two_leaders", _("The team is to have two leaders"), "tick", help=about)]


def ask_for_second_leader(values: Values, team_id: UUID, *, besides: UUID | None = None) -> None:
    """Problem `invalid_field` (two_leaders) where a second leader came without the box ticked."""
    is_leader = values.text("position") == Position.LEADER
    if is_leader and not values.given.get("two_leaders") and _leaders(team_id, besides):
        raise Problem("invalid_field", field="two_leaders")


def _leaders(team_id: UUID, besides: UUID | None) -> list[str]:
    mates = members_of_teams(db.session(), [team_id], clock.now())
    return [mate.name for mate in mates if mate.position == Position.LEADER and mate.id != besides]
