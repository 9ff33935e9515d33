"""``--import FILE``: a file of somebody else as evidence; nothing is asked for it."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from sovscan.cli.exits import Refusal
from sovscan.files.evidence_bundle import make_observation
from sovscan.model.evidence import Asked, Observation, Outcome
from sovscan.model.target import Target, TargetKind
from sovscan.readers.imports import Imported, ImportFileError, ImportKind, read_import
from sovscan.readers.names import is_within


def read_imports(paths: Sequence[Path] | None) -> tuple[tuple[str, Imported], ...]:
    """File name and content of each. Raises Refusal when one cannot be used."""
    found = []
    for path in paths or ():
        try:
            found.append((path.name, read_import(path.read_bytes(), path.name)))
        except OSError as error:
            raise Refusal(f"--import: {path}: {error.strerror}") from error
        except ImportFileError as error:
            raise Refusal(
                f"--import: {error}", "a HAR archive, a certificate-transparency export in JSON, or a proxy log"
            ) from error
    return tuple(found)


def labels_of(imported: Sequence[tuple[str, Imported]], targets: Sequence[Target]) -> tuple[str, ...]:
    """First labels of certificate names directly below a domain that is a target: worth asking for."""
    domains = [target.value for target in targets if target.kind is TargetKind.DOMAIN]
    names = {name for _, each in imported if each.kind is ImportKind.CERTIFICATES for name in each.names}
    labels = {name.removesuffix(f".{domain}") for name in names for domain in domains if name.endswith(f".{domain}")}
    return tuple(sorted(label for label in labels if "." not in label))


def as_observations(imported: Sequence[tuple[str, Imported]], targets: Sequence[Target]) -> Iterator[Observation]:
    """The files as evidence of their own kinds; names of certificates only below the targets."""
    for name, each in imported:
        asked = Asked(name=name, type="FILE", server="import", transport="file")
        detail = {"file": name} | ({"truncated": "yes"} if each.truncated else {})
        if each.kind is ImportKind.HAR:
            for page, resources in each.pages:
                yield make_observation(
                    probe="har", subject=page, outcome=Outcome.ANSWERED, values=resources, detail=detail, asked=asked
                )
        elif each.kind is ImportKind.PROXY_LOG:
            yield make_observation(
                probe="proxy-log", subject=name, outcome=Outcome.ANSWERED, values=each.names, detail=detail, asked=asked
            )
        else:
            for target in targets:
                below = tuple(one for one in each.names if is_within(one, target.value))
                if below:
                    yield make_observation(
                        probe="certificate-names",
                        subject=target.value,
                        outcome=Outcome.ANSWERED,
                        values=below,
                        detail=detail,
                        asked=asked,
                    )
