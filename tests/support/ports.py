"""Free ports of this machine."""

import socket
import time

GIVEN_BACK_WITHIN_S = 10


def free_port() -> int:
    """A loopback port that nobody listens on now; ask again when somebody else was quicker."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def listening(port: int = 0) -> socket.socket:
    """A loopback socket for a server to inherit, so that nobody is quicker at its port: a free one, or `port` once
    whoever had it is gone."""
    deadline = time.monotonic() + GIVEN_BACK_WITHIN_S
    while True:
        try:
            return socket.create_server(("127.0.0.1", port), backlog=512)
        except OSError:
            if not port or time.monotonic() > deadline:
                raise
            time.sleep(0.05)
