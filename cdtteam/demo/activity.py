"""What teams did and sent: visits, reports of nothing, and the days on which their phones were heard of."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from cdtteam.core.clock import civil_date, day_start
from cdtteam.core.ids import new_id
from cdtteam.core.periods import Period, month_of
from cdtteam.demo.names import NOTES
from cdtteam.demo.people import Mate, Village
from cdtteam.demo.size import Habit, Odds

# How often a service is the topic; those of the month's focus lead.
SERVICES = {
    "dvc_online": 20, "vneid_level2": 18, "online_safety": 12, "device_basics": 9, "cashless_payment": 7,
    "health_record": 6, "vssid": 5, "utility_bill": 4, "payment_account": 4, "bank_verification": 4, "province_app": 3,
    "policy_outreach": 4, "welfare_account": 3, "online_shopping": 2, "bdhv_learning": 3, "skill_confirmed": 2,
    "citizen_feedback": 2, "data_cleaning": 2, "sector_apps": 2, "merchant_qr": 2, "marketplace_join": 1,
    "digital_store": 1, "traceability": 1, "business_tax": 2, "digital_signature": 1, "virtual_assistant": 1,
    "other_platform": 1,
}  # fmt: skip
_TOPICS = Odds(SERVICES)
_TOPICS_AT_ONCE = Odds({1: 60, 2: 30, 3: 10})
_OUTCOMES = Odds({"done": 86, "in_progress": 5, "needs_follow_up": 6, "declined": 3})
_OUTINGS = Odds({"home": 78, "public_place": 11, "group": 6, "phone": 5})
_HOMES = Odds({1: 12, 2: 18, 3: 22, 4: 20, 5: 14, 6: 9, 7: 5})
_COMPANIONS = Odds({0: 45, 1: 35, 2: 14, 3: 6})
_PEOPLE_AT_HOME = Odds({1: 66, 2: 26, 3: 8})
_PEOPLE_IN_PUBLIC = Odds({1: 60, 2: 25, 3: 10, 4: 5})
_ZEALS = Odds({0.4: 15, 0.7: 25, 1.0: 30, 1.4: 20, 2.0: 10})
_CHANCE = (0.2, 0.2, 0.2, 0.2, 0.22, 0.42, 0.36)  # of an outing, Monday to Sunday
_STARTS = {  # minutes after midnight at which an outing begins
    True: (7 * 60 + 30, 8 * 60 + 15, 14 * 60 + 30, 15 * 60, 18 * 60 + 45),
    False: (7 * 60 + 30, 14 * 60, 17 * 60 + 30, 18 * 60 + 30, 18 * 60 + 45, 19 * 60, 19 * 60 + 15),
}


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days of the demonstration: visits from `first_on` to today; who is silent is so from `quiet_on`."""

    now: datetime
    first_on: date
    today: date
    last_month: Period
    this_month: Period

    @classmethod
    def until(cls, now: datetime, days: int) -> "Calendar":
        """The last `days` civil days up to the moment `now`."""
        today = civil_date(now)
        this_month = month_of(today)
        last_month = month_of(this_month.from_on - timedelta(days=1))
        return cls(now, today - timedelta(days=days - 1), today, last_month, this_month)

    @property
    def quiet_on(self) -> date:
        """The first day of last month."""
        return self.last_month.from_on


@dataclass(slots=True)
class Sent:
    """What a team's phones sent and when they were heard of."""

    visits: list[dict[str, Any]] = field(default_factory=list)
    reports: list[dict[str, Any]] = field(default_factory=list)
    contacts: dict[tuple[UUID, UUID, date], datetime] = field(default_factory=dict)
    days: dict[date, list[int]] = field(default_factory=dict)  # applied and refused

    def heard(self, mate: Mate, at: datetime, *, applied: int = 0, refused: int = 0) -> None:
        """Notes that a mate's phone reached the server."""
        assert mate.device_id is not None
        on = civil_date(at)
        key = (mate.device_id, mate.id, on)
        self.contacts[key] = max(at, self.contacts.get(key, at))
        counts = self.days.setdefault(on, [0, 0])
        counts[0] += applied
        counts[1] += refused


def activity(village: Village, calendar: Calendar) -> Sent:
    """All that the team of a village did."""
    sent = Sent()
    senders = [mate for mate in village.mates if mate.device_id]
    if not senders:
        return sent
    last = calendar.today if village.habit is Habit.ACTIVE else calendar.quiet_on - timedelta(days=1)
    _visit(village, calendar, senders, last, sent)
    rng = village.rng
    for month in (calendar.last_month, calendar.this_month):
        end = min(month.end - timedelta(seconds=1), calendar.now)
        if village.habit is Habit.NOTHING:
            _report_nothing(village, senders[0], month, _instant(rng, month.start, end), sent)
        for _ in range({Habit.NO_ENTRIES: 4, Habit.REFUSED: 3}.get(village.habit, 0)):
            refused = rng.randint(1, 4) if village.habit is Habit.REFUSED else 0
            sent.heard(rng.choice(senders), _instant(rng, month.start, end), refused=refused)
    return sent


