"""Whatever the server may say to a phone has a plain sentence there."""

from typing import Any

import pytest

from cdtteam.core.problems import CATALOGUE
from tests.field.engine import Engine
from tests.support.browser import ContextFactory

REFUSALS = {
    "id_reused", "unknown_type", "invalid_field", "unknown_service", "implausible_time", "wrong_author",
    "depends_on_refused", "unknown_household", "unknown_row", "out_of_scope", "not_author", "too_late", "withdrawn",
    "server_fault", "unreadable_seal",
}  # fmt: skip
"""What becomes of one entry."""

REQUESTS = {
    "malformed", "unsupported_protocol", "too_large", "slow_down", "too_many_requests", "busy", "not_a_member",
    "cross_site", "forbidden", "not_found", "method_not_allowed", "server_fault", "device_revoked",
}  # fmt: skip
"""What becomes of a whole request of the sync."""

SET_ASIDE = {"malformed", "too_large"}
"""Of a request, and then of the one entry that is at fault."""

SIGNING_IN = {"signed_out", "bad_credentials"}
"""Met when signing in: tests of the sign-in screen and of an ended session read these."""

TURNING_THE_BELL_ON = {"push_off"}
"""Met on the bell's own screen, whose tests read it."""

NOT_ON_PHONES = {
    "changed_meanwhile", "invalid_file", "unknown_invitation", "invitation_expired", "invitation_revoked",
    "invitation_used", "in_app_browser", "job_failed",
}  # fmt: skip
"""The desk's, and those of coming in by an invitation, which have a screen of their own."""

ASK = """async ([base, module, name, codes]) => {
  const words = (await import(`${base}/field/ui/${module}.js`))[name];
  return Object.fromEntries(codes.map((code) => [code, words(code, '09:30')]));
}"""


def said(phone: ContextFactory, module: str, name: str, codes: set[str]) -> dict[str, str]:
    engine = Engine(phone)
    words: dict[str, str] = engine.blank().evaluate(ASK, [engine.base(), module, name, sorted(codes | {"?"})])
    return words


def test_every_code_of_the_server_has_its_place() -> None:
    placed = REFUSALS | REQUESTS | SIGNING_IN | TURNING_THE_BELL_ON | NOT_ON_PHONES
    assert set(CATALOGUE) - placed == set(), "a new code: say in plain words what it means for a volunteer"


@pytest.mark.parametrize(
    ("module", "name", "codes"),
    [("words", "refusalWords", REFUSALS | SET_ASIDE), ("trouble-words", "troubleWords", REQUESTS)],
)
def test_every_code_that_a_phone_meets_has_a_sentence(
    phone: ContextFactory, module: str, name: str, codes: Any
) -> None:
    words = said(phone, module, name, codes)
    anything = words.pop("?")
    assert [code for code, sentence in words.items() if sentence == anything] == []
