"""What deserves a look, and what does not: by day, by text, by household, by people; night is never enough."""

from datetime import datetime, timedelta

import pytest

from cdtteam.core.clock import CIVIL_ZONE
from cdtteam.reviewing.models import Sign
from cdtteam.reviewing.signs import A_DAY, AGAIN, FINDERS, TIMES_A_HOME, Seen, looks_in

MORNING = datetime(2026, 11, 24, 8, tzinfo=CIVIL_ZONE)
SENTENCE = "Đã hướng dẫn nộp hồ sơ trên cổng dịch vụ công"


def seen(number: int, **said: object) -> Seen:
    """A visit that deserves no look by itself."""
    plain = Seen(f"{number:032x}", "a", 1, "team", "an", None, "home", MORNING, 1, None, False)
    return plain._replace(**said)


def signs(visits: list[Seen], reviewed: dict[str, set[str]] | None = None) -> list[tuple[str, int]]:
    return [(look.sign, look.number) for look in looks_in(visits, reviewed or {})]


def test_a_day_holds_so_many_visits_and_not_more() -> None:
    full = [seen(n, household_id=str(n)) for n in range(A_DAY)]
    assert signs(full) == []
    assert signs([*full, seen(A_DAY)]) == [(Sign.MANY_A_DAY, A_DAY + 1)]
    assert signs([*full, seen(A_DAY, author_id="binh")]) == [], "nobody is added up with others"
    assert signs([*full, seen(A_DAY, at=MORNING + timedelta(days=1))]) == []


@pytest.mark.parametrize(("note", "found"), [(SENTENCE, True), (f"  {SENTENCE.upper()} ", True), ("Đã xong", False)])
def test_a_long_text_again_and_again(note: str, found: bool) -> None:
    days = [seen(n, note=SENTENCE if n else note, at=MORNING + timedelta(days=n)) for n in range(AGAIN)]
    assert signs(days) == ([(Sign.SAME_NOTE, AGAIN)] if found else [])
    assert signs(days[1:]) == []


def test_one_household_many_times_on_a_day_by_whomever() -> None:
    visits = [seen(n, household_id="home", author_id="an" if n else "binh") for n in range(TIMES_A_HOME)]
    (look,) = looks_in(visits, {})
    assert (look.sign, look.author_id) == (Sign.SAME_HOME, None)
    assert signs(visits[1:]) == []


def test_very_many_people_are_asked_about_by_where_it_was() -> None:
    visits = [seen(1, kind="group", participants=300), seen(2, kind="group", participants=301),
              seen(3, kind="home", participants=21), seen(4, kind="phone", participants=20)]  # fmt: skip
    assert signs(visits) == [(Sign.MANY_PEOPLE, 301), (Sign.MANY_PEOPLE, 21)]


def test_a_day_that_is_not_certain_is_one_look_for_the_member() -> None:
    assert signs([seen(1, is_uncertain=True), seen(2, is_uncertain=True), seen(3)]) == [(Sign.TIME, 2)]


def test_night_is_told_beside_another_sign_and_never_alone() -> None:
    night = MORNING.replace(hour=2)
    assert signs([seen(n, at=night + timedelta(days=n)) for n in range(30)]) == []
    (look,) = looks_in([seen(n, at=night if n < 3 else MORNING) for n in range(A_DAY + 1)], {})
    assert (look.sign, look.at_night) == (Sign.MANY_A_DAY, 3)


def test_what_was_looked_at_stays_away_until_as_much_comes_anew() -> None:
    visits = [seen(n) for n in range(A_DAY + 1)]
    reviewed = {Sign.MANY_A_DAY: {one.id for one in visits}}
    late = [seen(1000 + n) for n in range(5)]
    assert signs([*visits, *late], reviewed) == []
    more = [seen(2000 + n) for n in range(A_DAY + 1)]
    assert signs([*visits, *more], reviewed) == [(Sign.MANY_A_DAY, A_DAY + 1)]


def test_every_finder_finds_nothing_in_nothing() -> None:
    assert [list(find([])) for find in FINDERS.values()] == [[]] * len(FINDERS)
