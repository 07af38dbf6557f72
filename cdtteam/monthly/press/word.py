"""Word files, filled by docxtpl."""

import io
from typing import Any

from docxtpl import DocxTemplate

from cdtteam.monthly.press.faults import Fault
from cdtteam.monthly.press.grammar import Grammar, longest
from cdtteam.monthly.press.wire import Order


class _Template(DocxTemplate):  # type: ignore[misc]  # docxtpl is untyped
    """docxtpl, telling the grammar which part of the file it reads."""

    def render_xml_part(self, src_xml: str, part: Any, context: dict[str, Any], jinja_env: Grammar) -> str:
        jinja_env.part = str(part.partname).removeprefix("/word/")
        return str(super().render_xml_part(src_xml, part, context, jinja_env))

    def render_properties(self, context: dict[str, Any], jinja_env: Grammar | None = None) -> None:
        """Nothing: what a file says of itself is ours to write."""


def fill_word(order: Order) -> bytes:
    """A Word template with the order's data in its placeholders; Fault."""
    template = _Template(io.BytesIO(order.template))
    template.render(order.data, Grammar(order.shape, longest(order.data), autoescape=True), autoescape=True)
    if template.docx is None:
        raise Fault("unreadable")
    out = io.BytesIO()
    template.docx.save(out)
    return out.getvalue()
