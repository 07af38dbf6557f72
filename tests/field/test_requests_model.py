"""Requests to the commune on the phone: what is sent, in what order they stand, how long they have waited."""

from typing import Any

import pytest

from tests.field.engine import Model
from tests.field.test_model import NOW

VALUES = {"id": "r", "village_id": "v", "topic": "connection", "text": "  Làng không có sóng\u0007\n "}
AUTHOR = {"member_id": "an", "team_id": "t"}


@pytest.mark.browser
def test_what_is_wrong_is_said_at_its_field(model: Model) -> None:
    wrong = [
        {"topic": ""}, {"text": " \n"}, {"text": "x" * 1001}, {"text": "🙂" * 1000}, {},
    ]  # fmt: skip
    found = [sorted(model("request", "checkRequest", VALUES | one)) for one in wrong]
    assert found == [["topic"], ["text"], ["text"], [], []]
    assert model("request", "requestArgs", VALUES | {"scroll": 7})["text"] == "Làng không có sóng"
    assert "scroll" not in model("request", "requestArgs", VALUES | {"scroll": 7})


@pytest.mark.browser
def test_those_that_wait_stand_first_and_the_newest_at_the_head(model: Model) -> None:
    raised: list[Any] = [
        {"state": state, "raised_at": f"2026-11-{day}T08:00:00Z"}
        for state, day in (("closed", 24), ("open", 20), ("answered", 23), ("passed_on", 22))
    ]
    ordered = model("request", "inOrderOfNeed", raised)
    assert [one["state"] for one in ordered] == ["passed_on", "open", "closed", "answered"]


@pytest.mark.browser
@pytest.mark.parametrize(
    ("raised_at", "days"),
    [("2026-11-24T00:10:00+07:00", 0), ("2026-11-23T23:50:00+07:00", 1), ("2026-11-20T17:00:00Z", 3),
     ("2026-12-24T00:00:00Z", 0)],
)  # fmt: skip
def test_days_are_those_of_vietnam_and_never_below_none(model: Model, raised_at: str, days: int) -> None:
    assert model("request", "daysWaited", raised_at, NOW) == days


@pytest.mark.browser
def test_one_that_is_not_sent_yet_is_open_and_its_authors(model: Model) -> None:
    mutation = {"id": "m", "type": "request.raise", "at": "2026-11-24T08:00:00+07:00", "args": VALUES}
    assert model("overlay", "rowsOf", mutation) == [["request", "r"]]
    assert model("overlay", "needs", mutation) == []
    assert model("overlay", "applied", {"data": None}, mutation, AUTHOR)["data"] == {
        **VALUES, "state": "open", "raised_at": "2026-11-24T08:00:00+07:00", "author_id": "an", "team_id": "t",
    }  # fmt: skip
