"""The image and its neighbours, as far as they can be tried without an engine: no image is built here."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.compose_reading import instructions, read_yaml
from tests.servers.telegram import TelegramServer

ROOT = Path(__file__).parents[1]
DOCKERFILE = instructions((ROOT / "Dockerfile").read_text(encoding="utf-8"))
ASKED_FOR = {  # what compose knows of a service, and of which kind it is; nothing else stands in ours
    **{"image": str, "build": str, "restart": str, "init": bool, "read_only": bool, "stop_grace_period": str},
    **{"environment": dict, "depends_on": dict, "healthcheck": dict},
    **dict.fromkeys(("cap_drop", "security_opt", "env_file", "ports", "tmpfs", "volumes"), list),
    **dict.fromkeys(("profiles", "entrypoint", "command"), list),
}
A_WHILE = re.compile(r"\d+(s|m|h)")
SCRIPT = "/log workshop Green hydrogen 101 on 12 May with MecaTech\n/indicators\n"
# Root without any of root's rights: what it may not write to is as closed to it as to anybody else.
POWERLESS = ("setpriv", "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs")


def said(name: str) -> list[str]:
    """What the last stage says under this instruction."""
    begins = max(at for at, (one, _) in enumerate(DOCKERFILE) if one == "FROM")
    return [rest for one, rest in DOCKERFILE[begins:] if one == name]


def copied() -> set[str]:
    """What of this folder any stage takes."""
    return {rest.split()[0] for name, rest in DOCKERFILE if name == "COPY" and not rest.startswith("--from")}


def in_the_image() -> dict[str, str]:
    """What of this folder stands in /app at the end, source -> place: copied there, or by way of a stage."""
    found = {}
    for rest in said("COPY"):
        source, place = rest.removeprefix("--from=build ").split()
        if place != "/venv":
            found[source.removeprefix("/app/")] = source if place == "." else place
    return found


def health_command() -> list[str]:
    """What the engine asks for health."""
    how, _, command = said("HEALTHCHECK")[0].partition(" CMD ")
    assert how.split() == ["--interval=30s", "--timeout=5s", "--start-period=60s", "--retries=3"]
    words: list[str] = json.loads(command)
    return words


def test_the_image_is_made_of_what_is_there_and_let_through() -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split("\n")
    assert ignored[1] == "*"
    let_through = {line[1:] for line in ignored if line.startswith("!")}
    assert let_through == copied()
    for source in copied():
        assert (ROOT / source).exists(), source
    assert in_the_image().keys() == copied() - {"requirements.lock"}


def test_the_image_runs_as_nobody_in_particular() -> None:
    names = {name for name, _ in DOCKERFILE}
    assert "ADD" not in names
    assert said("USER") == ["10001:10001"]
    assert said("STOPSIGNAL") == ["SIGTERM"]
    assert json.loads(said("ENTRYPOINT")[0]) == ["python", "-m", "bot"]  # no shell that keeps signals
    assert json.loads(said("CMD")[0]) == ["run"]
    assert json.loads(said("VOLUME")[0]) == ["/app/data", "/backups"]
    installs = [rest for name, rest in DOCKERFILE if name == "RUN" and "pip install" in rest]
    assert len(installs) == 1
    assert "--require-hashes" in installs[0]
    assert "://" not in (ROOT / "Dockerfile").read_text(encoding="utf-8")


def test_compose_says_what_compose_understands() -> None:
    text = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    whole = read_yaml(text)
    assert set(whole) == {"name", "services", "volumes"}
    services = whole["services"]
    assert set(services) == {"postgres", "bot", "standby", "backup"}
    for name, service in services.items():
        for key, value in service.items():
            assert isinstance(value, ASKED_FOR[key]), f"{name}: {key}"
        assert service["restart"] == "unless-stopped"
        assert A_WHILE.fullmatch(service["stop_grace_period"])
        assert "/" not in service["image"].partition(":")[0]  # no registry is named
        for needed, how in service.get("depends_on", {}).items():
            assert how == {"condition": "service_healthy"}
            assert "healthcheck" in services[needed]
        for volume in service.get("volumes", ()):
            assert volume.partition(":")[0] in whole["volumes"]
        for key, value in service.get("healthcheck", {}).items():
            assert key in ("test", "interval", "timeout", "retries", "start_period")
            assert key != "test" or value[0] in ("CMD", "CMD-SHELL")
    assert services["postgres"]["image"] == "postgres:17"


def test_the_services_of_one_image_differ_in_what_they_do_only() -> None:
    services = read_yaml((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]
    bot, standby, backup = (services[name] for name in ("bot", "standby", "backup"))
    for one in (bot, standby, backup):
        assert (one["image"], one["read_only"], one["cap_drop"]) == ("charterbot:local", True, ["ALL"])
        assert one["tmpfs"] == ["/tmp"]
        assert one["environment"]["DATABASE_URL"] == bot["environment"]["DATABASE_URL"]
        assert int(one["stop_grace_period"].rstrip("s")) >= 10  # the bot's own longest end
    for one in (bot, standby):
        port = one["environment"]["HTTP_PORT"]
        assert one["ports"] == [f"127.0.0.1:{port}:{port}"]
    assert bot["ports"] != standby["ports"]
    assert {**bot, "ports": 0, "environment": 0} == {**standby, "ports": 0, "environment": 0}
    assert backup["profiles"] == ["backup"]
    assert "python -m bot backup /backups/ --keep 35" in backup["command"][0]
    assert subprocess.run(["sh", "-n", "-c", backup["command"][0]], check=False).returncode == 0


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """A folder as /app is in the image: what is copied and nothing else, and nobody can write to it."""
    app = tmp_path / "app"
    ignores = shutil.ignore_patterns("__pycache__", "*.pyc")
    app.mkdir()
    for source, place in in_the_image().items():
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, app / place, ignore=ignores)
        else:
            shutil.copy(ROOT / source, app / place)
    (app / "data").mkdir()
    for path in (app, *app.rglob("*")):
        if path.name != "data":
            path.chmod(0o555 if path.is_dir() else 0o444)
    return app


def surroundings(tmp_path: Path, **more: str) -> dict[str, str]:
    """What the container has: no HOME that can be written to, a place for what is passing."""
    passing = tmp_path / "tmp"
    passing.mkdir(exist_ok=True)
    return {
        "PATH": os.defpath,
        "TMPDIR": str(passing),
        "HOME": "/nonexistent",
        "PYTHONUNBUFFERED": "1",
    } | more


def asking(*arguments: str) -> list[str]:
    """`python -m bot …` by somebody who owns nothing."""
    powerless = POWERLESS if os.geteuid() == 0 and shutil.which(POWERLESS[0]) else ()
    return [*powerless, sys.executable, "-m", "bot", *arguments]


@pytest.mark.kill
def test_what_is_copied_is_enough(image: Path, tmp_path: Path) -> None:
    given = surroundings(tmp_path)

    def runs(*arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            asking(*arguments), cwd=image, env=given, input=typed, capture_output=True, text=True, timeout=120
        )

    tried = runs("migrate")
    assert (tried.returncode, tried.stdout) == (0, "The tables are at the newest version.\n"), tried.stderr
    tried = runs("check")
    assert tried.returncode == 0, tried.stdout + tried.stderr
    assert "✗" not in tried.stdout
    tried = runs("chat", typed=SCRIPT)
    assert tried.returncode == 0, tried.stderr
    assert "✓ Logged: Green hydrogen 101 · workshop" in tried.stdout
    tried = runs("backup", "data/")
    assert tried.returncode == 0, tried.stderr
    tried = runs("restore", "--check", *[f"data/{one.name}" for one in (image / "data").glob("*.zip")])
    assert tried.returncode == 0, tried.stderr
    assert not list(image.rglob("__pycache__"))


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramServer]:
    """Telegram's stand-in."""
    server = TelegramServer()
    await server.start()
    yield server
    await server.stop()


