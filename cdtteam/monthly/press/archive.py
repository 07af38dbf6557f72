"""The archive that a Word file or workbook is: what it may hold, and how it is packed so that it is always the same."""

import io
import re
import unicodedata
import zipfile
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from lxml import etree

from cdtteam.core.zips import BROKEN, DeclaringError, UnreadableError, refuse_declarations
from cdtteam.monthly.press.faults import Fault, Place

PARTS = 400
UNPACKED = 12 * 1024 * 1024
PACKED = 2 * 1024 * 1024
LONGEST_OUTPUT = 24 * 1024 * 1024

_MAIN = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
}
_NEVER = re.compile(
    r"vbaproject|vbadata|macrosheets|activex|embeddings/|oleobject|customui|externallinks/|connections\.xml|querytables/"
    r"|webextensions/|attachedtoolbars|dialogsheets|altchunk|afchunk",
    re.IGNORECASE,
)
_PICTURES = re.compile(r"^xl/(drawings/|charts/|media/|pivot|slicers/)", re.IGNORECASE)
# Fields that fetch something when the file is opened.
_FETCHING = re.compile(r"\b(DDE(AUTO)?|INCLUDE(TEXT|PICTURE)|LINK|IMPORT|RD|DATABASE|MACROBUTTON)\b|://", re.IGNORECASE)
_REACHING = re.compile(r"\[\d+\]|\||://|\b(WEBSERVICE|HYPERLINK|IMAGE|CALL|REGISTER|FILTERXML|RTD)\b", re.IGNORECASE)
_FORMULAS = {"f", "definedName", "formula", "formula1", "formula2"}
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@dataclass(frozen=True, slots=True)
class Properties:
    """What a file says of itself."""

    title: str
    author: str
    made: str


def unpack(content: bytes, kind: str) -> dict[str, bytes]:
    """The parts of an uploaded template; Fault when they are too large, or reach outside the file."""
    if len(content) > PACKED:
        raise Fault("too_large")
    parts = _parts(content)
    types = parts.get("[Content_Types].xml", b"").decode("utf-8", "replace")
    if "macroEnabled" in types:
        raise Fault("not_allowed", "macro")
    if _MAIN[kind] not in types:
        raise Fault("kind")
    for name, body in parts.items():
        if _NEVER.search(name):
            raise Fault("not_allowed", name)
        if kind == "xlsx" and _PICTURES.match(name):
            raise Fault("pictures", name)
        if name.lower().endswith((".xml", ".rels", ".vml")):
            _check_xml(name, body)
    return parts


def _parts(content: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            names = [entry.filename for entry in entries]
            if len(entries) > PARTS or sum(entry.file_size for entry in entries) > UNPACKED:
                raise Fault("too_large")
            if len(names) != len({name.lower() for name in names}):
                raise Fault("unreadable")
            # What an entry says of its size is what is read of it at most: more is an error of the archive.
            return {entry.filename: archive.read(entry) for entry in entries if not entry.is_dir()}
    except BROKEN as error:
        raise Fault("unreadable") from error


def _check_xml(name: str, body: bytes) -> None:
    try:
        refuse_declarations(body)
        root = etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True))
    except DeclaringError as error:
        raise Fault("not_allowed", "DOCTYPE", Place(part=name)) from error
    except (UnreadableError, etree.XMLSyntaxError) as error:
        raise Fault("unreadable", name) from error
    if name.lower().endswith(".rels"):
        for relation in root:
            if relation.get("TargetMode", "").lower() == "external":
                raise Fault("outside", relation.get("Target", ""))
    for element in root.iter(etree.Element):
        _check_element(name, element)
    instructions = [text.text or "" for text in root.iter(f"{_WORD}instrText")]
    instructions += [field.get(f"{_WORD}instr", "") for field in root.iter(f"{_WORD}fldSimple")]
    found = _FETCHING.search("".join(instructions))
    if found:
        raise Fault("outside", found[0], Place(part=name))


def _check_element(name: str, element: Any) -> None:
    tag = etree.QName(element).localname
    if tag == "mailMerge":
        raise Fault("outside", tag, Place(part=name))
    if name.startswith("xl/") and tag in _FORMULAS and _REACHING.search(element.text or ""):
        parent = element.getparent()
        raise Fault("outside", element.text, Place(part=name, cell="" if parent is None else parent.get("r", "")))
    for key, value in element.attrib.items():
        if etree.QName(key).localname in ("src", "href") and re.search(r"://|\\\\|^file:", value):
            raise Fault("outside", value, Place(part=name))


def pack(content: bytes, properties: Properties) -> bytes:
    """A filled file with its text in NFC and its properties, packed so that equal content gives equal bytes."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {entry.filename: archive.read(entry) for entry in archive.infolist() if not entry.is_dir()}
    if sum(map(len, parts.values())) > LONGEST_OUTPUT:
        raise Fault("too_large")
    parts["docProps/core.xml"] = _core(properties)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(parts, key=lambda name: (name != "[Content_Types].xml", name)):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            archive.writestr(entry, _composed(parts[name]) if name.endswith(".xml") else parts[name])
    return out.getvalue()


def _composed(body: bytes) -> bytes:
    """XML with every text in NFC: node by node, since a combining mark at a text's start would eat the tag's end."""
    root = etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True))
    for element in root.iter():
        element.text = _nfc(element.text)
        element.tail = _nfc(element.tail)
        if isinstance(element.tag, str):
            for key, value in element.attrib.items():
                element.set(key, unicodedata.normalize("NFC", value))
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _nfc(text: str | None) -> str | None:
    return None if text is None else unicodedata.normalize("NFC", text)


def _core(properties: Properties) -> bytes:
    made = escape(properties.made)
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(properties.title)}</dc:title><dc:creator>{escape(properties.author)}</dc:creator>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{made}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{made}</dcterms:modified></cp:coreProperties>'
    ).encode()
