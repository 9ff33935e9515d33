"""Each row of "when an answer counts": what a response proves, and what it leaves open."""

from itertools import pairwise

import pytest

from sovscan.model.evidence import Outcome
from sovscan.net.dns_codec import Message, Record, question
from sovscan.net.dns_judge import MAX_RECORDS, judge

A, NS, CNAME, SOA, MX = 1, 2, 5, 6, 15
AA, RA, TC = 0x8400, 0x8080, 0x8200
SOA_TEXT = "ns.example.test hostmaster.example.test 1 2 3 4 5"


def asked(name: str = "www.example.test", rrtype: int = A):
    return question(name, rrtype)


def response(*answer: Record, authority: tuple[Record, ...] = (), rcode: int = 0, flags: int = AA | RA) -> Message:
    return Message(flags, rcode, answer, authority)


def soa(owner: str) -> tuple[Record, ...]:
    return (Record(owner, SOA, SOA_TEXT),)


def links(*names: str) -> tuple[Record, ...]:
    return tuple(Record(a, CNAME, b) for a, b in pairwise(names))


def test_a_record_of_the_type_asked_is_an_answer():
    verdict = judge(asked(), response(Record("www.example.test", A, "192.0.2.1")))
    assert (verdict.outcome, verdict.reason, verdict.records) == (Outcome.ANSWERED, None, ("192.0.2.1",))
    assert verdict.final == "www.example.test"
    assert verdict.aliases == ()


def test_records_are_sorted_and_unique_so_that_the_order_of_replies_cannot_be_seen():
    records = [Record("www.example.test", A, f"192.0.2.{n}") for n in (3, 1, 2, 1)]
    assert judge(asked(), response(*records)).records == ("192.0.2.1", "192.0.2.2", "192.0.2.3")


def test_a_record_of_another_owner_is_ignored():
    verdict = judge(asked(), response(Record("other.example.test", A, "192.0.2.66")))
    assert verdict.outcome is Outcome.FAILED
    assert verdict.records == ()


def test_a_record_of_another_type_is_ignored():
    verdict = judge(asked(), response(Record("www.example.test", MX, "10 mail"), authority=soa("example.test")))
    assert (verdict.outcome, verdict.reason) == (Outcome.ABSENT, "nodata")


def test_the_record_at_the_end_of_the_alias_chain_is_the_answer():
    chain = links("www.example.test", "a.test", "b.test")
    verdict = judge(asked(), response(*chain, Record("b.test", A, "192.0.2.1"), Record("c.test", A, "192.0.2.66")))
    assert verdict.records == ("192.0.2.1",)
    assert verdict.aliases == ("a.test", "b.test")
    assert verdict.final == "b.test"


def test_asking_for_the_alias_itself_does_not_follow_it():
    verdict = judge(asked(rrtype=CNAME), response(*links("www.example.test", "a.test", "b.test")))
    assert (verdict.outcome, verdict.records, verdict.aliases) == (Outcome.ANSWERED, ("a.test",), ())


@pytest.mark.parametrize(("rcode", "reason"), [(3, "nxdomain"), (0, "nodata")])
@pytest.mark.parametrize("owner", ["www.example.test", "example.test", "test", "."])
@pytest.mark.parametrize("flags", [0x8400, 0x8080])
def test_an_absence_needs_the_soa_of_the_name_or_a_parent_and_a_server_that_knows(rcode, reason, owner, flags):
    verdict = judge(asked(), response(rcode=rcode, authority=soa(owner), flags=flags))
    assert (verdict.outcome, verdict.reason) == (Outcome.ABSENT, reason)


@pytest.mark.parametrize(("rcode", "reason"), [(3, "unverified-nxdomain"), (0, "unverified-nodata")])
@pytest.mark.parametrize("owner", ["other.test", "ample.test", "a.www.example.test", None])
def test_no_soa_or_a_foreign_one_is_no_absence(rcode, reason, owner):
    verdict = judge(asked(), response(rcode=rcode, authority=soa(owner) if owner else ()))
    assert (verdict.outcome, verdict.reason) == (Outcome.FAILED, reason)


@pytest.mark.parametrize(("rcode", "reason"), [(3, "unverified-nxdomain"), (0, "unverified-nodata")])
def test_a_server_that_neither_speaks_for_the_zone_nor_recurses_proves_no_absence(rcode, reason):
    verdict = judge(asked(), response(rcode=rcode, authority=soa("example.test"), flags=0x8000))
    assert (verdict.outcome, verdict.reason) == (Outcome.FAILED, reason)


def test_a_referral_without_answer_is_lame():
    verdict = judge(asked(), response(authority=(Record("example.test", NS, "ns.elsewhere.test"),), flags=0x8000))
    assert (verdict.outcome, verdict.reason) == (Outcome.FAILED, "lame")


