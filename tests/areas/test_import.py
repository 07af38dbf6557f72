"""Areas come in from files whole or not at all, and a refusal says where and why."""

import unicodedata
from importlib import resources

import pytest
from sqlalchemy import select

from cdtteam.areas.models import BEGINNING, AreaTerm, Level
from cdtteam.core.db import db
from cdtteam.replica.models import CATALOGUE, VillageCounter
from tests.areas.operator import NAME, Operator

DATA = resources.files("cdtteam.areas") / "data"
COMMUNES = "code,name,kind,district_code\n21601,Xã Nhơn Hội,commune,540\n21604,Xã Nhơn Hải,commune,540\n"
DISTRICTS = "code,name,kind,province_code\n540,Thành phố Quy Nhơn,city,52\n"
PLAIN = "code,name,kind,province_code\n21601,Xã Nhơn Hội,commune,52\n21604,Xã Nhơn Hải,commune,52\n"
VILLAGES = "code,name,kind,commune_code\n,Thôn 1,thôn,21601\nT2,Thôn 2,thôn,21601\n,Thôn 1,thôn,21604\n"


def test_the_province_of_the_package(operator: Operator) -> None:
    communes, districts = ((DATA / name).read_bytes() for name in ("communes-2023.csv", "districts-2023.csv"))
    first = operator.load(communes, districts)
    assert first.exit_code == 0, first.output
    today = operator.map()
    assert [len(today.of_level(level)) for level in Level] == [1, 11, 159, 0]
    assert today.province is not None
    assert (today.province.code, today.province.name) == ("52", NAME)
    quy_nhon = today.with_code("540")
    assert quy_nhon is not None
    assert len(list(today.below(quy_nhon.id, Level.COMMUNE))) == 21
    before = operator.count()
    again = operator.load(communes, districts)
    assert again.exit_code == 0
    assert "170 were there already" in again.output
    assert operator.count() == before


def test_communes_without_districts_stand_under_the_province_since_1900(operator: Operator) -> None:
    assert operator.load(PLAIN).exit_code == 0
    with operator.app.app_context():
        assert set(db.session().scalars(select(AreaTerm.from_on))) == {BEGINNING}
    today = operator.map()
    assert today.province is not None
    assert {area.code for area in today.children[today.province.id]} == {"21601", "21604"}


def test_another_province_stands_beside_the_first(operator: Operator) -> None:
    operator.load(PLAIN)
    other = "code,name,kind,province_code\n23536,Phường Yên Đỗ,ward,64\n"
    assert operator.load(other, name="Tỉnh Gia Lai").exit_code == 0
    assert {area.code for area in operator.map().of_level(Level.PROVINCE)} == {"52", "64"}


def test_bom_crlf_and_decomposed_text(operator: Operator) -> None:
    text = unicodedata.normalize("NFD", COMMUNES).replace("\n", "\r\n")
    assert operator.load(b"\xef\xbb\xbf" + text.encode(), b"\xef\xbb\xbf" + DISTRICTS.encode()).exit_code == 0
    found = operator.map().with_code("21601")
    assert found is not None
    assert found.name == unicodedata.normalize("NFC", "Xã Nhơn Hội")
    assert operator.load(COMMUNES, DISTRICTS).exit_code == 0


def test_villages_get_codes_and_counters_once(operator: Operator) -> None:
    operator.load(COMMUNES, DISTRICTS)
    assert operator.load_villages(VILLAGES).exit_code == 0
    villages = operator.map().of_level(Level.VILLAGE)
    assert {(area.code, area.name) for area in villages} == {
        ("21601001", "Thôn 1"), ("T2", "Thôn 2"), ("21604001", "Thôn 1"),
    }  # fmt: skip
    with operator.app.app_context():
        counters = dict(db.session().execute(select(VillageCounter.village_id, VillageCounter.version)).all())
    assert {area.id for area in villages} == counters.keys() - {CATALOGUE}
    before = operator.count()
    assert operator.load_villages(VILLAGES).exit_code == 0
    assert operator.load_villages("name,kind,commune_code\nThôn 1,thôn,21601\n").exit_code == 0
    assert operator.count() == before
    assert operator.load_villages("name,kind,commune_code\nThôn 3,thôn,21601\n").exit_code == 0
    assert "21601002" in {area.code for area in operator.map().of_level(Level.VILLAGE)}


