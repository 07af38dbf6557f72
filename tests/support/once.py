"""What is made once in a run, however many workers there are."""

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """A folder that all workers of this run share: `make` fills it for whoever comes first, others wait.

    It is to be read or copied from, and never written to.
    """
    own = factory.getbasetemp()
    common = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    folder, part = common / name, common / f"{name}.part"
    with (common / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            shutil.rmtree(part, ignore_errors=True)  # of a worker that died over it
            part.mkdir()
            make(part)
            part.rename(folder)
    return folder
