"""What the pages of notices share: the blueprint, whose commune, which notice."""

from typing import Any
from uuid import UUID

from flask import Blueprint, url_for

from cdtteam.access.models import Permission
from cdtteam.admin.desk import is_within_reach
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.problems import Problem
from cdtteam.notices import words
from cdtteam.notices.models import Notice
from cdtteam.notices.queries import notice_seen
from cdtteam.web.desk import send_to_sign_in
from cdtteam.web.guards import current_actor

blueprint = Blueprint("notices", __name__)
blueprint.register_error_handler(Problem, send_to_sign_in)

SEND = Permission.NOTICE_SEND


@blueprint.record_once
def _configure(state: Any) -> None:
    """What the templates ask for."""
    for name in ("kind_mark", "way_mark", "missed_mark", "people_number", "teams_number"):
        state.app.jinja_env.globals[f"notice_{name}"] = getattr(words, name)


def notice_at_hand(notice_id: UUID) -> Notice:
    """A notice that the reader may see."""
    session, now = db.session(), clock.now()
    notice = notice_seen(current_actor(), session, notice_id, now)
    if notice is None:
        raise Problem("not_found" if session.get(Notice, notice_id) is None else "out_of_scope")
    return notice


def is_own(notice: Notice) -> bool:
    """Whether the reader may take a notice back: it is the province's to do so, or its writer's commune's."""
    return is_within_reach(SEND, notice.area_id)


def own_notice_at_hand(notice_id: UUID) -> Notice:
    """A notice that the reader may take back."""
    notice = notice_at_hand(notice_id)
    if not is_own(notice):
        raise Problem("out_of_scope")
    return notice


def notice_place(notice_id: UUID) -> str:
    """The address of a notice's page."""
    return url_for("notices.notice_page", notice_id=notice_id)
