"""Several workspaces: each adds the app itself, is spoken to with its own token, may take it out again."""

from __future__ import annotations

import pytest

from bot.connecting import ports_for
from bot.messages import Message, Place
from bot.platforms.port import SendFailed
from bot.settings import load_settings
from tests.platforms.slack_installs_stage import (
    HOME,
    KEY,
    NEWER,
    InstallWorld,
    asked_of,
    kept_tokens,
)


async def test_a_workspace_adds_the_app_and_its_visitor_is_greeted(many: InstallWorld) -> None:
    marie = many.someone("Marie", many.slack.installs.workspace(7, "CIMES"), language="fr-FR")
    async with many.browser() as browser:
        page = await browser.opens("/slack/install")
        assert "Replies under my own messages, in channels that I am in: some are votes." in page.text
        assert page.headers["x-frame-options"] == "DENY"
        assert page.headers["cache-control"] == "no-store"
        cookie = page.headers["set-cookie"]
        assert all(word in cookie for word in ("HttpOnly", "Secure", "SameSite=lax", "Path=/slack"))
        asked = asked_of(await browser.offered())
        assert asked["client_id"] == many.slack.installs.client_id
        assert asked["redirect_uri"] == f"{HOME}/slack/oauth_redirect"
        assert "chat:write" in asked["scope"].split(",")
        done = await browser.adds(marie)
    assert done.status_code == 200
    assert "Your Slack workspace: CIMES." in done.text
    await many.settled()
    hello = marie.reads()
    assert hello.first == "Hello! I'm in CIMES now, thanks to you."
    assert hello.buttons == ["I have an invitation", "I'm with a member", "Just looking"]
    row = (await many.rows())["T7"]
    token = many.slack.installs.workspaces["T7"].token
    assert (row.name, row.bot_user, row.installer, row.state) == ("CIMES", "UBOT7", marie.user.id, "active")
    assert row.installed_by is not None
    assert token
    assert token not in (*await kept_tokens(many.storage), repr(row))
    assert many.tokens_of("chat.postMessage") == [token]


async def test_a_way_back_is_good_once_in_ten_minutes_in_one_browser(many: InstallWorld) -> None:
    marie = many.someone("Marie", many.slack.installs.workspace(7, "CIMES"))
    async with many.browser() as browser, many.browser() as other:
        back = await browser.at_slack(await browser.offered(), marie)
        foreign = await other.opens(back)
        assert foreign.status_code == 400
        assert "You began in another browser, or it keeps no cookies from here." in foreign.text
        assert (await browser.opens(back)).status_code == 200
        again = await browser.opens(back)
        assert again.status_code == 400
        assert "This way was gone already. If you see me in your Slack, all is well." in again.text
        late = await browser.at_slack(await browser.offered(), marie)
        many.clock.pass_(minutes=11)
        old = await browser.opens(late)
        assert old.status_code == 400
        assert "This way is older than ten minutes, or a piece of it got lost." in old.text
        made_up = await browser.opens("/slack/oauth_redirect?code=x&state=made-up")
        assert made_up.status_code == 400
        used_code = (await browser.at_slack(await browser.offered(), marie)).replace("code=", "code=0")
        assert (await browser.opens(used_code)).status_code == 400
    assert len(await many.rows()) == 1


async def test_app_uninstalled_may_come_first(many: InstallWorld) -> None:
    seven = many.slack.installs.workspace(7, "CIMES")
    vera = await many.member("Vera", "", "coordinator", team="T1")
    assert vera.team == "T1"
    await many.installs(many.someone("Marie", seven))
    many.clock.pass_(hours=1)
    await many.slack.uninstalls(seven, first="app_uninstalled")
    assert (await many.rows())["T7"].state == "removed"


