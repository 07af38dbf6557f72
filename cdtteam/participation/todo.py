"""What an officer has to do, at the top of their own area's page. Where it comes from the room `todo` above knows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

READER = "cdt_todo"  # the extension that reads it: called with actor, session, the page's answer, and now
MOST = 5


@dataclass(frozen=True, slots=True)
class Todo:
    """A plain sentence, where it is done and what the link there says, and the last day for it, where there is one.

    `message` is what is sent to those whom it concerns (to the teams' group on Zalo), `call` a name and a number: where
    it concerns one person alone. What `is_urgent` comes before all that has a day.
    """

    text: str
    url: str
    action: str
    due_on: date | None = None
    message: str = ""
    call: tuple[str, str] | None = None
    is_urgent: bool = False


def in_order(todos: Iterable[Todo]) -> list[Todo]:
    """All of them, the urgent ones first, then by their last day; what has none comes after what has one."""
    return sorted(todos, key=lambda todo: (not todo.is_urgent, todo.due_on or date.max))


def most_urgent(todos: Iterable[Todo]) -> list[Todo]:
    """The first few."""
    return in_order(todos)[:MOST]
