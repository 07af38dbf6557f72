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

_EVERYBODY = {"signed out": 401, "token": 401}
_NO_ENTRIES = {"protocol": 1, "device_id": "0197b0c2-0000-7000-8000-000000000001", "entries": []}

_NOBODYS = "/desk/reports/%s0197b0c2-0000-7000-8000-000000000002%s"
# Whoever may come in is told that the form is not whole, since each form takes effect once and for one account.
_WRITER = {"signed out": SIGN_IN, "token": SIGN_IN, "coordinator": 400, "province": 400}

# The pages of reports. A template or a closed report that nobody has made is nobody's.
REPORTS: dict[tuple[str, str], list[Ask]] = {
    ("GET", "/desk/reports"): [
        Ask("own", "/desk/reports?period=2026-10", desk()),
        Ask("own commune", "/desk/reports?period=2026-Q3&area=21601", desk()),
        Ask("own village", "/desk/reports?area=va", desk(coordinator=422, other=422)),
        Ask("sibling commune", "/desk/reports?area=21604", desk(coordinator=403)),
        Ask("the province above", "/desk/reports?area=52", desk(coordinator=403)),
        Ask("no area", "/desk/reports?area=99999", desk(coordinator=404, other=404)),
    ],
    ("POST", "/desk/reports/draft"): [
        Ask(
            "own",
            "/desk/reports/draft",
            _WRITER | {"coordinator": 303, "province": 303},
            form={"area": "21601", "version": "0"},
        ),
        Ask("sibling commune", "/desk/reports/draft", _WRITER | {"coordinator": 403}, form={"area": "21604"}),
    ],
    ("POST", "/desk/reports/close"): [
        Ask("own", "/desk/reports/close", _WRITER, form={"area": "21601"}),
        Ask("sibling commune", "/desk/reports/close", _WRITER | {"coordinator": 403}, form={"area": "21604"}),
    ],
    ("GET", "/desk/reports/file"): [
        Ask("own, in no template", "/desk/reports/file?template=none", desk(coordinator=422, other=422)),
        Ask("sibling commune", "/desk/reports/file?area=21604&template=none", desk(coordinator=403, other=422)),
    ],
    ("POST", "/desk/reports/file"): [
        Ask("own, in no template", "/desk/reports/file", desk(coordinator=422, other=422), form={"template": "none"}),
        Ask(
            "sibling commune",
            "/desk/reports/file",
            desk(coordinator=403, other=422),
            form={"area": "21604", "template": "none"},
        ),
    ],
    ("GET", "/desk/reports/editions/<uuid:edition_id>"): [
        Ask("nobody's", _NOBODYS % ("editions/", ""), desk(coordinator=404, other=404)),
    ],
    ("GET", "/desk/reports/editions/<uuid:edition_id>/file"): [
        Ask("nobody's", _NOBODYS % ("editions/", "/file"), desk(coordinator=404, other=404)),
    ],
    ("POST", "/desk/reports/editions/<uuid:edition_id>/file"): [
        Ask("nobody's", _NOBODYS % ("editions/", "/file"), desk(coordinator=404, other=404)),
    ],
    ("GET", "/desk/reports/templates"): [Ask("own", "/desk/reports/templates", desk())],
    ("POST", "/desk/reports/templates"): [Ask("own", "/desk/reports/templates", _WRITER)],
    ("POST", "/desk/reports/templates/<uuid:template_id>/retire"): [
        Ask("nobody's", _NOBODYS % ("templates/", "/retire"), _WRITER),
    ],
    ("GET", "/desk/reports/templates/<uuid:template_id>/file"): [
        Ask("nobody's", _NOBODYS % ("templates/", "/file"), desk(coordinator=404, other=404)),
    ],
    ("GET", "/desk/reports/templates/shipped.<kind>"): [
        Ask("everybody's", "/desk/reports/templates/shipped.docx", desk()),
        Ask("no kind", "/desk/reports/templates/shipped.exe", desk(coordinator=404, other=404)),
    ],
    ("GET", "/desk/reports/placeholders"): [Ask("everybody's", "/desk/reports/placeholders", desk())],
}

