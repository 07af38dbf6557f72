"""A digest in words, in the language at hand: short sentences, and where they lead."""

from collections.abc import Sequence

from flask_babel import gettext as _gettext
from flask_babel import ngettext

from cdtteam.monthly.deadlines import Owed
from cdtteam.participation.words import count, day
from cdtteam.reminders.facts import Due


def _(text: str, **values: object) -> str:
    return str(_gettext(text, **values))


def member_digest(due: Due) -> tuple[str, str]:
    """What a member is told, and the screen for it: the one screen that has it all, else the first one."""
    lines = [
        (len(due.late), _late(len(due.late)), _task_screen(due)),
        (len(due.soon), _soon(len(due.soon)), _task_screen(due)),
        (len(due.households), _promised(len(due.households)), "/next"),
        (due.unsent_days, _unsent(due.unsent_days), "/account"),
    ]
    said = [(text, screen) for number, text, screen in lines if number]
    screens = {screen for _text, screen in said}
    return " ".join(text for text, _screen in said), screens.pop() if len(screens) == 1 else "/"


def officer_digest(owed: Sequence[Owed]) -> tuple[str, str]:
    """What an officer is told of reports, and the page of the first."""
    return " ".join(
        _to_close(report) for report in owed
    ), f"/desk/reports?period={owed[0].period.name}&calendar={owed[0].calendar}"


def _to_close(report: Owed) -> str:
    said = {"month": int(report.period.name[5:]), "year": report.period.name[:4], "day": day(report.due_on)}
    if not report.left_by:
        return _("The report of %(month)s/%(year)s is to be closed by %(day)s.", **said)
    return _(
        "The report of %(month)s/%(year)s, which %(communes)s left open, is to be closed by %(day)s.",
        communes=", ".join(report.left_by), **said,
    )  # fmt: skip


def _task_screen(due: Due) -> str:
    tasks = due.late | due.soon
    return f"/task/{next(iter(tasks))}" if len(tasks) == 1 else "/tasks"


def _late(number: int) -> str:
    return str(ngettext("%(tasks)s task is late.", "%(tasks)s tasks are late.", number, tasks=count(number)))


def _soon(number: int) -> str:
    return str(
        ngettext(
            "%(tasks)s task is due by tomorrow.", "%(tasks)s tasks are due by tomorrow.", number, tasks=count(number)
        )
    )


def _promised(number: int) -> str:
    return str(
        ngettext(
            "%(households)s household was promised a visit by today.",
            "%(households)s households were promised a visit by today.", number, households=count(number),
        )
    )  # fmt: skip


def _unsent(days: int) -> str:
    return _("Your phone has sent nothing for %(days)s days: please open the app where there is a network.", days=days)
