"""Backups that are refused, or not of today: said in a sentence, and nothing is left of a restore."""

from __future__ import annotations

import io
import sqlite3
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from alembic import command
from sqlalchemy import text

from bot.__main__ import main
from storage.backup import Archive, Damaged, restore
from storage.migrating import config
from storage.store import Storage, Store
from tests.backup_stage import empty_database, holds, kept_of, tables_in
from tests.storage.test_migrations import connected
from tests.test_backup_command import fill, filled, said
from tests.test_check import environment
from tests.world import MORNING

__all__ = ["environment", "filled"]


def rewritten(made: io.BytesIO, without: str = "", **texts: bytes) -> io.BytesIO:
    """The same archive without a file, or with other bytes in some (their names with __ for / and .)."""
    out = io.BytesIO()
    with ZipFile(made) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name != without:
                given = texts.get(name.replace("/", "__").replace(".", "__"))
                new.writestr(name, old.read(name) if given is None else given)
    return out


def test_a_damaged_file_is_refused_and_nothing_is_left(
    filled: str, environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    made = kept_of(filled)
    persons = ZipFile(made).read("tables/persons.jsonl")
    whole = made.getvalue()
    damaged: dict[str, tuple[io.BytesIO, str]] = {
        "cut.zip": (io.BytesIO(whole[: len(whole) // 2]), "it is no backup, or was cut short"),
        "empty.zip": (io.BytesIO(b""), "it is no backup, or was cut short"),
        "words.zip": (io.BytesIO(b"Dear Sir or Madam"), "it is no backup, or was cut short"),
        "missing.zip": (rewritten(made, "tables/ballots.jsonl"), "tables/ballots.jsonl is missing"),
        "unsaid.zip": (rewritten(made, "manifest.json"), "its manifest cannot be read"),
        "changed.zip": (
            rewritten(made, tables__persons__jsonl=persons.replace(b'"id":1', b'"id":2')),
            "table persons is not as it was written",
        ),
        "fewer.zip": (rewritten(made, tables__persons__jsonl=b""), "table persons is not as it was written"),
    }
    environment.setenv("DATABASE_URL", "sqlite:///back.db")
    for name, (given, why) in damaged.items():
        Path(name).write_bytes(given.getvalue())
        for asked in (["restore", name], ["restore", "--check", name]):
            assert main(asked) == 2
            assert said(capsys)[1] == f"{name} is not whole: {why}. Nothing was restored."
    assert not Path("back.db").exists() or tables_in("sqlite:///back.db") == []


def test_no_single_byte_changes_what_is_restored(filled: str) -> None:
    made = kept_of(filled)
    whole, good = made.getvalue(), Archive(made)
    rows = {table.name: list(good.rows(table)) for table in good.manifest.tables}
    refused = 0
    for at in range(0, len(whole), max(1, len(whole) // 150)):
        changed = bytearray(whole)
        changed[at] ^= 0x41
        try:
            read = Archive(io.BytesIO(bytes(changed)))
            assert {table.name: list(read.rows(table)) for table in read.manifest.tables} == rows
        except Damaged:
            refused += 1
    assert refused > 50


def test_what_is_cut_off_in_the_middle_leaves_nothing(
    request: pytest.FixtureRequest, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever happens after most tables are full: the database is as before."""
    fill(database_url)
    kind = "sqlite" if database_url.startswith("sqlite") else "postgresql"
    new = empty_database(request, kind)
    made = Archive(kept_of(database_url))

    def stops(table: str, _: int) -> None:
        if table == "persons":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        restore(new, made, MORNING, stops)
    assert tables_in(new) == []
    restore(new, made, MORNING)
    assert holds(new) == holds(database_url)


@pytest.mark.parametrize("older", ["0005", "0009"])
def test_a_backup_of_an_older_version_is_brought_up_to_date(
    request: pytest.FixtureRequest, database_url: str, older: str
) -> None:
    """Made by an older program, restored by this one: into no tables, and into newer ones that are empty."""
    with connected(database_url) as connection:
        command.downgrade(config(connection), older)
        connection.execute(
            text(
                "INSERT INTO persons (name, language, zone, added_at)"
                " VALUES ('Marie', 'fr', 'Europe/Paris', '2026-05-13 09:00:00')"
            )
        )
    made = Archive(kept_of(database_url))
    assert made.manifest.revision == older
    kind = "sqlite" if database_url.startswith("postgresql") else "postgresql"
    bare, tables = empty_database(request, kind), empty_database(request, "sqlite")
    storage = Storage(tables)
    storage.migrate()
    storage.close_now()
    for url in (bare, tables):
        restore(url, made, MORNING)
        storage = Storage(url)
        assert storage.at_head()
        marie = storage.read_now(lambda store: store.persons.get(1))
        assert marie is not None
        assert (marie.name, marie.zone) == ("Marie", "Europe/Paris")
        assert storage.write_now(one_more).id == 2
        storage.close_now()


def one_more(store: Store) -> Any:
    return store.persons.add("Luc", "fr", "Europe/Paris", MORNING)


def test_a_newer_one_is_refused(
    filled: str, environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with connected(filled) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    Path("newer.zip").write_bytes(kept_of(filled).getvalue())
    environment.setenv("DATABASE_URL", "sqlite:///back.db")
    assert main(["restore", "newer.zip"]) == 2
    assert said(capsys)[1].startswith(
        "newer.zip is of a newer Charterbot: its tables are at version 9999, and "
    )
    assert main(["restore", "--check", "newer.zip"]) == 0


def test_rows_that_name_what_is_not_there_are_refused(
    request: pytest.FixtureRequest, database_url: str
) -> None:
    """The sums fit, the rows do not: an activity whose author is nobody."""
    fill(database_url)
    kind = "sqlite" if database_url.startswith("sqlite") else "postgresql"
    new = empty_database(request, kind)
    orphaned = "UPDATE activities SET author = 999"
    if kind == "sqlite":
        with closing(sqlite3.connect(database_url.removeprefix("sqlite:///"))) as file, file:
            file.execute(orphaned)  # by hand, foreign keys are off
    else:
        with connected(database_url) as connection:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            connection.execute(text(orphaned))
    with pytest.raises(Damaged, match="name others that are not there"):
        restore(new, Archive(kept_of(database_url)), MORNING)
    assert tables_in(new) == []


def test_what_no_column_can_hold_is_refused(filled: str, request: pytest.FixtureRequest) -> None:
    """Somebody wrote a word for a number, and made the sums fit."""
    made = kept_of(filled)
    persons = ZipFile(made).read("tables/persons.jsonl")
    changed = persons.replace(b'"id":1', b'"id":"one"')
    manifest = ZipFile(made).read("manifest.json")
    was, now = (sha256(one).hexdigest().encode() for one in (persons, changed))
    made = rewritten(made, tables__persons__jsonl=changed, manifest__json=manifest.replace(was, now))
    new = empty_database(request, "sqlite")
    with pytest.raises(Damaged, match="rows of persons do not fit their table"):
        restore(new, Archive(made), MORNING)
    assert tables_in(new) == []
