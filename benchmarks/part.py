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
}


def main() -> None:
    """Measures a part; being told to stop ends its servers and browsers too."""
    name, path = sys.argv[1:]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    module = importlib.import_module(f"benchmarks.{name}")
    Path(path).write_text(json.dumps([figure.json() for figure in module.figures()]), encoding="utf-8")


if __name__ == "__main__":
    main()
