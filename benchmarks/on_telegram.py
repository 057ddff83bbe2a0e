"""Telegram, bare and ours, against a Bot API in a process of its own."""

from __future__ import annotations

import asyncio
import subprocess
import sys

from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters

from benchmarks.telegram_api import LOOK, PEOPLE
from benchmarks.world import ROOT, Meter, fill, flushing, world
from bot.platforms.pacing import FREE
from bot.platforms.telegram import TelegramPort


def api(count: int, text: str) -> tuple[subprocess.Popen[str], str]:
    """A Bot API in a process of its own, and its address."""
    command = [sys.executable, "-m", "benchmarks.telegram_api", str(count), text, str(PEOPLE)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stdout
    return process, f"http://127.0.0.1:{process.stdout.readline().strip()}"


async def telegram_echo(count: int, _url: str) -> None:
    """python-telegram-bot as its first example has it: one handler, its defaults."""
    process, address = api(count, "hello {title}")
    meter = Meter(count)
    app = Application.builder().token("1:bench").base_url(f"{address}/bot").build()

    async def echo(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message
        await update.message.reply_text(update.message.text or "")
        meter.tick()

    app.add_handler(MessageHandler(filters.TEXT, echo))
    async with app:
        await app.start()
        assert app.updater
        await app.updater.start_polling()
        await meter.done.wait()
        await app.updater.stop()
        await app.stop()
    process.kill()
    meter.report()


async def telegram_ours(count: int, url: str, text: str) -> None:
    """The whole pipe: polling, dispatch, commit, answer."""
    dispatch, storage, meter = world(url, "telegram", "", count)
    if text == LOOK:
        await fill(dispatch, "telegram", 40)
    process, address = api(count, text)
    port = TelegramPort("1:bench", address, pace=FREE)
    beside = asyncio.create_task(flushing(dispatch))
    await port.connect(dispatch)
    await meter.done.wait()
    await port.disconnect()
    beside.cancel()
    await storage.close()
    process.kill()
    meter.report()