def _instant(rng: Random, start: datetime, end: datetime) -> datetime:
    return start + (end - start) * rng.random()


def _report_nothing(village: Village, mate: Mate, month: Period, at: datetime, sent: Sent) -> None:
    sent.heard(mate, at, applied=1)
    sent.reports.append(
        {
            "id": new_id(), "team_id": village.team_id, "village_id": village.area.id, "period": month.name,
            "from_on": month.from_on, "to_on": month.to_on, "author_id": mate.id, "version": 0, "received_at": at,
        }
    )  # fmt: skip


def _visit(village: Village, calendar: Calendar, senders: list[Mate], last: date, sent: Sent) -> None:
    """Outings from the calendar's first day to the day `last`; none of them lies ahead of the moment."""
    rng = village.rng
    zeal = 2.0 if village.is_own else _ZEALS.draw(rng)
    on = calendar.first_on
    while on <= last:
        if rng.random() < _CHANCE[on.weekday()] * zeal:
            _outing(village, calendar, rng.choice(senders), on, sent)
        on += timedelta(days=1)


def _outing(village: Village, calendar: Calendar, author: Mate, on: date, sent: Sent) -> None:
    """One evening or morning: a round of homes, hours at a public place, a session, or some calls; sent together."""
    rng = village.rng
    kind = _OUTINGS.draw(rng)
    others = [mate for mate in village.mates if mate is not author]
    companions = rng.sample(others, min(len(others), _COMPANIONS.draw(rng)))
    crew = [str(mate.id) for mate in (author, *companions)]
    at = day_start(on) + timedelta(minutes=rng.choice(_STARTS[on.weekday() > 4]) + rng.randint(0, 20))
    made = []
    for household_id, participants in _supported(village, kind):
        if at + timedelta(minutes=10) > calendar.now:
            break
        made.append(_row(village, kind, at, participants, household_id) | {"author_id": author.id})
        at += timedelta(minutes=rng.randint(12, 35))
    if not made:
        return
    received_at = _arrival(rng, at, calendar.now)
    for visit in made:
        entered_at = min(visit["occurred_at"] + timedelta(minutes=rng.randint(3, 9)), received_at)
        sent.visits.append(
            visit
            | {
                "member_ids": crew,
                "device_id": author.device_id,
                "entered_at": entered_at,
                "received_at": received_at,
            }
        )
    sent.heard(author, received_at, applied=len(made))


def _arrival(rng: Random, at: datetime, now: datetime) -> datetime:
    """When the phone found signal: mostly at once, at times days later."""
    slow = rng.random()
    longest = timedelta(minutes=10) if slow < 0.6 else timedelta(hours=14) if slow < 0.92 else timedelta(days=4)
    return min(at + longest * rng.random(), now)


def _supported(village: Village, kind: str) -> Iterator[tuple[UUID | None, int]]:
    """The household, where one is named, and the number of people of each visit of an outing."""
    rng = village.rng
    if kind == "group":
        yield None, rng.randint(8, 45)
    elif kind == "public_place":
        for _ in range(rng.randint(2, 6)):
            yield None, _PEOPLE_IN_PUBLIC.draw(rng)
    else:
        count = _HOMES.draw(rng) if kind == "home" else rng.randint(1, 2)
        for household_id in rng.sample(village.household_ids, count):
            unnamed = kind == "home" and rng.random() < 0.09
            yield None if unnamed else household_id, _PEOPLE_AT_HOME.draw(rng)


def _row(village: Village, kind: str, at: datetime, participants: int, household_id: UUID | None) -> dict[str, Any]:
    """A visit, but for who made and sent it."""
    rng = village.rng
    services = _services(rng, participants)
    follow_up = any(given["outcome"] == "needs_follow_up" for given in services)
    return {
        "id": new_id(), "village_id": village.area.id, "version": 0, "team_id": village.team_id,
        "household_id": household_id, "kind": kind, "occurred_at": at, "time_uncertain": False,
        "participants": participants, "services": services,
        "follow_up_on": civil_date(at) + timedelta(days=rng.randint(3, 10)) if follow_up else None,
        "note": rng.choice(NOTES) if rng.random() < 0.04 else None,
    }  # fmt: skip


def _services(rng: Random, participants: int) -> list[dict[str, Any]]:
    codes = dict.fromkeys(_TOPICS.draw(rng) for _ in range(_TOPICS_AT_ONCE.draw(rng)))
    return [
        {
            "code": code,
            "people": participants if place == 0 else rng.randint(1, participants),
            "outcome": _OUTCOMES.draw(rng),
        }
        for place, code in enumerate(codes)
    ]
