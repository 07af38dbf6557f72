"""The field app's shell, its worker, its words and its files."""

import json
from functools import cached_property
from pathlib import Path
from typing import cast

from flask import Blueprint, Flask, Response, current_app, render_template, request
from flask_babel import force_locale, gettext

from cdtteam.core.i18n import TRANSLATIONS
from cdtteam.core.problems import Problem
from cdtteam.pwa.assets import CATALOGUES, LOCALES, Assets, File, short_hash
from cdtteam.web.guards import public

blueprint = Blueprint("pwa", __name__)

# `worker` lets the page register /sw.js, and nothing else.
CSP = (
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'; "
    "require-trusted-types-for 'script'; trusted-types lit-html worker"
)
FOR_EVER = "public, max-age=31536000, immutable"
ASK_FIRST = "no-cache"


class Shell:
    """What one version of the field app is made of; the same for everybody, so that phones can check it by hash."""

    def __init__(self, app: Flask) -> None:
        self.assets = Assets(Path(str(app.static_folder)), TRANSLATIONS)

    @cached_property
    def page(self) -> File:
        """The page at `/`, in Vietnamese whoever asks: its words change with the account once the app runs."""
        with force_locale(LOCALES[0]):
            text = render_template(
                "field/shell.html",
                modules=self.assets.modules,
                app_version=self.assets.field_version,
                locale=LOCALES[0],
            )
        return File("shell.html", text.encode())

    @cached_property
    def manifest(self) -> File:
        """The web app's manifest."""
        icons = [
            {"src": self.assets.url(f"icons/{name}-{size}.png"), "sizes": f"{size}x{size}", "purpose": purpose}
            for name, purpose in (("icon", "any"), ("maskable", "maskable"))
            for size in (192, 512)
        ]
        with force_locale(LOCALES[0]):
            names = {"name": gettext("Community digital team"), "short_name": gettext("Digital team")}
        about = {"id": "/", "start_url": "/", "scope": "/", "display": "standalone", "lang": LOCALES[0]}
        colours = {"theme_color": "#0b6157", "background_color": "#ffffff"}
        body = json.dumps({**names, **about, **colours, "icons": icons}, ensure_ascii=False)
        return File("manifest.webmanifest", body.encode())

    @cached_property
    def worker(self) -> File:
        """The service worker and its bell. In front stand the address of each file of the shell with its hash, the
        words that the bell says, by language, and its pictures."""
        assets = self.assets
        page = self.page.body.decode()
        named = [name for name in assets.files if name.endswith((".css", ".svg")) and f'"{assets.url(name)}"' in page]
        files = {assets.url(name): assets.files[name].sha256 for name in named}
        files |= {url: assets.files[_name(url)].sha256 for url in assets.all_modules}
        files |= {f"/field/{assets.catalogue(part).name}": assets.catalogue(part).sha256 for part in CATALOGUES}
        files["/"] = self.page.sha256
        listed = json.dumps(files, sort_keys=True)
        version = f"{assets.field_version}-{short_hash(iter([listed.encode()]))}"
        spoken = json.dumps({locale: assets.words_of("sw-push.js", locale) for locale in LOCALES}, ensure_ascii=False)
        signs = json.dumps({"icon": assets.url("icons/icon-192.png"), "badge": assets.url("icons/badge-96.png")})
        head = f"self.VERSION = {json.dumps(version)};\nself.FILES = {listed};\n"
        head += f"self.WORDS = {spoken};\nself.SIGNS = {signs};\n"
        return File("sw.js", head.encode() + assets.files["sw.js"].body + assets.files["sw-push.js"].body)


def _name(url: str) -> str:
    name = url.removeprefix("/static/")
    return name.partition("/")[2] if name.startswith("v-") else name


def _shell() -> Shell:
    return cast(Shell, current_app.extensions["cdtteam_pwa"])


def _send(file: File, cache: str) -> Response:
    """The file in the best encoding that the client takes; 304 when it has it already."""
    body, encoding = file.encoded({name for name, quality in request.accept_encodings if quality})
    answer = Response(body, content_type=file.type)
    answer.set_etag(file.sha256[:32] + (f"-{encoding}" if encoding else ""))
    answer.headers["Cache-Control"] = cache
    answer.vary.add("Accept-Encoding")
    if encoding:
        answer.content_encoding = encoding
    return cast(Response, answer.make_conditional(request))


@blueprint.get("/")
@public
def shell() -> Response:
    """The field app."""
    answer = _send(_shell().page, ASK_FIRST)
    answer.headers["Content-Security-Policy"] = CSP
    return answer


@blueprint.get("/sw.js")
@public
def worker() -> Response:
    """The service worker; with CDT_SERVICE_WORKER=off the one that frees phones from it."""
    if current_app.config["CDT_SERVICE_WORKER"] == "off":
        return _send(_shell().assets.files["sw-off.js"], ASK_FIRST)
    return _send(_shell().worker, ASK_FIRST)


@blueprint.get("/manifest.webmanifest")
@public
def manifest() -> Response:
    """What the phone needs to put the app on its home screen."""
    return _send(_shell().manifest, ASK_FIRST)


@blueprint.get("/field/catalogue-<part>.json")
@public
def catalogue(part: str) -> Response:
    """The field app's words: those of its first screens, or all others."""
    if part not in CATALOGUES:
        raise Problem("not_found")
    return _send(_shell().assets.catalogue(part), ASK_FIRST)


@blueprint.get("/static/v-<version>/<path:name>")
@public
def asset(version: str, name: str) -> Response:
    """A static file under its version's address; another version's is not here, so versions never mix."""
    file = _shell().assets.find(version, name)
    return _send(file, FOR_EVER) if file else Response(status=404)


@blueprint.get("/static/vendor/<path:name>")
@public
def vendor(name: str) -> Response:
    """A third-party file under its plain address, compressed; its own version is its tag."""
    file = _shell().assets.files.get(f"vendor/{name}")
    return _send(file, ASK_FIRST) if file else Response(status=404)
