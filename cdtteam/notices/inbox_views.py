"""An officer's own inbox: read from the newest on, opened, marked as read."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import select

from cdtteam.access.models import Permission
from cdtteam.admin.desk import Page
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.problems import Problem
from cdtteam.notify.models import Notification, Topic
from cdtteam.notify.operations import read_all_notifications, read_notifications
from cdtteam.notify.queries import inbox_of, is_own, unread_of
from cdtteam.notify.wording import said
from cdtteam.replica.work import Work
from cdtteam.web.desk import send_to_sign_in
from cdtteam.web.forms import lead_to
from cdtteam.web.guards import current_actor, requires
from cdtteam.web.transactions import writing

blueprint = Blueprint("inbox", __name__)
blueprint.register_error_handler(Problem, send_to_sign_in)

SHOWN = 20
ICONS = {
    Topic.TASK: "list", Topic.REQUEST: "person", Topic.REVIEW: "search", Topic.REMINDER: "clock", Topic.THANKS: "check",
    Topic.WARNING: "alert", Topic.REPORT: "counted",
}  # fmt: skip


@blueprint.record_once
def _configure(state: Any) -> None:
    """What the templates ask for; the number at the bell stands on every page of the desk."""
    known = {"notice_icons": ICONS, "notification_said": said, "unread_notices": unread_notices}
    state.app.jinja_env.globals.update(known)


def unread_notices() -> int:
    """How many notifications the reader has not read."""
    return unread_of(current_actor(), db.session()) if current_user.is_authenticated else 0


@blueprint.get("/desk/notices")
@requires(Permission.DESK_READ)
def inbox_page() -> Page:
    """What the reader was told, the newest first; a page goes on before the last one of the page before it."""
    before = request.args.get("before", type=UUID)
    found = inbox_of(current_actor(), db.session(), newest=SHOWN + 1, before=before)
    return render_template("notices/inbox.html", notices=found[:SHOWN], has_more=len(found) > SHOWN, is_later=before)


@blueprint.post("/desk/notices/read")
@requires(Permission.DESK_READ)
def read_all() -> Page | Response:
    """Marks everything as read."""
    with writing(db.session()):
        work = Work(db.session(), clock.now())
        read_all_notifications(current_actor(), work)
        work.flush()
    if request.headers.get("HX-Request"):
        return inbox_page()
    return lead_to(url_for("inbox.inbox_page"))


@blueprint.post("/desk/notices/<uuid:notification_id>/open")
@requires(Permission.DESK_READ)
def open_notification(notification_id: UUID) -> Response:
    """Marks one as opened and leads to what it is about."""
    with writing(db.session()):
        work, actor = Work(db.session(), clock.now()), current_actor()
        found = work.session.scalar(select(Notification).where(Notification.id == notification_id, is_own(actor)))
        if found is None:
            raise Problem("not_found")
        read_notifications(actor, work, [found.id], work.now, opened=True)
        work.flush()
        link = found.link
    # What is on phones alone has no page here: its text has been read in the inbox.
    return lead_to(link if link.startswith("/desk/") else url_for("inbox.inbox_page"))