_NOWHERE = "00000000-0000-7000-8000-000000000000"


def _both(path: str, own: str, sibling: str, *, shown: int = 200, sent: int = 422) -> dict[tuple[str, str], list[Ask]]:
    """A form of the desk: shown, and sent with nothing in it."""
    found = {}
    for method, status in (("GET", shown), ("POST", sent)):
        found[method, path] = [
            Ask("own", own, desk(coordinator=status, other=status)),
            Ask("sibling's", sibling, desk(coordinator=403, other=status)),
        ]
    return found


def _lists(path: str) -> list[Ask]:
    return [
        Ask("own, unnamed", path, desk()),
        Ask("own commune", f"{path}?commune=21601", desk()),
        Ask("sibling commune", f"{path}?commune=21604", desk(coordinator=403)),
        Ask("no commune", f"{path}?commune=99999", desk(coordinator=403, other=404)),
    ]


def _one(path: str, *, own: int = 200) -> list[Ask]:
    """A page of a team or a person, or what it sends, by the id of one of each commune."""
    key = "team" if "{team" in path else "person"
    return [
        Ask("own", path.format(**{key: f"{{{key}_near}}"}), desk(coordinator=own, other=own)),
        Ask("sibling's", path.format(**{key: f"{{{key}_far}}"}), desk(coordinator=403, other=own)),
        Ask("nobody's", path.format(**{key: _NOWHERE}), desk(coordinator=404, other=404)),
    ]


_TEAM, _PERSON = "/desk/teams/<uuid:team_id>", "/desk/people/<uuid:member_id>"
_TERMS = "/desk/memberships"
_TERM = f"{_TERMS}/<uuid:membership_id>"

# Teams and people; names in braces stand for ids of the small province (tests/access/test_routes.py).
PEOPLE: dict[tuple[str, str], list[Ask]] = {
    ("GET", "/desk/teams"): _lists("/desk/teams"),
    ("GET", "/desk/people"): _lists("/desk/people"),
    ("GET", "/desk/households"): _lists("/desk/households"),
    **_both("/desk/teams/new", "/desk/teams/new?commune=21601", "/desk/teams/new?commune=21604"),
    ("GET", _TEAM): _one("/desk/teams/{team}"),
    ("GET", _PERSON): _one("/desk/people/{person}"),
    **_both(f"{_TEAM}/edit", "/desk/teams/{team_near}/edit", "/desk/teams/{team_far}/edit"),
    **_both(f"{_TEAM}/end", "/desk/teams/{team_near}/end", "/desk/teams/{team_far}/end", sent=400),
    **_both(f"{_TEAM}/villages/new", "/desk/teams/{team_near}/villages/new", "/desk/teams/{team_far}/villages/new"),
    **_both(
        f"{_TEAM}/villages/<uuid:term_id>/end", "/desk/teams/{team_near}/villages/{service_near}/end",
        "/desk/teams/{team_far}/villages/{service_far}/end", shown=404, sent=404,  # a team does not leave its home
    ),
    **_both(f"{_TEAM}/members/new", "/desk/teams/{team_near}/members/new", "/desk/teams/{team_far}/members/new"),
    **_both(f"{_TEAM}/members/known", "/desk/teams/{team_near}/members/known", "/desk/teams/{team_far}/members/known"),
    **_both(f"{_PERSON}/edit", "/desk/people/{person_near}/edit", "/desk/people/{person_far}/edit"),
    **{
        key: asks
        for action, sent in (("position", 422), ("details", 400), ("end", 400), ("move", 422), ("replace", 422))
        for key, asks in _both(
            f"{_TERM}/{action}", f"{_TERMS}/{{term_near}}/{action}", f"{_TERMS}/{{term_far}}/{action}", sent=sent
        ).items()
    },
    ("POST", f"{_PERSON}/invitation"): _one("/desk/people/{person}/invitation", own=400),
    ("GET", f"{_PERSON}/devices"): _one("/desk/people/{person}/devices"),
    ("POST", f"{_PERSON}/devices/sign-out"): _one("/desk/people/{person}/devices/sign-out", own=400),
    ("GET", "/desk/invitations"): [
        Ask("own commune", "/desk/invitations?commune=21601", desk()),
        Ask("sibling commune", "/desk/invitations?commune=21604", desk(coordinator=403)),
        *_one("/desk/invitations?team={team}"),
    ],
    ("POST", "/desk/invitations"): [
        Ask("own commune", "/desk/invitations?commune=21601", desk(coordinator=400, other=400)),
        Ask("sibling commune", "/desk/invitations?commune=21604", desk(coordinator=403, other=400)),
        *_one("/desk/invitations?team={team}", own=400),
    ],
}  # fmt: skip

