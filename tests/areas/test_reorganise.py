"""Communes are merged, split and renamed on a day, whole or not at all, and taken back as if it had never been."""

import re
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from cdtteam.areas.models import Area, AreaTerm, Level
from cdtteam.areas.queries import AreaMap, area_map
from cdtteam.core import clock
from cdtteam.core.db import db
from tests.areas.operator import Operator

DISTRICTS = "code,name,kind,province_code\n540,Thành phố A,city,52\n542,Huyện B,district,52\n"
COMMUNES = """code,name,kind,district_code
21601,Xã Một,commune,540
21604,Xã Hai,commune,540
21607,Xã Ba,commune,540
21610,Xã Bốn,commune,542
21613,Thị trấn Năm,township,542
"""
VILLAGES = """code,name,kind,commune_code
v1,Thôn 1,thôn,21601
v2,Thôn 2,thôn,21601
v3,Thôn 1,thôn,21604
v4,Thôn 4,thôn,21607
v5,Làng 5,làng,21610
v6,Khu phố 6,khu phố,21613
"""
HEAD = "old_code,new_code,new_name,new_kind\n"
MERGER = HEAD + "21601,30001,Xã Một Hai,commune\n21604,30001,Xã Một Hai,commune\n"
ON, BEFORE = "2025-07-01", date(2025, 6, 30)
AFTER = date(2025, 7, 1)


@pytest.fixture
def province(operator: Operator) -> Operator:
    """An operator with a small province."""
    for done in (operator.load(COMMUNES, DISTRICTS), operator.load_villages(VILLAGES)):
        assert done.exit_code == 0, done.output
    return operator


def reorganise(operator: Operator, file: str, on: str = ON, villages: str | None = None, *words: str) -> Any:
    """Runs the command; answers its result."""
    decided = ("--villages", operator.file(villages)) if villages is not None else ()
    return operator.areas("reorganise", operator.file(file), "--effective", on, *decided, *words)


def applied(operator: Operator, *args: str) -> str:
    """A reorganisation that goes through; answers its id."""
    done = reorganise(operator, *args)
    assert done.exit_code == 0, done.output
    found = re.search(r"Applied as (\S+)\.", done.output)
    assert found
    return found[1]


def tree(operator: Operator, on: date) -> dict[str, str]:
    """For every area of a map, the code of what it stands under."""
    with operator.app.app_context():
        found = area_map(db.session(), on)
    parents = {area.code: found.by_id[area.parent_id].code for area in found.by_id.values() if area.parent_id}
    assert len(parents) == len(found.by_id) - 1
    return parents


def named(operator: Operator, on: date, code: str) -> tuple[str, str]:
    """What an area is called on a map: name and kind."""
    with operator.app.app_context():
        area = area_map(db.session(), on).with_code(code)
    assert area is not None
    return area.name, area.kind


def stored(operator: Operator) -> list[Any]:
    """Every row of areas and their terms."""
    with operator.app.app_context():
        areas = db.session().execute(select(Area.id, Area.level).order_by(Area.id)).all()
        columns = [*AreaTerm.__table__.c]
        order = (AreaTerm.area_id, AreaTerm.from_on)
        return [*areas, *db.session().execute(select(*columns).order_by(*order)).all()]


def test_a_merger_is_on_the_maps_from_its_day_on(province: Operator) -> None:
    before = tree(province, BEFORE)
    done = reorganise(province, MERGER)
    assert done.exit_code == 0, done.output
    assert "5 communes become 4" in done.output
    assert tree(province, BEFORE) == before
    after = tree(province, AFTER)
    assert {code: after[code] for code in ("30001", "v1", "v2", "v3", "v4", "21607")} == {
        "30001": "52", "v1": "30001", "v2": "30001", "v3": "30001", "v4": "21607", "21607": "540",
    }  # fmt: skip
    assert "21601" not in after
    assert after.keys() >= {"540", "542"}, "both have communes left"
    assert named(province, AFTER, "30001") == ("Xã Một Hai", "commune")


