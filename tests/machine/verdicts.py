"""What becomes of a mutation, by the sync protocol's page and not by the server's code."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from tests.machine.model import MOVABLE, VIETNAM, Asked, Day, Home, Model, Mutation, Support, holds


class Refused(Exception):
    """A mutation is refused with the code that is its text."""


@dataclass
class Batch:
    """One request as it arrives: who is signed in, on what device, and how its clock was as it left."""

    signed_in: str
    device: str
    sent_at: datetime
    arrival: datetime
    mutations: list[Mutation]
    refused_rows: set[str] = field(default_factory=set)

    def corrected(self, mutation: Mutation) -> tuple[datetime, datetime]:
        """When it was entered and when it happened, by the protocol's section on time."""
        at, after = datetime.fromisoformat(mutation["at"]), mutation.get("after")
        error = self.arrival - self.sent_at
        entered = at + error if abs(error) > timedelta(minutes=2) else at
        if after is not None:
            entered = min(max(entered, datetime.fromisoformat(after)), self.arrival)
        happened = mutation["args"].get("occurred_at")
        occurred = entered if happened is None else datetime.fromisoformat(happened) + (entered - at)
        if after is not None:
            occurred = min(occurred, self.arrival)
        for moment in (entered, occurred):
            if not timedelta(days=-400) <= moment - self.arrival <= timedelta(minutes=10):
                raise Refused("implausible_time")
        return entered, occurred


def judge(model: Model, batch: Batch) -> list[str]:
    """`applied`, `conflict`, `duplicate`, or the code of the refusal, for each mutation in its turn."""
    return [_verdict(model, batch, mutation) for mutation in batch.mutations]


def _verdict(model: Model, batch: Batch, mutation: Mutation) -> str:
    content = json.dumps({key: value for key, value in mutation.items() if key != "id"}, sort_keys=True)
    if mutation["id"] in model.ledger:
        return "duplicate" if model.ledger[mutation["id"]][0] == content else "id_reused"
    try:
        status = JUDGES[mutation["type"]](model, batch, mutation)
    except Refused as refusal:
        if mutation["type"] in ("household.create", "visit.record"):
            batch.refused_rows.add(mutation["args"]["id"])
        return str(refusal)
    model.ledger[mutation["id"]] = content, status
    return status


def _check(model: Model, batch: Batch, mutation: Mutation, village: str | None, at: datetime) -> None:
    """Whoever is signed in vouches for another author; where the village is not known yet, that is asked later."""
    author = mutation["member_id"]
    if village is None or author == batch.signed_in:
        return
    if not (model.team_of(author, village, at) and model.team_of(batch.signed_in, village, at)):
        raise Refused("wrong_author")


def _scope(model: Model, mutation: Mutation, village: str, at: datetime) -> str:
    team = model.team_of(mutation["member_id"], village, at)
    if team is None:
        raise Refused("out_of_scope")
    return team


def _record(model: Model, batch: Batch, mutation: Mutation) -> str:
    args = mutation["args"]
    if args["id"] in model.visits:
        raise Refused("id_reused")
    if args["services"][0]["code"] == "no_such":
        raise Refused("unknown_service")
    entered, occurred = batch.corrected(mutation)
    home_id = args["household_id"]
    home = model.homes.get(home_id)
    village = _village_of(model, home, mutation, occurred) if home else args["village_id"]
    _check(model, batch, mutation, village, entered if home_id and not home else occurred)
    if home_id and not home:
        raise Refused("depends_on_refused" if home_id in batch.refused_rows else "unknown_household")
    _scope(model, mutation, village, occurred)
    model.counters[village] += 1
    model.visits[args["id"]] = Support(village, mutation["member_id"], occurred, batch.arrival, args["participants"])
    return "applied"


