"""Fixtures for all tests."""

from pathlib import Path

import pytest

HOME = Path(__file__).resolve().parents[1]
REFERENCE = HOME.parent / "shared" / "reference"


@pytest.fixture(scope="session")
def home() -> Path:
    """The root of the repository."""
    return HOME


@pytest.fixture(scope="session")
def published() -> Path:
    """Folder with the authors' published numbers; skips where it is not there."""
    if not REFERENCE.is_dir():
        pytest.skip("the published numbers lie beside a developer's checkout only")
    return REFERENCE
