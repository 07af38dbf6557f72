"""The third-party files are the ones that static/vendor/README.md names, unchanged and complete."""

import hashlib
import re
from pathlib import Path

import pytest

VENDOR = Path(__file__).parents[1] / "static" / "vendor"
README = (VENDOR / "README.md").read_text(encoding="utf-8")
HASHES = dict(re.findall(r"^\| `([^`]+)` \| `([0-9a-f]{64})` \|$", README, re.MULTILINE))
FOLDERS = re.findall(r"^\| `([^`]+)/` \|", README, re.MULTILINE)


@pytest.mark.parametrize("name", sorted(HASHES))
def test_file_is_unchanged(name: str) -> None:
    assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == HASHES[name]


def test_every_file_is_named() -> None:
    present = {path.relative_to(VENDOR).as_posix() for path in VENDOR.rglob("*") if path.is_file()}
    assert present == {"README.md", *HASHES}


@pytest.mark.parametrize("folder", FOLDERS)
def test_package_brings_its_licence(folder: str) -> None:
    assert f"{folder}/LICENSE" in HASHES