_HOME = "/desk/households/<uuid:household_id>"
HOMES = {
    f"home_{where}": f"0197b0c2-0000-7000-8000-00000000000{at}" for at, where in enumerate(("near", "next", "far"), 3)
}
"""Households of villages a, b and c, which the small province is given for this table."""


def _home(path: str, *, own: int = 200) -> list[Ask]:
    """A page of a household, or what it sends, by the id of one of each commune."""
    officer = {"coordinator": own, "province": own, "signed out": SIGN_IN, "token": SIGN_IN}
    nobodys = officer | {"coordinator": 404, "province": 404}
    return [
        Ask("own", path.format(home="{home_near}"), officer),
        Ask("sibling's", path.format(home="{home_far}"), officer | {"coordinator": 403}),
        Ask("nobody's", path.format(home=_NOWHERE), nobodys),
    ]


# Households by name: officers of the commune and the province, and no administrator.
_OFFICER = {"signed out": SIGN_IN, "token": SIGN_IN, "coordinator": 200, "province": 200}
HOUSEHOLDS: dict[tuple[str, str], list[Ask]] = {
    ("POST", "/desk/households/find"): [
        Ask("own", "/desk/households/find", _OFFICER | {"province": 404}, form={"words": "an"}),
        Ask("own commune", "/desk/households/find?commune=21601", _OFFICER, form={"words": "an"}),
        Ask("sibling commune", "/desk/households/find?commune=21604", _OFFICER | {"coordinator": 403}),
    ],
    ("GET", "/desk/households/list"): [
        Ask("own village", "/desk/households/list?village=va", _OFFICER),
        Ask("sibling's village", "/desk/households/list?village=vc", _OFFICER | {"coordinator": 403}),
        Ask("no village", "/desk/households/list?village=21601", _OFFICER | {"coordinator": 404, "province": 404}),
    ],
    ("GET", "/desk/households/doubles"): [
        Ask("own", "/desk/households/doubles", _OFFICER | {"province": 404}),
        Ask("own commune", "/desk/households/doubles?commune=21601", _OFFICER),
        Ask("sibling commune", "/desk/households/doubles?commune=21604", _OFFICER | {"coordinator": 403}),
    ],
    ("POST", f"{_HOME}/apart/<uuid:other_id>"): [
        Ask("own", "/desk/households/{home_near}/apart/{home_next}", _WRITER),
        Ask("sibling's", "/desk/households/{home_near}/apart/{home_far}", _WRITER | {"coordinator": 403}),
    ],
    ("POST", "/desk/households/move"): [
        Ask("own", "/desk/households/move", _OFFICER, form={"village": "va"}),
        Ask("sibling's village", "/desk/households/move", _OFFICER | {"coordinator": 403}, form={"village": "vc"}),
        Ask("sibling's household", "/desk/households/move", _OFFICER | {"coordinator": 403},
            form={"village": "va", "household": HOMES["home_far"]}),
    ],
    ("GET", _HOME): _home("/desk/households/{home}"),
    ("GET", f"{_HOME}/erase"): _home("/desk/households/{home}/erase"),
    **{
        (method, f"{_HOME}/{action}"): _home(f"/desk/households/{{home}}/{action}", own=status)
        for action, sent in (
            ("merge", 200), ("move", 422), ("correct", 422), ("withdraw", 422), ("restore", 400), ("part", 400),
            ("erase/sure", 422),
        )
        for method, status in (("GET", 200), ("POST", sent))
    },
    **{
        (method, f"{_HOME}/merge/<uuid:other_id>"): [
            Ask("own", "/desk/households/{home_near}/merge/{home_next}",
                _OFFICER | dict.fromkeys(("coordinator", "province"), status)),
            Ask("sibling's", "/desk/households/{home_near}/merge/{home_far}",
                _OFFICER | {"coordinator": 403, "province": status}),
        ]
        for method, status in (("GET", 200), ("POST", 422))
    },
}  # fmt: skip

