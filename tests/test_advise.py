"""Advice is what the simulation says: nothing is recommended that would not raise the score."""

from dataclasses import replace
from itertools import combinations

import pytest

from sovscan.advise import advise
from sovscan.advise.whatif import Swap, WhatIfError, whatif
from sovscan.model.dependency import Confidence, Layer
from sovscan.model.exposure import Inventory, Level, Nexus
from sovscan.model.provider import OfferId, ProviderId
from sovscan.model.text import Country
from sovscan.rulebook.exposure import expose
from sovscan.score import score
from sovscan.score.policy import load_policy
from tests import results
from tests.market import AS_OF, catalogue, dependency, town_hall

POLICY = load_policy()
MARKET = catalogue()


@pytest.fixture(scope="module")
def rulebook():
    return results.RULEBOOK()


def inventory_of(dependencies, rulebook, failed=()):
    items = tuple(expose(each, MARKET, rulebook, POLICY, AS_OF) for each in dependencies)
    return Inventory(items=items, failed=failed)


def advice_for(dependencies, rulebook, failed=(), policy=POLICY):
    inventory = inventory_of(dependencies, rulebook, failed)
    return advise(dependencies, inventory, MARKET, rulebook, policy, AS_OF)


def swapped(dependencies, rulebook, *swaps, failed=()):
    inventory = inventory_of(dependencies, rulebook, failed)
    named = tuple(Swap(layer=Layer(a), provider=ProviderId(b), offer=OfferId(c)) for a, b, c in swaps)
    return whatif(named, dependencies, inventory, catalogue=MARKET, rulebook=rulebook, policy=POLICY, as_of=AS_OF)


def move_of(advice, layer):
    return next(move for move in advice.moves if move.layer == layer)


def names(move):
    return [alternative.offer for alternative in move.alternatives]


def test_alternatives_stand_in_the_printed_order_france_then_europe_then_others(rulebook):
    mail = move_of(advice_for(town_hall(), rulebook), "mail_in")
    assert names(mail) == ["loire-safe", "loire-mail", "loire-old", "rumour-mail", "nord-mail", "alpe-mail"]
    assert [alternative.country for alternative in mail.alternatives] == ["FR", "FR", "FR", "FR", "DE", "CH"]


def test_each_alternative_is_judged_by_the_ladder_at_the_date(rulebook):
    found = {a.offer: a for a in move_of(advice_for(town_hall(), rulebook), "mail_in").alternatives}
    assert (found["loire-safe"].level, found["loire-safe"].qualification) == (Level.IMMUNE, "SecNumCloud, 2028-03-24")
    assert (found["loire-old"].level, found["loire-old"].qualification) == (Level.NONE, None)
    assert found["rumour-mail"].level is Level.UNKNOWN
    assert found["alpe-mail"].level is Level.DIRECT


def test_what_would_not_raise_the_score_is_not_recommended(rulebook):
    """Another US-controlled provider, and an offer that nobody has reviewed."""
    offers = names(move_of(advice_for(town_hall(), rulebook), "mail_in"))
    assert "branch-mail" not in offers
    assert "loire-quiet" not in offers
    assert advice_for((dependency("mail_in", "mailbox", "loire", "loire-safe"),), rulebook).moves == ()


def test_the_gain_printed_is_the_gain_of_a_full_recomputation(rulebook):
    dependencies = town_hall()
    before = score(inventory_of(dependencies, rulebook, (Layer.CDN,)), POLICY)
    for move in advice_for(dependencies, rulebook, (Layer.CDN,)).moves:
        for alternative in move.alternatives:
            after = swapped(
                dependencies, rulebook, (move.layer, move.provider, alternative.offer), failed=(Layer.CDN,)
            ).score
            assert alternative.score_after == after.value > before.value
            assert alternative.gain == after.value - before.value
            assert alternative.grade_after is after.grade


