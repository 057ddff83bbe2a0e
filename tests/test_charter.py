"""The charter file: what it says, what is refused and in which words, and which version holds when."""

# ruff: noqa: E501 - a fault and the whole sentence it is told in stand on one line

from __future__ import annotations

import json
import tomllib
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.charter import Charter, CharterFault, Charters, DecisionKind, as_fraction, load, load_people
from bot.rules.indicators import Condition
from bot.rules.newsletter.values import Newsletter

FILE = Path(__file__).parent.parent / "charters" / "green-manufacturing.toml"
PEOPLE = FILE.with_name("green-manufacturing.test-people.toml")
TEXT = FILE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def charter() -> Charter:
    return load(FILE)


def changed(folder: Path, *changes: tuple[str, str], text: str = TEXT) -> Path:
    """The charter file with words exchanged, each at its first place."""
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path = folder / "x.toml"
    path.write_text(text, encoding="utf-8")
    return path


def lines_of(path: Path) -> list[str]:
    with pytest.raises(CharterFault) as caught:
        load(path)
    return [line.removeprefix(f"{path}: ") for line in caught.value.lines]


# ---- what the file says ----


def test_seven_founders_signed(charter: Charter) -> None:
    signed = {one.slug: (one.country, one.zone, one.signed) for one in charter.organisations}
    assert signed == {
        "cimes": ("FR", "Europe/Paris", date(2025, 7, 28)),
        "emc2": ("FR", "Europe/Paris", date(2025, 8, 26)),
        "mecatech": ("BE", "Europe/Brussels", date(2025, 7, 28)),
        "evoluma": ("PL", "Europe/Warsaw", date(2025, 8, 1)),
        "pool-net": ("PT", "Europe/Lisbon", date(2025, 7, 25)),
        "clust-er-mech": ("IT", "Europe/Rome", date(2025, 1, 28)),
        "green-tech": ("LV", "Europe/Riga", date(2025, 8, 18)),
    }
    assert charter.alliance.in_force == date(2025, 8, 26)


def test_the_four_indicators_become_conditions(charter: Charter) -> None:
    first, proposals, smes, policy = charter.conditions()
    assert first == Condition(
        key="cross-cluster-events",
        label="Knowledge exchange",
        article="Art. 2(1)",
        target=2,
        kinds=("workshop", "webinar"),
        least_organisations=2,
        measure="activities",
        unit="events",
    )
    assert (proposals.target, proposals.kinds, proposals.least_organisations) == (1, ("project-proposal",), 2)
    assert (smes.target, smes.measure, smes.least_organisations) == (20, "smes", 1)
    assert (policy.target, policy.kinds) == (1, ("policy-recommendation", "policy-workshop"))


def test_the_eight_decision_profiles(charter: Charter) -> None:
    seen = {}
    for kind in get_args(DecisionKind):
        rule = charter.decision(kind)
        majority = " and ".join(one.rule for one in rule.majority)
        days = (rule.discussion_days, rule.voting_days, rule.challenge_days)
        seen[kind] = (*days, rule.quorum.share, majority, rule.majority[0].share, rule.secrecy)
        assert rule.provisional
    assert seen == {
        "consultation": (0, 5, 0, None, "none", None, "open"),
        "consent_item": (0, 10, 0, None, "consent", None, "open"),
        "ordinary_resolution": (5, 5, 0, "1/2", "simple", None, "open"),
        "admission": (5, 5, 0, "1/2", "qualified", "2/3", "open"),
        "annual_renewal": (10, 5, 0, "1/2", "simple", None, "open"),
        "charter_amendment": (10, 5, 3, "1/2", "qualified", "2/3", "open"),
        "election": (10, 5, 3, "1/2", "plurality", None, "secret"),
        "exclusion": (10, 10, 5, "2/3", "qualified", "2/3", "sealed"),
    }
    assert charter.decision("admission").majority[0].base == "votes_cast"
    assert charter.decision("exclusion").majority[0].base == "members"
    assert charter.decision("election").secret_from == 8
    assert as_fraction("2/3") == Fraction(2, 3)


