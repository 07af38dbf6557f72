"""Who gets what from each route: the table that tests/access/test_routes.py holds against the application's own."""

from dataclasses import dataclass, field
from typing import Any

ROLES = ("signed out", "no team", "volunteer", "former member", "coordinator", "province", "admin", "token")
STAFF = ("coordinator", "province", "admin", "token")
SIGN_IN = 303  # pages send whoever is signed out to the form


@dataclass(frozen=True)
class Ask:
    """One request; `gets` is the status by role, `otherwise` that of the roles not named."""

    where: str
    path: str
    gets: dict[str, int]
    otherwise: int = 403
    body: Any = None
    form: dict[str, str] = field(default_factory=dict)


def staff(*, coordinator: int = 200, other: int = 200) -> dict[str, int]:
    """Statuses of a route of the API for staff."""
    return {"signed out": 401, "coordinator": coordinator, "province": other, "admin": other, "token": other}


def desk(*, coordinator: int = 200, other: int = 200) -> dict[str, int]:
    """Statuses of a page of the desk, which tokens do not open."""
    return staff(coordinator=coordinator, other=other) | {"signed out": SIGN_IN, "token": SIGN_IN}


_API = "/api/v1/participation?period=2026-11&area="
_SYNC = {"signed out": 401, "volunteer": 200, "former member": 200, "token": 401}
_EMPTY = {
    "protocol": 1, "device_id": "0197b0c2-0000-7000-8000-000000000001", "app_version": "test",
    "sent_at": "2026-11-24T09:30:05+07:00", "epoch": None, "cursor": None, "mutations": [],
}  # fmt: skip

# Of a commune's officer `own` is the village or commune at home, `sibling` the next commune, `foreign` what is no area.
GUARDED: dict[tuple[str, str], list[Ask]] = {
    ("GET", "/api/v1/participation"): [
        Ask("own commune", f"{_API}21601", staff()),
        Ask("own village", f"{_API}va", staff()),
        Ask("own, unnamed", "/api/v1/participation?period=2026-11", staff()),
        Ask("sibling commune", f"{_API}21604", staff(coordinator=403)),
        Ask("sibling's village", f"{_API}vc", staff(coordinator=403)),
        Ask("sibling's village by an old map", f"{_API}vc&map=2001-01-01", staff(coordinator=403)),
        Ask("the province above", f"{_API}52", staff(coordinator=403)),
        Ask("no area", f"{_API}99999", staff(coordinator=404, other=404)),
    ],
    ("GET", "/desk/"): [Ask("own", "/desk/", desk())],
    ("GET", "/desk/area/<code>"): [
        Ask("own commune", "/desk/area/21601", desk()),
        Ask("own village", "/desk/area/vb", desk()),
        Ask("sibling commune", "/desk/area/21604", desk(coordinator=403)),
        Ask("sibling's village", "/desk/area/vc", desk(coordinator=403)),
        Ask("the province above", "/desk/area/52", desk(coordinator=403)),
        Ask("another code in the query", "/desk/area/21604?area=21601", desk(coordinator=403)),
        Ask("no area", "/desk/area/99999", desk(coordinator=404, other=404)),
    ],
    ("POST", "/api/v1/sync"): [Ask("own", "/api/v1/sync", _SYNC, body=_EMPTY)],
}

_ALL = dict.fromkeys(ROLES, 200)
_NONE = dict.fromkeys(ROLES, 404)

# Routes that need nobody signed in, each with a reason.
PUBLIC: dict[tuple[str, str], list[Ask]] = {
    # The field app is the same for everybody; what it shows comes through the sync endpoint.
    ("GET", "/"): [Ask("", "/", _ALL)],
    ("GET", "/sw.js"): [Ask("", "/sw.js", _ALL)],
    ("GET", "/manifest.webmanifest"): [Ask("", "/manifest.webmanifest", _ALL)],
    ("GET", "/field/catalogue-<locale>.json"): [
        Ask("", "/field/catalogue-vi.json", _ALL),
        Ask("no locale", "/field/catalogue-..%2fvi.json", _NONE),
    ],
    ("GET", "/static/v-<version>/<path:name>"): [Ask("no version", "/static/v-0/css/base.css", _NONE)],
    ("GET", "/static/vendor/<path:name>"): [
        Ask("", "/static/vendor/htmx/htmx.min.js", _ALL),
        Ask("outside", "/static/vendor/..%2f..%2fwsgi.py", _NONE),
    ],
    ("GET", "/static/<path:filename>"): [
        Ask("", "/static/css/base.css", _ALL),
        Ask("outside", "/static/..%2fwsgi.py", _NONE),
        Ask("outside, twice encoded", "/static/%252e%252e/wsgi.py", _NONE),
    ],
    # Load balancers ask these.
    ("GET", "/healthz"): [Ask("", "/healthz", _ALL)],
    ("GET", "/readyz"): [Ask("", "/readyz", _ALL)],
    # Signing in and out, and asking who one is.
    ("POST", "/api/v1/session"): [Ask("a wrong password", "/api/v1/session", dict.fromkeys(ROLES, 401),
                                      body={"sign_in": "ai đó", "password": "x"})],
    ("GET", "/api/v1/session"): [Ask("", "/api/v1/session", _ALL | {"signed out": 401, "token": 401})],
    ("DELETE", "/api/v1/session"): [Ask("", "/api/v1/session", dict.fromkeys(ROLES, 204))],
    ("GET", "/desk/sign-in"): [Ask("", "/desk/sign-in", dict.fromkeys(ROLES, 303) | {"signed out": 200, "token": 200})],
    ("POST", "/desk/sign-in"): [Ask("a wrong password", "/desk/sign-in", dict.fromkeys(ROLES, 401),
                                    form={"sign_in": "ai khác", "password": "x"})],
    ("POST", "/desk/sign-out"): [Ask("", "/desk/sign-out", dict.fromkeys(ROLES, 303))],
    ("POST", "/desk/locale"): [Ask("", "/desk/locale", dict.fromkeys(ROLES, 303), form={"locale": "en"})],
}  # fmt: skip

# Flask's own, which carries no mark of ours.
UNMARKED = {"static"}
