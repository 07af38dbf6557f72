"""A team raises a request; the desk passes it on, answers and closes it. All of it is kept."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import select

from cdtteam.access.models import Actor, Permission, Place
from cdtteam.access.policy import require
from cdtteam.core.problems import Problem
from cdtteam.core.text import TAKEN_OUT, texts_in
from cdtteam.replica.work import Work
from cdtteam.requests.models import Request, RequestChange, RequestState, Topic
from cdtteam.requests.telling import tell_answered, tell_closed, tell_passed_on, tell_raised

RAISE, ANSWER = Permission.REQUEST_RAISE, Permission.REQUEST_ANSWER


def raise_request(actor: Actor, work: Work, request: Request) -> None:
    """Adds a request of whoever served its village when it was raised."""
    require(actor, RAISE, Place(request.village_id, request.raised_at), session=work.session, now=work.now)
    work.changed("request", request, request.village_id)
    work.session.add(request)
    tell_raised(work, request)


def pass_on_request(actor: Actor, work: Work, request: Request, *, words: str | None = None) -> None:
    """Hands an open request to the province, with `words` to it; Problem `changed_meanwhile` for any other."""
    require(actor, ANSWER, Place(request.village_id, work.now), session=work.session, now=work.now)
    _hold(work, request)
    if request.state != RequestState.OPEN:
        raise Problem("changed_meanwhile")
    request.passed_on_at = work.now
    _move(actor, work, request, RequestState.PASSED_ON, words)
    tell_passed_on(work, request)


def answer_request(actor: Actor, work: Work, request: Request, words: str) -> None:
    """Tells the team what the desk says; a later answer takes an earlier one's place. Not of one that is closed."""
    require(actor, ANSWER, Place(request.village_id, work.now), session=work.session, now=work.now)
    _hold(work, request)
    if request.state == RequestState.CLOSED:
        raise Problem("changed_meanwhile")
    request.answer, request.answered_at = words, work.now
    _move(actor, work, request, RequestState.ANSWERED, words)
    tell_answered(work, request, actor)


def close_request(actor: Actor, work: Work, request: Request, *, words: str | None = None) -> None:
    """Ends a request; `words`, where there are any, are the answer. Nothing happens to one that is closed already."""
    require(actor, ANSWER, Place(request.village_id, work.now), session=work.session, now=work.now)
    _hold(work, request)
    if request.state == RequestState.CLOSED:
        return
    if words:
        request.answer, request.answered_at = words, work.now
    request.closed_at = work.now
    _move(actor, work, request, RequestState.CLOSED, words)
    (tell_answered if words else tell_closed)(work, request, actor)


def forget_words(actor: Actor, work: Work, village_ids: set[UUID], names_it: Callable[[str], bool]) -> None:
    """Takes out what was asked and said in villages where a household that is to be forgotten is named in it."""
    require(actor, Permission.HOUSEHOLD_MANAGE)
    work.write_rows()
    for request in work.session.scalars(select(Request).where(Request.village_id.in_(village_ids))):
        done = work.session.scalars(select(RequestChange).where(RequestChange.request_id == request.id)).all()
        said = [request.topic, request.text, request.answer, request.extra, *(one.words for one in done)]
        if not any(map(names_it, texts_in(said))):
            continue
        request.text, request.extra = TAKEN_OUT, None
        if request.topic not in set(Topic):  # a word of a client's own
            request.topic = Topic.OTHER
        request.answer = request.answer and TAKEN_OUT
        for one in done:
            one.words = None
        work.changed("request", request, request.village_id)


def _hold(work: Work, request: Request) -> None:
    """Nobody else changes it until the commit."""
    work.lock([request.village_id])
    work.session.refresh(request)


def _move(actor: Actor, work: Work, request: Request, state: RequestState, words: str | None) -> None:
    request.state = state
    done = RequestChange(request_id=request.id, state=state, words=words, at=work.now, user_id=actor.user_id)
    work.session.add(done)
    work.changed("request", request, request.village_id)