def test_a_unit_that_keeps_its_code_is_the_same_area_and_an_empty_district_ends(province: Operator) -> None:
    rows = "21610,21610,Phường Bốn,ward\n21613,21610,Phường Bốn,ward\n"
    ids = [area.id for area in _map(province, BEFORE).by_id.values() if area.code == "21610"]
    applied(province, HEAD + rows)
    after = _map(province, AFTER)
    assert [area.id for area in after.by_id.values() if area.code == "21610"] == ids
    assert named(province, AFTER, "21610") == ("Phường Bốn", "ward")
    assert named(province, BEFORE, "21610") == ("Xã Bốn", "commune")
    parents = tree(province, AFTER)
    assert (parents["21610"], parents["v6"], parents["v5"]) == ("52", "21610", "21610")
    assert "542" not in parents
    assert "540" in parents


def test_codes_are_reused_for_other_units(province: Operator) -> None:
    applied(province, HEAD + "21601,21604,Xã Mới,commune\n21604,21607,Xã Khác,commune\n21607,21607,Xã Khác,commune\n")
    before, after = _map(province, BEFORE), _map(province, AFTER)
    old, new = before.with_code("21604"), after.with_code("21604")
    assert old is not None
    assert new is not None
    assert old.id != new.id, "another unit has the code now"
    assert {code: tree(province, AFTER)[code] for code in ("v1", "v3", "v4")} == {
        "v1": "21604", "v3": "21607", "v4": "21607",
    }  # fmt: skip


SPLIT = (
    HEAD
    + "21601,21604,Xã Hai,commune\n21604,21604,Xã Hai,commune\n21601,21607,Xã Ba,commune\n21607,21607,Xã Ba,commune\n"
)


def test_a_split_asks_village_by_village(province: Operator) -> None:
    before = stored(province)
    refused = reorganise(province, SPLIT)
    assert refused.exit_code != 0
    assert "v1," in refused.output
    assert "v2," in refused.output
    assert "v3" not in refused.output
    refused = reorganise(province, SPLIT, ON, "village_code,new_code\nv1,21604\n")
    assert refused.exit_code != 0
    assert "v2," in refused.output
    assert "v1," not in refused.output
    assert stored(province) == before
    applied(province, SPLIT, ON, "village_code,new_code\nv1,21604\nv2,21607\n")
    parents = tree(province, AFTER)
    assert (parents["v1"], parents["v2"], parents["v3"], parents["v4"]) == ("21604", "21607", "21604", "21607")


WRONG = [
    (HEAD + "99999,30001,Xã,commune\n", ON, None, "line 2: there is no commune with the code 99999 on 2025-07-01"),
    (HEAD + "52,30001,Xã,commune\n", ON, None, "line 2: there is no commune with the code 52"),
    (MERGER.replace("21604,30001,Xã Một Hai", "21604,30001,Xã Hai Một"), ON, None, "line 3: 30001 is Xã Hai Một"),
    (MERGER.replace("Hai,commune\n21604", "Hai,ward\n21604"), ON, None, "30001 is Xã Một Hai (commune) here"),
    (MERGER + "21601,30001,Xã Một Hai,commune\n", ON, None, "line 4: 21601 to 30001 is doubled: line 2"),
    (HEAD + "21601,21604,Xã Hai,commune\n", ON, None, "line 2: the code 21604 is that of Xã Hai"),
    (HEAD + "21601,540,Xã Một,commune\n", ON, None, "line 2: the code 540 is that of Thành phố A"),
    (HEAD + "21601,v4,Xã Một,commune\n", ON, None, "line 2: the code v4 is that of Thôn 4"),
    (MERGER, "1900-01-01", None, "21601 Xã Một begins on 1900-01-01 itself"),
    (MERGER, "1899-12-31", None, "there is no province on 1899-12-31"),
    (MERGER, "01/07/2025", None, "--effective is no date"),
    (HEAD, ON, None, "there are no rows"),
    ("old_code,new_code,new_name\n21601,1,X\n", ON, None, "the column “new_kind” is missing"),
    (SPLIT, ON, "village_code,new_code\nv1,21604\nv2,21607\nv4,21604\n", "line 4: v4 Thôn 4 lies in Xã Ba"),
    (SPLIT, ON, "village_code,new_code\nv1,21604\nv2,21610\n", "line 3: Xã Một goes into 21604 and 21607"),
    (SPLIT, ON, "village_code,new_code\nv1,21604\nv1,21607\nv2,21604\n", "line 3: v1 Thôn 1 is decided twice"),
    (SPLIT, ON, "village_code,new_code\nv9,21604\n", "line 2: there is no village with the code v9"),
    (MERGER, ON, "village_code,new_code\nv1,30001\n", "line 2: v1 Thôn 1 lies in Xã Một, which is not split"),
]  # fmt: skip