@pytest.mark.parametrize(
    ("role", "permission", "allowed"),
    [
        ("representative", "log_activities", True),
        ("alternate", "invite", True),
        ("cluster-manager", "edit_activities", True),
        ("cluster-manager", "vote", False),
        ("member", "log_activities", True),
        ("member", "invite", False),
        ("member", "organise_events", True),
        ("action-coordinator", "organise_events", True),
        ("advisor", "answer_events", True),
        ("advisor", "organise_events", False),
        ("coordinator", "announce", True),
        ("action-coordinator", "announce", True),
        ("action-coordinator", "edit_newsletter", True),
        ("representative", "announce", False),
        ("representative", "edit_newsletter", False),
        ("member", "send_news", True),
        ("coordinator", "send_news", True),
        ("advisor", "send_news", False),
        ("coordinator", "invite_all", True),
        ("coordinator", "close_year", True),
        ("advisor", "see_indicators", True),
        ("advisor", "log_activities", False),
        ("advisor", "see_everything", False),
        ("a-role-of-an-older-version", "log_activities", False),
    ],
)
def test_roles_carry_permissions(charter: Charter, role: str, permission: str, allowed: bool) -> None:
    assert charter.allows(role, permission) is allowed


def test_lookups_by_key(charter: Charter) -> None:
    assert charter.indicator("smes-reached").target == 20
    assert charter.activity_kind("project-proposal").label == "project proposal"
    assert charter.role("advisor").scope == "alliance"
    with pytest.raises(KeyError):
        charter.role("delegate")


def test_the_year_is_the_calendars_unless_the_file_says_otherwise(charter: Charter, tmp_path: Path) -> None:
    assert [charter.year_of(date(2025, 12, 31)), charter.year_of(date(2026, 1, 1))] == [2025, 2026]
    autumn = load(changed(tmp_path, ('year = "calendar"', 'year = "10-01"')))
    assert [autumn.year_of(date(2026, 9, 30)), autumn.year_of(date(2026, 10, 1))] == [2025, 2026]
    assert {condition.year_starts for condition in autumn.conditions()} == {(10, 1)}


def test_made_up_people_for_each_organisation_and_one_coordinator(charter: Charter) -> None:
    people = load_people(PEOPLE, charter)
    assert {one.organisation for one in people} == {one.slug for one in charter.organisations}
    assert [one.name for one in people if "coordinator" in one.roles] == ["Giulia"]


def test_an_alliance_may_name_kinds_of_its_own(tmp_path: Path) -> None:
    own = TEXT + '\n[[activity_kinds]]\nkey = "factory-visit"\nlabel = "factory visit"\n'
    path = changed(tmp_path, ('kinds = ["workshop", "webinar"]', 'kinds = ["factory-visit"]'), text=own)
    assert load(path).conditions()[0].kinds == ("factory-visit",)


def test_six_kinds_of_events_and_what_they_are_logged_as(charter: Charter) -> None:
    seen = {one.key: (one.audience, one.minutes, one.activity, one.assembly) for one in charter.event_kinds}
    assert seen == {
        "webinar": ("public", 60, "webinar", False),
        "workshop": ("public", 180, "workshop", False),
        "fair": ("public", 480, "other", False),
        "task-force-meeting": ("members", 60, None, False),
        "community-meeting": ("members", 90, None, False),
        "general-assembly": ("voters", 120, None, True),
    }
    assert "assemblée générale" in charter.event_kind("general-assembly").words
    with pytest.raises(KeyError):
        charter.event_kind("party")


def test_what_the_newsletter_and_announcements_are_like(charter: Charter) -> None:
    news = charter.newsletter
    assert (news.title, news.approval, news.day, news.hour) == (
        "Green Manufacturing News",
        "shown",
        "first tue",
        "10:00",
    )
    assert (news.draft_days, news.least_items, news.most_of_one) == (7, 3, 3)
    assert (news.least_words, news.most_words) == (150, 900)
    assert list(news.topics) == [
        "machines", "plastics", "green-technology", "know-how", "projects", "smes", "policy",
    ]  # fmt: skip
    assert max(len(label) for label in news.topics.values()) <= 20  # they are buttons
    assert charter.announcements.second_person_from == 25


def test_a_topic_is_known_by_sectors_and_objectives(charter: Charter) -> None:
    sectors = {sector for one in charter.organisations for sector in one.sectors}
    assert [sector for sector in sorted(sectors) if not charter.topics_of([sector])] == []
    assert [one.key for one in charter.objectives if not charter.topics_of((), [one.key])] == []
    assert charter.topics_of(["Plastics", "engines"]) == ("machines", "plastics")
    assert charter.topics_of(["robotics"], ["policy"]) == ("policy",)
    assert charter.topics_of() == ()


