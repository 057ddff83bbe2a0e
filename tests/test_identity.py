"""Identity holds: accounts that are closed, people who are renamed, and one human behind several doors."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.messages import Account
from bot.people.closing import closed, says_closed
from storage.store import Storage, Store
from tests.both_platforms import Both
from tests.identity_stage import closes_account, opens_account, tells_of
from tests.storage.made_up import NOW
from tests.world import World

ASKED = [
    "Ana's Slack account is closed.",
    "Nothing of mine reaches them now.",
    "Does Ana still speak for Pool-Net?",
    "You get this because you may end that role.",
]
TAPS = ["Still with us", "End the role"]


@pytest.fixture
async def on_slack(storage: Storage) -> AsyncIterator[World]:
    """The alliance on Slack."""
    async with World("slack", storage) as world:
        yield world


@pytest.fixture
async def both(storage: Storage) -> AsyncIterator[Both]:
    """The alliance on both platforms."""
    async with Both(storage) as both:
        yield both


def asked(somebody: Any) -> list[Any]:
    """What they were asked about closed accounts."""
    posts = somebody.posts(somebody.user.direct)
    heard = [somebody.reads_on(post) for post in posts]
    return [one for one in heard if "account is closed" in one.text]


async def test_a_closed_account_ends_no_role_and_is_asked_about_once(on_slack: World) -> None:
    ana = await on_slack.member("Ana", "pool-net", "representative")
    rui = await on_slack.member("Rui", "pool-net", "representative")
    vera = await on_slack.member("Vera", "", "coordinator")
    await closes_account(on_slack, ana)
    await closes_account(on_slack, ana)  # Slack says it again with each change of the profile
    for reader in (rui, vera):
        [told] = asked(reader)
        assert [line for line in told.lines if line][: len(ASKED)] == ASKED
        assert told.buttons[:2] == TAPS
    heard = await rui.taps("Still with us")
    assert heard.lines == [
        "Good: Ana still speaks for Pool-Net.",
        "Nothing of mine reaches them now. A new invitation brings them in again.",
    ]
    assert heard.buttons == ["Invite again"]
    await vera.taps("End the role")
    heard = await vera.taps("Yes, end it")
    assert heard.first == "Ended: Ana, Representative for Pool-Net. What they logged stays."
    assert "Ana" not in (await rui.types("/people")).text


async def test_an_account_that_is_opened_again_works_again(on_slack: World) -> None:
    ana = await on_slack.member("Ana", "pool-net", "representative")
    rui = await on_slack.member("Rui", "pool-net", "representative")

    def reachable(store: Store) -> tuple[bool, bool]:
        person = store.accounts.identify(ana.account).person
        assert person is not None
        [one] = store.accounts.of_person(person.id)
        return one.reachable, one.closed_at is not None

    await closes_account(on_slack, ana)
    assert await on_slack.storage.read(reachable) == (False, True)
    await tells_of(on_slack, ana, deleted=True, is_restricted=True)
    assert await on_slack.storage.read(reachable) == (False, True)
    await opens_account(on_slack, ana)
    assert await on_slack.storage.read(reachable) == (True, False)
    assert len(asked(rui)) == 1
    heard = await rui.taps("Still with us")
    assert heard.lines == ["Good: Ana still speaks for Pool-Net.", "I write to them on Slack."]

    assert asked(rui) == []  # the answer stands where the question stood
    on_slack.clock.pass_(hours=24)
    await closes_account(on_slack, ana)
    await on_slack.settled()
    assert len(asked(rui)) == 1  # it was closed once more


async def test_whoever_slack_tells_of_without_a_word_of_theirs_is_not_kept(on_slack: World) -> None:
    zoe = on_slack.stranger("Zoe")
    await tells_of(on_slack, zoe)
    await closes_account(on_slack, zoe)
    assert (
        await on_slack.storage.read(lambda store: store.accounts.identify(zoe.account))
    ).account_id is None


async def test_who_has_another_account_is_written_to_there(both: Both) -> None:
    ana = await both.member("Ana", "pool-net", on="slack")
    rui = await both.member("Rui", "pool-net", "representative", on="slack")
    phone = both.stranger("Ana", on="telegram")

    def link(store: Store) -> None:
        person = store.accounts.identify(ana.account).person
        assert person is not None
        store.accounts.attach(store.accounts.remember(phone.account, both.clock.now()), person.id)

    await both.storage.write(link)
    await closes_account(both, ana)
    [told] = asked(rui)
    assert told.lines[:2] == ["Ana's Slack account is closed.", "I write to them on Telegram now."]
    await rui.types("/invite")
    heard = await rui.taps("Still with us")
    assert heard.lines == ["Good: Ana still speaks for Pool-Net.", "I write to them on Telegram."]
    await rui.types("/leave")
    await rui.taps("Yes, leave")
    await both.settled()
    assert phone.reads().first == "Rui has left Pool-Net here (Representative)."


async def test_the_name_follows_the_platform_until_somebody_chose_their_own(on_slack: World) -> None:
    ana = await on_slack.member("Ana", "pool-net")
    rui = await on_slack.member("Rui", "pool-net")
    ana.user._person.name = "Ana Maria Sousa"

    async def a_day_later() -> None:  # a profile is asked for once a day, and after a restart
        await on_slack.stop_bot()
        await on_slack.start_bot()

    await a_day_later()
    await ana.says("thank you")
    assert "Ana Maria Sousa" in (await rui.types("/people")).text

    def choose(store: Store) -> None:
        person = store.accounts.identify(ana.account).person
        assert person is not None
        store.persons.change(person.id, name="A. M. Sousa")

    await on_slack.storage.write(choose)
    ana.user._person.name = "ana ✨"
    await a_day_later()
    await ana.says("thank you")
    assert "A. M. Sousa" in (await rui.types("/people")).text


@pytest.mark.parametrize(
    ("says", "so"),
    [
        ("blocked: Forbidden: user is deactivated", True),
        ("lost: user_disabled", True),
        ("blocked: Forbidden: bot was blocked by the user", False),
        ("lost: user_not_visible", False),
        ("account_inactive", False),  # that is our own token
    ],
)
def test_what_platforms_say_of_closed_accounts(says: str, so: bool) -> None:
    assert says_closed(says) is so


def test_closing_what_is_nobodys_tells_nobody(storage: Storage) -> None:
    def work(store: Store) -> bool:
        number = store.accounts.remember(Account("slack", "T1", "U9"), NOW)
        closed(store, number, NOW)
        return store.accounts.get(number).reachable

    assert storage.write_now(work) is False


async def test_somebody_who_is_in_elsewhere_is_shown_how_to_link_and_not_let_in_twice(both: Both) -> None:
    ana = await both.member("Ana Sousa", "pool-net", on="slack")
    rui = await both.member("Rui", "pool-net", "representative", on="slack")
    phone = both.stranger("ana  sousa", on="telegram")
    await phone.says("hello")
    await phone.taps("I'm with a member")
    await phone.taps("Pool-Net")
    await both.settled()
    told = rui.reads()
    assert told.lines[:2] == [
        "ana sousa (Telegram) asks to join for Pool-Net.",
        "Somebody called Ana Sousa is in for Pool-Net already. Is that the same person?",
    ]
    assert told.buttons[:3] == ["Let them in", "Same person", "Not now"]
    heard = await rui.taps("Same person")
    assert heard.lines == [
        "I've shown ana sousa how to link both accounts.",
        "Only they can do it. Nothing changes until then.",
    ]
    await both.settled()
    assert phone.reads().lines == [
        "Rui says that you're in for Pool-Net already.",
        'Then one profile is enough. Type "link" to me there, and the code here.',
    ]
    code = (await ana.says("link")).text
    await phone.taps("Type the code")
    found = re.search(r"[A-Z2-7]{4}-[A-Z2-7]{4}", code)
    assert found, code
    await phone.says(found[0])
    await both.settled()
    heard = await ana.taps("Yes, link")
    assert heard.lines == ["Linked: Telegram · ana sousa is you as well, with the same roles and lists."]
    assert (await rui.types("/people")).text.count("Sousa") == 1


async def test_somebody_without_a_name_is_still_somebody(storage: Storage) -> None:
    async with World("telegram", storage) as world:
        marie = await world.member("Marie", "cimes")
        nameless = world.stranger("\u3164")
        await nameless.says("hello")
        await nameless.taps("I'm with a member")
        await nameless.taps("CIMES")
        await world.settled()
        assert marie.reads().first == "A Telegram user (Telegram) asks to join for CIMES."


async def test_a_name_from_right_to_left_stays_in_its_place(on_slack: World) -> None:
    await on_slack.member("שרה כהן", "cimes")
    marie = await on_slack.member("Marie", "cimes")
    heard = await marie.types("/people")
    assert "\u2068שרה כהן\u2069 · Representative" in heard.text


async def test_a_deleted_telegram_account_is_asked_about_once(storage: Storage) -> None:
    async with World("telegram", storage) as world:
        ana = await world.member("Ana", "pool-net", "representative")
        rui = await world.member("Rui", "pool-net", "representative")
        await world.member("Zoe", "pool-net")
        ana.user.person.deactivated = True
        for leaver in ("Tom", "Tim"):  # each is told to Ana, whose account is gone
            one = await world.member(leaver, "pool-net")
            await one.types("/leave")
            await one.taps("Yes, leave")
            await world.settled()
        told = [rui.reads_on(post) for post in rui.user.sees() if "account is closed" in post.text]
        assert [one.first for one in told] == ["Ana's Telegram account is closed."]


async def test_colleagues_of_one_name_are_told_apart(on_slack: World) -> None:
    rui = await on_slack.member("Rui", "pool-net", "representative")
    for role in ("alternate", "member", "member"):
        await on_slack.member("Ana Sousa", "pool-net", role)
    heard = await rui.types("/end role")
    labels = heard.buttons[:3]
    assert len(set(labels)) == 3
    assert all(one.startswith("Ana") and len(one) <= 20 for one in labels)
    await rui.types("/away until 5 December")
    heard = rui.reads()
    assert len(set(heard.buttons)) == len(heard.buttons)


async def test_a_newcomer_without_a_name_has_none_of_digits(storage: Storage) -> None:
    async with World("telegram", storage) as world:
        marie = await world.member("Marie", "cimes")
        nameless = world.stranger("\u3164")
        await nameless.says("hello")
        await nameless.taps("I'm with a member")
        await nameless.taps("CIMES")
        await world.settled()
        heard = await marie.taps("Let them in")
        assert heard.first.startswith("A Telegram user is in for CIMES (")
