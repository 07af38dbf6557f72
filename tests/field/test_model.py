"""The pure part of the field app, in the browser that runs it."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from cdtteam.core.text import fold
from tests.field.engine import Model

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "fold.json").read_text(encoding="utf-8"))["pairs"]
NOW = 1795490000000  # 2026-11-24, 08:33 in Vietnam


def test_fold_is_the_servers(model: Model) -> None:
    texts = [text for text, _ in VECTORS]
    code = """async ([base, texts]) => {
      const { fold } = await import(`${base}/field/model/fold.js`);
      return texts.map(fold);
    }"""
    folded = model.page.evaluate(code, [model.base, texts])
    assert folded == [expected for _, expected in VECTORS]
    assert [fold(text) for text in texts] == folded


def test_ids_are_version_7_and_in_order_within_a_millisecond(model: Model) -> None:
    code = """async (base) => {
      const { uuid7 } = await import(`${base}/field/model/ids.js`);
      return [...Array.from({ length: 9000 }, () => uuid7(1795490000000)), uuid7(1795480000000), uuid7(1795499999999)];
    }"""
    ids = model.page.evaluate(code, model.base)
    assert ids == sorted(set(ids))
    assert all(re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", one) for one in ids)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("hoa", ["1", "3"]),
        ("hoa nguyen", ["1"]),
        ("NGUYỄN h", ["1"]),
        ("dang", ["2"]),
        ("xom 2 duc", ["2"]),
        ("0912 345", ["1"]),
        ("345678", ["1"]),
        ("oa", []),
        ("", ["1", "2", "3"]),
    ],
)
def test_search(model: Model, words: str, found: list[str]) -> None:
    households = [
        {"id": "1", "head_name": "Nguyễn Thị Hoa", "hamlet": "Xóm 1", "phone": "+84912345678"},
        {"id": "2", "head_name": "Đặng Văn Đức", "hamlet": "Xóm 2", "phone": None},
        {"id": "3", "head_name": "Rơ Châm Hoà", "hamlet": None},
    ]
    code = """async ([base, households, words]) => {
      const { makeIndex } = await import(`${base}/field/model/search.js`);
      return makeIndex(households)(words);
    }"""
    assert model.page.evaluate(code, [model.base, households, words]) == found


@pytest.mark.parametrize(
    ("name", "args", "expected"),
    [
        ("dayOf", ["2026-11-23T17:00:00Z"], "2026-11-24"),
        ("dayOf", ["2026-11-23T16:59:59.999Z"], "2026-11-23"),
        ("monthOf", ["2026-10-31T17:00:00Z"], "2026-11"),
        ("addDays", ["2026-03-01", -1], "2026-02-28"),
        ("shortDate", ["2026-11-24"], "24/11/2026"),
        ("clockTime", ["2026-11-24T02:30:05Z"], "09:30"),
        ("deviceTime", [NOW], "2026-11-24T10:13:20.000+07:00"),
        ("momentOn", ["2026-11-24", NOW], "2026-11-24T10:13:20.000+07:00"),
        ("momentOn", ["2026-11-20", NOW], "2026-11-20T10:00:00+07:00"),
        ("monthWords", ["2026-02"], "February 2026"),
    ],
)
def test_time(model: Model, name: str, args: list[Any], expected: str) -> None:
    assert model("time", name, *args) == expected


def visit(**more: Any) -> dict[str, Any]:
    common = {"id": "i", "village_id": "v", "household_id": None, "services": [{"code": "a", "outcome": "done"}]}
    known = {
        "on": "2026-11-24",
        "kind": "home",
        "participants": 2,
        "member_ids": ["m"],
        "follow_up_on": None,
        "note": "",
    }
    return {**common, **known, **more}


@pytest.mark.parametrize(
    ("more", "wrong"),
    [
        ({}, []),
        ({"services": []}, ["services"]),
        ({"services": [{"code": str(n), "outcome": "done"} for n in range(13)]}, ["services"]),
        ({"participants": 0}, ["participants"]),
        ({"participants": 2001}, ["participants"]),
        ({"participants": 1.5}, ["participants"]),
        ({"on": "2026-11-25"}, ["on"]),
        ({"on": "2025-10-20"}, ["on"]),
        ({"on": "2026-11-20", "follow_up_on": "2026-11-19"}, ["follow_up_on"]),
        ({"note": "đ" * 1001}, ["note"]),
        ({"note": "😀" * 1000}, []),
    ],
)
def test_visit_has_the_protocols_limits(model: Model, more: dict[str, Any], wrong: list[str]) -> None:
    assert list(model("visit", "checkVisit", visit(**more), NOW)) == wrong


def test_visit_args(model: Model) -> None:
    args = model("visit", "visitArgs", visit(note="  Nguye\u0302\u0303n\u0000 "), NOW)
    assert args["services"] == [{"code": "a", "people": 2, "outcome": "done"}]
    assert (args["note"], args["occurred_at"]) == ("Nguyễn", "2026-11-24T10:13:20.000+07:00")
    assert "on" not in args
    again = model("visit", "visitArgs", model("visit", "visitValues", args), NOW + 60_000)
    assert again == args
    assert model("visit", "changedFields", args, {**again, "participants": 3}) == {"participants": 3}


def household(**more: Any) -> dict[str, Any]:
    common = {"id": "i", "village_id": "v", "head_name": "Rơ Châm Suệ", "hamlet": "", "phone": "", "mayCall": False}
    return {**common, "people": None, "adults": None, "note": "", "indicators": {}, **more}


@pytest.mark.parametrize(
    ("more", "wrong"),
    [
        ({}, []),
        ({"head_name": "  "}, ["head_name"]),
        ({"head_name": "a" * 121}, ["head_name"]),
        ({"phone": "0912", "mayCall": True}, ["phone"]),
        ({"phone": "0912 345 678"}, ["mayCall"]),
        ({"phone": "+84 912 345 678", "mayCall": True}, []),
        ({"people": 51}, ["people"]),
        ({"people": 2, "adults": 3}, ["adults"]),
        ({"note": "a" * 501}, ["note"]),
    ],
)
def test_household_has_the_protocols_limits(model: Model, more: dict[str, Any], wrong: list[str]) -> None:
    assert list(model("household", "checkHousehold", household(**more))) == wrong


def test_household_changes_are_only_what_changed(model: Model) -> None:
    known = {
        "id": "i",
        "village_id": "v",
        "head_name": "Hoa",
        "phone": "+84912345678",
        "indicators": {"a": True, "b": None},
    }
    known["consents"] = {"contact": {"given": True, "notice": "2026-1", "at": "2026-11-01T00:00:00Z"}}
    values = model("household", "householdValues", known)
    assert (values["phone"], values["mayCall"]) == ("0912 345 678", True)
    assert model("household", "changedHousehold", known, values) == {}
    changed = {**values, "hamlet": "Xóm 1", "indicators": {"a": False, "b": None}}
    assert model("household", "changedHousehold", known, changed) == {"hamlet": "Xóm 1", "indicators": {"a": False}}


def test_words(model: Model) -> None:
    code = """async (base) => {
      const { groupNumber, setCatalogue, t, tn } = await import(`${base}/field/model/i18n.js`);
      const before = [t('Save'), tn('{n} visit', '{n} visits', 1), tn('{n} visit', '{n} visits', 1200)];
      setCatalogue({ locale: 'vi', messages: { Save: 'Lưu', 'To {name}': 'Đến {name}', '{n} visit': ['{n} lượt'] } });
      const after = [t('Save'), t('To {name}', { name: 'Hoa' }), t('Unknown'), tn('{n} visit', '{n} visits', 1200)];
      return [...before, ...after, groupNumber(1234567)];
    }"""
    assert model.page.evaluate(code, model.base) == [
        "Save", "1 visit", "1,200 visits", "Lưu", "Đến Hoa", "Unknown", "1.200 lượt", "1.234.567",
    ]  # fmt: skip


def test_further_words_are_those_of_the_language_in_force(model: Model) -> None:
    code = """async (base) => {
      const { addWords, setCatalogue, t } = await import(`${base}/field/model/i18n.js`);
      setCatalogue({ locale: 'vi', messages: { Save: 'Lưu' } });
      addWords({ locale: 'en', messages: { Home: 'House' } });
      const early = t('Home');
      addWords({ locale: 'vi', messages: { Home: 'Trang chính' } });
      return [t('Save'), early, t('Home')];
    }"""
    assert model.page.evaluate(code, model.base) == ["Lưu", "Home", "Trang chính"]


def month(**more: Any) -> dict[str, Any]:
    totals = {"visits": 3, "people": 1200, "households": 2, "households_unnamed": 0, "pending": 0, "services": {"a": 2}}
    services = [
        {"code": "a", "name": "Online forms", "group": "Government"},
        {"code": "b", "name": "Payments", "group": "Economy"},
        {"code": "c", "name": "VNeID", "group": "Government"},
    ]
    villages = [{"name": "Village 1", "commune_name": "Commune"}, {"name": "Village 2", "commune_name": "Commune"}]
    known = {"team": "Team 1", "villages": villages, "month": "2026-11", "totals": totals, "services": services}
    return {**known, "waiting": 0, "heard_at": NOW, "isSynthetic": False, **more}


def totals_with(**more: Any) -> dict[str, Any]:
    totals: dict[str, Any] = month()["totals"]
    return {**totals, **more}


def test_a_shared_month_is_counts_by_group(model: Model) -> None:
    known = month(totals=totals_with(services={"a": 1, "b": 2, "c": 3, "gone": 1}, households_unnamed=1))
    summary = model("sharing", "summaryOf", known)
    assert [(group["name"], group["n"]) for group in summary["groups"]] == [
        ("Government", 4), ("Economy", 2), ("Other support", 1),
    ]  # fmt: skip
    assert summary["place"] == "Village 1, Village 2 – Commune"
    assert model("sharing", "messageOf", summary).split("\n") == [
        "Results of November 2026", "Team 1", "Village 1, Village 2 – Commune", "",
        "• 3 support visits", "• 2 households (and 1 not named)", "• 1,200 people supported", "",
        "What was supported", "• Government: 4", "   – VNeID: 3", "   – Online forms: 1", "• Economy: 2",
        "   – Payments: 2", "• Other support: 1", "",
        "One visit may be several kinds of support.",
        "Figures of this phone, brought up to date at 10:13, 24/11/2026.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, None),
        ({"totals": totals_with(pending=2)}, "Of these, 2 visits are not sent yet."),
        ({"totals": totals_with(pending=2), "waiting": 3}, "Of these, 2 visits are not sent yet."),
        ({"waiting": 1}, "1 entry not sent yet"),
    ],
)
def test_a_shared_month_says_what_the_server_has_not_counted(
    model: Model, more: dict[str, Any], said: str | None
) -> None:
    notes = model("sharing", "summaryOf", month(**more))["notes"]
    assert notes[1:] == ([said] if said else [])


def test_a_shared_demonstration_says_so_first(model: Model) -> None:
    summary = model("sharing", "summaryOf", month(isSynthetic=True))
    assert model("sharing", "messageOf", summary).startswith("Demonstration data\n")


def test_a_move_that_was_told_and_is_not_there_any_more_was_undone(model: Model) -> None:
    def village(name: str, *days: str) -> dict[str, Any]:
        return {
            "id": name,
            "name": name,
            "commune_name": "Xã",
            "moves": [{"on": day, "commune_name": "X"} for day in days],
        }

    told = [{"id": name, "on": "2026-12-01"} for name in ("back", "other", "later", "left")]
    villages = [village("back"), village("other", "2026-12-01"), village("later", "2026-12-20"), village("new")]
    found = model("moves", "undoneMoves", told, villages)
    assert [(one["on"], one["village"]["id"]) for one in found] == [("2026-12-01", "back"), ("2026-12-01", "later")]
