"""The reader of JavaScript finds the texts where people write them."""

import io

import pytest

from translations.javascript import calls, extract, tokens


def texts(source: str) -> list[tuple[str, ...]]:
    return [call.texts for call in calls(tokens(source), ("t", "tn"))]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('t("Home")', [("Home",)]),
        ("t('It\\'s \\u00e9')", [("It's é",)]),
        ("t(`Home`)", [("Home",)]),
        ('tn("{n} visit", "{n} visits", n)', [("{n} visit", "{n} visits")]),
        ('t("Hello {name}", { name: t("you") })', [("Hello {name}",), ("you",)]),
        ("html`<p>${list.map((x) => html`<b>don't</b>${t(\"Deep\")}`)}</p>${t('After')}`", [("After",), ("Deep",)]),
        ("html`${{ a: { b: t('Braces') } }}`", [("Braces",)]),
        ("const r = /[`'\"/]/g; t('After a regex')", [("After a regex",)]),
        ("a / b; t('After a division') / 2", [("After a division",)]),
        ("// t('no')\n/* t('no') */ t('Yes')", [("Yes",)]),
        ("function t(id) {} x.t('method'); print('t(1)'); st('no')", []),
        ("t(computed)", [()]),
        ("t('a' + b)", [()]),
    ],
)
def test_texts_found(source: str, expected: list[tuple[str, ...]]) -> None:
    assert sorted(texts(source)) == sorted(expected)


def test_lines_are_those_of_the_call() -> None:
    source = b'\nt("two");\nhtml`\n${t("four")}`'
    found = extract(io.BytesIO(source), ("t",), (), options={})
    assert [(line, text) for line, _, text, _ in found] == [(2, ("two",)), (4, ("four",))]