def _village_of(model: Model, home: Home, mutation: Mutation, occurred: datetime) -> str:
    """Where the household belonged; as sent where the author cannot have known that it had left."""
    author, belonged, sent = mutation["member_id"], home.village_at(occurred), mutation["args"]["village_id"]
    ever = {home.village, *(village for village, _ in home.moves)}
    knew_only_this = model.team_of(author, sent, occurred) and not model.team_of(author, belonged, occurred)
    return sent if sent in ever and knew_only_this else belonged


def _visit(model: Model, batch: Batch, mutation: Mutation) -> tuple[Support, datetime]:
    entered, _ = batch.corrected(mutation)
    visit = model.visits.get(mutation["args"]["id"])
    _check(model, batch, mutation, visit.village if visit else None, visit.occurred_at if visit else entered)
    if visit is None:
        raise Refused("depends_on_refused" if mutation["args"]["id"] in batch.refused_rows else "unknown_row")
    _scope(model, mutation, visit.village, visit.occurred_at)
    if visit.author != mutation["member_id"]:
        raise Refused("not_author")
    if entered > visit.received_at + timedelta(hours=72):
        raise Refused("too_late")
    return visit, entered


def _amend(model: Model, batch: Batch, mutation: Mutation) -> str:
    visit, _ = _visit(model, batch, mutation)
    if visit.is_withdrawn:
        raise Refused("withdrawn")
    visit.participants = mutation["args"]["participants"]
    model.counters[visit.village] += 1
    return "applied"


def _withdraw(model: Model, batch: Batch, mutation: Mutation) -> str:
    visit, _ = _visit(model, batch, mutation)
    model.counters[visit.village] += not visit.is_withdrawn
    visit.is_withdrawn = True
    return "applied"


def _create(model: Model, batch: Batch, mutation: Mutation) -> str:
    args = mutation["args"]
    if args["id"] in model.homes:
        raise Refused("id_reused")
    entered, _ = batch.corrected(mutation)
    _check(model, batch, mutation, args["village_id"], entered)
    _scope(model, mutation, args["village_id"], entered)
    home = Home(args["village_id"], {name: args.get(name) for name in MOVABLE}, {}, 0)
    model.changed(home)
    home.sources = dict.fromkeys(MOVABLE, (home.version, batch.device, entered))
    model.homes[args["id"]] = home
    return "applied"


def _home(model: Model, batch: Batch, mutation: Mutation) -> tuple[Home, datetime]:
    entered, _ = batch.corrected(mutation)
    home_id = mutation["args"]["id"]
    home = model.homes.get(home_id)
    _check(model, batch, mutation, home.village_at(entered) if home else None, entered)
    if home is None:
        raise Refused("depends_on_refused" if home_id in batch.refused_rows else "unknown_household")
    _scope(model, mutation, home.village_at(entered), entered)
    return home, entered


def _update(model: Model, batch: Batch, mutation: Mutation) -> str:
    home, entered = _home(model, batch, mutation)
    if home.is_withdrawn:
        raise Refused("withdrawn")
    base = mutation["args"]["base_version"]
    taken, has_clash = {}, False
    for name in MOVABLE:
        if name not in mutation["args"]:
            continue
        value = mutation["args"][name]
        version, device, at = home.sources[name]
        is_later = (entered, batch.device) >= (at, device)
        clashes = (base is None or version > base) and device != batch.device and home.fields[name] != value
        has_clash |= clashes
        if is_later or (home.fields[name] != value and not clashes):
            taken[name] = value
    if taken:
        model.changed(home)
        home.fields |= taken
        home.sources |= dict.fromkeys(taken, (home.version, batch.device, entered))
    return "conflict" if has_clash else "applied"


def _leave(model: Model, batch: Batch, mutation: Mutation) -> str:
    home, _ = _home(model, batch, mutation)
    if not home.is_withdrawn:
        home.is_withdrawn = True
        model.changed(home)
    return "applied"


