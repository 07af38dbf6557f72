"""Files that are there whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from itertools import count
from pathlib import Path

from cdtteam.core.clock import CIVIL_ZONE
from cdtteam.core.problems import Problem


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A draft beside `path` that takes its place when the block ends well, durably; only its owner may read it."""
    draft = path.with_name(f"{path.name}.part")
    try:
        draft.unlink(missing_ok=True)
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        yield draft
        settle(draft)
        draft.replace(path)
        settle(path.parent)
    except OSError as error:
        raise Problem("invalid_file", detail=f"{path} cannot be written: {error.strerror}.") from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def settle(path: Path) -> None:
    """Waits until a file's content, or a folder's list of names, is on the disk."""
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def head_of(path: Path) -> bytes:
    """The first bytes of a file, by which its kind is known; Problem `invalid_file` when it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(100)
    except OSError as error:
        raise Problem("invalid_file", detail=f"{path} cannot be read: {error.strerror}.") from error


def kept_name(database: Path, now: datetime) -> Path:
    """A free name beside a database under which it is kept: `cdtteam.db.before-20261124-020000`."""
    moment = f"{now.astimezone(CIVIL_ZONE):%Y%m%d-%H%M%S}"
    names = (database.with_name(f"{database.name}.before-{moment}{f'-{at}' if at else ''}") for at in count())
    return next(name for name in names if not name.exists())
