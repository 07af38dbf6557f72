"""The field app's files as the server gives them: one version at a time, small, and checked by their hash."""

import gzip
import hashlib
import json
import re
from functools import lru_cache
from typing import Any

import brotli
import pytest
from flask.testing import FlaskClient

from tests.field.engine import new_app


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


def test_catalogue_has_the_field_apps_words_alone() -> None:
    words: dict[str, Any] = client().get("/field/catalogue-vi.json").get_json()
    assert words["locale"] == "vi"
    assert words["messages"]["Save"] == "Lưu"
    assert client().get("/field/catalogue-fr.json").status_code == 404
    english = client().get("/field/catalogue-en.json").get_json()["messages"]
    assert len(english) < len(words["messages"])


def test_manifest_makes_the_app_installable() -> None:
    manifest = client().get("/manifest.webmanifest").get_json()
    assert (manifest["start_url"], manifest["scope"], manifest["display"]) == ("/", "/", "standalone")
    assert {(icon["sizes"], icon["purpose"]) for icon in manifest["icons"]} >= {
        ("192x192", "any"),
        ("512x512", "maskable"),
    }
    assert all(client().get(icon["src"]).status_code == 200 for icon in manifest["icons"])


def test_sizes_on_the_wire() -> None:
    """The start of the field app: JavaScript under 40 KB, with everything else under 60 KB, as gzip."""
    page = client().get("/", headers={"Accept-Encoding": "gzip"})
    text = client().get("/").get_data(as_text=True)
    scripts = re.findall(r'rel="modulepreload" href="([^"]+)"', text)
    others = [*re.findall(r'rel="stylesheet" href="([^"]+)"', text), "/field/catalogue-vi.json"]

    def size(urls: list[str]) -> int:
        return sum(len(client().get(url, headers={"Accept-Encoding": "gzip"}).data) for url in urls)

    assert size(scripts) < 40_000
    assert len(page.data) + size(scripts) + size(others) < 60_000


def test_kill_switch() -> None:
    text = new_app(CDT_SERVICE_WORKER="off").test_client().get("/sw.js").get_data(as_text=True)
    assert "unregister" in text
    assert "FILES" not in text
