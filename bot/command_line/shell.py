"""What each command of the command line does; each returns its status."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import threading
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

import structlog

from bot.app import App, StartFault, open_house, open_storage, ports_for
from bot.assembly.exporting import export_of
from bot.command_line.checking import check_all
from bot.command_line.inviting import Invited, NotInvited, in_lines, invite_all, invite_one
from bot.command_line.recount import main as count_again
from bot.command_line.rehearsal import chat as sit_down
from bot.command_line.rehearsal import let_people_in
from bot.commands import N_, REGISTRY
from bot.logs import set_up_logs
from bot.platforms.manifest import slack_manifest
from bot.platforms.port import Finding
from bot.platforms.terminal import Keyboard, Screen, Script
from bot.settings import Settings, load_settings
from bot.simulation import simulate, timeline
from bot.translating.updating import LANGUAGES, all_faults, put_into, update
from storage.store import Store

log = structlog.get_logger()

Does = Callable[[Namespace], int]

APP_NAME = "Charterbot"
LONGEST_END = 10.0  # seconds from the first signal to the end, whatever hangs
SIMULATED = range(2026, 2100)  # the years that can be lived on paper
NO_TOKENS = N_("No Slack or Telegram token is set, so this is the terminal workspace.")
ROOT = Path(__file__).parents[2]
CATALOGUES = (ROOT / "catalogues", ROOT / "charters")
NOTHING_NEW = N_("Members changed nothing that the catalogues don't have already.")
ALL_TRANSLATED = N_("All is said in {languages} languages beside English.")
AT_NEWEST = N_("The tables are at the newest version.")


def run(given: Namespace) -> int:
    """The bot on its platforms until SIGTERM or SIGINT; without tokens the terminal workspace."""
    settings = _settings()
    if not (settings.has_slack or settings.has_telegram or settings.has_mail):
        print(NO_TOKENS, flush=True)
        return chat(given)
    ports = ports_for(settings)
    house = open_house(settings)
    asyncio.run(_until_signalled(App(house, ports)))
    return 0


def chat(_: Namespace) -> int:
    """The terminal workspace: somebody at a keyboard, or a script."""
    settings = _settings()
    if "log_level" not in settings.model_fields_set:
        set_up_logs("ERROR")  # a conversation is no place for the log
    for stream in (sys.stdin, sys.stdout):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")
    house = open_house(settings)
    people = let_people_in(house)
    screen: Screen = Keyboard() if sys.stdin.isatty() else Script(sys.stdin, sys.stdout)
    asyncio.run(sit_down(house, screen, people))
    return 0


def migrate(_: Namespace) -> int:
    """Bring the tables to the newest version."""
    open_storage(_settings()).close_now()
    print(AT_NEWEST)
    return 0


def check(_: Namespace) -> int:
    """One line for each thing that has to be right before a start; status 1 if one is not."""
    set_up_logs("ERROR")
    findings = asyncio.run(check_all())
    width = max(len(finding.what) for finding in findings)
    for finding in findings:
        print(_line(finding, width))
    return 0 if all(finding.good for finding in findings) else 1


def translations(given: Namespace) -> int:
    """Bring the catalogues up to date, put into them what members would have the bot say, or only say what is
    missing or unsafe in them; status 1 if anything is."""
    if given.members:
        storage = open_storage(_settings())
        wordings = storage.read_now(lambda store: store.wordings.in_force())
        storage.close_now()
        changed = [line for folder in CATALOGUES for line in put_into(folder, wordings)]
        print("\n".join(changed) or NOTHING_NEW)
        return 0
    if given.update:
        update(ROOT)
    found = all_faults(ROOT)
    print("\n".join(found) if found else ALL_TRANSLATED.format(languages=len(LANGUAGES)))
    return 1 if found else 0


def invite(given: Namespace) -> int:
    """Print invitation codes, with links where a connected platform has them."""
    settings = _settings()
    set_up_logs("ERROR")
    house = open_house(settings)

    def invited(store: Store) -> tuple[Invited, ...]:
        charter, now = house.charters.at(house.clock.now().date()), house.clock.now()
        if given.all:
            return invite_all(store, charter, given.role, now)
        if not (given.role or given.organisation):
            raise NotInvited(f"--role is needed: one of {', '.join(one.key for one in charter.roles)}.")
        return (invite_one(store, charter, given.organisation, given.role, now),)

    try:
        these = house.storage.write_now(invited)
    except NotInvited as no:
        raise StartFault(str(no)) from None
    finally:
        house.storage.close_now()
    print("\n".join(in_lines(these, asyncio.run(_start_links(settings)))))
    return 0


def manifest(given: Namespace) -> int:
    """Print the manifest from which Slack makes the app."""
    try:
        settings = _settings()
        oauth = given.oauth or settings.has_slack_installs
        made = slack_manifest(REGISTRY, APP_NAME, not given.http, settings.public_url, oauth)
    except ValueError as fault:
        raise StartFault(str(fault)) from None
    print(json.dumps(made, indent=2, ensure_ascii=False))
    return 0


def export(given: Namespace) -> int:
    """Print the ballot book of a motion as JSON (docs/ballot-book.md), for anyone to count again."""
    settings = _settings()
    set_up_logs("ERROR")
    storage = open_storage(settings)
    try:
        exported = storage.read_now(lambda store: export_of(store, given.motion))
    except LookupError as none:
        raise StartFault(str(none)) from None
    finally:
        storage.close_now()
    print(json.dumps(exported, indent=2, ensure_ascii=False))
    return 0


def recount(given: Namespace) -> int:
    """Count an exported ballot book again: without database, settings or network."""
    return count_again(given.file)


def simulate_year(given: Namespace) -> int:
    """Live a year with the charter's made-up people, whom nobody writes to, and print who would have been
    told what, and when. The database of the settings is left alone."""
    settings = _settings()
    set_up_logs("ERROR")
    if given.year not in SIMULATED:
        raise StartFault(f"--year is one from {SIMULATED.start} to {SIMULATED.stop - 1}, such as 2027.")
    lived = asyncio.run(simulate(settings.charter, given.year, given.seed))
    for line in timeline(lived.lines):
        print(line)
    return 0


def _settings() -> Settings:
    settings = load_settings()
    set_up_logs(settings.log_level)
    return settings


def _line(finding: Finding, width: int) -> str:
    return f"{'✓' if finding.good else '✗'} {finding.what.ljust(width)}  {finding.says}"


async def _start_links(settings: Settings) -> tuple[Callable[[str], str], ...]:
    """What makes links into the direct chat, once each platform has told its name."""
    ports = ports_for(settings)
    for port in ports.values():
        try:
            await asyncio.wait_for(port.check(), LONGEST_END)
        except Exception as trouble:  # the code alone is good too
            log.warning("platform_not_asked", platform=port.name, exc_info=trouble)
        finally:
            await port.disconnect()
    return tuple(port.start_link for port in ports.values())


async def _until_signalled(app: App) -> None:
    """Run until SIGTERM or SIGINT. Whatever hangs then, the process is gone after ten seconds: all that
    was acknowledged is recorded."""
    until, loop = asyncio.Event(), asyncio.get_running_loop()

    def stop() -> None:
        for one in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(one)  # a second signal does not wait
        last = threading.Timer(LONGEST_END, os._exit, (1,))
        last.daemon = True
        last.start()
        until.set()

    for one in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(one, stop)
    await app.run(until)