def _report(model: Model, batch: Batch, mutation: Mutation) -> str:
    args = mutation["args"]
    entered, _ = batch.corrected(mutation)
    _check(model, batch, mutation, args["village_id"], entered)
    report = (_scope(model, mutation, args["village_id"], entered), args["village_id"], args["period"])
    model.counters[args["village_id"]] += report not in model.reports
    model.reports.add(report)
    return "applied"


def _attend(model: Model, batch: Batch, mutation: Mutation) -> str:
    args = mutation["args"]
    if args["id"] in model.days:
        raise Refused("id_reused")
    entered, _ = batch.corrected(mutation)
    on, wrong_by = date.fromisoformat(args["on"]), entered - datetime.fromisoformat(mutation["at"])
    if days := round(wrong_by / timedelta(days=1)):  # a clock that is wrong by hours was right about most of the day
        on = min(on + timedelta(days=days), entered.astimezone(VIETNAM).date())
    if not timedelta() <= batch.arrival.astimezone(VIETNAM).date() - on <= timedelta(days=400):
        raise Refused("implausible_time")
    _check(model, batch, mutation, args["village_id"], entered)
    _scope(model, mutation, args["village_id"], entered)
    members = frozenset(args["member_ids"])
    if not members <= model.members_on(args["village_id"], on):
        raise Refused("invalid_field")
    model.counters[args["village_id"]] += 1
    model.days[args["id"]] = Day(args["village_id"], on, members)
    return "applied"


def _ask(model: Model, batch: Batch, mutation: Mutation) -> str:
    args = mutation["args"]
    if args["id"] in model.asked:
        raise Refused("id_reused")
    entered, _ = batch.corrected(mutation)
    _check(model, batch, mutation, args["village_id"], entered)
    _scope(model, mutation, args["village_id"], entered)
    model.counters[args["village_id"]] += 1
    model.asked[args["id"]] = Asked(args["village_id"], mutation["member_id"])
    return "applied"


def _say(model: Model, batch: Batch, mutation: Mutation) -> str:
    entered, _ = batch.corrected(mutation)
    task, said = model.tasks.get(mutation["args"]["id"]), mutation["args"]["state"]
    team, village = task.place_at(entered) if task else (None, None)
    _check(model, batch, mutation, village, entered)
    if task is None:
        raise Refused("unknown_row")
    spoke_for = [own for own, *term in model.memberships.get(mutation["member_id"], []) if holds(*term, entered)]
    if team not in spoke_for or village not in model.served_by(team, entered):
        raise Refused("out_of_scope")
    if task.is_withdrawn and said != "seen":
        raise Refused("withdrawn")
    order = ["sent", "seen", "accepted", "done"]
    is_on_its_way = task.state in order[:3]
    is_ahead = said not in order or (task.state in order and order.index(said) > order.index(task.state))
    is_past = task.is_withdrawn or (task.asked_again_at is not None and task.asked_again_at > entered)
    if not is_past and is_on_its_way and is_ahead:
        task.state = said
        model.changed(task)
    return "applied"


def _read(model: Model, batch: Batch, mutation: Mutation) -> str:
    batch.corrected(mutation)
    own = {id_: about for about, id_ in model.unread.items() if about[0] == mutation["member_id"]}
    for id_ in own.keys() & set(mutation["args"]["ids"]):
        del model.unread[own[id_]]
    return "applied"


def _discard(model: Model, batch: Batch, mutation: Mutation) -> str:
    batch.corrected(mutation)
    return "applied"


JUDGES: dict[str, Callable[[Model, Batch, Mutation], str]] = {
    "visit.record": _record,
    "visit.amend": _amend,
    "visit.withdraw": _withdraw,
    "household.create": _create,
    "household.update": _update,
    "household.withdraw": _leave,
    "report.nothing": _report,
    "attendance.record": _attend,
    "task.progress": _say,
    "request.raise": _ask,
    "notification.read": _read,
    "mutation.discard": _discard,
}
