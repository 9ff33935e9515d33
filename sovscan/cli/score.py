"""``score``: the method on a hand-written inventory."""

from pathlib import Path
from typing import Annotated

import typer

from sovscan.cli import options as opt
from sovscan.cli.exits import Refusal
from sovscan.model.text import Text

_NAMES = Text(fr="note accès coupure couverture sur", en="grade access cut-off coverage of")


def score(
    inventory: Annotated[Path, typer.Argument(metavar="INVENTORY", help="YAML file of dependencies.")],
    profile: opt.Profile = "practical",
    lang: opt.Lang = "auto",
    as_json: Annotated[bool, typer.Option("--json", help="Canonical JSON on standard output.")] = False,
) -> None:
    """Score what no scan can see: rows of layer, controller, level, country and role weight.

    An inventory is YAML, for example:

    \b
    dependencies:
      - [mail_in, OVHcloud, PRESENCE, US, 1]
      - {layer: saas, controller: Example Inc., role: business, level: DIRECT, country: US, confidence: probable}
    failed: [hosting]
    """  # noqa: D301 - the help printer wants the control character itself
    from sovscan.cli import sockets
    from sovscan.cli.console import write_out
    from sovscan.cli.judging import load_policy_or_refuse
    from sovscan.cli.language import languages
    from sovscan.files import canonical
    from sovscan.files.strict_yaml import YamlError
    from sovscan.score import score as score_inventory
    from sovscan.score.inventory_file import read_inventory

    language = languages(lang)[0]
    with sockets.refused():
        policy = load_policy_or_refuse(profile)
        try:
            found = score_inventory(read_inventory(inventory.read_bytes(), inventory.name), policy)
        except FileNotFoundError as error:
            raise Refusal(f"{inventory}: no such file") from error
        except YamlError as error:
            raise Refusal(str(error), error.help) from error
    plain = {
        "score": found.value,
        "grade": found.grade.value,
        "access": found.access,
        "cutoff": found.cutoff,
        "interval": [found.worst, found.best],
        "coverage": found.coverage,
        "lens_us": found.lens_us,
        "lens_non_eu": found.lens_non_eu,
        "seal_ceiling": found.seal_ceiling,
        "sov": dict(found.sov),
        "caps": [{"id": cap.id, "grade": cap.grade.value, "because": list(cap.because)} for cap in found.caps],
        "points_lost": {layer.layer.value: layer.points_lost for layer in found.layers},
        "profile": found.profile,
    }
    if as_json:
        write_out(canonical.dumps_pretty(plain), "application/json")
        return
    grade, access, cutoff, coverage, of = _NAMES.in_language(language).split()
    print(
        f"score {found.value:.1f} [{found.worst:.1f}, {found.best:.1f}]  {grade} {found.grade}  "
        f"{access} {found.access:.1f}  {cutoff} {found.cutoff:.1f}  {coverage} {found.coverage:.0%}"
    )
    for layer in sorted(found.layers, key=lambda row: (-row.points_lost, row.layer)):
        if layer.points_lost > 0:
            print(f"  {layer.layer:<9} -{layer.points_lost:5.2f} {of} {layer.max_points:.1f}")
