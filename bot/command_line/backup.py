"""`python -m bot backup` and `restore`: everything in one file, and back again (docs/running.md)."""

from __future__ import annotations

import os
import re
import sys
import tempfile
from argparse import Namespace
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import IO, TextIO, cast

import structlog

from bot.app import StartFault
from bot.clock import WALL_CLOCK
from bot.logs import set_up_logs
from bot.settings import Settings, load_settings
from storage.backup import (
    Archive,
    Damaged,
    Manifest,
    NewerArchive,
    NotEmpty,
    NothingThere,
    Restored,
    back_up,
    restore,
)
from storage.store import Busy

log = structlog.get_logger()

STREAM = "-"  # standard output of a backup, standard input of a restore
NAMED = "charterbot-{at:%Y%m%d-%H%M%S}.zip"  # in a folder, by the moment of the snapshot (UTC)
OURS = re.compile(r"charterbot-\d{8}-\d{6}\.zip", re.ASCII)
LEFT = re.compile(r"\.charterbot-\d{8}-\d{6}\.zip\..*\.part", re.ASCII)  # by one that was killed
A_DAY = 86_400  # seconds after which nobody is still writing it
GOOD, LOOK = 0, 1  # 1: it is restored, but a ballot book does not fit

MADE = "{file}: {tables} tables, {rows:,} rows, as of {at}. Read again, and whole."
STREAMED = "Written: {tables} tables, {rows:,} rows, as of {at}."
SECRET = "It holds names, votes and keys: keep it as safe as the database."
GONE = "Older backups that are gone now: {count}. The newest stay: {kept}."
SOUND = "{file} is whole: {alliance}, {tables} tables, {rows:,} rows, as of {at}."
RESTORED = "Restored {alliance} as of {at}: {tables} tables, {rows:,} rows."
COUNTED = "Ballot books recounted: {books}. Everything fits."
MISFITS = "Ballot books recounted: {books}. Not everything fits; it is as it was backed up:"
OPEN = "Messages that may have gone out since: {count}. None is sent again; the coordinator decides."
NEXT = "Now start the bot."

THERE = "{file} is there already. Name another file; nothing was written."
NO_FILE = "{file} cannot be opened: {why}."
NOT_WRITTEN = "{file} cannot be written: {why}."
KEEPS_IN = "--keep needs a folder, such as backups/."
KEEPS_ONE = "--keep is 1 or more."
NO_DATABASE = "DATABASE_URL: there is nothing to back up yet: {why}."
BROKEN = "{file} is not whole: {why}. Nothing was restored."
BROKEN_AS_MADE = "{file} cannot be read back: {why}. It is gone; try another disk."
NEWER = "{file} is of a newer Charterbot: {why}. Update this one first; nothing was restored."
FULL = (
    "DATABASE_URL: {why}. A backup goes into an empty one: name another file (sqlite:///data/restored.db), "
    "or make another PostgreSQL database. Nothing was changed."
)
SILENT = "DATABASE_URL: the database does not answer. Nothing was changed."
UNUSABLE = "DATABASE_URL: the database cannot be used ({why}). Nothing was changed."


def backup(given: Namespace) -> int:
    """Write all that the database holds into a file, a folder (as a file named by the moment) or "-", while
    the bot runs. A file is readable by its owner only, is never written over, and is there whole or not at
    all. With `keep` only so many of a folder's newest stay. Raises StartFault."""
    settings = _settings()
    if given.keep is not None and (given.keep < 1 or not _is_folder(given.file)):
        raise StartFault(KEEPS_ONE if given.keep < 1 else KEEPS_IN)
    if given.file == STREAM:
        made = _backed_up(settings, sys.stdout.buffer, sys.stderr)
        print(STREAMED.format(**_facts(made)), file=sys.stderr)
        return GOOD
    file = _target(given.file)
    made = _into(settings, file)
    print(MADE.format(file=file, **_facts(made)))
    print(SECRET)
    if given.keep is not None:
        _thin_out(file.parent, given.keep)
    return GOOD


def bring_back(given: Namespace) -> int:
    """Bring an empty database to what a backup holds, or (`check`) look only whether the file is whole,
    without settings or a database. With `moved` what waits is said, for the bot stood still since the backup.
    Status 1 if a ballot book does not fit. Raises StartFault."""
    if given.check:
        set_up_logs("ERROR")
        with _opened(given.file) as file, _said(given.file):
            made = Archive(file).verify()
        print(SOUND.format(file=given.file, **_facts(made)))
        return GOOD
    settings = _settings()
    with _opened(given.file) as file, _said(given.file):
        says, now = partial(_progress, sys.stdout), WALL_CLOCK.now()
        restored = restore(settings.database_url, Archive(file), now, says, moved=given.moved)
    for line in _lines(restored):
        print(line)
    return LOOK if restored.findings else GOOD


def _settings() -> Settings:
    settings = load_settings()
    set_up_logs("ERROR")
    return settings