# Long work: a job that one did not ask for is nobody's.
JOBS: dict[tuple[str, str], list[Ask]] = {
    ("GET", f"/desk/jobs/<uuid:job_id>{rest}"): [
        Ask("nobody's", f"/desk/jobs/{_NOWHERE}{rest}", desk(coordinator=404, other=404))
    ]
    for rest in ("", "/file")
}

# What residents are told; cards to print.
RESIDENTS: dict[tuple[str, str], list[Ask]] = {
    ("GET", "/desk/residents"): _lists("/desk/residents"),
    **_both(
        "/desk/residents/phone", "/desk/residents/phone?commune=21601", "/desk/residents/phone?commune=21604", sent=400
    ),
    **_both(
        "/desk/residents/names/<uuid:team_id>", "/desk/residents/names/{team_near}", "/desk/residents/names/{team_far}",
        sent=400,
    ),
    ("GET", "/desk/residents/cards"): [
        Ask("own commune", "/desk/residents/cards?commune=21601", desk()),
        Ask("own village", "/desk/residents/cards?village=va", desk()),
        Ask("sibling commune", "/desk/residents/cards?commune=21604", desk(coordinator=403)),
        Ask("sibling's village", "/desk/residents/cards?village=vc", desk(coordinator=403)),
        Ask("no village", "/desk/residents/cards?village=21601", desk(coordinator=404, other=404)),
    ],
}  # fmt: skip

