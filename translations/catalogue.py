"""Keeps the catalogues: `update` takes up new texts, `prune` drops unused ones, `check` tells what is missing."""

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

from translations.javascript import calls, tokens

ROOT = Path(__file__).parents[1]
LOCALES = ("vi", "en")
COMPLETE = "vi"  # English ids are English texts, so that an empty English entry stands for its id
SINGLE = ("_", "_l", "gettext", "lazy_gettext", "t", "because")
PLURAL = ("_n", "ngettext", "lazy_ngettext", "tn")
KEYWORDS = {**dict.fromkeys(SINGLE), **dict.fromkeys(PLURAL, (1, 2))}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
# Dates change with every run, and the tool's version with every machine; neither tells a reader anything.
NOISE = re.compile(
    r'^"(?:POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator|Language-Team|Report-Msgid-Bugs-To|Project-Id-Version):.*\n',
    re.MULTILINE,
)


def extracted() -> Catalog:
    """Every text of the application, with the files that use it."""
    with (ROOT / "translations" / "babel.cfg").open(encoding="utf-8") as mapping:
        methods, options = parse_mapping_cfg(mapping)  # type: ignore[no-untyped-call]  # Babel leaves it untyped
    catalogue = Catalog(charset="utf-8")
    found = extract_from_dir(ROOT, methods, options, keywords=KEYWORDS, directory_filter=_holds_sources)
    for path, line, message, _, context in found:
        catalogue.add(message, None, [(path, line)], context=context)
    return catalogue


def _holds_sources(folder: str | Path) -> bool:
    path = Path(folder).relative_to(ROOT)
    return path == Path() or (path.parts[0] in {"cdtteam", "templates", "static"} and "vendor" not in path.parts)


def po_path(locale: str) -> Path:
    """Where a locale's catalogue lies."""
    return ROOT / "translations" / locale / "LC_MESSAGES" / "messages.po"


def read(locale: str) -> Catalog:
    """A locale's catalogue; an empty one when there is none yet."""
    path = po_path(locale)
    if not path.exists():
        return Catalog(locale, charset="utf-8", header_comment="", fuzzy=False)
    with path.open("rb") as text:
        return read_po(text, locale=locale)


def write(locale: str, catalogue: Catalog) -> None:
    """Writes a catalogue so that its differences are those of its texts."""
    text = io.BytesIO()
    write_po(text, catalogue, width=0, sort_output=True, include_lineno=False)
    path = po_path(locale)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(NOISE.sub("", text.getvalue().decode()).lstrip(), encoding="utf-8")


def update(*, prune: bool = False) -> None:
    """Takes up new texts; unused ones are set aside, and come back with their translation when used again."""
    template = extracted()
    for locale in LOCALES:
        catalogue = read(locale)
        for message in list(catalogue.obsolete.values()):
            catalogue[message.id] = message
        catalogue.obsolete.clear()
        catalogue.update(template, no_fuzzy_matching=True, update_header_comment=False)
        catalogue.fuzzy = False
        if prune:
            catalogue.obsolete.clear()
        write(locale, catalogue)


def complaints() -> Iterator[str]:
    """What keeps the catalogues from being complete, a line each."""
    template = extracted()
    for locale in LOCALES:
        yield from (f"{locale}: {fault}" for fault in _differences(locale, template, read(locale)))
    yield from computed_texts()


def _differences(locale: str, template: Catalog, catalogue: Catalog) -> Iterator[str]:
    for message in _messages(template):
        known = catalogue.get(message.id, message.context)
        if known is None:
            yield f"not taken up (make messages): {message.id!r}"
        else:
            yield from (f"{fault}: {message.id!r}" for fault in _faults(locale, known))
    unused = [message for message in _messages(catalogue) if template.get(message.id, message.context) is None]
    for message in (*unused, *catalogue.obsolete.values()):
        yield f"no longer used (make messages-prune): {message.id!r}"


def _messages(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def _faults(locale: str, message: Message) -> Iterator[str]:
    if message.fuzzy:
        yield "fuzzy"
    texts = [message.string] if isinstance(message.string, str) else list(message.string or [""])
    if not all(texts):
        if locale == COMPLETE or any(texts):
            yield "not translated"
        return
    ids = [message.id] if isinstance(message.id, str) else list(message.id)
    wanted = set(PLACEHOLDER.findall(ids[-1]))
    for index, text in enumerate(texts):
        # "One visit" may well leave out the number.
        is_singular = len(texts) > 1 and index == 0
        given = set(PLACEHOLDER.findall(text))
        if given - wanted or (wanted - given and not is_singular):
            yield f"placeholders differ: {text!r}"


def computed_texts() -> Iterator[str]:
    """Calls of the JavaScript translator whose text is computed, so that no catalogue can hold it."""
    for path in sorted(path for path in (ROOT / "static").rglob("*.js") if "vendor" not in path.parts):
        for call in calls(tokens(path.read_text(encoding="utf-8")), ("t", "tn")):
            if len(call.texts) < (2 if call.function == "tn" else 1):
                yield f"{path.relative_to(ROOT)}:{call.line}: {call.function}() needs a literal text"


def main(arguments: list[str]) -> int:
    """The command line: update, prune or check."""
    match arguments:
        case ["update"]:
            update()
        case ["prune"]:
            update(prune=True)
        case ["check"]:
            found = sorted(complaints())
            print("\n".join(found) if found else "Translations are complete.")
            return bool(found)
        case _:
            print("Usage: python -m translations.catalogue update|prune|check", file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
