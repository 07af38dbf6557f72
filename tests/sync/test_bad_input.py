"""Bad input: the documented code, nothing applied, nothing lost, never a fault of ours."""

import json
from typing import Any

import pytest

from cdtteam.core.ids import new_id
from tests.support.wire import hold_oracle, ledger, quarantine, unlimited
from tests.support.world import Phone, World

SERVICE = {"code": "dvc_online", "people": 1, "outcome": "done"}
CONTACT = {"contact": {"given": True, "notice": "2026-1", "at": "2026-11-20T08:00:00+07:00"}}

# Field of a visit, then values that are taken, then pairs of a refused value and the field that is named.
VISIT: list[tuple[str, list[Any], list[tuple[Any, str]]]] = [
    (
        "participants",
        [1, 2000],
        [(value, "participants") for value in (0, -1, 2001, 10**30, 1.5, True, "3", None, [1])],
    ),
    ("kind", ["home", "public_place", "phone", "group"], [("Home", "kind"), ("", "kind"), (None, "kind"), (1, "kind")]),
    (
        "services",
        [[SERVICE], [SERVICE] * 12, [SERVICE | {"people": 0}], [SERVICE | {"outcome": "declined", "later": 1}]],
        [
            ([], "services"), ([SERVICE] * 13, "services"), (None, "services"), ({}, "services"),
            (["x"], "services[0]"),
            ([SERVICE | {"people": -1}], "services[0].people"), ([SERVICE | {"people": True}], "services[0].people"),
            ([SERVICE | {"outcome": "maybe"}], "services[0].outcome"), ([{"code": "dvc_online"}], "services[0].people"),
            ([SERVICE | {"code": ""}], "services[0].code"), ([SERVICE | {"code": 5}], "services[0].code"),
        ],
    ),
    ("note", ["", "x", "ệ" * 1000, "dòng 1\ndòng 2", None], [("x" * 1001, "note"), (5, "note"), ("a\tb", "note")]),
    ("photo_ids", [[], None, [str(new_id())] * 3], [([str(new_id())] * 4, "photo_ids"), (["x"], "photo_ids[0]")]),
    ("household_id", [None], [("", "household_id"), ("x", "household_id"), (5, "household_id")]),
    ("task_id", [None, str(new_id())], [("x", "task_id")]),
    ("member_ids", [None, []], [(["x"], "member_ids[0]"), ([None], "member_ids[0]"), ("x", "member_ids")]),
    ("follow_up_on", [None, "2026-12-01", "2028-02-29"], [("2026-02-29", "follow_up_on"), ("mai", "follow_up_on")]),
    ("id", [], [("x", "id"), (None, "id"), (7, "id")]),
    ("village_id", [], [("x", "village_id"), (None, "village_id"), (7, "village_id")]),
]  # fmt: skip
HOUSEHOLD: list[tuple[str, list[Any], list[tuple[Any, str]]]] = [
    (
        "head_name",
        ["x", "Ệ" * 120, "Rơ Châm Suệ"],
        [(value, "head_name") for value in ("", "x" * 121, " \n ", None, 5, [])],
    ),
    ("note", ["x" * 500, "", None], [("x" * 501, "note")]),
    ("people", [1, 50, None], [(0, "people"), (51, "people"), (True, "people"), (2.5, "people"), ("4", "people")]),
    ("adults", [0, 50, None], [(-1, "adults"), (51, "adults")]),
    ("code", ["1", "x" * 120, None], [("x" * 121, "code"), (12, "code")]),
    ("hamlet", ["Xóm 1", None], [("x" * 121, "hamlet"), ({}, "hamlet")]),
    (
        "indicators",
        [{}, {"has_fibre": True, "adults_vneid2": 3}, {"has_fibre": None, "adults_vneid2": None}, {"has_fibre": False}],
        [
            ({"has_fibre": 1}, "indicators.has_fibre"), ({"adults_vneid2": True}, "indicators.adults_vneid2"),
            ({"none_such": True}, "indicators.none_such"), ({"has_fibre": "yes"}, "indicators"), ([], "indicators"),
            ({"adults_vneid2": -1}, "indicators"), ({"adults_vneid2": 1.5}, "indicators"), (None, "indicators"),
        ],
    ),
    (
        "consents",
        [{}, CONTACT, {"photo": {"given": False}}],
        [
            ({"contact": True}, "consents"), ({"contact": {}}, "consents.given"),
            ({"contact": {"given": 1}}, "consents.given"), (None, "consents"),
        ],
    ),
]  # fmt: skip


