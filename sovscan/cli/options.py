"""Options that several verbs share, declared once."""

from pathlib import Path
from typing import Annotated

import typer

Targets = Annotated[
    list[str] | None, typer.Argument(metavar="TARGET", help="Domain, host, URL, AS number or prefix; first = main.")
]
TargetFile = Annotated[
    str | None, typer.Option("-f", "--file", metavar="FILE", help="Targets, one a line, or a .yaml file; - is stdin.")
]
Organisation = Annotated[
    str | None, typer.Option("--organisation", metavar="NAME", help="Name printed on reports; default: main target.")
]
Repositories = Annotated[
    list[Path] | None,
    typer.Option("--repository", metavar="FOLDER", help="A checkout of the same organisation, in the same report."),
]
Format = Annotated[str | None, typer.Option("--format", metavar="NAME", help="Write this format to standard output.")]
Outputs = Annotated[
    list[str] | None, typer.Option("--output", metavar="FORMAT:PATH", help="Write a file; may be repeated.")
]
Lang = Annotated[
    str,
    typer.Option("--lang", metavar="fr|en|fr,en|auto", help="Language; auto: SOVSCAN_LANG, else the machine's."),
]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress and no advice on standard error.")]
Template = Annotated[
    str, typer.Option("--template", metavar="NAME|./DIR", help="Look of HTML and PDF; or your own files.")
]
Client = Annotated[str | None, typer.Option("--client", metavar="NAME", help="Client named on the report.")]
Confidentiality = Annotated[
    str | None, typer.Option("--confidentiality", metavar="LABEL", help="Label printed on each page.")
]
Consultant = Annotated[str | None, typer.Option("--consultant", metavar="NAME", help="Auditor named on the report.")]
Contact = Annotated[str | None, typer.Option("--contact", metavar="TEXT", help="How to reach the auditor.")]
Logo = Annotated[Path | None, typer.Option("--logo", metavar="FILE", help="The auditor's own logo, PNG or JPEG.")]
CsvDialect = Annotated[str, typer.Option("--csv-dialect", metavar="rfc4180|excel-fr", help="Of tickets and questions.")]
Deliverables = Annotated[
    Path | None,
    typer.Option("--deliverables", metavar="DIR", help="Everything for every reader, a subfolder a language."),
]
Evidence = Annotated[
    Path | None, typer.Option("--evidence", metavar="PATH", help="Keep the evidence bundle in this folder or .tar.gz.")
]
Resolver = Annotated[
    list[str] | None,
    typer.Option("--resolver", metavar="HOST[:PORT]", help="Resolver; the first answers, others check."),
]
ResolverRate = Annotated[
    float, typer.Option("--resolver-rate", metavar="N", help="Questions a second to a resolver.", min=1)
]
HttpProxy = Annotated[str | None, typer.Option("--http-proxy", metavar="URL", help="Proxy for pages; it resolves.")]
Scope = Annotated[
    list[str] | None,
    typer.Option("--scope", metavar="CIDR[:PORTS]", help="Private addresses or other ports that may be contacted."),
]
ProbeNames = Annotated[
    list[str] | None, typer.Option("--probe", metavar="NAME", help="Opt in to a probe that asks a third party.")
]
CaFile = Annotated[
    Path | None, typer.Option("--ca-file", metavar="PEM", help="Authority trusted besides the system's.")
]
Imports = Annotated[
    list[Path] | None,
    typer.Option("--import", metavar="FILE", help="HAR archive, certificate export or proxy log as evidence."),
]
Offline = Annotated[bool, typer.Option("--offline", help="Forbid the network.")]
Previous = Annotated[
    Path | None,
    typer.Option("--previous", metavar="RESULT", help="Earlier result.json or bundle: the report says what changed."),
]
AsOf = Annotated[
    str | None, typer.Option("--as-of", metavar="DATE", help="Date at which ownership and qualifications are read.")
]
Profile = Annotated[str, typer.Option("--profile", metavar="practical|strict", help="Policy profile.")]
Providers = Annotated[list[Path] | None, typer.Option("--providers", metavar="FILE", help="Private catalogue overlay.")]
Rules = Annotated[list[Path] | None, typer.Option("--rules", metavar="DIR", help="More finding rules.")]
FailOn = Annotated[
    str, typer.Option("--fail-on", metavar="low|medium|high|critical|never", help="Severity that fails the gate.")
]
MinConfidence = Annotated[
    str, typer.Option("--min-confidence", metavar="weak|probable|confirmed", help="Below it: to confirm.")
]
MinGrade = Annotated[str | None, typer.Option("--min-grade", metavar="A-F", help="Lowest grade accepted.")]
FailUnder = Annotated[
    float | None, typer.Option("--fail-under", metavar="N", help="Lowest score accepted.", min=0, max=100)
]
MaxRegression = Annotated[
    float | None,
    typer.Option("--max-regression", metavar="N", help="Points the score may lose against the baseline.", min=0),
]
Baseline = Annotated[
    Path | None, typer.Option("--baseline", metavar="FILE", help="Known findings: the gate looks at new ones only.")
]
Waivers = Annotated[
    Path | None, typer.Option("--waivers", metavar="FILE", help="Findings accepted with reason, owner and end.")
]
Config = Annotated[
    Path | None, typer.Option("--config", metavar="FILE", help="Configuration; naming it lets it loosen the gate.")
]
NoConfig = Annotated[bool, typer.Option("--no-config", help="Ignore every file that was not named.")]
ExitZero = Annotated[bool, typer.Option("--exit-zero", help="Turn exit codes 1 and 3 into 0, and say so.")]
