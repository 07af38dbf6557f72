"""What tests of the field app begin with."""

from collections.abc import Iterator

import pytest

from tests.field.engine import Engine, Model
from tests.field.task_phone import Volunteer, task
from tests.support.browser import Chromium, ContextFactory, open_contexts


@pytest.fixture
def told(phone: ContextFactory) -> Volunteer:
    return Volunteer(phone, task())


@pytest.fixture(scope="module")
def shared_engine(chromium: Chromium) -> Iterator[Engine]:
    """A browser for all tests of a file that call pure functions."""
    with open_contexts(chromium, "phone") as factory:
        yield Engine(factory)


@pytest.fixture
def model(shared_engine: Engine) -> Iterator[Model]:
    """The model on a page of this test alone, so that none finds the words of another."""
    page = shared_engine.blank()
    yield Model(page, shared_engine.base())
    page.close()
