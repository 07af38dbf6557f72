"""`python -m benchmarks.run [--only NAME …]`: measures all parts, prints a table and writes build/bench.json.

With CDT_BENCH_QUICK=1 it takes a look with small counts, which tries the benchmark and measures nothing.
"""

import argparse
import json
import os
import platform
import signal
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.figures import IS_QUICK, Figure, table
from benchmarks.part import PARTS

ROOT = Path(__file__).parents[1]
WHOLE_S = 30 * 60
STOP_S = 30
RESULT = ROOT / "build" / "bench.json"


def main() -> None:
    """Runs the parts one after the other, within half an hour in all."""
    parts = _parts()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    end = time.monotonic() + WHOLE_S
    began = datetime.now(UTC)
    measured: dict[str, list[Figure]] = {}
    for name in parts:
        print(f"{name}: {PARTS[name]} …", file=sys.stderr, flush=True)
        start = time.monotonic()
        measured[name] = _measure(name, end - start)
        print(f"{name}: {time.monotonic() - start:.0f} s", file=sys.stderr, flush=True)
        _write(measured, began)
    print(f"{_machine()}, {began:%d %B %Y}{' — quick, with small counts: no measurement' if IS_QUICK else ''}\n")
    print(table(figure for figures in measured.values() for figure in figures))
    if any(figure.value is None for figures in measured.values() for figure in figures):
        sys.exit(1)


def _parts() -> list[str]:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__)
    parser.add_argument("--only", action="append", choices=list(PARTS), metavar="NAME", help=", ".join(PARTS))
    return parser.parse_args().only or list(PARTS)


def _measure(name: str, seconds: float) -> list[Figure]:
    """The figures of a part; where it fails or takes too long, one without a value that says so."""
    if seconds < 1:
        return [Figure(PARTS[name], None, note="not run: the half-hour was over")]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "figures.json"
        process = subprocess.Popen([sys.executable, "-m", "benchmarks.part", name, str(path)], cwd=ROOT)
        problem = None
        try:
            if status := process.wait(seconds):
                problem = f"ended with status {status}; its messages stand above"
        except subprocess.TimeoutExpired:
            problem = "cut off: the half-hour was over"
        finally:
            _stop(process)
        rows = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    figures = [Figure(**{key: value for key, value in row.items() if key != "is_met"}) for row in rows]
    return [*figures, Figure(f"{name}: {PARTS[name]}", None, note=problem)] if problem else figures


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _machine() -> str:
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    return f"Python {platform.python_version()}, {os.cpu_count()} cores, load {load}"


def _write(measured: dict[str, list[Figure]], began: datetime) -> None:
    RESULT.parent.mkdir(exist_ok=True)
    parts = {name: [figure.json() for figure in figures] for name, figures in measured.items()}
    content = {"at": began.isoformat(), "machine": _machine(), "is_quick": IS_QUICK, "parts": parts}
    RESULT.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
