"""Languages: English message ids, Vietnamese by default; catalogues are compiled when their text is newer."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask, Response, g, has_request_context, request
from flask_babel import Babel, refresh

LOCALES = ("vi", "en")
COOKIE = "locale"  # the reader's choice in this browser, for the desk and for the phone's app alike
COOKIE_LASTS = 400 * 86400  # seconds; browsers keep none longer
TRANSLATIONS = Path(__file__).parents[2] / "translations"


def init_i18n(app: Flask) -> None:
    """Sets up translations of `app`; the locale is the browser's choice, else the account's, else Vietnamese."""
    target = Path(app.instance_path) / "translations"
    _compile(target)
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(target)
    app.config["BABEL_DEFAULT_LOCALE"] = LOCALES[0]
    app.config["BABEL_DEFAULT_TIMEZONE"] = "Asia/Ho_Chi_Minh"
    Babel(app, locale_selector=_locale)


def speak_to_account(locale: str) -> None:
    """Tells this request the language of who is signed in, as soon as that is known."""
    g.account_locale = locale
    refresh()


def keep_locale(answer: Response, locale: str) -> None:
    """Keeps what a reader chose; within JavaScript's reach, since the phone's app reads and writes the same cookie."""
    answer.set_cookie(COOKIE, locale, max_age=COOKIE_LASTS, samesite="Lax")


def _locale() -> str:
    if not has_request_context():
        return LOCALES[0]
    wanted = (request.cookies.get(COOKIE), g.get("account_locale"))
    return next((locale for locale in wanted if locale in LOCALES), LOCALES[0])


def _compile(target: Path) -> None:
    for locale in LOCALES:
        source = TRANSLATIONS / locale / "LC_MESSAGES" / "messages.po"
        compiled = target / locale / "LC_MESSAGES" / "messages.mo"
        if not source.exists() or (compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime):
            continue
        compiled.parent.mkdir(parents=True, exist_ok=True)
        with source.open("rb") as text:
            catalogue = read_po(text, locale=locale)
        # Two workers may start at once: the file appears whole or not at all.
        draft = compiled.with_suffix(f".{id(catalogue)}.tmp")
        with draft.open("wb") as out:
            write_mo(out, catalogue)
        draft.replace(compiled)