@pytest.mark.kill
async def test_health_is_asked_as_the_image_asks(
    image: Path, tmp_path: Path, telegram: TelegramServer
) -> None:
    """Of the one that leads, and of one that stands by; then both end cleanly."""
    bots, ports = [], [free_port(), free_port()]
    for port in ports:
        given = surroundings(
            tmp_path,
            HTTP_PORT=str(port),
            TELEGRAM_BOT_TOKEN=telegram.token,
            TELEGRAM_API_URL=telegram.api_url,
        )
        bots.append(
            await asyncio.create_subprocess_exec(
                *asking("run"), cwd=image, env=given, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
            )
        )
        assert not await is_healthy(port)
        for _ in range(600):
            if await is_healthy(port):
                break
            assert bots[-1].returncode is None
            await asyncio.sleep(0.1)
        assert await is_healthy(port)
    for bot in bots:
        bot.send_signal(signal.SIGTERM)
    for bot in bots:
        assert await asyncio.wait_for(bot.wait(), 15) == 0
    assert not any([await is_healthy(port) for port in ports])


async def is_healthy(port: int) -> bool:
    """What the engine would think."""
    asked = await asyncio.create_subprocess_exec(
        sys.executable, *health_command()[1:], env={"HTTP_PORT": str(port)}, stderr=subprocess.DEVNULL
    )
    return await asked.wait() == 0


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as one:
        number: int = one.getsockname()[1]
        return number
