"""Certificates of participation at the desk: for one member, a team or the whole commune, to look at and to print."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask import Blueprint, current_app, render_template, request
from sqlalchemy import select

from cdtteam.access.models import Permission
from cdtteam.access.policy import require
from cdtteam.admin.desk import commune_at_hand, todays_map
from cdtteam.areas.ground import pieces_below, told_on
from cdtteam.areas.queries import AreaMap, AreaOnMap
from cdtteam.assigning.queries import campaigns_seen
from cdtteam.campaigns.models import Campaign
from cdtteam.core import clock
from cdtteam.core.clock import civil_date
from cdtteam.core.db import db
from cdtteam.core.periods import Period
from cdtteam.core.problems import Problem
from cdtteam.monthly.desk import default_period, period_choices
from cdtteam.monthly.facts import read_subject
from cdtteam.monthly.queries import texts_of
from cdtteam.monthly.texts import Texts, read_texts
from cdtteam.monthly.words import long_day
from cdtteam.paper.words import AGENCY, MOTTO, STATE
from cdtteam.recognition import words
from cdtteam.recognition.certificates import Certificate, read_certificates
from cdtteam.support.queries import services_in_order
from cdtteam.tasks.models import Task
from cdtteam.web.desk import send_to_sign_in
from cdtteam.web.guards import current_actor, requires

blueprint = Blueprint("recognition", __name__)
blueprint.register_error_handler(Problem, send_to_sign_in)

MANAGE = Permission.PAPER_MANAGE
SIGNED = ("place", "dated_on", "sign_for", "sign_title", "sign_name")  # what a reader may type for the page


@dataclass(frozen=True)
class Choice:
    """For what and for whom the reader of a commune asks: a period or a campaign; all, a team, or a person."""

    commune: AreaOnMap
    period: Period
    campaign: Campaign | None
    campaigns: list[Campaign]
    team_id: UUID | None
    member_id: UUID | None
    today: date

    @property
    def value(self) -> str:
        """How the form names the period or the campaign."""
        return str(self.campaign.id) if self.campaign else self.period.name

    def has(self, one: Certificate) -> bool:
        """Whether a certificate is among those that are asked for."""
        if self.member_id:
            return one.member_id == self.member_id
        return self.team_id is None or any(place.team.id == self.team_id for place in one.places)


@blueprint.get("/desk/certificates")
@requires(MANAGE)
def certificates_page() -> str:
    """The certificates of a period or campaign, and the form that chooses."""
    choice = _choice()
    areas = todays_map()
    known = _read(areas, choice)
    asked = [one for one in known if choice.has(one)]
    teams = {place.team.id: place.team for one in known for place in one.places}
    told = {id_: told_on(areas, team.name, team.home_village_id) for id_, team in teams.items()}
    now, names = clock.now(), {one.code: one.name_vi for one in services_in_order(db.session())}
    texts = _texts(choice)
    return render_template(
        "recognition/certificates.html", choice=choice, periods=period_choices(choice.today),
        teams=told, person=next((one for one in asked if choice.member_id), None),
        signing={name: request.args[name] for name in SIGNED if name in request.args},
        earned=[one for one in asked if one.is_earned], others=[one for one in asked if not one.is_earned],
        texts=texts, dated=long_day(texts.dated_on, now), names=names,
        when=words.time_words(choice.period, choice.campaign, choice.today), words=words,
        agency=AGENCY, state=STATE, motto=MOTTO,
    )  # fmt: skip


def _choice() -> Choice:
    areas, actor, now = todays_map(), current_actor(), clock.now()
    commune = commune_at_hand(areas, request.args.get("commune"))
    if commune is None:
        raise Problem("not_found")
    require(actor, MANAGE, commune.id)
    here = select(Task.campaign_id).where(Task.village_id.in_(areas.ground_below(commune.id)))
    campaigns = campaigns_seen(actor, db.session(), now, Campaign.id.in_(here))
    asked, today = request.args.get("for") or default_period(civil_date(now)), civil_date(now)
    campaign = next((one for one in campaigns if str(one.id) == asked), None)
    kind, _sign, id_ = request.args.get("whom", "").partition(":")
    return Choice(
        commune, _days_of(campaign) if campaign else _period(asked), campaign, campaigns,
        _id(id_) if kind == "team" else None, _id(id_) if kind == "member" else None, today,
    )  # fmt: skip


def _days_of(campaign: Campaign) -> Period:
    """From its first day to its last, or to that on which it was closed before."""
    closed_on = civil_date(campaign.closed_at) if campaign.closed_at else campaign.due_on
    last = max(campaign.from_on, min(campaign.due_on, closed_on))
    return Period(f"{campaign.from_on}..{last}", campaign.from_on, last)


def _period(name: str) -> Period:
    report_day = int(current_app.config["CDT_REPORT_DAY"])
    return read_subject(None, name, "civil", report_day, clock.now()).period


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Problem("invalid_field", field="whom") from error


def _read(areas: AreaMap, choice: Choice) -> list[Certificate]:
    ground = pieces_below(areas, choice.commune.id)
    return read_certificates(db.session(), ground, choice.period, choice.campaign)


def _texts(choice: Choice) -> Texts:
    """Place, day and who signs: as the reader has typed them, else as in the commune's last report."""
    if "sign_title" in request.args:
        return read_texts(request.args, clock.now())
    return texts_of(db.session(), choice.commune, None)
