"""Pages of campaigns: all that runs, one campaign by team or by commune, and what can be changed of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import or_, select

from cdtteam.admin.desk import Page, answer_form, area_at_hand, is_province
from cdtteam.admin.form import Field, Form, Values
from cdtteam.areas.models import Level
from cdtteam.areas.queries import AreaMap, AreaOnMap
from cdtteam.assigning.desk import (
    MANAGE,
    blueprint,
    campaign_at_hand,
    campaign_place,
    is_own,
)
from cdtteam.assigning.later import change_drive
from cdtteam.assigning.queries import (
    SHOWN,
    STANDING_STILL,
    Line,
    Sum,
    by_campaign,
    by_commune,
    campaigns_seen,
    counts_shown,
    is_shown,
    lines_seen,
    members_thanked,
    sum_of,
    sums_shown,
    word_at_the_end,
)
from cdtteam.campaigns.models import Campaign
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.problems import Problem
from cdtteam.core.text import natural_key
from cdtteam.participation.words import is_english
from cdtteam.replica.work import Work
from cdtteam.support.models import Service
from cdtteam.support.queries import services_in_order
from cdtteam.tasks.models import Task
from cdtteam.teams.models import Team
from cdtteam.web.forms import check_version
from cdtteam.web.guards import current_actor, requires

NAMED = 5  # teams that a warning calls by name


@dataclass(frozen=True, slots=True)
class Drive:
    """A campaign and what its tasks in a commune come to, with those that are listed; None for single tasks."""

    campaign: Campaign | None
    issuer: str
    sum: Sum
    lines: Sequence[Line]


@blueprint.get("/desk/tasks")
@requires(MANAGE)
def home_page() -> Page:
    """What runs, is late or is done, campaign by campaign; the province sees all communes unless it asks for one."""
    areas, area, is_whole = area_at_hand()
    shown = request.args.get("show", SHOWN[0])
    if shown not in SHOWN:
        raise Problem("not_found")
    return render_template(
        "assigning/home.html", area=area, is_whole=is_whole, shown=shown, is_province=is_province(),
        drives=_whole_drives(areas, shown) if is_whole else _drives(areas, area, shown),
        counts=counts_shown(current_actor(), db.session(), areas.ground_below(area.id), clock.now()),
    )  # fmt: skip


@blueprint.get("/desk/tasks/campaigns/<uuid:campaign_id>")
@requires(MANAGE)
def campaign_page(campaign_id: UUID) -> Page:
    """A campaign: how far all of it is, and by team; for the province by commune first."""
    areas, area, is_whole = area_at_hand()
    campaign, session = campaign_at_hand(campaign_id), db.session()
    here = (Task.campaign_id == campaign.id, Task.village_id.in_(areas.ground_below(area.id)))
    lines = lines_seen(current_actor(), session, areas, clock.now(), *here)
    communes = by_commune(lines) if is_whole else []
    return render_template(
        "assigning/campaign.html", campaign=campaign, area=area, is_whole=is_whole, lines=lines, sum=sum_of(lines),
        communes=communes if len(communes) > 1 else [], issuer=_issuer(areas, campaign), is_own=is_own(campaign),
        service=service_name(campaign.service), is_over=campaign.closed_at is not None, today=areas.on,
        thanked=members_thanked(session, campaign.id) if campaign.closed_at else 0,
        last_word=word_at_the_end(session, campaign.id) if campaign.closed_at else None,
    )  # fmt: skip


@blueprint.route("/desk/tasks/campaigns/<uuid:campaign_id>/extend", methods=["GET", "POST"])
@requires(MANAGE)
def extend_campaign_page(campaign_id: UUID) -> Page:
    """Gives a campaign and its open tasks another last day."""

    def build() -> Form:
        campaign = _own_at_hand(campaign_id)
        return Form(
            _("Extend the campaign"), campaign.title, campaign_place(campaign_id), _("Extend"),
            [Field("due_on", _("Last day"), "date", campaign.due_on.isoformat(), is_required=True)],
            str(campaign.version), note=_("Every team that is not done yet gets the new day at its next contact."),
        )  # fmt: skip

    def act(work: Work, values: Values) -> str:
        campaign = _own_at_hand(campaign_id, is_locked=True)
        check_version(campaign, values.seen)
        due_on = values.day("due_on")
        assert due_on
        return change_drive(current_actor(), work, campaign, due_on=due_on)

    return answer_form(build, act)


@blueprint.route("/desk/tasks/campaigns/<uuid:campaign_id>/close", methods=["GET", "POST"])
@requires(MANAGE)
def close_campaign_page(campaign_id: UUID) -> Page:
    """Closes a campaign."""

    def build() -> Form:
        campaign = _own_at_hand(campaign_id)
        told = _("Whoever took part reads it on their phone with what they did. Leave it empty to send none.")
        usual = _("Thank you for your work in this campaign.")
        return Form(
            _("Close the campaign"), campaign.title, campaign_place(campaign_id), _("Close the campaign"),
            [
                Field("thanks", _("A word of thanks"), "long", usual, longest=500, help=told),
                Field("note", _("A word to the teams that are not done"), "long", longest=500,
                      help=_("They read it in their inbox, and it stays on the campaign's page.")),
            ],
            str(campaign.version), is_danger=True,
            note=_("Nobody has to do anything more for it. What was done stays and counts."),
            warning=_waiting(campaign),
        )  # fmt: skip

    def act(work: Work, values: Values) -> str:
        campaign = _own_at_hand(campaign_id, is_locked=True)
        check_version(campaign, values.seen)
        note, thanks = (values.text(name) or None for name in ("note", "thanks"))
        return change_drive(current_actor(), work, campaign, note=note, thanks=thanks)

    return answer_form(build, act)


def service_name(code: str | None) -> str:
    """A service in the reader's language; nothing for none."""
    found: Service | None = next((one for one in services_in_order(db.session()) if one.code == code), None)
    if found is None:
        return ""
    return found.name_en if is_english() else found.short_vi