# What a commune's officer keeps on paper, and nobody else.
_PAPER = desk(other=403)
_OWN_ENTRY, _FAR_ENTRY = "/desk/entry/{team_near}", "/desk/entry/{team_far}"
PAPER: dict[tuple[str, str], list[Ask]] = {
    ("GET", "/desk/attendance"): [
        Ask("own, unnamed", "/desk/attendance", _PAPER),
        Ask("own, a report month", "/desk/attendance?month=2026-02&calendar=report&commune=21601", _PAPER),
        Ask("sibling commune", "/desk/attendance?commune=21604", desk(coordinator=403, other=403)),
        Ask("no month", "/desk/attendance?month=2026-Q4", desk(coordinator=422, other=403)),
    ],
    ("GET", "/desk/attendance/file"): [
        Ask("own", "/desk/attendance/file", _PAPER),
        Ask("sibling commune", "/desk/attendance/file?commune=21604", desk(coordinator=403, other=403)),
    ],
    ("GET", "/desk/attendance/rates"): [Ask("own", "/desk/attendance/rates", _PAPER)],
    ("POST", "/desk/attendance/rates"): [
        Ask("own", "/desk/attendance/rates", desk(coordinator=400, other=403)),
        Ask("sibling commune", "/desk/attendance/rates?commune=21604", desk(coordinator=403, other=403)),
    ],
    ("GET", "/desk/attendance/<uuid:team_id>/forgotten"): [
        Ask("own", "/desk/attendance/{team_near}/forgotten", _PAPER),
        Ask("sibling's", "/desk/attendance/{team_far}/forgotten", desk(coordinator=403, other=403)),
    ],
    ("POST", "/desk/attendance/<uuid:team_id>/forgotten"): [
        Ask("own", "/desk/attendance/{team_near}/forgotten", desk(coordinator=400, other=403)),
        Ask("sibling's", "/desk/attendance/{team_far}/forgotten", desk(coordinator=403, other=403)),
    ],
    ("GET", "/desk/paper"): [
        Ask("own", "/desk/paper", _PAPER),
        Ask("own team", "/desk/paper?team={team_near}&names=yes", _PAPER),
        Ask("sibling's team", "/desk/paper?team={team_far}&names=yes", desk(coordinator=403, other=403)),
    ],
    ("GET", "/desk/certificates"): [
        Ask("own, unnamed", "/desk/certificates", _PAPER),
        Ask("own team", "/desk/certificates?whom=team:{team_near}", _PAPER),
        Ask("sibling commune", "/desk/certificates?commune=21604", desk(coordinator=403, other=403)),
        Ask("no period", "/desk/certificates?for=2026-W48", desk(coordinator=422, other=403)),
    ],
    ("GET", "/desk/entry"): [Ask("own", "/desk/entry", _PAPER)],
    ("GET", "/desk/entry/<uuid:team_id>"): [
        Ask("own", _OWN_ENTRY, _PAPER),
        Ask("sibling's", _FAR_ENTRY, desk(coordinator=403, other=403)),
        Ask("nobody's", f"/desk/entry/{_NOWHERE}", desk(coordinator=404, other=403)),
    ],
    ("POST", "/desk/entry/<uuid:team_id>"): [
        Ask("own", _OWN_ENTRY, desk(coordinator=400, other=403)),
        Ask("sibling's", _FAR_ENTRY, desk(coordinator=403, other=403)),
    ],
    ("POST", "/desk/entry/<uuid:team_id>/likely"): [
        Ask("own", f"{_OWN_ENTRY}/likely", _PAPER),
        Ask("sibling's", f"{_FAR_ENTRY}/likely", desk(coordinator=403, other=403)),
    ],
    ("GET", "/desk/entry/<uuid:team_id>/nothing"): [
        Ask("own", f"{_OWN_ENTRY}/nothing", _PAPER),
        Ask("sibling's", f"{_FAR_ENTRY}/nothing", desk(coordinator=403, other=403)),
    ],
    ("POST", "/desk/entry/<uuid:team_id>/nothing"): [
        Ask("own", f"{_OWN_ENTRY}/nothing", desk(coordinator=422, other=403)),
        Ask("sibling's", f"{_FAR_ENTRY}/nothing", desk(coordinator=403, other=403)),
    ],
    **{
        (method, f"/desk/entry/visits/<uuid:visit_id>/{action}"): [
            Ask("nobody's", f"/desk/entry/visits/{_NOWHERE}/{action}", desk(coordinator=404, other=403)),
        ]
        for method in ("GET", "POST")
        for action in ("amend", "withdraw")
    },
}

# Lists that are imported; another commune's: tests/imports.
_UPLOAD = "/desk/imports/<uuid:upload_id>"
IMPORTS: dict[tuple[str, str], list[Ask]] = {
    ("GET", "/desk/imports"): [Ask("own", "/desk/imports", desk())],
    ("POST", "/desk/imports"): [Ask("nothing sent", "/desk/imports", desk(coordinator=400, other=400))],
    ("GET", _UPLOAD): [Ask("nobody's", f"/desk/imports/{_NOWHERE}", desk(coordinator=404, other=404))],
    **{
        ("POST", f"{_UPLOAD}/{action}"): [
            Ask("nobody's", f"/desk/imports/{_NOWHERE}/{action}", desk(coordinator=404, other=404),
                form={"form_id": _NOWHERE}),
        ]
        for action in ("sheet", "columns", "apply", "undo", "drop")
    },
    ("GET", "/desk/imports/example/<kind>.xlsx"): [
        Ask("people", "/desk/imports/example/people.xlsx", desk()),
        Ask("no list of ours", "/desk/imports/example/cows.xlsx", desk(coordinator=404, other=404)),
    ],
}  # fmt: skip

