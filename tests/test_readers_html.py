"""Pages: what a browser would load, whatever the bytes."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sovscan.readers.html import MAX_BYTES, MAX_RESOURCES, read_page, resources, without_secrets

HOME = "https://www.mairie.example/accueil/"


def pairs(html):
    return [(found.tag, found.url) for found in resources(html, HOME)]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (b"<script src=/a.js>", ("script", "https://www.mairie.example/a.js")),
        (b"<script src='//cdn.example/a.js?k=1#x'>", ("script", "https://cdn.example/a.js")),
        (b"<img src='b.png'>", ("img", "https://www.mairie.example/accueil/b.png")),
        (b"<img srcset='https://i.example/1.png 1x, /2.png 2x'>", ("img", "https://i.example/1.png")),
        (b"<iframe src=https://player.example/v/1></iframe>", ("iframe", "https://player.example/v/1")),
        (b"<form action='https://forms.example/post'>", ("form", "https://forms.example/post")),
        (b"<object data=https://o.example/x></object>", ("object", "https://o.example/x")),
        (b"<embed src=https://e.example/x>", ("embed", "https://e.example/x")),
        (b"<video poster=https://v.example/p.jpg>", ("video", "https://v.example/p.jpg")),
        (b"<link rel='Preload Stylesheet' href=https://f.example/c.css>", ("link", "https://f.example/c.css")),
        (b"<link rel=preconnect href=//fonts.example>", ("preconnect", "https://fonts.example/")),
        (b"<link rel=dns-prefetch href='//stats.example'>", ("preconnect", "https://stats.example/")),
        (b"<div style=\"background:url('https://bg.example/i.png')\">", ("style", "https://bg.example/i.png")),
        (b"<style>@import url(https://css.example/a.css);</style>", ("style", "https://css.example/a.css")),
        (b"<meta http-equiv=refresh content='0; URL=https://new.example/'>", ("refresh", "https://new.example/")),
        (b"<script>j.src='https://tags.example/gtm.js?id='+i</script>", ("inline", "https://tags.example/gtm.js")),
        (b'<script>x="https:\\/\\/s.example\\/v3\\/a.js"</script>', ("inline", "https://s.example/v3/a.js")),
        (b"<base href='https://tags.example/'><script src=/gtm.js>", ("script", "https://tags.example/gtm.js")),
        (b"<script src='ht\ntps://cdn.example/a.js'>", ("script", "https://cdn.example/a.js")),
        ("<script src=https://é.example/a.js>".encode(), ("script", "https://xn--9ca.example/a.js")),
        (b"<img src=http://192.0.2.1:8080/x>", ("img", "http://192.0.2.1:8080/x")),
    ],
)
def test_what_a_browser_fetches_by_itself_is_a_resource(html, expected):
    assert expected in pairs(html)


@pytest.mark.parametrize(
    "html",
    [
        b"", b" \0 ", b"<!-- <script src=https://hidden.example/x.js></script> -->",
        b"<a href=https://elsewhere.example/>", b"<link rel=canonical href=https://c.example/>",
        b"<img src=data:image/png;base64,AAAA>", b"<form action=mailto:a@b.example>",
        b"<img src='javascript:alert(1)'>", b"<script src=https://[bad>", b"<script src=https://x.example:99999/>",
        b"<script type='application/ld+json'>{\"@context\":\"https://schema.example/a.js\"}</script>",
        b"<img srcset='data:image/png,AA, b 2x'>",
        "<script src=https://ＯＶＨ.com/a.js>".encode(),
    ],
)  # fmt: skip
def test_what_is_not_fetched_is_no_resource(html):
    assert pairs(html) == []


def test_secrets_of_a_url_are_not_kept():
    assert without_secrets("https://moi:secret@A.example:443/x?token=1#y") == "https://a.example/x"
    assert pairs(b"<script src=https://moi:secret@a.example/x?token=1>") == [("script", "https://a.example/x")]


def test_the_same_page_in_any_encoding_says_the_same():
    html = "<meta name=generator content='Éditeur 4'><script src=https://a.example/é.js>"
    for encoded in (html.encode("utf-8"), html.encode("utf-16"), b"\xfe\xff" + html.encode("utf-16-be")):
        page = read_page(encoded, HOME)
        assert [found.tag for found in page.resources] == ["script"]
        assert page.generator.endswith("diteur 4")


def test_a_charset_that_does_not_exist_is_no_obstacle():
    assert pairs(b"<meta charset=bogus><script src=/a.js>") == [("script", "https://www.mairie.example/a.js")]
    declared = b"<meta charset=utf-8><title>Soci\xe9t\xe9</title><script src=https://a.example/b></script>"
    assert pairs(declared) == [("script", "https://a.example/b")]


def test_no_entity_reads_a_file():
    html = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><img src="/&e;">'
    assert all("root" not in url for _, url in pairs(html))


@pytest.mark.parametrize(
    "html",
    [b"<a a=1 " * 150_000, b"<!--" * 250_000, b"<div>" * 200_000, b"<script>" + b"'https://" * 100_000,
     b"<style>" + b"url(" * 250_000, b"<script>x='" + b"https://a\\/" * 90_000 + b"</script>",
     b"<img srcset='" + b"a," * 500_000 + b"'>"],
)  # fmt: skip
def test_a_costly_page_is_read_in_linear_time(html):
    started = time.process_time()
    read_page(html, HOME)
    assert time.process_time() - started < 3


def test_bytes_and_resources_beyond_the_caps_are_said_to_be_left_out():
    assert read_page(b" " * (MAX_BYTES + 1), HOME).truncated
    many = b"".join(b"<script src=https://h%d.example/></script>" % number for number in range(MAX_RESOURCES + 1))
    page = read_page(many, HOME)
    assert len(page.resources) == MAX_RESOURCES
    assert page.truncated


@given(st.binary(max_size=300))
def test_any_bytes_are_a_page(html):
    for found in resources(html, HOME):
        assert found.url.startswith(("http://", "https://"))


@given(st.text(max_size=60))
def test_any_reference_is_cleaned_or_dropped(reference):
    url = without_secrets("https://a.example/" + reference)
    assert "?" not in url
    assert "#" not in url
    assert url.isascii()
