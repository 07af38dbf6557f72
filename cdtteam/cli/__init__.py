"""The command line: `flask --app wsgi …`."""

from flask import Flask

from cdtteam.cli.account import account
from cdtteam.cli.areas import areas
from cdtteam.cli.backup import backup, restore
from cdtteam.cli.demo import demo
from cdtteam.cli.epoch import epoch
from cdtteam.cli.push import push
from cdtteam.cli.token import token
from cdtteam.cli.work import work


def init_cli(app: Flask) -> None:
    """Adds our commands to `app`."""
    for command in (account, areas, backup, demo, epoch, push, restore, token, work):
        app.cli.add_command(command)