def test_what_is_wrong_is_said_with_its_line(province: Operator) -> None:
    before = stored(province)
    for file, on, villages, reason in WRONG:
        refused = reorganise(province, file, on, villages)
        assert refused.exit_code != 0, reason
        assert reason in refused.output
        assert stored(province) == before, reason


def test_what_changes_nothing_or_was_applied_is_refused(province: Operator) -> None:
    name = applied(province, MERGER)
    again = reorganise(province, MERGER)
    assert again.exit_code != 0
    assert "was applied already, on" in again.output
    assert name in again.output
    same = reorganise(province, HEAD + "30001,30001,Xã Một Hai,commune\n", "2025-08-01")
    assert "30001 Xã Một Hai stays what it is" in same.output
    earlier = reorganise(province, HEAD + "21601,21601,Xã Một cũ,commune\n", "2024-01-01")
    assert "21601 Xã Một changes again on 2025-07-01" in earlier.output


def test_a_dry_run_says_what_would_change(province: Operator) -> None:
    before = stored(province)
    done = reorganise(province, MERGER, ON, None, "--dry-run")
    assert done.exit_code == 0
    assert "30001 Xã Một Hai (commune) of Xã Một, Xã Hai" in done.output
    assert "3 villages come to another commune" in done.output
    assert "Before: 5 communes, 6 villages, 0 teams" in done.output
    assert "After: 4 communes, 6 villages, 0 teams" in done.output
    assert "dry run" in done.output
    assert stored(province) == before


def test_undoing_puts_every_row_back_unless_something_depends_on_it(province: Operator) -> None:
    first = applied(province, MERGER)
    between = stored(province)
    second = applied(province, HEAD + "30001,30002,Phường Mới,ward\n21607,30002,Phường Mới,ward\n", "2026-03-01")
    refused = province.areas("undo", first)
    assert refused.exit_code != 0
    assert "30001 Xã Một Hai changed again on 2026-03-01" in refused.output
    assert province.areas("undo", second).exit_code == 0
    assert stored(province) == between
    runner = province.app.test_cli_runner()
    opened = runner.invoke(
        args=["account", "add", "xa", "--role", "coordinator", "--name", "Hà", "--area", "30001", "--generate"]
    )
    assert opened.exit_code == 0, opened.output
    refused = province.areas("undo", first)
    assert refused.exit_code != 0
    assert "1 rows of “user_account” belong to units that it made" in refused.output


def test_undoing_leaves_no_commune_under_a_district_that_has_ended(province: Operator) -> None:
    first = applied(province, HEAD + "21610,21610,Phường Bốn,ward\n")
    second = applied(province, HEAD + "21613,21613,Phường Năm,ward\n")
    whole = tree(province, AFTER)
    assert "542" not in whole, "its last commune has left it"
    refused = province.areas("undo", first)
    assert refused.exit_code != 0
    assert "542 Huyện B, to which units would go back, ended on 2025-07-01" in refused.output
    assert tree(province, AFTER) == whole
    assert province.areas("undo", second).exit_code == 0
    assert province.areas("undo", first).exit_code == 0
    assert tree(province, AFTER) == tree(province, BEFORE)


