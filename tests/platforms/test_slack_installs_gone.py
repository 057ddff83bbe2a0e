"""A command in a workspace where we are installed no more: the way back, in a language that is read there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.templating.catalogues import Catalogues
from storage.store import Storage
from tests.platforms.slack_installs_stage import HOME, InstallWorld
from tests.test_languages import written

WORDS = {
    "I'm not in this workspace any more.": "Já não estou neste espaço de trabalho.",
    "Whoever runs it can let me in again: %(link)s": "Quem o gere pode deixar-me entrar: %(link)s",
}


@pytest.fixture
async def many(sqlite_url: str, tmp_path: Path) -> AsyncIterator[InstallWorld]:
    storage = Storage(sqlite_url)
    spoken = Catalogues(written(tmp_path / "po", "pt", WORDS))
    async with InstallWorld("slack", storage, catalogues=spoken) as world:
        assert isinstance(world, InstallWorld)
        yield world
    storage.close_now()


async def test_a_command_from_where_i_am_not_is_told_the_way_back(many: InstallWorld) -> None:
    paul = many.someone("Paul", "T1")
    heard = await paul.types("/help")
    assert heard.lines == [
        "I'm not in this workspace any more.",
        f"Whoever runs it can let me in again: {HOME}/slack/install",
    ]
    assert many.slack.called("chat.postMessage") == []
    known = await many.storage.read(lambda store: store.accounts.identify(paul.account))
    assert known.account_id is None  # a look leaves no trace


async def test_who_reads_another_language_reads_it_in_that(many: InstallWorld) -> None:
    installs = many.slack.installs
    seven = installs.workspace(7, "CIMES")
    marie = await many.member("Marie", "cimes", team="T7")
    await many.installs(marie)
    await marie.types("/language português")
    many.clock.pass_(hours=1)
    await many.slack.uninstalls(seven)
    assert (await marie.types("/help")).lines == [
        "Já não estou neste espaço de trabalho.",
        f"Quem o gere pode deixar-me entrar: {HOME}/slack/install",
    ]


async def test_nobody_gets_there_by_typing(many: InstallWorld) -> None:
    marie = many.someone("Marie", many.slack.installs.workspace(7, "CIMES"))
    await many.installs(marie)
    heard = await marie.types("/alliance slack gone")
    assert "any more" not in heard.text
