"""The file that a backup is: how it is written, how it is read, and when it is not what was written."""

from __future__ import annotations

import json
import re
import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import IO, Any, Final
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
LONGEST: Final = 256 * 2**20  # bytes of one row; a picture of 20 MB takes 27
NAME = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
# What the standard library raises for a ZIP that somebody cut or changed.
BROKEN = (BadZipFile, zlib.error, struct.error, EOFError, KeyError, IndexError, TypeError, ValueError,
          NotImplementedError, RuntimeError, OverflowError)  # fmt: skip


class BackupFault(Exception):
    """Something that keeps a backup from being made or restored; said in one sentence."""


class Damaged(BackupFault):
    """The file is not a whole backup, or not as it was written."""


@dataclass(frozen=True, slots=True)
class TableFacts:
    """One table in a backup: its columns, how many rows it has, the SHA-256 of its lines, and the highest
    number that it ever gave to a row (0 if it gives none)."""

    name: str
    columns: tuple[str, ...]
    rows: int
    sha256: str
    last: int = 0


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says about itself. `revision` is that of its tables (storage/migrations), `alliance` the
    slug of the one it serves ("" before the first start), `created_at` the moment of the snapshot (UTC)."""

    format: int
    revision: str
    alliance: str
    created_at: datetime
    tables: tuple[TableFacts, ...]

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(table.rows for table in self.tables)


class ArchiveWriter:
    """Writes a backup into a file or a stream, one table after the other."""

    def __init__(self, out: IO[bytes], created_at: datetime) -> None:
        self._zip, self._created_at = ZipFile(out, "w", ZIP_DEFLATED), created_at.astimezone(UTC)
        self._tables: list[TableFacts] = []

    def table(self, name: str, columns: tuple[str, ...], lines: Iterable[bytes], last: int) -> TableFacts:
        """Write a table; a line is a JSON object without its newline."""
        sums, rows = sha256(), 0
        with self._zip.open(self._entry(f"tables/{name}.jsonl"), "w", force_zip64=True) as member:
            for line in lines:
                sums.update(line + b"\n")
                member.write(line + b"\n")
                rows += 1
        facts = TableFacts(name, columns, rows, sums.hexdigest(), last)
        self._tables.append(facts)
        return facts

    def finish(self, revision: str, alliance: str) -> Manifest:
        """Write the manifest, without which the file is no backup."""
        made = Manifest(FORMAT, revision, alliance, self._created_at, tuple(self._tables))
        said = asdict(made) | {"created_at": made.created_at.isoformat()}
        self._zip.writestr(self._entry(MANIFEST), json.dumps(said, indent=1).encode())
        self._zip.close()
        return made

    def _entry(self, name: str) -> ZipInfo:
        at = self._created_at
        entry = ZipInfo(name, (max(at.year, 1980), at.month, at.day, at.hour, at.minute, at.second))
        entry.compress_type, entry.external_attr = ZIP_DEFLATED, 0o600 << 16
        return entry


class Archive:
    """A backup that is read. Raises Damaged if it does not begin and end as one."""

    def __init__(self, file: IO[bytes]) -> None:
        """`file` is open and can be sought in."""
        with _whole("it is no backup, or was cut short"):
            self._zip = ZipFile(file)
        with _whole("its manifest cannot be read"):
            names = self._zip.namelist()
            self.manifest = _manifest(json.loads(self._zip.read(MANIFEST)))
            expected = [f"tables/{table.name}.jsonl" for table in self.manifest.tables]
            if missing := sorted({*expected} - {*names}):
                raise Damaged(f"{missing[0]} is missing")
            if len(names) != len({*names}) or {*names} != {*expected, MANIFEST}:
                raise Damaged("it holds more than was written")

    def rows(self, table: TableFacts) -> Iterator[Mapping[str, Any]]:
        """The rows of a table, one by one. Raises Damaged, at the latest after the last one, if they are
        not those that were written."""
        sums, rows = sha256(), 0
        with _whole(f"table {table.name} is not as it was written"):
            with self._zip.open(f"tables/{table.name}.jsonl") as member:
                while line := member.readline(LONGEST):
                    sums.update(line)
                    rows += 1
                    row = json.loads(line)
                    if set(row) != set(table.columns):
                        raise ValueError("other columns")
                    yield row
            if (rows, sums.hexdigest()) != (table.rows, table.sha256):
                raise ValueError("other rows")

    def verify(self) -> Manifest:
        """Read all of it. Raises Damaged."""
        for table in self.manifest.tables:
            for _ in self.rows(table):
                pass
        return self.manifest


@contextmanager
def _whole(what: str) -> Iterator[None]:
    try:
        yield
    except Damaged:
        raise
    except BROKEN as fault:
        raise Damaged(what) from fault


def _manifest(said: Any) -> Manifest:
    """Raises Damaged for another format, ValueError and the like for what is no manifest."""
    if said["format"] != FORMAT:
        raise Damaged(f"its format is {said['format']!r}, and this program reads {FORMAT}")
    tables = tuple(_facts(table) for table in said["tables"])
    created_at = datetime.fromisoformat(said["created_at"])
    if created_at.tzinfo is None or len({table.name for table in tables}) != len(tables):
        raise ValueError("no manifest")
    return Manifest(FORMAT, _text(said["revision"]), _text(said["alliance"]), created_at, tables)


def _facts(said: Any) -> TableFacts:
    columns = tuple(_text(name) for name in said["columns"])
    if not NAME.fullmatch(said["name"]) or not columns:
        raise ValueError("no table")
    return TableFacts(said["name"], columns, int(said["rows"]), _text(said["sha256"]), int(said["last"]))


def _text(said: Any) -> str:
    if not isinstance(said, str):
        raise ValueError("no text")
    return said
