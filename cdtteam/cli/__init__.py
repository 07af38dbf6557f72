"""The command line: `flask --app wsgi …`."""

from flask import Flask


def init_cli(app: Flask) -> None:
    """Adds our commands to `app`."""
    # Imported here: commands pull in what the server does not need to start.
    from cdtteam.cli.areas import areas
    from cdtteam.cli.demo import demo
    from cdtteam.cli.epoch import epoch
    from cdtteam.cli.token import token

    for command in (areas, demo, epoch, token):
        app.cli.add_command(command)
