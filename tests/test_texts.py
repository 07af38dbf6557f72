"""What users read comes from the catalogues: templates and JavaScript hold no text of their own."""

import re
from collections.abc import Iterator

import pytest

from tests.support.sources import Source, sources
from translations.javascript import Token, tokens, walk

TEMPLATES = sources("templates", "*.html")
SCRIPTS = [*sources("static/field", "*.js"), *sources("static/desk", "*.js"), *sources("static", "sw*.js")]

SPOKEN = "alt|title|placeholder|label|aria-label|aria-description|aria-roledescription|aria-valuetext|hx-confirm"
HOLE = "\0"  # stands for an expression
JINJA = re.compile(r"\{#.*?#\}|\{%-?\s*trans\b.*?endtrans\s*-?%\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
JINJA_LITERAL = re.compile(r"""\{\{-?\s*(["'])([^"']*)\1\s*(?:\||-?\}\})""")
UNSEEN = re.compile(r"<!--.*?-->|<(script|style)\b[^>]*>.*?</\1>", re.DOTALL | re.IGNORECASE)
TAG = re.compile(r"<[/!a-zA-Z][^>]*>")
ATTRIBUTE = re.compile(rf"""\s\.?(?:{SPOKEN})\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
NO_WORD = re.compile(r"&#?\w+;|%[-+ #0]*[\d.]*[a-z]\b")  # entities, and formats of numbers
LETTER = re.compile(r"[^\W\d_]")
PROPERTIES = {"textContent", "innerText", "title", "placeholder", "alt", "ariaLabel"}
# A language is named in itself, whatever the page's, and a kind of file by the end of its name.
NAMES = re.compile(r"\bTiếng Việt\b|\bEnglish\b|\(\.xlsx\)")
DIALOGUES = {"alert", "confirm", "prompt"}

# Literals that are no words of the interface, by file: letters that are folded away, names of things.
NO_WORDS = {"static/field/model/fold.js": {"ß", "ς", "σ", "đ"}}


def texts_of_markup(markup: str) -> Iterator[str]:
    """The words of an HTML text whose expressions are holes: text between tags, and attributes that are read out."""
    markup = UNSEEN.sub("", markup)
    for tag in TAG.findall(markup):
        yield from ("".join(found) for found in ATTRIBUTE.findall(tag))
    yield from TAG.sub(HOLE, markup).split(HOLE)


def words(texts: Iterator[str]) -> list[str]:
    return [text.strip() for text in texts if LETTER.search(NAMES.sub("", NO_WORD.sub("", text)))]


def texts_of_template(text: str) -> Iterator[str]:
    yield from (literal for _, literal in JINJA_LITERAL.findall(text))
    yield from texts_of_markup(JINJA.sub(HOLE, text))


def texts_of_script(program: list[Token]) -> Iterator[str]:
    for found in walk(program):
        for index, token in enumerate(found):
            before = [other.text for other in found[max(0, index - 2) : index]]
            if token.kind == "template" and before[-1:] in (["html"], ["svg"]):
                yield from texts_of_markup(HOLE.join(token.parts))
            elif token.literal is not None and is_shown(before, token.literal):
                yield token.literal


def is_shown(before: list[str], literal: str) -> bool:
    """Whether a literal is put before people's eyes, or is in a language that code does not speak."""
    match before:
        case [name, "="] if name in PROPERTIES:
            return True
        case [name, "("] if name in DIALOGUES:
            return True
    return bool(re.search(r"[^\W\d_]", re.sub(r"[\x00-\x7f]", "", literal)))


@pytest.mark.parametrize("source", TEMPLATES, ids=lambda source: source.name)
def test_template_holds_no_text(source: Source) -> None:
    assert words(texts_of_template(source.text)) == []


@pytest.mark.parametrize("source", SCRIPTS, ids=lambda source: source.name)
def test_script_holds_no_text(source: Source) -> None:
    assert set(words(texts_of_script(source.tokens))) == NO_WORDS.get(source.name, set())


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ('<p>{{ _("Visits") }} · 12</p>', []),
        ("<p>Visits</p>", ["Visits"]),
        ("<p>{{ n }} lượt</p>", ["lượt"]),
        ('<a lang="en">English</a> <a>Xem English</a>', ["Xem English"]),
        ('<p>{{ "Visits" }}</p>', ["Visits"]),
        ('<p>{{ "%.1f" | format(share) }}</p>', []),
        ("{% trans %}Visits{% endtrans %}{# a note #}<!-- a note -->&nbsp;&#160;", []),
        ('{% if a > b %}<a class="x" href="/y" title="Open">{{ n }}</a>{% endif %}', ["Open"]),
        ('<button aria-label="{{ _("Close") }}" data-x="abc">×</button>', []),
        ("<style>p { color: red }</style><script src='/a.js'></script>", []),
    ],
)
def test_rule_of_templates(template: str, expected: list[str]) -> None:
    assert words(texts_of_template(template)) == expected


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ('html`<p class="big">${t("Visits")} · ${n}</p>`', []),
        ("html`<p>Visits</p>`", ["Visits"]),
        ("html`${list.map((x) => html`<li aria-label='Row'>${x} km</li>`)}`", ["Row", "km"]),
        ('html`<input placeholder="Name" .value=${v} @input=${(e) => e > 1}>`', ["Name"]),
        ('title.textContent = "Visits"', ["Visits"]),
        ('confirm("Sure?")', ["Sure?"]),
        ('const kind = "home"; throw new Error("not reached")', []),
        ('const kind = "Hộ gia đình"', ["Hộ gia đình"]),
    ],
)
def test_rule_of_scripts(script: str, expected: list[str]) -> None:
    assert words(texts_of_script(tokens(script))) == expected
