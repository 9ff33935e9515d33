"""METHOD 3.1, sentence by sentence, and the ownership cases of the pitfalls."""

from dataclasses import replace

import pytest

from sovscan.model.dependency import Confidence, Layer
from sovscan.model.exposure import Level, Nexus
from sovscan.model.text import Country
from sovscan.rulebook.exposure import ExposureError, expose, expose_offer
from sovscan.score.policy import load_policy
from tests import results
from tests.small_catalogue import catalogue, depends, link, offer, party, provider, secnumcloud

DAY = "2026-11-21"


@pytest.fixture(scope="module")
def rulebook():
    return results.RULEBOOK()


@pytest.fixture(scope="module")
def policy():
    return load_policy()


@pytest.fixture
def stand(rulebook, policy):
    """Level and country of each nexus, worst level first."""

    def of(dependency, *providers, as_of=DAY):
        item = expose(dependency, catalogue(*providers), rulebook, policy, as_of)
        return [(nexus.level.value, nexus.country) for nexus in item.nexuses]

    return of


def test_a_provider_seated_and_held_in_the_eea_is_none(stand):
    assert stand(depends("scw"), provider("scw", control=[link("Iliad", "FR")])) == [("NONE", "EU")]


def test_norway_is_inside_the_eea_and_switzerland_outside(stand):
    assert stand(depends("jotta"), provider("jotta", "NO")) == [("NONE", "EU")]
    assert stand(depends("infomaniak"), provider("infomaniak", "CH")) == [("DIRECT", "CH")]


def test_an_entity_outside_the_eea_is_direct(stand):
    assert stand(depends("zoom"), provider("zoom", "US")) == [("DIRECT", "US")]


def test_every_controlling_link_seated_outside_is_a_parent_nexus(stand):
    held = provider("brand", "IE", control=[link("One Inc.", "US"), link("Two Ltd", "GB"), link("Three", "DE")])
    assert stand(depends("brand"), held) == [("PARENT", "GB"), ("PARENT", "US")]


def test_a_parent_two_steps_up_counts_as_well(stand):
    held = provider("brand", "FR", control=[link("Mid BV", "NL")])
    above = provider("mid", "NL", entity="Mid BV", control=[link("Top Inc.", "US")])
    assert stand(depends("brand"), held, above) == [("PARENT", "US")]


@pytest.mark.parametrize(
    ("shares", "expected"),
    [
        ([("Fund", "US", 24.0)], [("NONE", "EU")]),
        ([("Fund", "US", 24.1)], [("INFLUENCE", "US")]),
        ([("Fund", "US", 20.0), ("Other", "CA", 19.0)], [("NONE", "EU")]),
        ([("Fund", "US", 20.0), ("Other", "CA", 20.0)], [("INFLUENCE", "CA"), ("INFLUENCE", "US")]),
        ([("Fund", "DE", 60.0)], [("NONE", "EU")]),
    ],
)
def test_influence_begins_above_24_percent_alone_and_39_together(stand, shares, expected):
    held = provider("x", control=[link(who, where, kind="share", share=share) for who, where, share in shares])
    assert stand(depends("x"), held) == expected


def test_a_veto_is_an_influence_at_any_share(stand):
    held = provider("x", control=[link("Fund", "US", kind="veto", share=5.0)])
    assert stand(depends("x"), held) == [("INFLUENCE", "US")]


def test_an_outside_share_that_is_not_known_counts_as_above_the_threshold(stand):
    assert stand(depends("x"), provider("x", control=[link("Fund", "US", kind="share")])) == [("INFLUENCE", "US")]


def test_subsidiaries_are_presence_one_nexus_a_country(stand):
    assert stand(depends("ovh"), provider("ovh", presence=["US", "CA", "DE"])) == [
        ("PRESENCE", "CA"),
        ("PRESENCE", "US"),
    ]


def test_the_presence_of_a_parent_in_the_catalogue_is_the_groups(stand):
    child = provider("kimsufi", control=[link("ovh SAS", "FR")])
    assert stand(depends("kimsufi"), child, provider("ovh", presence=["CA"])) == [("PRESENCE", "CA")]


