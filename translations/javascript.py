"""Reads JavaScript as far as texts need it: strings, comments, regular expressions and nested template literals."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import IO

_SKIP = re.compile(r"\s+|//[^\n]*|/\*.*?\*/", re.DOTALL)
_STRING = re.compile(r""""(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'""", re.DOTALL)
_REGEX = re.compile(r"/(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*")
_WORD = re.compile(r"[\w$#]+")
_CHUNK = re.compile(r"(?:[^`\\$]|\\.|\$(?!\{))*", re.DOTALL)
_ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]+)\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.DOTALL)
_LETTERS = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": ""}
_BEFORE_REGEX = {
    "return",
    "typeof",
    "case",
    "in",
    "of",
    "delete",
    "void",
    "throw",
    "new",
    "else",
    "do",
    "await",
    "yield",
}


@dataclass
class Token:
    """A piece of a program. A template has its fixed parts and, between them, the tokens of each expression."""

    kind: str  # word, string, template, regex or sign
    text: str
    line: int
    parts: list[str] = field(default_factory=list)
    inner: list[list["Token"]] = field(default_factory=list)

    @property
    def literal(self) -> str | None:
        """The text of a string, or of a template without expressions."""
        if self.kind == "string":
            return self.text
        return self.parts[0] if self.kind == "template" and not self.inner else None


def tokens(source: str) -> list[Token]:
    """The tokens of a program, without comments."""
    return _Reader(source).read()


class _Reader:
    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 0

    def read(self, closing: str = "") -> list[Token]:
        """Tokens up to the end, or to the brace that closes a template's expression."""
        found: list[Token] = []
        depth = 0
        while self._at < len(self._source):
            if self._match(_SKIP) is not None:
                continue
            sign = self._source[self._at]
            if sign == closing and depth == 0:
                self._at += 1
                return found
            depth += {"{": 1, "}": -1}.get(sign, 0)
            found.append(self._token(found[-1] if found else None))
        return found

    def _token(self, previous: Token | None) -> Token:
        line = self._source.count("\n", 0, self._at) + 1
        sign = self._source[self._at]
        if sign == "`":
            return self._template(line)
        if (text := self._match(_STRING)) is not None:
            return Token("string", unescape(text[1:-1]), line)
        if sign == "/" and _may_start_regex(previous) and (text := self._match(_REGEX)) is not None:
            return Token("regex", text, line)
        if (text := self._match(_WORD)) is not None:
            return Token("word", text, line)
        self._at += 1
        return Token("sign", sign, line)

    def _template(self, line: int) -> Token:
        token = Token("template", "", line)
        self._at += 1
        while True:
            token.parts.append(unescape(self._match(_CHUNK) or ""))
            if self._source.startswith("${", self._at):
                self._at += 2
                token.inner.append(self.read("}"))
            else:
                self._at += 1
                return token

    def _match(self, pattern: re.Pattern[str]) -> str | None:
        found = pattern.match(self._source, self._at)
        if not found:
            return None
        self._at = found.end()
        return found[0]


def _may_start_regex(previous: Token | None) -> bool:
    if previous is None:
        return True
    if previous.kind == "sign":
        return previous.text not in ")]}"
    return previous.kind == "word" and previous.text in _BEFORE_REGEX


def unescape(text: str) -> str:
    """The text that a string literal stands for."""

    def char(found: re.Match[str]) -> str:
        code = found[1] or found[2] or found[3]
        return chr(int(code, 16)) if code else _LETTERS.get(found[4], found[4])

    return _ESCAPE.sub(char, text)


def walk(found: list[Token]) -> Iterator[list[Token]]:
    """The token lists of a program: its own, and those of all expressions inside templates."""
    yield found
    for token in found:
        for inner in token.inner:
            yield from walk(inner)


@dataclass(frozen=True)
class Call:
    """A call of a translating function, with its leading literal arguments; none where the first is computed."""

    function: str
    texts: tuple[str, ...]
    line: int


def calls(program: list[Token], functions: Collection[str]) -> Iterator[Call]:
    """The calls of `functions`, neither their definitions nor methods of the same name."""
    for found in walk(program):
        for index, token in enumerate(found):
            before = found[index - 1].text if index else ""
            is_name = token.kind == "word" and token.text in functions and before not in {".", "function"}
            if is_name and index + 1 < len(found) and found[index + 1].text == "(":
                yield Call(token.text, _leading_literals(found[index + 2 :]), token.line)


def _leading_literals(rest: list[Token]) -> tuple[str, ...]:
    texts: list[str] = []
    for argument, sign in zip(rest[::2], rest[1::2], strict=False):
        if argument.literal is None or sign.text not in {",", ")"}:
            break
        texts.append(argument.literal)
        if sign.text == ")":
            break
    return tuple(texts)


def extract(fileobj: IO[bytes], *_: object, **__: object) -> Iterator[tuple[int, str, tuple[str, ...], list[str]]]:
    """Babel's interface to `calls`: the line, the function, its texts, no comments."""
    for call in calls(tokens(fileobj.read().decode()), ("t", "tn")):
        wanted = 2 if call.function == "tn" else 1
        if len(call.texts) >= wanted:
            yield call.line, call.function, call.texts[:wanted], []
