"""Villages are merged, renamed, recoded and moved on a day, whole or not at all, and no ground moves."""

import re
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from cdtteam.areas.models import Area, AreaTerm
from cdtteam.areas.queries import AreaMap, area_in_place_of, area_map
from cdtteam.core.db import db
from tests.areas.operator import Operator

COMMUNES = "code,name,kind,province_code\n21601,Xã Một,commune,52\n21604,Xã Hai,commune,52\n21607,Xã Ba,commune,52\n"
VILLAGES = """code,name,kind,commune_code
va,Thôn A,thôn,21601
vb,Thôn B,thôn,21601
vc,Thôn C,thôn,21604
vd,Làng D,làng,21604
ve,Thôn E,thôn,21607
"""
HEAD = "old_village_code,new_village_code,new_name,new_kind,commune_code\n"
MERGER = HEAD + "va,vn,Thôn Mới,thôn,21601\nvb,vn,Thôn Mới,thôn,21601\n"
ON, BEFORE, AFTER = "2025-07-01", date(2025, 6, 30), date(2025, 7, 1)


@pytest.fixture
def province(operator: Operator) -> Operator:
    """An operator with a small province."""
    for done in (operator.load(COMMUNES), operator.load_villages(VILLAGES)):
        assert done.exit_code == 0, done.output
    return operator


def merge(operator: Operator, file: str, on: str = ON, *words: str) -> Any:
    """Runs the command; answers its result."""
    return operator.areas("merge-villages", operator.file(file), "--effective", on, *words)


def applied(operator: Operator, *args: str) -> str:
    """A change that goes through; answers its id."""
    done = merge(operator, *args)
    assert done.exit_code == 0, done.output
    found = re.search(r"Applied as (\S+)\.", done.output)
    assert found
    return found[1]


def villages(operator: Operator, on: date) -> dict[str, tuple[str, str, str]]:
    """Every village of a map by code: name, kind, the commune's code."""
    found = map_of(operator, on)
    return {
        area.code: (area.name, area.kind, found.by_id[area.parent_id].code)
        for area in found.by_id.values()
        if area.level == "village" and area.parent_id
    }


def map_of(operator: Operator, on: date) -> AreaMap:
    with operator.app.app_context():
        return area_map(db.session(), on)


def ids(operator: Operator, on: date = BEFORE) -> dict[str, UUID]:
    """The areas of a map by code."""
    return {area.code: area.id for area in map_of(operator, on).by_id.values()}


def place(operator: Operator, area_id: UUID, on: date) -> UUID:
    """What stands in the area's place on a date."""
    with operator.app.app_context():
        return area_in_place_of(db.session(), area_id, on)


def stored(operator: Operator) -> list[Any]:
    """Every row of areas and their terms."""
    with operator.app.app_context():
        areas = db.session().execute(select(Area.id, Area.level).order_by(Area.id)).all()
        order = (AreaTerm.area_id, AreaTerm.from_on)
        return [*areas, *db.session().execute(select(*AreaTerm.__table__.c).order_by(*order)).all()]


def test_a_merger_is_on_the_maps_from_its_day_on(province: Operator) -> None:
    before, old = villages(province, BEFORE), ids(province)
    done = merge(province, MERGER)
    assert done.exit_code == 0, done.output
    assert "5 villages become 4" in done.output
    assert villages(province, BEFORE) == before
    after = villages(province, AFTER)
    assert after == {"vn": ("Thôn Mới", "thôn", "21601")} | {code: before[code] for code in ("vc", "vd", "ve")}
    assert ids(province, AFTER)["vn"] == old["va"], "the first that the file names goes on"
    assert [place(province, old["vb"], on) for on in (BEFORE, AFTER)] == [old["vb"], old["va"]]


def test_the_old_village_with_the_new_code_goes_on_also_from_another_commune(province: Operator) -> None:
    old = ids(province)
    applied(province, HEAD + "va,vc,Thôn Chung,thôn,21604\nvc,vc,Thôn Chung,thôn,21604\n")
    assert villages(province, AFTER)["vc"] == ("Thôn Chung", "thôn", "21604")
    assert ids(province, AFTER)["vc"] == old["vc"] == place(province, old["va"], AFTER)
    assert "va" not in villages(province, AFTER)


def test_mergers_follow_each_other(province: Operator) -> None:
    old = ids(province)
    applied(province, MERGER)
    applied(province, HEAD + "vn,vc,Thôn Lớn,thôn,21604\nvc,vc,Thôn Lớn,thôn,21604\n", "2026-01-01")
    last = date(2026, 1, 1)
    assert villages(province, last).keys() == {"vc", "vd", "ve"}
    assert {place(province, old[code], last) for code in ("va", "vb", "vc")} == {old["vc"]}
    assert place(province, old["vb"], date(2025, 12, 31)) == old["va"]


