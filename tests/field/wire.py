"""An honest server of the sync protocol in a few lines, and the faults that its wire can have."""

import base64
import gzip
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from playwright.sync_api import Route

Json = dict[str, Any]
VILLAGE = "0197b0c2-0000-7000-8000-000000000001"
TEAM = "0197b0c2-0000-7000-8000-0000000000aa"
EPOCH = "b3f10000-0000-7000-8000-000000000000"
AHEAD = ["sent", "seen", "accepted", "declined", "blocked", "done"]
PROTOCOL = {"Cdt-Protocol": "1", "Content-Type": "application/json"}


def account(number: int = 1, **more: Any) -> Json:
    """The session's JSON of a volunteer."""
    member = f"0197b0c2-0000-7000-8000-00000000010{number}"
    known = {"role": "volunteer", "village_ids": [VILLAGE], "locale": "vi", "team_id": TEAM, "synthetic": True}
    return {"member_id": member, "name": f"Thành viên {number}", **known, **more}


def relay_key() -> dict[str, str]:
    """A public key as signing in answers it."""
    numbers = ec.generate_private_key(ec.SECP256R1()).public_key().public_numbers()
    parts = {"x": numbers.x, "y": numbers.y}
    text = {k: base64.urlsafe_b64encode(n.to_bytes(32, "big")).rstrip(b"=").decode() for k, n in parts.items()}
    return {"kty": "EC", "crv": "P-256", **text}


@dataclass
class Wire:
    """An honest server in a few lines: a ledger, one village's log, pages. `faults` are asked first, oldest first;
    `asked` is how often somebody signed in, or asked who is."""

    signed_in: Json | None = field(default_factory=account)
    ledger: dict[str, Json] = field(default_factory=dict)
    log: list[Json] = field(default_factory=list)
    requests: list[Json] = field(default_factory=list)
    asked: int = 0
    faults: list[Callable[[Route, Json], bool]] = field(default_factory=list)
    refuse: Callable[[Json], Json | None] = lambda _mutation: None
    epoch: str = EPOCH
    page: int = 2000
    effects: list[str] = field(default_factory=list)
    relayed: list[str] = field(default_factory=list)
    pushes: list[tuple[str, str, Json]] = field(default_factory=list)
    push_key: str = ""
    version: int = 0

    def handle(self, route: Route) -> None:
        """Answers a request of the page."""
        request = route.request
        if request.url.endswith("/api/v1/session"):
            return self._session(route)
        if "/api/v1/push/" in request.url:
            return self._push(route)
        raw = request.post_data_buffer or b"{}"
        body = json.loads(gzip.decompress(raw) if request.headers.get("content-encoding") == "gzip" else raw)
        if request.url.endswith("/api/v1/relay"):
            return self._relay(route, body)
        self.requests.append(body)
        if self.faults and self.faults[0](route, body):
            return None
        if self.signed_in is None:
            return route.fulfill(status=401, headers=PROTOCOL, body='{"code": "signed_out"}')
        return route.fulfill(status=200, headers=PROTOCOL, body=json.dumps(self.answer(body)))

    def _session(self, route: Route) -> None:
        if route.request.method == "DELETE":
            self.signed_in = None
            return route.fulfill(status=204, headers=PROTOCOL)
        self.asked += 1
        if self.signed_in is None:
            return route.fulfill(status=401, headers=PROTOCOL, body='{"code": "signed_out"}')
        return route.fulfill(status=200, headers=PROTOCOL, body=json.dumps(self.signed_in))

    def _push(self, route: Route) -> None:
        request = route.request
        if request.url.endswith("/key"):
            return route.fulfill(status=200, headers=PROTOCOL, body=json.dumps({"key": self.push_key or None}))
        self.pushes.append((request.method, request.url.rsplit("/", 1)[1], request.post_data_json))
        return route.fulfill(status=204, headers=PROTOCOL)

    def _relay(self, route: Route, body: Json) -> None:
        if self.signed_in is None:
            return route.fulfill(status=401, headers=PROTOCOL, body='{"code": "signed_out"}')
        self.relayed += body["entries"]
        received = {"protocol": 1, "received": len(body["entries"])}
        return route.fulfill(status=200, headers=PROTOCOL, body=json.dumps(received))

    def answer(self, body: Json) -> Json:
        """Judges a request's mutations and reads the page after its cursor."""
        results = [self._judge(mutation) for mutation in body["mutations"]]
        after = int(body["cursor"] or 0)
        common = {"protocol": 1, "server_time": now(), "epoch": self.epoch, "results": results}
        if body["epoch"] not in (None, self.epoch):
            return {**common, "changes": [], "cursor": None, "more": True}
        rest = [change for change in self.log if change["version"] > after]
        size = min(self.page, body.get("page", 2000))
        changes = rest[:size]
        cursor = str(changes[-1]["version"] if changes else after)
        return {**common, "changes": changes, "cursor": cursor, "more": len(rest) > size}

    def _judge(self, mutation: Json) -> Json:
        identifier = mutation["id"]
        if identifier in self.ledger:
            return {"id": identifier, "status": "duplicate", "first": self.ledger[identifier]}
        if why := self.refuse(mutation):
            return {"id": identifier, "status": "refused", "field": None, "message": "…", **why}
        self.ledger[identifier] = {"id": identifier, "status": "applied"}
        self.effects.append(identifier)
        self._apply(mutation)
        return self.ledger[identifier]

    def _apply(self, mutation: Json) -> None:
        kind, verb = mutation["type"].split(".")
        args = mutation["args"]
        if verb in ("create", "record"):
            self.put(kind, {"author_id": mutation["member_id"], "team_id": TEAM, "counted": True, **args})
        elif verb in ("update", "amend"):
            self.put(
                kind,
                {**self.row(args["id"]), **{key: args[key] for key in args if key not in ("reason", "base_version")}},
            )
        elif verb == "progress":
            old = self.row(args["id"])
            if AHEAD.index(args["state"]) > AHEAD.index(old["state"]):
                self.put(kind, {**old, "reason": None, "note": None, **_said(args)})
        elif verb == "withdraw":
            self.put(kind, {"id": args["id"], "village_id": VILLAGE}, gone="withdrawn")
        elif kind == "notification":
            self._note(verb, mutation)

    def _note(self, verb: str, mutation: Json) -> None:
        args = mutation["args"]
        if verb == "prefer":
            return self.put("preference", {**args, "id": mutation["member_id"], "village_id": None})
        for one in {change["id"] for change in self.log if "data" in change} & set(args.get("ids", ())):
            self.put("notification", {"read_at": now(), **_without_nulls(self.row(one)), "id": one})
        return None

    def row(self, identifier: str) -> Json:
        """A row as it stands."""
        found: Json = next(change["data"] for change in reversed(self.log) if change["id"] == identifier)
        return found

    def put(self, kind: str, data: Json, **gone: Any) -> None:
        """A change of a row, at the end of the log."""
        self.log = [change for change in self.log if change["id"] != data["id"]]
        version = self.version = self.version + 1
        received = {"received_at": now()} if kind == "visit" else {}
        common = {"kind": kind, "village_id": data.get("village_id", VILLAGE), "id": data["id"], "version": version}
        self.log.append({**common, **(gone or {"data": {**data, **received}})})

    @property
    def sent(self) -> list[str]:
        """The ids of all mutations that arrived, in order, repetitions included."""
        return [mutation["id"] for request in self.requests for mutation in request["mutations"]]


