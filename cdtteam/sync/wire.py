"""The envelope of a sync request, and each mutation in it as it came (sync protocol, "Request")."""

import json
import re
import zlib
from collections.abc import Callable, Set
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from math import isfinite
from typing import Annotated, Any, NoReturn
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from cdtteam.core.ids import is_uuid7
from cdtteam.core.problems import Problem
from cdtteam.core.text import clean_tree, is_clean, taken_out
from cdtteam.core.wire import convert

PROTOCOL = 1
MAX_MUTATIONS = 200
MAX_MUTATION_BYTES = 16 * 1024
MAX_BODY_BYTES = 1024 * 1024

_Instant = Annotated[datetime, Meta(tz=True)]
_DEEP = 100  # levels of nesting that the slow reader descends
_REFUSED = "\0"  # stands for what cannot be read
_TOKENS = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)


class Envelope(Struct):
    """A request without its mutations; the phone's clock is `sent_at`. `inbox`: see docs/sync-inbox.md."""

    device_id: UUID
    app_version: Annotated[str, Meta(max_length=60)]
    sent_at: _Instant
    epoch: Annotated[str, Meta(max_length=60)] | None = None
    cursor: Annotated[str, Meta(max_length=60_000)] | None = None
    page: Annotated[int, Meta(ge=100, le=5000)] = 2000
    inbox: bool = False


class Header(Struct):
    """What every mutation has beside its type and args."""

    member_id: UUID
    at: _Instant
    after: _Instant | None = None
    replaces: UUID | None = None


@dataclass
class Mutation:
    """A mutation as it came; `problem` is what is wrong with its header, if anything."""

    sent_id: str
    content: bytes
    digest: bytes
    type: object
    args: dict[str, Any]
    id: UUID | None = None
    header: Header | None = None
    problem: Problem | None = None
    parsed: Any = field(default=None)

    @cached_property
    def row_id(self) -> UUID | None:
        """The id that the args give, whatever else is wrong with them."""
        try:
            return convert(self.args.get("id"), UUID)
        except Problem:
            return None


def unpack(body: bytes, encoding: str | None) -> bytes:
    """The decoded body; Problem `too_large` as soon as it passes the limit, `malformed` when it is no gzip."""
    coding = (encoding or "identity").strip().lower()
    if coding not in ("identity", "gzip", "x-gzip"):
        raise Problem("malformed", field="Content-Encoding")
    if coding != "identity":
        body = _inflate(body)
    if len(body) > MAX_BODY_BYTES:
        raise Problem("too_large")
    return body


def _inflate(body: bytes) -> bytes:
    """What all members of a gzip body hold together, cut off just above the limit (RFC 1952)."""
    inflated = b""
    while body and len(inflated) <= MAX_BODY_BYTES:
        inflater = zlib.decompressobj(wbits=31)
        try:
            inflated += inflater.decompress(body, MAX_BODY_BYTES + 1 - len(inflated))
        except zlib.error as error:
            raise Problem("malformed", field="Content-Encoding") from error
        if not inflater.eof and len(inflated) <= MAX_BODY_BYTES:
            raise Problem("malformed", field="Content-Encoding")
        body = inflater.unused_data
    return inflated


def read_request(body: bytes) -> tuple[Envelope, list[Mutation]]:
    """The envelope and its mutations; Problem `malformed`, `unsupported_protocol` or `too_large`."""
    given, raws = _decode(body)
    if given.get("protocol") != PROTOCOL or isinstance(given["protocol"], bool):
        refuse_protocol(given)
    if raws is None:
        raise Problem("malformed", field="mutations")
    try:
        known = {name: clean_tree(given[name], name) for name in Envelope.__struct_fields__ if name in given}
        envelope = msgspec.convert(
            {key: value for key, value in known.items() if value is not None or key not in ("page", "inbox")}, Envelope
        )
    except msgspec.ValidationError as error:
        raise Problem("malformed", field=_envelope_field(str(error))) from error
    except Problem as problem:
        raise Problem("malformed", field=problem.field) from problem
    if len(raws) > MAX_MUTATIONS or any(len(raw) > MAX_MUTATION_BYTES for raw, _ in raws):
        raise Problem("too_large")
    return envelope, [read_mutation(raw, content, index) for index, (raw, content) in enumerate(raws)]


def _decode(body: bytes) -> tuple[dict[str, Any], list[tuple[bytes, Any]] | None]:
    """The envelope's keys, and each mutation as bytes and as a value; None when they are no list."""
    try:
        top = msgspec.json.decode(body, type=dict[str, msgspec.Raw])
        raws = msgspec.json.decode(top.pop("mutations", msgspec.Raw(b"null")), type=list[msgspec.Raw] | None)
        given = {key: msgspec.json.decode(value) for key, value in top.items()}
        pairs = None if raws is None else [(bytes(raw), msgspec.json.decode(raw)) for raw in raws]
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        given, pairs = _decode_slowly(body)
    return given, pairs


