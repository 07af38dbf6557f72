"""The project's sources, as the tests of its structure read them."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from translations.javascript import Token, tokens

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Source:
    """A file, named from the project's folder."""

    name: str

    @cached_property
    def text(self) -> str:
        """What stands in it."""
        return (ROOT / self.name).read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        """Python's syntax tree of it."""
        return ast.parse(self.text, self.name)

    @cached_property
    def tokens(self) -> list[Token]:
        """JavaScript's tokens of it."""
        return tokens(self.text)


def sources(folder: str, pattern: str) -> list[Source]:
    """Files of ours below a folder, in order of their names."""
    found = (path.relative_to(ROOT) for path in (ROOT / folder).rglob(pattern))
    return [Source(path.as_posix()) for path in sorted(found) if "vendor" not in path.parts]


def dotted(node: ast.expr) -> str:
    """A name as it is written: "datetime.now"; what is not a name is left out."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if isinstance(node, ast.Name):
        parts.append(node.id)
    return ".".join(reversed(parts))


def python_calls(source: Source) -> Iterator[tuple[int, str]]:
    """The line and the dotted name of every call."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call):
            yield node.lineno, dotted(node.func)
