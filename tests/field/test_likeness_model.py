"""Which households on the phone a new one may be: the pure part, in the browser that runs it."""

import json
from pathlib import Path
from typing import Any

from tests.field.engine import Model

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "likeness.json").read_text(encoding="utf-8"))
SLOWER = 6
MOST_MS = 50
ASK = """async ([base, one, others]) => {
  const { makeLikeness } = await import(`${base}/field/model/likeness.js`);
  return makeLikeness(others)(one).map(({ other, why }) => [other.id, why]);
}"""


def ask(model: Model, one: dict[str, Any], others: dict[str, dict[str, Any]]) -> Any:
    of = VECTORS["of"]
    rows = [{**of, **other, "id": name} for name, other in others.items()]
    return model.page.evaluate(ASK, [model.base, {**of, **one, "id": "new"}, rows])


def test_likeness_is_the_servers(model: Model) -> None:
    found = {case["name"]: ask(model, case["one"], case["others"]) for case in VECTORS["cases"]}
    assert found == {case["name"]: case["alike"] for case in VECTORS["cases"]}


def test_a_number_is_known_however_it_was_typed(model: Model) -> None:
    others = {"a": {"head_name": "Siu Blan", "phone": "0912345678"}}
    assert ask(model, {"phone": "+84 912 345 678"}, others) == [["a", "phone"]]
    assert ask(model, {"phone": "0912 345"}, others) == []


TIMED = """async (base) => {
  const { makeLikeness } = await import(`${base}/field/model/likeness.js`);
  const family = ['Nguyễn', 'Trần', 'Siu', 'Rơ Châm'], given = ['Hoà', 'Mỹ', 'Suệ', 'Blan', 'Đức'];
  const households = Array.from({ length: 400 }, (_, n) => ({ id: `h${n}`, village_id: 'a',
    head_name: `${family[n % 4]} Thị ${given[n % 5]} ${n % 60}`, hamlet: `Xóm ${n % 7}`,
    phone: n % 2 ? `09${10000000 + n}` : null }));
  const one = { id: 'new', village_id: 'a', head_name: 'NGUYEN THI HOA 20', hamlet: '', phone: '0910000001' };
  const took = [];
  for (let run = 0; run < 8; run += 1) {
    const begun = performance.now();
    if (!makeLikeness(households)(one).length) throw new Error('nothing was found');
    took.push(performance.now() - begun);
  }
  return Math.min(...took);
}"""


def test_400_households_are_compared_in_50_ms_on_a_cheap_phone(model: Model) -> None:
    """The best of several runs, since what else the machine does is not the phone's fault."""
    session = model.page.context.new_cdp_session(model.page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    assert model.page.evaluate(TIMED, model.base) < MOST_MS
    session.detach()
