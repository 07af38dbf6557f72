"""The map of any date: each area that was in force, once, under what it belonged to then."""

from datetime import date, timedelta
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cdtteam.areas.models import BEGINNING, Area, AreaTerm, Level
from cdtteam.areas.queries import area_map, commune_of
from cdtteam.core.db import db
from cdtteam.core.ids import new_id
from tests.support.world import World

START = date(2026, 1, 1)
CUTS = st.lists(st.integers(1, 20), unique=True, max_size=3).map(sorted)
FEW = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


def day(number: int) -> date:
    """A date of the tests' calendar; day 0 lies at the beginning of all maps."""
    return START + timedelta(days=number) if number else BEGINNING


def terms(area_id: UUID, cuts: list[int], parents: list[UUID], end: int | None) -> list[AreaTerm]:
    """An area's terms, one after the other, each under the next of the parents."""
    edges = [0, *cuts]
    ends = [*cuts, end]
    return [
        AreaTerm(
            area_id=area_id, from_on=day(first), until_on=None if last is None else day(last), code=f"c{first}",
            name=f"Thôn {first}", kind="thôn", parent_id=parents[index % len(parents)],
        )
        for index, (first, last) in enumerate(zip(edges, ends, strict=True))
    ]  # fmt: skip


def test_each_date_has_its_own_map(world: World) -> None:
    communes = [world.communes["near"], world.communes["far"]]

    @FEW
    @given(st.lists(st.tuples(CUTS, st.none() | st.just(25)), min_size=1, max_size=3))
    def play(villages: list[tuple[list[int], int | None]]) -> None:
        with world.app.app_context():
            session = db.session()
            made: dict[UUID, list[AreaTerm]] = {}
            for cuts, end in villages:
                area = Area(id=new_id(), level=Level.VILLAGE)
                session.add(area)
                session.flush()
                made[area.id] = terms(area.id, cuts, communes, end)
                session.add_all(made[area.id])
            session.flush()
            for on in [
                date(1900, 1, 1),
                date(2025, 12, 31),
                *(day(number) for number in range(1, 28)),
                date(9000, 1, 1),
            ]:
                found = area_map(session, on)
                for area_id, its in made.items():
                    holds = [one for one in its if one.from_on <= on and (one.until_on is None or on < one.until_on)]
                    assert [(one.code, one.parent_id) for one in holds] == (
                        [(found.by_id[area_id].code, found.by_id[area_id].parent_id)] if area_id in found.by_id else []
                    )
                    assert commune_of(session, area_id, on) == (holds[0].parent_id if holds else None)
                assert world.province is not None
                below = [area.id for area in found.below(world.province, Level.VILLAGE)]
                assert sorted(below) == sorted({area.id for area in found.of_level(Level.VILLAGE)})
            session.rollback()

    play()
