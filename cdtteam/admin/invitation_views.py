"""Pages of invitations and devices: a link for one, a printed sheet for many, a lost phone signed out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Response, current_app, make_response, render_template, request, url_for
from markupsafe import Markup

from cdtteam.access.models import Permission
from cdtteam.accounts.invitations import Letter, invite_member, letters
from cdtteam.accounts.members import account_of, sign_out_device, sign_out_everywhere
from cdtteam.accounts.secrets import spaced
from cdtteam.admin.desk import (
    Page,
    blueprint,
    commune_at_hand,
    commune_of_village,
    person_at_hand,
    send_once,
    team_at_hand,
    todays_map,
)
from cdtteam.admin.people_views import person_place
from cdtteam.admin.queries import InApp, Line, devices_of, lines, people_of, told_by_home
from cdtteam.areas.queries import AreaOnMap
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.problems import Problem
from cdtteam.teams.models import Member, Membership, Team
from cdtteam.teams.queries import holds
from cdtteam.web.forms import form_id_of, lead_to, new_form_id
from cdtteam.web.guards import current_actor, requires

INVITE = Permission.MEMBER_INVITE


@dataclass(frozen=True, slots=True)
class Card:
    """An invitation as it is handed over: the link, its picture, the code."""

    line: Line
    letter: Letter

    @property
    def link(self) -> str:
        """The address with the secret, which neither servers nor link previews see."""
        return f"{join_address()}#{self.letter.secret}"

    @property
    def code(self) -> str:
        """The code for typing."""
        return spaced(self.letter.code)

    @property
    def picture(self) -> Markup:
        """The link, and nothing else, as a QR code."""
        import segno  # noqa: PLC0415 — only these pages draw, and every worker has to hold what it imports

        drawn = segno.make_qr(self.link, error="m").svg_inline(omitsize=True, border=2)
        return Markup(drawn)  # noqa: S704 — made of squares


def join_address() -> str:
    """Where the code is typed: the address behind every link."""
    scheme = "https" if current_app.config["SESSION_COOKIE_SECURE"] else request.scheme
    return f"{scheme}://{request.host}{url_for('joining.join_page')}"


@blueprint.post("/desk/people/<uuid:member_id>/invitation")
@requires(INVITE)
def invite_page(member_id: UUID) -> Page:
    """Makes an invitation and shows it, this once; sent again, the same form shows the same one."""
    person = person_at_hand(member_id)

    def change() -> str:
        invite_member(current_actor(), db.session(), person_at_hand(member_id), _form_id(), now=clock.now())
        return person_place(member_id)

    send_once(change)
    cards = _cards(_in_force(Member.id == member_id))
    if not cards:
        return lead_to(person_place(member_id))
    shown = render_template("admin/invitation.html", person=person, card=cards[0], address=_bare(join_address()))
    return _once(shown)


@blueprint.get("/desk/invitations")
@requires(INVITE)
def sheet_form_page() -> Page:
    """Whom a printed sheet would invite: who has never come into the app, of a team or of the commune."""
    commune, team, people = _invited()
    outside = [line for line in people if line.in_app is not InApp.IN]
    return render_template(
        "admin/sheet_form.html", commune=commune, team=team, people=outside, form_id=new_form_id(),
        invited=sum(line.in_app is InApp.INVITED for line in outside),
    )  # fmt: skip


@blueprint.post("/desk/invitations")
@requires(INVITE)
def sheet_page() -> Page:
    """Makes the invitations of a sheet and shows it for printing."""
    commune, team, people = _invited()
    actor, form_id = current_actor(), _form_id()

    def change() -> str:
        session = db.session()
        for member_id in {line.member_id for line in people if line.in_app is not InApp.IN}:
            invite_member(actor, session, session.get_one(Member, member_id), form_id, now=clock.now())
        return url_for("admin.sheet_form_page")

    send_once(change)
    cards = _cards(people)
    title = team.name if team else commune.name
    address = _bare(join_address())
    return _once(render_template("admin/sheet.html", title=title, commune=commune, cards=cards, address=address))


@blueprint.get("/desk/people/<uuid:member_id>/devices")
@requires(INVITE)
def devices_page(member_id: UUID) -> Page:
    """The phones and browsers on which a member signed in."""
    person, session = person_at_hand(member_id), db.session()
    user = account_of(session, member_id)
    devices = devices_of(session, user, clock.now()) if user else []
    return render_template("admin/devices.html", person=person, devices=devices, form_id=new_form_id())


@blueprint.post("/desk/people/<uuid:member_id>/devices/sign-out")
@requires(INVITE)
def sign_out_page(member_id: UUID) -> Page:
    """Signs a member's phone out, or everything of theirs."""
    person_at_hand(member_id)
    device = request.form.get("device_id", "")

    def change() -> str:
        actor, session, now = current_actor(), db.session(), clock.now()
        if device:
            sign_out_device(actor, session, member_id, _read_id(device), now=now)
        else:
            sign_out_everywhere(actor, session, member_id, now=now)
        return url_for("admin.devices_page", member_id=member_id)

    return lead_to(send_once(change))


def _invited() -> tuple[AreaOnMap, Team | None, list[Line]]:
    """The commune or team at hand, and its people in force."""
    areas = todays_map()
    given = request.values.get("team")
    if given:
        team = team_at_hand(_read_id(given))
        return commune_of_village(areas, team.home_village_id), team, told_by_home(areas, _in_force(Team.id == team.id))
    commune = commune_at_hand(areas, request.values.get("commune"))
    if commune is None:
        raise Problem("not_found")
    people = people_of(db.session(), areas.ground_below(commune.id), clock.now())
    return commune, None, told_by_home(areas, people)


def _in_force(*where: Any) -> list[Line]:
    now = clock.now()
    return lines(db.session(), now, *where, holds(Membership, now), holds(Team, now))


def _cards(people: Sequence[Line]) -> list[Card]:
    """The invitations that the form at hand made, in the order of teams and people."""
    made = letters(db.session(), {line.member_id for line in people}, _form_id(), clock.now())
    once = {line.member_id: line for line in reversed(people)}
    cards = [Card(once[member_id], letter) for member_id, letter in made.items()]
    order = {line.member_id: place for place, line in enumerate(people)}
    return sorted(cards, key=lambda card: (card.line.team, order[card.line.member_id]))


def _form_id() -> UUID:
    return form_id_of(request.form.get("form_id"))


def _read_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Problem("not_found") from error


def _bare(address: str) -> str:
    """An address as people type it."""
    return address.partition("://")[2]


def _once(page: str) -> Response:
    """A page with secrets: no cache keeps it."""
    answer = make_response(page)
    answer.headers["Cache-Control"] = "no-store"
    return answer
