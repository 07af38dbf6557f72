"""Each route declares its permission; requests from other sites are refused."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast
from urllib.parse import urlsplit

from flask import Flask, request
from flask_login import current_user

from cdtteam.access.models import Actor, Permission
from cdtteam.core.problems import Problem

P = ParamSpec("P")
R = TypeVar("R")

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


def current_actor() -> Actor:
    """The actor behind this request; Problem `signed_out` when nobody is signed in."""
    if not current_user.is_authenticated:
        raise Problem("signed_out")
    return cast(Actor, current_user.actor)


def requires(permission: Permission, *, otherwise: str = "forbidden") -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Marks a view with the permission that it needs, and lets only roles in that have it somewhere.

    `otherwise` is the code of the Problem for the others.

    Which rows is asked by the operation or query that the view calls.
    """

    def mark(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            if not current_actor().may(permission):
                raise Problem(otherwise)
            return view(*args, **kwargs)

        cast(Any, guarded).permission = permission
        return guarded

    return mark


def public(view: Callable[P, R]) -> Callable[P, R]:
    """Marks a view that needs nobody signed in; tests hold the list of these."""
    cast(Any, view).permission = None
    return view


def refuse_cross_site() -> None:
    """Refuses unsafe requests that a browser made for another site (sync protocol, "Transport")."""
    if request.method in SAFE_METHODS:
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        if site not in ("same-origin", "none"):
            raise Problem("cross_site")
        return
    origin = request.headers.get("Origin")
    if origin is not None and _host(origin) != request.host:
        raise Problem("cross_site")


def _host(origin: str) -> str:
    try:
        return urlsplit(origin).netloc
    except ValueError:  # no address at all: nobody's, and not ours
        return ""


def init_guards(app: Flask) -> None:
    """Puts the cross-site guard before every request of `app`."""
    app.before_request(refuse_cross_site)
