"""``doctor``: whether this machine can do the whole job, and the command that mends what is missing."""

from collections.abc import Iterator

from sovscan.cli.exits import Done, ExitCode

PANGO_HINT = (
    "apt-get install --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
    "   (macOS: brew install pango)"
)
STALE_TABLE_DAYS = 180
STALE_CATALOGUE_DAYS = 180


def doctor() -> None:
    """Check Pango, fonts, certificates, resolvers, cache, catalogue and table; exit 1 when something is missing."""
    missing = 0
    for good, what, detail, repair in _checks():
        print(f"{'ok      ' if good else 'missing '} {what:<14} {detail}")
        if not good:
            missing += 1
            print(f"         repair with: {repair}")
    if missing:
        raise Done(ExitCode.POLICY)


def _checks() -> Iterator[tuple[bool, str, str, str]]:
    from datetime import UTC, datetime

    from sovscan.catalogue.load import load_catalogue
    from sovscan.files import bundled

    today = datetime.now(UTC).date()
    yield _pango()
    fonts = bundled.listing("reports", "templates", "sovereign", "fonts", suffix=".ttf")
    yield bool(fonts), "fonts", f"{len(fonts)} bundled", "install sovscan again"
    yield _authorities()
    yield _resolvers()
    yield _cache()
    catalogue = load_catalogue()
    age = (today - datetime.fromisoformat(catalogue.date).date()).days
    yield (
        age <= STALE_CATALOGUE_DAYS,
        "catalogue",
        f"{len(catalogue.providers)} providers, dated {catalogue.date}",
        "update sovscan",
    )
    yield _table(today.isoformat())


def _pango() -> tuple[bool, str, str, str]:
    from sovscan.render.engine import PdfUnavailable, pango_version

    try:
        return True, "Pango", pango_version(), ""
    except PdfUnavailable as error:
        return False, "Pango", "PDF reports cannot be made; HTML can", error.help or PANGO_HINT


def _authorities() -> tuple[bool, str, str, str]:
    import ssl

    count = ssl.create_default_context().cert_store_stats()["x509_ca"]
    return count > 0, "authorities", f"{count} certificate authorities trusted", "apt-get install ca-certificates"


def _resolvers() -> tuple[bool, str, str, str]:
    from sovscan.net.dns_server import system_resolvers

    found = system_resolvers()
    configured = f"{', '.join(found)} (as configured; doctor asks the network nothing)"
    return bool(found), "resolvers", configured if found else "none configured", "give one with --resolver ADDRESS"


def _cache() -> tuple[bool, str, str, str]:
    import os

    from platformdirs import user_cache_path

    folder = user_cache_path("sovscan")
    parent = next(path for path in (folder, *folder.parents) if path.exists())
    good = os.access(parent, os.W_OK)
    return good, "cache", str(folder), f"make {parent} writable, or set XDG_CACHE_HOME"


def _table(today: str) -> tuple[bool, str, str, str]:
    from datetime import date

    from sovscan.net.asn_table import AsnTable

    table = AsnTable.in_use().header
    age = (date.fromisoformat(today) - date.fromisoformat(table.date)).days
    return (
        age <= STALE_TABLE_DAYS,
        "networks",
        f"IP to AS table dated {table.date}, {table.source}",
        "sovscan data update FILE|URL",
    )
