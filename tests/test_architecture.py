"""Rules of the house that no other tool checks: who commits, who reads the clock, who asks for permission, who imports.

Where a rule has exceptions they stand here with their reason, and an exception that is no longer needed fails.
"""

import ast
import posixpath
import re
from collections.abc import Iterator

import pytest

from tests.support.sources import ROOT, Source, dotted, python_calls, sources
from translations.javascript import Token, walk

PYTHON = sources("cdtteam", "*.py")
FIELD = sources("static/field", "*.js")

MAY_COMMIT = ("cdtteam/web/", "cdtteam/sync/", "cdtteam/cli/", "cdtteam/demo/", "cdtteam/migrations/")
# A migration imports nothing of the application, whose code moves on while migrations stay.
MAY_READ_CLOCK = ("cdtteam/core/clock.py", "cdtteam/migrations/")
CLOCK_CALLS = re.compile(r"(^|\.)((datetime|date)\.(now|utcnow|today)|time\.time(_ns)?)$")

# Operations that need no permission, by "room.function".
WITHOUT_REQUIRE = {
    "accounts.sign_in": "nobody is an actor before it",
    "accounts.sign_out": "the session at hand is its own permission",
    "areas.import_province": "below the floor of permissions; only the command line offers it",
    "areas.import_villages": "as above",
    "notify.notify": "tells of what its caller was permitted to do",
    "notify.notify_each": "as above",
    "notify.withdraw_notifications": "as above",
    "replica.start_epoch": "part of a restore, which only the command line offers",
}

# main > screens > ui | sync > store > model
FLOORS = {"main": 4, "screens": 3, "ui": 2, "sync": 2, "store": 1, "model": 0}
SIDE_EFFECTS = {
    *("fetch", "indexedDB", "localStorage", "sessionStorage", "document", "window", "navigator", "caches"),
    *("XMLHttpRequest", "WebSocket", "setTimeout", "setInterval", "BroadcastChannel"),
}


def test_the_floor_plan_is_drawn_as_it_is_enforced() -> None:
    drawn = re.search(r"^```\n(serve\n.*?)```", read("docs/architecture.md"), re.DOTALL | re.MULTILINE)
    enforced = re.search(r"^layers =\n(.*)", read("setup.cfg"), re.DOTALL | re.MULTILINE)
    assert drawn
    assert enforced
    assert floors(drawn[1]) == floors(enforced[1])


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def floors(text: str) -> list[set[str]]:
    """The rooms of each floor, high to low; what explains a room stands in parentheses."""
    plain = re.sub(r"\([^)]*\)", "", text).replace(">", "\n")
    return [{room.strip() for room in line.split("|")} for line in plain.splitlines() if line.strip()]


def test_only_the_doors_commit() -> None:
    places = [
        f"{source.name}:{line}"
        for source in PYTHON
        if not source.name.startswith(MAY_COMMIT)
        for line, name in python_calls(source)
        if name.split(".")[-1] == "commit"
    ]
    assert places == []


def test_only_the_clock_knows_the_time() -> None:
    places = [
        f"{source.name}:{line}: {name}"
        for source in PYTHON
        if not source.name.startswith(MAY_READ_CLOCK)
        for line, name in python_calls(source)
        if CLOCK_CALLS.search(name)
    ]
    assert places == []


def test_time_functions_are_called_by_their_full_name() -> None:
    """`from time import time` would hide from the rule above."""
    places = [
        f"{source.name}:{node.lineno}"
        for source in PYTHON
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ImportFrom) and node.module == "time"
        if {alias.name for alias in node.names} & {"time", "time_ns"}
    ]
    assert places == []


def operations() -> Iterator[tuple[str, ast.FunctionDef]]:
    for source in PYTHON:
        if source.name.endswith("/operations.py"):
            room = source.name.split("/")[-2]
            for node in source.tree.body:
                if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                    yield f"{room}.{node.name}", node


def begins_with_require(function: ast.FunctionDef) -> bool:
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    first = body[0] if body else None
    call = first.value if isinstance(first, ast.Expr | ast.Assign | ast.Return) else None
    return isinstance(call, ast.Call) and dotted(call.func).split(".")[-1] == "require"


def test_every_operation_begins_with_require() -> None:
    without = {name for name, function in operations() if not begins_with_require(function)}
    assert without == set(WITHOUT_REQUIRE)


def imports(source: Source) -> Iterator[str]:
    """What a module imports, now or later; types in comments are no imports."""
    for found in walk(source.tokens):
        for index, token in enumerate(found):
            before = found[index - 1] if index else Token("sign", "", 0)
            earlier = found[index - 2].text if index > 1 else ""
            is_import = before.text in {"import", "from"} or (before.text == "(" and earlier == "import")
            if token.kind == "string" and is_import:
                yield token.text


def floor_of(name: str) -> str:
    return name.removeprefix("static/field/").removesuffix(".js").split("/")[0]


def is_allowed(importer: str, imported: str) -> bool:
    target = posixpath.normpath(posixpath.join("/", posixpath.dirname(importer), imported))[1:]
    if target.startswith("static/vendor/"):
        return floor_of(importer) != "model"
    below, above = floor_of(target), floor_of(importer)
    return below == above or FLOORS.get(below, 99) < FLOORS.get(above, -1)


@pytest.mark.parametrize("source", FIELD, ids=lambda source: source.name)
def test_field_modules_import_downwards(source: Source) -> None:
    assert [target for target in imports(source) if not is_allowed(source.name, target)] == []


@pytest.mark.parametrize("source", [s for s in FIELD if floor_of(s.name) == "model"], ids=lambda source: source.name)
def test_model_is_pure(source: Source) -> None:
    used = {
        f"{token.text} in line {token.line}"
        for found in walk(source.tokens)
        for index, token in enumerate(found)
        if token.kind == "word" and token.text in SIDE_EFFECTS
        if not index or found[index - 1].text != "."
    }
    assert used == set()


@pytest.mark.parametrize(
    ("importer", "imported", "expected"),
    [
        ("static/field/main.js", "./screens/home.js", True),
        ("static/field/screens/home.js", "../ui/parts.js", True),
        ("static/field/ui/parts.js", "../screens/home.js", False),
        ("static/field/ui/parts.js", "../sync/index.js", False),
        ("static/field/sync/index.js", "../store/index.js", True),
        ("static/field/store/index.js", "../model/ids.js", True),
        ("static/field/model/ids.js", "../store/index.js", False),
        ("static/field/store/db.js", "../../vendor/idb/index.js", True),
        ("static/field/ui/html.js", "/static/vendor/lit-html/lit-html.js", True),
        ("static/field/model/ids.js", "/static/vendor/idb/index.js", False),
        ("static/field/model/ids.js", "../../desk/table.js", False),
    ],
)
def test_the_rule_of_imports(importer: str, imported: str, *, expected: bool) -> None:
    assert is_allowed(importer, imported) is expected
