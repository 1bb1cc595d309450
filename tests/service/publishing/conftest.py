"""An object store that releases are published to."""

from __future__ import annotations

import pytest

from tests.service.objectstore import bucket


@pytest.fixture(scope="module")
def object_store():
    """A bucket of S3 over HTTP."""
    with bucket("releases") as address:
        yield address
