"""Tag records, CAA, CSP, headers and mailboxes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sovscan.readers.caa import parse_caa
from sovscan.readers.csp import allowed_hosts, parse_csp
from sovscan.readers.dmarc import TagProblem, parse_dmarc, parse_mta_sts, parse_tls_rpt, read_sts_policy
from sovscan.readers.headers import cookie_names, header_names, header_values
from sovscan.readers.mailboxes import mail_domains, soa_without_mailbox, without_mailboxes


def test_dmarc_reports_go_to_the_domains_of_its_addresses():
    record = parse_dmarc(
        ["other", "v=DMARC1; p=quarantine; rua=mailto:@agence.example!10m,mailto:d@b.example; ruf=mailto:@c.example"]
    )
    assert record.tags["p"] == "quarantine"
    assert record.report_hosts("rua") == ("agence.example", "b.example")
    assert record.report_hosts("rua", "ruf") == ("agence.example", "b.example", "c.example")


def test_two_dmarc_records_are_none_at_all():
    assert isinstance(parse_dmarc(["v=DMARC1; p=none", "v=DMARC1; p=reject"]), TagProblem)
    assert parse_dmarc(["v=DMARC2; p=none", "p=none"]) is None


def test_tls_reports_may_go_to_a_host():
    record = parse_tls_rpt(["v=TLSRPTv1; rua=https://rapports.example/v1?x=1,mailto:@b.example"])
    assert record.report_hosts("rua") == ("b.example", "rapports.example")


def test_an_mta_sts_policy_is_read_line_by_line():
    assert parse_mta_sts(["v=STSv1; id=20261121"]).tags["id"] == "20261121"
    policy = "version: STSv1\r\nmode: enforce\r\nmx: *.mail.example\r\nmx: mx2.example\r\nmax_age: 604800\r\n"
    assert ("mx", "*.mail.example") in read_sts_policy(policy)
    assert read_sts_policy("<html>not found: here</html>") == ()


@pytest.mark.parametrize(
    ("text", "reduced"),
    [
        ("v=DMARC1; rua=mailto:jean.dupont@mairie.example", "v=DMARC1; rua=mailto:@mairie.example"),
        ("rua=mailto:a%40x@b.example,mailto:c@d.example!10m", "rua=mailto:@b.example,mailto:@d.example!10m"),
        ('0 iodef "mailto:securite@mairie.example"', '0 iodef "mailto:@mairie.example"'),
        ("contact jean@mairie.example or call", "contact @mairie.example or call"),
        ("mailto:jean%40mairie.example", "mailto:@mairie.example"),
        ("nothing here", "nothing here"),
    ],
)
def test_a_mailbox_is_reduced_to_its_domain(text, reduced):
    assert without_mailboxes(text) == reduced
    assert without_mailboxes(reduced) == reduced


def test_the_mailbox_of_a_zone_is_reduced_to_its_domain():
    assert soa_without_mailbox("ns1.ovh.example tech.ovh.example 1 2 3 4 5") == "ns1.ovh.example ovh.example 1 2 3 4 5"
    assert soa_without_mailbox(r"ns a\.b.mairie.example 1 2 3 4 5") == "ns mairie.example 1 2 3 4 5"
    assert soa_without_mailbox("ns . 1 2 3 4 5") == "ns . 1 2 3 4 5"


def test_domains_of_addresses_are_found_reduced_or_not():
    assert mail_domains("mailto:@B.example,mailto:x@a.example.") == ("a.example", "b.example")


def test_caa_names_the_authority_and_its_parameters():
    record = parse_caa('0 issue "LetsEncrypt.org; accounturi=https://x/1; validationmethods=dns-01"')
    assert (record.tag, record.issuer, record.critical) == ("issue", "letsencrypt.org", False)
    assert record.parameters == {"accounturi": "https://x/1", "validationmethods": "dns-01"}
    assert parse_caa('128 issue ";"').issuer == ""
    assert parse_caa('128 issue ";"').critical
    assert parse_caa('0 iodef "mailto:@mairie.example"').issuer == ""
    assert parse_caa("rubbish") is None


def test_a_policy_allows_hosts_and_nothing_else():
    policy = "default-src 'self' data:; script-src https://*.tags.example:443/x cdn.example 'nonce-abc'; report-uri https://r.example/c"
    assert allowed_hosts([policy]) == ("*.tags.example", "cdn.example", "r.example")
    assert allowed_hosts([policy], reporting=False) == ("*.tags.example", "cdn.example")
    assert parse_csp("script-src a.example; script-src b.example")["script-src"] == ("a.example",)


def test_cookies_keep_their_name_and_never_their_value():
    headers = (("Set-Cookie", "sid=SECRET; Path=/"), ("set-cookie", "b ad=1"), ("Server", "nginx"))
    assert cookie_names(headers) == ("sid",)
    assert header_names(headers) == ("server", "set-cookie")
    assert header_values(headers, "server") == ("nginx",)


@given(st.text(max_size=200))
def test_any_text_is_read_without_a_fault(text):
    parse_caa(text)
    allowed_hosts([text])
    read_sts_policy(text)
    soa_without_mailbox(text)
    record = parse_dmarc(["v=DMARC1;" + text])
    record.report_hosts("rua")
    assert without_mailboxes(without_mailboxes(text)) == without_mailboxes(text)
