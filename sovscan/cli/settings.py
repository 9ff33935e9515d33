"""The settings of the gate as lines: name, value, origin."""

from collections.abc import Iterator, Mapping

from sovscan.cli.discovery import FoundFile
from sovscan.cli.gating import Gate
from sovscan.gate.policy import PolicyRule, Then


def settings_lines(gate: Gate, given: Mapping[str, tuple[object, str]]) -> Iterator[str]:
    """One line a value. ``given``: value and origin of each option, by parameter name."""
    for name, (value, origin) in given.items():
        yield _line(name.replace("_", "-"), "not asked" if value is None else str(value), origin)
    yield _line("config", *_file(gate.config))
    where = gate.config.shown if gate.config else ""
    if gate.configuration.organisation:
        yield _line("organisation", gate.configuration.organisation, where)
    lines = dict(gate.configuration.lines)
    for target in gate.configuration.targets:
        yield _line("target", target.value, f"{where}:{lines.get(target.value, 1)}")
    for tree in gate.configuration.repositories:
        yield _line("repository", str(tree.path), tree.where.where if tree.where else where)
    yield _line("declared", f"{len(gate.configuration.declared)} services", where or "default")
    told = gate.configuration.collect
    for name in ("resolvers", "resolver_rate", "http_proxy", "scope", "probes", "asn_table"):
        value = getattr(told, name) if told is not None else None
        if value:
            shown = ", ".join(value) if isinstance(value, tuple) else str(value)
            yield _line(f"collect {name}".replace("collect asn", "asn").replace("_", "-"), shown, where)
    if gate.configuration.previous is not None:
        yield _line("previous", gate.configuration.previous.text(), gate.configuration.previous.where)
    for rule in (*gate.terms.policy, *gate.refused):
        state = ", not applied: nobody named the file" if rule in gate.refused else ""
        yield _line("policy", _told(rule), f"{rule.where}{state}")
    yield _line("waivers", *_file(gate.waivers))
    for waiver in (*gate.terms.waivers, *gate.terms.untrusted):
        state = ", not applied: nobody named the file" if waiver in gate.terms.untrusted else ""
        yield _line("waiver", f"{waiver.rule} for {waiver.match} until {waiver.expires}", f"{waiver.where}{state}")
    yield _line("baseline", *_file(gate.baseline))


def _line(name: str, value: str, origin: str) -> str:
    return f"{name:<17} {value:<48} {origin}".rstrip()


def _file(found: FoundFile | None) -> tuple[str, str]:
    return ("none", "default") if found is None else (f"{found.shown} ({found.origin})", "")


def _told(rule: PolicyRule) -> str:
    when = rule.when
    named = (
        ("layer", when.layer),
        ("level at least", when.level_at_least),
        ("law", when.law),
        ("provider", when.provider),
        ("confidence", when.confidence),
    )
    condition = ", ".join(f"{word} {value}" for word, value in named if value is not None)
    return f"{'fail' if rule.then is Then.FAIL else 'allow'} {condition}: {rule.reason}"