def test_one_old_village_is_renamed_recoded_or_moved(province: Operator) -> None:
    old = ids(province)
    rows = "va,va,Thôn An,thôn,21601\nvb,x1,Thôn B,thôn,21601\nvc,vc,Thôn C,khu phố,21604\nve,ve,Thôn E,thôn,21601\n"
    applied(province, HEAD + rows)
    assert villages(province, AFTER) == {
        "va": ("Thôn An", "thôn", "21601"),
        "x1": ("Thôn B", "thôn", "21601"),
        "vc": ("Thôn C", "khu phố", "21604"),
        "vd": ("Làng D", "làng", "21604"),
        "ve": ("Thôn E", "thôn", "21601"),
    }
    assert set(ids(province, AFTER).values()) == set(old.values()), "no area is made and none ends"


def test_codes_are_reused_for_other_villages(province: Operator) -> None:
    old = ids(province)
    applied(province, HEAD + "va,vb,Thôn A,thôn,21601\nvb,va,Thôn B,thôn,21601\n")
    new = ids(province, AFTER)
    assert (new["vb"], new["va"]) == (old["va"], old["vb"])
    first = applied(province, HEAD + "vc,vd,Làng D,làng,21604\nvd,vd,Làng D,làng,21604\n", "2025-08-01")
    applied(province, HEAD + "ve,vc,Thôn E,thôn,21607\n", "2025-09-01")
    assert ids(province, date(2025, 9, 1))["vc"] == old["ve"]
    assert ids(province, date(2025, 7, 15))["vc"] == old["vc"]
    refused = province.areas("undo", first)
    assert refused.exit_code != 0
    assert "the code vc is that of Thôn E now" in refused.output


WRONG = [
    (HEAD + "v9,vn,Thôn,thôn,21601\n", ON, "line 2: there is no village with the code v9 on 2025-07-01"),
    (HEAD + "21601,vn,Thôn,thôn,21601\n", ON, "line 2: there is no village with the code 21601"),
    (MERGER.replace("vb,vn,Thôn Mới", "vb,vn,Thôn Khác"), ON, "line 3: vn is Thôn Khác (thôn) here, but Thôn Mới"),
    (MERGER.replace("Mới,thôn,21601\nvb", "Mới,làng,21601\nvb"), ON, "line 3: vn is Thôn Mới (thôn) here"),
    (MERGER[:-6] + "21604\n", ON, "line 3: vn lies in 21604 here, but in 21601 in line 2"),
    (MERGER + "va,vn,Thôn Mới,thôn,21601\n", ON, "line 4: va to vn is doubled: line 2"),
    (MERGER + "va,vm,Thôn Hai,thôn,21601\n", ON, "line 4: va goes into vn in line 2 already. A village cannot be"),
    (MERGER.replace("21601", "29999"), ON, "line 3: there is no commune with the code 29999 on 2025-07-01"),
    (MERGER.replace("21601", "52"), ON, "line 2: there is no commune with the code 52"),
    (HEAD + "va,vc,Thôn A,thôn,21601\n", ON, "line 2: the code vc is that of Thôn C"),
    (HEAD + "va,21607,Thôn A,thôn,21601\n", ON, "line 2: the code 21607 is that of Xã Ba"),
    (HEAD + "va,va,Thôn A,thôn,21601\n", ON, "line 2: va Thôn A stays what it is"),
    (MERGER, "1900-01-01", "line 2: va Thôn A begins on 1900-01-01 itself"),
    (MERGER, "1899-12-31", "there is no province on 1899-12-31"),
    (MERGER, "01/07/2025", "--effective is no date"),
    (HEAD, ON, "there are no rows"),
    ("old_village_code,new_village_code,new_name,new_kind\nva,vn,X,thôn\n", ON, "“commune_code” is missing"),
]  # fmt: skip


def test_what_is_wrong_is_said_with_its_line(province: Operator) -> None:
    before = stored(province)
    for file, on, reason in WRONG:
        refused = merge(province, file, on)
        assert refused.exit_code != 0, reason
        assert reason in refused.output
        assert stored(province) == before, reason


def test_every_fault_is_said_at_once(province: Operator) -> None:
    refused = merge(province, MERGER + "v8,vm,Thôn,thôn,21601\nv9,vm,Thôn,thôn,29999\n")
    for reason in ("line 4: there is no village", "line 5: there is no village", "line 5: there is no commune"):
        assert reason in refused.output


