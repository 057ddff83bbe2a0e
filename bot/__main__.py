"""`python -m bot`: the command line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import Any

from bot.app import StartFault
from bot.charter import CharterFault
from bot.command_line import shell
from bot.command_line.backup import backup, bring_back
from bot.logs import set_up_logs
from bot.seeding import AllianceMismatch
from bot.settings import SettingsFault

STOPPED = 2  # the status when it could not begin


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one of the commands below; returns the status. What keeps it from starting is said in
    sentences, never in a traceback."""
    given = _parser().parse_args(arguments)
    set_up_logs()
    try:
        status: int = given.does(given)
    except (SettingsFault, CharterFault, StartFault) as fault:
        return _say(fault.lines)
    except AllianceMismatch as fault:
        return _say([str(fault)])
    return status


def _say(lines: list[str]) -> int:
    for line in lines:
        print(line, file=sys.stderr)
    return STOPPED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description="The bot of one alliance.")
    parser.set_defaults(does=shell.run)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    _add(commands, "run", shell.run, "the bot: Slack and Telegram with tokens set, the terminal without")
    _add(commands, "chat", shell.chat, "the terminal workspace; a script when standard input is a file")
    _add(commands, "migrate", shell.migrate, "bring the database's tables to the newest version")
    _add(commands, "check", shell.check, "settings, charter, templates, database, tokens: one line each")
    invite = _add(commands, "invite", shell.invite, "print an invitation code, and a link where there is one")
    invite.add_argument("--organisation", default="", metavar="SLUG", help="for whom, such as mecatech")
    invite.add_argument("--role", default="", metavar="ROLE", help="a role, such as coordinator")
    invite.add_argument("--all", action="store_true", help="one for every organisation that has nobody yet")
    export = _add(commands, "export", shell.export, "print a motion's ballot book, for a recount elsewhere")
    export.add_argument("--motion", type=int, required=True, metavar="NUMBER", help="its number, such as 7")
    recount = _add(commands, "recount", shell.recount, "count an exported ballot book again, offline")
    recount.add_argument("file", metavar="FILE", help="what `export` printed")
    year = _add(commands, "simulate-year", shell.simulate_year, "a year on paper: who is told what, and when")
    year.add_argument("--year", type=int, default=2027, metavar="YEAR", help="which one, such as 2027")
    year.add_argument("--seed", type=int, default=1, metavar="N", help="another one is another year")
    words = _add(commands, "translations", shell.translations, "what is not yet, or not safely, translated")
    words.add_argument("--update", action="store_true", help="bring the catalogues up to date first")
    words.add_argument("--members", action="store_true", help="put in what members would have it say")
    safe = _add(commands, "backup", backup, "everything in one file, while the bot runs")
    safe.add_argument("file", metavar="FILE", help="a new file, a folder, or - for standard output")
    safe.add_argument("--keep", type=int, metavar="N", help="of a folder's backups keep only the newest N")
    back = _add(commands, "restore", bring_back, "a backup into an empty database, of either kind")
    back.add_argument("file", metavar="FILE", help="what `backup` wrote, or - for standard input")
    back.add_argument("--check", action="store_true", help="only look whether it is whole")
    back.add_argument("--moved", action="store_true", help="the bot stood still since: say what waits")
    manifest = _add(commands, "manifest", shell.manifest, "print the manifest of the Slack app")
    manifest.add_argument("--oauth", action="store_true", help="other workspaces add the app themselves")
    manifest.add_argument("--http", action="store_true", help="receive over HTTP instead of Socket Mode")
    return parser


def _add(commands: Any, name: str, does: shell.Does, says: str) -> argparse.ArgumentParser:
    added: argparse.ArgumentParser = commands.add_parser(name, help=says, description=says)
    added.set_defaults(does=does)
    return added


if __name__ == "__main__":
    sys.exit(main())
