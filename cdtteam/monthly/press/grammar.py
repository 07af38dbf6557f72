"""What a template may say: names of placeholders, loops over our lists, plain conditions; nothing that can compute.

A template is refused before it runs, so that what it costs is known from its text: there are no calls, no arithmetic
and no ranges, and how often a loop's body comes is bounded by our own lists.
"""

import re
from collections.abc import Iterable
from typing import Any

from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from cdtteam.monthly.press.faults import Fault, Place

LONGEST_LIST = 300  # as many as a province has communes; longer lists are counted as they are
DEAREST = 24_000_000  # characters that a template may come to
DASH = "–"
FILTERS = ("upper", "lower")
LOOP = dict.fromkeys(("index", "first", "last", "length"))

Shape = Any  # the data, or an example of it: dicts, lists and plain values


def plain(value: object) -> object:
    """A value as text for people: 1.176 for numbers, a dash for what nobody reported."""
    if value is None:
        return DASH
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}".replace(",", ".")
    return value


def longest(value: object) -> int:
    """How often a loop over any list in `value` goes round, at least LONGEST_LIST."""
    if isinstance(value, dict):
        return max(map(longest, value.values()), default=LONGEST_LIST)
    if isinstance(value, list):
        return max(LONGEST_LIST, len(value), *map(longest, value))
    return LONGEST_LIST


class Grammar(ImmutableSandboxedEnvironment):
    """Jinja for templates of strangers: `shape` is like the data that they will see, `part` where the text stands."""

    def __init__(self, shape: Shape, rounds: int, *, autoescape: bool) -> None:
        super().__init__(undefined=StrictUndefined, autoescape=autoescape, finalize=plain)
        self.shape, self.rounds, self.part = shape, rounds, ""
        self.globals.clear()
        self.filters = {name: self.filters[name] for name in FILTERS}
        self.tests = {}

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        try:
            tree = super()._parse(source, name, filename)
        except TemplateSyntaxError as error:
            raise Fault("unreadable", error.message or "", self.place(source, error.lineno)) from error
        Reading(self, source).read(tree)
        return tree

    def getattr(self, obj: Any, attribute: str) -> Any:
        """An entry of a dict, whatever methods the dict has."""
        if isinstance(obj, dict):
            return obj.get(attribute, self.undefined(obj=None, name=attribute))
        return (
            super().getattr(obj, attribute) if type(obj).__name__ == "LoopContext" else self.undefined(name=attribute)
        )

    def getitem(self, obj: Any, argument: Any) -> Any:
        """As getattr: nothing else has items."""
        return self.getattr(obj, argument)

    def place(self, source: str, line: int, name: str = "") -> Place:
        """Where a line of a text is, with the words around `name`; docxtpl gives every paragraph a line of its own."""
        lines = source.split("\n")
        text = re.sub(r"<[^>]*>?", "", lines[line - 1]).strip() if 0 < line <= len(lines) else ""
        begin = max(0, text.find(name) - 30)
        paragraph = sum(one.startswith("<w:p") for one in lines[:line])
        return Place(self.part, paragraph or line, text[begin : begin + 80])


class Reading:
    """One walk through a template's tree."""

    def __init__(self, grammar: Grammar, source: str) -> None:
        self._grammar, self._source = grammar, source
        self._cost = 0

    def read(self, tree: nodes.Template) -> None:
        """Fault for what is not allowed, not known, or too dear."""
        self._statements(tree.body, {**self._grammar.shape}, 1)

    def _statements(self, body: Iterable[nodes.Node], scope: dict[str, Shape], times: int) -> None:
        for node in body:
            if isinstance(node, nodes.For):
                self._loop(node, scope, times)
            elif isinstance(node, nodes.If):
                self._shape(node.test, scope)
                for branch in (node.body, node.elif_, node.else_):
                    self._statements(branch, scope, times)
            elif isinstance(node, nodes.Output):
                for one in node.nodes:
                    self._pay(times * (len(one.data) if isinstance(one, nodes.TemplateData) else 60))
                    if isinstance(self._shape(one, scope), dict | list):
                        self._refuse(one)
            else:
                self._refuse(node)

    def _loop(self, node: nodes.For, scope: dict[str, Shape], times: int) -> None:
        if node.recursive or node.test or not isinstance(node.target, nodes.Name):
            self._refuse(node)
            return
        items = self._shape(node.iter, scope)
        if not isinstance(items, list):
            self._refuse(node.iter)
            return
        inner = scope | {node.target.name: items[0], "loop": LOOP}
        self._statements(node.body, inner, times * self._grammar.rounds)
        self._statements(node.else_, scope, times)

    def _shape(self, node: nodes.Node, scope: dict[str, Shape]) -> Shape:
        """The example of what an expression gives."""
        match node:
            case nodes.TemplateData() | nodes.Const():
                return ""
            case nodes.Name(name=name):
                return self._known(node, name, scope)
            case nodes.Getattr(node=of, attr=name):
                return self._known(node, name, self._shape(of, scope))
            case nodes.Filter(node=of, name=name, args=[], kwargs=[]) if of is not None and name in FILTERS:
                return self._shape(of, scope)
            case nodes.And() | nodes.Or() | nodes.Not() | nodes.Compare() | nodes.Operand():
                for child in node.iter_child_nodes():
                    self._shape(child, scope)
                return ""
        self._refuse(node)
        return None

    def _known(self, node: nodes.Node, name: str, of: Shape) -> Shape:
        if not isinstance(of, dict) or name not in of:
            raise Fault("unknown", _path(node), self._grammar.place(self._source, node.lineno, name))
        return of[name]

    def _pay(self, cost: int) -> None:
        self._cost += cost
        if self._cost > DEAREST:
            raise Fault("too_large")

    def _refuse(self, node: nodes.Node) -> None:
        raise Fault("not_allowed", _path(node), self._grammar.place(self._source, node.lineno))


def _path(node: nodes.Node) -> str:
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr):
        return f"{_path(node.node)}.{node.attr}"
    if isinstance(node, nodes.Call | nodes.Filter) and node.node is not None:
        return _path(node.node)
    return type(node).__name__.lower()