def test_a_qualified_offer_within_its_dates_is_immune_whatever_the_groups_presence(stand):
    ovh = provider("ovh", presence=["US"], offers=[offer("pod", certifications=[secnumcloud()]), offer("vps")])
    assert stand(depends("ovh", on="pod"), ovh) == [("IMMUNE", "EU")]
    assert stand(depends("ovh", on="vps"), ovh) == [("PRESENCE", "US")]
    assert stand(depends("ovh"), ovh) == [("PRESENCE", "US")], "the company's name alone gives no immunity"


@pytest.mark.parametrize(
    "certification",
    [
        secnumcloud("2026-11-20"),
        secnumcloud(None),
        secnumcloud(checked="2026-05-20"),
        secnumcloud(status="in_progress"),
        secnumcloud(scheme="HDS"),
        secnumcloud(scheme="CSPN"),
    ],
    ids=["expired", "no end date", "record over six months old", "in progress", "HDS", "CSPN"],
)
def test_nothing_but_a_valid_recent_secnumcloud_record_gives_immunity(stand, certification):
    held = provider("x", offers=[offer("it", certifications=[certification])])
    assert stand(depends("x", on="it"), held) == [("NONE", "EU")]


def test_the_last_day_of_a_qualification_still_counts(stand):
    held = provider("x", offers=[offer("it", certifications=[secnumcloud(DAY)])])
    assert stand(depends("x", on="it"), held) == [("IMMUNE", "EU")]


def test_p47_eu_operated_foreign_technology_is_technology_even_when_qualified(stand):
    google = provider("google", "US")
    s3ns = provider("s3ns", presence=["US"], offers=[
        offer("premi3ns", technology=["google"], certifications=[secnumcloud()]), offer("other", technology=["google"])
    ])  # fmt: skip
    assert stand(depends("s3ns", on="premi3ns"), s3ns, google) == [("TECHNOLOGY", "US")]
    assert stand(depends("s3ns", on="other"), s3ns, google) == [("PRESENCE", "US"), ("TECHNOLOGY", "US")]


def test_a_service_on_a_qualified_host_is_not_itself_qualified(stand):
    outscale = provider("outscale", presence=["US"], offers=[offer("snc", certifications=[secnumcloud()])])
    app = provider("app", offers=[offer("chat", hosts=["snc"])])
    assert stand(depends("app", on="chat"), app, outscale) == [("NONE", "EU")]


def test_p43_an_eu_brand_on_a_us_cloud_is_hosted_on_it(stand):
    aws = provider("aws", "LU", control=[link("Amazon.com, Inc.", "US")])
    app = provider("app", offers=[offer("chat", hosts=["aws"])])
    assert stand(depends("app", on="chat"), app, aws) == [("HOSTED_ON", "US")]
    assert stand(depends("app", host=party("aws")), app, aws) == [("HOSTED_ON", "US")]


def test_hosting_is_followed_through_a_host_of_the_host(stand):
    aws = provider("aws", "US")
    paas = provider("paas", offers=[offer("run", hosts=["aws"])])
    app = provider("app", offers=[offer("chat", hosts=["run"])])
    assert stand(depends("app", on="chat"), app, paas, aws) == [("HOSTED_ON", "US")]


def test_hosts_that_name_each_other_do_not_hang(stand):
    one = provider("one", offers=[offer("a", hosts=["b"])])
    two = provider("two", offers=[offer("b", hosts=["a"])])
    assert stand(depends("one", on="a"), one, two) == [("NONE", "EU")]


def test_the_presence_of_a_host_is_inherited(stand):
    app = provider("app", offers=[offer("chat", hosts=["ovh"])])
    assert stand(depends("app", on="chat"), app, provider("ovh", presence=["CA"])) == [("PRESENCE", "CA")]


def test_the_country_of_an_address_block_decides_nothing(stand):
    google = provider("google", "US")
    assert stand(depends("google", host=party("google", "AS396982 GOOGLE", "FR")), google) == [("DIRECT", "US")]
    assert stand(depends("scw", host=party(None, "AS64500", "US")), provider("scw")) == [("NONE", "EU")]


