"""The command line: `flask --app wsgi …`."""

from flask import Flask

from cdtteam.cli.areas import areas
from cdtteam.cli.demo import demo
from cdtteam.cli.epoch import epoch
from cdtteam.cli.token import token


def init_cli(app: Flask) -> None:
    """Adds our commands to `app`."""
    for command in (areas, demo, epoch, token):
        app.cli.add_command(command)
