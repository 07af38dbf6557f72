"""The templates that come with the application: made by the program beside them, filled whole, laid out as pages."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from cdtteam.monthly.data.__main__ import FOLDER, made
from cdtteam.monthly.placeholders import EXAMPLE
from cdtteam.monthly.press.wire import Kind
from cdtteam.monthly.printing import KINDS, print_file, shipped
from tests.monthly.files import sheets, whole_text
from tests.support import office

NOW = datetime(2026, 2, 5, tzinfo=UTC)


def filled(kind: Kind) -> bytes:
    return print_file(kind, shipped(kind), EXAMPLE, title="Báo cáo", author="UBND", made=NOW)


def test_the_program_makes_the_very_files_that_are_shipped() -> None:
    for name, content in made().items():
        assert (FOLDER / name).read_bytes() == content, f"{name}: python -m cdtteam.monthly.data"


@pytest.mark.usefixtures("press_at_hand")
def test_no_placeholder_stays_unfilled() -> None:
    said = whole_text(filled("docx"))
    cells = " ".join(str(cell) for sheet in sheets(filled("xlsx")).values() for row in sheet for cell in row)
    for text in (said, cells):
        assert "{{" not in text
        assert "{%" not in text
        assert "Sử dụng dịch vụ công trực tuyến" in text
        assert "máy không kết nối trong kỳ" in text


@pytest.mark.usefixtures("press_at_hand")
@pytest.mark.parametrize("kind", KINDS)
def test_an_office_program_opens_and_prints_it(kind: Kind, tmp_path: Path) -> None:
    office.require_office()
    source = tmp_path / f"report.{kind}"
    source.write_bytes(filled(kind))
    pages = office.pages(office.printed(source, tmp_path))
    if kind == "docx":
        assert len(pages) == 2
        assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in pages[0]
        assert pages[1].split()[0] == "2"  # the page's number, from the second on
        assert "TM. ỦY BAN NHÂN DÂN" in pages[1]
    assert "1.176" in pages[0] or "1,176" in pages[0]
