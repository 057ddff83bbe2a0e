"""The verbs over batches: all the deliveries that one decision puts on their way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.rules.broadcasts.values import Tally
from storage.columns import Verbs
from storage.deliveries import batches
from storage.deliveries.tables import Act, Delivery


class Batches(Verbs):
    """The verbs over deliveries that go together."""

    def of_batch(self, batch: str) -> tuple[Delivery, ...]:
        """Every delivery of a batch, in whatever state, as they were queued."""
        return batches.deliveries_of(self._connection.execute(batches.OF_BATCH, {"those": batch}))

    def held(self, batch: str) -> tuple[Delivery, ...]:
        """`of_batch`, and until this transaction ends nobody claims one of them, says what became of one, or
        sends one another way. What is claimed after that says what stands then."""
        known: list[int] | None = None
        while True:  # what one of them became while we waited for it (another way) is held, too
            rows = self._connection.execute(batches.HELD, {"those": batch}).all()
            if [row.id for row in rows] == known:
                return batches.deliveries_of(rows)
            known = [row.id for row in rows]

    def tally(self, batch: str) -> Tally:
        """How a batch stands, each reader counted once."""
        return batches.tally_of(self._connection.execute(batches.TALLY, {"those": batch}))

    def outcomes(self, batch: str) -> tuple[batches.Outcome, ...]:
        """What became of a batch for each reader, in the order of the deliveries that say so."""
        return tuple(map(batches.outcome_of, self._connection.execute(batches.OUTCOMES, {"those": batch})))

    def stop(self, batch: str, says: str, now: datetime, *, even_so: bool = False) -> int:
        """What of a batch still waits is not sent, and that is why: how many those are. What is on its way
        at this moment may arrive, and is not tried again if it does not. Where nothing waits nothing changes,
        but with `even_so`: then what is on its way is not tried again either."""
        asked = {"those": batch, "what": says, "now": now}
        stopped = len(self._connection.execute(batches.STOP, asked).all())
        if stopped or even_so:
            self._connection.execute(batches.NO_MORE, asked)
        return stopped

    def leave_out(self, batch: str, acts: Sequence[Act], says: str, now: datetime) -> None:
        """Of what is about this batch, those of these acts that still wait are not done, and that is why."""
        asked = {"those": batch, "acts": list(acts), "what": says, "now": now}
        self._connection.execute(batches.LEAVE_OUT, asked)

    def move(self, batch: str, not_before: datetime, useful_until: datetime | None = None) -> int:
        """What of a batch still waits goes at another moment: how many those are. It helps as long as it
        did, or until another moment. So does what is on its way just now, if it does not arrive."""
        asked = {"those": batch, "then": not_before, "over": useful_until}
        moved = len(self._connection.execute(batches.MOVE_ALL, asked).all())
        self._connection.execute(batches.MOVE_IF_PUT_OFF, asked)
        return moved

    def stands_after_all(self, delivery_id: int, now: datetime) -> None:
        """A message of which nobody could tell has arrived: what was to be done about it, and was left out
        for that (`UNCLEAR_THEN`), is due now."""
        self._connection.execute(batches.STANDS_AFTER_ALL, {"one": delivery_id, "now": now})
