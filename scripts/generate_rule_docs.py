"""Write docs/rules: one page a rule, in French and in English, from the rule itself.

python scripts/generate_rule_docs.py [--check]

`--check` writes nothing and exits 1 when a page is missing, out of date, or of a rule that is gone.
"""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from sovscan.model.finding import Verdict  # noqa: E402
from sovscan.model.text import Source, Text  # noqa: E402
from sovscan.rulebook.facts import declared  # noqa: E402
from sovscan.rulebook.load import load_rulebook  # noqa: E402
from sovscan.rulebook.rulebook import Example, Rule, Rulebook  # noqa: E402

FOLDER = ROOT / "docs" / "rules"
_BY_HAND = "<!-- Written by scripts/generate_rule_docs.py from {where}: change the rule, not this page. -->"

CONTEST = {
    "provider": Text(
        fr=(
            "La propriété : montrer une chaîne de contrôle datée et sourcée. Une correction du catalogue s’essaie"
            " sans attendre par `--providers FICHIER` ; sources contradictoires et propriété sans source ne "
            "valent pas exposition établie."
        ),
        en=(
            "Ownership: show a dated and sourced control chain. A correction of the catalogue can be tried at "
            "once with `--providers FILE`; sources that disagree and ownership without a source are no "
            "established exposure."
        ),
    ),
    "offer": Text(
        fr=(
            "La qualification : donner le numéro de décision et la date de fin de l’offre elle-même ; celle d’une"
            " autre offre, ou de la société, ne compte pas."
        ),
        en=(
            "The qualification: give the decision number and the end date of the offer itself; that of another "
            "offer, or of the company, does not count."
        ),
    ),
    "host": Text(
        fr=(
            "L’hébergement : montrer sur quelle infrastructure l’offre repose, source à l’appui ; le réseau vu "
            "peut être celui d’un revendeur."
        ),
        en=(
            "Hosting: show on which infrastructure the offer rests, with a source; the network seen can be a "
            "reseller’s."
        ),
    ),
    "dependency": Text(
        fr=(
            "L’attribution : le constat cite les indices pour et contre. Un indice ancien, partagé ou laissé par "
            "un service abandonné se retire ou se déclare (`declared:` dans `sovscan.yaml`, avec une preuve)."
        ),
        en=(
            "The attribution: the finding cites the signs for and against. An old sign, a shared one or one left "
            "by a service given up is removed, or declared (`declared:` in `sovscan.yaml`, with a proof)."
        ),
    ),
    "seen": Text(
        fr=(
            "L’observation : poser la même question à la même date depuis un autre résolveur ; chaque question "
            "est dans le dossier de preuves, avec son heure et son serveur."
        ),
        en=(
            "The observation: ask the same question on the same day from another resolver; every question is in "
            "the evidence bundle, with its time and server."
        ),
    ),
    "organisation": Text(
        fr=("L’ensemble : ce constat suit des constats par service ; c’est l’un d’eux qu’il faut contester."),
        en=("The whole: this finding follows from those about services; it is one of them that has to be contested."),
    ),
    "context": Text(
        fr=("La déclaration : corriger `context:` dans `sovscan.yaml`."),
        en=("The declaration: correct `context:` in `sovscan.yaml`."),
    ),
    "repository": Text(
        fr=(
            "Le fichier lu : le constat donne le chemin et la ligne ; ce qui ne sert qu’aux essais ou aux "
            "exemples se montre par son dossier."
        ),
        en=(
            "The file read: the finding gives path and line; what only serves tests or examples shows it by its folder."
        ),
    ),
}
"""By the group of facts a rule names: what to show against a finding."""
_GROUPS = {"nexus": "provider", "technology": "host", "mail": "seen", "web": "seen", "dns": "seen", "domain": "seen"}


def pages(rulebook: Rulebook) -> Mapping[str, str]:
    """The pages by file name, the index included."""
    found = {f"{rule.text.id}.md": page(rule, rulebook) for rule in rulebook.rules}
    return {**found, "README.md": index(rulebook)}


def index(rulebook: Rulebook) -> str:
    """The list of all rules by theme."""
    lines = [_BY_HAND.format(where="rules/findings"), "", "# Règles / Rules", ""]
    lines.append(f"{len(rulebook.rules)} règles. / {len(rulebook.rules)} rules.")
    for theme in sorted({rule.text.theme for rule in rulebook.rules}):
        lines += ["", f"## {theme}", ""]
        lines += [
            f"* [`{rule.text.id}`]({rule.text.id}.md) ({rule.text.severity}): "
            f"{rule.text.title.fr} / {rule.text.title.en}"
            for rule in rulebook.rules
            if rule.text.theme == theme
        ]
    return "\n".join(lines) + "\n"