def limits(table: list[Any]) -> list[Any]:
    return [pytest.param(*row, id=row[0]) for row in table]


def in_batches(phone: Phone, mutations: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [result for start in range(0, len(mutations), 100) for result in phone.send(*mutations[start : start + 100])]


def check_limits(world: World, phone: Phone, good: list[dict[str, Any]], bad: list[Any], fields: list[str]) -> None:
    results = in_batches(phone, good + bad)
    assert [(result["status"], result.get("field")) for result in results[: len(good)]] == [("applied", None)] * len(
        good
    )
    told = [(result.get("code"), result.get("field")) for result in results[len(good) :]]
    assert told == [("invalid_field", field) for field in fields]
    hold_oracle(world, good + bad)
    assert {id_: row.field for id_, row in quarantine(world).items()} == dict(
        zip((mutation["id"] for mutation in bad), fields, strict=True)
    )


@pytest.mark.parametrize(("name", "taken", "refused"), limits(VISIT))
def test_limits_of_a_visit(world: World, name: str, taken: list[Any], refused: list[tuple[Any, str]]) -> None:
    phone = world.phone("an")
    good = [phone.visit(world.villages["a"], **{name: value}) for value in taken]
    bad = [phone.visit(world.villages["a"]) for _ in refused]
    for mutation, (value, _) in zip(bad, refused, strict=True):
        mutation["args"][name] = value
    check_limits(world, phone, good, bad, [field for _, field in refused])


@pytest.mark.parametrize(("name", "taken", "refused"), limits(HOUSEHOLD))
def test_limits_of_a_household(world: World, name: str, taken: list[Any], refused: list[tuple[Any, str]]) -> None:
    phone = world.phone("an")
    good, bad = ([phone.household(world.villages["a"]) for _ in values] for values in (taken, refused))
    for mutation, value in zip(good + bad, taken + [value for value, _ in refused], strict=True):
        mutation["args"][name] = value
    check_limits(world, phone, good, bad, [field for _, field in refused])


@pytest.mark.parametrize("type_", ["visit.amend", "visit.withdraw", "household.withdraw"])
def test_a_reason_is_needed(world: World, type_: str) -> None:
    phone = world.phone("an")
    visit, household = phone.visit(world.villages["a"]), phone.household(world.villages["a"])
    phone.send(visit, household)
    row = (visit if type_.startswith("visit") else household)["args"]["id"]
    bad = [phone.mutation(type_, {"id": row} | reason) for reason in ({}, {"reason": ""}, {"reason": "x" * 501})]
    assert [(one["code"], one["field"]) for one in phone.send(*bad)] == [("invalid_field", "reason")] * 3
    assert phone.send(phone.mutation(type_, {"id": row, "reason": "x" * 500}))[0]["status"] == "applied"


HEADERS = [
    ("member_id", None), ("member_id", "x"), ("member_id", 5), ("at", None), ("at", "hôm qua"), ("at", 1764000000),
    ("at", "2026-11-24T09:12:00"), ("at", "2026-13-24T09:12:00Z"), ("after", "x"), ("after", 5), ("replaces", "x"),
    ("replaces", 5), ("args", None), ("args", []), ("args", "x"), ("id", "x"), ("id", ""),
    ("id", "0197b0c2-0000-4000-8000-000000000000"),
]  # fmt: skip


def test_headers(world: World) -> None:
    phone = world.phone("an")
    bad = [phone.visit(world.villages["a"]) | {name: value} for name, value in HEADERS]
    results = phone.send(*bad)
    assert [(result["code"], result.get("field")) for result in results] == [
        ("invalid_field", name) for name, _ in HEADERS
    ]
    assert [result["id"] for result in results] == [mutation["id"] for mutation in bad]
    assert ledger(world) == set()


@pytest.mark.parametrize("kind", [None, 5, [], {}, "", "visit.Record", "task.progress2", "x" * 5000, "\u0000"])
def test_unknown_types(world: World, kind: Any) -> None:
    phone = world.phone("an")
    mutation = phone.visit(world.villages["a"]) | {"type": kind}
    assert phone.send(mutation)[0]["code"] == "unknown_type"
    hold_oracle(world, [mutation])


PHONES = {
    "0912 345 678": "0912345678", "+84 912 345 678": "0912345678", "84912345678": "0912345678",
    "0084.912.345.678": "0912345678",
    "+84 (0)912-345-678": "0912345678", "01234567890": "0834567890", "0123 456 7890": "0834567890",
    "+84 1634567890": "0334567890", "0199 999 9999": "0599999999", "0256 3822 123": "02563822123",
    "+1 650 253 0000": "+16502530000", "+856 20 22 345 678": "+8562022345678", "12": None, "": None, "không có": None,
    "+84": None, "0912345678901234": None, "٠٩١٢٣٤٥٦٧٨": None,
}  # fmt: skip


def test_phone_numbers(world: World) -> None:
    phone = world.phone("an")
    made = [phone.household(world.villages["a"], phone=number, consents=CONTACT) for number in PHONES]
    results = phone.send(*made)
    for result, household, (number, wanted) in zip(results, made, PHONES.items(), strict=True):
        row = phone.kind("household").get(household["args"]["id"])
        told = row["phone"] if row else (result["code"], result["field"])
        assert told == (wanted or ("invalid_field", "phone")), number


def test_no_phone_without_consent_to_contact(world: World) -> None:
    phone = world.phone("an")
    number = {"phone": "0912345678"}
    asked = [
        phone.household(world.villages["a"], **number),
        phone.household(world.villages["a"], **number, consents={"photo": {"given": True}}),
        phone.household(world.villages["a"], **number, consents={"contact": {"given": False}}),
    ]
    agreed, later = (
        phone.household(world.villages["a"], **number, consents=CONTACT),
        phone.household(world.villages["a"]),
    )
    results = phone.send(*asked, agreed, later)
    assert [result.get("field", result["status"]) for result in results] == ["phone"] * 3 + ["applied"] * 2
    row = {"id": later["args"]["id"], "base_version": None}
    update = [number, {"consents": CONTACT}, number, {"phone": None}]
    results = phone.send(*[phone.mutation("household.update", row | fields) for fields in update])
    assert [result.get("field", result["status"]) for result in results] == ["phone", "applied", "applied", "applied"]


TEXTS = {
    "Nguye\u0302\u0303n Thi\u0323 U\u031b\u0301c": "Nguyễn Thị Ức", "e\u0323\u0302": "ệ", "ệ": "ệ", "👩‍🌾": "👩‍🌾",
    "a\u200bb": "a\u200bb", "\u202eabc": "\u202eabc", "\ue000": "\ue000",
}  # fmt: skip


def test_text_comes_back_in_nfc(world: World) -> None:
    phone = world.phone("an")
    visits = [phone.visit(world.villages["a"], note=text, khác={text: [text]}) for text in TEXTS]
    names = [phone.household(world.villages["a"], name=text) for text in TEXTS]
    assert {result["status"] for result in phone.send(*visits, *names)} == {"applied"}
    for visit, household, text in zip(visits, names, TEXTS.values(), strict=True):
        row = phone.kind("visit")[visit["args"]["id"]]
        assert (row["note"], row["khác"]) == (text, {text: [text]})
        assert phone.kind("household")[household["args"]["id"]]["head_name"] == text


def test_the_limit_counts_letters_in_nfc(world: World) -> None:
    phone = world.phone("an")
    taken, refused = (phone.household(world.villages["a"], name="e\u0323\u0302" * count) for count in (120, 121))
    assert [result["status"] for result in phone.send(taken, refused)] == ["applied", "refused"]


@pytest.mark.parametrize("letter", ["\u0000", "\u0007", "\t", "\r", "\u001f", "\u007f", "\u0085", "\ud800"])
def test_letters_that_are_no_text(world: World, letter: str) -> None:
    phone = world.phone("an")
    village, text = world.villages["a"], f"a{letter}b"
    bad = [
        phone.visit(village, note=text), phone.household(village, name=text),
        phone.visit(village, later={"deep": [text]}),
        phone.visit(village, **{text: 1}), phone.visit(village) | {"member_id": text},
        phone.visit(village) | {"id": text},
    ]  # fmt: skip
    good = phone.visit(village)
    results = phone.send(*bad, good)
    assert [result["status"] for result in results] == ["refused"] * 6 + ["applied"]
    told = [(result["code"], result.get("field")) for result in results[:6]]
    fields = ("note", "head_name", "later.deep[0]", None, "member_id", "id")
    assert [pair[0] for pair in told] == ["invalid_field"] * 6
    assert [pair[1] for pair in told if pair[1]] == [field for field in fields if field]
    assert results[5]["id"] == text
    assert ledger(world) == {good["id"]}
    assert len(quarantine(world)) == 6


# JSON text of a value that stands in one mutation: what becomes of it while the other one is applied.
VALUES = {
    "[" * 60 + "]" * 60: "refused", "[" * 480 + "]" * 480: "refused", "[" * 7000 + "]" * 7000: "refused",
    '{"a":' * 900 + "1" + "}" * 900: "refused", "[" * 30 + "]" * 30: "applied", "1e400": "refused", "-1e999": "refused",
    "9" * 5000: "refused", str(10**25): "applied", "-0.0": "applied", "1E5": "applied", '"\\ud83d\\ude00"': "applied",
    '"\\ude00\\ud83d"': "refused", "true": "applied", "{}": "applied",
}  # fmt: skip


@pytest.mark.parametrize("value", VALUES, ids=lambda value: f"{value[:12]}-{len(value)}")
def test_values_that_readers_stumble_over(world: World, value: str) -> None:
    phone = world.phone("an")
    odd, good = phone.visit(world.villages["a"], later="@@"), phone.visit(world.villages["a"])

    def post(*mutations: dict[str, Any]) -> list[str]:
        body = json.dumps(phone.envelope(*mutations)).replace('"@@"', value)
        answer = phone.client.post("/api/v1/sync", data=body, content_type="application/json")
        assert answer.status_code == 200, answer.text
        return [result["status"] for result in answer.json["results"]]

    assert post(odd, good) == [VALUES[value], "applied"]
    again = "duplicate" if VALUES[value] == "applied" else "refused"
    surrogate = phone.visit(world.villages["a"], note="\ud800")
    assert post(odd, surrogate) == [again, "refused"], "the same content, whichever way the request is read"
    assert phone.post().status_code == 200
    hold_oracle(world, [odd, good, surrogate])


def test_keys_that_stand_twice(world: World) -> None:
    phone = world.phone("an")
    visit = phone.visit(world.villages["a"])
    body = json.dumps(phone.envelope(visit)).replace('"participants": 1', '"participants": 0, "participants": 2')
    answer = phone.client.post("/api/v1/sync", data=body, content_type="application/json")
    assert answer.json["results"][0]["status"] == "applied"
    phone.send()
    assert phone.kind("visit")[visit["args"]["id"]]["participants"] == 2


def test_it_is_told_in_the_members_language(world: World) -> None:
    phone = unlimited(world).phone("an")
    for locale in ("vi", "en"):
        phone.client.set_cookie("locale", locale)
        message = phone.send(phone.visit(world.villages["a"], participants=0))[0]["message"]
        assert message.isascii() is (locale == "en")