def test_self_run_mail_on_a_us_cloud_is_one_dependency_hosted_on_it(rulebook, policy):
    aws = provider("aws", "US")
    own = depends(self_run=True, layer="mail_in", role="mailbox", host=party("aws"))
    item = expose(own, catalogue(aws), rulebook, policy, DAY)
    assert [(nexus.level.value, nexus.country, nexus.who) for nexus in item.nexuses] == [("HOSTED_ON", "US", "aws SAS")]
    assert item.controller == "self"


def test_self_run_on_an_identified_european_network_is_none_and_inherits_presence(stand):
    own = depends(self_run=True, host=party("fai"))
    assert stand(own, provider("fai")) == [("NONE", "EU")]
    assert stand(own, provider("fai", presence=["US"])) == [("PRESENCE", "US")]


def test_self_run_on_an_unlisted_network_is_unknown(stand):
    assert stand(depends(self_run=True, host=party(None))) == [("UNKNOWN", "??")]
    assert stand(depends(self_run=True)) == [("UNKNOWN", "??")]


def test_self_run_is_immune_only_on_the_organisations_own_addresses_or_with_a_proof(stand):
    assert stand(depends(self_run=True, flags=["own-network"])) == [("IMMUNE", "EU")]
    assert stand(depends(self_run=True, flags=["declared-with-proof"])) == [("IMMUNE", "EU")]
    assert stand(depends(self_run=True, flags=["declared"], host=party("fai")), provider("fai")) == [("NONE", "EU")]


def test_self_run_by_declaration_alone_is_none_and_by_nobodys_word_unknown(stand):
    assert stand(depends(self_run=True, flags=["declared"])) == [("NONE", "EU")]
    assert stand(depends(self_run=True, flags=["declared"], host=party(None))) == [("UNKNOWN", "??")]


def test_what_the_network_shows_outweighs_a_declared_own_network(stand):
    declared = depends(self_run=True, flags=["declared", "declared-with-proof"], host=party("aws"))
    assert stand(declared, provider("aws", "US")) == [("HOSTED_ON", "US")]
    assert stand(replace(declared, host=party("ovh")), provider("ovh", presence=["CA"])) == [("PRESENCE", "CA")]


def test_exchange_on_the_organisations_own_servers_is_a_technology_dependence_only(stand):
    microsoft = provider("microsoft", "US")
    own = depends(self_run=True, layer="mail_in", role="mailbox", technology=party("microsoft"), flags=["own-network"])
    assert stand(own, microsoft) == [("TECHNOLOGY", "US")]


def test_an_unidentified_provider_is_unknown_and_its_own_controller(rulebook, policy):
    one = expose(depends(subject="a.example"), catalogue(), rulebook, policy, DAY)
    two = expose(depends(subject="b.example"), catalogue(), rulebook, policy, DAY)
    assert [(nexus.level, nexus.country) for nexus in one.nexuses] == [(Level.UNKNOWN, "??")]
    assert one.controller != two.controller


def test_sources_that_disagree_on_ownership_give_unknown_even_to_a_qualified_offer(stand):
    held = provider("x", conflict=True, offers=[offer("it", certifications=[secnumcloud()])])
    assert stand(depends("x", on="it"), held) == [("UNKNOWN", "??")]


def test_an_unsourced_european_owner_is_unknown_never_none(rulebook, policy):
    item = expose(depends("x"), catalogue(provider("x", sourced=False)), rulebook, policy, DAY)
    assert [nexus.level for nexus in item.nexuses] == [Level.UNKNOWN]
    assert item.confidence is Confidence.WEAK


def test_an_unsourced_foreign_owner_keeps_its_level_at_weak_confidence(rulebook, policy):
    held = provider("x", control=[link("Top Inc.", "US", sourced=False)])
    item = expose(depends("x"), catalogue(held), rulebook, policy, DAY)
    assert [(nexus.level, nexus.country, nexus.sourced) for nexus in item.nexuses] == [(Level.PARENT, "US", False)]
    assert item.confidence is Confidence.WEAK


def test_a_sourced_holder_above_an_unsourced_link_is_not_established(rulebook, policy):
    held = provider("x", "CH", control=[link("Mid AG", "AT", sourced=False)])
    above = provider("mid", "AT", entity="Mid AG", control=[link("Top S.A.", "MX")], presence=["US"])
    item = expose(depends("x"), catalogue(held, above), rulebook, policy, DAY)
    said = {(nexus.level, nexus.country): nexus.sourced for nexus in item.nexuses}
    assert said[Level.DIRECT, "CH"]
    assert not said[Level.PARENT, "MX"]
    assert item.confidence is Confidence.WEAK


