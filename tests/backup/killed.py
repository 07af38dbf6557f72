"""Runs a command and dies, as by a power cut, before or after one of its steps: `module:function before|after …`."""

import importlib
import os
import signal
import sys
from typing import Any

from wsgi import app


def main(step: str, when: str, *words: str) -> None:
    """Arguments after the first two are those of `flask`."""
    place, _, name = step.partition(":")
    module = importlib.import_module(place)
    original = getattr(module, name)

    def deadly(*args: Any, **kwargs: Any) -> None:
        if when == "after":
            original(*args, **kwargs)
        os.killpg(os.getpgid(0), signal.SIGKILL)

    setattr(module, name, deadly)
    app.test_cli_runner().invoke(args=list(words))
    raise SystemExit("The step was never reached")


main(*sys.argv[1:])
