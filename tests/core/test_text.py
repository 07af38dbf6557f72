"""Text at the doors, folding and Vietnamese order."""

import json
import unicodedata
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdtteam.core.problems import Problem
from cdtteam.core.text import clean_text, clean_tree, fold, is_clean, is_one_name, name_key, sort_key

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "fold.json").read_text(encoding="utf-8"))["pairs"]
VIETNAMESE = st.text("aăâbcdđeêghiklmnoôơpqrstuưvxyAĂÂBCDĐEÊGHIKLMNOÔƠPQRSTUƯVXY àảãáạằẳẵắặờởỡớợỹỳ'’-5", max_size=30)


@pytest.mark.parametrize(("text", "folded"), VECTORS)
def test_folding_passes_the_vectors_that_phones_pass(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(VIETNAMESE | st.text(max_size=20))
def test_folding_does_not_see_how_a_text_was_typed(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


@given(VIETNAMESE)
def test_folding_again_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text) == fold(text.upper()) == fold(f"  {text}\t")


@pytest.mark.parametrize(
    ("name", "other", "is_one"),
    [
        ("Nguyễn Thị Lan", "nguyễn  thị LAN", True),
        ("Nguyễn Thị Lan", "Nguyen Thi Lan", True),
        ("Nguyễn Thị Hoà", "Nguyễn Thị Hòa", True),
        ("Nguyễn Thị Lan", "Nguyễn Thị Lân", False),
        ("Đinh Văn Hùng", "Đinh Văn Hưng", False),
        ("Nguyễn Thị Lan", "Nguyễn Thị Lam", False),
    ],
)
def test_marks_tell_names_apart_unless_one_was_typed_without(name: str, other: str, is_one: bool) -> None:
    assert is_one_name(name, other) is is_one_name(other, name) is is_one


@given(st.text(max_size=30))
def test_cleaned_text_is_composed_or_refused(text: str) -> None:
    controls = {letter for letter in text if unicodedata.category(letter) in ("Cc", "Cs") and letter != "\n"}
    if controls:
        with pytest.raises(Problem, match="invalid_field: note"):
            clean_text(text, "note")
    else:
        assert clean_text(text, "note") == unicodedata.normalize("NFC", text)


def test_the_path_of_what_is_wrong_is_said() -> None:
    with pytest.raises(Problem) as raised:
        clean_tree({"services": [{"code": "a"}, {"code": "b\x00"}]})
    assert raised.value.field == "services[1].code"


TEXTS = VIETNAMESE | st.text(max_size=8) | VIETNAMESE.map(lambda text: unicodedata.normalize("NFD", text))


@given(st.recursive(TEXTS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3)))
def test_what_a_quick_look_finds_clean_is_left_as_it_is(value: object) -> None:
    compact = msgspec.json.encode(value)
    if is_clean(compact):
        assert clean_tree(msgspec.json.decode(compact)) == value


def test_a_quick_look_suffices_for_most() -> None:
    assert is_clean('{"note":"Hỏi về dịch vụ công","services":[{"code":"dvc_online","people":1}]}'.encode())
    assert not is_clean(b"[" * 51 + b"]" * 51)


def test_words_stand_as_in_a_dictionary() -> None:
    words = ["an", "ăn", "ân", "ba", "bà", "bả", "bã", "bá", "bạ", "bác", "da", "đa", "đá", "e", "ê", "la", "lan"]
    words += ["o", "ô", "ơ", "thu", "thư", "thứ", "u", "ư", "y", "ý"]
    assert sorted(set(words), key=sort_key) == words


def test_people_stand_by_their_given_names() -> None:
    people = ["Trần Thị An", "Bùi Văn Ân", "Nguyễn Văn Bình", "Rơ Châm Suệ", "Đinh Yên", "Lê Yến"]
    assert sorted(set(people), key=name_key) == people


@given(st.lists(VIETNAMESE, max_size=6))
def test_order_does_not_see_how_a_name_was_typed(names: list[str]) -> None:
    for name in names:
        assert name_key(unicodedata.normalize("NFD", name)) == name_key(unicodedata.normalize("NFC", name))
    assert name_key("") == name_key("   ")
