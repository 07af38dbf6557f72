"""The first requests of a server may come at the same moment: reading them must not end its process."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
# Threads change over as often as they can, and eight of them are the first to read each kind of thing.
_READ_AT_ONCE = """
import sys, threading
from msgspec import Struct, convert
from cdtteam.app import create_app
create_app()
sys.setswitchinterval(1e-6)
def below(kind):
    for child in kind.__subclasses__():
        yield child
        yield from below(child)
def read(kind, gate):
    gate.wait()
    try:
        convert(dict.fromkeys(kind.__struct_fields__), kind)
    except Exception:
        pass
ours = [kind for kind in below(Struct) if kind.__module__.startswith("cdtteam.")]
for kind in ours:
    gate = threading.Barrier(8)
    threads = [threading.Thread(target=read, args=(kind, gate)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
print(len(ours))
"""


def test_first_requests_at_the_same_moment_leave_the_server_alive(tmp_path: Path) -> None:
    environment = {**os.environ, "CDT_INSTANCE": str(tmp_path), "CDT_DATABASE_URL": f"sqlite:///{tmp_path}/none.db"}
    command = [sys.executable, "-c", _READ_AT_ONCE]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=ROOT, env=environment, timeout=120)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 40
