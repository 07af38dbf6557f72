"""The small province on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.apps import running_app
from tests.support.world import World, make_world


@pytest.fixture
def world(migrated_url: str, tmp_path: Path) -> Iterator[World]:
    """A small province on an application of its own."""
    with running_app(migrated_url, tmp_path) as app:
        yield make_world(app)
