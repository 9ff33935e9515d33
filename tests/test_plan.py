"""A migration plan is the best one there is: against brute force, and each step against a fresh judgement."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations

import pytest

from sovscan.advise.advise import find_options
from sovscan.advise.plan import Limits, plan
from sovscan.advise.purposes import load_purposes
from sovscan.model.dependency import Confidence, Layer
from sovscan.model.exposure import Inventory
from sovscan.rulebook.exposure import expose
from sovscan.score import score
from sovscan.score.policy import load_policy
from tests import results
from tests.market import AS_OF, catalogue, dependency, town_hall

POLICY = load_policy()
MARKET = catalogue()
PURPOSES = load_purposes()


@pytest.fixture(scope="module")
def rulebook():
    return results.RULEBOOK()


def us_front():
    """A European host behind a US edge that also holds the name, with a US filter before a European mailbox."""
    return (
        dependency("mail_in", "gateway", "filter", "filter-gate"),
        dependency("mail_in", "mailbox", "nord", "nord-mail"),
        dependency("hosting", "origin", "nord", "nord-host"),
        dependency("cdn", "proxy", "monde", "monde-edge"),
        dependency("dns", "sole", "monde", "monde-edge"),
        dependency("registry", "registrar", "monde", "monde-edge"),
    )


def start_up():
    """On US services throughout."""
    return (
        dependency("mail_in", "mailbox", "giant", "suite"),
        dependency("identity", "tenant", "giant", "suite"),
        dependency("hosting", "origin", "nimbus", "cloud"),
        dependency("cdn", "proxy", "monde", "monde-edge"),
        dependency("saas", "business", "ticket", "desk"),
    )


def own_server():
    """Its own mail server on a US cloud, trackers on a secondary site."""
    return (
        dependency("mail_in", "mailbox", None, host="nimbus"),
        dependency("web3p", "analytics", "giant", "tracker", main=False),
        dependency("dns", "sole", "monde", "monde-edge"),
    )


def gateway_and_suite():
    """A US gateway before a US suite: one alone raises little."""
    return (dependency("mail_in", "gateway", "filter", "filter-gate"), *town_hall()[:3])


ARCHETYPES = {f.__name__: f for f in (town_hall, us_front, start_up, own_server, gateway_and_suite)}
LIMITS = (
    Limits(),
    Limits(moves=2),
    Limits(days=130),
    Limits(effort="M"),
    Limits(moves=3, deadline="2027-03-01"),
    Limits(days=0),
)


def judged(dependencies, rulebook):
    items = tuple(expose(each, MARKET, rulebook, POLICY, AS_OF) for each in dependencies)
    return Inventory(items=items, failed=(Layer.REGISTRY,))


def planned(dependencies, limits, rulebook):
    inventory = judged(dependencies, rulebook)
    return plan(dependencies, inventory, limits, catalogue=MARKET, rulebook=rulebook, policy=POLICY, as_of=AS_OF)


def after(dependencies, moves, rulebook):
    """The score of the organisation that has made the moves, judged from scratch as if it had been found so."""
    changed = list(dependencies)
    for layer, provider, offer_id in moves:
        maker, offer = MARKET.offers[offer_id]
        for place, each in enumerate(dependencies):
            role = f"{each.layer}.{each.role}"
            named = offer_id in {one for ids in MARKET.providers[provider].alternatives.values() for one in ids} \
                if provider else False  # fmt: skip
            if each.layer != layer or each.attribution.provider != provider or (role not in offer.roles and not named):
                continue
            changed[place] = replace(
                each,
                attribution=replace(
                    each.attribution, provider=maker.id, offer=offer.id, operator_self=False,
                    confidence=Confidence.CONFIRMED,
                ),
                host=None,
            )  # fmt: skip
    return score(judged(changed, rulebook), POLICY)


def brute_force(dependencies, limits, rulebook):
    """Every ordered choice of moves that keeps to the limits, the best first by the rule of the plan."""
    inventory = judged(dependencies, rulebook)

    def moves(effort):
        return [
            (option.move.layer, option.move.provider, option.move.alternatives[0].offer,
             option.move.alternatives[0].effort)
            for option in find_options(dependencies, inventory, MARKET, rulebook, POLICY, AS_OF, PURPOSES,
                                       most_effort=effort)
        ]  # fmt: skip

    every, possible = moves(None), moves(limits.effort)
    most = min(
        limits.days if limits.days is not None else 10**6,
        (date.fromisoformat(limits.deadline) - date.fromisoformat(AS_OF)).days if limits.deadline else 10**6,
    )
    known = {}

    def value(done):
        key = frozenset(done)
        if key not in known:
            known[key] = after(dependencies, [move[:3] for move in done], rulebook).value
        return known[key]

    def is_possible(order):
        for place, (layer, provider, *_) in enumerate(order):
            wanted = PURPOSES.before.get(layer, ())
            first = {move[:2] for move in every if provider and move[0] in wanted and move[1] == provider}
            if not first <= {move[:2] for move in order[:place]}:
                return False
        days = sum(PURPOSES.days[move[3] or "L"] for move in order)
        return days <= most and len(order) <= (limits.moves if limits.moves is not None else 99)

    def cost(order):
        days = [PURPOSES.days[move[3] or "L"] for move in order]
        exposed = sum(days[n] * (100 - value(order[:n])) for n in range(len(order)))
        return (round(-value(order), 8), sum(days), len(order), round(exposed, 6))

    orders = (order for size in range(len(possible) + 1) for order in permutations(possible, size))
    return min((cost(order), order) for order in orders if is_possible(order))


@pytest.mark.parametrize("limits", LIMITS, ids=str)
@pytest.mark.parametrize("name", sorted(ARCHETYPES))
def test_the_plan_is_the_best_of_all_orders_of_all_sets_of_moves(name, limits, rulebook):
    dependencies = ARCHETYPES[name]()
    found = planned(dependencies, limits, rulebook)
    (value, days, size, exposed), _ = brute_force(dependencies, limits, rulebook)
    reached = found.steps[-1].score_after if found.steps else found.score_before
    assert reached == pytest.approx(-value, abs=1e-7)
    assert (sum(step.days for step in found.steps), len(found.steps)) == (days, size)
    lost = [found.score_before, *(step.score_after for step in found.steps)]
    spent = sum(step.days * (100 - lost[n]) for n, step in enumerate(found.steps))
    assert spent == pytest.approx(exposed, abs=1e-5)


@pytest.mark.parametrize("name", sorted(ARCHETYPES))
def test_the_score_after_each_step_is_that_of_an_organisation_judged_afresh(name, rulebook):
    dependencies = ARCHETYPES[name]()
    found = planned(dependencies, Limits(), rulebook)
    assert found.steps
    done = []
    before = after(dependencies, done, rulebook)
    assert (found.score_before, found.grade_before) == (before.value, before.grade)
    for step in found.steps:
        done.append((step.layer, step.provider, step.offer))
        then = after(dependencies, done, rulebook)
        assert step.score_after == pytest.approx(then.value, abs=1e-9)
        assert step.grade_after is then.grade
        assert step.gain == pytest.approx(then.value - before.value, abs=1e-9)
        before = then


def order(found):
    return [f"{step.layer}:{step.provider}" for step in found.steps]


def test_accounts_move_before_the_mailboxes_that_sign_in_with_them(rulebook):
    found = planned(town_hall(), Limits(), rulebook)
    assert order(found).index("identity:giant") < order(found).index("mail_in:giant")
    identity = next(step for step in found.steps if step.layer is Layer.IDENTITY)
    assert identity.opens == ("mail_in:giant",)


def test_name_servers_move_before_the_name_is_transferred(rulebook):
    found = order(planned(us_front(), Limits(), rulebook))
    assert found.index("dns:monde") < found.index("registry:monde")


def test_what_has_to_wait_for_something_left_out_is_left_out_too_and_says_so(rulebook):
    """Accounts are a matter of months: without them the mailboxes stay as well."""
    found = planned(town_hall(), Limits(effort="M"), rulebook)
    reasons = {(left.layer, left.provider): left.reason for left in found.left_out}
    assert reasons["identity", "giant"] == "effort"
    assert reasons["mail_in", "giant"] == "waits"
    assert all(step.effort in ("S", "M") for step in found.steps)


def test_each_limit_is_named_where_it_binds(rulebook):
    def reasons(limits):
        return {left.reason for left in planned(town_hall(), limits, rulebook).left_out}

    assert reasons(Limits(moves=2)) <= {"moves", "waits"}
    assert "moves" in reasons(Limits(moves=2))
    assert "days" in reasons(Limits(days=40))
    assert "deadline" in reasons(Limits(deadline="2026-12-31"))
    assert reasons(Limits()) == set()


def test_the_steps_follow_each_other_from_the_day_of_the_audit(rulebook):
    found = planned(town_hall(), Limits(), rulebook)
    day = date.fromisoformat(AS_OF)
    for step in found.steps:
        day += timedelta(days=step.days)
        assert step.ends == day.isoformat()


def test_a_deadline_in_the_past_leaves_no_plan_and_says_why(rulebook):
    found = planned(town_hall(), Limits(deadline="2026-01-01"), rulebook)
    assert found.steps == ()
    assert {left.reason for left in found.left_out} <= {"deadline", "waits"}


def test_a_plan_does_not_depend_on_the_order_of_dependencies(rulebook):
    assert planned(town_hall()[::-1], Limits(moves=3), rulebook) == planned(town_hall(), Limits(moves=3), rulebook)


def test_making_a_move_takes_less_than_its_lead_time_and_more_for_more_effort():
    days = load_purposes().days
    leads = {"S": 90, "M": 365, "L": 730}
    assert list(days) == list(leads)
    assert [effort for effort in leads if days[effort] >= leads[effort]] == []
    assert sorted(days.values()) == list(days.values())
