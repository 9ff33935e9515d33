"""What a report format is, and what the auditor may set on it."""

from collections.abc import Callable
from dataclasses import dataclass

from sovscan.model.audit import Audit
from sovscan.model.gate import GateResult

OURS = "sovereign"
"""The look when none is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderOptions:
    """The auditor's settings: they change the wrapping of a report, never a figure."""

    template: str = OURS
    """Name of a folder of reports/templates."""
    look_files: tuple[tuple[str, str], ...] = ()
    """Files of the auditor's own in place of the look's: name and content in base64 (see ``render/look.py``)."""
    client: str | None = None
    """Name of the client, when it is not the audited organisation; None: not printed."""
    consultant: str | None = None
    """Name of the auditor or firm; None: an empty field is printed."""
    contact: str | None = None
    """How to reach the auditor; None: not printed."""
    confidentiality: str | None = None
    """The client's own label, printed on each page; None: none, and nothing is pre-printed."""
    sibling: str | None = None
    """File name of the same report in the other language, beside this one; None: no link."""
    logo: str | None = None
    """The auditor's own, as ``data:image/png;base64,…`` or ``image/jpeg`` (see ``render/logo.py``); None: none."""
    csv_dialect: str = "rfc4180"
    """Of tickets and questions: see ``csv_text.DIALECTS``."""
    targets_file: str | None = None
    """Relative path of the file that the targets or the settings were read from, for formats that point at a file;
    None: there is none."""
    target_lines: tuple[tuple[str, int], ...] = ()
    """Line of each target in that file, from 1; a target that is not listed is at line 1."""
    home: str | None = None
    """Address at which this sovscan can be read about, for SARIF; None: nobody says."""
    rule_pages: str | None = None
    """Address below which each rule of ours has its page (``ID.md``), for SARIF; None: nobody says."""
    absent: bool = True
    """Whether SARIF lists the findings of an earlier audit that are gone."""
    colour: bool = False
    """Whether the text report may use terminal colours."""
    gate: GateResult | None = None
    """What the gate decided, for formats that mark waived and known findings; None: nobody asked the gate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One way of writing an audit down."""

    name: str
    """As typed after ``--format``."""
    extension: str
    """Of the file, without the dot."""
    media_type: str
    render: Callable[[Audit, str, RenderOptions], bytes]
    """From an audit, a language (``fr`` or ``en``) and options to the file's bytes; the same input gives the same."""
    localised: bool = True
    """False: the same bytes in every language, written once."""
    binary: bool = False
    """True: never written to a terminal."""
    isolated: bool = False
    """True (PDF): laid out in a child process with limits, because the layout of strangers' text can run away."""


class RenderError(Exception):
    """A report cannot be made; the message says why and what to do."""