def test_a_presence_of_a_holder_above_an_unsourced_link_is_not_established(rulebook, policy):
    held = provider("x", control=[link("Mid BV", "NL", sourced=False)])
    above = provider(
        "mid", "NL", entity="Mid BV", presence=["US"], control=[link("Fund", "US", kind="share", share=45)]
    )
    item = expose(depends("x"), catalogue(held, above), rulebook, policy, DAY)
    assert not any(nexus.sourced for nexus in item.nexuses)


def test_an_owner_of_unknown_country_is_unknown(stand):
    assert stand(depends("x"), provider("x", control=[link("Somebody", "??")])) == [("UNKNOWN", "??")]
    assert stand(depends("x"), provider("x", "??")) == [("UNKNOWN", "??")]


def test_an_adequate_provider_on_a_us_cloud_has_both_nexuses(stand):
    swiss = provider("kreativ", "CH", offers=[offer("box", hosts=["aws"])])
    assert stand(depends("kreativ", on="box"), swiss, provider("aws", "US")) == [("DIRECT", "CH"), ("HOSTED_ON", "US")]


def test_a_country_that_controls_adds_no_lesser_nexus(stand):
    held = provider("ms", "IE", control=[link("Microsoft Corporation", "US")], presence=["US"])
    assert stand(depends("ms", host=party("azure")), held, provider("azure", "US")) == [("PARENT", "US")]


def test_an_outside_nexus_with_a_country_of_the_eea_is_an_error():
    from sovscan.rulebook import exposure
    from sovscan.rulebook.reach import Hold

    with pytest.raises(ExposureError, match="DIRECT through X SA: FR is inside the EEA"):
        exposure._from_outside(Level.DIRECT, Hold(country=Country("FR"), who="X SA", sourced=True))


def test_within_the_month_of_a_change_of_owner_both_readings_count(stand):
    held = provider("gateway", "DE", control=[
        link("Old GmbH", "DE", until="2025-12"), link("Proofpoint, Inc.", "US", since="2025-12")
    ])  # fmt: skip
    assert stand(depends("gateway"), held, as_of="2025-11-30") == [("NONE", "EU")]
    assert stand(depends("gateway"), held, as_of="2025-12-15") == [("PARENT", "US")]
    assert stand(depends("gateway"), held, as_of="2026-01-01") == [("PARENT", "US")]


def test_p44_the_entity_decides_not_the_brand(stand):
    group = provider("ovh", presence=["US"])
    american = provider("ovh-us", "US", control=[link("ovh SAS", "FR")])
    assert stand(depends("ovh-us"), american, group) == [("DIRECT", "US")]
    assert stand(depends("ovh"), american, group) == [("PRESENCE", "US")]


def test_p45_a_european_name_since_bought_follows_its_parent(stand):
    zerossl = provider("zerossl", "AT", control=[link("Idera, Inc.", "US")])
    globalsign = provider("globalsign", "BE", control=[link("GMO Internet Group", "JP")])
    cleura = provider("cleura", "SE", control=[link("Iver", "SE")])
    iver = provider("iver", "SE", entity="Iver", control=[link("ICG plc", "GB")])
    assert stand(depends("zerossl", layer="ca", role="issuer"), zerossl) == [("PARENT", "US")]
    assert stand(depends("globalsign", layer="ca", role="issuer"), globalsign) == [("PARENT", "JP")]
    assert stand(depends("cleura"), cleura, iver) == [("PARENT", "GB")]


def test_p48_bleu_in_progress_is_technology(stand):
    bleu = provider("bleu", offers=[
        offer("suite", technology=["microsoft"], certifications=[secnumcloud(status="in_progress")])
    ])  # fmt: skip
    microsoft = provider("microsoft", "US")
    assert stand(depends("bleu", on="suite", flags=["declared"]), bleu, microsoft) == [("TECHNOLOGY", "US")]


