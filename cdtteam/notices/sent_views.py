"""What was written to teams, how far it has come, whom it has not reached; taking it back."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from flask import render_template
from flask_babel import gettext as _

from cdtteam.admin.desk import Page, answer_form, area_at_hand, is_province
from cdtteam.admin.form import Form, Values
from cdtteam.areas.ground import home_on
from cdtteam.areas.models import Level
from cdtteam.areas.queries import AreaMap, AreaOnMap, last_names
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.text import natural_key
from cdtteam.notices.desk import (
    SEND,
    blueprint,
    is_own,
    notice_at_hand,
    notice_place,
    own_notice_at_hand,
)
from cdtteam.notices.models import Notice
from cdtteam.notices.operations import withdraw_notice
from cdtteam.notices.queries import AFTER, MOST, Line, Reach, how_far, notices_seen, reach_of
from cdtteam.notices.words import zalo_text
from cdtteam.replica.work import Work
from cdtteam.web.forms import check_version
from cdtteam.web.guards import current_actor, requires


class Part(NamedTuple):
    """A commune with how far a notice has come there."""

    commune: AreaOnMap
    reach: Reach


@blueprint.get("/desk/notices/sent")
@requires(SEND)
def sent_page() -> Page:
    """The newest notices that the reader's teams were sent, by the commune or the province."""
    _areas, area, is_whole = area_at_hand()
    session, now = db.session(), clock.now()
    found = notices_seen(current_actor(), session, now)
    names = last_names(session, {one.area_id for one in found})
    return render_template(
        "notices/sent.html", area=area, is_whole=is_whole, notices=found, names=names, most=MOST,
        is_province=is_province(), how_far=how_far(current_actor(), session, [one.id for one in found], now),
    )  # fmt: skip


@blueprint.get("/desk/notices/sent/<uuid:notice_id>")
@requires(SEND)
def notice_page(notice_id: UUID) -> Page:
    """A notice: how many it reached and how soon; of a commune whom it did not reach, with the number to call."""
    notice, session, now = notice_at_hand(notice_id), db.session(), clock.now()
    areas, area, is_whole = area_at_hand()
    reach = reach_of(current_actor(), session, notice, now)
    parts = _parts(areas, reach)
    if not is_whole:
        reach = next((part.reach for part in parts if part.commune.id == area.id), Reach(reach.rang_at))
    missed = [] if is_whole else _missed(areas, reach)
    sender = last_names(session, {notice.area_id}).get(notice.area_id, "")
    return render_template(
        "notices/notice.html", notice=notice, area=area, is_whole=is_whole, is_province=is_province(), sender=sender,
        reach=reach, after=AFTER, minutes=(now - reach.rang_at).total_seconds() / 60, missed=missed,
        parts=parts if is_whole else [], zalo=zalo_text(notice, sender), is_own=is_own(notice),
    )  # fmt: skip


@blueprint.route("/desk/notices/sent/<uuid:notice_id>/withdraw", methods=["GET", "POST"])
@requires(SEND)
def withdraw_page(notice_id: UUID) -> Page:
    """Takes a notice back."""

    def build() -> Form:
        notice = own_notice_at_hand(notice_id)
        note = _(
            "It leaves every inbox in which it is unread. Who has read it already is told that it no longer holds."
        )
        return Form(
            _("Take it back"), notice.subject, notice_place(notice.id), _("Take it back"), [], str(notice.version),
            note, is_danger=True,
        )  # fmt: skip

    def act(work: Work, values: Values) -> str:
        notice = work.session.get_one(
            Notice, own_notice_at_hand(notice_id).id, with_for_update=True, populate_existing=True
        )
        check_version(notice, values.seen)
        withdraw_notice(current_actor(), work, notice)
        return notice_place(notice.id)

    return answer_form(build, act)


def _parts(areas: AreaMap, reach: Reach) -> list[Part]:
    """The same by commune, where most are missing first."""
    found: dict[UUID, Part] = {}
    for line in reach.lines:
        commune = next((one for one in areas.above(line.village_id) if one.level is Level.COMMUNE), None)
        if commune:
            found.setdefault(commune.id, Part(commune, Reach(reach.rang_at))).reach.lines.append(line)
    return sorted(found.values(), key=lambda part: (-len(part.reach.missed), natural_key(part.commune.name)))


def _missed(areas: AreaMap, reach: Reach) -> Sequence[tuple[str, Sequence[Line]]]:
    """Whom it has not reached, by village."""
    found: dict[str, list[Line]] = {}
    for line in reach.missed:
        home = home_on(areas, line.village_id)
        found.setdefault(home.name if home else line.team, []).append(line)
    return sorted(found.items(), key=lambda item: natural_key(item[0]))