# Changes of the map, which are the province's.
_CHANGES = "/desk/reorganisations"
_DRAFT = f"{_CHANGES}/drafts/<uuid:draft_id>"
REORGANISATIONS: dict[tuple[str, str], list[Ask]] = {
    ("GET", _CHANGES): [Ask("the province's", _CHANGES, desk(coordinator=403))],
    ("POST", _CHANGES): [Ask("nothing sent", _CHANGES, desk(coordinator=403, other=400))],
    ("GET", _DRAFT): [Ask("nobody's", f"{_CHANGES}/drafts/{_NOWHERE}", desk(coordinator=403, other=404))],
    **{
        ("POST", f"{_DRAFT}/{action}"): [
            Ask("nobody's", f"{_CHANGES}/drafts/{_NOWHERE}/{action}", desk(coordinator=403, other=404),
                form={"form_id": _NOWHERE}),
        ]
        for action in ("decide", "apply", "drop")
    },
    ("GET", f"{_CHANGES}/<uuid:record_id>"): [
        Ask("nobody's", f"{_CHANGES}/{_NOWHERE}", desk(coordinator=403, other=404)),
    ],
    ("POST", f"{_CHANGES}/<uuid:record_id>/undo"): [
        Ask("nobody's", f"{_CHANGES}/{_NOWHERE}/undo", desk(coordinator=403, other=404),
            form={"form_id": _NOWHERE, "sure": "yes"}),
    ],
    ("GET", f"{_CHANGES}/list/<kind>.xlsx"): [
        Ask("communes", f"{_CHANGES}/list/communes.xlsx", desk(coordinator=403)),
        Ask("no list of ours", f"{_CHANGES}/list/cows.xlsx", desk(coordinator=403, other=404)),
    ],
}  # fmt: skip

# Campaigns and tasks; another commune's: tests/assigning. An administrator gives nobody anything to do.
_CAMPAIGN, _TASK = "/desk/tasks/campaigns/<uuid:campaign_id>", "/desk/tasks/<uuid:task_id>"
_TASKS = desk() | {"admin": 403}
_NO_TASK = desk(coordinator=404, other=404) | {"admin": 403}
TASKS: dict[tuple[str, str], list[Ask]] = {
    ("GET", "/desk/tasks"): [
        Ask("own, unnamed", "/desk/tasks", _TASKS),
        Ask("own commune", "/desk/tasks?commune=21601&show=overdue", _TASKS),
        Ask("sibling commune", "/desk/tasks?commune=21604", _TASKS | {"coordinator": 403}),
    ],
    ("GET", "/desk/tasks/new"): [
        Ask("own", "/desk/tasks/new", _TASKS),
        Ask("sibling commune", "/desk/tasks/new?commune=21604", _TASKS | {"coordinator": 403}),
    ],
    **{
        (method, "/desk/tasks/campaigns/new"): [
            Ask("own", "/desk/tasks/campaigns/new", _TASKS | {"coordinator": status, "province": status}),
            Ask("sibling commune", "/desk/tasks/campaigns/new?commune=21604",
                _TASKS | {"coordinator": 403, "province": status}),
        ]
        for method, status in (("GET", 200), ("POST", 422))
    },
    **{
        (method, "/desk/tasks/new/<uuid:team_id>/<uuid:village_id>"): [
            Ask("nowhere", f"/desk/tasks/new/{{team_near}}/{_NOWHERE}", _NO_TASK | {"coordinator": 403}),
        ]
        for method in ("GET", "POST")
    },
    ("GET", _CAMPAIGN): [Ask("nobody's", f"/desk/tasks/campaigns/{_NOWHERE}", _NO_TASK)],
    ("GET", _TASK): [Ask("nobody's", f"/desk/tasks/{_NOWHERE}", _NO_TASK)],
    **{
        (method, f"{rule}/{action}"): [Ask("nobody's", f"{path}/{_NOWHERE}/{action}", _NO_TASK)]
        for method in ("GET", "POST")
        for rule, path, actions in (
            (_CAMPAIGN, "/desk/tasks/campaigns", ("extend", "close")),
            (_TASK, "/desk/tasks", ("extend", "withdraw", "reopen", "reassign")),
        )
        for action in actions
    },
}  # fmt: skip

