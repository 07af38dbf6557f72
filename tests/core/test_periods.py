"""Periods of reports: every day lies in exactly one of each kind, and nothing else is a period."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdtteam.core.clock import CIVIL_ZONE, civil_date
from cdtteam.core.periods import month_of, parse_period, parse_range, period_before, year_before
from cdtteam.core.problems import Problem

DAYS = st.dates(date(1901, 2, 1), date(9998, 11, 30))


def names(on: date) -> dict[str, str]:
    """The period of each kind in which a day lies."""
    year, week, _ = on.isocalendar()
    return {
        "day": f"{on}",
        "week": f"{year:04}-W{week:02}",
        "month": f"{on:%Y-%m}",
        "quarter": f"{on.year:04}-Q{(on.month + 2) // 3}",
        "half": f"{on.year:04}-H{1 if on.month < 7 else 2}",
        "year": f"{on.year:04}",
    }


@given(DAYS)
def test_a_day_lies_in_its_periods_and_the_next_begins_where_one_ends(on: date) -> None:
    for name in names(on).values():
        period = parse_period(name)
        assert period.name == name
        assert period.from_on <= on <= period.to_on
        following = names(period.to_on + timedelta(days=1))
        kind = next(kind for kind, text in names(on).items() if text == name)
        assert parse_period(following[kind]).start == period.end


@given(DAYS, st.integers(2, 28))
def test_report_months_follow_each_other(on: date, report_day: int) -> None:
    later = (on.replace(day=1) + timedelta(days=31)).replace(day=1)
    first, second = (
        parse_period(f"{month:%Y-%m}", calendar="report", report_day=report_day) for month in (on.replace(day=1), later)
    )
    assert first.end == second.start
    assert (first.from_on.day, first.to_on.day) == (report_day, report_day - 1)
    assert (first.to_on.year, first.to_on.month) == (on.year, on.month)


@pytest.mark.parametrize(("whole", "parts"), [("Q1", 3), ("H2", 6), ("9M", 9)])
def test_longer_report_periods_are_made_of_report_months(whole: str, parts: int) -> None:
    first = 7 if whole == "H2" else 1
    months = [parse_period(f"2026-{month:02}", calendar="report") for month in range(first, first + parts)]
    period = parse_period(f"2026-{whole}", calendar="report")
    assert (period.from_on, period.to_on) == (months[0].from_on, months[-1].to_on)


def test_the_administrations_month() -> None:
    november = parse_period("2026-11", calendar="report")
    assert (november.from_on, november.to_on) == (date(2026, 10, 15), date(2026, 11, 14))
    january = parse_period("2026-01", calendar="report")
    assert (january.from_on, january.to_on) == (date(2025, 12, 15), date(2026, 1, 14))


def test_days_begin_at_midnight_in_vietnam() -> None:
    day = parse_period("2026-11-24")
    assert (day.start, day.end) == (datetime(2026, 11, 23, 17, tzinfo=UTC), datetime(2026, 11, 24, 17, tzinfo=UTC))


@given(st.integers(-600_000_000, 7_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)))
def test_an_instant_lies_in_the_day_that_is_its_own(instant: datetime) -> None:
    on = civil_date(instant)
    assert on == instant.astimezone(CIVIL_ZONE).date()
    day = parse_period(f"{on}")
    assert day.start <= instant < day.end
    assert month_of(on).start <= instant < month_of(on).end


NO_PERIODS = [
    *("", "2026-", "2026-00", "2026-13", "2026-W00", "2026-W54", "2025-W53", "2026-Q5", "2026-H3", "2026-02-30"),
    *(
        "26-11",
        "２０２６-11",
        "2026-11 ",
        " 2026",
        "2026-11\n",
        "2026-w48",
        "2026-6M",
        "0000",
        "0001-W01",
        "0001-01-01",
    ),
    *("1900", "9999", "9999-12-31", "9999-W52"),
]


@pytest.mark.parametrize("text", NO_PERIODS)
def test_what_is_no_period_is_said_to_be_none(text: str) -> None:
    for calendar in ("civil", "report"):
        with pytest.raises(Problem, match="invalid_field: period"):
            parse_period(text, calendar=calendar)


@given(
    st.text(max_size=12) | st.from_regex(r"[0-9]{4}(-[0-9WQHM]{1,5}){0,2}", fullmatch=True),
    st.sampled_from(("civil", "report")),
)
def test_any_text_is_a_period_with_edges_or_none(text: str, calendar: str) -> None:
    with suppress(Problem):
        period = parse_period(text, calendar=calendar)
        assert period.start < period.end


@given(DAYS, DAYS)
def test_ranges_run_forwards(one: date, other: date) -> None:
    first, last = sorted((one, other))
    period = parse_range(f"{first}", f"{last}")
    assert (period.from_on, period.to_on) == (first, last)
    assert period.end - period.start > timedelta(hours=22)  # of old there were days on which clocks were set
    if first != last:
        with pytest.raises(Problem, match="to"):
            parse_range(f"{last}", f"{first}")


@pytest.mark.parametrize(
    ("start", "end", "field"),
    [
        ("", "2026-01-01", "from"),
        ("2026-01-01", "x", "to"),
        ("2026-W48-1", "2026-11-30", "from"),
        ("2026-11-23", "20261130", "to"),
        ("２０２６-11-23", "2026-11-30", "from"),
    ],
)
def test_a_range_says_which_end_is_wrong(start: str, end: str, field: str) -> None:
    with pytest.raises(Problem) as raised:
        parse_range(start, end)
    assert raised.value.field == field


@given(DAYS)
def test_the_period_before_is_of_the_same_kind_and_ends_where_one_begins(on: date) -> None:
    for name in names(on).values():
        before = period_before(parse_period(name))
        assert before.end == parse_period(name).start
        assert before.name in names(before.to_on).values()
        assert len(before.name) == len(name)


@given(DAYS, st.integers(0, 900))
def test_days_of_ones_own_have_as_many_before_them(first: date, length: int) -> None:
    last = min(first + timedelta(days=length), date(9998, 12, 30))
    period = parse_range(f"{first}", f"{last}")
    with suppress(Problem):  # nothing lies before the first of all days
        before = period_before(period)
        assert before.end == period.start
        is_months = first.day == 1 and (last + timedelta(days=1)).day == 1
        assert is_months or before.to_on - before.from_on == last - first


BEFORE = [
    ("2026-01", "2025-12", "2025-01"), ("2026-Q1", "2025-Q4", "2025-Q1"), ("2026-H2", "2026-H1", "2025-H2"),
    ("2026-9M", "2025-9M", "2025-9M"), ("2026", "2025", "2025"), ("2026-W01", "2025-W52", "2025-W01"),
    ("2026-W53", "2026-W52", "2025-W52"), ("2024-02-29", "2024-02-28", "2023-02-28"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "before", "last_year"), BEFORE)
def test_what_a_period_is_compared_with(name: str, before: str, last_year: str) -> None:
    for calendar in ("civil", "report"):
        period = parse_period(name, calendar=calendar)
        assert period_before(period, calendar=calendar) == parse_period(before, calendar=calendar)
        assert year_before(period, calendar=calendar) == parse_period(last_year, calendar=calendar)


def test_what_days_of_ones_own_are_compared_with() -> None:
    months = parse_range("2026-02-01", "2026-04-30")
    assert period_before(months) == parse_range("2025-11-01", "2026-01-31")
    assert year_before(months) == parse_range("2025-02-01", "2025-04-30")
    assert year_before(parse_range("2024-02-29", "2024-03-01")) == parse_range("2023-02-28", "2023-03-01")
    with pytest.raises(Problem):
        period_before(parse_range("1901-01-01", "9998-01-01"))