def page(rule: Rule, rulebook: Rulebook) -> str:
    """Everything about one rule."""
    text = rule.text
    where = f"rules/findings/{text.theme}/{text.id}.yaml"
    layers = ", ".join(layer.value for layer in rule.applies_to) or "–"
    lines = [
        _BY_HAND.format(where=where),
        "",
        f"# {text.id}",
        "",
        f"**{text.title.fr}** / **{text.title.en}**",
        "",
        "| | |",
        "|---|---|",
        f"| Gravité / Severity | {text.severity} |",
        f"| Porte sur / Asked of | {rule.scope} |",
        f"| Couches / Layers | {layers} |",
        "",
        "## Ce que la règle lit / What it looks at",
        "",
        *_conditions(rule),
        "",
        "| Fait / Fact | Type | Sens | Meaning |",
        "|---|---|---|---|",
        *_facts(rule),
        "",
        "## Pourquoi / Why",
        "",
        text.why.fr,
        "",
        text.why.en,
        "",
        "## Que faire / What to do",
        "",
        text.remedy.fr,
        "",
        text.remedy.en,
        "",
        *_laws(rule, rulebook),
        "## Sources",
        "",
        *(f"* {_named(source)}: <{source.url}> ({source.checked})" for source in text.sources),
        "",
        "## Comment contester un constat / How to contest a finding",
        "",
        *_contest(rule),
        "",
        "## Exemples / Examples",
        "",
        *(_example(example) for example in rule.examples),
    ]
    return "\n".join(lines) + "\n"


def _conditions(rule: Rule) -> Iterator[str]:
    if rule.only is not None:
        yield "Sans objet, sauf si / Not applicable, unless:"
        yield from ("", "```", rule.only.text, "```", "")
    unknown = rule.verdict is Verdict.UNKNOWN
    yield "Inconnu si / Unknown if:" if unknown else "Exposé si / Exposed if:"
    yield from ("", "```", rule.when.text, "```")


def _facts(rule: Rule) -> Iterator[str]:
    known = declared()
    for name in rule.names:
        fact = known[name]
        yield f"| `{name}` | {fact.type} | {fact.meaning.fr} | {fact.meaning.en} |"


def _laws(rule: Rule, rulebook: Rulebook) -> Iterator[str]:
    named = [law.text for law in rulebook.laws if law.text.id in rule.text.laws]
    if not named:
        return
    yield from ("## Textes / Texts", "")
    for law in named:
        open_state = "" if law.established else " (à confirmer / to be confirmed)"
        yield f"* **{law.name.fr}**, {law.reference}{open_state}. {law.state.fr} / {law.state.en}"
    yield ""


def _contest(rule: Rule) -> Iterator[str]:
    groups = {name.partition(".")[0] for name in rule.names}
    wanted = {_GROUPS.get(group, group) for group in groups} & CONTEST.keys()
    if rule.text.theme == "repository":
        wanted.add("repository")
    for group, said in CONTEST.items():
        if group in wanted:
            yield from (f"* {said.fr}", f"  / {said.en}")
    clear = next(example for example in rule.examples if example.verdict is Verdict.CLEAR)
    shown = ", ".join(f"`{name}` = {_value(value)}" for name, value in clear.facts)
    if rule.verdict is Verdict.UNKNOWN:
        yield f"* Là où ceci est établi, plus rien n’est inconnu : {shown}."
        yield f"  / Where this is established nothing is unknown any more: {shown}."
    else:
        yield f"* Un service qui montre ceci n’est pas exposé : {shown}."
        yield f"  / A service that shows this is not exposed: {shown}."
    yield "* Le constat porte une empreinte stable : la citer, avec le dossier de preuves, suffit à le retrouver."
    yield "  / The finding has a stable fingerprint: quoting it with the evidence bundle is enough to find it again."


def _example(example: Example) -> str:
    shown = ", ".join(f"`{name}` = {_value(value)}" for name, value in example.facts) or "–"
    return f"* {example.verdict}: {shown}"


def _value(value: object) -> str:
    if isinstance(value, tuple):
        return f"`[{', '.join(value)}]`"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _named(source: Source) -> str:
    return f"{source.title_fr} / {source.title}" if source.title_fr not in (None, source.title) else source.title


def main() -> int:
    """0 when the pages are as they should be."""
    wanted = pages(load_rulebook())
    there = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md")}
    if "--check" in sys.argv[1:]:
        wrong = sorted(name for name in wanted.keys() | there.keys() if wanted.get(name) != there.get(name))
        for name in wrong:
            print(f"docs/rules/{name} is not what its rule says: run scripts/generate_rule_docs.py")
        return 1 if wrong else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in there.keys() - wanted.keys():
        (FOLDER / name).unlink()
    for name, text in wanted.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    print(f"{len(wanted)} pages in docs/rules")
    return 0


if __name__ == "__main__":
    sys.exit(main())
