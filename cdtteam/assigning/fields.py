"""The parts of forms that give something to do: what is asked, and whom it is asked of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from cdtteam.admin.desk import today
from cdtteam.admin.form import Field, Form, Values, is_number, read_day
from cdtteam.areas.ground import name_on
from cdtteam.areas.queries import AreaMap
from cdtteam.assigning import words
from cdtteam.campaigns.models import Brief, Unit
from cdtteam.core.problems import Problem
from cdtteam.core.text import natural_key
from cdtteam.participation.words import is_english
from cdtteam.support.queries import services_in_order
from cdtteam.tasks.giving import HIGHEST_TARGET, Order
from cdtteam.teams.models import Team, TeamVillage
from cdtteam.teams.queries import holds

USUAL = timedelta(days=14)


@dataclass
class Row:
    """Whom something may be asked of: a team in a village, or all teams of a commune; `target` is what was typed."""

    key: str
    name: str
    about: str
    orders: Sequence[Order]
    is_ticked: bool = False
    target: str = ""
    error: str = ""

    def take(self, given: Mapping[str, str], ticked: Sequence[str]) -> None:
        """Puts what was typed in place."""
        self.is_ticked, self.target = self.key in ticked, given.get(f"target-{self.key}", "").strip()[:12]
        self.error = words.trouble_of("target") if not is_target(self.target) else ""


def is_target(text: str) -> bool:
    """Whether a text is a target, or nothing."""
    return not text or (is_number(text) and 1 <= int(text) <= HIGHEST_TARGET)


def places_served(session: Session, areas: AreaMap, area_id: UUID, now: datetime) -> list[tuple[Team, UUID]]:
    """The teams in force with each piece of ground of an area that they serve, in the order of villages' names."""
    ground = areas.ground_below(area_id)
    statement = select(Team, TeamVillage.village_id).join(TeamVillage, TeamVillage.team_id == Team.id)
    here = (TeamVillage.village_id.in_(ground), holds(TeamVillage, now), holds(Team, now))
    found = [(team, village_id) for team, village_id in session.execute(statement.where(*here))]
    return sorted(found, key=lambda place: (natural_key(name_on(areas, place[1])), natural_key(place[0].name)))


def asked_fields(session: Session, *, is_for_one: bool = False) -> list[Field]:
    """What is asked, why, for which service, and by when."""
    services = [one for one in services_in_order(session) if one.is_active]
    named = [(one.code, one.name_en if is_english() else one.short_vi) for one in services]
    units = [(str(unit), words.unit_name(unit).capitalize()) for unit in Unit]
    due = (read_day(today()) + USUAL).isoformat()
    return [
        Field("title", _("What is to be done"), is_required=True,
              help=_("In a few words, for instance: Cài VNeID mức 2 cho người cao tuổi")),
        Field("text", _("Why, and how"), "long", is_required=True, longest=2000,
              help=_("The team reads this on their phone.")),
        Field("service", _("Support topic"), "select",
              options=[("", _("None: only visits entered for it count")), *named],
              help=_("Visits with this topic count by themselves; nobody types how far they are.")),
        Field("unit", _("Count"), "choice", Unit.HOUSEHOLDS, units, is_required=True),
        Field("target", _("Target") if is_for_one else _("Target for each team"), "number", check=_target_trouble),
        Field("from_on", _("First day"), "date", today(), is_required=True),
        Field("due_on", _("Last day"), "date", due, is_required=True),
        Field("is_focus", _("This is a focus"), "tick",
              help=_("Its topic stands first in the visit form while it runs.")),
    ]  # fmt: skip


def paper_fields() -> list[Field]:
    """The paper that a campaign rests on."""
    return [
        Field("document", _("Number and sign"), longest=60, help=_("For instance: 123/KH-UBND")),
        Field("document_on", _("Date of the document"), "date"),
        Field("document_subject", _("Subject"), longest=300),
    ]


def read_brief(values: Values) -> Brief:
    """What a form asks for; Problem `invalid_field` (due_on) for days out of order."""
    from_on, due_on = values.day("from_on"), values.day("due_on")
    if from_on is None or due_on is None:
        raise Problem("invalid_field", field="due_on")
    return Brief(
        title=values.text("title"), text=values.text("text"), from_on=from_on, due_on=due_on,
        service=values.text("service") or None, unit=Unit(values.text("unit")),
        document=values.given.get("document") or None, is_focus=values.is_ticked("is_focus"),
    )  # fmt: skip


def blame(form: Form, problem: Problem) -> None:
    """Puts an operation's refusal where it belongs, in the words of tasks."""
    said = words.trouble_of(problem.field or "")
    if said and any(one.name == problem.field for one in form.fields):
        form[problem.field or ""].error = said
    else:
        form.blame(problem)
        form.trouble = said or form.trouble


def _target_trouble(text: str) -> str:
    return "" if is_target(text) else words.trouble_of("target")
