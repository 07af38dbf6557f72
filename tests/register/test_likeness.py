"""What can be found by which words, and which households may be one: pure functions."""

import json
import time
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from cdtteam.core.ids import new_id
from cdtteam.households.likeness import Alike, Known, likely_same, pairs_alike
from cdtteam.register.finding import Line, find

A, B = new_id(), new_id()
VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "likeness.json").read_text(encoding="utf-8"))


def known(name: str, village: UUID = A, phone: str | None = None, **more: str) -> Known:
    return Known(new_id(), village, name, more.get("hamlet"), more.get("code"), phone)


def test_words_are_found_in_any_order_without_marks_and() -> None:
    line = Line(known("Rơ Châm Suệ", phone="0912345678", hamlet="Xóm Đông", code="H-07"), "Thôn 3", 4, None)
    other = Line(known("Nguyễn Thị Sương"), "Thôn 3", None, "withdrawn")
    for words in ("sue ro", "SUỆ", "xom dong cham", "h-07", "0912 345", "345678", "thon 3 ro"):
        assert [one.known for one in find([other, line], words).lines] == [line.known], words
    assert find([other, line], "suê sương").lines == []
    assert find([other, line], "   ").total == 0
    assert [one.gone for one in find([other, line], "thon 3").lines] == [None, "withdrawn"], "who stands comes first"


def test_who_may_be_the_same_and_why() -> None:
    one = known("Nguyễn Văn An", phone="0912345678")
    both = known("NGUYEN VAN AN", B, "0912345678")
    name = known("Nguyễn Văn Ân")
    number = known("Trần Thị Bảy", B, "0912345678")
    far = known("Nguyễn Văn An", B)
    found = likely_same(one, [far, number, name, one, both])
    assert [(like.other, like.why) for like in found] == [
        (both, Alike.NAME_AND_PHONE), (name, Alike.NAME), (number, Alike.PHONE), (far, Alike.NAME_ELSEWHERE),
    ]  # fmt: skip
    [like] = likely_same(known("Châu Thị Mỹ Vân"), [known("Châu Thị Mĩ Vân"), known("Châu Thị Mơ Vân")])
    assert like.other.head_name == "Châu Thị Mĩ Vân", "y and i are one letter"
    assert likely_same(known(""), [known("")]) == [], "who refused to be named is like nobody"


def test_likeness_passes_the_vectors_that_phones_pass() -> None:
    villages = {"a": A, "b": B}

    def of_vectors(one: dict[str, Any]) -> Known:
        said = VECTORS["of"] | one
        return Known(new_id(), villages[said["village_id"]], said["head_name"], said["hamlet"], None, said["phone"])

    for case in VECTORS["cases"]:
        others = {name: of_vectors(other) for name, other in case["others"].items()}
        names = {other.id: name for name, other in others.items()}
        found = likely_same(of_vectors(case["one"]), others.values())
        assert [[names[like.other.id], like.why] for like in found] == case["alike"], case["name"]


def test_pairs_are_the_likely_ones_and_a_number_of_many_tells_nothing() -> None:
    one, double = known("Siu Blan", hamlet="Xóm 1"), known("SIU BLAN")
    far, near = known("Siu Blan", B), known("Siu Blan", hamlet="Xóm 2")
    officers = [known(f"Rơ Châm {name}", phone="0912345678") for name in "ABCDE"]
    shared = [known("Đinh Ă", phone="0987654321"), known("Đinh Ê", B, phone="0987654321")]
    both = [known("Hồ Thị Mỹ", phone="0905111222"), known("Hồ Thị Mĩ", B, phone="0905111222")]
    pairs = pairs_alike([one, far, *officers, double, near, *shared, *both])
    assert [(pair.why, pair.ids) for pair in pairs] == [
        (Alike.NAME_AND_PHONE, {both[0].id, both[1].id}),
        (Alike.NAME, {one.id, double.id}),
        (Alike.NAME, {double.id, near.id}),
        (Alike.PHONE, {shared[0].id, shared[1].id}),
    ]


def test_pairs_are_all_that_comparing_each_with_each_would_find() -> None:
    draw = Random(6)
    names = ("Siu Blan", "siu blàn", "Hồ Thị Mỹ", "Hồ Thị Mĩ", "")
    numbers = [*(f"09{n:08}" for n in range(20) for _ in range(3)), *(None for _ in range(20))]
    some = [
        known(draw.choice(names), draw.choice((A, B)), number, hamlet=draw.choice(("Xóm 1", "xom 1", "Xóm 2", "")))
        for number in numbers
    ]
    likely = {Alike.NAME_AND_PHONE, Alike.NAME, Alike.PHONE}
    plain = {
        frozenset((one.id, like.other.id)): like.why
        for one in some
        for like in likely_same(one, some)
        if like.why in likely
    }
    assert {pair.ids: pair.why for pair in pairs_alike(some)} == plain


def test_a_commune_of_8000_households_is_looked_over_in_a_tenth_of_a_second() -> None:
    draw, villages = Random(8), [new_id() for _ in range(20)]
    family, middle = ("Nguyễn", "Trần", "Lê", "Siu", "Rơ Châm", "Đinh"), ("Thị", "Văn", "Đức", "Ngọc", "H’")
    given = [f"{a}{b}" for a in ("Hu", "La", "Mi", "Thu", "Đa", "Bì") for b in ("ng", "n", "nh", "y", "m", "ệ")]
    some = [
        known(
            f"{draw.choice(family)} {draw.choice(middle)} {draw.choice(given)}", draw.choice(villages),
            f"09{draw.randrange(10**8):08}" if draw.random() < 0.5 else None, hamlet=f"Xóm {draw.randrange(9)}",
        )
        for _ in range(8000)
    ]  # fmt: skip
    took = []
    for _ in range(5):
        begun = time.process_time()
        pairs_alike(some)
        took.append(time.process_time() - begun)
    assert min(took) < 0.1
