"""One part of the benchmark in a process of its own: `python -m benchmarks.part NAME FILE`."""

import importlib
import json
import signal
import sys
from pathlib import Path

PARTS = {
    "sync_rate": "visits synced per second against bare SQL, and with many stored; CPU; waiting",
    "wire": "bytes per visit, and of the first pull",
    "shell": "bytes to the first usable field screen",
    "memory": "memory of the server with two workers",
    "client": "the field app on a slow phone",
    "province": "the province's page",
    "desk_work": "a large commune's page, and tasks for a whole province",
    "imports": "a list of 5,000 households",
    "push": "an urgent warning by Web Push",
    "reorganise": "a province reorganised while phones sync",
}


def main() -> None:
    """Measures a part; being told to stop ends its servers and browsers too."""
    name, path = sys.argv[1:]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    module = importlib.import_module(f"benchmarks.{name}")
    rows = []
    for figure in module.figures():
        # Written one by one, so that what was measured before a fault or the end of the time is kept.
        rows.append(figure.json())
        new = Path(f"{path}.new")
        new.write_text(json.dumps(rows), encoding="utf-8")
        new.replace(path)


if __name__ == "__main__":
    main()
