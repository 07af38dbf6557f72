"""One file from standard input, one delivery to standard output, within limits that no file can lift."""

import resource
import sys

CPU_SECONDS = 25
MEMORY = 1024 * 1024 * 1024


def main() -> None:
    """Reads one file."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    import msgspec  # noqa: PLC0415 — under the limits from the first import

    from cdtteam.imports.reader.files import read_file  # noqa: PLC0415

    sys.stdout.buffer.write(msgspec.msgpack.encode(read_file(sys.stdin.buffer.read())))


if __name__ == "__main__":
    main()