def test_a_minted_code_avoids_those_of_the_file_and_of_other_areas(operator: Operator) -> None:
    operator.load(COMMUNES, DISTRICTS)
    text = "code,name,kind,commune_code\n,Thôn 1,thôn,21601\n21601001,Thôn 2,thôn,21601\n"
    assert operator.load_villages(text).exit_code == 0
    assert {area.name: area.code for area in operator.map().of_level(Level.VILLAGE)} == {
        "Thôn 1": "21601002", "Thôn 2": "21601001",
    }  # fmt: skip


def test_what_is_exported_changes_nothing_when_imported_and_fills_an_empty_database(operator: Operator) -> None:
    operator.load(COMMUNES, DISTRICTS)
    operator.load_villages(VILLAGES + '"V,""4""",Thôn 4,thôn,21601\n')
    out = operator.folder / "out.csv"
    assert operator.areas("villages", "--export", str(out)).exit_code == 0
    assert out.read_bytes().startswith("code,name,kind,commune_code\n21601001,Thôn 1,thôn,21601\n".encode())
    before = operator.count()
    again = operator.areas("villages", str(out))
    assert again.exit_code == 0
    assert "0 villages are new, 4 were there already" in again.output
    assert operator.count() == before


BAD = [
    (COMMUNES.replace("kind", "type"), DISTRICTS, ["file1.csv, line 1", "“kind” is missing"]),
    (COMMUNES, DISTRICTS.replace("province_code", "province"), ["file2.csv, line 1", "“province_code” is missing"]),
    (COMMUNES, None, ["line 1", "“province_code” is missing"]),
    (COMMUNES + "21601,Xã Khác,commune,540\n", DISTRICTS, ["line 4", "21601 is doubled", "line 2"]),
    (COMMUNES, DISTRICTS * 2, ["file2.csv, line 3"]),
    (COMMUNES.encode("utf-16"), DISTRICTS, ["file1.csv, line 1", "UTF-8"]),
    (COMMUNES.encode().replace("Hải".encode(), b"H\xb6i"), DISTRICTS, ["line 3", "UTF-8"]),
    (COMMUNES.replace("Hải", "H\ufffdi"), DISTRICTS, ["line 3", "lost character"]),
    (COMMUNES + "21607,Xã Lạ,commune,999\n", DISTRICTS, ["line 4", "no district with the code 999"]),
    (COMMUNES + "21607,  ,commune,540\n", DISTRICTS, ["line 4", "“name” is empty"]),
    (COMMUNES + ",Xã Lạ,commune,540\n", DISTRICTS, ["line 4", "“code” is empty"]),
    (COMMUNES + "21607,Xã\x00Lạ,commune,540\n", DISTRICTS, ["line 4", "control character"]),
    (COMMUNES + '21607,"Xã\nLạ",commune,540\n', DISTRICTS, ["line 4", "line break"]),
    (COMMUNES + '"21607,Xã Lạ,commune,540\n', DISTRICTS, ["line 4", "no CSV"]),
    (COMMUNES + "21607,Xã Lạ,commune\n", DISTRICTS, ["line 4", "3 cells"]),
    (COMMUNES, DISTRICTS + "541,Huyện Lạ,district,53\n", ["file2.csv, line 3", "one province a file"]),
    ("", DISTRICTS, ["file1.csv, line 1"]),
    (PLAIN.splitlines()[0] + "\n", None, ["line 1", "no rows"]),
    (COMMUNES.splitlines()[0] + "\n", DISTRICTS, ["file1.csv, line 1", "no rows"]),
    (COMMUNES, DISTRICTS.splitlines()[0] + "\n", ["file2.csv, line 1", "no rows"]),
    (COMMUNES, DISTRICTS + "541,Huyện An Lão,district,52\n", ["file2.csv, line 3", "no commune", "Huyện An Lão"]),
]


