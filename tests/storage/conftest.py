"""Databases without tables, for the tests of migrations."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import psycopg
import pytest

from tests.conftest import beside


@pytest.fixture
def bare_postgres_url(postgres: str) -> Iterator[str]:
    """The URL of an empty PostgreSQL database."""
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(b"CREATE DATABASE bare")
    yield beside(postgres, "bare")
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(b"DROP DATABASE bare WITH (FORCE)")


@pytest.fixture
def bare_sqlite_url(tmp_path: Path) -> str:
    """The URL of an SQLite file that is not there yet, in a folder that is not there yet."""
    return f"sqlite:///{tmp_path / 'data' / 'bare.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_url(request: pytest.FixtureRequest) -> str:
    """The URL of an empty database, of either kind."""
    name = "bare_sqlite_url" if request.param == "sqlite" else "bare_postgres_url"
    return cast(str, request.getfixturevalue(name))