def _waiting(campaign: Campaign) -> str:
    """Which teams still wait for an answer in a campaign; nothing where none does."""
    here = (Task.campaign_id == campaign.id, Task.ended_at.is_(None), Task.state.in_(STANDING_STILL))
    waiting = db.session().scalars(select(Team.name).join(Task, Task.team_id == Team.id).where(*here)).all()
    if not waiting:
        return ""
    names = sorted(waiting, key=natural_key)
    shown = ", ".join(names[:NAMED]) + (" …" if len(names) > NAMED else "")
    words = ngettext(
        "%(num)s team still waits for your answer: %(names)s. You can answer it first.",
        "%(num)s teams still wait for your answer: %(names)s. You can answer them first.", len(names), names=shown,
    )  # fmt: skip
    return str(words)


def _own_at_hand(campaign_id: UUID, *, is_locked: bool = False) -> Campaign:
    campaign = campaign_at_hand(campaign_id, is_locked=is_locked)
    if not is_own(campaign):
        raise Problem("out_of_scope")
    if campaign.closed_at is not None:
        raise Problem("changed_meanwhile")
    return campaign


def _whole_drives(areas: AreaMap, shown: str) -> list[Drive]:
    """The campaigns of a list, of all communes."""
    actor, session, now = current_actor(), db.session(), clock.now()
    sums = sums_shown(actor, session, shown, now)
    campaigns = campaigns_seen(actor, session, now, Campaign.id.in_(list(sums)))
    return [Drive(one, _issuer(areas, one), sums[one.id], []) for one in campaigns]


def _drives(areas: AreaMap, area: AreaOnMap, shown: str) -> list[Drive]:
    """The campaigns of a list with their tasks in a commune, then those that were given by themselves."""
    actor, session, now = current_actor(), db.session(), clock.now()
    here, listed = Task.village_id.in_(areas.ground_below(area.id)), is_shown(shown, now)
    same_campaign = Task.campaign_id.in_(select(Task.campaign_id).where(here, listed))
    found = by_campaign(lines_seen(actor, session, areas, now, here, or_(same_campaign, listed)))
    campaigns = campaigns_seen(actor, session, now, Campaign.id.in_([id_ for id_ in found if id_]))
    drives = [_drive(one, _issuer(areas, one), found[one.id], shown) for one in campaigns]
    return [*drives, _drive(None, "", found[None], shown)] if None in found else drives


def _drive(campaign: Campaign | None, issuer: str, lines: Sequence[Line], shown: str) -> Drive:
    return Drive(campaign, issuer, sum_of(lines), [line for line in lines if line.is_in(shown)])


def _issuer(areas: AreaMap, campaign: Campaign) -> str:
    area = areas.by_id.get(campaign.area_id)
    if area is None:
        return ""
    return _("Province") if area.level is Level.PROVINCE else area.name
