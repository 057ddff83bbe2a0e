"""Store: one transaction's view of the database, one attribute a noun."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

from sqlalchemy import Connection

from storage.accounts import Accounts
from storage.activities import Activities
from storage.attention import Attention
from storage.ballots import Ballots
from storage.broadcasts import Broadcasts
from storage.buttons import Buttons
from storage.calendar_links import CalendarLinks
from storage.cards import Cards
from storage.challenges import Challenges
from storage.charters import Charters
from storage.deliveries import Deliveries
from storage.drafts import Drafts
from storage.editions import Editions
from storage.emails import Emails
from storage.events import Events
from storage.feedback import Feedbacks
from storage.installations import Installations
from storage.invitations import Invitations
from storage.jobs import Jobs
from storage.leases import Leases
from storage.letters import Letters
from storage.links import Links
from storage.media import MediaVerbs
from storage.meetings import Meetings
from storage.milestones import Milestones
from storage.motions import Motions
from storage.news import News
from storage.organisations import Organisations
from storage.partner_questions import PartnerQuestions
from storage.persons import Persons
from storage.places import Places
from storage.posts import Posts
from storage.profile_checks import ProfileChecks
from storage.recall import Recall
from storage.received import ReceivedEvents
from storage.roles import Roles
from storage.rsvps import Rsvps
from storage.signatures import Signatures
from storage.silenced import Silenced
from storage.subscriptions import Subscriptions
from storage.terms import Terms
from storage.wordings import Wordings


class Store:
    """One transaction's view of the database. Good only inside the work it was given to."""

    def __init__(self, connection: Connection, writes: bool, recall: Recall) -> None:
        self._connection, self._writes, self._recall = connection, writes, recall
        recall.connection = connection

    @cached_property
    def organisations(self) -> Organisations:
        return Organisations(self._connection, self._writes, self._recall)

    @cached_property
    def charters(self) -> Charters:
        return Charters(self._connection, self._writes, self._recall)

    @cached_property
    def persons(self) -> Persons:
        return Persons(self._connection, self._writes, self._recall)

    @cached_property
    def accounts(self) -> Accounts:
        return Accounts(self._connection, self._writes, self._recall)

    @cached_property
    def roles(self) -> Roles:
        return Roles(self._connection, self._writes)

    @cached_property
    def invitations(self) -> Invitations:
        return Invitations(self._connection, self._writes)

    @cached_property
    def links(self) -> Links:
        return Links(self._connection, self._writes)

    @cached_property
    def activities(self) -> Activities:
        return Activities(self._connection, self._writes, self._recall)

    @cached_property
    def motions(self) -> Motions:
        return Motions(self._connection, self._writes)

    @cached_property
    def ballots(self) -> Ballots:
        return Ballots(self._connection, self._writes)

    @cached_property
    def challenges(self) -> Challenges:
        return Challenges(self._connection, self._writes)

    @cached_property
    def meetings(self) -> Meetings:
        return Meetings(self._connection, self._writes)

    @cached_property
    def signatures(self) -> Signatures:
        return Signatures(self._connection, self._writes)

    @cached_property
    def terms(self) -> Terms:
        return Terms(self._connection, self._writes)

    @cached_property
    def milestones(self) -> Milestones:
        return Milestones(self._connection, self._writes)

    @cached_property
    def events(self) -> Events:
        return Events(self._connection, self._writes)

    @cached_property
    def rsvps(self) -> Rsvps:
        return Rsvps(self._connection, self._writes)

    @cached_property
    def feedback(self) -> Feedbacks:
        return Feedbacks(self._connection, self._writes)

    @cached_property
    def partner_questions(self) -> PartnerQuestions:
        return PartnerQuestions(self._connection, self._writes)

    @cached_property
    def emails(self) -> Emails:
        return Emails(self._connection, self._writes)

    @cached_property
    def calendar_links(self) -> CalendarLinks:
        return CalendarLinks(self._connection, self._writes)

    @cached_property
    def places(self) -> Places:
        return Places(self._connection, self._writes)

    @cached_property
    def posts(self) -> Posts:
        return Posts(self._connection, self._writes)

    @cached_property
    def drafts(self) -> Drafts:
        return Drafts(self._connection, self._writes)

    @cached_property
    def buttons(self) -> Buttons:
        return Buttons(self._connection, self._writes)

    @cached_property
    def received(self) -> ReceivedEvents:
        return ReceivedEvents(self._connection, self._writes)

    @cached_property
    def deliveries(self) -> Deliveries:
        return Deliveries(self._connection, self._writes)

    @cached_property
    def cards(self) -> Cards:
        return Cards(self._connection, self._writes)

    @cached_property
    def jobs(self) -> Jobs:
        return Jobs(self._connection, self._writes)

    @cached_property
    def leases(self) -> Leases:
        return Leases(self._connection, self._writes)

    @cached_property
    def installations(self) -> Installations:
        return Installations(self._connection, self._writes)

    @cached_property
    def silenced(self) -> Silenced:
        return Silenced(self._connection, self._writes)

    @cached_property
    def attention(self) -> Attention:
        return Attention(self._connection, self._writes)

    @cached_property
    def profile_checks(self) -> ProfileChecks:
        return ProfileChecks(self._connection, self._writes)

    @cached_property
    def broadcasts(self) -> Broadcasts:
        return Broadcasts(self._connection, self._writes)

    @cached_property
    def media(self) -> MediaVerbs:
        return MediaVerbs(self._connection, self._writes)

    @cached_property
    def news(self) -> News:
        return News(self._connection, self._writes)

    @cached_property
    def editions(self) -> Editions:
        return Editions(self._connection, self._writes)

    @cached_property
    def subscriptions(self) -> Subscriptions:
        return Subscriptions(self._connection, self._writes)

    @cached_property
    def letters(self) -> Letters:
        return Letters(self._connection, self._writes)

    @cached_property
    def wordings(self) -> Wordings:
        return Wordings(self._connection, self._writes, self._recall)

    @property
    def changed(self) -> frozenset[str]:
        """The nouns, of those that are recalled, that this transaction has changed so far."""
        return self._recall.changed_nouns

    @contextmanager
    def trial(self) -> Iterator[None]:
        """What is written inside is undone at its end, however it ends: for looking at what would be done.
        Only where the transaction may write."""
        savepoint = self._connection.begin_nested()
        try:
            with self._recall.trial():
                yield
        finally:
            savepoint.rollback()

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """What is written inside is undone if it raises, and the transaction can go on. Only where the
        transaction may write."""
        savepoint = self._connection.begin_nested()
        try:
            with self._recall.attempt():
                yield
        except BaseException:
            savepoint.rollback()
            raise
        savepoint.commit()