def test_p49_an_eu_data_boundary_of_a_us_group_is_parent(stand):
    sovereign = provider("ms-ireland", "IE", control=[link("Microsoft Corporation", "US")], offers=[offer("boundary")])
    assert stand(depends("ms-ireland", on="boundary"), sovereign) == [("PARENT", "US")]


def test_p50_a_reseller_is_judged_offer_by_offer(stand):
    azure = provider("azure", "US")
    orange = provider("orange", offers=[
        offer("cloud-snc", certifications=[secnumcloud()]), offer("azure-resold", hosts=["azure"])
    ])  # fmt: skip
    assert stand(depends("orange", on="cloud-snc"), orange, azure) == [("IMMUNE", "EU")]
    assert stand(depends("orange", on="azure-resold"), orange, azure) == [("HOSTED_ON", "US")]


def test_the_weight_is_the_roles_and_half_on_a_secondary_domain(rulebook, policy):
    held = catalogue(provider("x"))
    backup = depends("x", layer="mail_in", role="backup")
    elsewhere = depends("x", layer="mail_in", role="backup", main=False)
    assert expose(backup, held, rulebook, policy, DAY).weight == pytest.approx(0.8)
    assert expose(elsewhere, held, rulebook, policy, DAY).weight == pytest.approx(0.4)


def test_the_controller_is_the_ultimate_parent(rulebook, policy):
    held = provider("brand", "IE", control=[link("Mid BV", "NL")])
    above = provider("mid", "NL", entity="Mid BV", control=[link("Top Inc.", "US")])
    assert expose(depends("brand"), catalogue(held, above), rulebook, policy, DAY).controller == "Top Inc."


def test_a_nexus_names_the_laws_of_its_country_ground_and_layer(rulebook, policy):
    held = catalogue(provider("x", "IE", control=[link("Top Inc.", "US")], presence=["CA"]))
    item = expose(depends("x", layer="mail_in", role="mailbox"), held, rulebook, policy, DAY)
    by_country = {nexus.country: nexus.laws for nexus in item.nexuses}
    assert "us-cloud-act" in by_country["US"]
    assert "us-sanctions" in by_country["US"]
    assert by_country["CA"] == ("ca-production-order",)
    issuer = expose(depends("x", layer="ca", role="issuer"), held, rulebook, policy, DAY)
    assert "us-cloud-act" not in {law for nexus in issuer.nexuses for law in nexus.laws}


def test_an_offer_under_advice_climbs_the_same_ladder(rulebook, policy):
    ovh = provider("ovh", presence=["US"], offers=[offer("pod", certifications=[secnumcloud()]), offer("vps")])
    held = catalogue(ovh)
    qualified, plain = (
        expose_offer(ovh, each, Layer.HOSTING, "origin", held, rulebook, policy, DAY) for each in ovh.offers
    )
    assert [nexus.level for nexus in qualified.nexuses] == [Level.IMMUNE]
    assert [nexus.level for nexus in plain.nexuses] == [Level.PRESENCE]
    assert qualified.confidence is Confidence.CONFIRMED
    assert qualified.weight == pytest.approx(1.0)


def test_a_rung_that_cannot_be_decided_counts_as_unknown(rulebook, policy):
    broken = rulebook.engine.compile('provider.id.matches("a") && 1 / 0 == 1')
    rung = replace(rulebook.ladder.rungs[-1], when=broken)
    ladder = replace(rulebook.ladder, rungs=(rung,))
    item = expose(depends("a"), catalogue(provider("a")), replace(rulebook, ladder=ladder), policy, DAY)
    assert item.nexuses == (Nexus(level=Level.UNKNOWN, country=Country("??"), who="a SAS"),)


def test_an_unidentified_operator_on_an_identified_us_network_is_both(stand):
    cloud = provider("aws", "LU", control=[link("Amazon.com, Inc.", "US")])
    unknown = depends(None, host=party("aws"))
    assert stand(unknown, cloud) == [("HOSTED_ON", "US"), ("UNKNOWN", "??")]


def test_an_unidentified_operator_on_a_european_network_stays_unknown(stand):
    host = provider("scw", control=[link("Iliad", "FR")])
    assert stand(depends(None, host=party("scw")), host) == [("UNKNOWN", "??")]