async def test_a_token_that_slack_takes_no_more_ends_the_installation(many: InstallWorld) -> None:
    installs = many.slack.installs
    seven = installs.workspace(7, "CIMES")
    installs.workspace(8, "Pool-Net")
    marie = await many.member("Marie", "cimes", team="T7")
    vera = await many.member("Vera", "", "coordinator", team="T8")
    await many.installs(vera)
    await many.installs(marie)
    many.clock.pass_(hours=1)
    installs.revoke(seven, "account_inactive")
    await marie.says("help")
    await many.settled()
    assert (await many.rows())["T7"].state == "revoked"
    assert "The Slack workspace CIMES took me out." in vera.reads().text
    assert not many.there.pacer.paused()
    assert (await vera.types("/help")).first


async def test_a_late_word_of_an_end_takes_nothing_back(many: InstallWorld) -> None:
    seven = many.slack.installs.workspace(7, "CIMES")
    marie = many.someone("Marie", seven)
    await many.installs(marie)
    many.clock.pass_(hours=1)
    await many.slack.uninstalls(seven)
    event = list(many.slack.delivery.sent)[-1]
    late = many.slack.delivery.sent[event] | {"event_id": "EvLate"}
    many.clock.pass_(hours=1)
    await many.installs(marie)
    await many.slack.delivery.event(late)
    await many.settled()
    assert (await many.rows())["T7"].is_active


async def test_a_whole_organisation_installs_it_once_for_all_its_workspaces(many: InstallWorld) -> None:
    whole = many.slack.installs.workspace(9, "Cluster Group", teams=("T91", "T92"))
    anna, ben = many.someone("Anna", "T91"), many.someone("Ben", "T92")
    assert (await many.installs(anna)).first == "Hello! I'm in Cluster Group now, thanks to you."
    row = (await many.rows())["E9"]
    assert (row.is_enterprise_install, row.team, row.enterprise) == (True, "", "E9")
    many.slack.spoke.clear()
    await ben.says("hello there")
    assert ben.reads().first.startswith("Hello! I keep the diary and the votes of")
    assert many.tokens_of("chat.postMessage") == [whole.token]
    found = await many.storage.read(lambda store: store.accounts.identify(anna.account))
    assert found.account_id == row.installed_by
    assert (await many.there.direct(ben.account)).installation == "E9"


async def test_a_channel_that_two_workspaces_share_is_answered_once(many: InstallWorld) -> None:
    installs = many.slack.installs
    seven, eight = installs.workspace(7, "CIMES"), installs.workspace(8, "Pool-Net")
    marie, joao = many.someone("Marie", seven), many.someone("João", eight)
    await many.installs(marie)
    await many.installs(joao)
    both = many.slack.channel("both", marie.user, joao.user, bot=False)
    both.members |= {seven.bot_user, eight.bot_user}
    many.slack.spoke.clear()
    await marie.user.says(f"<@{seven.bot_user}> <@{eight.bot_user}> help", both, raw=True)
    assert len([one for one in marie.user.sees(both) if one.author != marie.user.id]) == 1
    assert many.tokens_of("chat.postEphemeral") == [seven.token]
    await joao.user.says(f"<@{seven.bot_user}> <@{eight.bot_user}> help", both, raw=True)
    posted = many.tokens_of("chat.postEphemeral") + many.tokens_of("chat.postMessage")
    assert posted == [seven.token] * 2
    many.clock.pass_(hours=1)
    await many.slack.uninstalls(seven)
    both.members.discard(seven.bot_user)
    await joao.user.says(f"<@{eight.bot_user}> help", both, raw=True)
    assert many.tokens_of("chat.postEphemeral")[-1] == eight.token


async def test_a_pause_of_one_workspace_stops_no_other(many: InstallWorld) -> None:
    installs = many.slack.installs
    marie = many.someone("Marie", installs.workspace(7, "CIMES"))
    joao = many.someone("João", installs.workspace(8, "Pool-Net"))
    await many.installs(marie)
    await many.installs(joao)
    there, elsewhere = await many.there.direct(marie.account), await many.there.direct(joao.account)
    post = await many.there.send(there, Message("one"))
    many.slack.fail_next("chat.update", status=429, retry_after=60)
    with pytest.raises(SendFailed) as limited:
        await many.there.edit(post, Message("two"))
    assert (limited.value.kind, limited.value.scope, limited.value.after) == ("later", "chat", 60.0)
    calls = len(many.slack.called("chat.update"))
    with pytest.raises(SendFailed, match="the workspace rests"):
        await many.there.edit(post, Message("two"))
    assert len(many.slack.called("chat.update")) == calls
    other = await many.there.send(elsewhere, Message("one"))
    await many.there.edit(other, Message("two"))
    many.clock.pass_(seconds=61)
    await many.there.edit(post, Message("two"))


