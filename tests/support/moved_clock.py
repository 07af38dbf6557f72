"""A clock that can be moved while it goes on, for a server in a process of its own and for the phones beside it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path


@dataclass(frozen=True, slots=True)
class MovedClock:
    """How far the time is from the real one, kept in a file that others read."""

    file: Path

    def move_to(self, moment: datetime) -> None:
        """It is `moment` (aware) now."""
        draft = self.file.with_suffix(".part")
        draft.write_text(str((moment - datetime.now(UTC)).total_seconds()))
        draft.replace(self.file)

    def now(self) -> datetime:
        """What time it is, in UTC."""
        return moved(lambda: datetime.now(UTC), self.file)()


def moved(now: Callable[[], datetime], file: Path) -> Callable[[], datetime]:
    """`now`, by as much earlier or later as `file` says."""
    return lambda: now() + timedelta(seconds=float(file.read_text()))