def test_a_bad_file_is_refused_whole(operator: Operator) -> None:
    before = operator.count()
    for communes, districts, said in BAD:
        refused = Operator(operator.app, operator.folder).load(communes, districts)  # with files 1 and 2
        assert refused.exit_code == 1, said
        for words in said:
            assert words in refused.stderr
        assert refused.stdout == ""
        assert operator.count() == before, said


BAD_VILLAGES = [
    (VILLAGES + ",Thôn 5,thôn,99999\n", ["line 5", "no commune with the code 99999"]),
    (VILLAGES + "T2,Thôn 5,thôn,21604\n", ["line 5", "T2 is doubled"]),
    (VILLAGES + ",thôn 1,thôn,21604\n", ["line 5", "thôn 1 is doubled"]),
    (VILLAGES + "21601,Thôn 5,thôn,21604\n", ["line 5", "21601 is another area's"]),
    (VILLAGES.replace("kind", "loại"), ["line 1", "“kind” is missing"]),
    (VILLAGES + ",,thôn,21601\n", ["line 5", "“name” is empty"]),
]


def test_bad_villages_are_refused_whole(operator: Operator) -> None:
    operator.load(COMMUNES, DISTRICTS)
    before = operator.count()
    for content, said in BAD_VILLAGES:
        refused = operator.load_villages(content)
        assert refused.exit_code == 1, said
        for words in said:
            assert words in refused.stderr
        assert operator.count() == before, said


@pytest.mark.parametrize(
    ("communes", "name"),
    [
        (COMMUNES.replace("Hội", "Hòa"), NAME),
        (COMMUNES.replace("commune,540", "ward,540", 1), NAME),
        (COMMUNES + "21607,Xã Nhơn Châu,commune,540\n", NAME),
        (COMMUNES, "Tỉnh Gia Lai"),
    ],
)
def test_a_province_that_is_there_is_not_changed_by_importing(operator: Operator, communes: str, name: str) -> None:
    operator.load(COMMUNES, DISTRICTS)
    before = operator.map().by_id
    refused = operator.load(communes, DISTRICTS, name)
    assert refused.exit_code == 1
    assert "areas reorganise" in refused.stderr
    assert operator.map().by_id == before


def test_a_village_that_is_there_is_not_changed_by_importing(operator: Operator) -> None:
    operator.load(COMMUNES, DISTRICTS)
    operator.load_villages(VILLAGES)
    for changed in (VILLAGES.replace("Thôn 2,thôn", "Thôn 2,xóm"), VILLAGES.replace("T2,Thôn 2", "T2,Thôn Hai")):
        refused = operator.load_villages(changed + ",Thôn 9,thôn,21601\n")
        assert refused.exit_code == 1
        assert "line 3" in refused.stderr
        assert "areas merge-villages" in refused.stderr
    assert len(operator.map().of_level(Level.VILLAGE)) == 3


def test_twenty_faults_are_listed_and_the_rest_counted(operator: Operator) -> None:
    refused = operator.load(COMMUNES + "".join(f"{code},,commune,540\n" for code in range(30)), DISTRICTS)
    assert refused.stderr.count("is empty") == 20
    assert "10 more" in refused.stderr


def test_a_file_that_is_not_there(operator: Operator) -> None:
    refused = operator.areas("villages", str(operator.folder / "none.csv"))
    assert refused.exit_code == 1
    assert "none.csv cannot be read" in refused.stderr
