"""The static files as phones get them: under an address of their version, from memory, compressed once."""

import gzip
import hashlib
import json
import mimetypes
import posixpath
import re
from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache
from pathlib import Path

import brotli
from babel.messages.pofile import read_po

# The day of the field app's last change that a person would notice; the rest of the version is a hash of its files.
FIELD_DATE = "2026.11.27"
FIELD = ("field/", "css/", "icons/", "vendor/idb/", "vendor/lit-html/")
NOT_FIELD = ("css/desk",)
# One request instead of four before anything is painted.
JOINED = {"css/field-all.css": ("css/tokens.css", "css/base.css", "css/components.css", "css/field.css")}
# Not imported by the start, and wanted right after it by who is here for the first time.
SOON = ("field/screens/sign-in.js",)
# The modules whose words come first, with what they import; all other words come in a part of their own.
SPEAKING_FIRST = ("field/main.js", *SOON, "field/screens/home.js")
LOCALES = ("vi", "en")
MORE = "-more"
CATALOGUES = tuple(f"{locale}{part}" for locale in LOCALES for part in ("", MORE))
_COMPRESSIBLE = (".js", ".css", ".svg", ".json", ".html", ".webmanifest")
_IMPORT = re.compile(r"""(?:^|[;\n])\s*(?:import|export)\b[^"'();]*?["']([^"'\n]+\.js)["']""")
_LAZY_IMPORT = re.compile(r"""\bimport\(\s*["']([^"'\n]+\.js)["']\s*\)""")
_JSDOC = re.compile(r"/\*\*(?!\s*\*?\s*@license).*?\*/", re.DOTALL)


