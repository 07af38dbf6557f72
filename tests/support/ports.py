"""Free ports of this machine."""

import socket


def free_port() -> int:
    """A loopback port that nobody listens on now; ask again when somebody else was quicker."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
