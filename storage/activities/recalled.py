"""Remembered days, brought forward by one activity that was written: as reading them anew returns them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from storage.activities.values import Activity
from storage.columns import as_kept


class Days(NamedTuple):
    """What was asked for: the activities of these days, both included."""

    first: date
    last: date


def with_written(
    known: Mapping[Any, Any], activity: Activity, *, new: bool = False
) -> dict[Days, tuple[Activity, ...]]:
    """The remembered days with an activity as it was just written; a `new` one stands nowhere yet. What was
    worked out from them is left out."""
    return {
        days: _with(among if new else _without(among, activity.record.id), activity, *days)
        for days, among in known.items()
        if isinstance(days, Days)
    }


def _with(among: tuple[Activity, ...], activity: Activity, first: date, last: date) -> tuple[Activity, ...]:
    if not first <= activity.record.day <= last:
        return among
    return tuple(sorted((*among, activity), key=lambda one: (one.record.day, one.record.id)))


def _without(among: tuple[Activity, ...], number: int) -> tuple[Activity, ...]:
    return tuple(one for one in among if one.record.id != number)


def as_read(activity: Activity) -> Activity:
    """An activity as it was given to be written, with its words as the database keeps them."""
    record, proofs = activity.record, activity.evidence
    record = replace(
        record,
        title=as_kept(record.title),
        smes=tuple(
            replace(
                sme,
                name=as_kept(sme.name),
                country=as_kept(sme.country),
                registration=as_kept(sme.registration),
                domain=as_kept(sme.domain),
            )
            for sme in record.smes
        ),
    )
    proofs = tuple(replace(one, url=as_kept(one.url)) for one in proofs)
    return replace(activity, record=record, evidence=proofs)