def short_hash(parts: Iterator[bytes]) -> str:
    """Ten hexadecimal digits for these bytes."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()[:10]


def without_comments(source: str) -> str:
    """A module without its documentation, line comments and indentation: half the bytes, and the same program.

    Ours and idb's hold `/**` and lines that begin with `//` nowhere but in comments.
    """
    lines = (line.strip() for line in _JSDOC.sub("", source).split("\n"))
    return "\n".join(line for line in lines if line and not line.startswith("//")) + "\n"


class File:
    """A file in memory, with the forms in which it is sent."""

    def __init__(self, name: str, body: bytes) -> None:
        self.name = name
        self.body = body
        self.sha256 = hashlib.sha256(body).hexdigest()
        self.type = mimetypes.guess_type(name)[0] or "application/octet-stream"
        if name.endswith(".webmanifest"):
            self.type = "application/manifest+json"
        if self.type.startswith("text/") or name.endswith(".js"):
            self.type = f"{self.type.replace('application/javascript', 'text/javascript')}; charset=utf-8"

    @cached_property
    def brotli(self) -> bytes:
        """The body as brotli, as small as it gets."""
        packed: bytes = brotli.compress(self.body, quality=11)
        return packed

    @cached_property
    def gzip(self) -> bytes:
        """The body as gzip."""
        return gzip.compress(self.body, 9, mtime=0)

    def encoded(self, accepted: Mapping[str, object] | set[str]) -> tuple[bytes, str | None]:
        """The body in the best form of those accepted, with the name of its encoding."""
        if self.name.endswith(_COMPRESSIBLE) and len(self.body) > 200:
            for encoding in ("br", "gzip"):
                if encoding in accepted:
                    return (self.brotli if encoding == "br" else self.gzip), encoding
        return self.body, None


class Assets:
    """All files below the static folder, read once."""

    def __init__(self, folder: Path, translations: Path) -> None:
        self._translations = translations
        self.files = {name: File(name, _body(name, path.read_bytes())) for name, path in _found(folder)}
        for name, parts in JOINED.items():
            self.files[name] = File(name, b"".join(self.files[part].body for part in parts))
        self._names = {
            is_field: sorted(name for name in self.files if _is_field(name) == is_field) for is_field in (True, False)
        }
        self.field_version = f"{FIELD_DATE}-{self._hash(is_field=True)}"
        self.other_version = self._hash(is_field=False)

    def _hash(self, *, is_field: bool) -> str:
        return short_hash(part for name in self._names[is_field] for part in (name.encode(), self.files[name].body))

    def url(self, name: str) -> str:
        """The address of a file, which changes with its version. Raises KeyError for a file that is not there."""
        self.files[name]
        version = self.field_version if _is_field(name) else self.other_version
        return f"/static/v-{version}/{name}"

    def find(self, version: str, name: str) -> File | None:
        """The file of that version; None where it is another version's or nobody's."""
        return self.files.get(name) if version in (self.field_version, self.other_version) else None

    @cached_property
    def modules(self) -> list[str]:
        """Addresses of the modules that a phone needs for its first screen, in the order of need."""
        return list(dict.fromkeys([*self._graph("field/main.js"), *map(self.url, SOON)]))

    @cached_property
    def all_modules(self) -> list[str]:
        """Addresses of all modules of the field app."""
        return list(self._graph("field/main.js", lazy=True))

    def _graph(self, *roots: str, lazy: bool = False) -> dict[str, str]:
        found = {self.url(root): root for root in roots}
        for url, name in _growing(found):
            source = self.files[name].body.decode()
            targets = _IMPORT.findall(source) + (_LAZY_IMPORT.findall(source) if lazy else [])
            for target in targets:
                address = posixpath.normpath(posixpath.join(posixpath.dirname(url), target))
                found.setdefault(address, re.sub(r"^/static/(v-[^/]+/)?", "", address))
        return found

    @lru_cache(maxsize=len(CATALOGUES))  # noqa: B019 — one object for the life of the process
    def catalogue(self, part: str) -> File:
        """Words of the field app, one of CATALOGUES: `{"locale", "messages": {id: text, or its plural forms}}`.

        Those of the first screens stand under their locale, and all others in "-more".
        """
        locale = part.removesuffix(MORE)
        first = set(self._graph(*SPEAKING_FIRST).values())
        modules = {name for name in self.files if name.startswith("field/") and name.endswith(".js")}
        early = _messages(self._translations, locale, self._sources(first & modules))
        all_words = _messages(self._translations, locale, self._sources(modules))
        others = {key: text for key, text in all_words.items() if key not in early}
        words = {"locale": locale, "messages": early if part == locale else others}
        return File(f"catalogue-{part}.json", json.dumps(words, ensure_ascii=False).encode())

    def words_of(self, name: str, locale: str) -> dict[str, str | list[str]]:
        """The words of one script."""
        return _messages(self._translations, locale, self._sources({name}))

    def _sources(self, names: set[str]) -> str:
        return "".join(self.files[name].body.decode() for name in sorted(names))


def _found(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.endswith((".d.ts", ".md")) and path.name != "LICENSE":
            yield path.relative_to(folder).as_posix(), path


def _body(name: str, body: bytes) -> bytes:
    is_written_by_hand = name.endswith(".js") and name.startswith(("field/", "vendor/idb/", "sw"))
    return without_comments(body.decode()).encode() if is_written_by_hand else body


def _is_field(name: str) -> bool:
    return name.startswith(FIELD) and not name.startswith(NOT_FIELD)


def _growing(found: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The pairs of `found`, those included that are added meanwhile."""
    done = 0
    while done < len(found):
        yield list(found.items())[done]
        done += 1


def _messages(translations: Path, locale: str, sources: str) -> dict[str, str | list[str]]:
    """The translated messages whose id stands as a literal in `sources`."""
    path = translations / locale / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        return {}
    with path.open("rb") as file:
        catalogue = read_po(file, locale=locale)
    messages: dict[str, str | list[str]] = {}
    for message in catalogue:
        identifier = message.id[0] if isinstance(message.id, (tuple, list)) else message.id
        if not identifier or not message.string or json.dumps(identifier, ensure_ascii=False) not in sources:
            continue
        texts = message.string if isinstance(message.string, str) else list(message.string)
        if all(texts):
            messages[identifier] = texts
    return messages
