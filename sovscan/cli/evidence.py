"""``evidence``: whether a bundle is what its manifest says, in one file, sealed in time."""

from pathlib import Path
from typing import Annotated

import typer

from sovscan.cli.exits import Done, ExitCode, Refusal

app = typer.Typer(help="Check, pack and seal evidence bundles.", no_args_is_help=True, rich_markup_mode=None)

_Bundle = Annotated[Path, typer.Argument(metavar="BUNDLE", help="Folder NAME.sovscan, or its .tar.gz.")]
_Authority = Annotated[
    Path | None,
    typer.Option("--authority", metavar="PEM", help="Certificates of the time stamping authority you trust."),
]


@app.callback()
def _group() -> None:
    """Check, pack and seal evidence bundles."""


@app.command("verify")
def verify(bundle: _Bundle, authority: _Authority = None) -> None:
    """Recompute the manifest, every identity and the seal, offline; exit 1 when something changed."""
    from sovscan.cli import sockets
    from sovscan.cli.bundle import MANIFEST_FILE, REPLY_FILE, faults, files_of, is_archive
    from sovscan.cli.console import print_line
    from sovscan.cli.sealing import SealError, certificates, seal

    if not bundle.is_dir() and not is_archive(bundle):
        raise Refusal(f"{bundle}: not a bundle", "give the NAME.sovscan folder that --evidence wrote, or its .tar.gz")
    trusted = certificates(authority) if authority else None
    sealed = None
    with sockets.refused():
        files = files_of(bundle)
        found = faults(files)
        if REPLY_FILE in files:
            try:
                sealed = seal(files[REPLY_FILE], files.get(MANIFEST_FILE, b""), trusted)
            except SealError as error:
                found.append(f"{REPLY_FILE}: {error}")
        elif trusted is not None:
            found.append(f"{REPLY_FILE}: there is no seal that the authority could have signed")
    if found:
        for fault in found:
            print_line(f"changed  {fault}")
        raise Done(ExitCode.POLICY)
    print_line(f"intact   {bundle.name}")
    if sealed is not None:
        print_line(f"sealed   {sealed.time} by {sealed.authority}")
        if not sealed.trusted:
            print_line("         the signature was not checked: name the authority's certificates with --authority")


@app.command("seal")
def seal_(
    bundle: Annotated[Path, typer.Argument(metavar="BUNDLE", help="Folder NAME.sovscan.")],
    reply: Annotated[
        Path | None, typer.Option("--reply", metavar="TSR", help="What the authority answered; without it, ask.")
    ] = None,
    authority: _Authority = None,
) -> None:
    """Write the question to a time stamping authority (RFC 3161), then keep its answer; never uses the network."""
    from sovscan.cli import sockets
    from sovscan.cli.bundle import MANIFEST_FILE, REPLY_FILE, REQUEST_FILE, faults, files_of
    from sovscan.cli.console import print_line
    from sovscan.cli.sealing import LARGEST_REPLY, SealError, certificates, request, seal
    from sovscan.files.writing import write_atomically

    if not bundle.is_dir():
        raise Refusal(f"{bundle}: not a folder", "seal the NAME.sovscan folder, then pack it")
    trusted = certificates(authority) if authority else None
    with sockets.refused():
        files = files_of(bundle)
        if wrong := faults(files):
            raise Refusal(f"{bundle}: {wrong[0]}", "only an intact bundle is sealed: see evidence verify")
        manifest = files[MANIFEST_FILE]
        if reply is None:
            write_atomically(bundle / REQUEST_FILE, request(manifest))
            print_line(f"wrote {bundle / REQUEST_FILE}: it holds the hash of the manifest and nothing else")
            print_line(f"send it to an authority you trust, for example: curl --data-binary @{REQUEST_FILE} \\")
            print_line("  -H 'Content-Type: application/timestamp-query' -o reply.tsr ADDRESS")
            print_line(f"then: sovscan evidence seal {bundle} --reply reply.tsr --authority AUTHORITY.pem")
            return
        try:
            with reply.open("rb") as opened:
                content = opened.read(LARGEST_REPLY)
            sealed = seal(content, manifest, trusted)
        except OSError as error:
            raise Refusal(f"--reply: {reply}: {error.strerror}") from error
        except SealError as error:
            raise Refusal(f"--reply: {reply}: {error}", "ask again with the seal.tsq of this bundle") from error
        write_atomically(bundle / REPLY_FILE, content)
    print_line(f"sealed   {sealed.time} by {sealed.authority}")


@app.command("pack")
def pack(
    bundle: Annotated[Path, typer.Argument(metavar="BUNDLE", help="Folder NAME.sovscan.")],
    archive: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="Where to write; default: BUNDLE.tar.gz beside the folder.")
    ] = None,
) -> None:
    """Write the bundle as one archive with fixed order and dates: the same bundle gives the same bytes."""
    from sovscan.cli.archive import SUFFIX
    from sovscan.cli.bundle import faults, files_of, is_archive, write_archive
    from sovscan.cli.console import print_line
    from sovscan.cli.destinations import refuse_unwritable

    if not bundle.is_dir():
        raise Refusal(f"{bundle}: not a folder", "give the NAME.sovscan folder that --evidence wrote")
    target = archive or bundle.with_name(bundle.name + SUFFIX)
    if not is_archive(target):
        raise Refusal(f"{target}: the name of an archive ends in {SUFFIX}")
    refuse_unwritable([("FILE", target)])
    if wrong := faults(files_of(bundle)):
        raise Refusal(f"{bundle}: {wrong[0]}", "only an intact bundle is packed: see evidence verify")
    write_archive(target, bundle)
    print_line(f"wrote {target}")
