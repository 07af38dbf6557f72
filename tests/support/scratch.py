"""Where the tests write: in memory where there is room, so that durable databases need not wait for a disk."""

import os
import shutil
import tempfile
from pathlib import Path

IN_MEMORY = Path("/dev/shm")
NEEDED = 3 << 30  # bytes; several times what a run has at once


def write_to_memory() -> None:
    """Makes temporary files in memory, those of processes that are started later too, unless TMPDIR says where."""
    if "TMPDIR" not in os.environ and _has_room(IN_MEMORY):
        os.environ["TMPDIR"] = tempfile.tempdir = str(IN_MEMORY)


def _has_room(folder: Path) -> bool:
    """Whether there is space in `folder`, and programs may lie in it and run."""
    if not os.access(folder, os.W_OK) or os.statvfs(folder).f_flag & os.ST_NOEXEC:
        return False
    return shutil.disk_usage(folder).free >= NEEDED
