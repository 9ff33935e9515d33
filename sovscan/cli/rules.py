"""``rules``: the finding rules, their facts, and whether they hold."""

from typing import Annotated

import typer

from sovscan.cli import options as opt
from sovscan.cli.exits import Done, ExitCode, Refusal

LOOK = "see them all with 'sovscan rules list'"

app = typer.Typer(help="The finding rules.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def _group() -> None:
    """The finding rules."""


@app.command("list")
def list_rules(rules: opt.Rules = None, lang: opt.Lang = "auto") -> None:
    """One line a rule: severity, id, title."""
    from sovscan.cli.console import print_line
    from sovscan.cli.judging import load_rulebook_or_refuse
    from sovscan.cli.language import languages

    language = languages(lang)[0]
    for rule in load_rulebook_or_refuse(rules).rules:
        print_line(f"{rule.text.severity:<9} {rule.text.id:<44} {rule.text.title.in_language(language)}")


@app.command("show")
def show(
    identifier: Annotated[str, typer.Argument(metavar="ID")], rules: opt.Rules = None, lang: opt.Lang = "auto"
) -> None:
    """Title, condition, reason, remedy and sources of one rule."""
    from sovscan.cli.console import print_line
    from sovscan.cli.judging import load_rulebook_or_refuse
    from sovscan.cli.language import languages
    from sovscan.files.strict_yaml import suggestion

    language = languages(lang)[0]
    found = {str(rule.text.id): rule for rule in load_rulebook_or_refuse(rules).rules}
    if identifier not in found:
        raise Refusal(f"no rule {identifier!r}", suggestion(identifier, found) or LOOK)
    rule = found[identifier]
    text = rule.text
    for line in (
        f"{text.id}  [{text.severity}]",
        text.title.in_language(language),
        "",
        rule.when.text.strip(),
        "",
        text.why.in_language(language),
        text.remedy.in_language(language),
        *(f"{source.in_language(language)}: {source.url} ({source.checked})" for source in text.sources),
    ):
        print_line(line)


@app.command("facts")
def facts(lang: opt.Lang = "auto") -> None:
    """Every fact a condition may name, with its type."""
    from sovscan.cli.console import print_line
    from sovscan.cli.language import languages
    from sovscan.rulebook.facts import FACTS

    language = languages(lang)[0]
    for fact in FACTS:
        print_line(f"{fact.name:<36} {fact.type:<12} {fact.meaning.in_language(language)}")


@app.command("validate")
def validate(rules: opt.Rules = None) -> None:
    """Compile every rule and run its examples; exit 2 with the place of each fault."""
    from sovscan.cli.console import print_line
    from sovscan.cli.judging import load_rulebook_or_refuse
    from sovscan.rulebook.examples import run_examples

    rulebook = load_rulebook_or_refuse(rules)
    problems = run_examples(rulebook)
    for problem in problems:
        print_line(str(problem))
    if problems:
        raise Done(ExitCode.USAGE)
    print(f"{len(rulebook.rules)} rules hold")


@app.command("test")
def show_examples(
    identifiers: Annotated[list[str] | None, typer.Argument(metavar="ID", help="Left out: all rules.")] = None,
    rules: opt.Rules = None,
) -> None:
    """Ask rules about their own examples, one line each; exit 2 when one does not lead where it says."""
    from sovscan.cli.console import print_line
    from sovscan.cli.judging import load_rulebook_or_refuse
    from sovscan.files.strict_yaml import suggestion
    from sovscan.rulebook.verdict import rule_on

    rulebook = load_rulebook_or_refuse(rules)
    known = {str(rule.text.id): rule for rule in rulebook.rules}
    for identifier in identifiers or ():
        if identifier not in known:
            raise Refusal(f"no rule {identifier!r}", suggestion(identifier, known) or LOOK)
    failed = 0
    for identifier in identifiers or known:
        for example in known[identifier].examples:
            found = rule_on(known[identifier], rulebook.engine.bind(dict(example.facts))).verdict
            holds = found is example.verdict
            failed += not holds
            told = f"{'holds' if holds else 'fails':<5} {identifier:<44} {example.where}: {example.verdict}"
            print_line(told if holds else f"{told}, found {found}")
    if failed:
        raise Done(ExitCode.USAGE)
