"""The counting rules, first by the examples of spec/engagement.md section 5, then by laws that hold for
any records."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.indicators import (
    Condition,
    Figure,
    Involved,
    Missing,
    Record,
    Sme,
    Verdict,
    attended,
    counts,
    credited,
    figure,
    hosts,
    judge,
    sme_key,
    standing,
    value_of,
    why,
    year_of,
)
from tests.rules.made_up import EVENTS, POLICY, SMES, TODAY, record, records, smes

conditions = st.sampled_from([EVENTS, SMES, POLICY, replace(EVENTS, states=("confirmed",))])
many = st.lists(records(), max_size=8)


def count(condition: Condition, *given_records: Record, scope: str | None = None) -> Figure:
    return figure(condition, given_records, 2026, TODAY, scope)


# ---- one record ----


def test_a_workshop_of_two_clusters_counts_as_soon_as_it_is_logged() -> None:
    assert judge(record("pool-net", "cimes"), EVENTS, TODAY) == Verdict(True, False, 1)


def test_a_workshop_of_one_cluster_lacks_a_second_one() -> None:
    verdict = judge(record("pool-net"), EVENTS, TODAY)
    assert verdict == Verdict(False, False, 0, (Missing("second_organisation", "pool-net", 1),))


def test_a_co_host_that_says_not_us_no_longer_makes_it_two() -> None:
    verdict = judge(record("pool-net", "cimes denied"), EVENTS, TODAY)
    assert verdict.missing == (Missing("second_organisation", "pool-net", 1),)


def test_a_host_alone_counts_once_somebody_of_another_cluster_came() -> None:
    alone = record("pool-net", "cimes attended", "emc2 denied")
    assert judge(alone, EVENTS, TODAY) == Verdict(True, False, 1)
    assert standing(alone) == {"pool-net", "cimes"}
    assert (hosts(alone), attended(alone)) == (("pool-net",), ("cimes",))
    assert judge(alone, replace(EVENTS, least_organisations=3), TODAY).missing == (
        Missing("organisations", "pool-net", 1),
    )


def test_who_only_came_has_it_in_no_view_of_its_own() -> None:
    event = record("pool-net", "emc2 confirmed", "cimes attended", state="confirmed")
    assert credited(event) == {"pool-net", "emc2"}
    assert count(EVENTS, event).contributors == (("emc2", 1), ("pool-net", 1))
    assert count(EVENTS, event, scope="cimes").records == ()


def test_three_organisations_wanted_says_how_many_more() -> None:
    wanted = replace(EVENTS, least_organisations=3)
    assert judge(record("pool-net"), wanted, TODAY).missing == (Missing("organisations", "pool-net", 2),)
    assert judge(record("pool-net", "cimes"), wanted, TODAY).missing == (
        Missing("organisations", "pool-net", 1),
    )


def test_without_any_organisation_left_nobody_is_named() -> None:
    verdict = judge(record("pool-net denied"), POLICY, TODAY)
    assert verdict.missing == (Missing("kind"),)
    verdict = judge(record("pool-net denied", kind="policy-workshop"), POLICY, TODAY)
    assert verdict.missing == (Missing("organisations", "", 1),)


def test_what_lies_ahead_is_planned_and_counts_from_its_own_day_on() -> None:
    ahead = record("pool-net", "cimes", day=TODAY + timedelta(days=1))
    assert judge(ahead, EVENTS, TODAY) == Verdict(False, True, 0, (Missing("ended"),))
    assert judge(ahead, EVENTS, TODAY + timedelta(days=1)) == Verdict(True, False, 1)


def test_what_was_withdrawn_is_not_planned_any_more() -> None:
    ahead = record("pool-net", "cimes", day=TODAY + timedelta(days=1), state="withdrawn")
    assert judge(ahead, EVENTS, TODAY) == Verdict(False, False, 0, (Missing("withdrawn"),))


@pytest.mark.parametrize("state", ["questioned", "withdrawn"])
def test_a_questioned_or_withdrawn_record_does_not_count(state: str) -> None:
    verdict = judge(record("pool-net", "cimes", state=state), EVENTS, TODAY)
    assert verdict == Verdict(False, False, 0, (Missing(state),))


def test_a_charter_with_peer_verification_counts_confirmed_records_only() -> None:
    peer = replace(EVENTS, states=("confirmed",))
    assert judge(record("pool-net", "cimes"), peer, TODAY).missing == (Missing("confirmation"),)
    assert judge(record("pool-net", "cimes", state="confirmed"), peer, TODAY).counts


def test_smes_count_by_name_and_by_attested_number_but_not_by_estimate() -> None:
    named = (Sme("Acme"), Sme("Foo"))
    assert judge(record("cimes", smes=named), SMES, TODAY) == Verdict(True, False, 2)
    assert judge(record("cimes", sme_number=12, sme_basis="attested"), SMES, TODAY) == Verdict(
        True, False, 12
    )
    assert judge(record("cimes", sme_number=12, sme_basis="estimate"), SMES, TODAY) == Verdict(
        False, False, 0, (Missing("estimate", "cimes", 12),)
    )
    assert judge(record("cimes", sme_number=12), SMES, TODAY).missing == (Missing("list", "cimes", 12),)
    assert judge(record("cimes"), SMES, TODAY).missing == (Missing("smes", "cimes"),)


def test_named_smes_count_while_the_number_beside_them_waits_for_a_list() -> None:
    both = record("cimes", smes=(Sme("Acme"),), sme_number=12)
    assert judge(both, SMES, TODAY) == Verdict(True, False, 1, (Missing("list", "cimes", 12),))


def test_why_shows_each_rule_with_its_number() -> None:
    reasons = why(record("cimes", "mecatech"), EVENTS, TODAY, scope="mecatech")
    assert [(r.rule, r.holds, r.n, r.needed) for r in reasons] == [
        ("kind", True, 0, 0),
        ("state", True, 0, 0),
        ("ended", True, 0, 0),
        ("organisations", True, 2, 2),
        ("own", False, 0, 0),
    ]
    assert reasons[-1].missing == Missing("own_confirmation", "mecatech")


# ---- one year ----


def test_sample_one_of_the_voice_two_of_two() -> None:
    got = count(EVENTS, record("cimes", "emc2", id=1), record("pool-net", "cimes", "mecatech", id=2))
    assert (got.value, got.confirmed, got.logged, got.lacks, got.met) == (2, 0, 2, 0, True)


def test_confirmed_and_logged_are_shown_apart() -> None:
    got = count(
        EVENTS, record("cimes", "emc2 confirmed", id=1, state="confirmed"), record("cimes", "emc2", id=2)
    )
    assert (got.value, got.confirmed, got.logged) == (2, 1, 1)


def test_the_day_it_ended_decides_the_year_not_the_day_it_was_logged() -> None:
    last_year = record("cimes", "emc2", day=date(2025, 12, 31))
    assert count(EVENTS, last_year).records == ()
    assert figure(EVENTS, [last_year], 2025, TODAY).value == 1


def test_a_co_hosted_event_is_one_for_the_alliance_and_one_for_each_who_confirmed() -> None:
    event = record("cimes", "emc2 confirmed", "mecatech", state="confirmed")
    assert count(EVENTS, event).value == 1
    assert count(EVENTS, event).contributors == (("cimes", 1), ("emc2", 1))
    assert [count(EVENTS, event, scope=name).value for name in ("cimes", "emc2", "mecatech")] == [1, 1, 0]
    assert count(EVENTS, event, scope="mecatech").records[0][1].missing == (
        Missing("own_confirmation", "mecatech"),
    )
    assert count(EVENTS, event, scope="pool-net").records == ()


def test_planned_activities_are_told_apart_and_only_those_that_would_count() -> None:
    soon = TODAY + timedelta(days=10)
    got = count(EVENTS, record("cimes", "emc2", day=soon), record("cimes", day=soon, id=2))
    assert (got.value, got.planned, len(got.records)) == (0, 1, 2)


def test_an_sme_met_twice_is_one_sme_and_two_contacts() -> None:
    first = record("cimes", id=1, smes=(Sme("Acme S.r.l.", "IT"),))
    second = record("emc2", id=2, state="confirmed", smes=(Sme("ACME srl", "IT"), Sme("Foo", "IT")))
    third = record("emc2", id=3, sme_number=4, sme_basis="attested")
    got = count(SMES, first, second, third)
    assert (got.value, got.named, got.attested, got.contacts) == (6, 2, 4, 7)
    assert (got.confirmed, got.logged) == (2, 4)
    assert got.contributors == (("emc2", 6), ("cimes", 1))


def test_the_records_stand_oldest_first() -> None:
    days = [date(2026, 5, 12), date(2026, 1, 20), date(2026, 3, 3)]
    got = count(EVENTS, *(record("cimes", id=number, day=day) for number, day in enumerate(days)))
    assert [shown.id for shown, _ in got.records] == [1, 2, 0]


def test_a_year_may_start_on_another_day() -> None:
    assert year_of(date(2026, 9, 30), (10, 1)) == 2025
    assert year_of(date(2026, 10, 1), (10, 1)) == 2026
    autumn = replace(EVENTS, year_starts=(10, 1))
    assert figure(autumn, [record("cimes", "emc2", day=date(2026, 9, 30))], 2025, TODAY).value == 1


# ---- which firms are one ----


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (Sme("Acme"), Sme("  ACME ")),
        (Sme("Société Générale des Moules"), Sme("Societe Generale des Moules")),
        (Sme("Foo", "PT", "PT 501.234"), Sme("Foo Lda", "pt", "501234")),
        (Sme("Acme", "FR", "", "https://www.acme.example/en"), Sme("acme", "FR", "", "ACME.example")),
    ],
)
def test_the_same_firm(one: Sme, two: Sme) -> None:
    assert sme_key(one) == sme_key(two)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (Sme("Acme", "FR"), Sme("Acme", "BE")),
        (Sme("Acme", "FR", "501"), Sme("Acme", "FR", "502")),
        (Sme("Acme", domain="acme.example"), Sme("Acme", domain="acme.test")),
        (Sme("Acme"), Sme("Acme Tools")),
        (Sme("🙂"), Sme("🙃")),
        (Sme("Acme", "PT", "PT"), Sme("Acme", "PT")),
    ],
)
def test_not_the_same_firm(one: Sme, two: Sme) -> None:
    assert sme_key(one) != sme_key(two)


# ---- laws ----


@given(many, records(), conditions)
def test_adding_a_record_never_lowers_a_figure(
    before: list[Record], added: Record, condition: Condition
) -> None:
    old, new = count(condition, *before), count(condition, *before, added)
    assert new.value >= old.value
    assert new.confirmed >= old.confirmed
    assert new.contacts >= old.contacts


@given(many, conditions, st.randoms(use_true_random=False))
def test_order_never_matters(some: list[Record], condition: Condition, chance: object) -> None:
    mixed = list(some)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    one, two = count(condition, *some), count(condition, *mixed)
    assert replace(one, records=()) == replace(two, records=())


@given(many, conditions, st.sampled_from(["cimes", "emc2", "mecatech", "pool-net"]))
def test_a_not_us_never_raises_the_alliances_figure(
    some: list[Record], condition: Condition, who: str
) -> None:
    denied = [
        replace(
            one,
            involved=tuple(replace(i, answer="denied") if i.organisation == who else i for i in one.involved),
        )
        for one in some
    ]
    assert count(condition, *denied).value <= count(condition, *some).value
    assert count(condition, *denied, scope=who).records == ()


@given(st.lists(smes, min_size=1, max_size=6), st.data())
def test_naming_a_firm_twice_never_raises_the_number(firms: list[Sme], data: st.DataObject) -> None:
    twice = [*firms, data.draw(st.sampled_from(firms))]
    once = count(SMES, record("cimes", smes=tuple(firms)))
    assert count(SMES, record("cimes", smes=tuple(twice))).value == once.value
    apart = count(SMES, record("cimes", smes=tuple(firms)), record("emc2", id=2, smes=tuple(twice[-1:])))
    assert (apart.value, apart.contacts) == (once.value, once.contacts + 1)


@given(many, conditions, st.none() | st.sampled_from(["cimes", "emc2"]))
def test_the_printed_numbers_agree(some: list[Record], condition: Condition, scope: str | None) -> None:
    got = count(condition, *some, scope=scope)
    assert got.value == got.confirmed + got.logged
    assert got.met == (got.value >= condition.target) == (got.lacks == 0)
    if condition.measure == "smes":
        assert got.value == got.named + got.attested <= got.contacts
    else:
        assert got.value == sum(verdict.amount for _, verdict in got.records)
    for shown, verdict in got.records:
        assert (
            verdict.counts
            == (verdict.amount > 0)
            == all(r.holds for r in why(shown, condition, TODAY, scope))
        )
        assert verdict.counts or verdict.missing


@given(many, conditions)
def test_planned_is_never_counted(some: list[Record], condition: Condition) -> None:
    past = [one for one in some if one.day <= TODAY]
    assert count(condition, *some).value == count(condition, *past).value
    assert not any(verdict.counts and verdict.planned for _, verdict in count(condition, *some).records)


@given(many)
def test_the_years_add_up_to_every_event_that_counts(some: list[Record]) -> None:
    by_year = sum(figure(EVENTS, some, year, TODAY).value for year in range(2023, 2030))
    assert by_year == sum(judge(one, EVENTS, TODAY).counts for one in some)


@given(many, conditions)
def test_no_members_view_is_above_the_alliances_and_together_they_are_not_below(
    some: list[Record], condition: Condition
) -> None:
    alliance = count(condition, *some)
    views = {
        name: count(condition, *some, scope=name).value for name in ("cimes", "emc2", "mecatech", "pool-net")
    }
    assert max(views.values()) <= alliance.value <= sum(views.values())
    assert dict(alliance.contributors) == {name: value for name, value in views.items() if value}


@given(records())
def test_who_is_credited_took_part(one: Record) -> None:
    assert credited(one) <= set(hosts(one)) <= standing(one) <= {i.organisation for i in one.involved}
    assert standing(one) == {*hosts(one), *attended(one)}
    assert Involved(one.involved[0].organisation, "host", "open").organisation in credited(one)


@given(conditions, records(), st.sampled_from([None, "cimes", "mecatech"]))
def test_the_short_way_of_counting_agrees_with_the_reasons(
    condition: Condition, one: Record, scope: str | None
) -> None:
    explained = all(reason.holds for reason in why(one, condition, TODAY, scope))
    assert counts(one, condition, TODAY, scope) == explained == judge(one, condition, TODAY, scope).counts


@given(conditions, many)
def test_the_value_alone_is_the_figures_value(condition: Condition, some: list[Record]) -> None:
    assert value_of(condition, some, 2026, TODAY) == figure(condition, some, 2026, TODAY).value