def test_what_is_decided_for_later_stands_in_the_way(province: Operator) -> None:
    applied(province, MERGER, "2200-01-01")
    before = stored(province)
    earlier = merge(province, HEAD + "vb,vb,Thôn Bé,thôn,21601\n")
    assert "line 2: vb Thôn B changes again on 2200-01-01; that would have to be undone first" in earlier.output
    taken = merge(province, HEAD + "vc,vn,Thôn C,thôn,21604\n")
    assert "line 2: the code vn is that of Thôn Mới" in taken.output
    same_day = merge(province, HEAD + "va,va,Thôn A,thôn,21604\n", "2200-01-01")
    assert same_day.exit_code != 0
    assert stored(province) == before
    communes = "old_code,new_code,new_name,new_kind\n21607,30007,Xã Bảy,commune\n"
    done = province.areas("reorganise", province.file(communes), "--effective", "2200-01-01")
    assert done.exit_code == 0, done.output
    arriving = merge(province, HEAD + "vc,vc,Thôn C,thôn,21607\n")
    assert "line 2: the commune 21607 changes on 2200-01-01; villages come after that" in arriving.output


def test_a_commune_does_not_end_before_a_village_comes_to_it(province: Operator) -> None:
    """Else the village would be on no map from that day on, and what was done in it in nobody's figures."""
    applied(province, HEAD + "ve,ve,Thôn E,thôn,21604\n", "2200-01-01")
    before = stored(province)
    communes = "old_code,new_code,new_name,new_kind\n21604,30004,Xã Bốn,commune\n"
    done = province.areas("reorganise", province.file(communes), "--effective", ON)
    assert "line 2: ve Thôn E comes to Xã Hai on 2200-01-01; that would have to be undone first" in done.output
    assert stored(province) == before
    stays = "old_code,new_code,new_name,new_kind\n21604,21604,Xã Hai Mới,commune\n"
    assert province.areas("reorganise", province.file(stays), "--effective", ON).exit_code == 0


def test_what_was_applied_is_not_applied_again(province: Operator) -> None:
    name = applied(province, MERGER)
    again = merge(province, HEAD + "".join(reversed(MERGER.splitlines(keepends=True)[1:])))
    assert again.exit_code != 0
    assert "was applied already, on" in again.output
    assert name in again.output
    assert province.areas("undo", name).exit_code == 0
    applied(province, MERGER)


def test_a_dry_run_says_what_would_change(province: Operator) -> None:
    before = stored(province)
    done = merge(province, HEAD + "va,vn,Thôn Mới,thôn,21604\nvc,vn,Thôn Mới,thôn,21604\n", ON, "--dry-run")
    assert done.exit_code == 0
    assert "vn Thôn Mới (thôn) in Xã Hai of va Thôn A, vc Thôn C" in done.output
    assert "2 villages change" in done.output
    assert "1 come to another commune" in done.output
    assert "dry run" in done.output
    assert stored(province) == before


def test_undoing_puts_every_row_back_unless_something_depends_on_it(province: Operator) -> None:
    before = stored(province)
    first = applied(province, MERGER)
    between = stored(province)
    second = applied(province, HEAD + "vn,vn,Thôn Mới,thôn,21607\n", "2026-01-01")
    refused = province.areas("undo", first)
    assert refused.exit_code != 0
    assert "vn Thôn Mới changed again on 2026-01-01" in refused.output
    assert province.areas("undo", second).exit_code == 0
    assert stored(province) == between
    assert province.areas("undo", first).exit_code == 0
    assert stored(province) == before


def test_no_village_goes_back_to_a_commune_that_has_ended(province: Operator) -> None:
    first = applied(province, HEAD + "va,vc,Thôn C,thôn,21604\nvb,vc,Thôn C,thôn,21604\nvc,vc,Thôn C,thôn,21604\n")
    communes = "old_code,new_code,new_name,new_kind\n21601,21607,Xã Ba,commune\n21607,21607,Xã Ba,commune\n"
    done = province.areas("reorganise", province.file(communes), "--effective", "2025-08-01")
    assert done.exit_code == 0, done.output
    refused = province.areas("undo", first)
    assert refused.exit_code != 0
    assert "21601 Xã Một, to which units would go back, ended on 2025-08-01" in refused.output


def test_an_old_list_founds_no_village_that_is_called_otherwise_now(province: Operator) -> None:
    applied(province, MERGER + "ve,ve,Thôn Em,thôn,21607\n")
    before = province.count()
    old = "code,name,kind,commune_code\n,Thôn B,thôn,21601\n,thôn e,thôn,21607\n,Thôn Mới,thôn,21601\n"
    refused = province.load_villages(old)
    assert refused.exit_code == 1
    assert "line 2: Thôn B is vn Thôn Mới by now" in refused.output
    assert "line 3: thôn e is ve Thôn Em by now" in refused.output
    assert province.count() == before
    again = province.load_villages("code,name,kind,commune_code\nvb2,Thôn B,thôn,21601\n")
    assert "1 villages are new" in again.output, "a new village may take over the name"