def _decode_slowly(body: bytes) -> tuple[dict[str, Any], list[tuple[bytes, Any]] | None]:
    """As _decode, for bodies with lone surrogates, at which the fast reader stops: only their mutation is refused."""
    given = _read_slowly(body)
    if not isinstance(given, dict):
        raise Problem("malformed")
    mutations = given.pop("mutations", None)
    if not isinstance(mutations, list):
        return given, None
    return given, [(_as_bytes(one), one) for one in mutations]


def _read_slowly(body: bytes) -> Any:
    try:
        # Numbers that are too large and nesting that would fill the stack are refused in their place, too.
        return json.loads(
            _flattened(body.decode()), parse_constant=_no_constant, parse_int=_integer, parse_float=_fraction
        )
    except (ValueError, RecursionError) as error:
        raise Problem("malformed") from error


def _flattened(text: str) -> str:
    """`text` with what is nested too deep replaced by a text that is refused where it stands."""
    parts, depth, kept = [], 0, 0
    for token in _TOKENS.finditer(text):
        if token[0] in "[{":
            depth += 1
            if depth == _DEEP:
                parts.append(text[kept : token.start()])
        elif token[0] in "]}":
            if depth == _DEEP:
                parts.append('"\\u0000"')
                kept = token.end()
            depth -= 1
    if depth:
        raise ValueError("brackets do not match")
    return "".join(parts) + text[kept:]


def _integer(text: str) -> int | str:
    """The number; a text that is refused where it stands, when Python would not read so many digits."""
    return int(text) if len(text) <= 4300 else _REFUSED


def _fraction(text: str) -> float | str:
    number = float(text)
    return number if isfinite(number) else _REFUSED


def _as_bytes(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def refuse_protocol(given: dict[str, Any]) -> NoReturn:
    """Problem `unsupported_protocol`, or `malformed` when what stands there is no number."""
    protocol = given.get("protocol")
    if isinstance(protocol, int) and not isinstance(protocol, bool):
        raise Problem("unsupported_protocol")
    raise Problem("malformed", field="protocol")


def _envelope_field(message: str) -> str:
    for name in Envelope.__struct_fields__:
        if f"`{name}`" in message or f"$.{name}" in message:
            return name
    return ""


def read_alone(raw: bytes) -> Mutation:
    """A mutation that comes by itself; Problem `malformed`."""
    return read_mutation(raw, _value(raw), 0)


def content_without(mutation: Mutation, names: Set[str]) -> bytes:
    """A mutation as it came but for some of its args."""
    content = _value(mutation.content)
    args = {name: value for name, value in mutation.args.items() if name not in names}
    return _as_bytes({**content, "args": args, "erased": sorted(names)})


def content_of(mutation: Mutation) -> Any:
    """A mutation as a value, all that came with it."""
    return _value(mutation.content)


def content_taken_out(mutation: Mutation, names_it: Callable[[str], bool]) -> bytes:
    """A mutation as it came, without the texts that name a household which is forgotten."""
    return _as_bytes(taken_out(content_of(mutation), names_it))


def _value(raw: bytes) -> Any:
    try:
        return msgspec.json.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return _read_slowly(raw)


def read_mutation(raw: bytes, content: Any, index: int) -> Mutation:
    """One mutation, as bytes and as a value; Problem `malformed` when it is no object with an `id`."""
    if not isinstance(content, dict) or not isinstance(content.get("id"), str):
        raise Problem("malformed", field=f"mutations[{index}].id")
    args, said = content.get("args"), _said(content, raw)
    mutation = Mutation(
        content["id"], raw, sha256(said).digest(), content.get("type"), args if isinstance(args, dict) else {}
    )
    try:
        mutation.id = convert(content["id"], UUID)
    except Problem:
        mutation.problem = Problem("invalid_field", field="id")
        return mutation
    try:
        if not is_uuid7(mutation.id):
            raise Problem("invalid_field", field="id")
        if not isinstance(args, dict):
            raise Problem("invalid_field", field="args")
        mutation.header = convert(content, Header)
        mutation.args = args if is_clean(said) else clean_tree(args)  # type: ignore[assignment]  # a dict as before
    except Problem as problem:
        mutation.problem = problem
    return mutation


def _said(content: dict[str, Any], raw: bytes) -> bytes:
    """What a mutation says, in one form whatever the order of its keys or its white space: the digest is of this.

    Of one that is nested too deep, which is never applied, its bytes.
    """
    said = {key: content.get(key) for key in ("type", "member_id", "at", "after", "replaces", "args")}
    try:
        return msgspec.json.encode(said, order="sorted")
    except RecursionError:
        return raw
    except (UnicodeEncodeError, msgspec.MsgspecError, TypeError):
        return json.dumps(said, sort_keys=True).encode()
