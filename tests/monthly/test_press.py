"""Templates of strangers: what they may say, what they are refused for, and that they cannot hold up anybody."""

import io
import os
import subprocess
import sys
import time
import unicodedata
import zipfile
from datetime import UTC, datetime
from typing import Any

import pytest

from cdtteam.monthly.placeholders import EXAMPLE
from cdtteam.monthly.press.wire import Kind
from cdtteam.monthly.printing import ROOT, Refused, check_template, print_file, shipped
from tests.monthly.files import changed, sheets, tables, texts, word, word_table, workbook

NOW = datetime(2026, 2, 5, tzinfo=UTC)
at_hand = pytest.mark.usefixtures("press_at_hand")


def printed(kind: Kind, template: bytes, **data: Any) -> bytes:
    return print_file(kind, template, EXAMPLE | data, title="Báo cáo", author="UBND", made=NOW)


def refused(kind: Kind, template: bytes) -> Refused:
    with pytest.raises(Refused) as caught:
        check_template(kind, template, NOW)
    return caught.value


@at_hand
def test_placeholders_loops_and_conditions_are_filled() -> None:
    filled = printed(
        "docx",
        word(
            "{{ dia_ban }}: {{ luot }} lượt, {{ nguoi }}",
            "{% if to_chua_ghi_nhan > 0 %}có tổ im lặng{% else %}đủ{% endif %}",
            "{%p for doan in kho_khan_doan %}", "{{ loop.index }}. {{ doan.dong|upper }}", "{%p endfor %}",
        ),
        dia_ban="Xã A & B <c>", nguoi=None,
    )  # fmt: skip
    assert texts(filled) == [
        "Xã A & B <c>: 1.176 lượt, –", "có tổ im lặng", "1. MỘT SỐ THÔN SÓNG YẾU.",
        "2. NHIỀU NGƯỜI CAO TUỔI CHƯA CÓ ĐIỆN THOẠI THÔNG MINH.",
    ]  # fmt: skip


@at_hand
def test_what_was_typed_is_text_and_never_a_template_or_markup() -> None:
    typed = "{{ luot }} </w:t> {% for x in cac_to %} & “ngoặc”\ndòng hai"
    assert texts(printed("docx", word("{{ kho_khan }}"), kho_khan=typed)) == [typed]
    cells = sheets(printed("xlsx", workbook({"A1": "{{ kho_khan }}"}), kho_khan="=HYPERLINK(1)"))
    assert cells == {"Sheet": [["=HYPERLINK(1)"]]}
    body = zipfile.ZipFile(io.BytesIO(printed("xlsx", workbook({"A1": "{{ kho_khan }}"}), kho_khan="=1+1")))
    assert b"<f>" not in body.read("xl/worksheets/sheet1.xml")


@at_hand
def test_a_row_of_a_workbook_comes_once_for_each_of_its_list() -> None:
    template = workbook({"A1": "{{ luot }}", "A3": "{{ cac_to.ten }}", "B3": "{{ cac_to.luot }}", "A4": "{{ ten_ky }}"})
    assert sheets(printed("xlsx", template))["Sheet"] == [
        [1176, None], [None, None], ["Tổ CNSCĐ thôn 1", 120], ["Tổ CNSCĐ thôn 2", "–"], ["tháng 01 năm 2026", None],
    ]  # fmt: skip
    assert sheets(printed("xlsx", template, cac_to=[]))["Sheet"][2] == ["–", "–"]


@at_hand
def test_merged_cells_and_styles_move_with_a_repeated_row() -> None:
    template = sheets(printed("xlsx", shipped("xlsx")))
    assert [row[0] for row in template["Các tổ"][6:8]] == ["1", "2"]
    assert template["Số liệu"][13][3] == 1176


UNKNOWN = [
    ("docx", word("Tổng", "Số lượt: {{ luott }}"), "luott", "đoạn", 2),
    ("docx", word_table(("{{ to.ten }}",)), "to", "", 1),
    ("docx", word("{% for to in cac_to %}{{ to.tenn }}{% endfor %}"), "to.tenn", "", 1),
    ("docx", word("x", header="{{ so_hieu }}"), "so_hieu", "", 1),
    ("xlsx", workbook({"B7": "{{ cac_to.luott }}"}), "cac_to.luott", "B7", 0),
    ("xlsx", workbook({"C2": "Tổng {{ tong }}"}), "tong", "C2", 0),
]


