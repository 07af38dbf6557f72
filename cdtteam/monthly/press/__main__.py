"""One order from standard input, one delivery to standard output, within limits that no template can lift."""

import resource
import sys

CPU_SECONDS = 10
MEMORY = 1024 * 1024 * 1024
LARGEST_FILE = 64 * 1024 * 1024


def main() -> None:
    """Fills one template."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))  # openpyxl's own, in a folder of its own
    import msgspec  # noqa: PLC0415 — under the limits from the first import

    from cdtteam.monthly.press.filling import fill  # noqa: PLC0415
    from cdtteam.monthly.press.wire import Order  # noqa: PLC0415

    order = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Order)
    sys.stdout.buffer.write(msgspec.msgpack.encode(fill(order)))


if __name__ == "__main__":
    main()
