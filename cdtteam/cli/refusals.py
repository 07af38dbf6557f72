"""How a command says that it was refused."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from cdtteam.core.problems import Problem


@contextmanager
def refusals_said() -> Iterator[None]:
    """A refusal goes to stderr, and the command fails."""
    try:
        yield
    except Problem as problem:
        click.echo(problem.detail or f"{problem.message} ({problem.field or problem.code})", err=True)
        click.echo("Nothing was changed.", err=True)
        sys.exit(1)