@at_hand
@pytest.mark.parametrize(("kind", "template", "name", "cell", "number"), UNKNOWN)
def test_an_unknown_placeholder_is_named_with_its_place(
    kind: Kind, template: bytes, name: str, cell: str, number: int
) -> None:
    fault = refused(kind, template)
    assert (fault.code, fault.name) == ("unknown", name)
    assert fault.place.number == number
    assert fault.place.cell in (cell, "")
    assert name.rpartition(".")[2] in fault.place.near


HOSTILE = [
    "{{ ().__class__.__bases__ }}",
    "{{ luot.__class__ }}",
    "{{ dia_ban.upper() }}",
    "{{ cac_to.__len__ }}",
    "{{ dia_ban|attr('__class__') }}",
    "{{ self.__init__ }}",
    "{{ cycler }}",
    "{{ range(10) }}",
    "{{ 'a' * 1000000000 }}",
    "{{ 10 ** 1000000 }}",
    "{% for i in range(1000000000) %}x{% endfor %}",
    "{% for a in cac_to recursive %}{{ loop(cac_to) }}{% endfor %}",
    "{% set x = luot %}",
    "{% macro m() %}{% endmacro %}",
    "{% include 'x' %}",
    "{% import 'os' as os %}",
    "{{ cac_to }}",
    "{{ cac_to[0].ten }}",
    "{{ dia_ban ~ dia_ban }}",
    "{{ loop }}",
    "{% for x in dia_ban %}{{ x }}{% endfor %}",
    "{% if luot is defined %}x{% endif %}",
    "{% filter upper %}x{% endfilter %}",
]


@at_hand
@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_can_be_computed_called_or_reached(text: str) -> None:
    assert refused("docx", word(text)).code in ("not_allowed", "unknown", "unreadable")


@at_hand
def test_no_output_is_huge() -> None:
    dear = "{% for a in cac_to %}{% for b in cac_to %}" + 1000 * "Một câu dài. " + "{% endfor %}{% endfor %}"
    assert refused("docx", word(dear)).code == "too_large"
    assert refused("xlsx", workbook({"XFD1048576": "{{ luot }}"})).code == "too_large"


@at_hand
def test_a_bomb_is_not_unpacked() -> None:
    bomb = changed(word("x"), "word/media/image1.png", lambda _: bytes(40 * 1024 * 1024))
    assert len(bomb) < 1024 * 1024
    assert refused("docx", bomb).code == "too_large"
    assert refused("docx", os.urandom(3 * 1024 * 1024)).code == "too_large"


def with_relation(kind: str, target: str) -> bytes:
    return changed(
        word("x"), "word/_rels/document.xml.rels",
        lambda body: body.replace(
            b"</Relationships>",
            f'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"'
            f' Target="{target}" TargetMode="External"/></Relationships>'.encode(),
        ),
    )  # fmt: skip


OUTSIDE = [
    with_relation("image", "http://10.0.0.1/pixel.png"),
    with_relation("attachedTemplate", "file:///C:/x.dotm"),
    with_relation("hyperlink", "https://a.example/"),
    changed(
        word("x"), "word/document.xml",
        lambda body: body.replace(b"<w:t>x</w:t>", b"<w:instrText>INCLUDE</w:instrText><w:instrText>TEXT \"\\\\a\\b\""
                                                   b"</w:instrText>"),
    ),
]  # fmt: skip


@at_hand
@pytest.mark.parametrize("template", OUTSIDE, ids=("picture", "template", "link", "field"))
def test_nothing_outside_the_file_is_referred_to(template: bytes) -> None:
    assert refused("docx", template).code == "outside"


@at_hand
@pytest.mark.parametrize("formula", ["=WEBSERVICE(A1)", "=[1]Sheet1!A1", "=cmd|'/c calc'!A0", '=HYPERLINK("x")'])
def test_formulas_reach_nothing_outside(formula: str) -> None:
    fault = refused("xlsx", workbook({"D4": formula}))
    assert (fault.code, fault.place.cell) == ("outside", "D4")


@at_hand
def test_a_formula_that_would_count_wrongly_is_refused() -> None:
    fault = refused("xlsx", workbook({"A2": "{{ cac_to.luot }}", "A3": "=SUM(A2:A2)"}))
    assert (fault.code, fault.place.cell) == ("formula", "A3")


