"""An installation without a network: the wheels are gathered on one machine and installed on another."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import availability
from tests.support.schema import ROOT

pytestmark = pytest.mark.timeout(900)

PART = "The installation without a network"
# Whoever asks for an index is sent where nobody answers.
NO_NETWORK = {
    "PIP_INDEX_URL": "http://127.0.0.1:9/", "PIP_EXTRA_INDEX_URL": "", "PIP_FIND_LINKS": "",
    "PIP_CONFIG_FILE": os.devnull, "PIP_NO_CACHE_DIR": "1", "HTTP_PROXY": "http://127.0.0.1:9/", "HTTPS_PROXY": "http://127.0.0.1:9/",
}  # fmt: skip


def make(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """What `make` says."""
    told = {key: value for key, value in os.environ.items() if not key.startswith("MAKE")} | environment
    return subprocess.run(
        ["make", *words], cwd=ROOT, env=told, capture_output=True, text=True, check=False, timeout=400
    )


@pytest.fixture(scope="module")
def wheelhouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheels, as the command gathers them."""
    if os.environ.get("CI") != "true" and not os.environ.get("CDT_TEST_OFFLINE"):
        availability.give_up(PART, "it gathers 36 MB first; CDT_TEST_OFFLINE=1 or CI=true lets it")
    folder = tmp_path_factory.mktemp("offline") / "wheelhouse"
    done = make("wheelhouse", f"HOUSE={folder}", f"PYTHON={sys.executable}")
    if done.returncode:
        availability.give_up(PART, f"the wheels could not be gathered: {done.stderr.strip()[-300:]}")
    return folder


def install(wheelhouse: Path, venv: Path) -> subprocess.CompletedProcess[str]:
    """Installs into a new environment."""
    return make("install", f"VENV={venv}", f"WHEELHOUSE={wheelhouse}", f"PYTHON={sys.executable}", **NO_NETWORK)


def test_what_was_gathered_is_enough(wheelhouse: Path, tmp_path: Path) -> None:
    listed = (wheelhouse / "SHA256SUMS").read_text().splitlines()
    assert {line.split()[1] for line in listed} == {path.name for path in wheelhouse.iterdir()} - {"SHA256SUMS"}
    done = install(wheelhouse, tmp_path / "venv")
    assert done.returncode == 0, done.stderr
    command = [str(tmp_path / "venv/bin/flask"), "--app", "wsgi", "db", "upgrade"]
    environment = {**os.environ, "CDT_INSTANCE": str(tmp_path / "instance")}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "instance/cdtteam.db").exists()


def test_what_was_tampered_with_is_refused(wheelhouse: Path, tmp_path: Path) -> None:
    copy = tmp_path / "wheelhouse"
    shutil.copytree(wheelhouse, copy)
    flask = next(copy.glob("flask-*.whl"))
    flask.write_bytes(flask.read_bytes() + b"\0")
    done = install(copy, tmp_path / "venv")
    assert done.returncode != 0
    assert flask.name in done.stderr + done.stdout
    (copy / "SHA256SUMS").write_text("".join(f"{line}\n" for line in listed_anew(copy)))
    assert install(copy, tmp_path / "venv").returncode != 0, "the lock file knows better than the list"


def listed_anew(folder: Path) -> list[str]:
    """The sums as somebody would write them who tampered with the files."""
    names = [path.name for path in folder.iterdir() if path.name != "SHA256SUMS"]
    return subprocess.run(
        ["sha256sum", *names], cwd=folder, capture_output=True, text=True, check=True
    ).stdout.splitlines()