def _without_nulls(data: Json) -> Json:
    return {name: value for name, value in data.items() if value is not None} | {"village_id": None}


def _said(args: Json) -> Json:
    is_reason = args["state"] in ("declined", "blocked")
    return {"state": args["state"], ("reason" if is_reason else "note"): args.get("note")}


def now() -> str:
    """The server's clock."""
    return time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime())


def times(count: int, fault: Callable[[Route, Json], None], wire: Wire) -> None:
    """Meets the next `count` requests with a fault."""
    left = [count]

    def meet(route: Route, body: Json) -> bool:
        left[0] -= 1
        if left[0] <= 0:
            wire.faults.remove(meet)
        fault(route, body)
        return True

    wire.faults.append(meet)


def status(code: int, body: str = '{"code": "server_fault"}', **headers: str) -> Callable[[Route, Json], None]:
    """A fault: an answer of the server with this status."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda route, _body: route.fulfill(status=code, headers={**PROTOCOL, **named}, body=body)


def trickling(route: Route, _body: Json) -> None:
    """A fault: the headers come at once, the body a byte at a time, for ever."""
    route.continue_(url=f"{route.request.url.split('/api/')[0]}/trickle")


def reply_lost(wire: Wire) -> Callable[[Route, Json], None]:
    """A fault: the server takes the batch and the answer never arrives."""

    def lose(route: Route, body: Json) -> None:
        wire.answer(body)
        route.abort()

    return lose
