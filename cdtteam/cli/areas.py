"""`flask areas`."""

import click


@click.group()
def areas() -> None:
    """Areas of a province."""