def test_the_list_of_what_was_applied(province: Operator) -> None:
    assert province.areas("undo").output == "No reorganisation was applied yet.\n"
    name = applied(province, MERGER)
    assert f"{name}  {ON}  in force" in province.areas("undo").output
    assert province.areas("undo", name).exit_code == 0
    later = applied(province, MERGER, "2200-01-01")
    assert f"{later}  2200-01-01  to come" in province.areas("undo").output
    assert province.areas("undo", later).exit_code == 0
    assert f"undone {clock.civil_date(clock.now())}\n" in province.areas("undo").output
    again = province.areas("undo", name)
    assert "it was undone already" in again.output
    assert "there is no reorganisation" in province.areas("undo", "x").output
    applied(province, MERGER)


def test_a_village_that_is_loaded_later_is_on_every_map(province: Operator) -> None:
    applied(province, MERGER)
    applied(province, HEAD + "30001,30002,Phường Mới,ward\n", "2026-03-01")
    done = province.load_villages("code,name,kind,commune_code\nv7,Thôn 7,thôn,30002\n")
    assert done.exit_code == 0, done.output
    under = [tree(province, on)["v7"] for on in (BEFORE, AFTER, date(2026, 3, 1))]
    assert under == ["21601", "30001", "30002"]


def test_no_village_is_loaded_into_a_commune_whose_end_is_decided(province: Operator) -> None:
    applied(province, MERGER, "2200-01-01")
    refused = province.load_villages("code,name,kind,commune_code\nv7,Thôn 7,thôn,21601\n")
    assert refused.exit_code != 0
    assert "line 2: the commune 21601 changes on 2200-01-01" in refused.output


CODES = ("21601", "21604", "21607", "21610", "21613")
FEW = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))


@FEW
@given(st.data())
def test_any_sequence_keeps_every_village_and_is_undone_row_by_row(province: Operator, data: st.DataObject) -> None:
    states, done = [stored(province)], list[str]()
    try:
        for year in range(2001, 2001 + data.draw(st.integers(1, 3))):
            file, villages = data.draw(_decisions_of(_map(province, date(year, 1, 1)), year))
            result = reorganise(province, file, f"{year}-01-01", villages)
            if result.exit_code == 0:
                done.append(result.output.split()[-1].rstrip("."))
                states.append(stored(province))
            assert stored(province) == states[-1]
        for on in (date(2000, 1, 1), *(date(year, 1, 1) for year in range(2001, 2005))):
            assert _villages_below_the_province(province, on) == ["v1", "v2", "v3", "v4", "v5", "v6"]
    finally:
        while done:
            assert stored(province) == states.pop()
            assert province.areas("undo", done.pop()).exit_code == 0
    assert stored(province) == states.pop()


def _villages_below_the_province(operator: Operator, on: date) -> list[str]:
    found = _map(operator, on)
    assert found.province is not None
    return sorted(area.code for area in found.below(found.province.id, Level.VILLAGE))


@st.composite
def _decisions_of(draw: st.DrawFn, now: AreaMap, year: int) -> tuple[str, str]:
    """Some communes go into some units, which may keep a code or have a new one; where villages go is decided."""
    communes = sorted(area.code for area in now.of_level(Level.COMMUNE))
    olds = draw(st.lists(st.sampled_from(communes), unique=True, min_size=1))
    names = [*olds, f"{year}1", f"{year}2"]
    rows, into = [], {}
    for old in olds:
        into[old] = draw(st.lists(st.sampled_from(names), unique=True, min_size=1, max_size=2))
        rows += [f"{old},{new},Xã {new} {year},commune" for new in into[old]]
    decided = []
    for old, news in into.items():
        commune = next(area for area in now.of_level(Level.COMMUNE) if area.code == old)
        if len(news) > 1:
            villages = sorted(area.code for area in now.children.get(commune.id, ()))
            decided += [f"{village},{draw(st.sampled_from(news))}" for village in villages]
    return HEAD + "\n".join(rows) + "\n", "village_code,new_code\n" + "\n".join(decided) + "\n"


def _map(operator: Operator, on: date) -> AreaMap:
    with operator.app.app_context():
        return area_map(db.session(), on)
