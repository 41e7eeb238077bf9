from __future__ import annotations

from collections.abc import Iterator

import pytest

from wallet import audit


@pytest.fixture(autouse=True)
def books_agree_afterwards(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever a test did with money, the books agree when it has finished. Tests that spoil them on purpose say so."""
    if not request.node.get_closest_marker("django_db") and not {"db", "transactional_db"} & set(request.fixturenames):
        yield
        return
    request.getfixturevalue("transactional_db" if "transactional_db" in request.fixturenames else "db")
    yield
    if request.node.get_closest_marker("spoils_the_books") is None:
        assert [str(finding) for finding in audit.findings()] == []
