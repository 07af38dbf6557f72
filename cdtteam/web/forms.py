"""Forms of the desk: one effect however often they are sent, and nothing overwritten that somebody else changed."""

from collections.abc import Callable
from datetime import datetime, timedelta
from http import HTTPStatus
from uuid import UUID

from flask import Response, current_app, redirect, request
from sqlalchemy import delete
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Mapped, Session, mapped_column

from cdtteam.core.db import Base, is_transient
from cdtteam.core.ids import new_id
from cdtteam.core.problems import Problem
from cdtteam.web.transactions import writing

KEPT = timedelta(days=30)
SWEEPS = "cdt_sweeps"  # the extension that lists what forgets old rows, each called with session and now

new_form_id = new_id
"""The id that a page puts into a form when it shows it, as the hidden field `form_id`."""


class SubmittedForm(Base):
    """A form that took effect, by the id that its page gave it, and the address to which it led."""

    __tablename__ = "submitted_form"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID]
    at: Mapped[datetime] = mapped_column(index=True)
    led_to: Mapped[str]


def form_id_of(text: str | None) -> UUID:
    """The id that came with a form; Problem `malformed` when there is none."""
    try:
        return UUID(text or "")
    except ValueError as error:
        raise Problem("malformed") from error


def submit_once(session: Session, form_id: UUID, user_id: UUID, now: datetime, act: Callable[[], str]) -> str:
    """Where a form leads: `act` makes the changes and answers the address; sent again, nothing changes any more.

    One transaction around all of it, tried again when another arrival of the same form was in between.
    """
    try:
        return _submit(session, form_id, user_id, now, act)
    except DBAPIError as error:
        if not is_transient(error):
            raise
    return _submit(session, form_id, user_id, now, act)


def _submit(session: Session, form_id: UUID, user_id: UUID, now: datetime, act: Callable[[], str]) -> str:
    with writing(session):
        known = session.get(SubmittedForm, form_id)
        if known is not None:
            if known.user_id != user_id:
                raise Problem("malformed")
            return known.led_to
        _sweep(session, now)
        submitted = SubmittedForm(id=form_id, user_id=user_id, at=now, led_to="")
        session.add(submitted)
        session.flush()  # whoever brings the same form waits here until it is known what became of it
        submitted.led_to = act()
    return submitted.led_to


def _sweep(session: Session, now: datetime) -> None:
    """Forgets what is too old: our own rows, and those of rooms that asked for it in the application's SWEEPS."""
    session.execute(delete(SubmittedForm).where(SubmittedForm.at < now - KEPT))
    for sweep in current_app.extensions.get(SWEEPS, ()):
        sweep(session, now)


def check_version(row: object, seen: str | None) -> None:
    """Problem `changed_meanwhile` when a row with a `version` is not the one that the form was made from."""
    if str(getattr(row, "version", "")) != seen:
        raise Problem("changed_meanwhile")


def lead_to(place: str) -> Response:
    """Sends the reader on after a form; htmx is told to go there, since it would follow a redirect by itself."""
    if request.headers.get("HX-Request"):
        return Response(status=HTTPStatus.NO_CONTENT, headers={"HX-Redirect": place})
    answer = redirect(place, HTTPStatus.SEE_OTHER)
    assert isinstance(answer, Response)
    return answer
