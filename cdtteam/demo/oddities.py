"""A few visits that deserve a look, in the commune of the sign-ins: for each of them there may be a good reason."""

from collections.abc import Callable
from typing import Any

from cdtteam.core.clock import civil_date
from cdtteam.demo.activity import Sent

NOTE = "Đã hướng dẫn bà con đổi mật khẩu và nhận biết cuộc gọi lừa đảo."
NOTED, AT_ONE_HOME, GUESTS = 9, 4, 34  # visits, visits, people: a little more than what deserves no look

Visits = list[dict[str, Any]]


def stand_out(place: int, sent: Sent) -> None:
    """Changes some of the latest visits of a team: how, the place of its village says, and for most not at all."""
    change = _BY_PLACE.get(place)
    if change:
        change(sorted(sent.visits, key=lambda visit: visit["occurred_at"], reverse=True))


def _guests(latest: Visits) -> None:
    """Many people at one home, as at a wedding."""
    for visit in [one for one in latest if one["household_id"]][:1]:
        visit["participants"] = visit["services"][0]["people"] = GUESTS


def _one_note(latest: Visits) -> None:
    """One text with one member's visits of some days."""
    for visit in [one for one in latest if one["author_id"] == latest[0]["author_id"]][:NOTED]:
        visit["note"] = NOTE


def _one_home(latest: Visits) -> None:
    """One household several times on an evening, as where somebody had to fetch the papers."""
    evenings: dict[Any, Visits] = {}
    for visit in latest:
        if visit["household_id"]:
            evenings.setdefault(civil_date(visit["occurred_at"]), []).append(visit)
    evening = next((visits for visits in evenings.values() if len(visits) >= AT_ONE_HOME), [])
    for visit in evening[:AT_ONE_HOME]:
        visit["household_id"] = evening[0]["household_id"]


_BY_PLACE: dict[int, Callable[[Visits], None]] = {0: _guests, 1: _one_note, 3: _one_home}
