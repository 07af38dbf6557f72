"""Of tasks, requests and visits: what is late, stuck or left behind, who waits for an answer, what deserves a look."""

from collections.abc import Iterator
from datetime import timedelta

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from cdtteam.access.models import Permission
from cdtteam.core.clock import civil_date
from cdtteam.participation.todo import Todo
from cdtteam.participation.words import count
from cdtteam.reviewing.found import looks_at
from cdtteam.tasks.models import WITH_REASON
from cdtteam.todo.ground import Ground

ANSWER_WITHIN = timedelta(days=2)  # a team that asked for help stands still meanwhile


def tasks_late(at: Ground) -> Iterator[Todo]:
    """Tasks whose last day has gone by; the oldest says since when."""
    late = [task for task in at.open_tasks if task.due_on < at.today]
    if late:
        text = ngettext("%(tasks)s task is late.", "%(tasks)s tasks are late.", len(late), tasks=count(len(late)))
        url = url_for("assigning.home_page", show="overdue")
        yield Todo(text, url, _("See which"), min(task.due_on for task in late))


def tasks_stuck(at: Ground) -> Iterator[Todo]:
    """Tasks that teams do not take on, or cannot go on with: the desk answers."""
    stuck = [task for task in at.open_tasks if task.state in WITH_REASON]
    if stuck:
        text = ngettext(
            "%(tasks)s task waits for your word: the team declined it or is stuck.",
            "%(tasks)s tasks wait for your word: the teams declined them or are stuck.",
            len(stuck), tasks=count(len(stuck)),
        )  # fmt: skip
        yield Todo(text, url_for("assigning.home_page"), _("See why"), at.today)


def tasks_left_behind(at: Ground) -> Iterator[Todo]:
    """Open tasks whose team has ended: nobody has them on a phone until they are given to others."""
    left = at.tasks_left_behind
    if not left:
        return
    text = ngettext(
        "%(tasks)s task is with a team that has ended: nobody has it.",
        "%(tasks)s tasks are with teams that have ended: nobody has them.",
        len(left), tasks=count(len(left)),
    )  # fmt: skip
    if len(left) == 1:
        url = url_for("assigning.reassign_task_page", task_id=left[0].id)
    else:
        url = url_for("assigning.home_page")
    yield Todo(text, url, _("Give to other teams"), at.today)


def requests_waiting(at: Ground) -> Iterator[Todo]:
    """What teams asked over two days ago and nobody has answered or passed on; the oldest says since when."""
    waiting = [one for one in at.open_requests if one.raised_at < at.now - ANSWER_WITHIN]
    if waiting:
        text = ngettext(
            "%(requests)s team's request for help has waited for over two days.",
            "%(requests)s requests for help have waited for over two days.",
            len(waiting), requests=count(len(waiting)),
        )  # fmt: skip
        since = min(one.raised_at for one in waiting)
        yield Todo(text, url_for("answering.home_page"), _("Answer"), civil_date(since + ANSWER_WITHIN))


def visits_to_review(at: Ground) -> Iterator[Todo]:
    """What deserves a look, of which most has a good reason: no day is too late for it."""
    if not at.actor.may(Permission.VISIT_REVIEW):
        return
    found = len(looks_at(at.actor, at.session, at.areas, at.area.id, at.now))
    if found:
        text = ngettext(
            "%(things)s thing among the visits is worth a look.",
            "%(things)s things among the visits are worth a look.",
            found, things=count(found),
        )  # fmt: skip
        yield Todo(text, url_for("reviewing.home_page"), _("Look at it"))
