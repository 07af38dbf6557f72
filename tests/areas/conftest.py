"""An operator with an empty database, of either kind."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.areas.operator import Operator
from tests.support.apps import running_app


@pytest.fixture
def operator(migrated_url: str, instance_folder: Path, tmp_path: Path) -> Iterator[Operator]:
    """An operator with an empty database."""
    with running_app(migrated_url, instance_folder) as app:
        yield Operator(app, tmp_path)
