"""Makes the shipped templates again."""

from pathlib import Path

from cdtteam.monthly.data.document import make_document
from cdtteam.monthly.data.workbook import make_workbook
from cdtteam.monthly.press.archive import Properties, pack

FOLDER = Path(__file__).parent
PROPERTIES = Properties("Báo cáo kết quả hoạt động của Tổ công nghệ số cộng đồng", "", "2026-11-24T00:00:00Z")


def made() -> dict[str, bytes]:
    """The shipped templates by their file names."""
    return {
        "bao-cao-thang.docx": pack(make_document(), PROPERTIES),
        "bao-cao-thang.xlsx": pack(make_workbook(), PROPERTIES),
    }


if __name__ == "__main__":
    for name, content in made().items():
        (FOLDER / name).write_bytes(content)