def test_decisions_are_cumulative_and_each_step_is_a_full_recomputation(rulebook):
    dependencies = town_hall()
    advice = advice_for(dependencies, rulebook)
    assert [step.layer for step in advice.decisions] == [Layer.MAIL_IN, Layer.HOSTING, Layer.SAAS]
    done = []
    before = score(inventory_of(dependencies, rulebook), POLICY).value
    for step in advice.decisions:
        done.append((step.layer, step.provider, step.offer))
        after = swapped(dependencies, rulebook, *done).score
        assert (step.score_after, step.grade_after) == (after.value, after.grade)
        assert step.gain == after.value - before
        assert dict(step.layer_points_after) == {row.layer.value: row.points_lost for row in after.layers}
        before = after.value


def test_trackers_of_one_company_are_replaced_together_or_not_at_all(rulebook):
    """With one of two gone the company still sees every visitor: that raises nothing and is not recommended.

    Nor is software of one's own on an American cloud, while the company keeps the fonts: two parties for one.
    """
    trackers = move_of(advice_for(town_hall(), rulebook), "web3p")
    assert len(trackers.dependencies) == 3
    assert names(trackers) == ["mesure-stats"]


def test_software_is_judged_by_where_the_organisation_would_run_it(rulebook):
    def level(host):
        dependencies = (
            dependency("web3p", "analytics", "giant", "tracker"),
            *((dependency("hosting", "origin", host),) if host else ()),
        )
        return {a.offer: a.level for a in move_of(advice_for(dependencies, rulebook), "web3p").alternatives}[
            "kiwi-stats"
        ]

    assert level("nord") is Level.NONE
    assert level("nimbus") is Level.HOSTED_ON
    assert level(None) is Level.UNKNOWN


def test_a_broad_role_takes_only_offers_of_the_same_purpose(rulebook):
    assert names(move_of(advice_for(town_hall(), rulebook), "saas")) == ["aide-desk"]
    purpose_unknown = (dependency("saas", "business", "ticket"),)
    assert advice_for(purpose_unknown, rulebook).moves == ()


def test_what_is_not_identified_is_to_be_settled_not_replaced(rulebook):
    unknown = dependency("mail_in", "mailbox", "nobody")
    unknown = replace(unknown, attribution=replace(unknown.attribution, provider=None))
    assert advice_for((unknown,), rulebook).moves == ()


def test_a_server_of_ones_own_on_a_foreign_cloud_can_move(rulebook):
    (move,) = advice_for((dependency("mail_in", "mailbox", None, host="nimbus"),), rulebook).moves
    assert (move.provider, move.alternatives[0].offer) == (None, "loire-safe")


def test_advice_does_not_depend_on_the_order_of_dependencies(rulebook):
    assert advice_for(town_hall()[::-1], rulebook) == advice_for(town_hall(), rulebook)


def test_whatif_replaces_what_the_offer_serves_and_keeps_the_rest(rulebook):
    found = swapped(town_hall(), rulebook, ("web3p", "giant", "mesure-stats"))
    assert found.replaced == ("web3p/analytics/mairie.test/giant", "web3p/tag_manager/mairie.test/giant")
    assert "giant parent" in {item.controller for item in found.inventory.items if item.layer is Layer.WEB3P}


@pytest.mark.parametrize(
    ("swap", "words"),
    [
        (("mail_in", "giant", "loire-mial"), "did you mean 'loire-mail'"),
        (("mail_in", "nimbus", "loire-mail"), "nothing rests on 'nimbus'"),
        (("hosting", "nimbus", "loire-mail"), "does not serve hosting"),
    ],
)
def test_a_replacement_that_cannot_be_done_is_refused_with_the_reason(rulebook, swap, words):
    with pytest.raises(WhatIfError, match=words):
        swapped(town_hall(), rulebook, swap)


def test_a_mail_host_is_not_proposed_for_a_site_nor_a_site_host_for_mail(rulebook):
    assert names(move_of(advice_for(town_hall(), rulebook), "hosting")) == ["nord-host"]
    assert "nord-host" not in names(move_of(advice_for(town_hall(), rulebook), "mail_in"))