@at_hand
def test_macros_pictures_of_workbooks_and_declarations_are_refused() -> None:
    macro = changed(word("x"), "[Content_Types].xml", lambda body: body.replace(
        b"wordprocessingml.document.main", b"ms-word.document.macroEnabled.main"))  # fmt: skip
    assert refused("docx", macro).code == "not_allowed"
    assert refused("docx", changed(word("x"), "word/vbaProject.bin", lambda _: b"x")).code == "not_allowed"
    assert refused("docx", changed(word("x"), "word/embeddings/a.bin", lambda _: b"x")).code == "not_allowed"
    assert refused("xlsx", changed(workbook({"A1": "x"}), "xl/media/image1.png", lambda _: b"x")).code == "pictures"
    lol = b'<!DOCTYPE a [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>'
    declared = changed(
        word("x"), "word/document.xml", lambda body: body.replace(b"<w:document", lol + b"<w:document", 1)
    )
    assert refused("docx", declared).code == "not_allowed"
    hidden = b"<!--" + b"x" * 70_000 + b"-->" + lol
    assert refused("docx", changed(word("x"), "word/styles.xml", lambda _: hidden + b"<a/>")).code == "not_allowed"


@at_hand
def test_a_part_that_breaks_off_is_refused() -> None:
    for cut in (0, 300, -20):
        broken = changed(word("x"), "word/document.xml", lambda body, at=cut: body[:at])
        assert refused("docx", broken).code == "unreadable"
    for encoding in (b"foo", b"big5"):
        strange = b'<?xml version="1.0" encoding="' + encoding + b'"?><x/>'
        assert refused("docx", changed(word("x"), "word/styles.xml", lambda _, to=strange: to)).code == "unreadable"


@at_hand
@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"%PDF-1.7", word("x")[:500]])
def test_what_is_no_template_is_refused(content: bytes) -> None:
    for kind in ("docx", "xlsx"):
        assert refused(kind, content).code == "unreadable"  # type: ignore[arg-type]


@at_hand
def test_one_kind_is_not_taken_for_the_other() -> None:
    assert refused("docx", workbook({"A1": "x"})).code == "kind"
    assert refused("xlsx", word("x")).code == "kind"


def test_a_template_that_takes_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """What no rule foresees ends with the process: the next one is served."""
    monkeypatch.setattr("cdtteam.monthly.printing.SECONDS", 2)
    began = time.monotonic()
    # docxtpl reads this with an expression whose time grows with the square of its length.
    assert refused("docx", word("{%-" * 150_000)).code == "too_large"
    assert time.monotonic() - began < 10
    monkeypatch.undo()
    check_template("docx", word("{{ luot }}"), NOW)


def test_the_process_takes_both_kinds_and_refuses() -> None:
    assert texts(printed("docx", word("{{ luot }}"))) == ["1.176"]
    assert sheets(printed("xlsx", workbook({"A1": "{{ luot }}"}))) == {"Sheet": [[1176]]}
    assert refused("docx", word("{{ ().__class__ }}")).code == "not_allowed"
    assert refused("xlsx", workbook({"B2": "{{ x }}"})).place.cell == "B2"


def test_the_application_itself_loads_no_library_of_office_files() -> None:
    program = (
        "import sys, cdtteam.app\n"
        "print([name for name in ('lxml', 'docx', 'docxtpl', 'openpyxl', 'segno') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


def test_the_press_knows_nothing_of_us(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, Any] = {}

    def watch(*_: Any, **options: Any) -> Any:
        seen.update(options["env"])
        raise RuntimeError

    monkeypatch.setenv("CDT_SECRET_KEY", "bí mật")
    monkeypatch.setattr("subprocess.run", watch)
    with pytest.raises(RuntimeError):
        check_template("docx", b"", NOW)
    assert seen.keys() == {"LANG", "TMPDIR"}


@at_hand
def test_text_leaves_in_nfc_and_equal_data_give_equal_bytes() -> None:
    decomposed = unicodedata.normalize("NFD", "Tổ công nghệ số cộng đồng: ")
    first = printed("docx", word(decomposed + "{{ dia_ban }}"), dia_ban="Xã Vĩnh Sơn")
    assert texts(first) == ["Tổ công nghệ số cộng đồng: Xã Vĩnh Sơn"]
    assert first == printed("docx", word(decomposed + "{{ dia_ban }}"), dia_ban="Xã Vĩnh Sơn")
    # A combining mark at the beginning of a text must not swallow the bracket before it.
    assert texts(printed("docx", word("\u0338x"))) == ["\u0338x"]


@at_hand
def test_loops_within_a_table_come_as_rows() -> None:
    template = word_table(("{%tr for to in cac_to %}", ""), ("{{ to.ten }}", "{{ to.luot }}"), ("{%tr endfor %}", ""))
    assert tables(printed("docx", template)) == [[["Tổ CNSCĐ thôn 1", "120"], ["Tổ CNSCĐ thôn 2", "–"]]]
    assert tables(printed("docx", template, cac_to=[])) == [[]]
