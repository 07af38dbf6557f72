"""The field app's files as the server gives them: one version at a time, small, and checked by their hash."""

import gzip
import hashlib
import json
import re
from functools import lru_cache
from typing import Any
from urllib.parse import urljoin

import brotli
import pytest
from flask.testing import FlaskClient

from tests.field.site import new_app


@lru_cache(maxsize=1)
def client() -> FlaskClient:
    return new_app().test_client()


def listed() -> dict[str, str]:
    """Address to hash, as the service worker has it."""
    text = client().get("/sw.js").get_data(as_text=True)
    files: dict[str, str] = json.loads(re.findall(r"^self.FILES = (.*);$", text, re.MULTILINE)[0])
    return files


def unpacked(data: bytes, encoding: str | None) -> bytes:
    body: bytes = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[encoding](data)
    return body


@pytest.mark.parametrize("accepted", ["", "gzip", "br, gzip"])
def test_every_file_has_its_hash_in_every_encoding(accepted: str) -> None:
    for url, expected in listed().items():
        answer = client().get(url, headers={"Accept-Encoding": accepted})
        assert answer.status_code == 200, url
        body = unpacked(answer.data, answer.headers.get("Content-Encoding"))
        assert hashlib.sha256(body).hexdigest() == expected, url


def test_every_module_that_is_imported_is_kept() -> None:
    files = listed()
    for url in [url for url in files if url.endswith(".js")]:
        source = client().get(url).get_data(as_text=True)
        for target in re.findall(r"""(?:from|import\()\s*["'](\.[^"']+)["']""", source):
            folder = url.rsplit("/", 1)[0].split("/")
            for part in target.split("/"):
                folder = folder[:-1] if part == ".." else folder if part == "." else [*folder, part]
            assert "/".join(folder) in files, f"{url}: {target}"


def test_versions_never_mix() -> None:
    url = next(url for url in listed() if url.endswith("/field/main.js"))
    assert client().get(url).headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert client().get(re.sub(r"/v-[^/]+/", "/v-2026.01.01-0000000000/", url)).status_code == 404
    assert client().get(url.replace("main.js", "absent.js")).status_code == 404
    assert client().get(url.replace("field/main.js", "../setup.cfg")).status_code == 404


def test_shell_is_the_same_for_everybody() -> None:
    plain = client().get("/")
    client().set_cookie("locale", "en")
    assert client().get("/").data == plain.data
    assert 'lang="vi"' in plain.get_data(as_text=True)
    assert client().get("/", headers={"If-None-Match": plain.headers["ETag"]}).status_code == 304


def test_shell_allows_no_inline_script_and_two_policies() -> None:
    policy = client().get("/").headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "require-trusted-types-for 'script'; trusted-types lit-html worker" in policy
    assert "unsafe" not in policy


def test_shell_preloads_what_it_starts_with() -> None:
    page = client().get("/").get_data(as_text=True)
    preloaded = re.findall(r'rel="modulepreload" href="([^"]+)"', page)
    assert preloaded[0].endswith("/field/main.js")
    assert any(url.endswith("/store/db.js") for url in preloaded)
    assert set(preloaded) <= set(listed())


def test_shell_asks_at_once_for_all_that_the_sign_in_screen_needs() -> None:
    page = client().get("/").get_data(as_text=True)
    sheets = re.findall(r'rel="stylesheet" href="([^"]+)"', page)
    assert len(sheets) == 1
    styles = client().get(sheets[0]).get_data(as_text=True)
    assert all(rule in styles for rule in (":root {", ".icon {", ".button {", ".save-bar {"))
    assert '<link rel="preload" href="/field/catalogue-vi.json" as="fetch" crossorigin>' in page
    assert re.search(r'rel="modulepreload" href="[^"]+/screens/sign-in.js"', page)
    assert not re.search(r'rel="modulepreload" href="[^"]+/(sync/index|store/writing|screens/several).js"', page)


def words(part: str) -> dict[str, Any]:
    answer: dict[str, Any] = client().get(f"/field/catalogue-{part}.json").get_json()
    return answer


def test_catalogue_has_the_field_apps_words_alone() -> None:
    first, more = words("vi"), words("vi-more")
    assert first["locale"] == more["locale"] == "vi"
    assert first["messages"]["Save"] == "Lưu"
    assert client().get("/field/catalogue-fr.json").status_code == 404
    assert client().get("/field/catalogue-more.json").status_code == 404
    assert len(words("en")["messages"]) < len(first["messages"])


def test_words_come_once_those_of_the_first_screens_first() -> None:
    first, more = words("vi")["messages"], words("vi-more")["messages"]
    assert first.keys() & more.keys() == set()
    assert {"Sign in", "Record a visit", "Everything has been sent"} <= first.keys()
    assert {"What was supported?", "The network is weak. It tries again by itself at {time}."} <= more.keys()
    assert {f"/field/catalogue-{part}.json" for part in ("vi", "vi-more", "en", "en-more")} <= set(listed())


def test_manifest_makes_the_app_installable() -> None:
    manifest = client().get("/manifest.webmanifest").get_json()
    assert (manifest["start_url"], manifest["scope"], manifest["display"]) == ("/", "/", "standalone")
    assert {(icon["sizes"], icon["purpose"]) for icon in manifest["icons"]} >= {
        ("192x192", "any"),
        ("512x512", "maskable"),
    }
    assert all(client().get(icon["src"]).status_code == 200 for icon in manifest["icons"])


UP_TO_HOME = (
    "main.js",
    "screens/sign-in.js",
    "sync/session.js",
    "screens/home.js",
    "sync/index.js",
    "store/writing.js",
)
"""What a new phone asks for until its member stands on home, in the order of asking; each brings what it imports."""

IMPORTED = re.compile(r"""(?:^|[;\n])\s*(?:import|export)\b[^"'();]*?["']([^"'\n]+\.js)["']""")


def modules_up_to_home() -> list[str]:
    main = next(url for url in listed() if url.endswith("/field/main.js"))
    found = [urljoin(main, name) for name in UP_TO_HOME]
    for url in found:
        targets = IMPORTED.findall(client().get(url).get_data(as_text=True))
        found += [target for target in (urljoin(url, name) for name in targets) if target not in found]
    return found


@pytest.mark.parametrize(("encoding", "most"), [("gzip", 60_000), ("br", 55_000)])
def test_sizes_on_the_wire(encoding: str, most: int) -> None:
    """Everything up to home, its JavaScript under 40 KB as gzip."""
    styles = re.findall(r'rel="stylesheet" href="([^"]+)"', client().get("/").get_data(as_text=True))

    def size(urls: list[str]) -> int:
        return sum(len(client().get(url, headers={"Accept-Encoding": encoding}).data) for url in urls)

    scripts = size(modules_up_to_home())
    assert scripts < 40_000
    assert scripts + size(["/", *styles, "/field/catalogue-vi.json"]) < most


def test_kill_switch() -> None:
    text = new_app(CDT_SERVICE_WORKER="off").test_client().get("/sw.js").get_data(as_text=True)
    assert "unregister" in text
    assert "FILES" not in text