# What teams ask; another commune's: tests/answering. An administrator has no answers.
_REQUEST = "/desk/requests/<uuid:request_id>"
REQUESTS: dict[tuple[str, str], list[Ask]] = {
    ("GET", "/desk/requests"): [
        Ask("own, unnamed", "/desk/requests", _TASKS),
        Ask("own commune", "/desk/requests?commune=21601&show=done", _TASKS),
        Ask("sibling commune", "/desk/requests?commune=21604", _TASKS | {"coordinator": 403}),
        Ask("no list", "/desk/requests?show=all", _NO_TASK),
    ],
    **{
        (method, f"{_REQUEST}{action}"): [Ask("nobody's", f"/desk/requests/{_NOWHERE}{action}", _NO_TASK)]
        for method in ("GET", "POST")
        for action in ("", "/pass-on", "/close")
    },
}  # fmt: skip

# What officers are told, each by their own inbox, and what they write to teams. An administrator writes to nobody.
_NOTICE, _ONES = "/desk/notices/sent/<uuid:notice_id>", f"/desk/notices/sent/{_NOWHERE}"
NOTICES: dict[tuple[str, str], list[Ask]] = {
    ("GET", "/desk/notices"): [Ask("own", "/desk/notices", desk())],
    ("POST", "/desk/notices/read"): [Ask("own", "/desk/notices/read", desk(coordinator=303, other=303))],
    ("POST", "/desk/notices/<uuid:notification_id>/open"): [
        Ask("nobody's", f"/desk/notices/{_NOWHERE}/open", desk(coordinator=404, other=404)),
    ],
    ("GET", "/desk/notices/sent"): [
        Ask("own", "/desk/notices/sent", _TASKS),
        Ask("sibling commune", "/desk/notices/sent?commune=21604", _TASKS | {"coordinator": 403}),
    ],
    **{
        (method, "/desk/notices/new"): [
            Ask("own", "/desk/notices/new", _TASKS | {"coordinator": status, "province": status}),
            Ask("sibling commune", "/desk/notices/new?commune=21604",
                _TASKS | {"coordinator": 403, "province": status}),
        ]
        for method, status in (("GET", 200), ("POST", 422))
    },
    ("GET", _NOTICE): [Ask("nobody's", _ONES, _NO_TASK)],
    **{
        (method, f"{_NOTICE}/withdraw"): [Ask("nobody's", f"{_ONES}/withdraw", _NO_TASK)] for method in ("GET", "POST")
    },
}  # fmt: skip

# What deserves a look; another commune's: tests/reviewing. Only a commune's officer reviews.
_REVIEWER = dict.fromkeys(("signed out", "token"), SIGN_IN) | {"coordinator": 200}
_NO_VISIT = _REVIEWER | {"coordinator": 404}
_VISIT = "/desk/review/visits/<uuid:visit_id>"
REVIEWS: dict[tuple[str, str], list[Ask]] = {
    ("GET", "/desk/review"): [
        Ask("own", "/desk/review?show=done", _REVIEWER),
        Ask("sibling commune", "/desk/review?commune=21604", _REVIEWER | {"coordinator": 403}),
        Ask("no list", "/desk/review?show=all", _NO_VISIT),
    ],
    **{
        (method, "/desk/review/looks/<sign>/<key>"): [
            Ask("gone", f"/desk/review/looks/time/{_NOWHERE}", _REVIEWER | {"coordinator": status}),
            Ask("no sign", f"/desk/review/looks/guilt/{_NOWHERE}", _NO_VISIT),
        ]
        for method, status in (("GET", 200), ("POST", 400))
    },
    ("GET", _VISIT): [Ask("nobody's", f"/desk/review/visits/{_NOWHERE}", _NO_VISIT)],
    **{
        (method, f"{_VISIT}/{action}"): [Ask("nobody's", f"/desk/review/visits/{_NOWHERE}/{action}", _NO_VISIT)]
        for method in ("GET", "POST")
        for action in ("amend", "withdraw", "restore")
    },
}

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
    **REPORTS,
    ("POST", "/api/v1/sync"): [Ask("own", "/api/v1/sync", _SYNC, body=_EMPTY)],
    **PEOPLE,
    **HOUSEHOLDS,
    **IMPORTS,
    **JOBS,
    **RESIDENTS,
    **PAPER,
    **REORGANISATIONS,
    **TASKS,
    **REQUESTS,
    # Whoever has an account may have a browser rung; here none is set up.
    ("GET", "/api/v1/push/key"): [Ask("none", "/api/v1/push/key", _EVERYBODY, 200)],
    ("POST", "/api/v1/push/subscriptions"): [
        Ask(
            "nowhere",
            "/api/v1/push/subscriptions",
            _EVERYBODY,
            422,
            body={"endpoint": "https://127.0.0.1/x", "keys": {"p256dh": "x", "auth": "x"}},
        ),
    ],
    ("DELETE", "/api/v1/push/subscriptions"): [
        Ask("nobody's", "/api/v1/push/subscriptions", _EVERYBODY, 204, body={"endpoint": "https://127.0.0.1/x"}),
    ],
    **NOTICES,
    ("POST", "/api/v1/push/receipts"): [
        Ask("nobody's", "/api/v1/push/receipts", _EVERYBODY, 404, body={"receipt": _NOWHERE, "state": "shown"}),
    ],
    **REVIEWS,
    ("POST", "/api/v1/relay"): [Ask("nobody's", "/api/v1/relay", _SYNC, body=_NO_ENTRIES)],
}

