"""What the documents point at is there, and every picture in them is shown."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def targets(document: Path) -> set[Path]:
    """The files of ours that a document links to or shows."""
    links = LINK.findall(document.read_text(encoding="utf-8"))
    return {(document.parent / link).resolve() for link in links if "://" not in link}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    assert [str(target) for target in targets(document) if not target.exists()] == []


def test_every_picture_is_shown() -> None:
    shown = {target for document in DOCUMENTS for target in targets(document)}
    assert [path.name for path in (ROOT / "docs" / "screens").iterdir() if path not in shown] == []