def test_an_alliance_that_says_nothing_of_a_newsletter_has_one_like_everybody(
    charter: Charter, tmp_path: Path
) -> None:
    start, end = TEXT.index("[announcements]"), TEXT.index("[calendar]")
    quiet = load(changed(tmp_path, (TEXT[start:end], "")))
    assert quiet.newsletter == Newsletter("Green Manufacturing News")
    assert quiet.topics_of(["plastics"], ["policy"]) == ()
    assert quiet.announcements.second_person_from == 25
    assert quiet.fingerprint() != charter.fingerprint()
    assert "newsletter" not in json.loads(
        quiet.to_json()
    )  # as its versions were written before there was one
    assert Charter.from_json(quiet.to_json()) == quiet
    another = load(changed(tmp_path, ("second_person_from = 25", "second_person_from = 7")))
    assert another.announcements.second_person_from == 7
    short = '[newsletter]\ntitle = "Ours"\n\n[calendar]'
    ours = load(changed(tmp_path, (TEXT[start:end], ""), ("[calendar]", short)))
    assert ours.newsletter == Newsletter("Ours")


def test_sectors_are_those_that_a_name_tells(charter: Charter) -> None:
    assert {one.slug: one.sectors for one in charter.organisations} == {
        "cimes": ("mechanical engineering",),
        "emc2": (),
        "mecatech": ("mechanical engineering",),
        "evoluma": (),
        "pool-net": ("tooling", "plastics"),
        "clust-er-mech": ("mechatronics", "engines"),
        "green-tech": ("green technology", "smart technology"),
    }


# ---- the text ----

SAID = [  # what an article has to say, in the words of the facts
    (1, ["green", "digital", "different countries", "manufacturing", "joint initiatives", "SMEs", "worldwide competition", "one shared voice", "strategic priorities"]),
    (2, ["2 cross-cluster workshops or webinars", "1 joint project proposal", "started or supported", "Several clusters", "20 SMEs", "direct support services", "policy recommendation", "Either"]),
    (3, ["open and inclusive", "transparent and accountable", "active and dynamic", "led by demand", "based on research", "European added value"]),
    (4, ["GEMSTONE", "Any industrial cluster", "validation process", "Partnership Agreement", "European Cluster Collaboration Platform", "active part"]),
    (5, ["Assembly of Members", "at least once a year", "one person", "from within the Assembly", "appointed by the Assembly", "Coordination Team", "Advisory Council", "advises"]),
    (6, ["catalogue", "European projects and funding programmes", "fairs", "newsletters", "may add"]),
    (7, ["voluntary", "no membership fee", "decision of the Assembly", "financial soundness", "outside funding"]),
    (8, ["founding members have signed", "one year at a time", "Any member may propose", "approval of the Assembly"]),
    (9, ["amicable", "No court", "European values", "ethical standards"]),
]  # fmt: skip


@pytest.mark.parametrize(("number", "words"), SAID, ids=lambda value: value if isinstance(value, int) else "")
def test_every_article_has_its_text_a_sentence_a_line(
    charter: Charter, number: int, words: list[str]
) -> None:
    article = charter.article(number)
    assert [word for word in words if word not in article.text] == []
    assert article.text in TEXT  # as the file writes it, so that two versions are compared line by line
    assert (article.motion, article.since) == (None, None)  # it reads as signed
    assert "delegate" not in article.text


def test_the_text_is_whole(charter: Charter) -> None:
    assert [article.number for article in charter.articles] == [number for number, _ in SAID]
    assert charter.preamble is not None
    assert "six months" in charter.preamble.text
    with pytest.raises(KeyError):
        charter.article(10)


def test_a_version_from_before_the_texts_is_still_read(charter: Charter) -> None:
    older = json.loads(charter.to_json())
    del older["preamble"]
    for article in older["articles"]:
        del article["text"], article["motion"], article["since"]
    read = Charter.from_json(json.dumps(older))
    assert read.preamble is None
    assert {article.text for article in read.articles} == {""}
    assert read.article(8).title == charter.article(8).title