def _lines(restored: Restored) -> Iterator[str]:
    yield RESTORED.format(**_facts(restored.manifest))
    if restored.findings:
        yield MISFITS.format(books=restored.books)
        yield from (f"- {finding}" for finding in restored.findings)
    elif restored.books:
        yield COUNTED.format(books=restored.books)
    if restored.left.messages:
        yield OPEN.format(count=restored.left.messages)
    yield NEXT


def _facts(made: Manifest) -> dict[str, object]:
    at = f"{made.created_at:%a} {made.created_at.day} {made.created_at:%b %Y, %H:%M} UTC"
    alliance = made.alliance or "a database without an alliance"
    return {"tables": len(made.tables), "rows": made.rows, "at": at, "alliance": alliance}


def _progress(to: TextIO, table: str, rows: int) -> None:
    if rows:
        print(f"  {table}: {rows:,}", file=to, flush=True)


def _is_folder(named: str) -> bool:
    return named != STREAM and (named.endswith("/") or Path(named).is_dir())


def _target(named: str) -> Path:
    file = Path(named)
    if _is_folder(named):
        try:
            file.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as fault:
            raise StartFault(NOT_WRITTEN.format(file=file, why=fault.strerror)) from None
        file /= NAMED.format(at=WALL_CLOCK.now())
    if file.exists():
        raise StartFault(THERE.format(file=file))
    return file


def _into(settings: Settings, file: Path) -> Manifest:
    """Beside it first, then read again, and only then under its name."""
    try:
        number, beside = tempfile.mkstemp(".part", f".{file.name}.", file.parent)  # mode 0600
    except OSError as fault:
        raise StartFault(NOT_WRITTEN.format(file=file, why=fault.strerror)) from None
    try:
        with os.fdopen(number, "w+b") as out:
            made = _backed_up(settings, out, sys.stdout)
            out.flush()
            os.fsync(out.fileno())
            Archive(out).verify()
        _name(beside, file)
    except Damaged as fault:
        raise StartFault(BROKEN_AS_MADE.format(file=file, why=fault)) from None
    except OSError as fault:
        raise StartFault(NOT_WRITTEN.format(file=file, why=fault.strerror)) from None
    finally:
        with suppress(FileNotFoundError):
            os.unlink(beside)
    return made


def _name(beside: str, file: Path) -> None:
    """Give it its name, unless that was taken meanwhile."""
    try:
        os.link(beside, file)
    except FileExistsError:
        raise StartFault(THERE.format(file=file)) from None
    except OSError:  # a file system without links
        os.rename(beside, file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _thin_out(folder: Path, keep: int) -> None:
    """Only backups that are called as ours are; the newest stay. What was never finished goes, too."""
    for one in folder.iterdir():
        if LEFT.fullmatch(one.name) and WALL_CLOCK.now().timestamp() - one.stat().st_mtime > A_DAY:
            one.unlink()
    old = sorted(one for one in folder.iterdir() if OURS.fullmatch(one.name))[:-keep]
    for one in old:
        one.unlink()
    if old:
        print(GONE.format(count=len(old), kept=keep))


def _backed_up(settings: Settings, out: IO[bytes], says: TextIO) -> Manifest:
    try:
        return back_up(settings.database_url, out, WALL_CLOCK.now(), partial(_progress, says))
    except NothingThere as fault:
        raise StartFault(NO_DATABASE.format(why=fault)) from None
    except Busy:
        raise StartFault(SILENT) from None
    except (OSError, StartFault):
        raise
    except Exception as fault:  # a file that is no database, a server that speaks something else
        log.error("database_unusable", exc_info=fault)
        raise StartFault(UNUSABLE.format(why=type(fault).__name__)) from None


@contextmanager
def _opened(named: str) -> Iterator[IO[bytes]]:
    """The file; what comes on standard input is put on the disk first, for it is read from its end."""
    if named == STREAM:
        with tempfile.TemporaryFile() as kept:
            while part := sys.stdin.buffer.read(2**20):
                kept.write(part)
            kept.seek(0)
            yield cast("IO[bytes]", kept)
        return
    with ExitStack() as stack:
        try:
            file = stack.enter_context(Path(named).open("rb"))
        except OSError as fault:
            raise StartFault(NO_FILE.format(file=named, why=fault.strerror)) from None
        yield file


@contextmanager
def _said(named: str) -> Iterator[None]:
    """Whatever keeps a backup from being restored, in a sentence."""
    try:
        yield
    except Damaged as fault:
        raise StartFault(BROKEN.format(file=named, why=fault)) from None
    except NewerArchive as fault:
        raise StartFault(NEWER.format(file=named, why=fault)) from None
    except NotEmpty as fault:
        raise StartFault(FULL.format(why=fault)) from None
    except Busy:
        raise StartFault(SILENT) from None
    except Exception as fault:  # a file that is no database, a server that speaks something else
        log.error("database_unusable", exc_info=fault)
        raise StartFault(UNUSABLE.format(why=type(fault).__name__)) from None
