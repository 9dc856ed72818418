"""Folders with small models."""

from pathlib import Path

import pytest
from small_models import save


@pytest.fixture(params=["bert", "albert"])
def small(request, tmp_path) -> tuple[str, Path]:
    """Kind and folder of a small model."""
    return request.param, save(request.param, tmp_path)


@pytest.fixture
def small_bert(tmp_path) -> Path:
    return save("bert", tmp_path)


@pytest.fixture
def small_albert(tmp_path) -> Path:
    return save("albert", tmp_path)
