"""Lists of readers as a file (CSV) that a table program opens without harm."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from bot.messages import Attachment

_BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def table(name: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> Attachment:
    """A file of that name. No cell is taken for a formula, whatever somebody is called."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow([_harmless(cell) for cell in header])
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return Attachment(name, "text/csv", written.getvalue())


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.lstrip(" ").startswith(_BEGINS_FORMULA) else cell
