"""The main page: ``web``; subject is the URL asked, ``https://www.D/`` or what answers in its place.

Values are ``tag url`` pairs without user name, query or fragment. Detail: ``status``, ``final_url``, ``redirects``,
``generator``, ``csp``, ``csp_hosts``, ``server``, ``powered_by``, ``headers`` and ``cookies`` (names only),
``truncated``, and ``tried``: what was asked before. Page texts are not kept.
"""

from collections.abc import Mapping

from sovscan.files.evidence_bundle import make_observation
from sovscan.model.evidence import Observation, Outcome
from sovscan.model.target import Target, TargetKind
from sovscan.model.text import Text
from sovscan.net.answers import HttpAnswer
from sovscan.net.net import Net
from sovscan.probes.probe import Probe, Question, Subject
from sovscan.probes.sites import SITE_KINDS, site_hosts
from sovscan.readers.csp import allowed_hosts
from sovscan.readers.headers import cookie_names, header_names, header_values
from sovscan.readers.html import Page, read_page, without_secrets

TEXT_LIMIT = 4096
"""Characters kept of one header."""

# TLS is what fails there: plain HTTP may still answer. After silence it is not worth asking.
_TRY_HTTP = ("unreachable", "connection-lost", "protocol-error", "tls-")


def _urls(target: Target) -> tuple[str, ...]:
    if target.kind is TargetKind.URL:
        return (target.value,)
    return tuple(f"https://{host}/" for host in site_hosts(target))


def _questions(target: Target) -> tuple[Question, ...]:
    return ((_urls(target)[0], "GET"),)


async def _observe(subject: Subject, net: Net) -> tuple[Observation, ...]:
    answer, tried = await _first_answer(_urls(subject.target), net)
    return (_page_observation(answer, tried),)


async def _first_answer(urls: tuple[str, ...], net: Net) -> tuple[HttpAnswer, list[str]]:
    """The first answer in the order of the URLs; without any, a hole rather than an absence."""
    answers: list[HttpAnswer] = []
    for url in urls:
        answers.append(await net.http(url))
        if (answers[-1].reason or "").startswith(_TRY_HTTP) and url.startswith("https:"):
            answers.append(await net.http("http:" + url.removeprefix("https:")))
        if answers[-1].outcome is Outcome.ANSWERED:
            break
    rank = {Outcome.ANSWERED: 0, Outcome.FAILED: 1, Outcome.SKIPPED: 1, Outcome.ABSENT: 2}
    chosen = min(answers, key=lambda answer: rank[answer.outcome])
    others = [f"{answer.url} {answer.reason or answer.outcome}" for answer in answers if answer is not chosen]
    return chosen, others


def _page_observation(answer: HttpAnswer, tried: list[str]) -> Observation:
    page = Page()
    detail: Mapping[str, str] = {}
    outcome, reason = answer.outcome, answer.reason
    if outcome is Outcome.ANSWERED and answer.status >= 400:
        # The origin did not show its page to us: what the page would load is not known.
        outcome, reason = Outcome.FAILED, f"http-{answer.status}"
    if answer.status:
        if _is_html(answer) and (outcome is Outcome.ANSWERED or answer.truncated):
            page = read_page(answer.body, answer.final_url or answer.url)
        detail = _detail(answer, page)
    return make_observation(
        probe="web",
        subject=answer.url,
        outcome=outcome,
        reason=reason,
        values=[f"{tag} {url}" for tag, url in sorted({(found.tag, found.url) for found in page.resources})],
        detail={name: text for name, text in {**detail, "tried": " ".join(tried)}.items() if text},
        asked=answer.asked,
    )


def _is_html(answer: HttpAnswer) -> bool:
    kinds = header_values(answer.headers, "content-type")
    return not kinds or "html" in kinds[0].lower()


def _detail(answer: HttpAnswer, page: Page) -> Mapping[str, str]:
    policies = header_values(answer.headers, "content-security-policy")
    policies += header_values(answer.headers, "content-security-policy-report-only")
    return {
        "status": str(answer.status),
        "final_url": without_secrets(answer.final_url),
        "redirects": " ".join(without_secrets(url) for url in answer.redirects),
        "generator": page.generator,
        "csp": "; ".join(policies)[:TEXT_LIMIT],
        "csp_hosts": " ".join(allowed_hosts(policies)),
        "server": " ".join(header_values(answer.headers, "server"))[:256],
        "powered_by": " ".join(header_values(answer.headers, "x-powered-by"))[:256],
        "headers": " ".join(header_names(answer.headers)),
        "cookies": " ".join(cookie_names(answer.headers)),
        "truncated": "yes" if answer.truncated or page.truncated else "",
    }


PROBE = Probe(
    id="web",
    asks=Text(
        fr="La page d'accueil du site, à son hébergeur, en une seule visite sans script ; le texte n'est pas gardé.",
        en="The site's home page, from its host, in one visit without scripts; its text is not kept.",
    ),
    observe=_observe,
    questions=_questions,
    kinds=SITE_KINDS,
)
