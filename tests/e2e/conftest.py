"""The real server, with a village to work in."""

from collections.abc import Iterator

import pytest

from tests.support.field_server import FieldServer, serving
from tests.support.world import World


@pytest.fixture
def field_server(world_on_sqlite: World) -> Iterator[FieldServer]:
    """The application on a loopback port."""
    with serving(world_on_sqlite) as server:
        yield server
