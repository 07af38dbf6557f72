"""The units for systemd: it understands them, they lock the server in, and the nightly backup keeps what it should."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from sqlalchemy import make_url

from tests.support import availability
from tests.support.backups import leave, url_of
from tests.support.schema import ROOT
from tests.support.world import World

DEPLOY = ROOT / "deploy"
SERVICES = ("cdtteam.service", "cdtteam-worker.service", "cdtteam-backup.service")
UNITS = (*SERVICES, "cdtteam-backup.timer")


def analyze(*words: str) -> subprocess.CompletedProcess[str]:
    """What systemd-analyze says, where there is one."""
    if shutil.which("systemd-analyze") is None:
        availability.give_up("The check of systemd's units", "systemd-analyze is not installed")
    return subprocess.run(["systemd-analyze", *words], capture_output=True, text=True, check=False, timeout=60)


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """The units as on a machine where the program stands in this folder."""
    for name in UNITS:
        text = (DEPLOY / name).read_text(encoding="utf-8").replace("/opt/cdtteam", str(ROOT))
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_systemd_understands_them(installed: Path) -> None:
    done = analyze("verify", "--man=no", *(str(installed / name) for name in UNITS))
    ours = [line for line in done.stderr.splitlines() if "cdtteam" in line]
    assert (done.returncode, ours) == (0, [])


@pytest.mark.parametrize("name", SERVICES)
def test_they_are_locked_in(installed: Path, name: str) -> None:
    done = analyze("security", "--offline=true", "--threshold=25", "--no-pager", str(installed / name))
    assert done.returncode == 0, done.stdout[-300:]


def test_what_they_start_is_there() -> None:
    for name in SERVICES:
        started = re.search(r"^ExecStart=(\S+)(.*)", (DEPLOY / name).read_text(encoding="utf-8"), re.MULTILINE)
        assert started
        assert os.access(str(ROOT / started[1].removeprefix("/opt/cdtteam/")), os.X_OK), started[0]


def nightly(world: World, folder: Path, kept: int) -> subprocess.CompletedProcess[str]:
    """One night."""
    environment = {
        **os.environ, "CDT_DATABASE_URL": url_of(world), "CDT_INSTANCE": str(folder.parent),
        "CDT_BACKUPS": str(folder), "CDT_BACKUPS_KEPT": str(kept),
    }  # fmt: skip
    script = [str(DEPLOY / "nightly-backup")]
    return subprocess.run(script, env=environment, capture_output=True, text=True, check=False, timeout=120)


def test_nightly_backup(world_on_sqlite: World, tmp_path: Path) -> None:
    folder = tmp_path / "backups of cdtteam"
    folder.mkdir()
    old = [folder / f"cdtteam-2026010{day}-020000.backup" for day in range(1, 6)]
    others = [folder / "cdtteam-before-the-election.backup", folder / "notes.txt"]
    for file in (*old, *others):
        file.touch()
    leave(world_on_sqlite)
    done = nightly(world_on_sqlite, folder, kept=3)
    assert done.returncode == 0, done.stderr
    assert "verified" in done.stdout
    made = sorted(path for path in folder.iterdir() if path not in others)
    assert made[:2] == old[3:]
    assert len(made) == 3
    assert made[2].stat().st_size > 100_000
    assert all(file.exists() for file in others), "what somebody put aside by another name is theirs"

    database = Path(make_url(url_of(world_on_sqlite)).database or "")
    database.rename(tmp_path / "away")
    done = nightly(world_on_sqlite, folder, kept=1)
    assert done.returncode != 0, "systemd shows the unit as failed"
    assert sorted(path for path in folder.iterdir() if path not in others) == made


def test_commands_are_told_what_the_server_is_told(world_on_sqlite: World, tmp_path: Path) -> None:
    told = tmp_path / "cdtteam.env"
    text = (DEPLOY / "cdtteam.env").read_text(encoding="utf-8").replace("/var/lib/cdtteam", str(tmp_path))
    told.write_text(f"{text}\nCDT_DATABASE_URL='{url_of(world_on_sqlite)}'\n", encoding="utf-8")
    leave(world_on_sqlite)
    environment = {"PATH": os.environ["PATH"], "CDT_ENV": str(told)}
    command = [str(DEPLOY / "cdtteam"), "backup", "here.backup"]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "here.backup").stat().st_size > 100_000