_ALL = dict.fromkeys(ROLES, 200)
_NONE = dict.fromkeys(ROLES, 404)

# Routes that need nobody signed in, each with a reason.
PUBLIC: dict[tuple[str, str], list[Ask]] = {
    # The field app is the same for everybody; what it shows comes through the sync endpoint.
    ("GET", "/"): [Ask("", "/", _ALL)],
    ("GET", "/sw.js"): [Ask("", "/sw.js", _ALL)],
    ("GET", "/manifest.webmanifest"): [Ask("", "/manifest.webmanifest", _ALL)],
    ("GET", "/field/catalogue-<part>.json"): [
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
    # Residents come with a QR code and have no account; it shows names of who serves them, and no number of theirs.
    ("GET", "/to/<code>"): [Ask("a village", "/to/va", _ALL), Ask("no village", "/to/none", _NONE)],
    # Load balancers ask these.
    ("GET", "/healthz"): [Ask("", "/healthz", _ALL)],
    ("GET", "/readyz"): [Ask("", "/readyz", _ALL)],
    # Who may read it depends on the machine that asks, or on a token of its own: tests/web/test_metrics.py.
    ("GET", "/metrics"): [Ask("from this machine", "/metrics", _ALL)],
    # Signing in and out, and asking who one is.
    ("POST", "/api/v1/session"): [Ask("a wrong password", "/api/v1/session", dict.fromkeys(ROLES, 401),
                                      body={"sign_in": "ai đó", "password": "x"})],
    ("GET", "/api/v1/session"): [Ask("", "/api/v1/session", _ALL | {"signed out": 401, "token": 401})],
    ("DELETE", "/api/v1/session"): [Ask("", "/api/v1/session", dict.fromkeys(ROLES, 204))],
    # Who comes in by an invitation has no account yet; the secret is the permission.
    ("GET", "/tham-gia"): [Ask("", "/tham-gia", _ALL)],
    ("POST", "/api/v1/invitation"): [Ask("none", "/api/v1/invitation", _NONE, body={"secret": "không có"})],
    ("POST", "/api/v1/invitation/redeem"): [Ask("none", "/api/v1/invitation/redeem", _NONE,
                                                body={"secret": "không có"})],
    ("GET", "/desk/sign-in"): [Ask("", "/desk/sign-in", dict.fromkeys(ROLES, 303) | {"signed out": 200, "token": 200})],
    ("POST", "/desk/sign-in"): [Ask("a wrong password", "/desk/sign-in", dict.fromkeys(ROLES, 401),
                                    form={"sign_in": "ai khác", "password": "x"})],
    ("POST", "/desk/sign-out"): [Ask("", "/desk/sign-out", dict.fromkeys(ROLES, 303))],
    ("POST", "/desk/locale"): [Ask("", "/desk/locale", dict.fromkeys(ROLES, 303), form={"locale": "en"})],
}  # fmt: skip

# Flask's own, which carries no mark of ours.
UNMARKED = {"static"}