def test_a_tenant_gives_way_to_the_sign_on_service_that_the_catalogue_names(rulebook):
    assert names(move_of(advice_for(town_hall(), rulebook), "identity")) == ["loire-login"]
    elsewhere = (dependency("identity", "tenant", "nimbus", "cloud"),)
    assert advice_for(elsewhere, rulebook).moves == ()


def behind_a_gateway():
    return (dependency("mail_in", "gateway", "filter", "filter-gate"), *town_hall())


def test_a_mailbox_behind_an_exposed_gateway_counts_once_the_gateway_is_replaced(rulebook):
    """Fully exposed at the gateway, the layer hides what lies behind: a move that says what comes first."""
    dependencies = behind_a_gateway()
    gateway, mailbox = sorted(
        (move for move in advice_for(dependencies, rulebook).moves if move.layer == "mail_in"),
        key=lambda move: move.provider,
    )
    assert (gateway.provider, gateway.after) == ("filter", ())
    assert (mailbox.provider, mailbox.after) == ("giant", ("filter",))
    first = swapped(dependencies, rulebook, ("mail_in", "filter", "tamis-gate")).score
    for alternative in mailbox.alternatives:
        both = swapped(
            dependencies, rulebook, ("mail_in", "filter", "tamis-gate"), ("mail_in", "giant", alternative.offer)
        ).score
        assert alternative.score_after == both.value
        assert alternative.gain == both.value - first.value > 0
    assert swapped(dependencies, rulebook, ("mail_in", "giant", "loire-safe")).score.value < first.value


@pytest.mark.parametrize("dependencies", [town_hall(), behind_a_gateway(), behind_a_gateway()[:3], town_hall()[3:]])
def test_the_decisions_are_the_best_three_moves_of_all(rulebook, dependencies):
    """Against brute force: every set of three moves, each by its first alternative."""
    advice = advice_for(dependencies, rulebook)
    every = [(move.layer, move.provider, move.alternatives[0].offer) for move in advice.moves]
    best = max(
        swapped(dependencies, rulebook, *chosen).score.value
        for size in range(1, 4)
        for chosen in combinations(every, size)
    )
    assert advice.decisions[-1].score_after == pytest.approx(best, abs=1e-9)
    assert len(advice.decisions) == min(3, len(every))


def test_more_certainty_is_no_reason_to_leave_a_european_provider(rulebook):
    """A weak trace of a German host costs points that a confirmed one would not: to be confirmed, not replaced."""
    trace = dependency("mail_in", "mailbox", "nord", "nord-mail")
    trace = replace(trace, attribution=replace(trace.attribution, confidence=Confidence.WEAK))
    (move,) = advice_for((trace,), rulebook).moves
    assert names(move) == ["loire-safe"]


def test_a_provider_whose_ownership_lacks_a_source_is_asked_about_never_replaced(rulebook):
    """What is not known is no ground to leave: the level is UNKNOWN, and nothing else is held against it."""
    unsure = dependency("mail_in", "mailbox", "rumour", "rumour-mail")
    assert {nexus.level for nexus in expose(unsure, MARKET, rulebook, POLICY, AS_OF).nexuses} == {Level.UNKNOWN}
    advice = advice_for((unsure,), rulebook)
    assert (advice.moves, advice.decisions) == ((), ())


def test_what_settling_an_unknown_alone_would_gain_is_no_reason_to_move(rulebook):
    known = dependency("mail_in", "mailbox", "loire", "loire-mail")
    row = expose(known, MARKET, rulebook, POLICY, AS_OF)
    presence = Nexus(level=Level.PRESENCE, country=Country("US"))
    unknown = Nexus(level=Level.UNKNOWN, country=Country("??"))

    def offered(*nexuses):
        inventory = Inventory(items=(replace(row, nexuses=nexuses),))
        found = advise((known,), inventory, MARKET, rulebook, POLICY, AS_OF)
        return {alternative.offer for move in found.moves for alternative in move.alternatives}

    assert offered(unknown, presence) == offered(presence)
    assert offered(unknown) == set()
