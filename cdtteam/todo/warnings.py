"""Of urgent warnings: those that most of their people have not seen, told to whoever sent them."""

from collections.abc import Iterator

from flask import url_for
from flask_babel import gettext as _

from cdtteam.access.models import Permission
from cdtteam.areas.models import Level
from cdtteam.notices.queries import warnings_unseen
from cdtteam.notices.words import zalo_text
from cdtteam.participation.todo import Todo
from cdtteam.participation.words import count
from cdtteam.todo.ground import Seen


def warnings_not_seen(at: Seen) -> Iterator[Todo]:
    """Whom to call, and what the teams' group is sent, until most have seen it or it is taken back."""
    if not at.actor.may(Permission.NOTICE_SEND):
        return
    is_whole = at.area.level is Level.PROVINCE
    action, part = (_("See in which communes"), "parts") if is_whole else (_("See whom to call"), "missed")
    for notice, people, reached in warnings_unseen(at.actor, at.session, at.area.id, at.now):
        text = _(
            "The urgent warning “%(subject)s”: seen by %(reached)s of %(people)s people.",
            subject=notice.subject, reached=count(reached), people=count(people),
        )  # fmt: skip
        url = url_for("notices.notice_page", notice_id=notice.id, _anchor=part)
        yield Todo(text, url, action, message=zalo_text(notice, at.area.name), is_urgent=True)
