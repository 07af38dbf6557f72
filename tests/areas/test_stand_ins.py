"""What belonged to a village that has ended belongs to the one in its place, on each map to the right one."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from cdtteam.areas.models import BEGINNING, Area, AreaTerm, Level
from cdtteam.areas.queries import area_in_place_of, area_map, commune_of, in_force, with_ground
from cdtteam.core.db import db
from cdtteam.core.ids import new_id
from tests.areas.test_map import FEW, day
from tests.support.merged import merge_villages, yesterday
from tests.support.world import World

MOST = 6
# For each village the day on which it ends (0: never) and which of those that are there still takes its place.
FATES = st.lists(st.tuples(st.integers(0, 4), st.integers(0, MOST)), min_size=1, max_size=MOST)


@FEW
@given(fates=FATES)
def test_each_piece_of_ground_is_some_villages_on_every_map(world: World, fates: list[tuple[int, int]]) -> None:
    with world.app.app_context():
        session = db.session()
        ids = [new_id() for _ in fates]
        ends = {id_: end or 99 for id_, (end, _) in zip(ids, fates, strict=True)} | {world.villages["a"]: 99}
        session.add_all(Area(id=id_, level=Level.VILLAGE) for id_ in ids)
        session.flush()
        for number, (id_, (end, choice)) in enumerate(zip(ids, fates, strict=True)):
            lasting = [other for other in ends if ends[other] > ends[id_]] or [world.villages["a"]]
            session.add(AreaTerm(
                area_id=id_, from_on=BEGINNING, until_on=day(end) if end else None, code=f"n{number}",
                name=f"Thôn {number}", kind="thôn", parent_id=world.communes["far" if number % 2 else "near"],
                successor_id=lasting[choice % len(lasting)] if end else None,
            ))  # fmt: skip
        session.flush()
        for on in map(day, range(1, 6)):
            map_ = area_map(session, on)
            pieces = [piece for village in map_.of_level(Level.VILLAGE) for piece in map_.ground(village.id)]
            assert len(pieces) == len(set(pieces))
            assert {*pieces} == {*ids, *world.villages.values()}
            assert {*map_.ground_below(map_.province.id)} == {*pieces} if map_.province else None
            for piece in pieces:
                village = map_.village_of(piece)
                assert village is not None
                assert village.id == area_in_place_of(session, piece, on)
                assert commune_of(session, piece, on) == village.parent_id
            for commune_id in world.communes.values():
                own = select(AreaTerm.area_id).where(AreaTerm.parent_id == commune_id, in_force(on))
                assert {*session.scalars(with_ground(own, on))} == {*map_.ground_below(commune_id)}
        session.rollback()


def test_a_map_before_the_merger_knows_nothing_of_it(world: World) -> None:
    merge_villages(world, "b", into="a", name="Thôn Hợp Nhất")
    a, b = world.villages["a"], world.villages["b"]
    with world.app.app_context():
        before, after = (area_map(db.session(), on) for on in (yesterday() - timedelta(days=1), yesterday()))
    assert (before.ground(a), before.ground(b), before.former_name(b)) == ((a,), (b,), None)
    assert after.ground(a) == (a, b)
    assert [area.name for area in after.above(b)] == ["Thôn Hợp Nhất", "Xã near", "Tỉnh Bình Định"]
    assert (after.former_name(b), after.former_name(a)) == ("Thôn B", "Thôn A")


def test_ground_that_never_was_on_the_map_belongs_nowhere(world: World) -> None:
    with world.app.app_context():
        map_ = area_map(db.session(), yesterday())
        assert map_.village_of(new_id()) is None
        assert [*map_.above(new_id())] == []
        assert commune_of(db.session(), new_id(), yesterday()) is None
