"""A village that a list names once holds for all the rows that it is meant for."""

from cdtteam.imports.sections import spread_villages

VILLAGES = ("Thôn A", "Thôn B")
HEADINGS = ["TT", "Chủ hộ", "Thôn"]


def spread(*rows: list[str], village: int | None = 2) -> tuple[list[list[str]], int | None]:
    """The rows below the headings, and the column of the village."""
    headings = HEADINGS if village is not None else HEADINGS[:2]
    found, at = spread_villages([headings, *rows], 0, village, 1, "Thôn", lambda text: text in VILLAGES)
    assert found[0] == HEADINGS
    return found[1:], at


def test_a_row_that_only_names_a_village_is_one_over_those_below() -> None:
    rows = (["I", "Thôn A"], ["1", "Võ Ba"], ["2", "Lê Tư"], [], ["II. Thôn B (2 hộ)"], ["1", "Đinh Năm"])
    spread_rows = [[], ["1", "Võ Ba", "Thôn A"], ["2", "Lê Tư", "Thôn A"], [], [], ["1", "Đinh Năm", "Thôn B"]]
    assert spread(*rows, village=None) == (spread_rows, 2)
    assert spread(*rows) == (spread_rows, 2)


def test_most_rows_without_a_village_have_that_of_the_row_above() -> None:
    rows = (
        ["1", "Võ Ba", "Thôn A"],
        ["2", "Lê Tư", ""],
        ["3", "Đinh Năm"],
        ["4", "Mai Sáu", "Thôn B"],
        ["5", "Tô Bảy"],
    )
    assert [row[2] for row in spread(*rows)[0]] == ["Thôn A", "Thôn A", "Thôn A", "Thôn B", "Thôn B"]


def test_a_village_that_is_missing_here_and_there_stays_missing() -> None:
    rows = [["1", "Võ Ba", "Thôn A"], ["2", "Lê Tư", ""], ["3", "Đinh Năm", "Thôn B"], ["", "Người lập"]]
    assert spread(*rows) == (rows, 2)
    assert spread(["1", "Võ Ba", ""], ["2", "Lê Tư"])[0] == [["1", "Võ Ba", ""], ["2", "Lê Tư"]]


def test_a_row_that_has_a_village_and_nobody_is_no_section() -> None:
    rows = [["1", "Võ Ba", "Thôn A"], ["2", "", "Thôn B"], ["3", "Đinh Năm", ""]]
    assert spread(*rows) == (rows, 2)
