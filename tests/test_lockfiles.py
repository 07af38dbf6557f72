"""Locked requirements name versions and hashes, and no address of a registry."""

import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_python_lock(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert "--index" not in text
    entries = text.replace("\\\n", " ").splitlines()
    assert entries
    for entry in entries:
        assert "==" in entry, entry
        assert "--hash=sha256:" in entry, entry


def test_node_lock() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    for name, package in packages.items():
        assert "resolved" not in package, name
        assert not name or package["integrity"].startswith("sha512-"), name
