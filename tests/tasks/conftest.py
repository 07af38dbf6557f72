"""Who gives out work."""

import pytest

from tests.support.assigning import Officer
from tests.support.wire import unlimited
from tests.support.world import World


@pytest.fixture
def officer(world: World) -> Officer:
    """The coordinator of the near commune."""
    return Officer(unlimited(world))