def test_a_dangling_alias_is_a_fact_although_its_target_is_absent():
    chain = links("www.example.test", "gone.test")
    verdict = judge(asked(), response(*chain, rcode=3, authority=soa("test")))
    assert (verdict.outcome, verdict.reason) == (Outcome.ABSENT, "nxdomain")
    assert verdict.aliases == ("gone.test",)


def test_an_alias_that_leads_out_of_the_response_must_be_asked_for():
    verdict = judge(asked(), response(*links("www.example.test", "elsewhere.example")))
    assert verdict.outcome is Outcome.FAILED
    assert verdict.reason == "unverified-nodata"
    assert verdict.final == "elsewhere.example"


def test_the_soa_of_the_alias_does_not_prove_the_absence_of_its_target():
    chain = links("www.example.test", "elsewhere.example")
    verdict = judge(asked(), response(*chain, authority=soa("example.test")))
    assert verdict.outcome is Outcome.FAILED
    assert verdict.reason == "unverified-nodata"


@pytest.mark.parametrize(
    ("rcode", "reason"),
    [(2, "servfail"), (5, "refused"), (4, "notimp"), (1, "formerr"), (16, "badvers"), (9, "notauth"), (77, "rcode-77")],
)
def test_a_response_code_that_is_no_answer_is_the_reason(rcode, reason):
    record = Record("www.example.test", A, "192.0.2.1")
    verdict = judge(asked(), response(record, rcode=rcode, authority=soa("test")))
    assert (verdict.outcome, verdict.reason, verdict.records) == (Outcome.FAILED, reason, ())


def test_a_cut_response_proves_nothing_even_with_records_in_it():
    record = Record("www.example.test", A, "192.0.2.1")
    verdict = judge(asked(), response(record, authority=soa("test"), flags=AA | RA | TC))
    assert (verdict.outcome, verdict.reason) == (Outcome.FAILED, "truncated")


@pytest.mark.parametrize(
    "names", [("www.example.test", "www.example.test"), ("www.example.test", "a.test", "www.example.test"),
              ("www.example.test", "a.test", "b.test", "a.test")],
)  # fmt: skip
def test_an_alias_loop_is_a_hole_and_the_chain_is_shown(names):
    verdict = judge(asked(), response(*links(*names), authority=soa("test")))
    assert (verdict.outcome, verdict.reason) == (Outcome.FAILED, "chain")
    assert verdict.aliases[: len(names) - 1] == names[1:]


def test_fifteen_aliases_are_followed():
    names = ("www.example.test", *(f"n{n}.test" for n in range(15)))
    verdict = judge(asked(), response(*links(*names), Record("n14.test", A, "192.0.2.1")))
    assert verdict.outcome is Outcome.ANSWERED
    assert len(verdict.aliases) == 15


def test_sixteen_aliases_are_a_hole_with_the_chain_shown():
    names = ("www.example.test", *(f"n{n}.test" for n in range(16)))
    verdict = judge(asked(), response(*links(*names), Record("n15.test", A, "192.0.2.1")))
    assert (verdict.outcome, verdict.reason) == (Outcome.FAILED, "chain")
    assert len(verdict.aliases) == 16


def test_two_aliases_of_one_name_contradict_each_other():
    fork = (Record("www.example.test", CNAME, "a.test"), Record("www.example.test", CNAME, "b.test"))
    assert judge(asked(), response(*fork, Record("a.test", A, "192.0.2.1"))).reason == "chain"
    assert judge(asked(rrtype=CNAME), response(*fork)).reason == "chain"


def test_records_under_nxdomain_contradict_themselves():
    record = Record("www.example.test", A, "192.0.2.1")
    verdict = judge(asked(), response(record, rcode=3, authority=soa("test")))
    assert (verdict.outcome, verdict.reason) == (Outcome.FAILED, "contradictory")


def test_records_beside_an_alias_of_the_same_name_contradict_it():
    chain = links("www.example.test", "a.test")
    records = (Record("www.example.test", A, "192.0.2.66"), Record("a.test", A, "192.0.2.1"))
    verdict = judge(asked(), response(*chain, *records))
    assert (verdict.outcome, verdict.reason) == (Outcome.FAILED, "contradictory")


def test_a_flood_of_records_is_cut_and_says_so():
    records = [Record("www.example.test", A, f"198.51.{n >> 8}.{n & 255}") for n in range(MAX_RECORDS + 1)]
    verdict = judge(asked(), response(*records))
    assert verdict.outcome is Outcome.ANSWERED
    assert verdict.truncated
    assert len(verdict.records) == MAX_RECORDS
    assert not judge(asked(), response(*records[:-1])).truncated


def test_a_null_mx_is_an_answer_not_an_absence():
    verdict = judge(asked("example.test", MX), response(Record("example.test", MX, "0 .")))
    assert (verdict.outcome, verdict.records) == (Outcome.ANSWERED, ("0 .",))