async def test_a_wrong_key_is_said_and_only_the_installations_are_out(many: InstallWorld) -> None:
    seven = many.slack.installs.workspace(7, "CIMES")
    marie = many.someone("Marie", seven)
    await many.installs(marie)
    await many.stop_bot()
    many.key, many.own = NEWER, True
    await many.start_bot()
    paul = many.someone("Paul", "T1")
    assert (await paul.says("hello")).first
    await marie.says("hello")
    with pytest.raises(SendFailed, match="no key opens its token"):
        await many.there.direct(marie.account)
    found = {one.what: one for one in await many.there.check()}
    assert not found["Slack workspaces"].good
    assert found["Slack workspaces"].says.startswith("ENCRYPTION_KEY: it does not open the tokens of CIMES;")
    assert found["Slack bot token"].good
    await many.stop_bot()
    many.key = f"{NEWER},{KEY}"
    before = await kept_tokens(many.storage)
    await many.start_bot()
    await many.slack.connected()
    assert (await many.there.direct(marie.account)).installation == "T7"
    assert await kept_tokens(many.storage) != before
    await many.stop_bot()
    many.key = NEWER
    await many.start_bot()
    assert (await many.there.direct(marie.account)).installation == "T7"


async def test_check_names_each_installation(many: InstallWorld) -> None:
    installs = many.slack.installs
    seven, eight = installs.workspace(7, "CIMES"), installs.workspace(8, "Pool-Net")
    await many.installs(many.someone("Marie", seven))
    await many.installs(many.someone("João", eight))
    assert [(one.what, one.good, one.says) for one in await many.there.check()] == [
        ("Slack: CIMES", True, "All is granted."),
        ("Slack: Pool-Net", True, "All is granted."),
        ("Slack app token", True, "Socket Mode is open to me."),
    ]
    many.clock.pass_(hours=1)
    await many.slack.uninstalls(seven)
    many.slack.scopes.remove("im:write")
    says = [one.says for one in await many.there.check()]
    assert says[:2] == [
        "It took our token back on 2026-11-24; who runs it can add the app again.",
        "It lacks scopes; let it add the app again: im:write.",
    ]


async def test_the_settings_token_speaks_until_its_workspace_installs_the_app(many: InstallWorld) -> None:
    await many.stop_bot()
    many.own = True
    await many.start_bot()
    paul, installs = many.someone("Paul", "T1"), many.slack.installs
    marie = many.someone("Marie", installs.workspace(7, "CIMES"))
    await many.installs(marie)
    many.slack.spoke.clear()
    await paul.says("hello there")
    await marie.says("hello there")
    assert many.tokens_of("chat.postMessage") == [many.slack.bot_token, installs.workspaces["T7"].token]


async def test_no_token_is_in_a_log(many: InstallWorld, capsys: pytest.CaptureFixture[str]) -> None:
    seven = many.slack.installs.workspace(7, "CIMES")
    marie = many.someone("Marie", seven)
    await many.installs(marie)
    token = seven.token
    many.slack.fail_next("chat.postMessage", status=500)
    await marie.says("hello there")
    many.slack.installs.revoke(seven)
    await marie.says("hello there")
    await many.settled()
    shown = capsys.readouterr()
    assert "slack.installation_over" in shown.out
    assert token not in shown.out + shown.err
    assert many.slack.installs.client_secret not in shown.out + shown.err + repr(many.installing)
    async with many.browser() as browser:
        assert (await browser.head("/slack/oauth_redirect?code=x&state=y")).status_code == 405