def test_a_version_from_before_the_events_is_still_read(charter: Charter) -> None:
    older = json.loads(charter.to_json())
    del older["event_kinds"]
    for member in older["organisations"]:
        del member["sectors"]
    read = Charter.from_json(json.dumps(older))
    assert read.event_kinds == ()
    assert {one.sectors for one in read.organisations} == {()}


# ---- what is refused, in which words ----

WRONG = [
    ("target = 2", "target = 'two'", "indicators[0].target: expected a whole number of 1 or more, found 'two'"),
    ("target = 2", "target = 0", "indicators[0].target: expected a whole number of 1 or more, found 0"),
    ("target = 2", "target = 2.0", "indicators[0].target: expected a whole number of 1 or more, found 2.0"),
    ("target = 2", "target = true", "indicators[0].target: expected a whole number of 1 or more, found true"),
    ("target = 2", "", "indicators[0].target: expected a whole number of 1 or more, found nothing"),
    ("target = 2", "target = 2\ntarged = 2", "indicators[0].targed: expected no such key; did you mean 'target'?"),
    ('country = "BE"', 'country = "XX"', "organisations[2].country: expected a country code of two capitals, such as 'PT', found 'XX'"),
    ('country = "BE"', 'country = "EU"', "organisations[2].country: expected a country code of two capitals, such as 'PT', found 'EU'"),
    ('zone = "Europe/Brussels"', 'zone = "CET+1"', "alliance.zone: expected a time zone, such as 'Europe/Lisbon', found 'CET+1'"),
    ('language = "en"', 'language = "english"', "alliance.language: expected a language code, such as 'pt', found 'english'"),
    ('languages = ["fr", "en"]', "languages = []", "organisations[0].languages: expected a list with something in it, found an empty list"),
    ('languages = ["fr", "en"]', 'languages = "fr"', "organisations[0].languages: expected a list, found 'fr'"),
    ('slug = "cimes"', 'slug = "CIMES FR"', "organisations[0].slug: expected a short name of small letters, digits and hyphens, found 'CIMES FR'"),
    ("in_force = 2025-08-26", "in_force = 'soon'", "alliance.in_force: expected a day, such as 2026-05-12, found 'soon'"),
    ("in_force = 2025-08-26", "in_force = 20250826", "alliance.in_force: expected a day, such as 2026-05-12, found 20250826"),
    ("in_force = 2025-08-26", "", "alliance.in_force: expected a day, such as 2026-05-12, found nothing"),
    ("in_force = 2025-08-26", "in_force = 2025-08-26T10:00:00Z", "alliance.in_force: expected a day, such as 2026-05-12, found '2025-08-26T10:00:00+00:00'"),
    ('share = "2/3"', 'share = "3/2"', "decisions.admission.majority[0].share: expected a fraction above 0 and up to 1, such as '2/3', found '3/2'"),
    ('share = "2/3"', "share = 0.66", "decisions.admission.majority[0].share: expected a fraction above 0 and up to 1, such as '2/3', found 0.66"),
    ('share = "2/3"', 'share = "0/3"', "decisions.admission.majority[0].share: expected a fraction above 0 and up to 1, such as '2/3', found '0/3'"),
    ('share = "2/3"', 'share = "2/0"', "decisions.admission.majority[0].share: expected a fraction above 0 and up to 1, such as '2/3', found '2/0'"),
    ('secrecy = "sealed"', 'secrecy = "hidden"', "decisions.exclusion.secrecy: expected one of 'open', 'sealed' or 'secret', found 'hidden'"),
    ("votes = true", "votes = 'yes'", "classes[0].votes: expected true or false, found 'yes'"),
    ("votes = true", "", "classes[0].votes: expected true or false, found nothing"),
    ('scope = "organisation"', "", "roles[0].scope: expected one of 'organisation', 'alliance', found nothing"),
    ('quorum = { rule = "none" }', "quorum = 0.5", "decisions.consultation.quorum: expected a table, found 0.5"),
    ('quorum = { rule = "none" }', "", "decisions.consultation.quorum: expected a table, found nothing"),
    ('kinds = ["project-proposal"], ', "", "indicators[1].counts.kinds: expected a list, found nothing"),
    ('article = "Art. 2(1)"', 'article = "2(1)"', "objectives[0].article: expected 'Preamble' or an article, such as 'Art. 2(1)', found '2(1)'"),
    ('first = "08-01"', 'first = "02-30"', "calendar.quiet_periods[0].first: expected a day of the year, month first, such as '08-31', found '02-30'"),
    ('deadline_time = "17:00"', 'deadline_time = "25:00"', "calendar.deadline_time: expected a time of day, such as '17:00', found '25:00'"),
    ('year = "calendar"', 'year = "02-29"', "alliance.year: expected 'calendar', or the day the year begins, month first, such as '10-01', found '02-29'"),
    ("undo_hours = 24", "undo_hours = -1", "calendar.undo_hours: expected a whole number of 0 or more, found -1"),
    ("number = 9", "number = 9\nmotion = 'seven'", "articles[8].motion: expected a whole number of 1 or more, found 'seven'"),
    ("[preamble]", "[preamble]\ntitle = 'Why'", "preamble.title: expected no such key (known here: text)"),
    ('sectors = ["tooling", "plastics"]', 'sectors = "tooling"', "organisations[4].sectors: expected a list, found 'tooling'"),
    ('audience = "voters"', 'audience = "everyone"', "event_kinds[5].audience: expected one of 'public', 'members', 'voters', 'coordination' or 'hosts', found 'everyone'"),
    ("minutes = 480", "minutes = 0", "event_kinds[2].minutes: expected a whole number of 1 or more, found 0"),
    ("assembly = true", "asembly = true", "event_kinds[5].asembly: expected no such key; did you mean 'assembly'?"),
    ('day = "first tue"', 'day = "first mon"', "newsletter.day: expected a day of the month from Tuesday to Thursday, such as 'first tue' or 'last thu', found 'first mon'"),
    ('day = "first tue"', 'day = "tue"', "newsletter.day: expected a day of the month from Tuesday to Thursday, such as 'first tue' or 'last thu', found 'tue'"),
    ('hour = "10:00"', 'hour = "16:00"', "newsletter.hour: expected a time of day from '09:00' to before '16:00', found '16:00'"),
    ('hour = "10:00"', 'hour = "08:59"', "newsletter.hour: expected a time of day from '09:00' to before '16:00', found '08:59'"),
    ('hour = "10:00"', "hour = 10", "newsletter.hour: expected a time of day from '09:00' to before '16:00', found 10"),
    ("draft_days = 7", "draft_days = 0", "newsletter.draft_days: expected a whole number from 1 to 21, found 0"),
    ("draft_days = 7", "draft_days = 22", "newsletter.draft_days: expected a whole number from 1 to 21, found 22"),
    ('approval = "shown"', 'approval = "none"', "newsletter.approval: expected one of 'shown' or 'second', found 'none'"),
    ("most_of_one = 3", "most_of_one = 0", "newsletter.most_of_one: expected a whole number of 1 or more, found 0"),
    ('title = "Green Manufacturing News"', "", "newsletter.title: expected a text of 1 to 200 characters, found nothing"),
    ("second_person_from = 25", "second_person_from = 0", "announcements.second_person_from: expected a whole number of 1 or more, found 0"),
    ("second_person_from = 25", "second_person = 25", "announcements.second_person: expected no such key; did you mean 'second_person_from'?"),
    ("[announcements]", "[announcement]", "announcement: expected no such key; did you mean 'announcements'?"),
    ('title = "Representative"', 'title = " "', "roles[0].title: expected a text of 1 to 40 characters, found ' '"),
]  # fmt: skip
TORN = [
    ('counts = { kinds = ["workshop", "webinar"]', 'counts = { kinds = ["workshp"]', "indicators[0].counts.kinds: expected kinds of [[activity_kinds]] (workshop, webinar, training, project-proposal, sme-support, policy-recommendation, policy-workshop, other), found 'workshp'"),
    ('objective = "knowledge"', 'objective = "fun"', "indicators[0].objective: expected one of [[objectives]] (knowledge, projects, smes, policy), found 'fun'"),
    ('class = "founding"', 'class = "gold"', "organisations[0].class: expected a class of [[classes]] (founding, member), found 'gold'"),
    ('slug = "emc2"', 'slug = "cimes"', "organisations[1].slug: expected something of its own, found 'cimes' as in [0]"),
    ('key = "joint-proposals"', 'key = "cross-cluster-events"', "indicators[1].key: expected something of its own, found 'cross-cluster-events' as in [0]"),
    ("number = 9", "number = 9\nmotion = 3", "articles[8].since: expected the day since which it reads so, as a motion changed it, found nothing"),
    ("number = 9", "number = 8", "articles[8].number: expected something of its own, found '8' as in [7]"),
    ('article = "Art. 2(1)"', 'article = "Art. 12"', "objectives[0].article: expected an article of [[articles]], found 'Art. 12'"),
    ('seats = ["advisor"]', 'seats = ["sage"]', "bodies[2].seats: expected roles of [[roles]] (representative, alternate, cluster-manager, member, coordinator, action-coordinator, advisor), found 'sage'"),
    ('invites = ["representative", "alternate",', 'invites = ["coordinator", "alternate",', "roles[0].invites: expected only roles of an organisation, as this role is held in one, found 'coordinator'"),
    ('"see_indicators", "invite", "end_roles"', '"invite_all"', "roles[0].scope: expected 'alliance' beside 'invite_all', found 'organisation'"),
    ('"close_year", "invite", "invite_all",', '"close_year",', "roles: expected a role of scope 'alliance' that may 'invite_all', found none"),
    ('"webinars",', '"Seminar",', "activity_kinds[1].words: expected words of its own, found 'seminar' as in 'workshop'"),
    ('"fairs",', '"Seminar",', "event_kinds[2].words: expected words of its own, found 'seminar' as in 'workshop'"),
    ('key = "fair"', 'key = "webinar"', "event_kinds[2].key: expected something of its own, found 'webinar' as in [0]"),
    ('activity = "other"', 'activity = "fair"', "event_kinds[2].activity: expected one of [[activity_kinds]] (workshop, webinar, training, project-proposal, sme-support, policy-recommendation, policy-workshop, other), found 'fair'"),
    ('rule = "participation", share = "1/2"', 'rule = "participation"', "decisions.ordinary_resolution.quorum.share: expected a share, as the rule is 'participation', found nothing"),
    ('quorum = { rule = "none" }', 'quorum = { rule = "none", share = "1/2" }', "decisions.consultation.quorum.share: expected nothing, as the rule is 'none', found '1/2'"),
    ('rule = "qualified", share = "2/3", base = "votes_cast"', 'rule = "qualified", share = "2/3"', "decisions.admission.majority[0].base: expected a value, as the rule is 'qualified', found nothing"),
    ('rule = "consent", objections = 1', 'rule = "simple", objections = 1', "decisions.consent_item.majority[0].objections: expected nothing, as the rule is 'simple', found 1"),
    ('[{ rule = "simple" }]', '[{ rule = "simple" }, { rule = "plurality" }]', "decisions.ordinary_resolution.majority: expected 'none', 'consent' or 'plurality' to stand alone, found several rules"),
    ('[{ rule = "simple" }]', '[{ rule = "max_against", share = "1/3", base = "members" }]', "decisions.ordinary_resolution.majority: expected 'max_against' only beside another rule, found it alone"),
    ('key = "plastics"', 'key = "machines"', "newsletter.topics[1].key: expected something of its own, found 'machines' as in [0]"),
    ('objectives = ["policy"]', 'objectives = ["fun"]', "newsletter.topics[6].objectives: expected some of [[objectives]] (knowledge, projects, smes, policy), found 'fun'"),
    ("most_words = 900", "most_words = 149", "newsletter.most_words: expected at least the 150 of 'least_words', found 149"),
    ('secrecy = "secret"', "", "decisions.election.secret_from: expected nothing unless secrecy is 'secret', found 8"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line"), WRONG + TORN)
def test_one_fault_is_one_line(old: str, new: str, line: str, tmp_path: Path) -> None:
    assert lines_of(changed(tmp_path, (old, new))) == [line]


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    path = changed(tmp_path, ("target = 2", "target = 0"), ("undo_hours = 24", "undo_hours = 'a day'"))
    assert lines_of(path) == [
        "indicators[0].target: expected a whole number of 1 or more, found 0",
        "calendar.undo_hours: expected a whole number of 0 or more, found 'a day'",
    ]


def test_a_missing_decision_profile_is_named(tmp_path: Path) -> None:
    path = changed(tmp_path, ("[decisions.exclusion]", "[decisions.expulsion]"))
    assert lines_of(path) == [
        "decisions.exclusion: expected a table, found nothing",
        "decisions.expulsion: expected no such key; did you mean 'exclusion'?",
    ]


def test_an_unknown_permission_is_named_with_those_there_are(tmp_path: Path) -> None:
    (line,) = lines_of(changed(tmp_path, ('"log_activities", "see_activities"', '"do_things"')))
    assert line.startswith("roles[0].may[0]: expected one of 'log_activities', 'see_activities', ")
    assert line.endswith(" or 'keep_assembly', found 'do_things'")


def test_a_long_value_is_shown_short(tmp_path: Path) -> None:
    (line,) = lines_of(changed(tmp_path, ('country = "BE"', f'country = "{"B" * 500}"')))
    assert line == (
        f"organisations[2].country: expected a country code of two capitals, such as 'PT', found '{'B' * 58}…"
    )


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("[alliance\n", "line 1, column 10: expected TOML, found something else ("),
        ("[alliance]\nslug = \n", "line 2, column 8: expected TOML, found something else ("),
        ("[a]\n[a]\n", "line 2, column 3: expected TOML, found something else ("),
        ('x = """', "at the very end: expected TOML, found something else ("),
    ],
)
def test_a_slip_in_the_writing_names_line_and_column(text: str, start: str, tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text(text, encoding="utf-8")
    (line,) = lines_of(path)
    assert line.startswith(start)


def test_no_file_and_no_text(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    assert lines_of(path) == ["expected a charter file here, found none (No such file or directory)"]
    path.write_bytes(b"a = '\xff'")
    assert lines_of(path) == ["byte 5: expected text in UTF-8, found something else"]


@given(st.binary(max_size=80))
def test_whatever_the_file_holds_it_ends_in_lines(
    tmp_path_factory: pytest.TempPathFactory, blob: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_bytes(blob)
    assert lines_of(path)


def test_people_of_unknown_organisations_and_roles(charter: Charter, tmp_path: Path) -> None:
    path = tmp_path / "people.toml"
    person = "[[people]]\nname = 'Ana'\norganisation = 'acme'\nroles = ['king']\nlanguage = 'pt'\nzone = 'Europe/Lisbon'\n"
    path.write_text(person + person.replace("acme", "cimes").replace("king", "member"), encoding="utf-8")
    with pytest.raises(CharterFault) as caught:
        load_people(path, charter)
    slugs = "cimes, emc2, mecatech, evoluma, pool-net, clust-er-mech, green-tech"
    roles = "representative, alternate, cluster-manager, member, coordinator, action-coordinator, advisor"
    assert caught.value.lines == [
        f"{path}: people[0].organisation: expected an organisation of the charter ({slugs}), found 'acme'",
        f"{path}: people[0].roles: expected roles of the charter ({roles}), found 'king'",
        f"{path}: people[1].name: expected a name of their own, found 'Ana'",
    ]


# ---- versions ----


def test_a_version_survives_the_database(charter: Charter) -> None:
    again = Charter.from_json(charter.to_json())
    assert again == charter
    assert again.fingerprint() == charter.fingerprint()
    with pytest.raises(ValidationError):
        Charter.from_json("{}")


def test_the_fingerprint_follows_the_rules_and_not_the_writing(charter: Charter, tmp_path: Path) -> None:
    same = load(changed(tmp_path, ("target = 2", "# two, says the charter\ntarget   =   2")))
    other = load(changed(tmp_path, ("target = 2", "target = 3")))
    assert same.fingerprint() == charter.fingerprint() != other.fingerprint()
    assert len(charter.fingerprint()) == 64


def test_the_version_in_force_on_a_day(charter: Charter, tmp_path: Path) -> None:
    three = load(changed(tmp_path, ("target = 2", "target = 3")))
    charters = Charters(((date(2027, 1, 1), three), (date(2025, 8, 26), charter)))
    assert charters.at(date(2026, 12, 31)) == charter
    assert charters.at(date(2027, 1, 1)) == three
    assert charters.at(date(2025, 3, 1)) == charter
    with pytest.raises(LookupError):
        Charters(()).at(date(2026, 1, 1))


def test_values_do_not_change(charter: Charter) -> None:
    with pytest.raises(ValidationError):
        charter.alliance.name = "Another"  # type: ignore[misc]


def test_what_is_printed_in_the_file_is_what_is_loaded(charter: Charter) -> None:
    raw = tomllib.loads(TEXT)
    assert [one["key"] for one in raw["activity_kinds"]] == [kind.key for kind in charter.activity_kinds]
    assert len(charter.articles) == 9
