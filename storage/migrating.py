"""Migrations: bringing the tables to the newest version, all of it or nothing."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from storage.database import MIGRATION_PATIENCE, PATIENCE

SCRIPTS = Path(__file__).parent / "migrations"
LOCK = 0x636861727465  # PostgreSQL's advisory lock that only migrations take


class BrokenReferences(Exception):
    """After a migration some rows on SQLite point to rows that are gone; it was rolled back."""


def config(connection: Connection | None = None, scripts: Path = SCRIPTS) -> Config:
    """Alembic's settings, for this connection."""
    made = Config()
    made.set_main_option("script_location", str(scripts).replace("%", "%%"))
    made.set_main_option("path_separator", "os")
    made.attributes["connection"] = connection
    return made


def upgrade(engine: Engine, scripts: Path = SCRIPTS) -> None:
    """Run every script that this database has not seen, in one transaction. A second process waits for
    the first (SQLite: BEGIN IMMEDIATE; PostgreSQL: an advisory lock) and then finds nothing to do."""
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            with connection.begin():
                for limit in ("lock_timeout", "statement_timeout"):
                    connection.exec_driver_sql(f"SET LOCAL {limit} = {MIGRATION_PATIENCE}")
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
                command.upgrade(config(connection, scripts), "head")
        else:
            _upgrade_sqlite(connection, scripts)


def _upgrade_sqlite(connection: Connection, scripts: Path) -> None:
    """With foreign keys on, rebuilding a parent table deletes every child row. The pragma does nothing
    inside a transaction, so it stands before; the keys are checked at the end instead."""
    raw = connection.connection.dbapi_connection
    assert raw is not None
    raw.execute("PRAGMA foreign_keys=OFF")
    raw.execute(f"PRAGMA busy_timeout={MIGRATION_PATIENCE}")
    try:
        with connection.begin():
            command.upgrade(config(connection, scripts), "head")
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            if broken:
                raise BrokenReferences(f"{len(broken)} rows, the first in {broken[0][0]}")
    finally:
        raw.execute("PRAGMA foreign_keys=ON")
        raw.execute(f"PRAGMA busy_timeout={PATIENCE}")


def is_at_head(connection: Connection) -> bool:
    """True if the database has seen every script."""
    seen = MigrationContext.configure(connection).get_current_heads()
    return set(seen) == set(ScriptDirectory.from_config(config()).get_heads())