async def test_without_a_house_check_reads_the_database_of_the_settings(
    many: InstallWorld, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await many.installs(many.someone("Marie", many.slack.installs.workspace(7, "CIMES")))
    given = {
        "DATABASE_URL": sqlite_url,
        "SLACK_CLIENT_ID": many.slack.installs.client_id,
        "SLACK_CLIENT_SECRET": many.slack.installs.client_secret,
        "SLACK_SIGNING_SECRET": "secret",
        "SLACK_API_URL": many.slack.api_url,
        "ENCRYPTION_KEY": KEY,
        "PUBLIC_URL": HOME,
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    port = ports_for(load_settings(None))["slack"]
    assert [route.path for route in port.routes()] == [
        "/slack/events",
        "/slack/install",
        "/slack/oauth_redirect",
    ]
    assert [one.what for one in await port.check()] == ["Slack: CIMES", "Slack signing secret"]
    await port.disconnect()


async def test_somebody_says_no(many: InstallWorld) -> None:
    marie = many.someone("Marie", many.slack.installs.workspace(7, "CIMES"))
    many.slack.installs.denies = True
    async with many.browser() as browser:
        page = await browser.adds(marie)
    assert page.status_code == 200
    assert "You said no, or Slack did for you. That is fine: nothing was added." in page.text
    assert 'href="/slack/install"' in page.text
    assert await many.rows() == {}


async def test_each_workspace_is_answered_with_its_own_token(many: InstallWorld) -> None:
    installs = many.slack.installs
    marie = many.someone("Marie", installs.workspace(7, "CIMES"))
    joao = many.someone("João", installs.workspace(8, "Pool-Net"))
    await many.installs(marie)
    await many.installs(joao)
    many.slack.spoke.clear()
    await marie.says("hello there")
    await joao.says("hello there")
    sevens, eights = installs.workspaces["T7"].token, installs.workspaces["T8"].token
    assert many.tokens_of("chat.postMessage") == [sevens, eights]
    assert "auth.test" not in [method for method, _ in many.slack.spoke]
    heard = await marie.types("/help")
    assert heard.first
    await joao.taps("Just looking")
    assert set(many.tokens_of("chat.postMessage")) == {sevens, eights}


async def test_who_takes_it_out_is_answered_no_more_and_coordinators_hear_it_once(many: InstallWorld) -> None:
    installs = many.slack.installs
    seven, eight = installs.workspace(7, "CIMES"), installs.workspace(8, "Pool-Net")
    marie = await many.member("Marie", "cimes", team="T7")
    vera = await many.member("Vera", "", "coordinator", team="T8")
    await many.installs(marie)
    await many.installs(vera)
    hall = many.slack.channel("hall", marie.user, bot=False)
    hall.members.add(seven.bot_user)
    await marie.says("help", where=hall, mention=True)
    await many.storage.write(lambda store: store.places.remember(_place("T7", hall.id), many.clock.now()))
    many.clock.pass_(hours=1)
    await many.slack.uninstalls(seven)
    await many.settled()
    told = vera.reads().text
    assert "The Slack workspace CIMES took me out." in told
    assert "1 place there waits and gets nothing meanwhile." in told
    assert "1 person reads me only there." in told
    assert f"{HOME}/slack/install" in told
    assert len([one for one in many.slack.world.messages if "took me out" in one.words]) == 1
    assert (await many.rows())["T7"].state == "revoked"
    place = await many.storage.read(lambda store: store.places.find(_place("T7", hall.id)))
    assert place is not None
    assert place.state == "removed"
    many.clock.pass_(hours=1)
    installs.visitor = marie.user
    await many.installs(marie)
    assert marie.reads().first == "Hello again! I'm back in CIMES, and my places are as they were."
    place = await many.storage.read(lambda store: store.places.find(_place("T7", hall.id)))
    assert place is not None
    assert place.state == "open"
    assert (await many.rows())["T7"].is_active
    assert eight.token


def _place(workspace: str, channel: str) -> Place:
    return Place("slack", workspace, channel, "", "group", "hall")
