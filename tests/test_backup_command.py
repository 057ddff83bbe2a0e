"""`python -m bot backup` and `restore`: what they say, and what they leave."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest

from bot.__main__ import _parser, main
from storage.backup import Archive, back_up, restore
from storage.deliveries import Delivery
from storage.store import Storage, Store
from tests.backup_stage import holds, keep_picture, kept_of, tables_in
from tests.storage.made_up import NOW, settle, workshop
from tests.test_check import environment
from tests.world import MORNING

__all__ = ["environment"]

ROOT = Path(__file__).parents[1]
LARGE = 200_000  # bytes


def fill(url: str) -> None:
    """A person, an organisation, a role, an activity and a picture."""
    storage = Storage(url)
    author = storage.write_now(settle)
    storage.write_now(lambda store: store.activities.add(workshop(), author, (), NOW))
    storage.write_now(keep_picture)
    storage.close_now()


@pytest.fixture
def filled(environment: pytest.MonkeyPatch, sqlite_url: str) -> str:
    """A database with something in it, which the settings name."""
    fill(sqlite_url)
    return sqlite_url


def said(capsys: pytest.CaptureFixture[str]) -> tuple[list[str], str]:
    """What was printed, and the last line of what went wrong."""
    printed = capsys.readouterr()
    assert "Traceback" not in printed.err
    return printed.out.splitlines(), (printed.err.splitlines() or [""])[-1]


def test_back_and_forth_on_the_command_line(
    filled: str, environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["backup", "kept.zip"]) == 0
    lines, _ = said(capsys)
    assert "  persons: 1" in lines
    assert lines[-2].startswith("kept.zip: ")
    assert lines[-2].endswith("Read again, and whole.")
    assert lines[-1] == "It holds names, votes and keys: keep it as safe as the database."
    assert stat.S_IMODE(os.stat("kept.zip").st_mode) == 0o600
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith(".")] == []

    assert main(["backup", "kept.zip"]) == 2
    assert said(capsys)[1] == "kept.zip is there already. Name another file; nothing was written."

    assert main(["restore", "--check", "kept.zip"]) == 0
    assert said(capsys)[0][0].startswith("kept.zip is whole: a database without an alliance, ")

    assert main(["restore", "kept.zip"]) == 2
    assert said(capsys)[1] == (
        "DATABASE_URL: the database holds something already. A backup goes into an empty one: name another "
        "file (sqlite:///data/restored.db), or make another PostgreSQL database. Nothing was changed."
    )

    environment.setenv("DATABASE_URL", "sqlite:///new/restored.db")
    assert main(["restore", "kept.zip"]) == 0
    lines, _ = said(capsys)
    assert lines[-2].startswith("Restored a database without an alliance as of ")
    assert lines[-1] == "Now start the bot."
    assert holds("sqlite:///new/restored.db") == holds(filled)

    environment.setenv("DATABASE_URL", "sqlite:///nowhere.db")
    assert main(["backup", "other.zip"]) == 2
    assert (
        said(capsys)[1]
        == "DATABASE_URL: there is nothing to back up yet: there is no database nowhere.db yet."
    )
    assert not Path("nowhere.db").exists()
    assert not Path("other.zip").exists()
    assert main(["restore", "other.zip"]) == 2
    assert said(capsys)[1] == "other.zip cannot be opened: No such file or directory."


def test_what_waited_goes_after_a_move_and_else_only_by_hand(
    filled: str, environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    storage = Storage(filled)
    storage.write_now(waits)
    storage.close_now()
    assert main(["backup", "kept.zip"]) == 0
    said(capsys)
    for number, (more, open_) in enumerate((([], True), (["--moved"], False))):
        environment.setenv("DATABASE_URL", f"sqlite:///back{number}.db")
        assert main(["restore", *more, "kept.zip"]) == 0
        line = "Messages that may have gone out since: 1. None is sent again; the coordinator decides."
        assert (line in said(capsys)[0]) is open_


def waits(store: Store) -> None:
    """A message that is due."""
    store.deliveries.queue([Delivery.new(key="due", platform="slack", template="dropped", not_before=NOW)])


def test_a_folder_keeps_the_newest(filled: str, capsys: pytest.CaptureFixture[str]) -> None:
    folder = Path("backups")
    folder.mkdir()
    others = ["charterbot-20200101-000000.zip", "charterbot-20200102-000000.zip", "mine.zip"]
    killed = [f".charterbot-2020010{day}-000000.zip.abc.part" for day in (1, 2)]
    for name in (*others, *killed):
        (folder / name).write_bytes(b"")
    os.utime(folder / killed[0], (0, 0))
    assert main(["backup", "backups", "--keep", "2"]) == 0
    lines, _ = said(capsys)
    assert lines[-1] == "Older backups that are gone now: 1. The newest stay: 2."
    kept = sorted(one.name for one in folder.iterdir())
    assert kept.pop(0) == killed[1]  # it may still be written
    assert len(kept) == 3
    assert kept[0] == others[1]
    assert kept[2] == "mine.zip"
    assert main(["restore", "--check", str(folder / kept[1])]) == 0
    assert main(["backup", "one.zip", "--keep", "2"]) == 2
    assert said(capsys)[1] == "--keep needs a folder, such as backups/."


@pytest.mark.kill
def test_through_a_pipe(filled: str, tmp_path: Path) -> None:
    """From one process into another one, with nothing but a pipe between."""
    there = f"sqlite:///{tmp_path / 'piped.db'}"
    shared = {**os.environ, "PYTHONPATH": str(ROOT)}
    asked = [sys.executable, "-m", "bot"]
    out = subprocess.run([*asked, "backup", "-"], env=shared, capture_output=True, check=True)
    assert b"Written: " in out.stderr
    back = subprocess.run(
        [*asked, "restore", "-"], env=shared | {"DATABASE_URL": there}, input=out.stdout, capture_output=True
    )
    assert (back.returncode, back.stderr) == (0, b"")
    assert holds(there) == holds(filled)


@pytest.mark.kill
def test_a_restore_that_is_killed_leaves_nothing(filled: str, tmp_path: Path) -> None:
    storage = Storage(filled)
    for _ in range(60):
        storage.write_now(keep_large)
    storage.close_now()
    Path("large.zip").write_bytes(kept_of(filled).getvalue())
    there = f"sqlite:///{tmp_path / 'killed.db'}"
    restoring = subprocess.Popen(
        [sys.executable, "-m", "bot", "restore", "large.zip"],
        env={**os.environ, "PYTHONPATH": str(ROOT), "DATABASE_URL": there},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert restoring.stdout is not None
    with restoring:
        assert restoring.stdout.readline() == "  activities: 1\n"
        restoring.kill()
    assert tables_in(there) == []
    with Path("large.zip").open("rb") as file:
        restore(there, Archive(file), MORNING)
    assert holds(there) == holds(filled)


def test_memory_does_not_grow_with_the_database(filled: str) -> None:
    """Sixty pictures, of which never more than a few are held."""
    storage = Storage(filled)
    for _ in range(60):
        storage.write_now(keep_large)
    storage.close_now()
    tracemalloc.start()
    with Path("large.zip").open("wb") as out:
        back_up(filled, out, MORNING)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert Path("large.zip").stat().st_size > 60 * LARGE
    assert most < 30 * LARGE


def keep_large(store: Store) -> None:
    """A picture that nothing makes smaller."""
    one = store.media.want("slack", "F9", "a.png", "image/png", LARGE, None, MORNING)
    store.media.keep(one, os.urandom(LARGE), "a.png", "image/png")


@pytest.mark.parametrize(
    ("page", "tells"), [("docs/running.md", "restore --check"), ("README.md", "manifest --oauth")]
)
def test_every_command_that_the_pages_name_is_one(page: str, tells: str) -> None:
    named = re.findall(r"python -m bot ([a-z][^`\n#<>\")]*)", (ROOT / page).read_text(encoding="utf-8"))
    assert len(named) > 8
    assert any(line.startswith(tells) for line in named)
    for line in named:
        _parser().parse_args(line.split())


def test_whatever_opens_the_database_is_run_as_the_bots_user() -> None:
    """Or a restore that root typed would leave a database to which the bot cannot write."""
    page = (ROOT / "docs/running.md").read_text(encoding="utf-8")
    shown = [block for block in page.split("```")[1::2] if "[Service]" not in block]
    typed = [line for block in shown if "sudo -u charterbot bash" not in block for line in block.splitlines()]
    asked = [line for line in typed if "python -m bot" in line and not line.startswith("docker compose ")]
    assert len(asked) > 7
    as_the_bot = "sudo -u charterbot .venv/bin/python -m bot "
    assert [line for line in asked if not line.startswith(as_the_bot)] == []


def test_keep_is_at_least_one(filled: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("backups").mkdir()
    assert main(["backup", "backups", "--keep", "0"]) == 2
    assert said(capsys)[1] == "--keep is 1 or more."
    assert list(Path("backups").iterdir()) == []
