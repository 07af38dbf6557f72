"""The pure part of the field app, in the browser that runs it."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from cdtteam.core.text import fold
from tests.field.engine import Engine
from tests.support.browser import ContextFactory

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "fold.json").read_text(encoding="utf-8"))["pairs"]
CALL = """async ([base, module, name, args]) => {
  const found = await import(`${base}/field/model/${module}.js`);
  return found[name](...args);
}"""
NOW = 1795490000000  # 2026-11-24, 08:33 in Vietnam


class Model:
    """Calls a function of the model on a page."""

    def __init__(self, page: Page, base: str) -> None:
        self.page, self.base = page, base

    def __call__(self, module: str, name: str, *args: Any) -> Any:
        return self.page.evaluate(CALL, [self.base, module, name, list(args)])


@pytest.fixture
def model(phone: ContextFactory) -> Model:
    engine = Engine(phone)
    return Model(engine.blank(), engine.base())


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
        ("groupNumber", [1234567], "1,234,567"),
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
      const { setCatalogue, t, tn } = await import(`${base}/field/model/i18n.js`);
      const before = [t('Save'), tn('{n} visit', '{n} visits', 1), tn('{n} visit', '{n} visits', 1200)];
      setCatalogue({ locale: 'vi', messages: { Save: 'Lưu', 'To {name}': 'Đến {name}', '{n} visit': ['{n} lượt'] } });
      return [...before, t('Save'), t('To {name}', { name: 'Hoa' }), t('Unknown'), tn('{n} visit', '{n} visits', 1200)];
    }"""
    assert model.page.evaluate(code, model.base) == [
        "Save", "1 visit", "1,200 visits", "Lưu", "Đến Hoa", "Unknown", "1.200 lượt",
    ]  # fmt: skip
