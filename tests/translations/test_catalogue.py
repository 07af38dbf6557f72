"""The check of the catalogues sees what is missing, and nothing else; updating loses no translation."""

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from translations import catalogue


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tiny project with one text in each language of the code."""
    monkeypatch.setattr(catalogue, "ROOT", tmp_path)
    for path, text in {
        "translations/babel.cfg": (Path(__file__).parents[2] / "translations" / "babel.cfg").read_text(),
        "cdtteam/problems.py": 'title = _l("Wrong password, %(name)s")\nraise Problem(gettext("Gone"))',
        "templates/page.html": '<h1>{{ _("Visits") }}</h1>',
        "static/field/home.js": 'html`<b>${tn("{n} visit", "{n} visits", n)}</b>`',
        "static/vendor/x/x.js": 't("not ours")',
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    return tmp_path


def translate(**texts: str) -> None:
    """Fills the Vietnamese catalogue; ids are given by their first word."""
    vietnamese = catalogue.read("vi")
    for message in vietnamese:
        first = (message.id if isinstance(message.id, str) else message.id[0]).strip("{}").split(" ")[0].split("}")[0]
        if first in texts:
            message.string = texts[first] if isinstance(message.id, str) else (texts[first],)
    catalogue.write("vi", vietnamese)


ALL = {"Wrong": "Sai mật khẩu, %(name)s", "Gone": "Không còn", "Visits": "Lượt hỗ trợ", "n": "{n} lượt"}


def ids(found: Catalog) -> set[str]:
    return {str(message.id) for message in found if message.id}


def test_every_source_is_read(project: Path) -> None:
    expected = {"Wrong password, %(name)s", "Gone", "Visits", "('{n} visit', '{n} visits')"}
    assert ids(catalogue.extracted()) == expected
    assert sum("not taken up" in line for line in catalogue.complaints()) == 8


def test_complete_when_all_is_translated(project: Path) -> None:
    catalogue.update()
    assert {line.split(": ")[1] for line in catalogue.complaints()} == {"not translated"}
    translate(**ALL)
    assert list(catalogue.complaints()) == []


def test_lost_placeholder(project: Path) -> None:
    catalogue.update()
    translate(**ALL | {"Wrong": "Sai mật khẩu"})
    assert [line.split(": ")[1] for line in catalogue.complaints()] == ["placeholders differ"]


def test_unused_text_is_named_kept_aside_and_comes_back(project: Path) -> None:
    page = project / "templates/page.html"
    text = page.read_text()
    catalogue.update()
    translate(**ALL)
    page.write_text("<p></p>")
    for _ in range(2):  # told before and after the update
        assert {line[:4] for line in catalogue.complaints() if "no longer used" in line} == {"vi: ", "en: "}
        catalogue.update()
    page.write_text(text)
    catalogue.update()
    assert list(catalogue.complaints()) == []
    page.write_text("<p></p>")
    catalogue.update(prune=True)
    assert list(catalogue.complaints()) == []
    assert "Lượt hỗ trợ" not in catalogue.po_path("vi").read_text(encoding="utf-8")


def test_computed_text_is_refused(project: Path) -> None:
    (project / "static/field/home.js").write_text("\nt(name)")
    assert "static/field/home.js:2: t() needs a literal text" in list(catalogue.complaints())
